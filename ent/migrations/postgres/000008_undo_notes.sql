-- modify "undos" table
ALTER TABLE "undos" ADD COLUMN "rest" text NOT NULL DEFAULT '', ADD COLUMN "steps" bigint NOT NULL DEFAULT 0;
-- create "undo_notes" table
CREATE TABLE "undo_notes" (
  "undo_id" uuid NOT NULL,
  "note_id" uuid NOT NULL,
  "version" bigint NOT NULL,
  "saved" bigint NOT NULL,
  "state" character varying(16) NOT NULL,
  "pinned" boolean NOT NULL,
  PRIMARY KEY ("undo_id", "note_id"),
  CONSTRAINT "undo_notes_undos" FOREIGN KEY ("undo_id") REFERENCES "undos" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
