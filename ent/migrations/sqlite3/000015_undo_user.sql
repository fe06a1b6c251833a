-- add column "user_id" to table: "undos"
ALTER TABLE `undos` ADD COLUMN `user_id` text NULL;
-- what a user had in their own space is theirs
UPDATE undos SET user_id = space_id;
