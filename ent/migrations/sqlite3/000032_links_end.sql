-- add column "links_since" to table: "users"
ALTER TABLE `users` ADD COLUMN `links_since` datetime NULL;
