-- lint:allow destructive
-- drop index "links_by_title" from table: "note_links"
DROP INDEX "links_by_title";
-- drop index "links_of_note" from table: "note_links"
DROP INDEX "links_of_note";
-- modify "note_links" table
ALTER TABLE "note_links" ADD COLUMN "whole_key" character varying(255) NOT NULL DEFAULT '' COLLATE "C";
-- what links with a path are found by goes to those without one
INSERT INTO note_links (owner_id, title_key, note_id, whole_key) SELECT owner_id, title_key, note_id, whole_key FROM note_paths;
-- create index "links_by_title" to table: "note_links"
CREATE INDEX "links_by_title" ON "note_links" ("owner_id", "title_key", "note_id", "whole_key");
-- create index "links_of_note" to table: "note_links"
CREATE UNIQUE INDEX "links_of_note" ON "note_links" ("note_id", "title_key", "whole_key");
-- drop "note_paths" table
DROP TABLE note_paths;
