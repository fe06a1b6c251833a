-- create "presences" table
CREATE TABLE `presences` (
  `id` integer NOT NULL,
  `space_id` text NOT NULL,
  `until` datetime NOT NULL,
  `note_id` text NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `presences_notes_presences` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON DELETE CASCADE,
  CONSTRAINT `presences_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "presences_at_note" to table: "presences"
CREATE UNIQUE INDEX `presences_at_note` ON `presences` (`note_id`, `user_id`);
-- create index "presences_of_user" to table: "presences"
CREATE INDEX `presences_of_user` ON `presences` (`user_id`);
-- create index "presences_by_end" to table: "presences"
CREATE INDEX `presences_by_end` ON `presences` (`until`);
