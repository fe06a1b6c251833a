// Package enttest gives tests databases to use and throw away. PostgreSQL and MySQL are had from servers that the
// environment names, as scripts/services.sh sets it up; without them a test is skipped, or fails where
// OCTAVO_TEST_REQUIRE says so.
package enttest

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"octavo/ent"
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

func create(t testing.TB, service, variable string) string {
	t.Helper()
	server := os.Getenv(variable)
	if server == "" {
		if slices.Contains(strings.Split(os.Getenv("OCTAVO_TEST_REQUIRE"), ","), service) {
			t.Fatalf("%s is required here, and %s isn't set", service, variable)
		}
		t.Skipf("NOT TESTED on %s: %s isn't set; `make test` sets it", service, variable)
	}
	url, drop, err := scratch.Create(t.Context(), server)
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
