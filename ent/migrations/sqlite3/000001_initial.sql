-- create "notes" table
CREATE TABLE `notes` (
  `id` text NOT NULL,
  `title` text NOT NULL,
  `excerpt` text NOT NULL,
  `pinned` bool NOT NULL,
  `state` text NOT NULL,
  `created_at` integer NOT NULL,
  `updated_at` integer NOT NULL,
  `version` integer NOT NULL,
  `content` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `notes_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "notes_in_order" to table: "notes"
CREATE INDEX `notes_in_order` ON `notes` (`owner_id`, `state`, `pinned`, `updated_at`, `id`);
-- create "records" table
CREATE TABLE `records` (
  `id` text NOT NULL,
  `title` text NOT NULL,
  `created_at` integer NOT NULL,
  `updated_at` integer NOT NULL,
  `content` text NOT NULL,
  `owner_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `records_users_owner` FOREIGN KEY (`owner_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "records_in_order" to table: "records"
CREATE INDEX `records_in_order` ON `records` (`owner_id`, `id`);
-- create "sessions" table
CREATE TABLE `sessions` (
  `token_hash` text NOT NULL,
  `created_at` integer NOT NULL,
  `seen_at` integer NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`token_hash`),
  CONSTRAINT `sessions_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "sessions_of_user" to table: "sessions"
CREATE INDEX `sessions_of_user` ON `sessions` (`user_id`);
-- create "users" table
CREATE TABLE `users` (
  `id` text NOT NULL,
  `name` text NOT NULL,
  `created_at` integer NOT NULL,
  PRIMARY KEY (`id`)
);
