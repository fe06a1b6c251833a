-- add column "title_place" to table: "notes"
ALTER TABLE `notes` ADD COLUMN `title_place` text NOT NULL DEFAULT '';
-- create index "notes_created" to table: "notes"
CREATE INDEX `notes_created` ON `notes` (`space_id`, `state`, `pinned`, `created_at`, `id`);
-- create index "notes_titled" to table: "notes"
CREATE INDEX `notes_titled` ON `notes` (`space_id`, `state`, `title_place`, `id`);
