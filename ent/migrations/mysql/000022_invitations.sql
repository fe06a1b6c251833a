-- modify "users" table
ALTER TABLE `users` ADD COLUMN `admin` bool NOT NULL DEFAULT 0, ADD COLUMN `disabled` bool NOT NULL DEFAULT 0;
-- create "invitations" table
CREATE TABLE `invitations` (
  `id` char(36) NOT NULL,
  `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
  `secret_hash` varchar(64) NOT NULL,
  `admin` bool NOT NULL,
  `expires_at` datetime(6) NOT NULL,
  `inviter_id` char(36) NOT NULL,
  `user_id` char(36) NULL,
  PRIMARY KEY (`id`),
  UNIQUE INDEX `invitations_by_secret` (`secret_hash`),
  INDEX `invitations_from_user` (`inviter_id`),
  INDEX `invitations_of_user` (`user_id`),
  CONSTRAINT `invitations_users_inviter` FOREIGN KEY (`inviter_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE,
  CONSTRAINT `invitations_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
