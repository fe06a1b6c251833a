-- modify "audit_events" table
ALTER TABLE "audit_events" ADD COLUMN "concerns_id" uuid NULL;
-- create index "audit_events_of_space" to table: "audit_events"
CREATE INDEX "audit_events_of_space" ON "audit_events" ("concerns_id", "id");
