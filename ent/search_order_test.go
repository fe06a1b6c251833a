package ent_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/enttest"
)

// Thousands of notes of a few seconds, as they come in from elsewhere in any order, find no numbers in the order of their
// times in SQLite's index of searches.
func TestNotesThatCameInOutOfOrderAreFoundByWhenTheyWereUpdated(t *testing.T) {
	for seed := range uint64(3) {
		store := enttest.Open(t, enttest.SQLite(t))
		random := rand.New(rand.NewPCG(seed, 7))
		begin := time.Date(2026, 1, 1, 10, 0, 0, 0, time.UTC)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(begin)))
		var updated []time.Time
		for range 40 {
			at := begin.Add(time.Duration(random.IntN(30)) * 5 * time.Second)
			list := make([]domain.Note, 1+random.IntN(400))
			for i := range list {
				n, err := domain.NewNote(domain.NoteDraft{Title: "x", Content: "banana", Author: domain.OwnerID},
					at.Add(time.Duration(random.IntN(3))*time.Second))
				must(t, err)
				list[i] = n
				updated = append(updated, n.Updated)
			}
			must(t, store.Notes(owner).AddMany(t.Context(), list, nil))
		}
		for after := 1 * time.Second; after < 160*time.Second; after += 3 * time.Second {
			to, want := begin.Add(after), 0
			for _, at := range updated {
				if at.Before(to) {
					want++
				}
			}
			found, err := store.Index(owner.Read()).Search(t.Context(),
				query.Query{Clauses: []query.Clause{{Kind: query.UpdatedClause, To: to}}}, nil, len(updated))
			must(t, err)
			if len(found) != want {
				t.Errorf("seed %d: %d of %d notes are found that were updated within %v", seed, len(found), want, after)
			}
		}
		closeStore(t, store)
	}
}
