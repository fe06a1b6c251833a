-- modify "undos" table
ALTER TABLE "undos" ADD COLUMN "user_id" uuid NULL;
-- what a user had in their own space is theirs
UPDATE undos SET user_id = space_id;
