package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"slices"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/mattn/go-sqlite3"
)

// server answers from one database: an SQLite file, through a connection that writes and four that read, or a database
// of a PostgreSQL server, through eight that do both.
type server struct {
	cookie         string // the name of the session's
	writer, reader *sql.DB
	postgres       bool

	session, firstNotes, note, target, backlinks, add, search *sql.Stmt
}

// Both databases take $1 for the first argument, as long as these come in their order.
const (
	sessionQuery = `SELECT user_id, created_at, seen_at FROM sessions WHERE token_hash = $1`

	// What else there may be to show, which there isn't: drafts and saved searches.
	firstQuery = `SELECT id, title, excerpt, tags, pinned, updated_at,
			(SELECT COUNT(*) FROM drafts d WHERE d.space_id = n.space_id AND d.base = 0)
			+ (SELECT COUNT(*) FROM searches s WHERE s.space_id = n.space_id)
		FROM notes n WHERE space_id = $1 AND state = 'active' ORDER BY pinned DESC, listed_at DESC, id DESC LIMIT $2`
	noteQuery = `SELECT title, title_key, content, tags, pinned, created_at, updated_at, saved,
			(SELECT COUNT(*) FROM drafts d WHERE d.space_id = n.space_id AND d.draft_key = n.id)
			+ (SELECT COUNT(*) FROM searches s WHERE s.space_id = n.space_id)
		FROM notes n WHERE id = $1 AND space_id = $2`
	targetQuery = `SELECT id FROM notes WHERE space_id = $1 AND title_key = $2 AND state <> 'trashed'
		ORDER BY id LIMIT 1`
	backlinksQuery = `SELECT n.id, n.title FROM note_links l JOIN notes n ON n.id = l.note_id
		WHERE l.space_id = $1 AND l.title_key = $2 AND n.state <> 'trashed' ORDER BY l.note_id LIMIT 50`

	addQuery = `INSERT INTO notes (id, space_id, title, title_key, content, excerpt, tags, pinned, state, created_at,
		updated_at, moved_at, listed_at, version, saved)
		VALUES ($1, $2, $3, $4, $5, $6, '', FALSE, 'active', $7, $7, $7, $7, 1, 1)`

	// The index alone, and nothing of the notes: those whose words begin like this, the last updated first.
	sqliteSearch = `SELECT d.note_id FROM search_index CROSS JOIN search_docs d ON d.number = search_index.rowid
		WHERE search_index MATCH $1 ORDER BY search_index.rowid DESC LIMIT $2`
	postgresSearch = `SELECT note_id FROM note_search WHERE space_id = CAST($1 AS uuid) AND terms @@ CAST($2 AS tsquery)
		ORDER BY updated_at DESC, note_id DESC LIMIT $3`
)

// open opens the database at databaseURL, or the SQLite file at path where that is "".
func open(ctx context.Context, databaseURL, path string) (*server, error) {
	s := &server{postgres: databaseURL != ""}
	if s.postgres {
		db, err := sql.Open("pgx", databaseURL)
		if err != nil {
			return nil, err
		}
		s.writer, s.reader = limited(db, 8), db
	} else {
		s.writer, s.reader = limited(openSQLite(path), 1), limited(openSQLite(path), 4)
	}
	var errs error
	prepare := func(db *sql.DB, query string) *sql.Stmt {
		statement, err := db.PrepareContext(ctx, query)
		errs = errors.Join(errs, err)
		return statement
	}
	s.add = prepare(s.writer, addQuery)
	s.session = prepare(s.reader, sessionQuery)
	s.firstNotes = prepare(s.reader, firstQuery)
	s.note = prepare(s.reader, noteQuery)
	s.target = prepare(s.reader, targetQuery)
	s.backlinks = prepare(s.reader, backlinksQuery)
	if !s.postgres { // where a plan that is kept knows nothing of how many notes have a word
		s.search = prepare(s.reader, sqliteSearch)
	}
	if errs != nil {
		s.close()
		return nil, fmt.Errorf("open %s%s: %w", databaseURL, path, errs)
	}
	return s, nil
}

func (s *server) close() {
	_ = s.reader.Close()
	_ = s.writer.Close()
}

// find asks the index for at most limit notes with words that begin like this.
func (s *server) find(ctx context.Context, space, beginning string, limit int) (*sql.Rows, error) {
	if s.postgres {
		return s.reader.QueryContext(ctx, postgresSearch, pgx.QueryExecModeExec, space, "'"+beginning+"':* & !'!trashed'", limit)
	}
	return s.search.QueryContext(ctx, `("~`+beginning+`" *) NOT ("!trashed")`, limit)
}

func limited(db *sql.DB, n int) *sql.DB {
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db
}

func openSQLite(path string) *sql.DB {
	return sql.OpenDB(connector("file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000&_mutex=no"))
}

// connector opens connections to the data source it names, with the memory map that such a name can't ask for.
type connector string

func init() { // as Octavo keeps times
	sqlite3.SQLiteTimestampFormats = slices.Insert(sqlite3.SQLiteTimestampFormats, 0, "2006-01-02 15:04:05.000000")
}

var sqlite = &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
	_, err := c.Exec("PRAGMA mmap_size = 268435456", nil)
	return err
}}

func (c connector) Connect(context.Context) (driver.Conn, error) { return sqlite.Open(string(c)) }
func (c connector) Driver() driver.Driver                        { return sqlite }
