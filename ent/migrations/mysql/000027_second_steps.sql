-- create "second_steps" table
CREATE TABLE `second_steps` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `created_at` datetime(6) NOT NULL DEFAULT (utc_timestamp(6)),
  `secret` varchar(64) NOT NULL,
  `used` bigint NOT NULL,
  `recovery` varchar(1024) NOT NULL,
  `user_id` char(36) NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE INDEX `second_step_of_user` (`user_id`),
  CONSTRAINT `second_steps_users_user` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
