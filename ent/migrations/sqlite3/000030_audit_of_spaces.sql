-- add column "concerns_id" to table: "audit_events"
ALTER TABLE `audit_events` ADD COLUMN `concerns_id` text NULL;
-- create index "audit_events_of_space" to table: "audit_events"
CREATE INDEX `audit_events_of_space` ON `audit_events` (`concerns_id`, `id`);
