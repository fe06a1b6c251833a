-- create "presences" table
CREATE TABLE `presences` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `space_id` char(36) NOT NULL,
  `until` datetime(6) NOT NULL,
  `note_id` char(36) NOT NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE INDEX `presences_at_note` (`note_id`, `user_id`),
  INDEX `presences_by_end` (`until`),
  INDEX `presences_of_user` (`user_id`),
  CONSTRAINT `presences_notes_presences` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  CONSTRAINT `presences_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
