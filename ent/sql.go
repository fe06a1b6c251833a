package ent

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"

	"octavo/ent/gen"
)

// statements are the texts of the hot reads in one dialect.
type statements struct {
	session                string
	note, noteLocked       string
	record, recordLocked   string
	notesFirst, notesAfter string
	placeApart             bool // whether notesAfter takes all but the last part of its place twice
}

const (
	selectSession = `SELECT user_id, created_at, seen_at FROM sessions WHERE token_hash = ?`

	selectNote = `SELECT title, content, excerpt, pinned, state, created_at, updated_at, version
		FROM notes WHERE id = ? AND owner_id = ?`

	selectRecord = `SELECT title, content, created_at, updated_at FROM records WHERE id = ? AND owner_id = ?`

	// The list is its index read backwards, from the place where the page before ended.
	selectNotes = `SELECT id, title, excerpt, pinned, updated_at, version FROM notes`
	inState     = ` WHERE owner_id = ? AND state = ?`
	afterPlace  = ` AND (pinned, updated_at, id) < (?, ?, ?)`
	inOrder     = ` ORDER BY pinned DESC, updated_at DESC, id DESC LIMIT ?`

	// MySQL compares rows without an index, so for it they are taken apart. And it knows nothing of the limit when it
	// guesses what an index is worth: left alone it reads all pages before the one that is asked for.
	useIndex        = ` FORCE INDEX (notes_in_order)`
	afterPlaceApart = ` AND (pinned < ? OR pinned = ? AND (updated_at < ? OR updated_at = ? AND id < ?))`
)

func newStatements(name string) *statements {
	forUpdate := " FOR UPDATE"
	if name == dialect.SQLite {
		forUpdate = "" // a transaction is the only writer from its beginning
	}
	list, after := selectNotes+inState, afterPlace
	if name == dialect.MySQL {
		list, after = selectNotes+useIndex+inState, afterPlaceApart
	}
	text := func(query string) string { return withPlaceholders(name, query) }
	return &statements{
		session:      text(selectSession),
		note:         text(selectNote),
		noteLocked:   text(selectNote + forUpdate),
		record:       text(selectRecord),
		recordLocked: text(selectRecord + forUpdate),
		notesFirst:   text(list + inOrder),
		notesAfter:   text(list + after + inOrder),
		placeApart:   name == dialect.MySQL,
	}
}

// withPlaceholders returns query with its question marks as the dialect wants them.
func withPlaceholders(name, query string) string {
	if name != dialect.Postgres {
		return query
	}
	var b strings.Builder
	for n := 1; ; n++ {
		before, after, found := strings.Cut(query, "?")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		b.WriteString("$" + strconv.Itoa(n))
		query = after
	}
}

// scanRow runs a query for one row, and scans it into dest. It returns sql.ErrNoRows when there is none.
func scanRow(ctx context.Context, client *gen.Client, query string, args []any, dest ...any) error {
	rows, err := client.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(dest...); err != nil {
		return err
	}
	return rows.Close()
}
