-- lint:allow copy
-- Times were microseconds since 1970, and become texts that SQLite's own functions read. The time that nothing was believed
-- of yet becomes none.
-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_records" table
CREATE TABLE `new_records` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `updated_at` datetime NOT NULL,
  `title` text NOT NULL,
  `space_id` text NOT NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `records_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "records" to new temporary table "new_records"
INSERT INTO `new_records` (`id`, `created_at`, `updated_at`, `title`, `space_id`, `content`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), strftime('%Y-%m-%d %H:%M:%S', (`updated_at` - (`updated_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`updated_at` % 1000000 + 1000000) % 1000000), `title`, `space_id`, `content` FROM `records`;
-- drop "records" table after copying rows
DROP TABLE `records`;
-- rename temporary table "new_records" to "records"
ALTER TABLE `new_records` RENAME TO `records`;
-- create index "records_in_order" to table: "records"
CREATE INDEX `records_in_order` ON `records` (`space_id`, `id`);
-- create "new_spaces" table
CREATE TABLE `new_spaces` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `name` text NOT NULL,
  PRIMARY KEY (`id`)
);
-- copy rows from old table "spaces" to new temporary table "new_spaces"
INSERT INTO `new_spaces` (`id`, `created_at`, `name`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), `name` FROM `spaces`;
-- drop "spaces" table after copying rows
DROP TABLE `spaces`;
-- rename temporary table "new_spaces" to "spaces"
ALTER TABLE `new_spaces` RENAME TO `spaces`;
-- create "new_notes" table
CREATE TABLE `new_notes` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `updated_at` datetime NOT NULL,
  `title` text NOT NULL,
  `excerpt` text NOT NULL,
  `tags` text NOT NULL DEFAULT '',
  `pinned` bool NOT NULL,
  `state` text NOT NULL,
  `moved_at` datetime NOT NULL,
  `listed_at` datetime NOT NULL,
  `version` integer NOT NULL,
  `saved` integer NOT NULL DEFAULT 0,
  `author_id` text NULL,
  `title_key` text NOT NULL DEFAULT '',
  `space_id` text NOT NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `notes_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "notes" to new temporary table "new_notes"
INSERT INTO `new_notes` (`id`, `created_at`, `updated_at`, `title`, `excerpt`, `tags`, `pinned`, `state`, `moved_at`, `listed_at`, `version`, `saved`, `author_id`, `title_key`, `space_id`, `content`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), strftime('%Y-%m-%d %H:%M:%S', (`updated_at` - (`updated_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`updated_at` % 1000000 + 1000000) % 1000000), `title`, `excerpt`, `tags`, `pinned`, `state`, strftime('%Y-%m-%d %H:%M:%S', (`moved_at` - (`moved_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`moved_at` % 1000000 + 1000000) % 1000000), strftime('%Y-%m-%d %H:%M:%S', (`listed_at` - (`listed_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`listed_at` % 1000000 + 1000000) % 1000000), `version`, `saved`, `author_id`, `title_key`, `space_id`, `content` FROM `notes`;
-- drop "notes" table after copying rows
DROP TABLE `notes`;
-- rename temporary table "new_notes" to "notes"
ALTER TABLE `new_notes` RENAME TO `notes`;
-- create index "notes_listed" to table: "notes"
CREATE INDEX `notes_listed` ON `notes` (`space_id`, `state`, `pinned`, `listed_at`, `id`);
-- create index "notes_by_title" to table: "notes"
CREATE INDEX `notes_by_title` ON `notes` (`space_id`, `title_key`, `id`);
-- create "new_leases" table
CREATE TABLE `new_leases` (
  `job` text NOT NULL,
  `until` datetime NOT NULL,
  PRIMARY KEY (`job`)
);
-- copy rows from old table "leases" to new temporary table "new_leases"
INSERT INTO `new_leases` (`job`, `until`) SELECT `job`, strftime('%Y-%m-%d %H:%M:%S', (`until` - (`until` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`until` % 1000000 + 1000000) % 1000000) FROM `leases`;
-- drop "leases" table after copying rows
DROP TABLE `leases`;
-- rename temporary table "new_leases" to "leases"
ALTER TABLE `new_leases` RENAME TO `leases`;
-- create "new_searches" table
CREATE TABLE `new_searches` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `name` text NOT NULL,
  `query` text NOT NULL,
  `space_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `searches_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "searches" to new temporary table "new_searches"
INSERT INTO `new_searches` (`id`, `created_at`, `name`, `query`, `space_id`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), `name`, `query`, `space_id` FROM `searches`;
-- drop "searches" table after copying rows
DROP TABLE `searches`;
-- rename temporary table "new_searches" to "searches"
ALTER TABLE `new_searches` RENAME TO `searches`;
-- create index "searches_of_space" to table: "searches"
CREATE INDEX `searches_of_space` ON `searches` (`space_id`);
-- create "new_trusts" table
CREATE TABLE `new_trusts` (
  `name` text NOT NULL,
  `seen_at` datetime NOT NULL,
  `believed_at` datetime NULL,
  `next_at` datetime NOT NULL,
  `ran` integer NOT NULL,
  PRIMARY KEY (`name`)
);
-- copy rows from old table "trusts" to new temporary table "new_trusts"
INSERT INTO `new_trusts` (`name`, `seen_at`, `believed_at`, `next_at`, `ran`) SELECT `name`, strftime('%Y-%m-%d %H:%M:%S', (`seen_at` - (`seen_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`seen_at` % 1000000 + 1000000) % 1000000), CASE WHEN `believed_at` > -62135596800000000 THEN strftime('%Y-%m-%d %H:%M:%S', (`believed_at` - (`believed_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`believed_at` % 1000000 + 1000000) % 1000000) END, strftime('%Y-%m-%d %H:%M:%S', (`next_at` - (`next_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`next_at` % 1000000 + 1000000) % 1000000), `ran` FROM `trusts`;
-- drop "trusts" table after copying rows
DROP TABLE `trusts`;
-- rename temporary table "new_trusts" to "trusts"
ALTER TABLE `new_trusts` RENAME TO `trusts`;
-- create "new_used_tickets" table
CREATE TABLE `new_used_tickets` (
  `ticket_hash` text NOT NULL,
  `used_at` datetime NOT NULL,
  PRIMARY KEY (`ticket_hash`)
);
-- copy rows from old table "used_tickets" to new temporary table "new_used_tickets"
INSERT INTO `new_used_tickets` (`ticket_hash`, `used_at`) SELECT `ticket_hash`, strftime('%Y-%m-%d %H:%M:%S', (`used_at` - (`used_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`used_at` % 1000000 + 1000000) % 1000000) FROM `used_tickets`;
-- drop "used_tickets" table after copying rows
DROP TABLE `used_tickets`;
-- rename temporary table "new_used_tickets" to "used_tickets"
ALTER TABLE `new_used_tickets` RENAME TO `used_tickets`;
-- create "new_undos" table
CREATE TABLE `new_undos` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `user_id` text NULL,
  `text` text NOT NULL,
  `notes` text NOT NULL,
  `rest` text NOT NULL DEFAULT '',
  `steps` integer NOT NULL DEFAULT 0,
  `space_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `undos_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "undos" to new temporary table "new_undos"
INSERT INTO `new_undos` (`id`, `created_at`, `user_id`, `text`, `notes`, `rest`, `steps`, `space_id`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), `user_id`, `text`, `notes`, `rest`, `steps`, `space_id` FROM `undos`;
-- drop "undos" table after copying rows
DROP TABLE `undos`;
-- rename temporary table "new_undos" to "undos"
ALTER TABLE `new_undos` RENAME TO `undos`;
-- create index "undos_of_space" to table: "undos"
CREATE INDEX `undos_of_space` ON `undos` (`space_id`);
-- create index "undos_by_age" to table: "undos"
CREATE INDEX `undos_by_age` ON `undos` (`created_at`);
-- create "new_note_tags" table
CREATE TABLE `new_note_tags` (
  `id` integer NOT NULL,
  `space_id` text NOT NULL,
  `tag_key` text NOT NULL,
  `state` text NOT NULL,
  `pinned` bool NOT NULL,
  `listed_at` datetime NOT NULL,
  `note_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `note_tags_notes_taggings` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "note_tags" to new temporary table "new_note_tags"
INSERT INTO `new_note_tags` (`id`, `space_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id`) SELECT `id`, `space_id`, `tag_key`, `state`, `pinned`, strftime('%Y-%m-%d %H:%M:%S', (`listed_at` - (`listed_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`listed_at` % 1000000 + 1000000) % 1000000), `note_id` FROM `note_tags`;
-- drop "note_tags" table after copying rows
DROP TABLE `note_tags`;
-- rename temporary table "new_note_tags" to "note_tags"
ALTER TABLE `new_note_tags` RENAME TO `note_tags`;
-- create index "tags_of_note" to table: "note_tags"
CREATE UNIQUE INDEX `tags_of_note` ON `note_tags` (`note_id`, `tag_key`);
-- create index "tagged_in_order" to table: "note_tags"
CREATE INDEX `tagged_in_order` ON `note_tags` (`space_id`, `tag_key`, `state`, `pinned`, `listed_at`, `note_id`);
-- create index "tagged_by_id" to table: "note_tags"
CREATE INDEX `tagged_by_id` ON `note_tags` (`space_id`, `tag_key`, `note_id`);
-- create "new_revisions" table
CREATE TABLE `new_revisions` (
  `id` integer NOT NULL,
  `space_id` text NOT NULL,
  `version` integer NOT NULL,
  `title` text NOT NULL,
  `tags` text NOT NULL,
  `size` integer NOT NULL,
  `saved_at` datetime NOT NULL,
  `author_id` text NULL,
  `note_id` text NOT NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `revisions_notes_revisions` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "revisions" to new temporary table "new_revisions"
INSERT INTO `new_revisions` (`id`, `space_id`, `version`, `title`, `tags`, `size`, `saved_at`, `author_id`, `note_id`, `content`) SELECT `id`, `space_id`, `version`, `title`, `tags`, `size`, strftime('%Y-%m-%d %H:%M:%S', (`saved_at` - (`saved_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`saved_at` % 1000000 + 1000000) % 1000000), `author_id`, `note_id`, `content` FROM `revisions`;
-- drop "revisions" table after copying rows
DROP TABLE `revisions`;
-- rename temporary table "new_revisions" to "revisions"
ALTER TABLE `new_revisions` RENAME TO `revisions`;
-- create index "revisions_of_note" to table: "revisions"
CREATE UNIQUE INDEX `revisions_of_note` ON `revisions` (`note_id`, `version`);
-- create index "revisions_by_age" to table: "revisions"
CREATE INDEX `revisions_by_age` ON `revisions` (`saved_at`, `note_id`);
-- create "new_creations" table
CREATE TABLE `new_creations` (
  `id` integer NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `request_key` text NOT NULL,
  `request_hash` text NOT NULL,
  `note_id` text NOT NULL,
  `space_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `creations_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "creations" to new temporary table "new_creations"
INSERT INTO `new_creations` (`id`, `created_at`, `request_key`, `request_hash`, `note_id`, `space_id`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), `request_key`, `request_hash`, `note_id`, `space_id` FROM `creations`;
-- drop "creations" table after copying rows
DROP TABLE `creations`;
-- rename temporary table "new_creations" to "creations"
ALTER TABLE `new_creations` RENAME TO `creations`;
-- create index "creations_by_key" to table: "creations"
CREATE UNIQUE INDEX `creations_by_key` ON `creations` (`space_id`, `request_key`);
-- create index "creations_by_age" to table: "creations"
CREATE INDEX `creations_by_age` ON `creations` (`created_at`);
-- create "new_files" table
CREATE TABLE `new_files` (
  `id` integer NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `hash` text NOT NULL,
  `name` text NOT NULL,
  `type` text NOT NULL,
  `size` integer NOT NULL,
  `space_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `files_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "files" to new temporary table "new_files"
INSERT INTO `new_files` (`id`, `created_at`, `hash`, `name`, `type`, `size`, `space_id`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), `hash`, `name`, `type`, `size`, `space_id` FROM `files`;
-- drop "files" table after copying rows
DROP TABLE `files`;
-- rename temporary table "new_files" to "files"
ALTER TABLE `new_files` RENAME TO `files`;
-- create index "files_of_space" to table: "files"
CREATE UNIQUE INDEX `files_of_space` ON `files` (`space_id`, `hash`);
-- create index "files_by_hash" to table: "files"
CREATE INDEX `files_by_hash` ON `files` (`hash`);
-- create "new_users" table
CREATE TABLE `new_users` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `name` text NOT NULL,
  PRIMARY KEY (`id`)
);
-- copy rows from old table "users" to new temporary table "new_users"
INSERT INTO `new_users` (`id`, `created_at`, `name`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), `name` FROM `users`;
-- drop "users" table after copying rows
DROP TABLE `users`;
-- rename temporary table "new_users" to "users"
ALTER TABLE `new_users` RENAME TO `users`;
-- create "new_sessions" table
CREATE TABLE `new_sessions` (
  `token_hash` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `seen_at` datetime NOT NULL,
  `browser` text NOT NULL DEFAULT '',
  `user_id` text NOT NULL,
  PRIMARY KEY (`token_hash`),
  CONSTRAINT `sessions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "sessions" to new temporary table "new_sessions"
INSERT INTO `new_sessions` (`token_hash`, `created_at`, `seen_at`, `browser`, `user_id`) SELECT `token_hash`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), strftime('%Y-%m-%d %H:%M:%S', (`seen_at` - (`seen_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`seen_at` % 1000000 + 1000000) % 1000000), `browser`, `user_id` FROM `sessions`;
-- drop "sessions" table after copying rows
DROP TABLE `sessions`;
-- rename temporary table "new_sessions" to "sessions"
ALTER TABLE `new_sessions` RENAME TO `sessions`;
-- create index "sessions_of_user" to table: "sessions"
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`);
-- create "new_memberships" table
CREATE TABLE `new_memberships` (
  `id` integer NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `role` text NOT NULL,
  `space_id` text NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `memberships_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE,
  CONSTRAINT `memberships_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "memberships" to new temporary table "new_memberships"
INSERT INTO `new_memberships` (`id`, `created_at`, `role`, `space_id`, `user_id`) SELECT `id`, strftime('%Y-%m-%d %H:%M:%S', (`created_at` - (`created_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`created_at` % 1000000 + 1000000) % 1000000), `role`, `space_id`, `user_id` FROM `memberships`;
-- drop "memberships" table after copying rows
DROP TABLE `memberships`;
-- rename temporary table "new_memberships" to "memberships"
ALTER TABLE `new_memberships` RENAME TO `memberships`;
-- create index "members_of_space" to table: "memberships"
CREATE UNIQUE INDEX `members_of_space` ON `memberships` (`space_id`, `user_id`);
-- create index "spaces_of_user" to table: "memberships"
CREATE INDEX `spaces_of_user` ON `memberships` (`user_id`);
-- create "new_drafts" table
CREATE TABLE `new_drafts` (
  `id` integer NOT NULL,
  `draft_key` text NOT NULL,
  `base` integer NOT NULL,
  `title` text NOT NULL,
  `tags` text NOT NULL,
  `saved_at` datetime NOT NULL,
  `space_id` text NOT NULL,
  `user_id` text NOT NULL,
  `note_id` text NULL,
  `content` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `drafts_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE,
  CONSTRAINT `drafts_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `drafts_notes_drafts` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "drafts" to new temporary table "new_drafts"
INSERT INTO `new_drafts` (`id`, `draft_key`, `base`, `title`, `tags`, `saved_at`, `space_id`, `user_id`, `note_id`, `content`) SELECT `id`, `draft_key`, `base`, `title`, `tags`, strftime('%Y-%m-%d %H:%M:%S', (`saved_at` - (`saved_at` % 1000000 + 1000000) % 1000000) / 1000000, 'unixepoch') || printf('.%06d', (`saved_at` % 1000000 + 1000000) % 1000000), `space_id`, `user_id`, `note_id`, `content` FROM `drafts`;
-- drop "drafts" table after copying rows
DROP TABLE `drafts`;
-- rename temporary table "new_drafts" to "drafts"
ALTER TABLE `new_drafts` RENAME TO `drafts`;
-- create index "drafts_by_key" to table: "drafts"
CREATE UNIQUE INDEX `drafts_by_key` ON `drafts` (`space_id`, `user_id`, `draft_key`);
-- create index "drafts_of_note" to table: "drafts"
CREATE INDEX `drafts_of_note` ON `drafts` (`note_id`);
-- create index "drafts_in_order" to table: "drafts"
CREATE INDEX `drafts_in_order` ON `drafts` (`space_id`, `user_id`, `saved_at`, `draft_key`);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
