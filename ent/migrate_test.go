package ent_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
	"octavo/lang"
	"octavo/memory"
)

func TestInstancesStartedAtOnceAllComeUp(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		var group sync.WaitGroup
		for range 5 {
			group.Go(func() {
				store, err := ent.Open(t.Context(), url)
				if err != nil {
					t.Errorf("Open: %v", err)
					return
				}
				defer closeStore(t, store)
				if err := store.Migrate(t.Context()); err != nil {
					t.Errorf("Migrate: %v", err)
				}
				if err := store.CheckSchema(t.Context()); err != nil {
					t.Errorf("CheckSchema: %v", err)
				}
			})
		}
		group.Wait()
	})
}

func TestVersionedMigrationsMakeTheSchemaThatAnEmptyDatabaseGets(t *testing.T) {
	takesLong(t)
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		whole, versioned := create(t), create(t)
		store, err := ent.Open(t.Context(), whole)
		must(t, err)
		defer closeStore(t, store)
		if err := store.CheckSchema(t.Context()); !errors.Is(err, ent.ErrOlderSchema) {
			t.Errorf("before: CheckSchema returned %v, want %v", err, ent.ErrOlderSchema)
		}
		wantApplied(t, store, false)
		applied, err := store.Up(t.Context())
		must(t, err)
		wantApplied(t, store, true)
		all, err := store.Migrations(t.Context())
		must(t, err)
		if !slices.Equal(applied, all) {
			t.Errorf("Up applied %d of %d migrations", len(applied), len(all))
		}
		must(t, store.CheckSchema(t.Context()))
		again, err := store.Up(t.Context())
		must(t, err)
		plan, err := store.Plan(t.Context())
		must(t, err)
		if len(again) != 0 || plan != "" {
			t.Errorf("a second Up applied %v, and plans %q", again, plan)
		}

		makeVersion(t, versioned, 1)
		closeStore(t, enttest.Open(t, versioned))
		wantSameSchema(t, versioned, whole)
	})
}

// wantSameSchema checks that two databases have the same schema, the order of columns aside.
func wantSameSchema(t *testing.T, gotURL, wantURL string) {
	t.Helper()
	driver, want := enttest.Inspect(t, wantURL)
	_, got := enttest.Inspect(t, gotURL)
	got.Name = want.Name
	changes, err := driver.SchemaDiff(got, want)
	must(t, err)
	if len(changes) > 0 {
		t.Errorf("to get from one schema to the other takes %d changes: %#v", len(changes), changes)
	}
	if len(want.Tables) != len(got.Tables) || len(want.Tables) < 5 {
		t.Errorf("%d tables and %d, want the same and at least 5", len(got.Tables), len(want.Tables))
	}
}

// makeVersion makes an empty database one of a version of the schema, by the migrations up to it.
func makeVersion(t *testing.T, url string, version int) {
	t.Helper()
	execute(t, url, "CREATE TABLE octavo_schema (version bigint NOT NULL PRIMARY KEY)")
	for _, m := range migrations(t, url)[:version] {
		apply(t, url, m)
	}
}

// migrations returns all migrations of a database's dialect.
func migrations(t *testing.T, url string) []ent.Migration {
	t.Helper()
	store, err := ent.Open(t.Context(), url)
	must(t, err)
	defer closeStore(t, store)
	all, err := store.Migrations(t.Context())
	must(t, err)
	return all
}

// apply runs a migration behind the back of any store.
func apply(t *testing.T, url string, m ent.Migration) {
	t.Helper()
	enttest.Run(t, url, fmt.Sprintf("%s\nINSERT INTO octavo_schema (version) VALUES (%d);", m.SQL, m.Version))
}

func TestMigrateKeepsWhatIsThere(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		ids := twoRecords(t, store)
		must(t, store.Close())
		execute(t, url, "DELETE FROM octavo_schema") // so that Migrate has to look

		store = enttest.Open(t, url)
		defer closeStore(t, store)
		for _, id := range ids {
			_, err := store.Records(owner).Get(t.Context(), id)
			must(t, err)
		}
		stray := domain.Session{Token: "hash", User: domain.NewID()}
		if err := store.Sessions().Add(t.Context(), stray); err == nil {
			t.Error("foreign keys are no longer enforced")
		}
	})
}

func TestFilesFromBeforeTheirNamesWereKeptAreFoundByName(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		makeVersion(t, url, 4)
		hash := domain.FileHash(strings.Repeat("0a", 32))
		execute(t, url, fmt.Sprintf("INSERT INTO users (id, name, created_at) VALUES ('%s', 'Owner', 1)", domain.OwnerID))
		execute(t, url, fmt.Sprintf("INSERT INTO files (owner_id, hash, name, type, size, created_at) "+
			"VALUES ('%s', '%s', 'Plan B.png', 'image/png', 1, 1)", domain.OwnerID, hash))

		store := enttest.Open(t, url)
		defer closeStore(t, store)
		named, err := store.Files(owner).Named(t.Context(), "plan b.png")
		must(t, err)
		if named["plan b.png"].Hash != hash {
			t.Errorf("the name leads to %v", named)
		}
	})
}

func TestAnActionFromBeforeUndosHadATableOfNotesIsUndone(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		features, store := openFeatures(t, url)
		target, err := features.Notes().Create(t.Context(), owner, domain.NoteDraft{Title: "Old name"})
		must(t, err)
		other, err := features.Notes().Create(t.Context(), owner, domain.NoteDraft{Title: "Other", Content: "[[Old name]]"})
		must(t, err)
		saved, err := features.Editing().Save(t.Context(), owner, target.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "New name"}, Base: 1})
		must(t, err)
		execute(t, url, "DELETE FROM undo_notes")
		execute(t, url, fmt.Sprintf(`UPDATE undos SET rest = '', notes = '[{"id":"%s","version":2,"saved":1,"state":"active",`+
			`"pinned":false,"leads":true},{"id":"%s","version":2,"saved":1,"state":"active","pinned":false}]'`, target.ID, other.ID))

		undone, err := features.Bulk().Undo(t.Context(), owner, saved.Undo)
		must(t, err)
		if undone != (app.Undone{Notes: 2, Leader: target.ID}) {
			t.Errorf("got %+v", undone)
		}
		for id, want := range map[domain.ID]string{target.ID: "Old name", other.ID: "Other"} {
			n, err := store.Notes(owner).Get(t.Context(), id)
			must(t, err)
			if n.Title != want || id == other.ID && n.Content != "[[Old name]]" {
				t.Errorf("got %q, %q", n.Title, n.Content)
			}
		}
	})
}

func TestAnActionFromBeforeTextsHadCodesIsToldOfAndGoneOnWith(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		features, store := openFeatures(t, url)
		n, err := features.Notes().Create(t.Context(), owner, domain.NoteDraft{Title: "A note", Tags: []domain.Tag{"a"}})
		must(t, err)
		changed, err := features.Tags().Rename(t.Context(), owner, "a", "b", true)
		must(t, err)
		says := func(want string) {
			t.Helper()
			said, err := features.Bulk().Undoable(t.Context(), owner.Read(), changed.Undo)
			must(t, err)
			var words []string
			for _, m := range said {
				words = append(words, lang.English().Say(m))
			}
			if got := strings.Join(words, " "); got != want {
				t.Errorf("it says %q, want %q", got, want)
			}
		}
		says("Renamed #a to #b in 1 note.")
		execute(t, url, "UPDATE undos SET steps = 1, text = 'Renamed #a to #b: one note. The others are still being changed.', "+
			`rest = '{"leader":{"ID":"","Version":0,"Saved":0,"State":"","Pinned":false},"rest":{"Steps":[{"Kind":"tag","Note":"",`+
			`"From":"a","To":"b"}],"After":"`+string(n.ID)+`","Back":false,"Said":"Renamed #a to #b","Notes":1,"Left":0,`+
			`"Followed":0,"NotFollowed":0,"Taken":false,"Retitled":{}}}'`)
		says("Renamed #a to #b: one note. The others are still being changed.")
		must(t, app.New(store, new(memory.Blobs), domain.SystemClock{}).Housekeeping().Finish(t.Context()))
		says("Renamed #a to #b: one note.")
	})
}

func TestNewerSchemaIsRefused(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		closeStore(t, enttest.Open(t, url))
		execute(t, url, "INSERT INTO octavo_schema (version) VALUES (999)")

		_, err := ent.Open(t.Context(), url)
		if !errors.Is(err, ent.ErrNewerSchema) || !strings.Contains(err.Error(), "schema 999") {
			t.Errorf("got error %v, want %v with the version", err, ent.ErrNewerSchema)
		}
	})
}

func TestNewerSQLiteFileIsLeftUntouched(t *testing.T) {
	url := enttest.SQLite(t)
	// Not in write-ahead mode, which the program would otherwise switch to.
	execute(t, url, "CREATE TABLE octavo_schema (version bigint NOT NULL PRIMARY KEY)")
	execute(t, url, "INSERT INTO octavo_schema (version) VALUES (999)")
	path := strings.TrimPrefix(url, "sqlite:")
	before, err := os.ReadFile(path)
	must(t, err)

	if _, err := ent.Open(t.Context(), url); !errors.Is(err, ent.ErrNewerSchema) {
		t.Errorf("got error %v, want %v", err, ent.ErrNewerSchema)
	}
	after, err := os.ReadFile(path)
	must(t, err)
	if string(before) != string(after) {
		t.Error("the file has changed")
	}
}

// wantApplied checks that all migrations are applied, or none.
func wantApplied(t *testing.T, store *ent.Store, want bool) {
	t.Helper()
	all, err := store.Migrations(t.Context())
	must(t, err)
	if len(all) == 0 {
		t.Error("there are no migrations")
	}
	for i, m := range all {
		if m.Version != i+1 || m.Name == "" || !strings.Contains(m.SQL, "CREATE TABLE") && i == 0 {
			t.Errorf("migration %d is %+v", i+1, m)
		}
		if m.Applied != want {
			t.Errorf("migration %d: Applied is %v, want %v", m.Version, m.Applied, want)
		}
	}
}

// execute runs a statement on a database behind the back of any store.
func execute(t *testing.T, url, statement string) {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	_, err = db.Writer.ExecContext(t.Context(), statement)
	must(t, errors.Join(err, db.Close()))
}
