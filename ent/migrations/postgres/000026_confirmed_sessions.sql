-- modify "sessions" table
ALTER TABLE "sessions" ADD COLUMN "confirmed_at" timestamptz NULL;
