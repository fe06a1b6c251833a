-- create "identities" table
CREATE TABLE `identities` (
  `subject_hash` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `name` text NOT NULL,
  `used_at` datetime NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`subject_hash`),
  CONSTRAINT `identities_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "identities_of_user" to table: "identities"
CREATE INDEX `identities_of_user` ON `identities` (`user_id`);
