-- modify "notes" table
ALTER TABLE "notes" ADD COLUMN "share_id" uuid NULL;
-- modify "revisions" table
ALTER TABLE "revisions" ADD COLUMN "share_id" uuid NULL;
-- create "shares" table
CREATE TABLE "shares" (
  "id" uuid NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "secret_hash" character varying(64) NOT NULL,
  "tag" character varying(255) NOT NULL,
  "allows" character varying(16) NOT NULL,
  "password" character varying(255) NULL,
  "expires_at" timestamptz NULL,
  "visits" bigint NOT NULL,
  "visited_at" timestamptz NULL,
  "changes" bigint NOT NULL,
  "note_id" uuid NULL,
  "space_id" uuid NOT NULL,
  "user_id" uuid NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "shares_notes_shares" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "shares_spaces_space" FOREIGN KEY ("space_id") REFERENCES "spaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "shares_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "shares_by_secret" to table: "shares"
CREATE UNIQUE INDEX "shares_by_secret" ON "shares" ("secret_hash");
-- create index "shares_of_note" to table: "shares"
CREATE INDEX "shares_of_note" ON "shares" ("note_id");
-- create index "shares_of_space" to table: "shares"
CREATE INDEX "shares_of_space" ON "shares" ("space_id");
-- create index "shares_of_user" to table: "shares"
CREATE INDEX "shares_of_user" ON "shares" ("user_id");
