package ent_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

// Of a tag that few notes have, those are sorted. Of a tag that many have, no more is read than of all notes.
func TestNotesOfATagInOtherOrders(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(begin)))
		var list []domain.Note
		for i := range 1300 {
			text := ""
			if i%10 != 0 {
				text = "#many"
			}
			if i%100 == 1 {
				text += " #few"
			}
			n, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprint("note ", i*7919%1301/2), Content: text}, begin)
			must(t, err)
			n.Pinned, n.Created = i%211 == 1, begin.Add(time.Duration(i*5003%1301/2)*time.Minute)
			list = append(list, n)
		}
		must(t, store.Atomically(t.Context(), func(r domain.Repos) error { return r.Notes(owner).AddMany(t.Context(), list, nil) }))
		db, err := backend.Open(t.Context(), url)
		must(t, err)
		defer func() { must(t, db.Close()) }()
		conn, err := db.Writer.Conn(t.Context())
		must(t, err)
		defer func() { must(t, conn.Close()) }()
		analyze, plan := "ANALYZE", "EXPLAIN "
		switch db.Dialect {
		case "sqlite3":
			plan = "EXPLAIN QUERY PLAN "
		case "mysql":
			analyze, plan = "ANALYZE TABLE notes, note_tags, tags", "EXPLAIN FORMAT=JSON "
		}
		explain(t.Context(), t, conn, analyze)

		pinnedFirst := func(a, b domain.Note) int {
			return cmp.Compare(fmt.Sprint(b.Pinned), fmt.Sprint(a.Pinned))
		}
		orders := map[domain.NoteOrder]struct {
			index   string
			compare func(a, b domain.Note) int
		}{
			domain.ByCreated: {"notes_created", func(a, b domain.Note) int {
				return cmp.Or(pinnedFirst(a, b), b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
			}},
			domain.ByTitle: {"notes_titled", func(a, b domain.Note) int {
				return cmp.Or(cmp.Compare(domain.TitlePlace(a.Pinned, a.Title), domain.TitlePlace(b.Pinned, b.Title)), cmp.Compare(a.ID, b.ID))
			}},
		}
		for _, tag := range []string{"many", "few"} {
			for order, want := range orders {
				inOrder := slices.DeleteFunc(slices.Clone(list), func(n domain.Note) bool { return !slices.Contains(n.AllTags(), domain.Tag(tag)) })
				slices.SortFunc(inOrder, want.compare)
				filter := domain.NoteFilter{State: domain.Active, Tag: tag, Order: order}
				var cursor *domain.NoteCursor
				for from := 0; from < len(inOrder); from += 200 {
					page, err := store.Notes(owner).List(t.Context(), filter, cursor, 200)
					must(t, err)
					if len(page) != min(200, len(inOrder)-from) {
						t.Fatalf("%s by %s: %d notes are behind the first %d of %d", tag, order.Name(), len(page), from, len(inOrder))
					}
					for i, n := range page {
						if n.ID != inOrder[from+i].ID {
							t.Fatalf("%s by %s: note %d is %s, want %s", tag, order.Name(), from+i, n.Title, inOrder[from+i].Title)
						}
					}
					if from == 0 {
						version, err := store.Notes(owner).ListVersion(t.Context(), filter, 10)
						must(t, err)
						if version != domain.ListVersion(page[:10]) {
							t.Errorf("%s by %s: the version is %s", tag, order.Name(), version)
						}
					}
					last := page[len(page)-1].Cursor(order)
					cursor = &last
				}
				if tag == "many" {
					statements, err := ent.Recorded(store, func(r domain.Repos) error {
						_, err := r.Notes(owner).List(t.Context(), filter, nil, 20)
						return err
					})
					must(t, err)
					last := statements[len(statements)-1]
					wantOrderFromIndex(t, explain(t.Context(), t, conn, plan+last.Text, last.Args...), want.index)
				}
			}
		}
	})
}
