-- What Ent can't say: the index of full-text search. See sqliteSearch in ent/search_sqlite.go. It has one column now, numbers that
-- are closer to one another, and not what changes without the texts. It follows from the notes, so it is made anew.
DROP TABLE IF EXISTS search_words;
DROP TABLE IF EXISTS search_index;
DROP TABLE IF EXISTS search_docs;
DROP TABLE IF EXISTS search_spaces;
CREATE TABLE search_spaces (
  space_id text NOT NULL PRIMARY KEY,
  number integer NOT NULL,
  slack integer NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX search_spaces_by_number ON search_spaces (number);
CREATE TABLE search_docs (
  number integer NOT NULL PRIMARY KEY,
  note_id text NOT NULL,
  second integer NOT NULL,
  version integer NOT NULL,
  digest integer NOT NULL,
  state text NOT NULL,
  pinned integer NOT NULL
);
CREATE UNIQUE INDEX search_docs_of_note ON search_docs (note_id);
CREATE INDEX search_docs_in_time ON search_docs (number >> 40, second);
CREATE INDEX search_docs_pinned ON search_docs (number) WHERE pinned;
CREATE INDEX search_docs_archived ON search_docs (number) WHERE state = 'archived';
CREATE INDEX search_docs_trashed ON search_docs (number) WHERE state = 'trashed';
CREATE VIRTUAL TABLE search_index USING fts5(
  terms, content = '', contentless_delete = 1, prefix = '3',
  tokenize = "ascii tokenchars '!#$%&()*+,-./:;<=>?@[]^_{|}~'"
);
CREATE VIRTUAL TABLE search_words USING fts5vocab(search_index, instance);
