// Package ent keeps what the domain is about in an SQL database: SQLite, PostgreSQL, MySQL or MariaDB.
//
// It is the adapter behind domain.Store. Whoever holds a Store knows the domain's interfaces only; that there is an
// ORM, or a database at all, stays in here:
//
//	schema/             the tables, written by hand with Ent
//	gen/                what Ent makes of them; never edited
//	migrations/         the versioned migrations of each database, made from schema as well
//	internal/backend/   what differs between the databases
//
// Rows become entities and entities become rows in this package, one file for each repository, by Ent's client; query.go
// has what their queries share, and note_rows.go how notes become rows. What pages and saves run most is made once, of the
// generated names, by Ent's builder: sql.go lists it. derived.go keeps the rows that follow from a note's text, tag_rows.go
// those of its tags, and backfill.go writes them for notes that are older than those rows. search.go and the files beside it
// are full-text search, which Ent has no words for.
package ent

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"time"

	entgo "entgo.io/ent"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	_ "octavo/ent/gen/runtime" // has the generated code ask what ent/schema has against queries and changes
	"octavo/ent/internal/backend"
)

// Refusal is the error of a server that is there but doesn't take what its URL says of the part that it is About.
type Refusal = backend.Refusal

// What a Refusal is About. It is a part of an URL.
const (
	Address  = backend.Address
	Login    = backend.Login
	Database = backend.Database
	TLS      = backend.TLS
)

// Store is a domain.Store upon an SQL database.
type Store struct{ repos }

var _ domain.Store = (*Store)(nil)

// Open connects to the database at url, which is one of
//
//	sqlite:PATH           a file, made when missing, as is its directory; sqlite::memory: lives as long as the store
//	postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE
//	mysql://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=MODE
//
// A server on this machine may also be named by its Unix socket: postgres://USER:PASSWORD@/DATABASE?host=DIRECTORY, or
// mysql://USER:PASSWORD@/DATABASE?socket=FILE.
//
// PATH is taken as it stands; the others are URLs whose special characters are percent-encoded, as url.URL does. MODE
// is disable, prefer, require or verify-full.
//
// The tables may be missing or old: call Migrate or CheckSchema next. Open itself changes nothing that is in the
// database, and returns ErrNewerSchema for one that a newer program has made. An url that is wrong, or of a database that
// holds another program's tables, is domain.Invalid, a server that can't be reached domain.Unavailable, and a file that
// isn't sound, as far as a short look shows, domain.Damaged. Each has a line that may be printed: no error has the
// password in it.
func Open(ctx context.Context, url string) (*Store, error) {
	db, err := backend.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	s := &Store{newRepos(db)}
	version, err := s.schemaVersion(ctx)
	if err == nil && version == 0 {
		err = s.failure(ctx, db.RefuseForeign(ctx))
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := db.UseWAL(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("switch to write-ahead logging: %w", err), db.Close())
	}
	return s, nil
}

// Ping returns nil when the database answers, isn't known to be damaged, and has its tables, which it looks into: a
// driver's own ping needn't reach the file.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.mayWrite(); err != nil {
		return err
	}
	var version int
	return s.failure(ctx, s.db.Reader.QueryRowContext(ctx, selectVersion).Scan(&version))
}

// Close waits for what is under way and closes all connections.
func (s *Store) Close() error { return s.db.Close() }

// Atomically runs fn in one transaction, as domain.Store says.
func (s *Store) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.atomically(ctx, func(r repos) error { return fn(r) })
}

// repos gives the repositories, within a transaction or outside of any.
type repos struct {
	db          *backend.DB
	read, write *gen.Client
	text        *statements
	within      bool         // whether this is within a transaction: rows that are read stay as they are until it ends
	damaged     *atomic.Bool // whether damage has been seen, by anybody
	held        held
}

// held are the versions of those notes, by their spaces and ids, that a transaction has read, and that nobody else
// changes until it ends. It is nil outside of any.
type held map[[2]string]int

// holds reports whether the transaction has read a note of that space.
func (r repos) holds(space string, note domain.ID) (version int, held bool) {
	version, held = r.held[[2]string{space, string(note)}]
	return version, held
}

var _ domain.Repos = repos{}

func newRepos(db *backend.DB) repos {
	r := repos{db: db, text: newStatements(db.Dialect), damaged: new(atomic.Bool)}
	r.write = gen.NewClient(gen.Driver(entsql.OpenDB(db.Dialect, db.Writer)))
	r.read = r.write
	if db.Reader != db.Writer {
		r.read = gen.NewClient(gen.Driver(entsql.OpenDB(db.Dialect, db.Reader)))
	}
	r.write.Use(func(next gen.Mutator) gen.Mutator {
		return gen.MutateFunc(func(ctx context.Context, m gen.Mutation) (gen.Value, error) {
			if err := r.mayWrite(); err != nil {
				return nil, err
			}
			value, err := next.Mutate(ctx, m)
			return value, named(err, m.Op().String(), m.Type())
		})
	})
	naming := gen.InterceptFunc(func(next gen.Querier) gen.Querier {
		return gen.QuerierFunc(func(ctx context.Context, query gen.Query) (gen.Value, error) {
			value, err := next.Query(ctx, query)
			if err != nil {
				asked := entgo.QueryFromContext(ctx)
				err = named(err, "Query"+asked.Op, asked.Type)
			}
			return value, err
		})
	})
	r.read.Intercept(naming)
	if r.write != r.read {
		r.write.Intercept(naming)
	}
	return r
}

// operation is an error that says what was done when it came, as in "Create Session".
type operation struct {
	name string
	err  error
}

func (e *operation) Error() string { return e.name + ": " + e.err.Error() }

func (e *operation) Unwrap() error { return e.err }

// named returns err as an operation, unless it is one: many rows are created by as many mutations, within one another.
func named(err error, op, entity string) error {
	if already := (*operation)(nil); err == nil || errors.As(err, &already) {
		return err
	}
	return &operation{strings.TrimPrefix(op, "Op") + " " + entity, err}
}

// mayWrite returns nil until damage has been seen. What is written into a damaged database makes it worse, and is lost
// when a backup takes its place.
func (r repos) mayWrite() error {
	if r.damaged.Load() {
		return errDamaged
	}
	return nil
}

// atomically runs fn in a transaction: the one there is, or else one of its own, which may take several attempts.
func (r repos) atomically(ctx context.Context, fn func(repos) error) error {
	if r.within {
		return fn(r)
	}
	for attempt := 1; ; attempt++ {
		err := r.transact(ctx, fn)
		if _, again := backend.Diagnose(err); !again || attempt == backend.MaxAttempts {
			return err
		}
		if backend.IsTakenBack(err) {
			ctx = backend.Alone(ctx)
		}
		// Those who collided must not meet again, so each waits for a time of its own.
		select {
		case <-ctx.Done():
			return r.failure(ctx, err)
		case <-time.After(rand.N(time.Duration(1<<attempt) * 5 * time.Millisecond)):
		}
	}
}

func (r repos) transact(ctx context.Context, fn func(repos) error) error {
	if err := r.mayWrite(); err != nil {
		return err
	}
	tx, err := r.write.BeginTx(ctx, &r.db.Tx)
	if err != nil {
		return r.failure(ctx, &operation{"begin", err})
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	client := tx.Client()
	if err := fn(repos{r.db, client, client, r.text, true, r.damaged, held{}}); err != nil {
		if ended := tx.Rollback(); backend.IsTakenBack(ended) {
			return r.failure(ctx, &operation{"roll back", ended})
		}
		return err
	}
	if err := r.mayWrite(); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return r.failure(ctx, &operation{"commit", err})
	}
	return nil
}

// failure gives an error of the database the kind that the domain has for it. It returns nil for nil, and what has a
// kind already as it is. Once it has seen that the database is damaged, nothing more is written.
func (r repos) failure(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	kind, _ := backend.Diagnose(err)
	if kind == domain.Damaged {
		r.damaged.Store(true)
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	if kind == domain.Unknown {
		return fmt.Errorf("%w: %w", kind, err)
	}
	if ended := context.Cause(ctx); ended != nil {
		return fmt.Errorf("%w: %w", ended, err) // drivers have their own names for it
	}
	switch kind {
	case domain.Conflict:
		return fmt.Errorf("%w: %w", domain.ErrExists, err)
	case domain.NotFound:
		return fmt.Errorf("%w: %w", domain.NotFound, err)
	case domain.StorageFull:
		return fmt.Errorf("%w: %w", errFull, err)
	case domain.Unavailable:
		return fmt.Errorf("%w: %w", errBusy, err)
	}
	return err
}

var (
	errDamaged = domain.NewError(domain.Damaged, "database.damaged")
	errFull    = domain.NewError(domain.StorageFull, "database.full")
	errBusy    = domain.NewError(domain.Unavailable, "database.no_answer")
)

// orNil is how an id is stored that may be unknown, and orNone reads it.
func orNil(id domain.ID) *string {
	if id == "" {
		return nil
	}
	return (*string)(&id)
}

func orNone(id *string) domain.ID {
	if id == nil {
		return ""
	}
	return domain.ID(*id)
}

// orNull is how an id is stored that may be unknown.
func orNull(id domain.ID) any {
	if id == "" {
		return nil
	}
	return string(id)
}
