-- modify "users" table
ALTER TABLE `users` ADD COLUMN `links_since` datetime(6) NULL;
