-- create "passkeys" table
CREATE TABLE "passkeys" (
  "credential_hash" character varying(64) NOT NULL,
  "created_at" timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "name" character varying(255) NOT NULL,
  "credential" character varying(1364) NOT NULL,
  "public_key" character varying(2731) NOT NULL,
  "sign_count" bigint NOT NULL,
  "backup_eligible" boolean NOT NULL,
  "backed_up" boolean NOT NULL,
  "used_at" timestamptz NULL,
  "user_id" uuid NOT NULL,
  PRIMARY KEY ("credential_hash"),
  CONSTRAINT "passkeys_users_user" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "passkeys_of_user" to table: "passkeys"
CREATE INDEX "passkeys_of_user" ON "passkeys" ("user_id");
