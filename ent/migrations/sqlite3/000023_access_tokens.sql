-- create "access_tokens" table
CREATE TABLE `access_tokens` (
  `token_hash` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `name` text NOT NULL,
  `scopes` text NOT NULL,
  `expires_at` datetime NULL,
  `used_at` datetime NULL,
  `space_id` text NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`token_hash`),
  CONSTRAINT `access_tokens_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE,
  CONSTRAINT `access_tokens_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "tokens_of_user" to table: "access_tokens"
CREATE INDEX `tokens_of_user` ON `access_tokens` (`user_id`);
-- create index "tokens_of_space" to table: "access_tokens"
CREATE INDEX `tokens_of_space` ON `access_tokens` (`space_id`);
