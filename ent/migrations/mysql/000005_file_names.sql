-- create "file_names" table
CREATE TABLE `file_names` (
  `owner_id` char(36) NOT NULL,
  `name_key` varchar(255) NOT NULL,
  `name` varchar(255) NOT NULL,
  `hash` varchar(64) NOT NULL,
  PRIMARY KEY (`owner_id`, `name_key`),
  INDEX `names_of_file` (`owner_id`, `hash`),
  CONSTRAINT `file_names_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
