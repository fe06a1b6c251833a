-- modify "sessions" table
ALTER TABLE "sessions" ADD COLUMN "address" character varying(45) NOT NULL DEFAULT '';
