-- The index of full-text search: see mysqlSearch in ent/search_mysql.go.
CREATE TABLE IF NOT EXISTS note_search (
  note_id char(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  space_id char(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  created_at datetime(6) NOT NULL,
  updated_at datetime(6) NOT NULL,
  version bigint NOT NULL,
  terms mediumtext CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  FULLTEXT INDEX note_search_terms (terms),
  CONSTRAINT note_search_notes FOREIGN KEY (note_id) REFERENCES notes (id) ON DELETE CASCADE
) ENGINE = InnoDB CHARSET utf8mb4 COLLATE utf8mb4_bin;
