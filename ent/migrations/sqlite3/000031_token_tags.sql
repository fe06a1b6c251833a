-- add column "tag" to table: "access_tokens"
ALTER TABLE `access_tokens` ADD COLUMN `tag` text NOT NULL DEFAULT '';
