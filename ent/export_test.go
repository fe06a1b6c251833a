package ent

import (
	"context"
	"database/sql"
	"reflect"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
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

// Written returns what fn has a store run through its writer, within transactions and outside of them.
func Written(s *Store, fn func(domain.Store) error) ([]string, error) {
	w := &writes{Driver: entsql.OpenDB(s.db.Dialect, s.db.Writer)}
	r := s.repos
	r.write = gen.NewClient(gen.Driver(w))
	err := fn(&Store{r})
	return w.all, err
}

// writes is a driver that takes down what it runs.
type writes struct {
	*entsql.Driver
	all []string
}

func (w *writes) Exec(ctx context.Context, query string, args, v any) error {
	w.all = append(w.all, query)
	return w.Driver.Exec(ctx, query, args, v)
}

func (w *writes) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	w.all = append(w.all, query)
	return w.Driver.ExecContext(ctx, query, args...)
}

func (w *writes) BeginTx(ctx context.Context, opts *sql.TxOptions) (dialect.Tx, error) {
	tx, err := w.Driver.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	return writesTx{tx.(*entsql.Tx), w}, nil
}

// writesTx is a transaction of it.
type writesTx struct {
	*entsql.Tx
	of *writes
}

func (t writesTx) Exec(ctx context.Context, query string, args, v any) error {
	t.of.all = append(t.of.all, query)
	return t.Tx.Exec(ctx, query, args, v)
}

func (t writesTx) Query(ctx context.Context, query string, args, v any) error {
	t.of.all = append(t.of.all, query)
	return t.Tx.Query(ctx, query, args, v)
}

func (t writesTx) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	t.of.all = append(t.of.all, query)
	return t.Tx.ExecContext(ctx, query, args...)
}

func (t writesTx) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	t.of.all = append(t.of.all, query)
	return t.Tx.QueryContext(ctx, query, args...)
}
