-- create "access_tokens" table
CREATE TABLE "access_tokens" (
  "token_hash" character varying(64) NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "name" character varying(255) NOT NULL,
  "scopes" character varying(255) NOT NULL,
  "expires_at" timestamptz NULL,
  "used_at" timestamptz NULL,
  "space_id" uuid NOT NULL,
  "user_id" uuid NOT NULL,
  PRIMARY KEY ("token_hash"),
  CONSTRAINT "access_tokens_spaces_space" FOREIGN KEY ("space_id") REFERENCES "spaces" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "access_tokens_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "tokens_of_space" to table: "access_tokens"
CREATE INDEX "tokens_of_space" ON "access_tokens" ("space_id");
-- create index "tokens_of_user" to table: "access_tokens"
CREATE INDEX "tokens_of_user" ON "access_tokens" ("user_id");
