-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_undos" table
CREATE TABLE `new_undos` (
  `id` text NOT NULL,
  `text` text NOT NULL,
  `created_at` integer NOT NULL,
  `notes` text NOT NULL,
  `rest` text NOT NULL DEFAULT (''),
  `steps` integer NOT NULL DEFAULT (0),
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `undos_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "undos" to new temporary table "new_undos"
INSERT INTO `new_undos` (`id`, `text`, `created_at`, `notes`, `owner_id`) SELECT `id`, `text`, `created_at`, `notes`, `owner_id` FROM `undos`;
-- drop "undos" table after copying rows
DROP TABLE `undos`;
-- rename temporary table "new_undos" to "undos"
ALTER TABLE `new_undos` RENAME TO `undos`;
-- create index "undos_of_user" to table: "undos"
CREATE INDEX `undos_of_user` ON `undos` (`owner_id`);
-- create index "undos_by_age" to table: "undos"
CREATE INDEX `undos_by_age` ON `undos` (`created_at`);
-- create "undo_notes" table
CREATE TABLE `undo_notes` (
  `undo_id` text NOT NULL,
  `note_id` text NOT NULL,
  `version` integer NOT NULL,
  `saved` integer NOT NULL,
  `state` text NOT NULL,
  `pinned` bool NOT NULL,
  PRIMARY KEY (`undo_id`, `note_id`),
  CONSTRAINT `undo_notes_undos` FOREIGN KEY (`undo_id`) REFERENCES `undos` (`id`) ON DELETE CASCADE
);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
