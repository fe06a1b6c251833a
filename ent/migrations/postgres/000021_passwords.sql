-- modify "users" table
ALTER TABLE "users" ADD COLUMN "login" character varying(255) NULL COLLATE "C", ADD COLUMN "password" character varying(255) NULL;
-- create index "users_by_login" to table: "users"
CREATE UNIQUE INDEX "users_by_login" ON "users" ("login");
-- create "attempts" table
CREATE TABLE "attempts" (
  "key_hash" character varying(64) NOT NULL,
  "began_at" timestamptz NOT NULL,
  "tries" bigint NOT NULL,
  PRIMARY KEY ("key_hash")
);
-- create index "attempts_by_age" to table: "attempts"
CREATE INDEX "attempts_by_age" ON "attempts" ("began_at");
