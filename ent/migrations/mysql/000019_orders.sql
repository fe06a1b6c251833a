-- modify "notes" table
ALTER TABLE `notes` ADD COLUMN `title_place` varchar(101) NOT NULL DEFAULT '', ADD INDEX `notes_created` (`space_id`, `state`, `pinned`, `created_at`, `id`), ADD INDEX `notes_titled` (`space_id`, `state`, `title_place`, `id`);
