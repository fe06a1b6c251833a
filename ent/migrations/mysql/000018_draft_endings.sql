-- modify "drafts" table
ALTER TABLE `drafts` ADD COLUMN `captured` bool NOT NULL DEFAULT 0, ADD COLUMN `ending` varchar(20) NOT NULL DEFAULT '', ADD COLUMN `ended_at` datetime(6) NULL, DROP INDEX `drafts_in_order`, ADD INDEX `drafts_by_age` (`ending`, `saved_at`), ADD INDEX `drafts_by_end` (`ended_at`), ADD INDEX `drafts_by_ending` (`space_id`, `user_id`, `ending`, `saved_at`, `draft_key`);
