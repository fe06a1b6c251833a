-- What Ent can't say: the index of full-text search. See sqliteSearch in ent/search_sqlite.go. It had each pair of characters of
-- scripts without blanks twice. It follows from the notes, so it is made anew.
DROP TABLE IF EXISTS search_words;
DROP TABLE IF EXISTS search_index;
DROP TABLE IF EXISTS search_docs;
DROP TABLE IF EXISTS search_owners;
CREATE TABLE search_owners (
  owner_id text NOT NULL PRIMARY KEY,
  number integer NOT NULL,
  slack integer NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX search_owners_by_number ON search_owners (number);
CREATE TABLE search_docs (
  number integer NOT NULL PRIMARY KEY,
  note_id text NOT NULL,
  second integer NOT NULL,
  version integer NOT NULL
);
CREATE UNIQUE INDEX search_docs_of_note ON search_docs (note_id);
CREATE INDEX search_docs_in_time ON search_docs (number >> 40, second);
CREATE VIRTUAL TABLE search_index USING fts5(
  title, content, marks,
  content = '', contentless_delete = 1, prefix = '3',
  tokenize = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[]^_{|}~'"
);
CREATE VIRTUAL TABLE search_words USING fts5vocab(search_index, instance);
