package ent_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/domaintest"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/memory"
)

// owner is the access of the owner to their own space.
var owner = domaintest.OwnersAccess()

// openFeatures returns the use cases over a new database of each kind, with its owner.
func openFeatures(t *testing.T, url string) (*app.App, *ent.Store) {
	t.Helper()
	store := enttest.Open(t, url)
	t.Cleanup(func() { closeStore(t, store) })
	must(t, store.Users().Add(t.Context(), domain.NewOwner(domain.SystemClock{}.Now())))
	return app.New(store, new(memory.Blobs), domain.SystemClock{}), store
}

// ifVersion holds of a note that is in the version.
func ifVersion(version int) app.If[domain.Note] {
	return func(n domain.Note) bool { return n.Version == version }
}

// Fifty people edit one note at the same time, two hundred times each. Whoever is told that their text was taken finds
// it in the history, and of those who began from the same version one was told so.
func TestFiftyClientsLoseNoAcceptedText(t *testing.T) {
	const clients, edits = 50, 200
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		features, store := openFeatures(t, create(t))
		n, err := features.Notes().Create(t.Context(), owner, domain.NoteDraft{Title: "Contested", Content: "begin"})
		must(t, err)

		var mu sync.Mutex
		accepted := map[int]string{1: "begin"}
		var wg sync.WaitGroup
		for client := range clients {
			wg.Go(func() {
				base := 1
				for edit := range edits {
					text := fmt.Sprintf("client %d, edit %d", client, edit)
					saved, err := features.Editing().Update(t.Context(), owner, n.ID, ifVersion(base), domain.NoteDraft{Title: "Contested", Content: text})
					switch {
					case errors.Is(err, domain.ErrNoteChanged):
					case err != nil:
						t.Errorf("%s: %v", text, err)
						return
					default:
						mu.Lock()
						if other, taken := accepted[saved.Note.Version]; taken {
							t.Errorf("version %d was given to %q and %q", saved.Note.Version, other, text)
						}
						accepted[saved.Note.Version] = text
						mu.Unlock()
					}
					base = saved.Note.Version
					if rand.N(4) == 0 { // some look again before they write
						seen, err := features.Notes().Get(t.Context(), owner.Read(), n.ID)
						must(t, err)
						base = seen.Version
					}
				}
			})
		}
		wg.Wait()

		current, err := features.Notes().Get(t.Context(), owner.Read(), n.ID)
		must(t, err)
		if current.Version != len(accepted) || current.Content != accepted[current.Version] {
			t.Errorf("version %d says %q; %d texts were accepted, the last of them %q",
				current.Version, current.Content, len(accepted), accepted[len(accepted)])
		}
		for version := 1; version < current.Version; version++ {
			r, err := store.Revisions(owner).At(t.Context(), n.ID, version)
			must(t, err)
			if r.Version != version || r.Content != accepted[version] {
				t.Errorf("version %d says %q, and %q was accepted", r.Version, r.Content, accepted[version])
			}
		}
	})
}

// A rename that a thousand notes follow, and the merge of two tags, are whole when they come back, and one click takes them
// back.
func TestWhatChangesAThousandNotesIsUndone(t *testing.T) {
	takesLong(t)
	const count = 1000
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		features, store := openFeatures(t, create(t))
		target, err := features.Notes().Create(t.Context(), owner, domain.NoteDraft{Title: "Old name"})
		must(t, err)
		must(t, store.Atomically(t.Context(), func(repos domain.Repos) error {
			for i := range count {
				draft := domain.NoteDraft{Title: fmt.Sprint("note ", i), Content: "to [[Old name]], about #this/and that"}
				n, err := domain.NewNote(draft, domain.SystemClock{}.Now())
				if err == nil {
					err = repos.Notes(owner).Add(t.Context(), n)
				}
				if err != nil {
					return err
				}
			}
			return nil
		}))
		linking := func(title string) int {
			list, err := store.Links(owner.Read()).Linking(t.Context(), []string{domain.TitleKey(title)}, "", 2*count)
			must(t, err)
			return len(list)
		}
		tagged := func(tag domain.Tag) int {
			ids, err := store.Tags(owner.Read()).Tagged(t.Context(), tag.Key(), "", 2*count)
			must(t, err)
			return len(ids)
		}

		finish := func() { // what the request had no time for, which is nothing on a machine that has nothing else to do
			t.Helper()
			must(t, features.Housekeeping().Finish(t.Context()))
		}

		saved, err := features.Editing().Save(t.Context(), owner, target.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "New name"}, Base: 1})
		must(t, err)
		finish()
		if linking("New name") != count || linking("Old name") != 0 {
			t.Errorf("%d link to the new name, %d to the old one", linking("New name"), linking("Old name"))
		}
		undone, err := features.Bulk().Undo(t.Context(), owner, saved.Undo)
		must(t, err)
		finish()
		if undone.Skipped != 0 || linking("Old name") != count {
			t.Errorf("undone: %+v, %d link to the old name", undone, linking("Old name"))
		}

		changed, err := features.Tags().Rename(t.Context(), owner, "this", "other", true)
		must(t, err)
		finish()
		if changed.Left != 0 || tagged("other/and") != count || tagged("this") != 0 {
			t.Errorf("%+v, %d have the new tag, %d the old one", changed, tagged("other/and"), tagged("this"))
		}
		_, err = features.Bulk().Undo(t.Context(), owner, changed.Undo)
		must(t, err)
		finish()
		if tagged("this/and") != count || tagged("other") != 0 {
			t.Errorf("undone: %d have the old tag, %d the new one", tagged("this/and"), tagged("other"))
		}
	})
}

// A program that ends while links follow a title goes on when it is started again, and one click takes all of it back.
func TestARenameGoesOnWhereTheProgramEnded(t *testing.T) {
	takesLong(t)
	const count = 1000
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		url := create(t)
		store := enttest.Open(t, url)
		target := addFollowers(t, store, count)
		ended := &domaintest.CutShort{Store: store, Transactions: 3}
		cut := app.New(ended, new(memory.Blobs), domain.SystemClock{})
		edit := app.Edit{NoteDraft: domain.NoteDraft{Title: "New name"}, Base: 1}
		saved, err := cut.Editing().Save(t.Context(), owner, target, edit)
		must(t, err)
		closeStore(t, store)

		store = enttest.Open(t, url)
		defer closeStore(t, store)
		features := app.New(store, new(memory.Blobs), domain.SystemClock{})
		linking := func(title string) int {
			list, err := store.Links(owner.Read()).Linking(t.Context(), []string{domain.TitleKey(title)}, "", 2*count)
			must(t, err)
			return len(list)
		}
		if n := linking("New name"); n == 0 || n == count {
			t.Errorf("%d links follow the title where the program ended", n)
		}
		must(t, features.Housekeeping().Finish(t.Context()))
		if n := linking("New name"); n != count {
			t.Errorf("%d links follow the title in the end", n)
		}
		undone, err := features.Bulk().Undo(t.Context(), owner, saved.Undo)
		must(t, err)
		must(t, features.Housekeeping().Finish(t.Context())) // what a loaded machine had no time for
		if undone.Skipped != 0 || linking("Old name") != count {
			t.Errorf("undone: %+v, %d link to the old name", undone, linking("Old name"))
		}
	})
}
