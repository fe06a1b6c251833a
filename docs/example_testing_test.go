package docs_test

import (
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/ent/enttest"
	"octavo/memory"
)

// newRecords returns the use cases over a database in memory that is this test's alone.
func newRecords(t *testing.T) (*app.Records, domain.WriteAccess) {
	t.Helper()
	store := enttest.Open(t, enttest.InMemory)
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	me, err := addOwner(t.Context(), store)
	if err != nil {
		t.Fatal(err)
	}
	return app.New(store, new(memory.Blobs), domain.SystemClock{}).Records(), me
}

func TestCreatedRecordIsRetrieved(t *testing.T) {
	records, me := newRecords(t)
	created, err := records.Create(t.Context(), me, domain.RecordDraft{Title: "Tea", Content: "Assam"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := records.Get(t.Context(), me.Read(), created.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got != created {
		t.Errorf("got %+v, want %+v", got, created)
	}
}

func TestAllRecordsAreListedInTheOrderTheyWereMade(t *testing.T) {
	records, me := newRecords(t)
	want := []string{"one", "two", "three"}
	for _, title := range want {
		if _, err := records.Create(t.Context(), me, domain.RecordDraft{Title: title}); err != nil {
			t.Fatal(err)
		}
	}
	n := 0
	for r, err := range records.All(t.Context(), me.Read()) {
		if err != nil {
			t.Fatal(err)
		}
		if n == len(want) || r.Title != want[n] {
			t.Fatalf("record %d is %q, want those of %q", n, r.Title, want)
		}
		n++
	}
	if n != len(want) {
		t.Errorf("%d records are listed, want %d", n, len(want))
	}
}
