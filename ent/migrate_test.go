package ent_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/mysql"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"entgo.io/ent/dialect"

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

func TestVersionedMigrationsMakeTheSchemaThatMigrateMakes(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		automatic, versioned := create(t), create(t)
		closeStore(t, enttest.Open(t, automatic))

		store, err := ent.Open(t.Context(), versioned)
		must(t, err)
		defer closeStore(t, store)
		if err := store.CheckSchema(t.Context()); !errors.Is(err, ent.ErrOlderSchema) {
			t.Errorf("before: CheckSchema returned %v, want %v", err, ent.ErrOlderSchema)
		}
		wantApplied(t, store, false)
		applied, err := store.Up(t.Context())
		must(t, err)
		if len(applied) == 0 {
			t.Error("Up applied nothing")
		}
		wantApplied(t, store, true)
		must(t, store.CheckSchema(t.Context()))
		again, err := store.Up(t.Context())
		must(t, err)
		if len(again) != 0 {
			t.Errorf("a second Up applied %v", again)
		}

		driver, want := inspect(t, automatic)
		_, got := inspect(t, versioned)
		got.Name = want.Name
		changes, err := driver.SchemaDiff(got, want)
		must(t, err)
		if len(changes) > 0 {
			t.Errorf("to get from the versioned schema to the automatic one takes %d changes: %#v", len(changes), changes)
		}
		if len(want.Tables) != len(got.Tables) || len(want.Tables) < 5 {
			t.Errorf("%d tables by Migrate, %d by Up, want the same and at least 5", len(want.Tables), len(got.Tables))
		}
	})
}

func TestMigrateKeepsWhatIsThere(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		actor, ids := twoRecords(t, store)
		must(t, store.Close())
		execute(t, url, "DELETE FROM octavo_schema") // so that Migrate has to look

		store = enttest.Open(t, url)
		defer closeStore(t, store)
		for _, id := range ids {
			_, err := store.Records(actor).Get(t.Context(), id)
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
		_, store := openNotes(t, url)
		file := domain.File{Hash: domain.FileHash(strings.Repeat("0a", 32)), Name: "Plan B.png", Type: "image/png"}
		must(t, store.Files(owner).Add(t.Context(), file))
		execute(t, url, "DELETE FROM octavo_schema")
		execute(t, url, "DROP TABLE file_names")

		must(t, store.Migrate(t.Context()))
		named, err := store.Files(owner).Named(t.Context(), "plan b.png")
		must(t, err)
		if named["plan b.png"].Hash != file.Hash {
			t.Errorf("the name leads to %v", named)
		}
	})
}

func TestMigrateCopiesNoTableThatIsAsItShouldBe(t *testing.T) {
	url := enttest.SQLite(t)
	pages := func() []string {
		closeStore(t, enttest.Open(t, url))
		return queryText(t, url, "SELECT name || ' at ' || rootpage FROM sqlite_schema WHERE name NOT LIKE '%search%' ORDER BY name")
	}
	before := pages()
	execute(t, url, "DELETE FROM octavo_schema") // so that Migrate has to look
	if after := pages(); !slices.Equal(after, before) {
		t.Errorf("tables have moved\nfrom %s\nto   %s", before, after)
	}
}

func TestAnActionFromBeforeUndosHadATableOfNotesIsUndone(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		notes, store := openNotes(t, url)
		target, err := notes.Create(t.Context(), owner, domain.NoteDraft{Title: "Old name"})
		must(t, err)
		other, err := notes.Create(t.Context(), owner, domain.NoteDraft{Title: "Other", Content: "[[Old name]]"})
		must(t, err)
		saved, err := notes.Save(t.Context(), owner, target.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "New name"}, Base: 1})
		must(t, err)
		execute(t, url, "DELETE FROM undo_notes")
		execute(t, url, fmt.Sprintf(`UPDATE undos SET rest = '', notes = '[{"id":"%s","version":2,"saved":1,"state":"active",`+
			`"pinned":false,"leads":true},{"id":"%s","version":2,"saved":1,"state":"active","pinned":false}]'`, target.ID, other.ID))

		undone, err := notes.Undo(t.Context(), owner, saved.Undo)
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
		notes, store := openNotes(t, url)
		n, err := notes.Create(t.Context(), owner, domain.NoteDraft{Title: "A note", Tags: []string{"a"}})
		must(t, err)
		changed, err := notes.RenameTag(t.Context(), owner, "a", "b")
		must(t, err)
		says := func(want string) {
			t.Helper()
			said, err := notes.Undoable(t.Context(), owner, changed.Undo)
			must(t, err)
			var words []string
			for _, m := range said {
				words = append(words, lang.English().Say(m))
			}
			if got := strings.Join(words, " "); got != want {
				t.Errorf("it says %q, want %q", got, want)
			}
		}
		says("Renamed #a to #b: one note.")
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

// inspect returns the whole schema of a database, and a driver to compare it with.
func inspect(t *testing.T, url string) (migrate.Driver, *schema.Schema) {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	open := map[string]func(schema.ExecQuerier) (migrate.Driver, error){
		dialect.SQLite: sqlite.Open, dialect.Postgres: postgres.Open, dialect.MySQL: mysql.Open,
	}[db.Dialect]
	driver, err := open(db.Writer)
	must(t, err)
	found, err := driver.InspectSchema(t.Context(), "", nil)
	must(t, err)
	return driver, found
}

// queryText returns the only column of a query's rows, asked behind the back of any store.
func queryText(t *testing.T, url, query string) (texts []string) {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	rows, err := db.Reader.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		must(t, rows.Scan(&text))
		texts = append(texts, text)
	}
	must(t, rows.Err())
	return texts
}
