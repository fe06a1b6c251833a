-- modify "access_tokens" table
ALTER TABLE `access_tokens` ADD COLUMN `tag` varchar(255) NOT NULL DEFAULT '';
