-- create "leases" table
CREATE TABLE `leases` (
  `job` varchar(64) NOT NULL,
  `until` bigint NOT NULL,
  PRIMARY KEY (`job`)
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "creations" table
CREATE TABLE `creations` (
  `owner_id` char(36) NOT NULL,
  `request_key` varchar(64) NOT NULL,
  `request_hash` varchar(64) NOT NULL,
  `note_id` char(36) NOT NULL,
  `created_at` bigint NOT NULL,
  PRIMARY KEY (`owner_id`, `request_key`),
  INDEX `creations_by_age` (`created_at`),
  CONSTRAINT `creations_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- modify "notes" table
ALTER TABLE `notes` ADD COLUMN `tags` mediumtext NOT NULL, ADD COLUMN `moved_at` bigint NOT NULL, ADD COLUMN `listed_at` bigint NOT NULL, ADD COLUMN `saved` bigint NOT NULL, ADD COLUMN `author_id` char(36) NULL, ADD COLUMN `title_key` varchar(255) NOT NULL, DROP INDEX `notes_in_order`, ADD INDEX `notes_by_title` (`owner_id`, `title_key`, `id`), ADD INDEX `notes_listed` (`owner_id`, `state`, `pinned`, `listed_at`, `id`);
-- create "drafts" table
CREATE TABLE `drafts` (
  `owner_id` char(36) NOT NULL,
  `draft_key` char(36) NOT NULL,
  `note_id` char(36) NULL,
  `base` bigint NOT NULL,
  `title` varchar(255) NOT NULL,
  `tags` mediumtext NOT NULL,
  `saved_at` bigint NOT NULL,
  `content` mediumtext NOT NULL,
  PRIMARY KEY (`owner_id`, `draft_key`),
  INDEX `drafts_in_order` (`owner_id`, `saved_at`, `draft_key`),
  INDEX `drafts_of_note` (`note_id`),
  CONSTRAINT `drafts_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  CONSTRAINT `drafts_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "file_uses" table
CREATE TABLE `file_uses` (
  `note_id` char(36) NOT NULL,
  `hash` varchar(64) NOT NULL,
  `owner_id` char(36) NOT NULL,
  PRIMARY KEY (`note_id`, `hash`),
  INDEX `uses_by_file` (`owner_id`, `hash`, `note_id`),
  CONSTRAINT `file_uses_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "files" table
CREATE TABLE `files` (
  `owner_id` char(36) NOT NULL,
  `hash` varchar(64) NOT NULL,
  `name` varchar(255) NOT NULL,
  `type` varchar(255) NOT NULL,
  `size` bigint NOT NULL,
  `created_at` bigint NOT NULL,
  PRIMARY KEY (`owner_id`, `hash`),
  INDEX `files_by_hash` (`hash`),
  CONSTRAINT `files_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "note_links" table
CREATE TABLE `note_links` (
  `note_id` char(36) NOT NULL,
  `title_key` varchar(255) NOT NULL,
  `owner_id` char(36) NOT NULL,
  PRIMARY KEY (`note_id`, `title_key`),
  INDEX `links_by_title` (`owner_id`, `title_key`, `note_id`),
  CONSTRAINT `note_links_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "note_tags" table
CREATE TABLE `note_tags` (
  `note_id` char(36) NOT NULL,
  `tag_key` varchar(255) NOT NULL,
  `owner_id` char(36) NOT NULL,
  `state` varchar(16) NOT NULL,
  `pinned` bool NOT NULL,
  `listed_at` bigint NOT NULL,
  PRIMARY KEY (`note_id`, `tag_key`),
  INDEX `tagged_by_id` (`owner_id`, `tag_key`, `note_id`),
  INDEX `tagged_in_order` (`owner_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id`),
  CONSTRAINT `note_tags_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "revisions" table
CREATE TABLE `revisions` (
  `note_id` char(36) NOT NULL,
  `version` bigint NOT NULL,
  `owner_id` char(36) NOT NULL,
  `title` varchar(255) NOT NULL,
  `tags` mediumtext NOT NULL,
  `size` bigint NOT NULL,
  `saved_at` bigint NOT NULL,
  `author_id` char(36) NULL,
  `content` mediumtext NOT NULL,
  PRIMARY KEY (`note_id`, `version`),
  INDEX `revisions_by_age` (`saved_at`, `note_id`),
  CONSTRAINT `revisions_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "searches" table
CREATE TABLE `searches` (
  `id` char(36) NOT NULL,
  `name` varchar(255) NOT NULL,
  `query` mediumtext NOT NULL,
  `created_at` bigint NOT NULL,
  `owner_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  INDEX `searches_of_user` (`owner_id`),
  CONSTRAINT `searches_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "tags" table
CREATE TABLE `tags` (
  `owner_id` char(36) NOT NULL,
  `tag_key` varchar(255) NOT NULL,
  `name` varchar(255) NOT NULL,
  `notes` bigint NOT NULL,
  PRIMARY KEY (`owner_id`, `tag_key`),
  CONSTRAINT `tags_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "undos" table
CREATE TABLE `undos` (
  `id` char(36) NOT NULL,
  `text` mediumtext NOT NULL,
  `created_at` bigint NOT NULL,
  `notes` mediumtext NOT NULL,
  `owner_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  INDEX `undos_by_age` (`created_at`),
  INDEX `undos_of_user` (`owner_id`),
  CONSTRAINT `undos_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
