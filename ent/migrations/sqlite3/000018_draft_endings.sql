-- add column "captured" to table: "drafts"
ALTER TABLE `drafts` ADD COLUMN `captured` bool NOT NULL DEFAULT 0;
-- add column "ending" to table: "drafts"
ALTER TABLE `drafts` ADD COLUMN `ending` text NOT NULL DEFAULT '';
-- add column "ended_at" to table: "drafts"
ALTER TABLE `drafts` ADD COLUMN `ended_at` datetime NULL;
-- drop index "drafts_in_order" from table: "drafts"
DROP INDEX `drafts_in_order`;
-- create index "drafts_by_ending" to table: "drafts"
CREATE INDEX `drafts_by_ending` ON `drafts` (`space_id`, `user_id`, `ending`, `saved_at`, `draft_key`);
-- create index "drafts_by_age" to table: "drafts"
CREATE INDEX `drafts_by_age` ON `drafts` (`ending`, `saved_at`);
-- create index "drafts_by_end" to table: "drafts"
CREATE INDEX `drafts_by_end` ON `drafts` (`ended_at`);
