package ent_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"octavo/domain"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

// Many notes get and lose the same tags at the same time, in whatever order each of them names the tags. Those who save
// them wait for one another, and never in a circle, which PostgreSQL ends by failing one of them.
func TestTagsAreCountedRightlyWhateverHappensAtOnce(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		first, second := enttest.Open(t, url), enttest.Open(t, url)
		defer closeStore(t, first)
		defer closeStore(t, second)
		must(t, first.Users().Add(t.Context(), domain.NewOwner(domain.SystemClock{}.Now())))
		const writers, rounds = 6, 8
		var group sync.WaitGroup
		for w := range writers {
			group.Go(func() {
				notes := first.Notes(owner)
				if w%2 == 1 {
					notes = second.Notes(owner)
				}
				n, err := domain.NewNote(domain.NoteDraft{Title: "n", Content: "#a/b #c"}, domain.SystemClock{}.Now())
				if err == nil {
					err = notes.Add(t.Context(), n)
				}
				for round := 0; round < rounds && err == nil; round++ {
					n.Content = []string{"#c #d #a/b", "#d", "#c #a/x", "#e #a/b #c"}[(w+round)%4]
					n = n.Reread()
					n.Version++
					err = notes.Update(t.Context(), n, n.Version-1)
				}
				if err == nil {
					n.Content = "#z #a/b"
					n = n.Reread()
					n.Version++
					err = notes.Update(t.Context(), n, n.Version-1)
				}
				if err == nil && w == 0 {
					err = notes.Remove(t.Context(), n.ID)
				}
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
				}
			})
		}
		group.Wait()
		tags, err := first.Tags(owner.Read()).Beginning(t.Context(), "", 100)
		must(t, err)
		if got, want := fmt.Sprint(tags), fmt.Sprintf("[{a %[1]d} {a/b %[1]d} {z %[1]d}]", writers-1); got != want {
			t.Errorf("the tags are %v, want %v", got, want)
		}
		if deadlocks := deadlocksOf(t, url); deadlocks > 0 {
			t.Errorf("the database has found %d deadlocks, want none", deadlocks)
		}
	})
}

// deadlocksOf returns how many deadlocks a database has found, as far as it counts them by database.
func deadlocksOf(t *testing.T, url string) (found int) {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	if db.Dialect == dialect.Postgres {
		must(t, db.Writer.QueryRowContext(t.Context(), `SELECT pg_stat_force_next_flush(), deadlocks FROM pg_stat_database
			WHERE datname = current_database()`).Scan(new(any), &found))
	}
	return found
}

func TestATagThatNoNoteHasAnyMoreIsForgotten(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		defer closeStore(t, store)
		now := domain.SystemClock{}.Now()
		must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
		notes := store.Notes(owner)
		for _, content := range []string{"#edited/away", "#removed", "#purged", "#kept"} {
			n, err := domain.NewNote(domain.NoteDraft{Title: "n", Content: content}, now)
			must(t, err)
			must(t, notes.Add(t.Context(), n))
			n.Version++
			switch content {
			case "#edited/away":
				n.Content = "nothing"
				n = n.Reread()
				must(t, notes.Update(t.Context(), n, n.Version-1))
			case "#removed":
				must(t, notes.Remove(t.Context(), n.ID))
			default:
				n.State, n.Moved = domain.Trashed, now
				if content == "#kept" {
					n.Moved = now.Add(time.Hour)
				}
				must(t, notes.Update(t.Context(), n, n.Version-1))
			}
		}
		purged, err := store.Housekeeping().PurgeTrash(t.Context(), now.Add(time.Minute))
		must(t, err)
		if purged != 1 {
			t.Errorf("%d notes were purged, want 1", purged)
		}
		rows := enttest.Query(t, url, "SELECT tag_key FROM tags ORDER BY tag_key")
		if fmt.Sprint(rows) != "[kept]" {
			t.Errorf("the tags %v are remembered, want the one of the note in the trash", rows)
		}
	})
}

func TestALeaseIsGivenToOneOfManyInstances(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		now := domain.SystemClock{}.Now()
		var given [2]atomic.Int32 // a clock that is ahead by more isn't believed
		var group sync.WaitGroup
		for range 4 {
			store := enttest.Open(t, url)
			defer closeStore(t, store)
			group.Go(func() {
				for round := range given {
					at := now.Add(time.Duration(round) * time.Hour)
					got, err := store.Housekeeping().Lease(t.Context(), "job", at, at.Add(time.Hour))
					if err != nil {
						t.Errorf("Lease: %v", err)
					}
					if got {
						given[round].Add(1)
					}
				}
			})
		}
		group.Wait()
		for round := range given {
			if n := given[round].Load(); n > 1 || round == len(given)-1 && n != 1 {
				t.Errorf("in round %d the lease was given %d times", round, n)
			}
		}
	})
}

func TestUnusedFilesAreFoundAmongMoreThanAPage(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		store := enttest.Open(t, create(t))
		defer closeStore(t, store)
		now := domain.SystemClock{}.Now()
		must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
		const files = 250
		must(t, store.Atomically(t.Context(), func(repos domain.Repos) error {
			var errs error
			content := ""
			for i := range files {
				f := domain.File{Hash: domain.FileHash(domain.HashToken(fmt.Sprint(i))), Name: "f", Type: "t", Created: now}
				errs = errors.Join(errs, repos.Files(owner).Add(t.Context(), f))
				if i%10 != 0 {
					content += f.Markdown() + "\n"
				}
			}
			n, err := domain.NewNote(domain.NoteDraft{Title: "n", Content: content}, now)
			return errors.Join(errs, err, repos.Notes(owner).Add(t.Context(), n))
		}))
		gone, err := store.Housekeeping().RemoveUnusedFiles(t.Context(), now.Add(time.Second))
		must(t, err)
		if len(gone) != files/10 {
			t.Errorf("%d files are gone, want %d", len(gone), files/10)
		}
	})
}
