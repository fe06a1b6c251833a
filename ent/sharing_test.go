package ent_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
)

// Writers that wait for one another share a commit, whose end writes the index of searches. One of them has what the index
// doesn't take: it fails, whomever it has met, and nobody else does.
func TestOneThatCannotBeIndexedFailsAmongSQLitesOtherWriters(t *testing.T) {
	const writers, failing = 32, 7
	url := enttest.SQLite(t)
	store := enttest.Open(t, url)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
	errs := make([]error, writers)
	var running sync.WaitGroup
	for i := range errs {
		running.Go(func() {
			n, err := domain.NewNote(domain.NoteDraft{Content: fmt.Sprint("# Note ", i), Author: domain.OwnerID}, time.Now())
			errs[i] = errors.Join(err, store.Atomically(t.Context(), func(repos domain.Repos) error {
				if i == failing {
					must(t, ent.IndexNothing(t.Context(), repos))
				}
				return repos.Notes(owner).Add(t.Context(), n)
			}))
		})
	}
	running.Wait()
	for i, err := range errs {
		if (err != nil) != (i == failing) {
			t.Errorf("writer %d: got error %v", i, err)
		}
	}
	closeStore(t, store)
	for what, count := range map[string]string{
		"notes":             "SELECT CAST(COUNT(*) AS text) FROM notes",
		"notes to be found": `SELECT CAST(COUNT(*) AS text) FROM search_index WHERE search_index MATCH '"~note"'`,
	} {
		if got := enttest.Query(t, url, count); len(got) != 1 || got[0] != fmt.Sprint(writers-1) {
			t.Errorf("there are %v %s, want %d", got, what, writers-1)
		}
	}
}
