-- lint:allow change
-- Times were microseconds since 1970. The time that nothing was believed of yet becomes none.
-- modify "creations" table
ALTER TABLE "creations" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP;
-- modify "drafts" table
ALTER TABLE "drafts" ALTER COLUMN "saved_at" TYPE timestamptz USING to_timestamp(saved_at / 1000000) + (saved_at % 1000000) * interval '1 microsecond';
-- modify "files" table
ALTER TABLE "files" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP;
-- modify "leases" table
ALTER TABLE "leases" ALTER COLUMN "until" TYPE timestamptz USING to_timestamp(until / 1000000) + (until % 1000000) * interval '1 microsecond';
-- modify "memberships" table
ALTER TABLE "memberships" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP;
-- modify "note_tags" table
ALTER TABLE "note_tags" ALTER COLUMN "listed_at" TYPE timestamptz USING to_timestamp(listed_at / 1000000) + (listed_at % 1000000) * interval '1 microsecond';
-- modify "notes" table
ALTER TABLE "notes" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP, ALTER COLUMN "updated_at" TYPE timestamptz USING to_timestamp(updated_at / 1000000) + (updated_at % 1000000) * interval '1 microsecond', ALTER COLUMN "moved_at" DROP DEFAULT, ALTER COLUMN "moved_at" TYPE timestamptz USING to_timestamp(moved_at / 1000000) + (moved_at % 1000000) * interval '1 microsecond', ALTER COLUMN "listed_at" DROP DEFAULT, ALTER COLUMN "listed_at" TYPE timestamptz USING to_timestamp(listed_at / 1000000) + (listed_at % 1000000) * interval '1 microsecond';
-- modify "records" table
ALTER TABLE "records" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP, ALTER COLUMN "updated_at" TYPE timestamptz USING to_timestamp(updated_at / 1000000) + (updated_at % 1000000) * interval '1 microsecond';
-- modify "revisions" table
ALTER TABLE "revisions" ALTER COLUMN "saved_at" TYPE timestamptz USING to_timestamp(saved_at / 1000000) + (saved_at % 1000000) * interval '1 microsecond';
-- modify "searches" table
ALTER TABLE "searches" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP;
-- modify "sessions" table
ALTER TABLE "sessions" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP, ALTER COLUMN "seen_at" TYPE timestamptz USING to_timestamp(seen_at / 1000000) + (seen_at % 1000000) * interval '1 microsecond';
-- modify "spaces" table
ALTER TABLE "spaces" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP;
-- modify "trusts" table
ALTER TABLE "trusts" ALTER COLUMN "seen_at" TYPE timestamptz USING to_timestamp(seen_at / 1000000) + (seen_at % 1000000) * interval '1 microsecond', ALTER COLUMN "believed_at" DROP NOT NULL, ALTER COLUMN "believed_at" TYPE timestamptz USING CASE WHEN believed_at > -62135596800000000 THEN to_timestamp(believed_at / 1000000) + (believed_at % 1000000) * interval '1 microsecond' END, ALTER COLUMN "next_at" TYPE timestamptz USING to_timestamp(next_at / 1000000) + (next_at % 1000000) * interval '1 microsecond';
-- modify "undos" table
ALTER TABLE "undos" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP;
-- modify "used_tickets" table
ALTER TABLE "used_tickets" ALTER COLUMN "used_at" TYPE timestamptz USING to_timestamp(used_at / 1000000) + (used_at % 1000000) * interval '1 microsecond';
-- modify "users" table
ALTER TABLE "users" ALTER COLUMN "created_at" TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN "created_at" SET DEFAULT CURRENT_TIMESTAMP;
-- What Ent can't say: the index of full-text search. See postgresSearch in ent/search_postgres.go.
ALTER TABLE note_search ALTER COLUMN created_at TYPE timestamptz USING to_timestamp(created_at / 1000000) + (created_at % 1000000) * interval '1 microsecond', ALTER COLUMN updated_at TYPE timestamptz USING to_timestamp(updated_at / 1000000) + (updated_at % 1000000) * interval '1 microsecond';
