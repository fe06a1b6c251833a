-- modify "invitations" table
ALTER TABLE "invitations" ADD COLUMN "joins" text NULL;
