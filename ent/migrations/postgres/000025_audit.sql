-- create "audit_events" table
CREATE TABLE "audit_events" (
  "id" uuid NOT NULL,
  "happened_at" timestamptz NOT NULL,
  "action" character varying(64) NOT NULL,
  "user_id" uuid NULL,
  "target_id" uuid NULL,
  "detail" character varying(255) NOT NULL,
  "address" character varying(64) NOT NULL,
  PRIMARY KEY ("id")
);
-- create index "audit_events_by_age" to table: "audit_events"
CREATE INDEX "audit_events_by_age" ON "audit_events" ("happened_at");
