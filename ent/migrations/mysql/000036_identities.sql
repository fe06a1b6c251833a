-- create "identities" table
CREATE TABLE `identities` (
  `subject_hash` varchar(64) NOT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
  `name` varchar(255) NOT NULL,
  `used_at` datetime(6) NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`subject_hash`),
  INDEX `identities_of_user` (`user_id`),
  CONSTRAINT `identities_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
