-- modify "sessions" table
ALTER TABLE `sessions` ADD COLUMN `address` varchar(45) NOT NULL DEFAULT '';
