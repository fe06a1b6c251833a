package docs_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"octavo/cli"
	"octavo/domain"
	"octavo/ent/enttest"
)

// countRecords stores a record in the database that the .env in dir names, and returns how many there are now.
func countRecords(ctx context.Context, dir string) (n int, err error) {
	store, err := cli.OpenStore(ctx, dir)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()

	me, err := addOwner(ctx, store)
	if err != nil {
		return 0, err
	}
	records := store.Records(me)
	record, err := domain.NewRecord(domain.RecordDraft{Title: "Tea"}, domain.SystemClock{}.Now())
	if err != nil {
		return 0, err
	}
	if err := records.Add(ctx, record); err != nil {
		return 0, err
	}
	list, err := records.List(ctx, "", 100)
	return len(list), err
}

func TestDatabaseIsSwappedByTheSettingsAlone(t *testing.T) {
	t.Setenv("DATABASE_URL", "") // so that it is as it was when the test ends
	if err := os.Unsetenv("DATABASE_URL"); err != nil {
		t.Fatal(err)
	}
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		dir := t.TempDir()
		env := fmt.Sprintf("DATABASE_URL=%q\n", create(t))
		if err := os.WriteFile(filepath.Join(dir, ".env"), []byte(env), 0o600); err != nil {
			t.Fatal(err)
		}
		for want := 1; want <= 2; want++ { // the second time it finds what the first has stored
			got, err := countRecords(t.Context(), dir)
			if err != nil || got != want {
				t.Errorf("got %d records and error %v, want %d", got, err, want)
			}
		}
	})
}
