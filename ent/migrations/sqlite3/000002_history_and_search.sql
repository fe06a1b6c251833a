-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_notes" table
CREATE TABLE `new_notes` (
  `id` text NOT NULL,
  `title` text NOT NULL,
  `excerpt` text NOT NULL,
  `tags` text NOT NULL DEFAULT (''),
  `pinned` bool NOT NULL,
  `state` text NOT NULL,
  `created_at` integer NOT NULL,
  `updated_at` integer NOT NULL,
  `moved_at` integer NOT NULL DEFAULT (0),
  `listed_at` integer NOT NULL DEFAULT (0),
  `version` integer NOT NULL,
  `saved` integer NOT NULL DEFAULT (0),
  `author_id` text NULL,
  `title_key` text NOT NULL DEFAULT (''),
  `content` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `notes_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "notes" to new temporary table "new_notes"
INSERT INTO `new_notes` (`id`, `title`, `excerpt`, `pinned`, `state`, `created_at`, `updated_at`, `version`, `content`, `owner_id`) SELECT `id`, `title`, `excerpt`, `pinned`, `state`, `created_at`, `updated_at`, `version`, `content`, `owner_id` FROM `notes`;
-- drop "notes" table after copying rows
DROP TABLE `notes`;
-- rename temporary table "new_notes" to "notes"
ALTER TABLE `new_notes` RENAME TO `notes`;
-- create index "notes_listed" to table: "notes"
CREATE INDEX `notes_listed` ON `notes` (`owner_id`, `state`, `pinned`, `listed_at`, `id`);
-- create index "notes_by_title" to table: "notes"
CREATE INDEX `notes_by_title` ON `notes` (`owner_id`, `title_key`, `id`);
-- create "leases" table
CREATE TABLE `leases` (
  `job` text NOT NULL,
  `until` integer NOT NULL,
  PRIMARY KEY (`job`)
);
-- create "searches" table
CREATE TABLE `searches` (
  `id` text NOT NULL,
  `name` text NOT NULL,
  `query` text NOT NULL,
  `created_at` integer NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `searches_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "searches_of_user" to table: "searches"
CREATE INDEX `searches_of_user` ON `searches` (`owner_id`);
-- create "undos" table
CREATE TABLE `undos` (
  `id` text NOT NULL,
  `text` text NOT NULL,
  `created_at` integer NOT NULL,
  `notes` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `undos_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "undos_of_user" to table: "undos"
CREATE INDEX `undos_of_user` ON `undos` (`owner_id`);
-- create index "undos_by_age" to table: "undos"
CREATE INDEX `undos_by_age` ON `undos` (`created_at`);
-- create "note_tags" table
CREATE TABLE `note_tags` (
  `note_id` text NOT NULL,
  `tag_key` text NOT NULL,
  `owner_id` text NOT NULL,
  `state` text NOT NULL,
  `pinned` bool NOT NULL,
  `listed_at` integer NOT NULL,
  PRIMARY KEY (`note_id`, `tag_key`),
  CONSTRAINT `note_tags_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- create index "tagged_in_order" to table: "note_tags"
CREATE INDEX `tagged_in_order` ON `note_tags` (`owner_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id`);
-- create index "tagged_by_id" to table: "note_tags"
CREATE INDEX `tagged_by_id` ON `note_tags` (`owner_id`, `tag_key`, `note_id`);
-- create "tags" table
CREATE TABLE `tags` (
  `owner_id` text NOT NULL,
  `tag_key` text NOT NULL,
  `name` text NOT NULL,
  `notes` integer NOT NULL,
  PRIMARY KEY (`owner_id`, `tag_key`),
  CONSTRAINT `tags_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create "note_links" table
CREATE TABLE `note_links` (
  `note_id` text NOT NULL,
  `title_key` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`note_id`, `title_key`),
  CONSTRAINT `note_links_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- create index "links_by_title" to table: "note_links"
CREATE INDEX `links_by_title` ON `note_links` (`owner_id`, `title_key`, `note_id`);
-- create "file_uses" table
CREATE TABLE `file_uses` (
  `note_id` text NOT NULL,
  `hash` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`note_id`, `hash`),
  CONSTRAINT `file_uses_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- create index "uses_by_file" to table: "file_uses"
CREATE INDEX `uses_by_file` ON `file_uses` (`owner_id`, `hash`, `note_id`);
-- create "revisions" table
CREATE TABLE `revisions` (
  `note_id` text NOT NULL,
  `version` integer NOT NULL,
  `owner_id` text NOT NULL,
  `title` text NOT NULL,
  `tags` text NOT NULL,
  `size` integer NOT NULL,
  `saved_at` integer NOT NULL,
  `author_id` text NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`note_id`, `version`),
  CONSTRAINT `revisions_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- create index "revisions_by_age" to table: "revisions"
CREATE INDEX `revisions_by_age` ON `revisions` (`saved_at`, `note_id`);
-- create "drafts" table
CREATE TABLE `drafts` (
  `owner_id` text NOT NULL,
  `draft_key` text NOT NULL,
  `note_id` text NULL,
  `base` integer NOT NULL,
  `title` text NOT NULL,
  `tags` text NOT NULL,
  `saved_at` integer NOT NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`owner_id`, `draft_key`),
  CONSTRAINT `drafts_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `drafts_notes` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- create index "drafts_of_note" to table: "drafts"
CREATE INDEX `drafts_of_note` ON `drafts` (`note_id`);
-- create index "drafts_in_order" to table: "drafts"
CREATE INDEX `drafts_in_order` ON `drafts` (`owner_id`, `saved_at`, `draft_key`);
-- create "creations" table
CREATE TABLE `creations` (
  `owner_id` text NOT NULL,
  `request_key` text NOT NULL,
  `request_hash` text NOT NULL,
  `note_id` text NOT NULL,
  `created_at` integer NOT NULL,
  PRIMARY KEY (`owner_id`, `request_key`),
  CONSTRAINT `creations_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "creations_by_age" to table: "creations"
CREATE INDEX `creations_by_age` ON `creations` (`created_at`);
-- create "files" table
CREATE TABLE `files` (
  `owner_id` text NOT NULL,
  `hash` text NOT NULL,
  `name` text NOT NULL,
  `type` text NOT NULL,
  `size` integer NOT NULL,
  `created_at` integer NOT NULL,
  PRIMARY KEY (`owner_id`, `hash`),
  CONSTRAINT `files_users` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "files_by_hash" to table: "files"
CREATE INDEX `files_by_hash` ON `files` (`hash`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
