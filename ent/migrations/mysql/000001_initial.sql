-- create "users" table
CREATE TABLE `users` (
  `id` char(36) NOT NULL,
  `name` varchar(255) NOT NULL,
  `created_at` bigint NOT NULL,
  PRIMARY KEY (`id`)
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "notes" table
CREATE TABLE `notes` (
  `id` char(36) NOT NULL,
  `title` varchar(255) NOT NULL,
  `excerpt` varchar(255) NOT NULL,
  `pinned` bool NOT NULL,
  `state` varchar(16) NOT NULL,
  `created_at` bigint NOT NULL,
  `updated_at` bigint NOT NULL,
  `version` bigint NOT NULL,
  `content` mediumtext NOT NULL,
  `owner_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  INDEX `notes_in_order` (`owner_id`, `state`, `pinned`, `updated_at`, `id`),
  CONSTRAINT `notes_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "records" table
CREATE TABLE `records` (
  `id` char(36) NOT NULL,
  `title` varchar(255) NOT NULL,
  `created_at` bigint NOT NULL,
  `updated_at` bigint NOT NULL,
  `content` mediumtext NOT NULL,
  `owner_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  INDEX `records_in_order` (`owner_id`, `id`),
  CONSTRAINT `records_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "sessions" table
CREATE TABLE `sessions` (
  `token_hash` varchar(64) NOT NULL,
  `created_at` bigint NOT NULL,
  `seen_at` bigint NOT NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`token_hash`),
  INDEX `sessions_of_user` (`user_id`),
  CONSTRAINT `sessions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
