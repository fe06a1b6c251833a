package ent

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strconv"

	atlas "ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	entschema "entgo.io/ent/dialect/sql/schema"

	"octavo/ent/gen/migrate"
	"octavo/ent/internal/backend"
	"octavo/ent/schema"
)

// A schema that the program can't work with. The errors that match them name both versions and what to do.
var (
	ErrNewerSchema = errors.New("the database was made by a newer Octavo")
	ErrOlderSchema = errors.New("the database's schema is out of date")
)

// Migration is a versioned step of the schema.
type Migration struct {
	Version int
	Name    string
	SQL     string
	Applied bool
}

// Migrate brings the schema up to date, if it isn't, by what Ent finds missing. Instances that start together wait
// for one another. It only ever adds, or puts an index in place of another, that of searches too: nothing is dropped that
// doesn't follow from the notes. Then it writes what does, unless that has been done.
func (s *Store) Migrate(ctx context.Context) error {
	_, latest, err := s.migrations()
	if err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return err
	}
	if version < latest {
		if err := s.migrateTo(ctx, latest); err != nil {
			return err
		}
	}
	if err := s.complete(ctx); err != nil {
		return err
	}
	return s.checkTables(ctx)
}

// checkTables returns Damaged when a table or a column isn't there that the schema's version says is. Whoever made the
// tables anew would have an empty database, and lose the way back to what was in them.
func (s *Store) checkTables(ctx context.Context) error {
	tables, err := schema.Tables(s.db.Dialect, migrate.Tables)
	if err != nil {
		return err
	}
	var queries []string
	for _, name := range searchTables[s.db.Dialect] {
		queries = append(queries, "SELECT 1 FROM "+name+" LIMIT 0")
	}
	for _, table := range tables {
		columns := make([]string, len(table.Columns))
		for i, column := range table.Columns {
			columns[i] = column.Name
		}
		query, _ := entsql.Dialect(s.db.Dialect).Select(columns...).From(entsql.Table(table.Name)).Limit(0).Query()
		queries = append(queries, query)
	}
	for _, query := range queries {
		_, err := scanAll(ctx, s.repos, query, nil, textFromRow)
		if backend.MissingTable(err) {
			return fmt.Errorf("%w: %w", errDamaged, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// complete does what is left to do when the tables are there.
func (s *Store) complete(ctx context.Context) error {
	pending, err := s.pending(ctx)
	if err != nil || !pending {
		return err
	}
	return s.backfill(ctx)
}

func (s *Store) migrateTo(ctx context.Context, latest int) error {
	return s.exclusively(ctx, func(db entsql.ExecQuerier, version int) error {
		if version == latest {
			return nil // another instance was faster
		}
		driver := onConnection{entsql.NewDriver(s.db.Dialect, entsql.Conn{ExecQuerier: db})}
		tables, err := schema.Tables(s.db.Dialect, migrate.Tables)
		if err != nil {
			return err
		}
		if err := migrate.Create(ctx, migrate.NewSchema(driver), tables, entschema.WithDropIndex(true),
			entschema.WithDiffHook(schema.SameDefaults)); err != nil {
			return err
		}
		if err := s.createSearch(ctx, db, version); err != nil {
			return err
		}
		if err := notePending(ctx, db, version, latest); err != nil {
			return err
		}
		if version < namesSince {
			if err := s.nameFiles(ctx, db); err != nil {
				return err
			}
		}
		return setSchemaVersion(ctx, db, latest)
	})
}

// searchMigration is the name of the migration that makes the tables of full-text search, which Ent can't describe, as
// they are now. It is written by hand.
const searchMigration = "search_by_first_word"

// searchTables are the tables of full-text search in each dialect.
var searchTables = map[string][]string{
	dialect.SQLite:   {"search_owners", "search_docs", "search_index", "search_words"},
	dialect.Postgres: {"note_search"},
	dialect.MySQL:    {"note_search"},
}

// createSearch makes the tables of full-text search, empty, for a schema of a version that hasn't got them so.
func (s *Store) createSearch(ctx context.Context, db entsql.ExecQuerier, version int) error {
	all, _, err := s.migrations()
	if err != nil {
		return err
	}
	for _, m := range all {
		switch {
		case m.Name != searchMigration:
		case m.Version <= version:
			return nil
		default:
			return m.run(ctx, db)
		}
	}
	return errors.New("the migration that makes the tables of full-text search is missing")
}

// CheckSchema returns nil when the schema is up to date, and ErrOlderSchema when Migrate or Up has to run first.
func (s *Store) CheckSchema(ctx context.Context) error {
	_, latest, err := s.migrations()
	if err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return err
	}
	if version == latest {
		pending, err := s.pending(ctx)
		if err == nil && pending {
			err = fmt.Errorf("%w: the last migration was cut short: run `octavo migrate up`", ErrOlderSchema)
		}
		if err == nil {
			err = s.checkTables(ctx)
		}
		return err
	}
	return fmt.Errorf("%w (schema %d, this program needs %d): run `octavo migrate up`", ErrOlderSchema, version, latest)
}

// Migrations returns all versioned migrations, the first one first, and which of them the database has. Those that
// Migrate made unnecessary count as applied.
func (s *Store) Migrations(ctx context.Context) ([]Migration, error) {
	all, _, err := s.migrations()
	if err != nil {
		return nil, err
	}
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Applied = all[i].Version <= version
	}
	return all, nil
}

// Up applies the versioned migrations that the database hasn't got yet, and returns them. When one fails it returns
// none: SQLite and PostgreSQL then keep none of them; MySQL, which can't undo changes of a schema, keeps what has run,
// and Migrate goes on from there. What follows from the notes that are there is written as by Migrate; if only that
// fails, the migrations stay applied, and the next Up or Migrate goes on.
func (s *Store) Up(ctx context.Context) ([]Migration, error) {
	all, _, err := s.migrations()
	if err != nil {
		return nil, err
	}
	var applied []Migration
	err = s.exclusively(ctx, func(db entsql.ExecQuerier, version int) error {
		for _, m := range all {
			if m.Version <= version {
				continue
			}
			if err := s.apply(ctx, db, m); err != nil {
				return fmt.Errorf("migration %06d_%s: %w", m.Version, m.Name, err)
			}
			m.Applied = true
			applied = append(applied, m)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := s.complete(ctx); err != nil {
		return nil, err
	}
	return applied, nil
}

func (s *Store) apply(ctx context.Context, db entsql.ExecQuerier, m Migration) error {
	if err := m.run(ctx, db); err != nil {
		return err
	}
	if err := notePending(ctx, db, m.Version-1, m.Version); err != nil {
		return err
	}
	if m.Version == namesSince {
		if err := s.nameFiles(ctx, db); err != nil {
			return err
		}
	}
	return setSchemaVersion(ctx, db, m.Version)
}

// run runs the statements of a migration.
func (m Migration) run(ctx context.Context, db entsql.ExecQuerier) error {
	statements, err := atlas.Stmts(m.SQL)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement.Text); err != nil {
			return err
		}
	}
	return nil
}

//go:embed migrations
var migrationFiles embed.FS

// migrations reads the migrations of the store's database and the version of the newest one, which is the version of
// the schema that this program works with.
func (s *Store) migrations() (all []Migration, latest int, err error) {
	files, err := fs.Glob(migrationFiles, path.Join("migrations", s.db.Dialect, "*.sql"))
	if err != nil {
		return nil, 0, err
	}
	for _, name := range files {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, 0, err
		}
		file := atlas.NewLocalFile(path.Base(name), text)
		if latest, err = strconv.Atoi(file.Version()); err != nil {
			return nil, 0, fmt.Errorf("name of migration %s: %w", name, err)
		}
		all = append(all, Migration{Version: latest, Name: file.Desc(), SQL: string(text)})
	}
	return all, latest, nil
}

// The version of a database's schema is the highest one in a table that Ent doesn't know of.
const (
	createVersions = "CREATE TABLE IF NOT EXISTS octavo_schema (version bigint NOT NULL PRIMARY KEY)"
	selectVersion  = "SELECT COALESCE(MAX(version), 0) FROM octavo_schema"
	insertVersion  = "INSERT INTO octavo_schema (version) VALUES (%d)"
)

// schemaVersion returns the version of the database's schema, which is 0 where there is none yet. It returns
// ErrNewerSchema for one that is higher than this program knows.
func (s *Store) schemaVersion(ctx context.Context) (int, error) {
	version := 0
	err := s.db.Reader.QueryRowContext(ctx, selectVersion).Scan(&version)
	if err != nil && !backend.MissingTable(err) {
		return 0, fmt.Errorf("read the version of the schema: %w", s.failure(ctx, err))
	}
	return version, s.checkKnown(version)
}

func (s *Store) checkKnown(version int) error {
	_, latest, err := s.migrations()
	if err == nil && version > latest {
		err = fmt.Errorf("%w (schema %d, this program knows %d); update Octavo", ErrNewerSchema, version, latest)
	}
	return err
}

func setSchemaVersion(ctx context.Context, db entsql.ExecQuerier, version int) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf(insertVersion, version))
	return err
}

// exclusively runs fn with the version of the schema, which nobody else changes meanwhile.
func (s *Store) exclusively(ctx context.Context, fn func(db entsql.ExecQuerier, version int) error) error {
	err := s.db.Exclusively(ctx, func(db entsql.ExecQuerier) error {
		if _, err := db.ExecContext(ctx, createVersions); err != nil {
			return err
		}
		version, err := queryInt(ctx, db, selectVersion)
		if err != nil {
			return err
		}
		if err := s.checkKnown(version); err != nil {
			return err
		}
		return fn(db, version)
	})
	if err != nil {
		return fmt.Errorf("migrate the schema: %w", s.failure(ctx, err))
	}
	return nil
}

func queryInt(ctx context.Context, db entsql.ExecQuerier, query string) (n int, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// onConnection lets Ent migrate within the transaction that backend.Exclusively has begun.
type onConnection struct{ *entsql.Driver }

// Tx returns the transaction there is.
func (c onConnection) Tx(context.Context) (dialect.Tx, error) { return dialect.NopTx(c), nil }

// Query runs a query, except that Ent's wish to see foreign keys enforced on SQLite is granted in word only:
// backend.Exclusively has turned them off, and Ent checks them itself before it ends.
func (c onConnection) Query(ctx context.Context, query string, args, rows any) error {
	if query == "PRAGMA foreign_keys" {
		query = "SELECT 1"
	}
	return c.Driver.Query(ctx, query, args, rows)
}
