package ent_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/ent/enttest"
)

// minutes is a clock that goes on by one whenever somebody looks at it.
type minutes struct{ now time.Time }

func (m *minutes) Now() time.Time {
	m.now = m.now.Add(time.Minute)
	return m.now
}

// logged returns how many pages have been written into the log of an SQLite file since it was opened.
func logged(t *testing.T, url string) int {
	t.Helper()
	info, err := os.Stat(strings.TrimPrefix(url, "sqlite:") + "-wal")
	must(t, err)
	const header, page = 32, 24 + 4096
	return int(info.Size()-header) / page
}

// What a commit takes is the pages that it writes, so none is added without a word here.
func TestWritingANoteWritesAsFewPagesAsItCan(t *testing.T) {
	url := enttest.SQLite(t)
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	clock := &minutes{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	must(t, store.Users().Add(t.Context(), domain.NewOwner(clock.Now())))
	a := app.New(store, nil, clock)
	const many = 150 // so that not all is on the first page of each table
	for i := range many {
		_, err := a.Notes().Create(t.Context(), owner, domain.NoteDraft{Content: fmt.Sprintf("Note %d\n\nwords of %d #one #tag%d", i, i, i%7)})
		must(t, err)
	}
	draft := func(title, text string, tags ...domain.Tag) domain.NoteDraft {
		return domain.NoteDraft{Title: title, Content: text, Tags: tags}
	}
	var note domain.Note
	create := func() (err error) {
		note, err = a.Notes().Create(t.Context(), owner, draft("A title", "with a [[Link]] #one #two", "three"))
		return err
	}
	save := func(d domain.NoteDraft) func() error {
		return func() error {
			saved, err := a.Editing().Save(t.Context(), owner, note.ID, app.Edit{NoteDraft: d, Base: note.Version})
			note = saved.Note
			return err
		}
	}
	for _, c := range []struct {
		what    string
		do      func() error
		atMost  int
		indexed bool // whether the index of searches is written
	}{
		{"a new note", create, 33, true},
		{"another text", save(draft("A title", "with another [[Link]] #one #two", "three")), 20, true},
		{"another title", save(draft("Another title", "with another [[Link]] #one #two", "three")), 22, true},
		{"another tag", save(draft("Another title", "with another [[Link]] #one #two", "four")), 30, true},
		{"another text, link and tag", save(draft("Another title", "with a [[Second link]] #one #four", "five")), 30, true},
		{"a pin", func() error { _, err := a.Notes().Pin(t.Context(), owner, note.ID, true); return err }, 10, false},
		{"archived", func() error { _, err := a.Notes().Archive(t.Context(), owner, note.ID, true); return err }, 12, false},
		{"trashed", func() error {
			_, _, err := a.Notes().Trash(t.Context(), owner, note.ID, nil)
			return err
		}, 13, false},
		{"restored", func() error { _, err := a.Notes().Restore(t.Context(), owner, note.ID, domain.Active); return err }, 10, false},
	} {
		before, index := logged(t, url), indexVersion(t, url)
		must(t, c.do())
		if pages := logged(t, url) - before; pages > c.atMost {
			t.Errorf("%s: %d pages, want at most %d", c.what, pages, c.atMost)
		}
		if written := indexVersion(t, url) != index; written != c.indexed {
			t.Errorf("%s: the index of searches is written: %v", c.what, written)
		}
	}
}

// indexVersion returns what changes whenever the FTS5 table is written.
func indexVersion(t *testing.T, url string) string {
	t.Helper()
	return enttest.Query(t, url, "SELECT hex(block) FROM search_index_data WHERE id = 10")[0]
}
