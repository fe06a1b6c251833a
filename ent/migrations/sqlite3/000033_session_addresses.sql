-- add column "address" to table: "sessions"
ALTER TABLE `sessions` ADD COLUMN `address` text NOT NULL DEFAULT '';
