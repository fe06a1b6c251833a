-- add column "share_id" to table: "notes"
ALTER TABLE `notes` ADD COLUMN `share_id` text NULL;
-- add column "share_id" to table: "revisions"
ALTER TABLE `revisions` ADD COLUMN `share_id` text NULL;
-- create "shares" table
CREATE TABLE `shares` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `secret_hash` text NOT NULL,
  `tag` text NOT NULL,
  `allows` text NOT NULL,
  `password` text NULL,
  `expires_at` datetime NULL,
  `visits` integer NOT NULL,
  `visited_at` datetime NULL,
  `changes` integer NOT NULL,
  `note_id` text NULL,
  `space_id` text NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `shares_notes_shares` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE,
  CONSTRAINT `shares_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON DELETE CASCADE,
  CONSTRAINT `shares_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "shares_by_secret" to table: "shares"
CREATE UNIQUE INDEX `shares_by_secret` ON `shares` (`secret_hash`);
-- create index "shares_of_space" to table: "shares"
CREATE INDEX `shares_of_space` ON `shares` (`space_id`);
-- create index "shares_of_note" to table: "shares"
CREATE INDEX `shares_of_note` ON `shares` (`note_id`);
-- create index "shares_of_user" to table: "shares"
CREATE INDEX `shares_of_user` ON `shares` (`user_id`);
