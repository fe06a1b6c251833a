-- modify "notes" table
ALTER TABLE "notes" ADD COLUMN "title_place" character varying(101) NOT NULL DEFAULT '' COLLATE "C";
-- create index "notes_created" to table: "notes"
CREATE INDEX "notes_created" ON "notes" ("space_id", "state", "pinned", "created_at", "id");
-- create index "notes_titled" to table: "notes"
CREATE INDEX "notes_titled" ON "notes" ("space_id", "state", "title_place", "id");
