-- create "access_tokens" table
CREATE TABLE `access_tokens` (
  `token_hash` varchar(64) NOT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
  `name` varchar(255) NOT NULL,
  `scopes` varchar(255) NOT NULL,
  `expires_at` datetime(6) NULL,
  `used_at` datetime(6) NULL,
  `space_id` char(36) NOT NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`token_hash`),
  INDEX `tokens_of_space` (`space_id`),
  INDEX `tokens_of_user` (`user_id`),
  CONSTRAINT `access_tokens_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  CONSTRAINT `access_tokens_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
