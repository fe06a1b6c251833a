-- modify "files" table
ALTER TABLE "files" ADD COLUMN "measured" boolean NOT NULL DEFAULT false;
-- modify "notes" table
ALTER TABLE "notes" ADD COLUMN "picture" character varying(64) NOT NULL DEFAULT '';
