-- add column "goes_at" to table: "spaces"
ALTER TABLE `spaces` ADD COLUMN `goes_at` datetime NULL;
-- add column "goes_at" to table: "users"
ALTER TABLE `users` ADD COLUMN `goes_at` datetime NULL;
-- add column "closed" to table: "memberships"
ALTER TABLE `memberships` ADD COLUMN `closed` bool NOT NULL DEFAULT 0;
