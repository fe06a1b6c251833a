-- create "file_names" table
CREATE TABLE `file_names` (
  `owner_id` text NOT NULL,
  `name_key` text NOT NULL,
  `name` text NOT NULL,
  `hash` text NOT NULL,
  PRIMARY KEY (`owner_id`, `name_key`),
  CONSTRAINT `file_names_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "names_of_file" to table: "file_names"
CREATE INDEX `names_of_file` ON `file_names` (`owner_id`, `hash`);
