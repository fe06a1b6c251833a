-- create "passkeys" table
CREATE TABLE `passkeys` (
  `credential_hash` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `name` text NOT NULL,
  `credential` text NOT NULL,
  `public_key` text NOT NULL,
  `sign_count` integer NOT NULL,
  `backup_eligible` bool NOT NULL,
  `backed_up` bool NOT NULL,
  `used_at` datetime NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`credential_hash`),
  CONSTRAINT `passkeys_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "passkeys_of_user" to table: "passkeys"
CREATE INDEX `passkeys_of_user` ON `passkeys` (`user_id`);
