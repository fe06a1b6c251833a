-- modify "sessions" table
ALTER TABLE `sessions` ADD COLUMN `browser` varchar(255) NOT NULL;
-- create "used_tickets" table
CREATE TABLE `used_tickets` (
  `ticket_hash` varchar(64) NOT NULL,
  `used_at` bigint NOT NULL,
  PRIMARY KEY (`ticket_hash`)
) CHARSET utf8mb4 COLLATE utf8mb4_bin;
