-- add column "width" to table: "files"
ALTER TABLE `files` ADD COLUMN `width` integer NOT NULL DEFAULT 0;
-- add column "height" to table: "files"
ALTER TABLE `files` ADD COLUMN `height` integer NOT NULL DEFAULT 0;
