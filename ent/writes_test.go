package ent_test

import (
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
)

// minutes is a clock that goes on by one whenever somebody looks at it.
type minutes struct{ now time.Time }

func (m *minutes) Now() time.Time {
	m.now = m.now.Add(time.Minute)
	return m.now
}

// What a save takes is mostly statements, so none is added without a word here.
func TestWritingANoteTakesAsManyStatementsAsItNeeds(t *testing.T) {
	store := enttest.Open(t, enttest.SQLite(t))
	defer closeStore(t, store)
	clock := &minutes{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	must(t, store.Users().Add(t.Context(), domain.NewOwner(clock.Now())))
	draft := func(text string, tag domain.Tag) domain.NoteDraft {
		return domain.NoteDraft{Content: "A title\n\n" + text, Tags: []domain.Tag{tag}}
	}
	var note domain.Note
	create := func(a *app.App) (err error) {
		note, err = a.Notes().Create(t.Context(), owner, draft("with a [[Link]] #one #two", "three"))
		return err
	}
	must(t, create(app.New(store, nil, clock))) // the first in its space
	save := func(text string, tag domain.Tag) func(*app.App) error {
		return func(a *app.App) error {
			saved, err := a.Editing().Save(t.Context(), owner, note.ID, app.Edit{NoteDraft: draft(text, tag), Base: note.Version})
			note = saved.Note
			return err
		}
	}
	for _, c := range []struct {
		what string
		do   func(*app.App) error
		want int
	}{
		{"a new note", create, 7},
		{"another text", save("with another [[Link]] #one #two", "three"), 9},
		{"another text, link and tag", save("with a [[Second link]] #one #four", "five"), 14},
		{"a pin", func(a *app.App) error { _, err := a.Notes().Pin(t.Context(), owner, note.ID, true); return err }, 8},
	} {
		written, err := ent.Written(store, func(s domain.Store) error { return c.do(app.New(s, nil, clock)) })
		must(t, err)
		if len(written) != c.want {
			t.Errorf("%s: %d statements, want %d:\n%s", c.what, len(written), c.want, strings.Join(written, "\n"))
		}
	}
}
