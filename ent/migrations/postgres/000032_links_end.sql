-- modify "users" table
ALTER TABLE "users" ADD COLUMN "links_since" timestamptz NULL;
