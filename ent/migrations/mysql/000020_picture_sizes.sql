-- modify "files" table
ALTER TABLE `files` ADD COLUMN `width` bigint NOT NULL DEFAULT 0, ADD COLUMN `height` bigint NOT NULL DEFAULT 0;
