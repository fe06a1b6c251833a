-- modify "users" table
ALTER TABLE `users` ADD COLUMN `login` varchar(255) NULL, ADD COLUMN `password` varchar(255) NULL, ADD UNIQUE INDEX `users_by_login` (`login`);
-- create "attempts" table
CREATE TABLE `attempts` (
  `key_hash` varchar(64) NOT NULL,
  `began_at` datetime(6) NOT NULL,
  `tries` bigint NOT NULL,
  PRIMARY KEY (`key_hash`),
  INDEX `attempts_by_age` (`began_at`)
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
