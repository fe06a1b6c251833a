-- lint:allow copy
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_note_tags" table
CREATE TABLE `new_note_tags` (
  `id` integer NOT NULL,
  `owner_id` text NOT NULL,
  `tag_key` text NOT NULL,
  `state` text NOT NULL,
  `pinned` bool NOT NULL,
  `listed_at` integer NOT NULL,
  `note_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `note_tags_notes_taggings` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "note_tags" to new temporary table "new_note_tags"
INSERT INTO `new_note_tags` (`owner_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id`) SELECT `owner_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id` FROM `note_tags`;
-- drop "note_tags" table after copying rows
DROP TABLE `note_tags`;
-- rename temporary table "new_note_tags" to "note_tags"
ALTER TABLE `new_note_tags` RENAME TO `note_tags`;
-- create index "tags_of_note" to table: "note_tags"
CREATE UNIQUE INDEX `tags_of_note` ON `note_tags` (`note_id`, `tag_key`);
-- create index "tagged_in_order" to table: "note_tags"
CREATE INDEX `tagged_in_order` ON `note_tags` (`owner_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id`);
-- create index "tagged_by_id" to table: "note_tags"
CREATE INDEX `tagged_by_id` ON `note_tags` (`owner_id`, `tag_key`, `note_id`);
-- create "new_tags" table
CREATE TABLE `new_tags` (
  `id` integer NOT NULL,
  `tag_key` text NOT NULL,
  `name` text NOT NULL,
  `notes` integer NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `tags_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "tags" to new temporary table "new_tags"
INSERT INTO `new_tags` (`tag_key`, `name`, `notes`, `owner_id`) SELECT `tag_key`, `name`, `notes`, `owner_id` FROM `tags`;
-- drop "tags" table after copying rows
DROP TABLE `tags`;
-- rename temporary table "new_tags" to "tags"
ALTER TABLE `new_tags` RENAME TO `tags`;
-- create index "tags_by_key" to table: "tags"
CREATE UNIQUE INDEX `tags_by_key` ON `tags` (`owner_id`, `tag_key`);
-- create "new_note_links" table
CREATE TABLE `new_note_links` (
  `id` integer NOT NULL,
  `owner_id` text NOT NULL,
  `title_key` text NOT NULL,
  `note_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `note_links_notes_links` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "note_links" to new temporary table "new_note_links"
INSERT INTO `new_note_links` (`owner_id`, `title_key`, `note_id`) SELECT `owner_id`, `title_key`, `note_id` FROM `note_links`;
-- drop "note_links" table after copying rows
DROP TABLE `note_links`;
-- rename temporary table "new_note_links" to "note_links"
ALTER TABLE `new_note_links` RENAME TO `note_links`;
-- create index "links_of_note" to table: "note_links"
CREATE UNIQUE INDEX `links_of_note` ON `note_links` (`note_id`, `title_key`);
-- create index "links_by_title" to table: "note_links"
CREATE INDEX `links_by_title` ON `note_links` (`owner_id`, `title_key`, `note_id`);
-- create "new_file_uses" table
CREATE TABLE `new_file_uses` (
  `id` integer NOT NULL,
  `owner_id` text NOT NULL,
  `hash` text NOT NULL,
  `note_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `file_uses_notes_file_uses` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "file_uses" to new temporary table "new_file_uses"
INSERT INTO `new_file_uses` (`owner_id`, `hash`, `note_id`) SELECT `owner_id`, `hash`, `note_id` FROM `file_uses`;
-- drop "file_uses" table after copying rows
DROP TABLE `file_uses`;
-- rename temporary table "new_file_uses" to "file_uses"
ALTER TABLE `new_file_uses` RENAME TO `file_uses`;
-- create index "files_of_note" to table: "file_uses"
CREATE UNIQUE INDEX `files_of_note` ON `file_uses` (`note_id`, `hash`);
-- create index "uses_by_file" to table: "file_uses"
CREATE INDEX `uses_by_file` ON `file_uses` (`owner_id`, `hash`, `note_id`);
-- create "new_revisions" table
CREATE TABLE `new_revisions` (
  `id` integer NOT NULL,
  `owner_id` text NOT NULL,
  `version` integer NOT NULL,
  `title` text NOT NULL,
  `tags` text NOT NULL,
  `size` integer NOT NULL,
  `saved_at` integer NOT NULL,
  `author_id` text NULL,
  `note_id` text NOT NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `revisions_notes_revisions` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "revisions" to new temporary table "new_revisions"
INSERT INTO `new_revisions` (`owner_id`, `version`, `title`, `tags`, `size`, `saved_at`, `author_id`, `note_id`, `content`) SELECT `owner_id`, `version`, `title`, `tags`, `size`, `saved_at`, `author_id`, `note_id`, `content` FROM `revisions`;
-- drop "revisions" table after copying rows
DROP TABLE `revisions`;
-- rename temporary table "new_revisions" to "revisions"
ALTER TABLE `new_revisions` RENAME TO `revisions`;
-- create index "revisions_of_note" to table: "revisions"
CREATE UNIQUE INDEX `revisions_of_note` ON `revisions` (`note_id`, `version`);
-- create index "revisions_by_age" to table: "revisions"
CREATE INDEX `revisions_by_age` ON `revisions` (`saved_at`, `note_id`);
-- create "new_drafts" table
CREATE TABLE `new_drafts` (
  `id` integer NOT NULL,
  `draft_key` text NOT NULL,
  `base` integer NOT NULL,
  `title` text NOT NULL,
  `tags` text NOT NULL,
  `saved_at` integer NOT NULL,
  `owner_id` text NOT NULL,
  `note_id` text NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `drafts_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `drafts_notes_drafts` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "drafts" to new temporary table "new_drafts"
INSERT INTO `new_drafts` (`draft_key`, `base`, `title`, `tags`, `saved_at`, `owner_id`, `note_id`, `content`) SELECT `draft_key`, `base`, `title`, `tags`, `saved_at`, `owner_id`, `note_id`, `content` FROM `drafts`;
-- drop "drafts" table after copying rows
DROP TABLE `drafts`;
-- rename temporary table "new_drafts" to "drafts"
ALTER TABLE `new_drafts` RENAME TO `drafts`;
-- create index "drafts_by_key" to table: "drafts"
CREATE UNIQUE INDEX `drafts_by_key` ON `drafts` (`owner_id`, `draft_key`);
-- create index "drafts_of_note" to table: "drafts"
CREATE INDEX `drafts_of_note` ON `drafts` (`note_id`);
-- create index "drafts_in_order" to table: "drafts"
CREATE INDEX `drafts_in_order` ON `drafts` (`owner_id`, `saved_at`, `draft_key`);
-- create "new_creations" table
CREATE TABLE `new_creations` (
  `id` integer NOT NULL,
  `created_at` integer NOT NULL,
  `request_key` text NOT NULL,
  `request_hash` text NOT NULL,
  `note_id` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `creations_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "creations" to new temporary table "new_creations"
INSERT INTO `new_creations` (`created_at`, `request_key`, `request_hash`, `note_id`, `owner_id`) SELECT `created_at`, `request_key`, `request_hash`, `note_id`, `owner_id` FROM `creations`;
-- drop "creations" table after copying rows
DROP TABLE `creations`;
-- rename temporary table "new_creations" to "creations"
ALTER TABLE `new_creations` RENAME TO `creations`;
-- create index "creations_by_key" to table: "creations"
CREATE UNIQUE INDEX `creations_by_key` ON `creations` (`owner_id`, `request_key`);
-- create index "creations_by_age" to table: "creations"
CREATE INDEX `creations_by_age` ON `creations` (`created_at`);
-- create "new_files" table
CREATE TABLE `new_files` (
  `id` integer NOT NULL,
  `created_at` integer NOT NULL,
  `hash` text NOT NULL,
  `name` text NOT NULL,
  `type` text NOT NULL,
  `size` integer NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `files_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "files" to new temporary table "new_files"
INSERT INTO `new_files` (`created_at`, `hash`, `name`, `type`, `size`, `owner_id`) SELECT `created_at`, `hash`, `name`, `type`, `size`, `owner_id` FROM `files`;
-- drop "files" table after copying rows
DROP TABLE `files`;
-- rename temporary table "new_files" to "files"
ALTER TABLE `new_files` RENAME TO `files`;
-- create index "files_of_user" to table: "files"
CREATE UNIQUE INDEX `files_of_user` ON `files` (`owner_id`, `hash`);
-- create index "files_by_hash" to table: "files"
CREATE INDEX `files_by_hash` ON `files` (`hash`);
-- create "new_file_names" table
CREATE TABLE `new_file_names` (
  `id` integer NOT NULL,
  `name_key` text NOT NULL,
  `name` text NOT NULL,
  `hash` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `file_names_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "file_names" to new temporary table "new_file_names"
INSERT INTO `new_file_names` (`name_key`, `name`, `hash`, `owner_id`) SELECT `name_key`, `name`, `hash`, `owner_id` FROM `file_names`;
-- drop "file_names" table after copying rows
DROP TABLE `file_names`;
-- rename temporary table "new_file_names" to "file_names"
ALTER TABLE `new_file_names` RENAME TO `file_names`;
-- create index "files_by_name" to table: "file_names"
CREATE UNIQUE INDEX `files_by_name` ON `file_names` (`owner_id`, `name_key`);
-- create index "names_of_file" to table: "file_names"
CREATE INDEX `names_of_file` ON `file_names` (`owner_id`, `hash`);
-- create "new_note_paths" table
CREATE TABLE `new_note_paths` (
  `id` integer NOT NULL,
  `owner_id` text NOT NULL,
  `title_key` text NOT NULL,
  `whole_key` text NOT NULL,
  `note_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `note_paths_notes_paths` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "note_paths" to new temporary table "new_note_paths"
INSERT INTO `new_note_paths` (`owner_id`, `title_key`, `whole_key`, `note_id`) SELECT `owner_id`, `title_key`, `whole_key`, `note_id` FROM `note_paths`;
-- drop "note_paths" table after copying rows
DROP TABLE `note_paths`;
-- rename temporary table "new_note_paths" to "note_paths"
ALTER TABLE `new_note_paths` RENAME TO `note_paths`;
-- create index "paths_of_note" to table: "note_paths"
CREATE UNIQUE INDEX `paths_of_note` ON `note_paths` (`note_id`, `title_key`, `whole_key`);
-- create index "paths_by_title" to table: "note_paths"
CREATE INDEX `paths_by_title` ON `note_paths` (`owner_id`, `title_key`, `note_id`);
-- create "new_note_aliases" table
CREATE TABLE `new_note_aliases` (
  `id` integer NOT NULL,
  `owner_id` text NOT NULL,
  `title_key` text NOT NULL,
  `alias` text NOT NULL,
  `note_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `note_aliases_notes_aliases` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "note_aliases" to new temporary table "new_note_aliases"
INSERT INTO `new_note_aliases` (`owner_id`, `title_key`, `alias`, `note_id`) SELECT `owner_id`, `title_key`, `alias`, `note_id` FROM `note_aliases`;
-- drop "note_aliases" table after copying rows
DROP TABLE `note_aliases`;
-- rename temporary table "new_note_aliases" to "note_aliases"
ALTER TABLE `new_note_aliases` RENAME TO `note_aliases`;
-- create index "aliases_of_note" to table: "note_aliases"
CREATE UNIQUE INDEX `aliases_of_note` ON `note_aliases` (`note_id`, `title_key`);
-- create index "aliases_by_title" to table: "note_aliases"
CREATE INDEX `aliases_by_title` ON `note_aliases` (`owner_id`, `title_key`, `note_id`);
-- create "new_undo_notes" table
CREATE TABLE `new_undo_notes` (
  `id` integer NOT NULL,
  `note_id` text NOT NULL,
  `version` integer NOT NULL,
  `saved` integer NOT NULL,
  `state` text NOT NULL,
  `pinned` bool NOT NULL,
  `undo_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `undo_notes_undos_remembered` FOREIGN KEY (`undo_id`) REFERENCES `undos` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "undo_notes" to new temporary table "new_undo_notes"
INSERT INTO `new_undo_notes` (`note_id`, `version`, `saved`, `state`, `pinned`, `undo_id`) SELECT `note_id`, `version`, `saved`, `state`, `pinned`, `undo_id` FROM `undo_notes`;
-- drop "undo_notes" table after copying rows
DROP TABLE `undo_notes`;
-- rename temporary table "new_undo_notes" to "undo_notes"
ALTER TABLE `new_undo_notes` RENAME TO `undo_notes`;
-- create index "notes_of_undo" to table: "undo_notes"
CREATE UNIQUE INDEX `notes_of_undo` ON `undo_notes` (`undo_id`, `note_id`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
