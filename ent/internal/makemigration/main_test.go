package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	atlas "ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql/schema"
	"entgo.io/ent/schema/field"

	"octavo/ent/enttest"
	gen "octavo/ent/gen/migrate"
)

const repository = "../../migrations"

// each gives test a filled database of each kind that there is a server of, with the schema of today, and the directory
// of its migrations in dir.
func each(t *testing.T, test func(t *testing.T, d database, url string)) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		d := databases[slices.IndexFunc(databases, func(d database) bool {
			return strings.HasPrefix(d.dialect, t.Name()[strings.LastIndexByte(t.Name(), '/')+1:][:5])
		})]
		url := create(t)
		store := enttest.Open(t, url)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		enttest.Fill(t, url, 3)
		test(t, d, url)
	})
}

func TestTheMigrationsMakeWhatTheSchemaSays(t *testing.T) {
	each(t, func(t *testing.T, d database, _ string) {
		text, err := d.plan(t.Context(), repository, gen.Tables)
		if err != nil || text != "" {
			t.Errorf("they lack %s (error: %v)", text, err)
		}
		dir, err := atlas.NewLocalDir(filepath.Join(repository, d.dialect))
		if err != nil {
			t.Fatal(err)
		}
		if err := atlas.Validate(dir); err != nil {
			t.Errorf("a file was changed since its checksum was made: run make migrations: %v", err)
		}
	})
}

// changed returns the tables of today after a change of that of notes.
func changed(t *testing.T, change func(notes *schema.Table)) []*schema.Table {
	t.Helper()
	all, err := schema.CopyTables(gen.Tables)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range all {
		if table.Name == "notes" {
			change(table)
		}
	}
	return all
}

func addColumn(c schema.Column) func(*schema.Table) {
	return func(notes *schema.Table) { notes.Columns = append(notes.Columns, &c) }
}

// refine changes the column of that name.
func refine(name string, change func(*schema.Column)) func(*schema.Table) {
	return func(notes *schema.Table) {
		for _, c := range notes.Columns {
			if c.Name == name {
				change(c)
			}
		}
	}
}

func dropColumn(name string) func(*schema.Table) {
	return func(notes *schema.Table) {
		notes.Columns = slices.DeleteFunc(notes.Columns, func(c *schema.Column) bool { return c.Name == name })
	}
}

func rename(from, to string) func(*schema.Table) {
	return refine(from, func(c *schema.Column) { c.Name = to })
}

func TestChangesAreMadeInPlaceAndKeepAllRows(t *testing.T) {
	text := schema.Column{Name: "colour", Type: field.TypeString, SchemaType: map[string]string{"mysql": "varchar(20)", "postgres": "varchar(20)"}}
	optional, blank, required := text, text, text
	optional.Nullable = true
	blank.Default = schema.Expr("''")
	number := schema.Column{Name: "weight", Type: field.TypeInt, Default: schema.Expr("7")}
	for _, test := range []struct {
		name    string
		change  func(*schema.Table)
		finds   []string // what is refused unless it is allowed
		byHand  string   // a migration written first, which makes the rest of no effect
		andThen string   // what is added by hand to the migration
	}{
		{name: "a column that may be empty", change: addColumn(optional)},
		{name: "a column with a default", change: addColumn(blank)},
		{name: "a number with a default", change: addColumn(number)},
		{name: "a column that an index ends with", change: func(notes *schema.Table) {
			addColumn(blank)(notes)
			for _, index := range notes.Indexes {
				if index.Name == "notes_by_title" {
					index.Columns = append(index.Columns, notes.Columns[len(notes.Columns)-1])
				}
			}
		}},
		{name: "a column that must have a value", change: addColumn(required), finds: []string{"required"}},
		{
			name: "a column that must have a value, with a default and a back-fill", change: addColumn(blank),
			andThen: "UPDATE notes SET colour = 'red' WHERE colour = '';\n",
		},
		{name: "another type", change: refine("saved", func(c *schema.Column) { c.Type = field.TypeString }), finds: []string{"change"}},
		{name: "empty no more", change: refine("author_id", func(c *schema.Column) { c.Nullable = false }), finds: []string{"change"}},
		{name: "a column less", change: dropColumn("excerpt"), finds: []string{"destructive"}},
		{name: "another name, as if it were another column", change: rename("excerpt", "summary"), finds: []string{"destructive", "required"}},
		{
			name: "another name, by hand", change: rename("excerpt", "summary"),
			byHand: "-- lint:allow rename\nALTER TABLE notes RENAME COLUMN excerpt TO summary;\n",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, d database, url string) {
				dir := filepath.Join(t.TempDir(), "migrations")
				if err := os.CopyFS(dir, os.DirFS(repository)); err != nil {
					t.Fatal(err)
				}
				before, root := enttest.Rows(t, url), rootOfNotes(t, url)
				if test.byHand != "" {
					path := filepath.Join(dir, d.dialect, "000999_by_hand.sql")
					if err := os.WriteFile(path, []byte(test.byHand), 0o600); err != nil {
						t.Fatal(err)
					}
					enttest.Run(t, url, test.byHand)
				}
				text, err := d.plan(t.Context(), dir, changed(t, test.change))
				if err != nil {
					t.Fatal(err)
				}
				if (text == "") != (test.byHand != "") {
					t.Fatalf("the migration is %q", text)
				}
				var kinds []string
				for _, finding := range (plan{texts: map[string]string{d.dialect: text}}).lint(nil) {
					_, kind, _ := strings.Cut(finding, ": ")
					kind, _, _ = strings.Cut(kind, ":")
					kinds = append(kinds, kind)
				}
				slices.Sort(kinds)
				want := test.finds
				if d.dialect == dialect.SQLite && slices.Contains(want, "change") {
					want = []string{"copy"} // as it changes columns
				}
				if !slices.Equal(kinds, want) {
					t.Errorf("found %q, want %q, in %s", kinds, want, text)
				}
				if slices.ContainsFunc(kinds, func(kind string) bool { return kind != "destructive" }) {
					return // a database with rows in it may refuse that
				}
				enttest.Run(t, url, text+test.andThen)
				enttest.WantRows(t, "afterwards", enttest.Rows(t, url), before)
				if after := rootOfNotes(t, url); after != root {
					t.Errorf("notes have moved from page %s to %s by %s", root, after, text)
				}
				if test.andThen != "" {
					if missed := enttest.Query(t, url, "SELECT id FROM notes WHERE colour <> 'red'"); len(missed) > 0 {
						t.Errorf("%s haven't got the value", missed)
					}
				}
				path := filepath.Join(dir, d.dialect, "000999_now.sql")
				if test.byHand == "" {
					if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
						t.Fatal(err)
					}
				}
				if text, err := d.plan(t.Context(), dir, changed(t, test.change)); err != nil || text != "" {
					t.Errorf("the next difference is %s (error: %v)", text, err)
				}
			})
		})
	}
}

func rootOfNotes(t *testing.T, url string) string {
	t.Helper()
	if !strings.HasPrefix(url, "sqlite:") {
		return ""
	}
	return fmt.Sprint(enttest.Query(t, url, "SELECT rootpage FROM sqlite_schema WHERE name = 'notes'"))
}

func TestATableThatNoEntityHasIsDroppedOnlyIfThatIsAllowed(t *testing.T) {
	each(t, func(t *testing.T, d database, _ string) {
		fewer := slices.DeleteFunc(slices.Clone(gen.Tables), func(table *schema.Table) bool { return table.Name == "leases" })
		text, err := d.plan(t.Context(), repository, fewer)
		if err != nil {
			t.Fatal(err)
		}
		p := plan{texts: map[string]string{d.dialect: text}}
		if !strings.Contains(text, "DROP TABLE leases;") || len(p.lint(nil)) != 1 || len(p.lint([]string{"destructive"})) != 0 {
			t.Errorf("the migration is %q: %q", text, p.lint(nil))
		}
	})
}

func TestAMigrationIsWrittenForAllDatabasesOrForNone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "migrations")
	if err := os.CopyFS(dir, os.DirFS(repository)); err != nil {
		t.Fatal(err)
	}
	files := func() []string {
		found, err := filepath.Glob(filepath.Join(dir, "*", "*.sql"))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	before := files()
	tables := changed(t, addColumn(schema.Column{Name: "weight", Type: field.TypeInt, Nullable: true}))
	for _, d := range databases[1:] {
		if os.Getenv(d.variable) == "" {
			t.Skipf("NOT TESTED: %s isn't set; `make test` sets it", d.variable)
		}
	}
	t.Run("one is missing", func(t *testing.T) {
		t.Setenv("OCTAVO_TEST_POSTGRES", "")
		var out bytes.Buffer
		err := run(t.Context(), &out, dir, tables, []string{"add_weight"})
		if err == nil || !strings.Contains(err.Error(), "PostgreSQL (OCTAVO_TEST_POSTGRES isn't set)") || !strings.Contains(out.String(), "weight") {
			t.Errorf("got error %v, and %s", err, out.String())
		}
		if after := files(); !slices.Equal(after, before) {
			t.Errorf("there are %s", after)
		}
	})
	t.Run("what isn't allowed", func(t *testing.T) {
		var out bytes.Buffer
		err := run(t.Context(), &out, dir, changed(t, dropColumn("excerpt")), []string{"drop_excerpt"})
		if err == nil || !strings.Contains(err.Error(), "destructive: the column excerpt is dropped") {
			t.Errorf("got error %v", err)
		}
		if after := files(); !slices.Equal(after, before) {
			t.Errorf("there are %s", after)
		}
	})
	t.Run("all", func(t *testing.T) {
		var out bytes.Buffer
		if err := run(t.Context(), &out, dir, tables, []string{"add_weight"}); err != nil {
			t.Fatal(err)
		}
		after := files()
		if len(after) != len(before)+3 {
			t.Errorf("there are %s", after)
		}
		if err := run(t.Context(), &out, dir, tables, []string{"again"}); err != nil || !slices.Equal(files(), after) {
			t.Errorf("written again: %s (error: %v)", files(), err)
		}
	})
}
