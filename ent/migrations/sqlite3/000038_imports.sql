-- create "imported_notes" table
CREATE TABLE `imported_notes` (
  `id` integer NOT NULL,
  `import_id` text NOT NULL,
  `source_hash` text NOT NULL,
  `content_hash` text NOT NULL,
  `note_id` text NOT NULL,
  `version` integer NOT NULL,
  `version_before` integer NOT NULL,
  `space_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `imported_notes_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- create index "imported_by_import" to table: "imported_notes"
CREATE UNIQUE INDEX `imported_by_import` ON `imported_notes` (`import_id`, `source_hash`);
-- create index "imported_by_source" to table: "imported_notes"
CREATE INDEX `imported_by_source` ON `imported_notes` (`space_id`, `source_hash`);
-- create "imports" table
CREATE TABLE `imports` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `user_id` text NOT NULL,
  `kind` text NOT NULL,
  `name` text NOT NULL,
  `state` text NOT NULL,
  `counts` text NOT NULL,
  `changed_at` datetime NOT NULL,
  `space_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `imports_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE
);
-- create index "imports_in_order" to table: "imports"
CREATE INDEX `imports_in_order` ON `imports` (`space_id`, `id`);
-- create index "imports_by_state" to table: "imports"
CREATE INDEX `imports_by_state` ON `imports` (`state`, `changed_at`);
-- create index "imports_by_age" to table: "imports"
CREATE INDEX `imports_by_age` ON `imports` (`created_at`);
