-- lint:allow rename copy
-- What referred to users refers to spaces from now on. It does so by itself when the table gets that name, and nothing is
-- copied; sessions alone, which are of users, are made to refer to the new table of users.
ALTER TABLE users RENAME TO spaces;
CREATE TABLE users (
  id text NOT NULL,
  created_at integer NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (id)
);
INSERT INTO users (id, created_at, name) SELECT id, created_at, name FROM spaces;
CREATE TABLE new_sessions (
  token_hash text NOT NULL,
  created_at integer NOT NULL,
  seen_at integer NOT NULL,
  browser text NOT NULL DEFAULT '',
  user_id text NOT NULL,
  PRIMARY KEY (token_hash),
  CONSTRAINT sessions_users_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO new_sessions (token_hash, created_at, seen_at, browser, user_id) SELECT token_hash, created_at, seen_at, browser, user_id FROM sessions;
DROP TABLE sessions;
ALTER TABLE new_sessions RENAME TO sessions;
CREATE INDEX sessions_of_user ON sessions (user_id);
-- The members of spaces: each user owns the one that has their id.
CREATE TABLE memberships (
  id integer NOT NULL,
  created_at integer NOT NULL,
  role text NOT NULL,
  space_id text NOT NULL,
  user_id text NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT memberships_spaces_space FOREIGN KEY (space_id) REFERENCES spaces (id) ON DELETE CASCADE,
  CONSTRAINT memberships_users_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);
INSERT INTO memberships (created_at, role, space_id, user_id) SELECT created_at, 'owner', id, id FROM users;
CREATE UNIQUE INDEX members_of_space ON memberships (space_id, user_id);
CREATE INDEX spaces_of_user ON memberships (user_id);
-- What a user owned is in their space.
ALTER TABLE notes RENAME COLUMN owner_id TO space_id;
ALTER TABLE records RENAME COLUMN owner_id TO space_id;
ALTER TABLE creations RENAME COLUMN owner_id TO space_id;
ALTER TABLE files RENAME COLUMN owner_id TO space_id;
ALTER TABLE file_names RENAME COLUMN owner_id TO space_id;
ALTER TABLE searches RENAME COLUMN owner_id TO space_id;
ALTER TABLE tags RENAME COLUMN owner_id TO space_id;
ALTER TABLE undos RENAME COLUMN owner_id TO space_id;
ALTER TABLE note_tags RENAME COLUMN owner_id TO space_id;
ALTER TABLE note_links RENAME COLUMN owner_id TO space_id;
ALTER TABLE note_aliases RENAME COLUMN owner_id TO space_id;
ALTER TABLE file_uses RENAME COLUMN owner_id TO space_id;
ALTER TABLE revisions RENAME COLUMN owner_id TO space_id;
DROP INDEX files_of_user;
CREATE UNIQUE INDEX files_of_space ON files (space_id, hash);
DROP INDEX searches_of_user;
CREATE INDEX searches_of_space ON searches (space_id);
DROP INDEX undos_of_user;
CREATE INDEX undos_of_space ON undos (space_id);
-- A draft is a user's, in a space.
CREATE TABLE new_drafts (
  id integer NOT NULL,
  draft_key text NOT NULL,
  base integer NOT NULL,
  title text NOT NULL,
  tags text NOT NULL,
  saved_at integer NOT NULL,
  space_id text NOT NULL,
  user_id text NOT NULL,
  note_id text NULL,
  content text NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT drafts_spaces_space FOREIGN KEY (space_id) REFERENCES spaces (id) ON DELETE CASCADE,
  CONSTRAINT drafts_users_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT drafts_notes_drafts FOREIGN KEY (note_id) REFERENCES notes (id) ON DELETE CASCADE
);
INSERT INTO new_drafts (id, draft_key, base, title, tags, saved_at, space_id, user_id, note_id, content) SELECT id, draft_key, base, title, tags, saved_at, owner_id, owner_id, note_id, content FROM drafts;
DROP TABLE drafts;
ALTER TABLE new_drafts RENAME TO drafts;
CREATE UNIQUE INDEX drafts_by_key ON drafts (space_id, user_id, draft_key);
CREATE INDEX drafts_of_note ON drafts (note_id);
CREATE INDEX drafts_in_order ON drafts (space_id, user_id, saved_at, draft_key);
-- What Ent can't say: the index of full-text search. See sqliteSearch in ent/search_sqlite.go.
ALTER TABLE search_owners RENAME TO search_spaces;
ALTER TABLE search_spaces RENAME COLUMN owner_id TO space_id;
DROP INDEX search_owners_by_number;
CREATE UNIQUE INDEX search_spaces_by_number ON search_spaces (number);
