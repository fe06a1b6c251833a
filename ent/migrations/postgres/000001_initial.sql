-- create "users" table
CREATE TABLE "users" (
  "id" uuid NOT NULL,
  "name" character varying(255) NOT NULL,
  "created_at" bigint NOT NULL,
  PRIMARY KEY ("id")
);
-- create "notes" table
CREATE TABLE "notes" (
  "id" uuid NOT NULL,
  "title" character varying(255) NOT NULL,
  "excerpt" character varying(255) NOT NULL,
  "pinned" boolean NOT NULL,
  "state" character varying(16) NOT NULL,
  "created_at" bigint NOT NULL,
  "updated_at" bigint NOT NULL,
  "version" bigint NOT NULL,
  "content" text NOT NULL,
  "owner_id" uuid NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "notes_users_owner" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "notes_in_order" to table: "notes"
CREATE INDEX "notes_in_order" ON "notes" ("owner_id", "state", "pinned", "updated_at", "id");
-- create "records" table
CREATE TABLE "records" (
  "id" uuid NOT NULL,
  "title" character varying(255) NOT NULL,
  "created_at" bigint NOT NULL,
  "updated_at" bigint NOT NULL,
  "content" text NOT NULL,
  "owner_id" uuid NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "records_users_owner" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "records_in_order" to table: "records"
CREATE INDEX "records_in_order" ON "records" ("owner_id", "id");
-- create "sessions" table
CREATE TABLE "sessions" (
  "token_hash" character varying(64) NOT NULL,
  "created_at" bigint NOT NULL,
  "seen_at" bigint NOT NULL,
  "user_id" uuid NOT NULL,
  PRIMARY KEY ("token_hash"),
  CONSTRAINT "sessions_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "sessions_of_user" to table: "sessions"
CREATE INDEX "sessions_of_user" ON "sessions" ("user_id");
