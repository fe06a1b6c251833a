-- modify "users" table
ALTER TABLE "users" ADD COLUMN "admin" boolean NOT NULL DEFAULT false, ADD COLUMN "disabled" boolean NOT NULL DEFAULT false;
-- create "invitations" table
CREATE TABLE "invitations" (
  "id" uuid NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "secret_hash" character varying(64) NOT NULL,
  "admin" boolean NOT NULL,
  "expires_at" timestamptz NOT NULL,
  "inviter_id" uuid NOT NULL,
  "user_id" uuid NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "invitations_users_inviter" FOREIGN KEY ("inviter_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "invitations_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "invitations_by_secret" to table: "invitations"
CREATE UNIQUE INDEX "invitations_by_secret" ON "invitations" ("secret_hash");
-- create index "invitations_from_user" to table: "invitations"
CREATE INDEX "invitations_from_user" ON "invitations" ("inviter_id");
-- create index "invitations_of_user" to table: "invitations"
CREATE INDEX "invitations_of_user" ON "invitations" ("user_id");
