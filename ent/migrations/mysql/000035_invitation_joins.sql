-- modify "invitations" table
ALTER TABLE `invitations` ADD COLUMN `joins` longtext NULL;
