-- create "passkeys" table
CREATE TABLE `passkeys` (
  `credential_hash` varchar(64) NOT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
  `name` varchar(255) NOT NULL,
  `credential` varchar(1364) NOT NULL,
  `public_key` varchar(2731) NOT NULL,
  `sign_count` bigint NOT NULL,
  `backup_eligible` bool NOT NULL,
  `backed_up` bool NOT NULL,
  `used_at` datetime(6) NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`credential_hash`),
  INDEX `passkeys_of_user` (`user_id`),
  CONSTRAINT `passkeys_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
