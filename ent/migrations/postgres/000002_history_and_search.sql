-- create "leases" table
CREATE TABLE "leases" (
  "job" character varying(64) NOT NULL,
  "until" bigint NOT NULL,
  PRIMARY KEY ("job")
);
-- create "creations" table
CREATE TABLE "creations" (
  "owner_id" uuid NOT NULL,
  "request_key" character varying(64) NOT NULL,
  "request_hash" character varying(64) NOT NULL,
  "note_id" uuid NOT NULL,
  "created_at" bigint NOT NULL,
  PRIMARY KEY ("owner_id", "request_key"),
  CONSTRAINT "creations_users" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "creations_by_age" to table: "creations"
CREATE INDEX "creations_by_age" ON "creations" ("created_at");
-- drop index "notes_in_order" from table: "notes"
DROP INDEX "notes_in_order";
-- modify "notes" table
ALTER TABLE "notes" ADD COLUMN "tags" text NOT NULL DEFAULT '', ADD COLUMN "moved_at" bigint NOT NULL DEFAULT 0, ADD COLUMN "listed_at" bigint NOT NULL DEFAULT 0, ADD COLUMN "saved" bigint NOT NULL DEFAULT 0, ADD COLUMN "author_id" uuid NULL, ADD COLUMN "title_key" character varying(255) NOT NULL DEFAULT '' COLLATE "C";
-- create index "notes_by_title" to table: "notes"
CREATE INDEX "notes_by_title" ON "notes" ("owner_id", "title_key", "id");
-- create index "notes_listed" to table: "notes"
CREATE INDEX "notes_listed" ON "notes" ("owner_id", "state", "pinned", "listed_at", "id");
-- create "drafts" table
CREATE TABLE "drafts" (
  "owner_id" uuid NOT NULL,
  "draft_key" uuid NOT NULL,
  "note_id" uuid NULL,
  "base" bigint NOT NULL,
  "title" character varying(255) NOT NULL,
  "tags" text NOT NULL,
  "saved_at" bigint NOT NULL,
  "content" text NOT NULL,
  PRIMARY KEY ("owner_id", "draft_key"),
  CONSTRAINT "drafts_notes" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE,
  CONSTRAINT "drafts_users" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "drafts_in_order" to table: "drafts"
CREATE INDEX "drafts_in_order" ON "drafts" ("owner_id", "saved_at", "draft_key");
-- create index "drafts_of_note" to table: "drafts"
CREATE INDEX "drafts_of_note" ON "drafts" ("note_id");
-- create "file_uses" table
CREATE TABLE "file_uses" (
  "note_id" uuid NOT NULL,
  "hash" character varying(64) NOT NULL,
  "owner_id" uuid NOT NULL,
  PRIMARY KEY ("note_id", "hash"),
  CONSTRAINT "file_uses_notes" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "uses_by_file" to table: "file_uses"
CREATE INDEX "uses_by_file" ON "file_uses" ("owner_id", "hash", "note_id");
-- create "files" table
CREATE TABLE "files" (
  "owner_id" uuid NOT NULL,
  "hash" character varying(64) NOT NULL,
  "name" character varying(255) NOT NULL,
  "type" character varying(255) NOT NULL,
  "size" bigint NOT NULL,
  "created_at" bigint NOT NULL,
  PRIMARY KEY ("owner_id", "hash"),
  CONSTRAINT "files_users" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "files_by_hash" to table: "files"
CREATE INDEX "files_by_hash" ON "files" ("hash");
-- create "note_links" table
CREATE TABLE "note_links" (
  "note_id" uuid NOT NULL,
  "title_key" character varying(255) NOT NULL COLLATE "C",
  "owner_id" uuid NOT NULL,
  PRIMARY KEY ("note_id", "title_key"),
  CONSTRAINT "note_links_notes" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "links_by_title" to table: "note_links"
CREATE INDEX "links_by_title" ON "note_links" ("owner_id", "title_key", "note_id");
-- create "note_tags" table
CREATE TABLE "note_tags" (
  "note_id" uuid NOT NULL,
  "tag_key" character varying(255) NOT NULL COLLATE "C",
  "owner_id" uuid NOT NULL,
  "state" character varying(16) NOT NULL,
  "pinned" boolean NOT NULL,
  "listed_at" bigint NOT NULL,
  PRIMARY KEY ("note_id", "tag_key"),
  CONSTRAINT "note_tags_notes" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "tagged_by_id" to table: "note_tags"
CREATE INDEX "tagged_by_id" ON "note_tags" ("owner_id", "tag_key", "note_id");
-- create index "tagged_in_order" to table: "note_tags"
CREATE INDEX "tagged_in_order" ON "note_tags" ("owner_id", "tag_key", "state", "pinned", "listed_at", "note_id");
-- create "revisions" table
CREATE TABLE "revisions" (
  "note_id" uuid NOT NULL,
  "version" bigint NOT NULL,
  "owner_id" uuid NOT NULL,
  "title" character varying(255) NOT NULL,
  "tags" text NOT NULL,
  "size" bigint NOT NULL,
  "saved_at" bigint NOT NULL,
  "author_id" uuid NULL,
  "content" text NOT NULL,
  PRIMARY KEY ("note_id", "version"),
  CONSTRAINT "revisions_notes" FOREIGN KEY ("note_id") REFERENCES "notes" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "revisions_by_age" to table: "revisions"
CREATE INDEX "revisions_by_age" ON "revisions" ("saved_at", "note_id");
-- create "searches" table
CREATE TABLE "searches" (
  "id" uuid NOT NULL,
  "name" character varying(255) NOT NULL,
  "query" text NOT NULL,
  "created_at" bigint NOT NULL,
  "owner_id" uuid NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "searches_users_owner" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "searches_of_user" to table: "searches"
CREATE INDEX "searches_of_user" ON "searches" ("owner_id");
-- create "tags" table
CREATE TABLE "tags" (
  "owner_id" uuid NOT NULL,
  "tag_key" character varying(255) NOT NULL COLLATE "C",
  "name" character varying(255) NOT NULL,
  "notes" bigint NOT NULL,
  PRIMARY KEY ("owner_id", "tag_key"),
  CONSTRAINT "tags_users" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create "undos" table
CREATE TABLE "undos" (
  "id" uuid NOT NULL,
  "text" text NOT NULL,
  "created_at" bigint NOT NULL,
  "notes" text NOT NULL,
  "owner_id" uuid NOT NULL,
  PRIMARY KEY ("id"),
  CONSTRAINT "undos_users_owner" FOREIGN KEY ("owner_id") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE
);
-- create index "undos_by_age" to table: "undos"
CREATE INDEX "undos_by_age" ON "undos" ("created_at");
-- create index "undos_of_user" to table: "undos"
CREATE INDEX "undos_of_user" ON "undos" ("owner_id");
