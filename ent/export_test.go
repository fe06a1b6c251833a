package ent

import (
	"context"
	"database/sql"

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

// Linking returns how the ids of the notes behind one are found that link to a title.
func Linking(dialect, space, key string, id domain.ID, limit int) Statement {
	query, _ := linking(dialect, limit).Query()
	return Statement{query, []any{space, key, string(id), "", string(domain.Trashed), string(domain.Trashed)}}
}

// EncodeTerm is how the index of MySQL writes a term.
var EncodeTerm = encodeTerm

// Client returns the generated client that a store changes its tables by.
func Client(s *Store) *gen.Client { return s.write }
