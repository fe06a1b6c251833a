-- create "second_steps" table
CREATE TABLE `second_steps` (
  `id` integer NOT NULL,
  `created_at` datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f000', 'now')),
  `secret` text NOT NULL,
  `used` integer NOT NULL,
  `recovery` text NOT NULL,
  `user_id` text NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `second_steps_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE
);
-- create index "second_step_of_user" to table: "second_steps"
CREATE UNIQUE INDEX `second_step_of_user` ON `second_steps` (`user_id`);
