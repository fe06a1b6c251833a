-- modify "memberships" table
ALTER TABLE `memberships` ADD COLUMN `closed` bool NOT NULL DEFAULT 0;
-- modify "spaces" table
ALTER TABLE `spaces` ADD COLUMN `goes_at` datetime(6) NULL;
-- modify "users" table
ALTER TABLE `users` ADD COLUMN `goes_at` datetime(6) NULL;
