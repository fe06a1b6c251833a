-- add column "joins" to table: "invitations"
ALTER TABLE `invitations` ADD COLUMN `joins` text NULL;
