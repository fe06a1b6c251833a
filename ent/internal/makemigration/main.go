// Command makemigration compares ent/schema with the versioned migrations and writes what is missing as the next one: for
// all databases at once, or for none. Its argument is a name for the change. It is run at the root of the module, with
// the environment that scripts/services.sh sets up.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"

	atlas "ariga.io/atlas/sql/migrate"
	atlasschema "ariga.io/atlas/sql/schema"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"

	gen "octavo/ent/gen/migrate"
	"octavo/ent/internal/backend"
	"octavo/ent/internal/lint"
	"octavo/ent/internal/scratch"
	tables "octavo/ent/schema"
)

func main() {
	if err := run(context.Background(), os.Stdout, filepath.Join("ent", "migrations"), gen.Tables, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "makemigration:", err)
		os.Exit(1)
	}
}

// run brings the migrations in dir up to what the entities' tables are.
func run(ctx context.Context, out io.Writer, dir string, entities []*schema.Table, args []string) error {
	flags := flag.NewFlagSet("makemigration", flag.ContinueOnError)
	allow := flags.String("allow", "", "what the migration may do besides: "+strings.Join(lint.Kinds, ", "))
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 || !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(flags.Arg(0)) {
		return errors.New("give one name for the change, of a-z, 0-9 and _")
	}
	allowed := strings.FieldsFunc(*allow, func(r rune) bool { return r == ',' || r == ' ' })

	plan, err := planAll(ctx, dir, entities)
	if err != nil {
		return err
	}
	if len(plan.unasked) > 0 {
		return errors.Join(plan.print(out), fmt.Errorf(
			"nothing is written: a migration is for all databases, and there is no %s", strings.Join(plan.unasked, ", and no ")))
	}
	if plan.empty() {
		_, err := fmt.Fprintln(out, "The migrations make what the schema says, so none is written.")
		return errors.Join(err, plan.sum())
	}
	if wrong := plan.lint(allowed); len(wrong) > 0 {
		return fmt.Errorf("nothing is written: see docs/changing-the-schema.md about this:\n%s", strings.Join(wrong, "\n"))
	}
	return plan.write(out, flags.Arg(0), allowed)
}

// plan is what the migrations lack.
type plan struct {
	dir     string
	texts   map[string]string // by dialect, "" where nothing is missing
	unasked []string          // databases of which there is no server
}

// planAll compares the migrations in dir with what the entities' tables are to be, on each database there is.
func planAll(ctx context.Context, dir string, entities []*schema.Table) (plan, error) {
	p := plan{dir: dir, texts: map[string]string{}}
	for _, d := range databases {
		if d.variable != "" && os.Getenv(d.variable) == "" {
			p.unasked = append(p.unasked, fmt.Sprintf("%s (%s isn't set)", d.name, d.variable))
			continue
		}
		text, err := d.plan(ctx, dir, entities)
		if err != nil {
			return p, fmt.Errorf("%s: %w", d.name, err)
		}
		p.texts[d.dialect] = text
	}
	return p, nil
}

func (p plan) empty() bool {
	for _, text := range p.texts {
		if text != "" {
			return false
		}
	}
	return true
}

// print prints what is missing on the databases that were asked.
func (p plan) print(out io.Writer) error {
	for _, d := range databases {
		if text := p.texts[d.dialect]; text != "" {
			if _, err := fmt.Fprintf(out, "-- for %s\n%s\n", d.name, text); err != nil {
				return err
			}
		}
	}
	return nil
}

// lint returns what is wrong with the plan, unless it is allowed.
func (p plan) lint(allowed []string) (wrong []string) {
	for _, d := range databases {
		for _, finding := range lint.Find(p.texts[d.dialect], allowed) {
			wrong = append(wrong, d.name+": "+finding)
		}
	}
	return wrong
}

// write writes the plan as the next migration of each database.
func (p plan) write(out io.Writer, name string, allowed []string) error {
	number, err := nextNumber(p.dir)
	if err != nil {
		return err
	}
	for _, d := range databases {
		text := p.texts[d.dialect]
		if text == "" {
			text = "-- Nothing changes here.\n"
		}
		if len(allowed) > 0 {
			text = lint.Allow(allowed) + text
		}
		path := filepath.Join(p.dir, d.dialect, fmt.Sprintf("%06d_%s.sql", number, name))
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, path); err != nil {
			return err
		}
	}
	return p.sum()
}

// sum takes the migrations there are into the checksums of their directories, those that were written by hand too.
func (p plan) sum() error {
	for _, d := range databases {
		dir, err := atlas.NewLocalDir(filepath.Join(p.dir, d.dialect))
		if err != nil {
			return err
		}
		if err := sum(dir); err != nil {
			return err
		}
	}
	return nil
}

func sum(dir atlas.Dir) error {
	hash, err := dir.Checksum()
	if err != nil {
		return err
	}
	return atlas.WriteSumFile(dir, hash)
}

// nextNumber returns the number that follows the highest one of any database.
func nextNumber(dir string) (int, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*.sql"))
	if err != nil {
		return 0, err
	}
	highest := 0
	for _, file := range files {
		var n int
		if _, err := fmt.Sscanf(filepath.Base(file), "%d_", &n); err != nil {
			return 0, fmt.Errorf("name of %s: %w", file, err)
		}
		highest = max(highest, n)
	}
	return highest + 1, nil
}

// database is one of those that a migration is for.
type database struct {
	dialect, name string
	variable      string // the one in the environment that has the URL of a server
}

var databases = []database{
	{"sqlite3", "SQLite", ""},
	{"postgres", "PostgreSQL", "OCTAVO_TEST_POSTGRES"},
	{"mysql", "MariaDB or MySQL", "OCTAVO_TEST_MYSQL"},
}

// plan returns what the migrations in dir lack on this database, which it finds out in one that it throws away.
func (d database) plan(ctx context.Context, dir string, entities []*schema.Table) (text string, err error) {
	url, drop := "", func(context.Context) error { return nil }
	if d.variable == "" {
		temp, err := os.MkdirTemp("", "octavo-migration-*")
		if err != nil {
			return "", err
		}
		defer func() { _ = os.RemoveAll(temp) }()
		url = "sqlite:" + filepath.Join(temp, "scratch.db")
	} else if url, drop, err = scratch.Create(ctx, os.Getenv(d.variable)); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, drop(ctx)) }()
	db, err := backend.Open(ctx, url)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return missing(ctx, db, filepath.Join(dir, d.dialect), entities)
}

// missing replays the migrations in dir on an empty database and returns what the tables have beyond them.
func missing(ctx context.Context, db *backend.DB, dir string, entities []*schema.Table) (string, error) {
	there, err := atlas.NewLocalDir(dir)
	if err != nil {
		return "", err
	}
	files, err := there.Files()
	if err != nil {
		return "", err
	}
	copied := &atlas.MemDir{}
	if err := copied.CopyFiles(files); err != nil {
		return "", err
	}
	if err := sum(copied); err != nil {
		return "", err
	}
	const name = "999999_next"
	format, err := atlas.NewTemplateFormatter(
		template.Must(template.New("name").Parse("{{ .Name }}.sql")),
		template.Must(template.New("text").Parse("{{ range .Changes }}-- {{ .Comment }}\n{{ .Cmd }};\n{{ end }}")),
	)
	if err != nil {
		return "", err
	}
	own := &ownWords{dialect: db.Dialect}
	engine, err := schema.NewMigrate(entsql.OpenDB(db.Dialect, db.Writer),
		schema.WithDir(copied), schema.WithFormatter(format), schema.WithIndent("  "),
		schema.WithDropIndex(true), schema.WithDropColumn(true),
		schema.WithMigrationMode(schema.ModeReplay), schema.WithDiffHook(own.take, tables.SameDefaults))
	if err != nil {
		return "", err
	}
	desired, err := tables.Tables(db.Dialect, entities)
	if err != nil {
		return "", err
	}
	if err := engine.NamedDiff(ctx, name, desired...); err != nil {
		return "", err
	}
	text := ""
	if file, err := copied.Open(name + ".sql"); err == nil {
		read, err := io.ReadAll(file)
		if err != nil {
			return "", err
		}
		text = string(read)
	}
	return text + own.text, nil
}

// ownWords are the statements of those changes that Atlas would make otherwise, or not at all.
type ownWords struct {
	dialect string
	text    string
}

// take is a hook that takes such changes out of those that there are. Atlas would copy a table of SQLite to drop a column,
// or to add one that has an index or whose default is in parentheses, and Ent leaves tables that no entity has any more.
func (w *ownWords) take(next schema.Differ) schema.Differ {
	return schema.DiffFunc(func(current, desired *atlasschema.Schema) ([]atlasschema.Change, error) {
		if w.dialect == dialect.SQLite {
			for _, table := range desired.Tables {
				bareDefaults(table)
			}
		}
		changes, err := next.Diff(current, desired)
		return slices.DeleteFunc(changes, func(change atlasschema.Change) bool {
			switch change := change.(type) {
			case *atlasschema.DropTable:
				if name := change.T.Name; !tables.IsFullText(name) {
					w.text += fmt.Sprintf("-- drop %q table\nDROP TABLE %s;\n", name, name)
				}
			case *atlasschema.ModifyTable:
				if w.dialect == dialect.SQLite {
					return w.takeDropped(change)
				}
			}
			return false
		}), err
	})
}

// takeDropped takes out the columns that are dropped, and has indexes be added after their columns, unless there are
// changes for which the table is copied anyway. It reports whether nothing is left.
func (w *ownWords) takeDropped(table *atlasschema.ModifyTable) bool {
	var text string
	var others []atlasschema.Change
	for _, change := range table.Changes {
		switch change := change.(type) {
		case *atlasschema.DropColumn:
			text += fmt.Sprintf("-- drop column %q from table: %q\nALTER TABLE `%s` DROP COLUMN `%s`;\n",
				change.C.Name, table.T.Name, table.T.Name, change.C.Name)
		case *atlasschema.AddColumn:
			column := *change.C
			column.Indexes = nil // they are added by themselves
			others = append(others, &atlasschema.AddColumn{C: &column})
		case *atlasschema.ModifyIndex:
			others = append(others, &atlasschema.DropIndex{I: change.From}, &atlasschema.AddIndex{I: change.To})
		case *atlasschema.AddIndex, *atlasschema.DropIndex:
			others = append(others, change)
		default:
			return false
		}
	}
	table.Changes = others
	w.text += text
	return len(others) == 0
}

var literal = regexp.MustCompile(`^\(?('([^']|'')*'|-?\d+)\)?$`)

// bareDefaults has defaults that are literals be so, out of any parentheses.
func bareDefaults(table *atlasschema.Table) {
	for _, c := range table.Columns {
		if x, ok := c.Default.(*atlasschema.RawExpr); ok {
			if m := literal.FindStringSubmatch(x.X); m != nil {
				c.Default = &atlasschema.Literal{V: m[1]}
			}
		}
	}
}
