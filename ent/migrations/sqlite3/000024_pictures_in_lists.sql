-- add column "picture" to table: "notes"
ALTER TABLE `notes` ADD COLUMN `picture` text NOT NULL DEFAULT '';
-- add column "measured" to table: "files"
ALTER TABLE `files` ADD COLUMN `measured` bool NOT NULL DEFAULT 0;
