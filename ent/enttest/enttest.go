// Package enttest gives tests databases to use and throw away. PostgreSQL and MySQL are had from servers that the
// environment names, as scripts/services.sh sets it up; without them a test is skipped, or fails where
// OCTAVO_TEST_REQUIRE says so.
package enttest

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entgo.io/ent/dialect"

	"octavo/ent"
	"octavo/ent/internal/backend"
	"octavo/ent/internal/scratch"
)

// InMemory is the URL of an SQLite database in memory, a new one for each store that is opened with it.
const InMemory = "sqlite::memory:"

// SQLite returns the URL of a file that is not there yet.
func SQLite(t testing.TB) string {
	t.Helper()
	return "sqlite:" + filepath.Join(t.TempDir(), "octavo.db")
}

// Postgres returns the URL of a new and empty database on PostgreSQL, which goes when t ends.
func Postgres(t testing.TB) string {
	t.Helper()
	return create(t, "postgresql", "OCTAVO_TEST_POSTGRES")
}

// MySQL returns the URL of a new and empty database on MySQL or MariaDB, which goes when t ends.
func MySQL(t testing.TB) string {
	t.Helper()
	return create(t, "mysql", "OCTAVO_TEST_MYSQL")
}

// PgBouncerBySession returns the URL of a new and empty database on PostgreSQL behind PgBouncer, in the mode in which it
// gives a server to one client for its whole session.
func PgBouncerBySession(t testing.TB) string {
	t.Helper()
	return pgBouncer(t, "OCTAVO_TEST_PGBOUNCER", "")
}

// PgBouncerByTransaction returns the URL of another one, which gives a server to one client for one transaction.
func PgBouncerByTransaction(t testing.TB) string {
	t.Helper()
	return pgBouncer(t, "OCTAVO_TEST_PGBOUNCER_TRANSACTION", "&prepared=false")
}

func pgBouncer(t testing.TB, variable, query string) string {
	t.Helper()
	bouncer, err := url.Parse(server(t, "pgbouncer", variable))
	if err != nil {
		t.Fatal(err)
	}
	database, err := url.Parse(Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	database.Host = bouncer.Host
	database.RawQuery += query
	return database.String()
}

// OpenEmpty returns a store with all its tables and no rows, in a database on a server that another test of the same may
// have used: to remove its rows takes a fraction of the time of making another. Whoever asks for it closes it.
func OpenEmpty(t testing.TB, url string) *ent.Store {
	t.Helper()
	store := Open(t, url)
	db, err := backend.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(removeRows(t.Context(), db), db.Close()); err != nil {
		t.Fatal(err)
	}
	return store
}

// removeRows removes all rows but the version of the schema.
func removeRows(ctx context.Context, db *backend.DB) error {
	conn, err := db.Writer.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	remove := removeAllPostgres
	if db.Dialect == dialect.MySQL {
		remove = removeAllMySQL
		// The words of rows that are only deleted stay in the index.
		for _, statement := range []string{"SET foreign_key_checks = 0, group_concat_max_len = 100000", "TRUNCATE note_search"} {
			if _, err := conn.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
	}
	var statements string
	if err := conn.QueryRowContext(ctx, remove).Scan(&statements); err != nil {
		return err
	}
	for statement := range strings.SplitSeq(statements, ";") {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// What makes the statements that remove all rows. PostgreSQL does it with one, at the end of which all constraints hold.
const (
	removeAllPostgres = `SELECT 'WITH ' || string_agg(format('d%s AS (DELETE FROM %I)', oid, relname), ', ') || ' SELECT 1'
		FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'octavo_schema'`
	removeAllMySQL = `SELECT GROUP_CONCAT('DELETE FROM ', table_name SEPARATOR ';') FROM information_schema.tables
		WHERE table_schema = DATABASE() AND table_name <> 'octavo_schema'`
)

// Each runs test as a subtest for each kind of database that lives on when a store is closed. create returns the URL
// of a new one.
func Each(t *testing.T, test func(t *testing.T, create func(testing.TB) string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite) })
	t.Run("postgresql", func(t *testing.T) { test(t, Postgres) })
	t.Run("mysql", func(t *testing.T) { test(t, MySQL) })
}

// Open returns a store with all its tables. Whoever asks for it closes it.
func Open(t testing.TB, url string) *ent.Store {
	t.Helper()
	return Watched(t, url, nil)
}

// Watch is told what is asked of a database, and what that finds.
type Watch = backend.Watch

// Statement is what a database is told to run.
type Statement = backend.Statement

// Watched is Open of a store that w watches.
func Watched(t testing.TB, url string, w *Watch) *ent.Store {
	t.Helper()
	store, err := ent.Open(backend.Watched(t.Context(), w), url)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return store
}

// server returns the URL of a server for tests.
func server(t testing.TB, service, variable string) string {
	t.Helper()
	url := os.Getenv(variable)
	if url == "" {
		if slices.Contains(strings.Split(os.Getenv("OCTAVO_TEST_REQUIRE"), ","), service) {
			t.Fatalf("%s is required here, and %s isn't set", service, variable)
		}
		t.Skipf("NOT TESTED on %s: %s isn't set; `make test` sets it", service, variable)
	}
	return url
}

func create(t testing.TB, service, variable string) string {
	t.Helper()
	url, drop, err := scratch.Create(t.Context(), server(t, service, variable))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := drop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return url
}
