package ent_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

// A page must cost the same wherever it is and however many notes there are: the database goes to its place in the
// index, reads the notes of the page one after another, and has nothing to sort.
func TestPageOfNotesIsReadFromItsPlaceInTheIndex(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		middle := fillWithNotes(t, url, 400)
		db, err := backend.Open(t.Context(), url)
		must(t, err)
		defer func() { must(t, db.Close()) }()
		conn, err := db.Writer.Conn(t.Context())
		must(t, err)
		defer func() { must(t, conn.Close()) }()

		// How each database shows its plan, and what of a plan says that it begins at the page's place.
		dialect := map[string]struct {
			prepare, explain string
			fromPlace        string
			place            []any
		}{
			"sqlite3": {
				"ANALYZE", "EXPLAIN QUERY PLAN ", "(pinned,updated_at,id)<(?,?,?)",
				[]any{false, middle.UnixMicro(), string(domain.NewID())},
			},
			"postgres": {
				"SET enable_seqscan = off", "EXPLAIN ", "ROW(pinned, updated_at, id) < ROW(",
				[]any{false, middle.UnixMicro(), string(domain.NewID())},
			},
			"mysql": {
				"ANALYZE TABLE notes", "EXPLAIN FORMAT=JSON ", `"access_type": "range"`,
				[]any{false, false, middle.UnixMicro(), middle.UnixMicro(), string(domain.NewID())},
			},
		}[db.Dialect]
		_, err = conn.ExecContext(t.Context(), dialect.prepare)
		must(t, err)

		first, later := ent.SelectNotes(db.Dialect)
		list := []any{string(domain.OwnerID), string(domain.Active)}
		plan := explain(t.Context(), t, conn, dialect.explain+first, append(list, 20)...)
		wantOrderFromIndex(t, plan)
		plan = explain(t.Context(), t, conn, dialect.explain+later, append(append(list, dialect.place...), 20)...)
		wantOrderFromIndex(t, plan)
		if !strings.Contains(plan, dialect.fromPlace) {
			t.Errorf("a later page isn't begun at its place, %q:\n%s", dialect.fromPlace, plan)
		}
	})
}

func wantOrderFromIndex(t *testing.T, plan string) {
	t.Helper()
	if !strings.Contains(plan, "notes_in_order") {
		t.Errorf("the plan doesn't use the index:\n%s", plan)
	}
	for _, sort := range []string{"TEMP B-TREE", "Sort", "filesort"} {
		if strings.Contains(plan, sort) {
			t.Errorf("the plan sorts:\n%s", plan)
		}
	}
}

// fillWithNotes stores n active notes and returns the time of one in the middle of the list.
func fillWithNotes(t *testing.T, url string, n int) (middle time.Time) {
	t.Helper()
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(begin)))
	must(t, store.Atomically(t.Context(), func(repos domain.Repos) error {
		for i := range n {
			draft := domain.NoteDraft{Title: fmt.Sprint("note ", i)}
			note, err := domain.NewNote(draft, begin.Add(time.Duration(i)*time.Minute))
			if err != nil {
				return err
			}
			if err := repos.Notes(domain.Actor{User: domain.OwnerID}).Add(t.Context(), note); err != nil {
				return err
			}
		}
		return nil
	}))
	return begin.Add(time.Duration(n/2) * time.Minute)
}

// explain returns all text of a plan.
func explain(ctx context.Context, t *testing.T, conn *sql.Conn, query string, args ...any) string {
	t.Helper()
	rows, err := conn.QueryContext(ctx, query, args...)
	must(t, err)
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	must(t, err)
	var plan strings.Builder
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(string)
		}
		must(t, rows.Scan(values...))
		for _, v := range values {
			plan.WriteString(*v.(*string) + " ")
		}
		plan.WriteByte('\n')
	}
	must(t, rows.Err())
	return plan.String()
}
