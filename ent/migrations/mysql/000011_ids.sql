-- modify "creations" table
ALTER TABLE `creations` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `creations_by_key` (`owner_id`, `request_key`), DROP FOREIGN KEY `creations_users`, ADD CONSTRAINT `creations_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "drafts" table
ALTER TABLE `drafts` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `drafts_by_key` (`owner_id`, `draft_key`), DROP FOREIGN KEY `drafts_notes`, DROP FOREIGN KEY `drafts_users`, ADD CONSTRAINT `drafts_notes_drafts` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE, ADD CONSTRAINT `drafts_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "file_names" table
ALTER TABLE `file_names` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `files_by_name` (`owner_id`, `name_key`), DROP FOREIGN KEY `file_names_users`, ADD CONSTRAINT `file_names_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "file_uses" table
ALTER TABLE `file_uses` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `files_of_note` (`note_id`, `hash`), DROP FOREIGN KEY `file_uses_notes`, ADD CONSTRAINT `file_uses_notes_file_uses` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "files" table
ALTER TABLE `files` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `files_of_user` (`owner_id`, `hash`), DROP FOREIGN KEY `files_users`, ADD CONSTRAINT `files_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "note_aliases" table
ALTER TABLE `note_aliases` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `aliases_of_note` (`note_id`, `title_key`), DROP FOREIGN KEY `note_aliases_notes`, ADD CONSTRAINT `note_aliases_notes_aliases` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "note_links" table
ALTER TABLE `note_links` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `links_of_note` (`note_id`, `title_key`), DROP FOREIGN KEY `note_links_notes`, ADD CONSTRAINT `note_links_notes_links` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "note_paths" table
ALTER TABLE `note_paths` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `paths_of_note` (`note_id`, `title_key`, `whole_key`), DROP FOREIGN KEY `note_paths_notes`, ADD CONSTRAINT `note_paths_notes_paths` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "note_tags" table
ALTER TABLE `note_tags` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `tags_of_note` (`note_id`, `tag_key`), DROP FOREIGN KEY `note_tags_notes`, ADD CONSTRAINT `note_tags_notes_taggings` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "revisions" table
ALTER TABLE `revisions` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `revisions_of_note` (`note_id`, `version`), DROP FOREIGN KEY `revisions_notes`, ADD CONSTRAINT `revisions_notes_revisions` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "tags" table
ALTER TABLE `tags` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `tags_by_key` (`owner_id`, `tag_key`), DROP FOREIGN KEY `tags_users`, ADD CONSTRAINT `tags_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
-- modify "undo_notes" table
ALTER TABLE `undo_notes` ADD COLUMN `id` bigint NOT NULL AUTO_INCREMENT, DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD UNIQUE INDEX `notes_of_undo` (`undo_id`, `note_id`), DROP FOREIGN KEY `undo_notes_undos`, ADD CONSTRAINT `undo_notes_undos_remembered` FOREIGN KEY (`undo_id`) REFERENCES `undos` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;
