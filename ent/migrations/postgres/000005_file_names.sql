-- create "file_names" table
CREATE TABLE "file_names" (
  "owner_id" uuid NOT NULL,
  "name_key" character varying(255) NOT NULL COLLATE "C",
  "name" character varying(255) NOT NULL,
  "hash" character varying(64) NOT NULL,
  PRIMARY KEY ("owner_id", "name_key"),
  CONSTRAINT "file_names_users" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "names_of_file" to table: "file_names"
CREATE INDEX "names_of_file" ON "file_names" ("owner_id", "hash");
