-- create "trusts" table
CREATE TABLE "trusts" (
  "name" character varying(64) NOT NULL,
  "seen_at" bigint NOT NULL,
  "believed_at" bigint NOT NULL,
  "next_at" bigint NOT NULL,
  "ran" bigint NOT NULL,
  PRIMARY KEY ("name")
);
