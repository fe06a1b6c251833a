package ent

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"

	atlas "ariga.io/atlas/sql/migrate"
	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	entschema "entgo.io/ent/dialect/sql/schema"

	"octavo/ent/gen/migrate"
	"octavo/ent/internal/backend"
	"octavo/ent/schema"
)

// Migration is a versioned change of the schema.
type Migration struct {
	Version int
	Name    string
	SQL     string
	Applied bool
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

// step is what brings the schema from a version to the next one, or from nothing to the latest.
type step struct {
	version    int
	name       string
	statements []statement
}

type statement struct {
	comment  string // with its end of line
	text     string
	doubtful bool // whether it may have run already
}

// steps returns what brings the schema up to date from a version on.
func (s *Store) steps(ctx context.Context, db entsql.ExecQuerier, from int) ([]step, error) {
	all, latest, err := s.migrations()
	if err != nil {
		return nil, err
	}
	if from == 0 {
		made, err := s.creation(ctx, db)
		made = append([]statement{{text: createVersions}}, made...)
		made = append(made, statement{text: fmt.Sprintf(insertVersion, latest)})
		return []step{{version: latest, name: "the whole schema", statements: made}}, err
	}
	var steps []step
	for _, m := range all {
		if m.Version <= from {
			continue
		}
		step := step{version: m.Version, name: fmt.Sprintf("%06d_%s", m.Version, m.Name)}
		if step.statements, err = statementsOf(m.SQL); err != nil {
			return nil, fmt.Errorf("%s: %w", step.name, err)
		}
		if hasBackfill(m.Version) {
			step.statements = append(step.statements, statement{text: fmt.Sprintf(insertPending, m.Version)})
		}
		step.statements = append(step.statements, statement{text: fmt.Sprintf(insertVersion, m.Version)})
		if s.db.Dialect == dialect.MySQL {
			if step, err = step.counted(ctx, db); err != nil {
				return nil, err
			}
		}
		steps = append(steps, step)
	}
	return steps, nil
}

func statementsOf(sql string) (all []statement, err error) {
	parsed, err := atlas.Stmts(sql)
	for _, p := range parsed {
		all = append(all, statement{comment: strings.Join(p.Comments, ""), text: strings.TrimSuffix(p.Text, ";")})
	}
	return all, err
}

// creation returns what Ent would run to make the tables that aren't there, and what makes those of full-text search.
func (s *Store) creation(ctx context.Context, db entsql.ExecQuerier) (made []statement, err error) {
	tables, err := schema.Tables(s.db.Dialect, migrate.Tables)
	if err != nil {
		return nil, err
	}
	driver := onConnection{entsql.NewDriver(s.db.Dialect, entsql.Conn{ExecQuerier: db})}
	note := func(entschema.Applier) entschema.Applier {
		return entschema.ApplyFunc(func(_ context.Context, _ dialect.ExecQuerier, plan *atlas.Plan) error {
			for _, change := range plan.Changes {
				made = append(made, statement{comment: "-- " + change.Comment + "\n", text: change.Cmd})
			}
			return nil
		})
	}
	err = migrate.Create(ctx, migrate.NewSchema(driver), tables, entschema.WithDiffHook(schema.SameDefaults),
		entschema.WithApplyHook(note))
	if err != nil {
		return nil, err
	}
	search, err := statementsOf(schema.FullText(s.db.Dialect))
	return append(made, search...), err
}

// onConnection lets Ent look at the schema within the transaction that backend.Exclusively has begun, if any.
type onConnection struct{ *entsql.Driver }

// Tx returns the transaction there is.
func (c onConnection) Tx(context.Context) (dialect.Tx, error) { return dialect.NopTx(c), nil }

// Query runs a query, except that Ent's wish to see foreign keys enforced on SQLite is granted in word only:
// backend.Exclusively has turned them off.
func (c onConnection) Query(ctx context.Context, query string, args, rows any) error {
	if query == "PRAGMA foreign_keys" {
		query = "SELECT 1"
	}
	return c.Driver.Query(ctx, query, args, rows)
}

// runStep runs the statements of a step.
func runStep(ctx context.Context, db entsql.ExecQuerier, step step) error {
	for _, statement := range step.statements {
		_, err := db.ExecContext(ctx, statement.text)
		if statement.doubtful && backend.IsDone(err) {
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// script returns the statements of some steps as a database's own client takes them.
func script(name string, steps []step) string {
	if len(steps) == 0 {
		return ""
	}
	var b strings.Builder
	switch name {
	case dialect.SQLite:
		b.WriteString("PRAGMA foreign_keys = off;\nBEGIN IMMEDIATE;\n")
	case dialect.Postgres:
		b.WriteString("BEGIN;\n")
	}
	for _, step := range steps {
		b.WriteString("\n-- " + step.name + "\n")
		for _, statement := range step.statements {
			b.WriteString(statement.comment + statement.text + ";\n")
		}
	}
	switch name {
	case dialect.SQLite:
		b.WriteString("\nCOMMIT;\nPRAGMA foreign_keys = on;\n")
	case dialect.Postgres:
		b.WriteString("\nCOMMIT;\n")
	}
	return b.String()
}

// MySQL keeps each change of a schema at once. How many statements of a step have run is kept in a table, so that a step
// that was cut short goes on where it was.
const (
	createProgress = "CREATE TABLE IF NOT EXISTS octavo_progress (version bigint NOT NULL PRIMARY KEY, statements bigint NOT NULL)"
	selectProgress = "SELECT COALESCE(MAX(statements), -1) FROM octavo_progress WHERE version = %d"
	putProgress    = "REPLACE INTO octavo_progress (version, statements) VALUES (%d, %d)"
	dropProgress   = "DROP TABLE octavo_progress"
)

// counted returns the step without what MySQL has run of it, and with what counts the others. A change of rows is counted
// in one transaction with it. The first of the others may be a change of a table that has run and hasn't been counted.
func (st step) counted(ctx context.Context, db entsql.ExecQuerier) (step, error) {
	done, err := queryInt(ctx, db, fmt.Sprintf(selectProgress, st.version))
	if backend.MissingTable(err) {
		done, err = -1, nil
	}
	if err != nil {
		return step{}, err
	}
	var all []statement
	add := func(text string) { all = append(all, statement{text: text}) }
	add(createProgress)
	if done < 0 {
		add(fmt.Sprintf(putProgress, st.version, 0))
	}
	for i, statement := range st.statements {
		if i < done {
			continue
		}
		statement.doubtful = i == done
		put := fmt.Sprintf(putProgress, st.version, i+1)
		if changesRows.MatchString(statement.text) {
			add("START TRANSACTION")
			all = append(all, statement)
			add(put)
			add("COMMIT")
		} else {
			all = append(all, statement)
			add(put)
		}
	}
	add(dropProgress)
	st.statements = all
	return st, nil
}

var changesRows = regexp.MustCompile(`(?i)^\s*(INSERT|UPDATE|DELETE|REPLACE)\b`)
