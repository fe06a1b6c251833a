package domaintest

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/domain"
)

// draft returns a draft of a note, or of a new one when note is "".
func (f *fixture) draft(t *testing.T, note domain.ID, content string) domain.Draft {
	t.Helper()
	typed := domain.NoteDraft{Title: "draft of " + content, Content: content}
	d := domain.Draft{Key: domain.NewID(), Note: note, NoteDraft: typed, TagsField: "one, #two"}
	if note != "" {
		d.Base = 1
	}
	d, err := domain.NewDraft(d, f.now)
	must(t, err)
	return d
}

// draftAgain returns what is typed into the form of a draft later.
func (f *fixture) draftAgain(t *testing.T, d domain.Draft, content string) domain.Draft {
	t.Helper()
	again := f.draft(t, d.Note, content)
	again.Key = d.Key
	return again
}

// wantDraft checks that Alice has a draft.
func (f *fixture) wantDraft(t *testing.T, want domain.Draft) {
	t.Helper()
	got, err := f.Drafts(f.alice).Get(f.ctx, want.Key)
	must(t, err)
	wantEqual(t, got, want)
}

func draftLifecycle(t *testing.T, f *fixture) {
	n, drafts := f.addNote(t, "n"), f.Drafts(f.alice)
	ofNote, ofNew := f.draft(t, n.ID, "old"), f.draft(t, "", "new")
	blank, err := domain.NewDraft(domain.Draft{Key: domain.NewID()}, f.now)
	must(t, err)
	for _, d := range []domain.Draft{ofNote, ofNew, blank} {
		_, err := drafts.Get(f.ctx, d.Key)
		wantKind(t, err, domain.NotFound)
		must(t, drafts.Put(f.ctx, d))
		f.wantDraft(t, d)
	}
	wantNote(t, f.notes, n)

	f.later(time.Minute)
	ofNote, ofNew = f.draftAgain(t, ofNote, "older"), f.draftAgain(t, ofNew, "newer")
	ofNote.Base, ofNote.Tags, ofNote.TagsField = 2, []domain.Tag{}, ""
	must(t, drafts.Put(f.ctx, ofNote))
	must(t, drafts.Put(f.ctx, ofNew))
	must(t, drafts.Put(f.ctx, ofNew)) // nothing new
	f.wantDraft(t, ofNote)
	f.wantDraft(t, ofNew)

	for _, d := range []domain.Draft{ofNote, ofNew} {
		must(t, drafts.Remove(f.ctx, d.Key))
		_, err := drafts.Get(f.ctx, d.Key)
		wantKind(t, err, domain.NotFound)
		must(t, drafts.Remove(f.ctx, d.Key))
	}
	f.wantDraft(t, blank)
	wantNote(t, f.notes, n)
}

func largestDraft(t *testing.T, f *fixture) {
	n := f.largest(t)
	typed := domain.NoteDraft{Title: n.Title, Content: n.Content}
	d := domain.Draft{Key: domain.NewID(), NoteDraft: typed, TagsField: strings.Repeat("日本, ", 32<<10/8)}
	d, err := domain.NewDraft(d, f.now)
	must(t, err)
	must(t, f.Drafts(f.alice).Put(f.ctx, d))
	f.wantDraft(t, d)
}

func draftsListed(t *testing.T, f *fixture) {
	drafts := f.Drafts(f.alice)
	var all []domain.Draft
	for _, note := range []domain.ID{"", f.addNote(t, "one").ID, f.addNote(t, "other").ID} {
		wantList := func(limit int, want []domain.Draft) {
			t.Helper()
			list, err := drafts.List(f.ctx, note, limit)
			must(t, err)
			wantEqual(t, list, want)
		}
		wantList(10, nil)
		var want []domain.Draft
		for _, content := range []string{"third", "second", "first"} {
			f.later(time.Second)
			d := f.draft(t, note, content)
			must(t, drafts.Put(f.ctx, d))
			want = append([]domain.Draft{d}, want...)
		}
		wantList(10, want)
		wantList(2, want[:2])

		f.later(time.Second)
		want[2].Saved = f.now
		must(t, drafts.Put(f.ctx, want[2]))
		wantList(1, want[2:])
		all = slices.Concat(want[2:], want[:2], all)
	}
	for _, limit := range []int{4, len(all)} {
		list, err := drafts.All(f.ctx, limit)
		must(t, err)
		wantEqual(t, list, all[:limit])
	}
}

func draftCaptured(t *testing.T, f *fixture) {
	drafts := f.Drafts(f.alice)
	_, err := drafts.Captured(f.ctx)
	wantKind(t, err, domain.NotFound)
	first, second := f.draft(t, "", "first"), f.draft(t, "", "second")
	first.Captured, second.Captured, second.Saved = true, true, f.now.Add(time.Second)
	other := f.draft(t, "", "typed elsewhere")
	other.Saved = f.now.Add(time.Minute)
	for _, d := range []domain.Draft{first, second, other} {
		must(t, drafts.Put(f.ctx, d))
		f.wantDraft(t, d)
	}
	for _, want := range []domain.Draft{second, first} {
		got, err := drafts.Captured(f.ctx)
		must(t, err)
		wantEqual(t, got, want)
		must(t, drafts.End(f.ctx, want.Key, f.now))
	}
	_, err = f.Drafts(f.bob).Captured(f.ctx)
	wantKind(t, err, domain.NotFound)
}

// wantEnded checks that a draft isn't found, and that what was typed into its form before doesn't bring it back.
func (f *fixture) wantEnded(t *testing.T, d domain.Draft) {
	t.Helper()
	drafts := f.Drafts(f.alice)
	must(t, drafts.Remove(f.ctx, d.Key)) // as of one that is late and says nothing new
	wantKind(t, drafts.Put(f.ctx, f.draftAgain(t, d, "late")), domain.Conflict)
	_, err := drafts.Get(f.ctx, d.Key)
	wantKind(t, err, domain.NotFound)
	for _, note := range []domain.ID{"", d.Note} {
		list, err := drafts.List(f.ctx, note, 10)
		must(t, err)
		wantEqual(t, len(list), 0)
	}
	list, err := drafts.All(f.ctx, 10)
	must(t, err)
	wantEqual(t, len(list), 0)
}

func draftEnded(t *testing.T, f *fixture) {
	drafts := f.Drafts(f.alice)
	for _, note := range []domain.ID{"", f.addNote(t, "n").ID} {
		for what, end := range map[string]func(domain.ID) error{
			"saved":     func(key domain.ID) error { return drafts.End(f.ctx, key, f.now) },
			"discarded": func(key domain.ID) error { _, err := drafts.Discard(f.ctx, key, f.now); return err },
			"all discarded": func(domain.ID) error {
				_, err := drafts.DiscardAll(f.ctx, f.now)
				return err
			},
			"expired": func(domain.ID) error {
				_, err := f.Housekeeping().ExpireDrafts(f.ctx, f.now.Add(time.Second), f.now)
				return err
			},
		} {
			d := f.draft(t, note, what)
			must(t, drafts.Put(f.ctx, d))
			must(t, end(d.Key))
			f.wantEnded(t, d)
			must(t, drafts.End(f.ctx, d.Key, f.now)) // once more
			f.wantEnded(t, d)
		}
		never := f.draft(t, note, "was never put")
		must(t, drafts.End(f.ctx, never.Key, f.now))
		f.wantEnded(t, never)
	}
	found, err := drafts.Discard(f.ctx, domain.NewID(), f.now)
	must(t, err)
	wantEqual(t, found, false)
	same := f.draft(t, "", "bob's, with a key of alice's")
	must(t, drafts.End(f.ctx, same.Key, f.now))
	must(t, f.Drafts(f.bob).Put(f.ctx, same))
}

func draftEndedMeanwhile(t *testing.T, f *fixture) {
	n := f.addNote(t, "n")
	for i := range 20 {
		note := []domain.ID{"", n.ID}[i%2]
		d := f.draft(t, note, "typed")
		if i%4 < 2 {
			must(t, f.Drafts(f.alice).Put(f.ctx, d))
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := f.Drafts(f.alice).Put(f.ctx, d); err != nil && !errors.Is(err, domain.Conflict) {
				t.Errorf("Put: %v", err)
			}
		})
		wg.Go(func() {
			err := f.Atomically(f.ctx, func(repos domain.Repos) error {
				if note != "" {
					if _, err := repos.Notes(f.alice).Get(f.ctx, note); err != nil {
						return err
					}
				}
				return repos.Drafts(f.alice).End(f.ctx, d.Key, f.now)
			})
			if err != nil {
				t.Errorf("End: %v", err)
			}
		})
		wg.Wait()
		f.wantEnded(t, d)
	}
}

func draftsRestored(t *testing.T, f *fixture) {
	drafts := f.Drafts(f.alice)
	one, two, other := f.draft(t, "", "one"), f.draft(t, f.addNote(t, "n").ID, "two"), f.draft(t, "", "discarded before")
	for _, d := range []domain.Draft{other, one, two} {
		must(t, drafts.Put(f.ctx, d))
		if d.Key == other.Key {
			_, err := drafts.Discard(f.ctx, other.Key, f.now)
			must(t, err)
		}
	}
	must(t, f.Drafts(f.bob).Put(f.ctx, f.draft(t, "", "bob's")))
	f.later(time.Microsecond)
	discarded := f.now
	restore := func(at time.Time, want int) {
		t.Helper()
		n, err := drafts.Restore(f.ctx, at, f.now)
		must(t, err)
		wantEqual(t, n, want)
	}
	n, err := drafts.DiscardAll(f.ctx, discarded)
	must(t, err)
	wantEqual(t, n, 2)
	must(t, drafts.End(f.ctx, domain.NewID(), discarded)) // this one is saved, and stays so
	f.later(time.Hour)
	restore(discarded, 2)
	f.wantDraft(t, one)
	f.wantDraft(t, two)
	restore(discarded, 0)
	_, err = drafts.Get(f.ctx, other.Key)
	wantKind(t, err, domain.NotFound)
	must(t, drafts.Put(f.ctx, f.draftAgain(t, one, "goes on")))
}

func draftsExpired(t *testing.T, f *fixture) {
	drafts, keep := f.Drafts(f.alice), f.Housekeeping()
	young := f.draft(t, "", "changed in time")
	must(t, drafts.Put(f.ctx, young))
	before := young.Saved
	tell := func(want int) {
		t.Helper()
		n, err := drafts.TellExpired(f.ctx, f.now)
		must(t, err)
		wantEqual(t, n, want)
	}
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		for i := range many {
			d := f.draft(t, "", "old")
			d.Saved = before.Add(-time.Microsecond)
			if err := repos.Drafts([]domain.WriteAccess{f.alice, f.bob}[i%2]).Put(f.ctx, d); err != nil {
				return err
			}
		}
		return nil
	}))
	inPieces(t, many, func() (int, error) { return keep.ExpireDrafts(f.ctx, before, f.now) })
	f.wantDraft(t, young)

	// They are there until their owner has been told, and then for as long as that can be undone.
	f.later(domain.DraftLife)
	removeEnded := func() (int, error) { return keep.RemoveEnded(f.ctx, f.now) }
	inPieces(t, 0, removeEnded)
	told := f.now
	tell(many / 2)
	tell(0)
	f.later(domain.UndoLife - time.Microsecond)
	inPieces(t, 0, removeEnded)
	n, err := drafts.Restore(f.ctx, told, f.now)
	must(t, err)
	wantEqual(t, n, many/2)
	list, err := drafts.All(f.ctx, 2)
	must(t, err)
	wantEqual(t, list[1].Saved, f.now)
	inPieces(t, 0, func() (int, error) { return keep.ExpireDrafts(f.ctx, young.Saved, f.now) })

	n, err = drafts.DiscardAll(f.ctx, f.now)
	must(t, err)
	must(t, drafts.End(f.ctx, domain.NewID(), f.now))
	f.later(domain.UndoLife)
	inPieces(t, n+1, removeEnded)
}

func draftOfNothing(t *testing.T, f *fixture) {
	n, drafts := f.addNote(t, "n"), f.Drafts(f.alice)
	d := f.draft(t, n.ID, "of a note")
	must(t, drafts.Put(f.ctx, d))
	must(t, f.notes.Remove(f.ctx, n.ID))
	for _, d := range []domain.Draft{d, f.draft(t, n.ID, "late"), f.draft(t, domain.NewID(), "of nothing")} {
		wantKind(t, drafts.Put(f.ctx, d), domain.NotFound)
		_, err := drafts.Get(f.ctx, d.Key)
		wantKind(t, err, domain.NotFound)
	}
}
