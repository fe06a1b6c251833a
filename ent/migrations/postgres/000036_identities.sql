-- create "identities" table
CREATE TABLE "identities" (
  "subject_hash" character varying(64) NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "name" character varying(255) NOT NULL,
  "used_at" timestamptz NULL,
  "user_id" uuid NOT NULL,
  PRIMARY KEY ("subject_hash"),
  CONSTRAINT "identities_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "identities_of_user" to table: "identities"
CREATE INDEX "identities_of_user" ON "identities" ("user_id");
