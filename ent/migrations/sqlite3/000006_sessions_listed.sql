-- disable the enforcement of foreign-keys constraints
PRAGMA foreign_keys = off;
-- create "new_sessions" table
CREATE TABLE `new_sessions` (
  `token_hash` text NOT NULL,
  `created_at` integer NOT NULL,
  `seen_at` integer NOT NULL,
  `browser` text NOT NULL DEFAULT (''),
  `user_id` text NOT NULL,
  PRIMARY KEY (`token_hash`),
  CONSTRAINT `sessions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- copy rows from old table "sessions" to new temporary table "new_sessions"
INSERT INTO `new_sessions` (`token_hash`, `created_at`, `seen_at`, `user_id`) SELECT `token_hash`, `created_at`, `seen_at`, `user_id` FROM `sessions`;
-- drop "sessions" table after copying rows
DROP TABLE `sessions`;
-- rename temporary table "new_sessions" to "sessions"
ALTER TABLE `new_sessions` RENAME TO `sessions`;
-- create index "sessions_of_user" to table: "sessions"
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`);
-- create "used_tickets" table
CREATE TABLE `used_tickets` (
  `ticket_hash` text NOT NULL,
  `used_at` integer NOT NULL,
  PRIMARY KEY (`ticket_hash`)
);
-- enable back the enforcement of foreign-keys constraints
PRAGMA foreign_keys = on;
