package ent

import (
	"context"
	"database/sql"
	"reflect"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/internal/backend"
)

// Statement is what a database is told to run.
type Statement struct {
	Text string
	Args []any
}

// Recorded returns what fn has a store run outside of a transaction.
func Recorded(s *Store, fn func(domain.Repos) error) ([]Statement, error) {
	recorder := &recorder{DB: s.db.Reader}
	r := s.repos
	r.read = gen.NewClient(gen.Driver(entsql.NewDriver(s.db.Dialect, entsql.Conn{ExecQuerier: recorder})))
	err := fn(r)
	return recorder.all, err
}

type recorder struct {
	*sql.DB
	all []Statement
}

func (r *recorder) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	r.all = append(r.all, Statement{query, args})
	return r.DB.QueryContext(ctx, query, args...)
}

// EncodeTerm is how the index of MySQL writes a term.
var EncodeTerm = encodeTerm

// Built returns the statements that are built when a store opens, by their names.
func Built(dialect string) map[string]string {
	all := map[string]string{}
	for field, value := range reflect.ValueOf(newStatements(dialect)).Elem().Fields() {
		if value.Kind() == reflect.String && field.Name != "dialect" {
			all[field.Name] = value.String()
		}
	}
	return all
}

// Insert has a store insert rows by a statement of its own.
func Insert(ctx context.Context, s *Store, table string, columns []string, row []any) error {
	return s.insert(ctx, table, columns, [][]any{row})
}

// Client returns the generated client that a store changes its tables by.
func Client(s *Store) *gen.Client { return s.write }

// IndexNothing has a transaction write last what SQLite's index of searches doesn't take.
func IndexNothing(ctx context.Context, r domain.Repos) error {
	_, err := r.(repos).exec(backend.AtLast(ctx), "INSERT INTO search_index (rowid, nothing) VALUES (?, ?)", int64(1<<40), "text")
	return err
}
