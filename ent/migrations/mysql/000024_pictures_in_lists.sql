-- modify "files" table
ALTER TABLE `files` ADD COLUMN `measured` bool NOT NULL DEFAULT 0;
-- modify "notes" table
ALTER TABLE `notes` ADD COLUMN `picture` varchar(64) NOT NULL DEFAULT '';
