// Command makemigration compares ent/schema with the versioned migrations of each database and writes what is missing
// as the next one. Its argument is a name for the change. It is run at the root of the module, with the environment
// that scripts/services.sh sets up.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"text/template"

	atlas "ariga.io/atlas/sql/migrate"
	entsql "entgo.io/ent/dialect/sql"
	"entgo.io/ent/dialect/sql/schema"

	"octavo/ent/gen/migrate"
	"octavo/ent/internal/backend"
	"octavo/ent/internal/scratch"
	tables "octavo/ent/schema"
)

const migrations = "ent/migrations"

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "makemigration:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 1 || !regexp.MustCompile(`^[a-z0-9_]+$`).MatchString(args[0]) {
		return errors.New("give one name for the change, of a-z, 0-9 and _")
	}
	number, err := nextNumber()
	if err != nil {
		return err
	}
	name := fmt.Sprintf("%06d_%s", number, args[0])

	temp, err := os.MkdirTemp("", "octavo-migration-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }()
	if err := write(ctx, "sqlite:"+filepath.Join(temp, "scratch.db"), name); err != nil {
		return fmt.Errorf("SQLite: %w", err)
	}
	for _, server := range []string{"OCTAVO_TEST_POSTGRES", "OCTAVO_TEST_MYSQL"} {
		if err := writeOnServer(ctx, os.Getenv(server), name); err != nil {
			return fmt.Errorf("%s: %w", server, err)
		}
	}
	return nil
}

// nextNumber returns the number that follows the highest one of any database.
func nextNumber() (int, error) {
	files, err := filepath.Glob(filepath.Join(migrations, "*", "*.sql"))
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

func writeOnServer(ctx context.Context, serverURL, name string) (err error) {
	databaseURL, drop, err := scratch.Create(ctx, serverURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop(ctx)) }()
	return write(ctx, databaseURL, name)
}

// write replays the migrations there are on an empty database and writes what the schema has beyond them.
func write(ctx context.Context, databaseURL, name string) error {
	db, err := backend.Open(ctx, databaseURL)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()

	path := filepath.Join(migrations, db.Dialect)
	if err := os.MkdirAll(path, 0o755); err != nil {
		return err
	}
	dir, err := atlas.NewLocalDir(path)
	if err != nil {
		return err
	}
	if err := sum(dir); err != nil {
		return err
	}
	format, err := atlas.NewTemplateFormatter(
		template.Must(template.New("name").Parse("{{ .Name }}.sql")),
		template.Must(template.New("text").Parse("{{ range .Changes }}-- {{ .Comment }}\n{{ .Cmd }};\n{{ end }}")),
	)
	if err != nil {
		return err
	}
	engine, err := schema.NewMigrate(entsql.OpenDB(db.Dialect, db.Writer),
		schema.WithDir(dir), schema.WithFormatter(format), schema.WithIndent("  "), schema.WithDropIndex(true),
		schema.WithMigrationMode(schema.ModeReplay), schema.WithDiffHook(tables.SameDefaults))
	if err != nil {
		return err
	}
	tables, err := tables.Tables(db.Dialect, migrate.Tables)
	if err != nil {
		return err
	}
	return engine.NamedDiff(ctx, name, tables...)
}

// sum takes migrations that were written by hand into the directory's checksum.
func sum(dir *atlas.LocalDir) error {
	hash, err := dir.Checksum()
	if err != nil {
		return err
	}
	return atlas.WriteSumFile(dir, hash)
}
