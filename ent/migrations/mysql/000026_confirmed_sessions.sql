-- modify "sessions" table
ALTER TABLE `sessions` ADD COLUMN `confirmed_at` datetime(6) NULL;
