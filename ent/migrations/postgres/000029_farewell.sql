-- modify "memberships" table
ALTER TABLE "memberships" ADD COLUMN "closed" boolean NOT NULL DEFAULT false;
-- modify "spaces" table
ALTER TABLE "spaces" ADD COLUMN "goes_at" timestamptz NULL;
-- modify "users" table
ALTER TABLE "users" ADD COLUMN "goes_at" timestamptz NULL;
