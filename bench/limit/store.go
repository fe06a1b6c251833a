package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"

	"github.com/mattn/go-sqlite3"
)

// server answers from one database file, through a connection that writes and four that read.
type server struct {
	cookie                         string // the name of the session's
	writer, reader                 *sql.DB
	session, firstNotes, note, add *sql.Stmt
}

const (
	sessionQuery = `SELECT user_id, created_at, seen_at FROM sessions WHERE token_hash = ?`
	firstQuery   = `SELECT id, title, excerpt, pinned, updated_at FROM notes WHERE owner_id = ? AND state = 'active'
		ORDER BY pinned DESC, updated_at DESC, id DESC LIMIT ?`
	noteQuery = `SELECT title, content, pinned, created_at, updated_at FROM notes WHERE id = ? AND owner_id = ?`
	addQuery  = `INSERT INTO notes (id, owner_id, title, content, excerpt, pinned, state, created_at, updated_at, version)
		VALUES (?, ?, ?, ?, ?, FALSE, 'active', ?, ?, 1)`
)

func open(ctx context.Context, path string) (*server, error) {
	var errs error
	prepare := func(db *sql.DB, query string) *sql.Stmt {
		statement, err := db.PrepareContext(ctx, query)
		errs = errors.Join(errs, err)
		return statement
	}
	s := &server{writer: pool(path, 1), reader: pool(path, 4)}
	s.add = prepare(s.writer, addQuery)
	s.session = prepare(s.reader, sessionQuery)
	s.firstNotes = prepare(s.reader, firstQuery)
	s.note = prepare(s.reader, noteQuery)
	if errs != nil {
		s.close()
		return nil, fmt.Errorf("open %s: %w", path, errs)
	}
	return s, nil
}

func (s *server) close() {
	_ = s.reader.Close()
	_ = s.writer.Close()
}

func pool(path string, n int) *sql.DB {
	db := sql.OpenDB(connector("file:" + (&url.URL{Path: path}).EscapedPath() +
		"?_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_busy_timeout=5000&_mutex=no"))
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db
}

// connector opens connections to the data source it names, with the memory map that such a name can't ask for.
type connector string

var sqlite = &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
	_, err := c.Exec("PRAGMA mmap_size = 268435456", nil)
	return err
}}

func (c connector) Connect(context.Context) (driver.Conn, error) { return sqlite.Open(string(c)) }
func (c connector) Driver() driver.Driver                        { return sqlite }
