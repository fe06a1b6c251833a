-- modify "notes" table
ALTER TABLE `notes` ADD COLUMN `share_id` char(36) NULL;
-- modify "revisions" table
ALTER TABLE `revisions` ADD COLUMN `share_id` char(36) NULL;
-- create "shares" table
CREATE TABLE `shares` (
  `id` char(36) NOT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
  `secret_hash` varchar(64) NOT NULL,
  `tag` varchar(255) NOT NULL,
  `allows` varchar(16) NOT NULL,
  `password` varchar(255) NULL,
  `expires_at` datetime(6) NULL,
  `visits` bigint NOT NULL,
  `visited_at` datetime(6) NULL,
  `changes` bigint NOT NULL,
  `note_id` char(36) NULL,
  `space_id` char(36) NOT NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE INDEX `shares_by_secret` (`secret_hash`),
  INDEX `shares_of_note` (`note_id`),
  INDEX `shares_of_space` (`space_id`),
  INDEX `shares_of_user` (`user_id`),
  CONSTRAINT `shares_notes_shares` FOREIGN KEY (`note_id`) REFERENCES `notes` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  CONSTRAINT `shares_spaces_space` FOREIGN KEY (`space_id`) REFERENCES `spaces` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  CONSTRAINT `shares_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
