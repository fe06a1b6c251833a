package ent

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect"
)

// What the searches of the databases have in common, whose tables and queries Ent has no words for.

// Of note_search, which PostgreSQL and MySQL have.
const (
	deleteTerms = `DELETE FROM note_search WHERE note_id = ?`
	lostTerms   = `DELETE FROM note_search WHERE note_id > ? AND note_id <= ?
		AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.id = note_search.note_id)`
)

var staleRows = `SELECT n.id AS next, ` + staleColumns + ` FROM notes n WHERE n.id > ?
		AND COALESCE((SELECT s.version FROM note_search s WHERE s.note_id = n.id), -1) <> n.version ORDER BY n.id LIMIT ? FOR UPDATE`

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

// list returns n times the same, separated by commas.
func list(what string, n int) string { return strings.TrimSuffix(strings.Repeat(what+", ", n), ", ") }

// insertRows inserts rows in their order. ending follows their values.
func (r repos) insertRows(ctx context.Context, table, columns, ending string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	return r.insertRowsAs(ctx, table, columns, "("+list("?", len(rows[0]))+")", ending, rows)
}

// insertRowsAs inserts rows, each written as row is.
func (r repos) insertRowsAs(ctx context.Context, table, columns, row, ending string, rows [][]any) error {
	for len(rows) > 0 {
		count, size := 0, 0
		for count < min(len(rows), rowsPiece) && size < bytesPiece {
			size += sizeOf(rows[count])
			count++
		}
		statement := "INSERT INTO " + table + " (" + columns + ") VALUES " + list(row, count) + ending
		if err := r.later(ctx, withPlaceholders(r.text.dialect, statement), slices.Concat(rows[:count]...)...); err != nil {
			return err
		}
		rows = rows[count:]
	}
	return nil
}
