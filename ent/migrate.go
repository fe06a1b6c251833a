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

	"octavo/ent/gen/migrate"
	"octavo/ent/internal/backend"
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
// for one another. It only ever adds: no table, column or row is dropped.
func (s *Store) Migrate(ctx context.Context) error {
	_, latest, err := s.migrations()
	if err != nil {
		return err
	}
	if version, err := s.schemaVersion(ctx); err != nil || version == latest {
		return err
	}
	return s.exclusively(ctx, func(db entsql.ExecQuerier, version int) error {
		if version == latest {
			return nil // another instance was faster
		}
		driver := onConnection{entsql.NewDriver(s.db.Dialect, entsql.Conn{ExecQuerier: db})}
		if err := migrate.NewSchema(driver).Create(ctx); err != nil {
			return err
		}
		return setSchemaVersion(ctx, db, latest)
	})
}

// CheckSchema returns nil when the schema is up to date, and ErrOlderSchema when Migrate or Up has to run first.
func (s *Store) CheckSchema(ctx context.Context) error {
	_, latest, err := s.migrations()
	if err != nil {
		return err
	}
	version, err := s.schemaVersion(ctx)
	if err != nil || version == latest {
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
// and Migrate goes on from there.
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
			if err := m.apply(ctx, db); err != nil {
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
	return applied, nil
}

func (m Migration) apply(ctx context.Context, db entsql.ExecQuerier) error {
	statements, err := atlas.Stmts(m.SQL)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(ctx, statement.Text); err != nil {
			return err
		}
	}
	return setSchemaVersion(ctx, db, m.Version)
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
		return 0, fmt.Errorf("read the version of the schema: %w", failure(ctx, err))
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
		return fmt.Errorf("migrate the schema: %w", failure(ctx, err))
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
