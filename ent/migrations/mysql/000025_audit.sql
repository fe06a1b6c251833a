-- create "audit_events" table
CREATE TABLE `audit_events` (
  `id` char(36) NOT NULL,
  `happened_at` datetime(6) NOT NULL,
  `action` varchar(64) NOT NULL,
  `user_id` char(36) NULL,
  `target_id` char(36) NULL,
  `detail` varchar(255) NOT NULL,
  `address` varchar(64) NOT NULL,
  PRIMARY KEY (`id`),
  INDEX `audit_events_by_age` (`happened_at`)
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
