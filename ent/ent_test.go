package ent_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"octavo/domain"
	"octavo/domain/domaintest"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

var servers = map[string]func(testing.TB) string{"postgresql": enttest.Postgres, "mysql": enttest.MySQL}

func TestStoreKeepsThePromisesOfTheDomain(t *testing.T) {
	each := func(name string, run func(*testing.T, func(*testing.T) domain.Store), open func(t *testing.T) func(*testing.T) domain.Store) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			run(t, open(t))
		})
	}
	inOneDatabase := func(create func(testing.TB) string) func(*testing.T) func(*testing.T) domain.Store {
		return func(t *testing.T) func(*testing.T) domain.Store {
			url := create(t)
			return func(t *testing.T) domain.Store { return enttest.OpenEmpty(t, url) }
		}
	}
	each("sqlite in memory", domaintest.Run, func(*testing.T) func(*testing.T) domain.Store {
		return func(t *testing.T) domain.Store { return enttest.Open(t, enttest.InMemory) }
	})
	each("sqlite", domaintest.Run, func(*testing.T) func(*testing.T) domain.Store {
		return func(t *testing.T) domain.Store { return enttest.Open(t, enttest.SQLite(t)) }
	})
	onServers := domaintest.Run
	if testing.Short() { // on SQLite all that is written goes by several goroutines; on a server by the one that asks
		onServers = domaintest.RunAtOnce
	}
	each("postgresql", onServers, inOneDatabase(enttest.Postgres))
	each("mysql", onServers, inOneDatabase(enttest.MySQL))
	if !testing.Short() { // what runs at once in the program is the same as on PostgreSQL
		each("pgbouncer by session", domaintest.Run, inOneDatabase(enttest.PgBouncerBySession))
		each("pgbouncer by transaction", domaintest.Run, inOneDatabase(enttest.PgBouncerByTransaction))
	}
}

func TestDataOutlivesTheStore(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		user := domain.NewOwner(time.Now().UTC().Truncate(time.Microsecond))
		first := enttest.Open(t, url)
		must(t, first.Users().Add(t.Context(), user))
		must(t, first.Close())

		second := enttest.Open(t, url)
		defer closeStore(t, second)
		got, err := second.Users().Get(t.Context(), user.ID)
		must(t, err)
		if got != user {
			t.Errorf("got %+v, want %+v", got, user)
		}
	})
}

func TestDeadlockIsRunAgainUntilBothSucceed(t *testing.T) {
	// SQLite has one transaction at a time and so no deadlocks.
	for name, create := range servers {
		t.Run(name, func(t *testing.T) {
			store := enttest.Open(t, create(t))
			defer closeStore(t, store)
			ids := twoRecords(t, store)

			// Each transaction takes a record, waits for the other to have its own, and asks for that one.
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			held := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
			var runs [2]int
			var group sync.WaitGroup
			for i := range 2 {
				group.Go(func() {
					err := store.Atomically(ctx, func(repos domain.Repos) error {
						runs[i]++
						if err := appendTo(ctx, repos, ids[i]); err != nil {
							return err
						}
						if runs[i] == 1 {
							close(held[i])
							<-held[1-i]
						}
						return appendTo(ctx, repos, ids[1-i])
					})
					if err != nil {
						t.Errorf("transaction %d: %v", i, err)
					}
				})
			}
			group.Wait()
			if runs[0]+runs[1] < 3 {
				t.Errorf("the transactions ran %v times, so they never collided", runs)
			}
			for _, id := range ids {
				got, err := store.Records(owner).Get(t.Context(), id)
				must(t, err)
				if got.Content != "xx" {
					t.Errorf("content %q, want one x of each transaction", got.Content)
				}
			}
		})
	}
}

func TestTransactionThatKeepsCollidingIsGivenUp(t *testing.T) {
	store := enttest.Open(t, enttest.InMemory)
	defer closeStore(t, store)
	runs := 0
	err := store.Atomically(t.Context(), func(domain.Repos) error {
		runs++
		return fmt.Errorf("%w: %w", domain.Unavailable, sqlite3.Error{Code: sqlite3.ErrBusy}) // as a repository says it
	})
	if !errors.Is(err, domain.Unavailable) || runs != 8 {
		t.Errorf("after %d runs got error %v, want Unavailable after 8", runs, err)
	}
}

func TestErrorOfTheFunctionIsNotRunAgain(t *testing.T) {
	store := enttest.Open(t, enttest.InMemory)
	defer closeStore(t, store)
	runs := 0
	err := store.Atomically(t.Context(), func(domain.Repos) error {
		runs++
		return domain.ErrNoteChanged
	})
	if !errors.Is(err, domain.ErrNoteChanged) || runs != 1 {
		t.Errorf("after %d runs got error %v, want %v after 1", runs, err, domain.ErrNoteChanged)
	}
}

func TestAnErrorSaysWhatWasDone(t *testing.T) {
	url := enttest.SQLite(t)
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	for _, statement := range []string{"DROP TABLE records", "DROP TABLE sessions"} {
		_, err := db.Writer.ExecContext(t.Context(), statement)
		must(t, err)
	}
	records := store.Records(owner)
	_, listed := records.List(t.Context(), "", 1)
	_, got := store.Sessions().Get(t.Context(), "")
	_, _, asked := store.Sessions().Admit(t.Context(), "")
	for said, err := range map[string]error{
		"All Record": listed, "QueryOnly Session": got, "SELECT `s`.`user_id`": asked,
		"Create Record": records.Add(t.Context(), domain.Record{}), "Delete Record": records.Remove(t.Context(), ""),
	} {
		if err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("it doesn't say %q: %v", said, err)
		}
	}
}

func TestContextThatEndsInATransactionHarmsNothingElse(t *testing.T) {
	test := func(t *testing.T, url string) {
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		ids := twoRecords(t, store)

		ctx, cancel := context.WithCancel(t.Context())
		err := store.Atomically(ctx, func(repos domain.Repos) error {
			if err := appendTo(ctx, repos, ids[0]); err != nil {
				return err
			}
			cancel()
			var err error
			for !errors.Is(err, sql.ErrTxDone) { // until the transaction has been ended from outside
				err = appendTo(t.Context(), repos, ids[1])
			}
			return ctx.Err()
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want %v", err, context.Canceled)
		}
		got, err := store.Records(owner).Get(t.Context(), ids[0])
		must(t, err)
		if got.Content != "" {
			t.Error("half of the transaction was kept")
		}
		must(t, store.Atomically(t.Context(), func(repos domain.Repos) error {
			return appendTo(t.Context(), repos, ids[0])
		}))
	}
	t.Run("sqlite in memory", func(t *testing.T) { test(t, enttest.InMemory) })
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) { test(t, create(t)) })
}

func TestServerThatIsAwayIsUnavailable(t *testing.T) {
	for _, url := range []string{
		"postgres://octavo:s3cret@127.0.0.1:1/octavo?sslmode=disable",
		"mysql://octavo:s3cret@127.0.0.1:1/octavo",
	} {
		_, err := ent.Open(t.Context(), url)
		if !errors.Is(err, domain.Unavailable) {
			t.Fatalf("%s: got error %v, want %q", url, err, domain.Unavailable)
		}
		text := err.Error()
		if !strings.Contains(text, "127.0.0.1:1") || strings.Contains(text, "s3cret") || strings.Contains(text, "\n") {
			t.Errorf("the error should be one line with the address and without the password: %q", text)
		}
	}
}

func TestWrongPasswordIsNotRepeated(t *testing.T) {
	for name, create := range servers {
		t.Run(name, func(t *testing.T) {
			_, err := ent.Open(t.Context(), strings.Replace(create(t), ":secret@", ":s3cret@", 1))
			if !errors.Is(err, domain.Unavailable) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got error %v, want %q without the password", err, domain.Unavailable)
			}
		})
	}
}

func TestURLThatIsWrongIsInvalid(t *testing.T) {
	for _, url := range []string{
		"", "sqlite:", "oracle://host/db", "data/octavo.db",
		"postgres://u:s3cret@host:port/db", "postgres://u:s3cret@host/db?sslmode=maybe",
		"mysql://u:s3cret@host/db?sslmode=maybe", "mysql://u:s3cret@host/db?charset=latin1", "mysql://u:s3cret%@host/db",
	} {
		_, err := ent.Open(t.Context(), url)
		if !errors.Is(err, domain.Invalid) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: got error %v, want %q without the password", url, err, domain.Invalid)
		}
	}
}

// twoRecords stores a user and two empty records.
func twoRecords(t *testing.T, store *ent.Store) [2]domain.ID {
	t.Helper()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
	var ids [2]domain.ID
	for i := range ids {
		rec, err := domain.NewRecord(domain.RecordDraft{Title: "record"}, now)
		must(t, err)
		must(t, store.Records(owner).Add(t.Context(), rec))
		ids[i] = rec.ID
	}
	return ids
}

func appendTo(ctx context.Context, repos domain.Repos, id domain.ID) error {
	rec, err := repos.Records(owner).Get(ctx, id)
	if err != nil {
		return err
	}
	rec.Content += "x"
	return repos.Records(owner).Update(ctx, rec)
}

// takesLong leaves out a test in which nothing runs at once where -short asks for that, as make race does.
func takesLong(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it takes long, and nothing in it runs at once")
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func closeStore(t *testing.T, store *ent.Store) {
	t.Helper()
	if err := store.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}
