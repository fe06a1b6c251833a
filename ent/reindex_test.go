package ent_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent"
	"octavo/ent/enttest"
)

// reindexed compares the whole index with the notes and returns how many were mended.
func reindexed(t *testing.T, store *ent.Store) (mended int) {
	t.Helper()
	for next := domain.ID(""); ; {
		n, last, err := store.Housekeeping().Reindex(t.Context(), next)
		must(t, err)
		mended += n
		if next = last; next == "" {
			return mended
		}
	}
}

// Each start makes sure of it, of an index that was made by the version before as well.
func TestSQLiteMergesItsIndexInSmallSteps(t *testing.T) {
	url := enttest.SQLite(t)
	store := enttest.Open(t, url)
	defer closeStore(t, store)
	for range 2 {
		reindexed(t, store)
		got := enttest.Query(t, url, "SELECT k || ' ' || v FROM search_index_config WHERE k LIKE '%merge' ORDER BY k")
		if !slices.Equal(got, []string{"automerge 8", "crisismerge 64"}) {
			t.Errorf("the index is merged by %v", got)
		}
	}
}

func TestWhatAnIndexHasLostIsIndexedAgain(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		must(t, store.Users().Add(t.Context(), domain.NewOwner(time.Now())))
		const n = 450 // several pieces
		var all []domain.Note
		for i := range n {
			note, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprint("Note ", i), Content: "found by its words"},
				time.Now().Add(time.Duration(i*7%n)*time.Second))
			must(t, err)
			all = append(all, note)
		}
		must(t, store.Notes(owner).AddMany(t.Context(), all, nil))
		wantFound := func(when string, want int) {
			t.Helper()
			count, err := store.Index(owner.Read()).Count(t.Context(), query.Parse("words"), 1000)
			must(t, err)
			if count.Notes != want {
				t.Errorf("%s: %d notes are found, want %d", when, count.Notes, want)
			}
		}
		if mended := reindexed(t, store); mended != 0 {
			t.Errorf("%d notes of a whole index were mended", mended)
		}
		ids := []string{string(all[0].ID), string(all[199].ID), string(all[200].ID), string(all[n-1].ID)}
		lost := "('" + strings.Join(ids, "', '") + "')"
		numbers := "(SELECT number FROM search_docs WHERE note_id IN " + lost + ")"
		type damage struct {
			name       string
			statements []string
			found      int
		}
		damages := []damage{
			{"rows removed", []string{"DELETE FROM note_search WHERE note_id IN " + lost}, n - 4},
			{"rows of an older version", []string{"UPDATE note_search SET version = 0 WHERE note_id IN " + lost}, n},
			{"words removed", []string{"UPDATE note_search SET terms = '' WHERE note_id IN " + lost}, n - 4},
		}
		if strings.HasPrefix(url, "sqlite") {
			damages = []damage{
				{"texts removed", []string{"DELETE FROM search_index WHERE rowid IN " + numbers}, n - 4},
				{"numbers removed", []string{"DELETE FROM search_docs WHERE note_id IN " + lost}, n - 4},
				{"both removed", []string{"DELETE FROM search_index WHERE rowid IN " + numbers, "DELETE FROM search_docs WHERE note_id IN " + lost}, n - 4},
				{"numbers of an older version", []string{"UPDATE search_docs SET version = 0 WHERE note_id IN " + lost}, n},
			}
		}
		for _, damage := range damages {
			for _, statement := range damage.statements {
				execute(t, url, statement)
			}
			wantFound(damage.name, damage.found)
			want := 4
			if damage.name == "numbers removed" {
				want = 8 // the texts without a number as well
			}
			if mended := reindexed(t, store); mended != want {
				t.Errorf("%s: %d were mended, want %d", damage.name, mended, want)
			}
			wantFound(damage.name+" and mended", n)
			if again := reindexed(t, store); again != 0 {
				t.Errorf("%s: %d were mended twice", damage.name, again)
			}
		}
		if strings.HasPrefix(url, "sqlite") {
			for _, statement := range []string{"DELETE FROM search_docs", "DELETE FROM search_spaces", "DELETE FROM search_index"} {
				execute(t, url, statement)
			}
			wantFound("nothing left", 0)
			if mended := reindexed(t, store); mended != n {
				t.Errorf("nothing left: %d were mended, want %d", mended, n)
			}
			wantFound("nothing left and mended", n)
			execute(t, url, "INSERT INTO search_docs VALUES (7, '"+string(domain.NewID())+"', 7, 1, 1, 'active', 0)")
			if mended := reindexed(t, store); mended != 1 {
				t.Errorf("%d numbers without a note were removed, want 1", mended)
			}
		}
	})
}

// Whatever the order in which notes came and were changed, bringing them up writes each of them once: they get the
// numbers that they would have had in the order of time, so none has to make room for another.
func TestBringingNotesUpTakesAsMuchWorkInAnyOrder(t *testing.T) {
	const n = 600
	random := rand.New(rand.NewPCG(1, 2)).Perm(n)
	var want []string
	for name, place := range map[string]func(i int) int{
		"ascending":  func(i int) int { return i },
		"descending": func(i int) int { return n - 1 - i },
		"random":     func(i int) int { return random[i] },
	} {
		url := enttest.SQLite(t)
		fillFirstSchema(t, url, n)
		ids := enttest.Query(t, url, "SELECT id FROM notes ORDER BY id")
		update := "UPDATE notes SET updated_at = CASE id"
		for i, id := range ids { // a hundred in each second
			update += fmt.Sprintf(" WHEN '%s' THEN %d", id, 15_000_000+place(i)*10_000)
		}
		execute(t, url, update+" END")
		store := enttest.Open(t, url)
		numbers := enttest.Query(t, url, "SELECT (d.number - d.second) || ' ' || n.updated_at FROM search_docs d JOIN notes n ON n.id = d.note_id ORDER BY d.number")
		if want == nil {
			want = numbers
		}
		if !slices.Equal(numbers, want) || !slices.IsSortedFunc(numbers, func(a, b string) int {
			return strings.Compare(a[strings.IndexByte(a, ' '):], b[strings.IndexByte(b, ' '):])
		}) {
			t.Errorf("%s: the notes are numbered otherwise", name)
		}
		if slack := enttest.Query(t, url, "SELECT slack FROM search_spaces"); fmt.Sprint(slack) != "[0]" {
			t.Errorf("%s: notes were put where there was room: slack %v", name, slack)
		}
		list, err := store.Index(owner.Read()).Search(context.Background(), query.Parse("plan"), nil, n)
		must(t, err)
		if len(list) != n-1 {
			t.Errorf("%s: %d notes are found, want %d", name, len(list), n-1)
		}
		closeStore(t, store)
	}
}
