-- add column "login" to table: "users"
ALTER TABLE `users` ADD COLUMN `login` text NULL;
-- add column "password" to table: "users"
ALTER TABLE `users` ADD COLUMN `password` text NULL;
-- create index "users_by_login" to table: "users"
CREATE UNIQUE INDEX `users_by_login` ON `users` (`login`);
-- create "attempts" table
CREATE TABLE `attempts` (
  `key_hash` text NOT NULL,
  `began_at` datetime NOT NULL,
  `tries` integer NOT NULL,
  PRIMARY KEY (`key_hash`)
);
-- create index "attempts_by_age" to table: "attempts"
CREATE INDEX `attempts_by_age` ON `attempts` (`began_at`);
