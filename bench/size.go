package main

import (
	"context"
	"database/sql"
	"errors"
	"net/url"

	_ "github.com/mattn/go-sqlite3"
)

// sqliteIndexSize returns how many bytes the tables of full-text search take in a file: of the pages that would be free
// without them.
func sqliteIndexSize(ctx context.Context, path string) (_ int64, err error) {
	db, err := sql.Open("sqlite3", "file:"+(&url.URL{Path: path}).EscapedPath())
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.SetMaxOpenConns(1)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer func() { _ = tx.Rollback() }() // which brings them back
	var pageSize, before, after int64
	if err := errors.Join(
		tx.QueryRowContext(ctx, "PRAGMA page_size").Scan(&pageSize),
		tx.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&before),
	); err != nil {
		return 0, err
	}
	for _, table := range []string{"search_index", "search_docs", "search_spaces"} {
		if _, err := tx.ExecContext(ctx, "DROP TABLE "+table); err != nil {
			return 0, err
		}
	}
	if err := tx.QueryRowContext(ctx, "PRAGMA freelist_count").Scan(&after); err != nil {
		return 0, err
	}
	return (after - before) * pageSize, nil
}

// settlePostgres does what the server would do by itself after a while, and would otherwise do while it is measured,
// and returns how many bytes the table of full-text search takes with its indexes.
func settlePostgres(ctx context.Context, db *sql.DB) (size int64, err error) {
	if _, err := db.ExecContext(ctx, "VACUUM ANALYZE"); err != nil {
		return 0, err
	}
	err = db.QueryRowContext(ctx, "SELECT pg_total_relation_size('note_search')").Scan(&size)
	return size, err
}
