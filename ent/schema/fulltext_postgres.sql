-- The index of full-text search: see postgresSearch in ent/search_postgres.go.
CREATE TABLE IF NOT EXISTS note_search (
  note_id uuid NOT NULL PRIMARY KEY,
  space_id uuid NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  cut boolean NOT NULL,
  terms tsvector NOT NULL,
  CONSTRAINT note_search_notes FOREIGN KEY (note_id) REFERENCES notes (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS note_search_in_order ON note_search (space_id, updated_at, note_id);
CREATE INDEX IF NOT EXISTS note_search_terms ON note_search USING gin (terms) WITH (gin_pending_list_limit = 256);
CREATE INDEX IF NOT EXISTS note_search_cut ON note_search (space_id) WHERE cut;
-- So that the planner knows rare words from those that it had better look for from the newest note on.
ALTER TABLE note_search ALTER COLUMN terms SET STATISTICS 1000;
