-- drop index "drafts_in_order" from table: "drafts"
DROP INDEX "drafts_in_order";
-- modify "drafts" table
ALTER TABLE "drafts" ADD COLUMN "captured" boolean NOT NULL DEFAULT false, ADD COLUMN "ending" character varying(20) NOT NULL DEFAULT '', ADD COLUMN "ended_at" timestamptz NULL;
-- create index "drafts_by_age" to table: "drafts"
CREATE INDEX "drafts_by_age" ON "drafts" ("ending", "saved_at");
-- create index "drafts_by_end" to table: "drafts"
CREATE INDEX "drafts_by_end" ON "drafts" ("ended_at");
-- create index "drafts_by_ending" to table: "drafts"
CREATE INDEX "drafts_by_ending" ON "drafts" ("space_id", "user_id", "ending", "saved_at", "draft_key");
