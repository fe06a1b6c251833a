-- The index of full-text search: see sqliteSearch in ent/search_sqlite.go.
CREATE TABLE IF NOT EXISTS search_spaces (
  space_id text NOT NULL PRIMARY KEY,
  number integer NOT NULL,
  slack integer NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS search_spaces_by_number ON search_spaces (number);
CREATE TABLE IF NOT EXISTS search_docs (
  number integer NOT NULL PRIMARY KEY,
  note_id text NOT NULL,
  second integer NOT NULL,
  version integer NOT NULL,
  digest integer NOT NULL,
  state text NOT NULL,
  pinned integer NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS search_docs_of_note ON search_docs (note_id);
CREATE INDEX IF NOT EXISTS search_docs_in_time ON search_docs (number >> 40, second);
CREATE INDEX IF NOT EXISTS search_docs_pinned ON search_docs (number) WHERE pinned;
CREATE INDEX IF NOT EXISTS search_docs_archived ON search_docs (number) WHERE state = 'archived';
CREATE INDEX IF NOT EXISTS search_docs_trashed ON search_docs (number) WHERE state = 'trashed';
CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(
  terms, content = '', contentless_delete = 1, prefix = '3',
  tokenize = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[]^_{|}~'"
);
CREATE VIRTUAL TABLE IF NOT EXISTS search_words USING fts5vocab(search_index, instance);
