package ent_test

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/ent/enttest"
)

// Each pair of characters of a script without blanks is in SQLite's index once: not among the beginnings of words as well.
func TestSQLiteIndexesEachPairOfCharactersOnce(t *testing.T) {
	url := enttest.SQLite(t)
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
	random := rand.New(rand.NewPCG(1, 2))
	var text strings.Builder
	for text.Len() < 96<<10 {
		text.WriteRune(0x4e00 + rune(random.IntN(20_000)))
	}
	note, err := domain.NewNote(domain.NoteDraft{Title: "t", Content: text.String()}, time.Now())
	must(t, err)
	must(t, store.Notes(owner).Add(t.Context(), note))
	size, err := strconv.Atoi(enttest.Query(t, url, "SELECT SUM(LENGTH(block)) FROM search_index_data")[0])
	must(t, err)
	if size > 8*text.Len() {
		t.Errorf("%d bytes of text take %d in the index", text.Len(), size)
	}
}
