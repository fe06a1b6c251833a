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

// PgBouncer returns the URL of a new and empty database on PostgreSQL behind PgBouncer, in a mode in which it gives a
// server to one client for its whole session, or else for one transaction. empty removes all rows from it, which takes
// less time than another database.
func PgBouncer(t testing.TB, transactions bool) (databaseURL string, empty func(testing.TB)) {
	t.Helper()
	variable, query := "OCTAVO_TEST_PGBOUNCER", ""
	if transactions {
		variable, query = "OCTAVO_TEST_PGBOUNCER_TRANSACTION", "&prepared=false"
	}
	bouncer, err := url.Parse(server(t, "pgbouncer", variable))
	if err != nil {
		t.Fatal(err)
	}
	direct := Postgres(t)
	database, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	database.Host = bouncer.Host
	database.RawQuery += query
	return database.String(), func(t testing.TB) {
		t.Helper()
		db, err := backend.Open(t.Context(), direct)
		if err != nil {
			t.Fatal(err)
		}
		var tables string
		const all = `SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
			WHERE schemaname = 'public' AND tablename <> 'octavo_schema'`
		err = db.Reader.QueryRowContext(t.Context(), all).Scan(&tables)
		if err == nil {
			_, err = db.Writer.ExecContext(t.Context(), "TRUNCATE "+tables)
		}
		if err := errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

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
	store, err := ent.Open(t.Context(), url)
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
