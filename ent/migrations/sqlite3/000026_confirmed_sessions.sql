-- add column "confirmed_at" to table: "sessions"
ALTER TABLE `sessions` ADD COLUMN `confirmed_at` datetime NULL;
