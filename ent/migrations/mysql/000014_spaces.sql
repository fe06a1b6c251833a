-- lint:allow rename required
-- create "spaces" table
CREATE TABLE `spaces` (
  `id` char(36) NOT NULL,
  `created_at` bigint NOT NULL,
  `name` varchar(255) NOT NULL,
  PRIMARY KEY (`id`)
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- create "memberships" table
CREATE TABLE `memberships` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `created_at` bigint NOT NULL,
  `role` varchar(16) NOT NULL,
  `space_id` char(36) NOT NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE INDEX `members_of_space` (`space_id`, `user_id`),
  INDEX `spaces_of_user` (`user_id`),
  CONSTRAINT `memberships_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  CONSTRAINT `memberships_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
-- each user owns the space that has their id
INSERT INTO spaces (id, created_at, name) SELECT id, created_at, name FROM users;
INSERT INTO memberships (created_at, role, space_id, user_id) SELECT created_at, 'owner', id, id FROM users;
-- What a user owned is in that space. That no row is without one needn't be checked, for which tables would be copied.
ALTER TABLE `notes` DROP FOREIGN KEY `notes_users_owner`, RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `records` DROP FOREIGN KEY `records_users_owner`, RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `creations` DROP FOREIGN KEY `creations_users_owner`, RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `files` DROP FOREIGN KEY `files_users_owner`, RENAME COLUMN `owner_id` TO `space_id`, RENAME INDEX `files_of_user` TO `files_of_space`;
ALTER TABLE `file_names` DROP FOREIGN KEY `file_names_users_owner`, RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `searches` DROP FOREIGN KEY `searches_users_owner`, RENAME COLUMN `owner_id` TO `space_id`, RENAME INDEX `searches_of_user` TO `searches_of_space`;
ALTER TABLE `tags` DROP FOREIGN KEY `tags_users_owner`, RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `undos` DROP FOREIGN KEY `undos_users_owner`, RENAME COLUMN `owner_id` TO `space_id`, RENAME INDEX `undos_of_user` TO `undos_of_space`;
ALTER TABLE `drafts` DROP FOREIGN KEY `drafts_users_owner`, RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `note_tags` RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `note_links` RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `note_aliases` RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `file_uses` RENAME COLUMN `owner_id` TO `space_id`;
ALTER TABLE `revisions` RENAME COLUMN `owner_id` TO `space_id`;
-- a draft is a user's, in a space
ALTER TABLE `drafts` ADD COLUMN `user_id` char(36) NOT NULL;
UPDATE drafts SET user_id = space_id;
ALTER TABLE `drafts` DROP INDEX `drafts_by_key`, DROP INDEX `drafts_in_order`, ADD UNIQUE INDEX `drafts_by_key` (`space_id`, `user_id`, `draft_key`), ADD INDEX `drafts_in_order` (`space_id`, `user_id`, `saved_at`, `draft_key`), ADD INDEX `drafts_users_user` (`user_id`), ADD CONSTRAINT `drafts_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
SET foreign_key_checks = 0;
ALTER TABLE `notes` ADD CONSTRAINT `notes_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `records` ADD CONSTRAINT `records_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `creations` ADD CONSTRAINT `creations_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `files` ADD CONSTRAINT `files_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `file_names` ADD CONSTRAINT `file_names_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `searches` ADD CONSTRAINT `searches_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `tags` ADD CONSTRAINT `tags_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `undos` ADD CONSTRAINT `undos_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
ALTER TABLE `drafts` ADD CONSTRAINT `drafts_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
SET foreign_key_checks = 1;
-- What Ent can't say: the index of full-text search. See mysqlSearch in ent/search_mysql.go.
ALTER TABLE note_search RENAME COLUMN owner_id TO space_id;
