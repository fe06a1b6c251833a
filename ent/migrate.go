package ent

import (
	"context"
	"errors"
	"fmt"
	"slices"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/ent/gen/migrate"
	"octavo/ent/internal/backend"
	"octavo/ent/schema"
)

// A schema that the program can't work with. The errors that match them name both versions and what to do.
var (
	ErrNewerSchema = errors.New("the database was made by a newer Octavo")
	ErrOlderSchema = errors.New("the database's schema is out of date")
)

// Migrate brings the schema up to date as Up does, and makes sure that all tables are there.
func (s *Store) Migrate(ctx context.Context) error {
	if _, err := s.Up(ctx); err != nil {
		return err
	}
	return s.checkTables(ctx)
}

// Up brings the schema up to date, if it isn't, and returns the migrations that the database has got by that. An empty
// database gets the whole schema as Ent makes it, any other one the migrations that it lacks. Instances that start
// together wait for one another.
//
// When a migration fails, SQLite and PostgreSQL keep none of them. MySQL, which can't undo changes of a schema, keeps
// what has run, and the next Up goes on from there. Last, what follows from the notes that are there is written; if only
// that fails, the schema stays as it is, and the next Up goes on with it.
func (s *Store) Up(ctx context.Context) ([]Migration, error) {
	all, latest, err := s.migrations()
	if err != nil {
		return nil, err
	}
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	unfinished, err := s.pending(ctx)
	if err != nil {
		return nil, err
	}
	var applied []Migration
	for _, m := range all {
		if m.Version <= version && slices.Contains(unfinished, m.Version) {
			applied = append(applied, m)
		}
	}
	if version < latest {
		err := s.exclusively(ctx, func(db entsql.ExecQuerier, version int) error {
			steps, err := s.steps(ctx, db, version)
			if err != nil {
				return err
			}
			for _, step := range steps {
				if err := runStep(ctx, db, step); err != nil {
					return fmt.Errorf("%s: %w", step.name, err)
				}
			}
			for _, m := range all {
				if m.Version > version {
					applied = append(applied, m)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	if err := s.runBackfills(ctx); err != nil {
		return nil, err
	}
	for i := range applied {
		applied[i].Applied = true
	}
	return applied, nil
}

// Plan returns the SQL that Up would run now, as a script for the database's own client, and "" when the schema is up to
// date. A start after that script writes what follows from the notes.
func (s *Store) Plan(ctx context.Context) (string, error) {
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return "", err
	}
	conn, err := s.db.Reader.Conn(ctx)
	if err != nil {
		return "", s.failure(ctx, err)
	}
	defer func() { _ = conn.Close() }()
	steps, err := s.steps(ctx, conn, version)
	if err != nil {
		return "", s.failure(ctx, err)
	}
	return script(s.db.Dialect, steps), nil
}

// checkTables returns Damaged when a table or a column isn't there that the schema's version says is. Whoever made the
// tables anew would have an empty database, and lose the way back to what was in them.
func (s *Store) checkTables(ctx context.Context) error {
	tables, err := schema.Tables(s.db.Dialect, migrate.Tables)
	if err != nil {
		return err
	}
	var queries []string
	for _, name := range schema.FullTextTables(s.db.Dialect) {
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
	if version < latest {
		return fmt.Errorf("%w (schema %d, this program needs %d): run `octavo migrate up`", ErrOlderSchema, version, latest)
	}
	pending, err := s.pending(ctx)
	if err != nil {
		return err
	}
	if len(pending) > 0 {
		return fmt.Errorf("%w: the last migration was cut short: run `octavo migrate up`", ErrOlderSchema)
	}
	return s.checkTables(ctx)
}

// Migrations returns all versioned migrations, the first one first, and which of them the database has. Those that
// were unnecessary because it was empty count as applied, those whose backfill isn't done don't.
func (s *Store) Migrations(ctx context.Context) ([]Migration, error) {
	all, _, err := s.migrations()
	if err != nil {
		return nil, err
	}
	version, err := s.schemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	unfinished, err := s.pending(ctx)
	if err != nil {
		return nil, err
	}
	for i, m := range all {
		all[i].Applied = m.Version <= version && !slices.Contains(unfinished, m.Version)
	}
	return all, nil
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
