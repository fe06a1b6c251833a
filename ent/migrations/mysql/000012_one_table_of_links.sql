-- lint:allow destructive change
-- modify "notes" table
ALTER TABLE `notes` MODIFY COLUMN `moved_at` bigint NOT NULL DEFAULT 0, MODIFY COLUMN `listed_at` bigint NOT NULL DEFAULT 0, MODIFY COLUMN `saved` bigint NOT NULL DEFAULT 0, MODIFY COLUMN `title_key` varchar(255) NOT NULL DEFAULT '';
-- modify "note_links" table: at once, as its foreign key needs an index
ALTER TABLE `note_links` ADD COLUMN `whole_key` varchar(255) NOT NULL DEFAULT '', DROP INDEX `links_by_title`, DROP INDEX `links_of_note`, ADD INDEX `links_by_title` (`owner_id`, `title_key`, `note_id`, `whole_key`), ADD UNIQUE INDEX `links_of_note` (`note_id`, `title_key`, `whole_key`);
-- what links with a path are found by goes to those without one
INSERT INTO note_links (owner_id, title_key, note_id, whole_key) SELECT owner_id, title_key, note_id, whole_key FROM note_paths;
-- modify "sessions" table
ALTER TABLE `sessions` MODIFY COLUMN `browser` varchar(255) NOT NULL DEFAULT '';
-- modify "undos" table
ALTER TABLE `undos` MODIFY COLUMN `steps` bigint NOT NULL DEFAULT 0;
-- drop "note_paths" table
DROP TABLE note_paths;
