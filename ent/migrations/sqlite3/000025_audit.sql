-- create "audit_events" table
CREATE TABLE `audit_events` (
  `id` text NOT NULL,
  `happened_at` datetime NOT NULL,
  `action` text NOT NULL,
  `user_id` text NULL,
  `target_id` text NULL,
  `detail` text NOT NULL,
  `address` text NOT NULL,
  PRIMARY KEY (`id`)
);
-- create index "audit_events_by_age" to table: "audit_events"
CREATE INDEX `audit_events_by_age` ON `audit_events` (`happened_at`);
