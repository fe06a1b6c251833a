-- create "note_aliases" table
CREATE TABLE "note_aliases" (
  "note_id" uuid NOT NULL,
  "title_key" character varying(255) NOT NULL COLLATE "C",
  "owner_id" uuid NOT NULL,
  "alias" character varying(255) NOT NULL,
  PRIMARY KEY ("note_id", "title_key"),
  CONSTRAINT "note_aliases_notes" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "aliases_by_title" to table: "note_aliases"
CREATE INDEX "aliases_by_title" ON "note_aliases" ("owner_id", "title_key", "note_id");
-- create "note_paths" table
CREATE TABLE "note_paths" (
  "note_id" uuid NOT NULL,
  "title_key" character varying(255) NOT NULL COLLATE "C",
  "whole_key" character varying(255) NOT NULL COLLATE "C",
  "owner_id" uuid NOT NULL,
  PRIMARY KEY ("note_id", "title_key", "whole_key"),
  CONSTRAINT "note_paths_notes" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "paths_by_title" to table: "note_paths"
CREATE INDEX "paths_by_title" ON "note_paths" ("owner_id", "title_key", "note_id");
