-- modify "access_tokens" table
ALTER TABLE "access_tokens" ADD COLUMN "tag" character varying(255) NOT NULL DEFAULT '';
