-- add column "admin" to table: "users"
ALTER TABLE `users` ADD COLUMN `admin` bool NOT NULL DEFAULT 0;
-- add column "disabled" to table: "users"
ALTER TABLE `users` ADD COLUMN `disabled` bool NOT NULL DEFAULT 0;
-- create "invitations" table
CREATE TABLE `invitations` (
  `id` text NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `secret_hash` text NOT NULL,
  `admin` bool NOT NULL,
  `expires_at` datetime NOT NULL,
  `inviter_id` text NOT NULL,
  `user_id` text NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `invitations_users_inviter` FOREIGN KEY (`inviter_id`) REFERENCES `users` (`id`) ON DELETE CASCADE,
  CONSTRAINT `invitations_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "invitations_by_secret" to table: "invitations"
CREATE UNIQUE INDEX `invitations_by_secret` ON `invitations` (`secret_hash`);
-- create index "invitations_from_user" to table: "invitations"
CREATE INDEX `invitations_from_user` ON `invitations` (`inviter_id`);
-- create index "invitations_of_user" to table: "invitations"
CREATE INDEX `invitations_of_user` ON `invitations` (`user_id`);
