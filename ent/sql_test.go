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
// index, reads what the page shows in the order of the index, and has nothing to sort.
func TestPagesAreReadFromTheirPlaceInTheIndex(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		middle, id := fillWithNotes(t, url, 400)
		db, err := backend.Open(t.Context(), url)
		must(t, err)
		defer func() { must(t, db.Close()) }()
		conn, err := db.Writer.Conn(t.Context())
		must(t, err)
		defer func() { must(t, conn.Close()) }()

		// How each database shows its plan.
		dialect := map[string]struct {
			prepare []string
			explain string
		}{
			"sqlite3":  {[]string{"ANALYZE"}, "EXPLAIN QUERY PLAN "},
			"postgres": {[]string{"SET enable_seqscan = off", "ANALYZE"}, "EXPLAIN "},
			"mysql":    {[]string{"ANALYZE TABLE notes, note_tags, note_links, tags, revisions"}, "EXPLAIN FORMAT=JSON "},
		}[db.Dialect]
		for _, statement := range dialect.prepare {
			explain(t.Context(), t, conn, statement)
		}

		store := enttest.Open(t, url)
		defer closeStore(t, store)
		recorded := func(fn func(domain.Repos) error) ent.Statement {
			t.Helper()
			all, err := ent.Recorded(store, fn)
			must(t, err)
			if len(all) != 1 {
				t.Fatalf("%d statements were run, want one", len(all))
			}
			return all[0]
		}
		place := &domain.NoteCursor{Time: middle, ID: domain.NewID()}
		listed := func(tag string, after *domain.NoteCursor) ent.Statement {
			t.Helper()
			return recorded(func(repos domain.Repos) error {
				_, err := repos.Notes(owner).List(t.Context(), domain.NoteFilter{State: domain.Active, Tag: tag}, after, 20)
				return err
			})
		}
		sorted := func(order domain.NoteOrder, after *domain.NoteCursor) ent.Statement {
			t.Helper()
			return recorded(func(repos domain.Repos) error {
				_, err := repos.Notes(owner).List(t.Context(), domain.NoteFilter{State: domain.Active, Order: order}, after, 20)
				return err
			})
		}
		first, later := listed("", nil), listed("", place)
		created := sorted(domain.ByCreated, &domain.NoteCursor{Order: domain.ByCreated, Time: middle, ID: id})
		byTitle := sorted(domain.ByTitle, &domain.NoteCursor{Order: domain.ByTitle, Place: "1note", ID: id})
		firstCreated, firstTitles := sorted(domain.ByCreated, nil), sorted(domain.ByTitle, nil)
		taggedFirst, taggedLater := listed("work", nil), listed("work", place)
		tagged := recorded(func(repos domain.Repos) error {
			_, err := repos.Tags(owner.Read()).Tagged(t.Context(), "work", id, 20)
			return err
		})
		linking := recorded(func(repos domain.Repos) error {
			_, err := repos.Links(owner.Read()).Linking(t.Context(), []string{"plan"}, id, 20)
			return err
		})
		titled := recorded(func(repos domain.Repos) error {
			_, err := repos.Links(owner.Read()).Titled(t.Context(), "note 1", "note 2", "note 3")
			return err
		})
		all, err := ent.Recorded(store, func(repos domain.Repos) error {
			_, err := repos.Links(owner.Read()).Titles(t.Context(), "note 1", 20)
			return err
		})
		must(t, err)
		titles := all[0] // and then aliases
		revisions := recorded(func(repos domain.Repos) error {
			_, err := repos.Revisions(owner).List(t.Context(), id, 5, 20)
			return err
		})
		drafts := recorded(func(repos domain.Repos) error {
			_, err := repos.Drafts(owner).List(t.Context(), "", 20)
			return err
		})
		records := recorded(func(repos domain.Repos) error {
			_, err := repos.Records(owner).List(t.Context(), domain.RecordCursor(id), 20)
			return err
		})
		tags := recorded(func(repos domain.Repos) error {
			_, err := repos.Tags(owner.Read()).Beginning(t.Context(), "t", 20)
			return err
		})
		for _, query := range []struct {
			name, text, index string
			args              []any
			// What of a plan says that the page is begun at its place.
			sqlite, postgres string
		}{
			{name: "first notes", text: first.Text, index: "notes_listed", args: first.Args},
			{
				"later notes", later.Text, "notes_listed", later.Args,
				"(pinned,listed_at,id)<(?,?,?)", "ROW(pinned, listed_at, id) < ROW(",
			},
			{name: "first notes by creation", text: firstCreated.Text, index: "notes_created", args: firstCreated.Args},
			{
				"later notes by creation", created.Text, "notes_created", created.Args,
				"(pinned,created_at,id)<(?,?,?)", "ROW(pinned, created_at, id) < ROW(",
			},
			{name: "first notes by title", text: firstTitles.Text, index: "notes_titled", args: firstTitles.Args},
			{
				"later notes by title", byTitle.Text, "notes_titled", byTitle.Args,
				"(title_place,id)>(?,?)", "ROW((title_place)::text, id) > ROW(",
			},
			{name: "first notes of a tag", text: taggedFirst.Text, index: "tagged_in_order", args: taggedFirst.Args},
			{
				"later notes of a tag", taggedLater.Text, "tagged_in_order", taggedLater.Args,
				"(pinned,listed_at,note_id)<(?,?,?)", "ROW(pinned, listed_at, note_id) < ROW(",
			},
			{
				"titles", titles.Text, "notes_by_title", titles.Args,
				"title_key>? AND title_key<?", "(title_key)::text >= ",
			},
			{
				"titles of links", titled.Text, "notes_by_title", titled.Args,
				"title_key=?", "(title_key)::text = asked.key",
			},
			{
				"links", linking.Text, "links_by_title", linking.Args,
				"note_id>?", "(note_id > ",
			},
			{
				"tagged ids", tagged.Text, "tagged_by_id", tagged.Args,
				"note_id>?", "(note_id > ",
			},
			{
				"tags", tags.Text,
				"tags_by_key",
				tags.Args,
				"tag_key>? AND tag_key<?", "(tag_key)::text >= ",
			},
			{
				"revisions", revisions.Text,
				"revisions_of_note",
				revisions.Args,
				"version<?", "(version < ",
			},
			{name: "drafts", text: drafts.Text, index: "drafts_by_ending", args: drafts.Args},
			{
				"records", records.Text, "records_in_order", records.Args,
				"id>?", "(id > ",
			},
		} {
			t.Run(query.name, func(t *testing.T) {
				plan := explain(t.Context(), t, conn, dialect.explain+query.text, query.args...)
				wantOrderFromIndex(t, plan, query.index)
				if query.sqlite == "" {
					return
				}
				fromPlace := map[string]string{
					"sqlite3": query.sqlite, "postgres": query.postgres, "mysql": `"access_type": "range"`,
				}[db.Dialect]
				if !strings.Contains(plan, fromPlace) {
					t.Errorf("it isn't begun at its place, %q:\n%s", fromPlace, plan)
				}
			})
		}
	})
}

func wantOrderFromIndex(t *testing.T, plan, index string) {
	t.Helper()
	if !strings.Contains(plan, index) {
		t.Errorf("the plan doesn't use the index %s:\n%s", index, plan)
	}
	for _, sort := range []string{"TEMP B-TREE", "Sort", "filesort"} {
		if strings.Contains(plan, sort) {
			t.Errorf("the plan sorts:\n%s", plan)
		}
	}
}

// fillWithNotes stores n active notes that have a tag, link to a title, and have revisions. It returns the time of one in
// the middle of the list, and an id.
func fillWithNotes(t *testing.T, url string, n int) (middle time.Time, id domain.ID) {
	t.Helper()
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(begin)))
	must(t, store.Atomically(t.Context(), func(repos domain.Repos) error {
		for i := range n {
			draft := domain.NoteDraft{Title: fmt.Sprint("note ", i), Content: fmt.Sprintf("#work #t%d [[Plan]] [[Plan %d]]", i, i)}
			note, err := domain.NewNote(draft, begin.Add(time.Duration(i)*time.Minute))
			if err != nil {
				return err
			}
			if err := repos.Notes(owner).Add(t.Context(), note); err != nil {
				return err
			}
			if i == n/2 {
				id = note.ID
			}
			rev := note.Revision()
			for rev.Version = range 10 {
				if err := repos.Revisions(owner).Add(t.Context(), rev); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	return begin.Add(time.Duration(n/2) * time.Minute), id
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
