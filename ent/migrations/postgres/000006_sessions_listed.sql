-- modify "sessions" table
ALTER TABLE "sessions" ADD COLUMN "browser" character varying(255) NOT NULL DEFAULT '';
-- create "used_tickets" table
CREATE TABLE "used_tickets" (
  "ticket_hash" character varying(64) NOT NULL,
  "used_at" bigint NOT NULL,
  PRIMARY KEY ("ticket_hash")
);
