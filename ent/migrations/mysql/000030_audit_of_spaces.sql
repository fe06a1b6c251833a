-- modify "audit_events" table
ALTER TABLE `audit_events` ADD COLUMN `concerns_id` char(36) NULL, ADD INDEX `audit_events_of_space` (`concerns_id`, `id`);
