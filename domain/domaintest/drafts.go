package domaintest

import (
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

func (f *fixture) draft(t *testing.T, key domain.ID, base int, content string) domain.Draft {
	t.Helper()
	d, err := domain.NewDraft(key, base, "draft of "+content, content, "one, #two", f.now)
	must(t, err)
	return d
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
	ofNote, ofNew := f.draft(t, n.ID, n.Version, "old"), f.draft(t, domain.NewID(), 0, "new")
	blank, err := domain.NewDraft(domain.NewID(), 0, "", "", "", f.now)
	must(t, err)
	for _, d := range []domain.Draft{ofNote, ofNew, blank} {
		_, err := drafts.Get(f.ctx, d.Key)
		wantKind(t, err, domain.NotFound)
		must(t, drafts.Put(f.ctx, d))
		f.wantDraft(t, d)
	}
	wantNote(t, f.notes, n)

	f.later(time.Minute)
	ofNote, ofNew = f.draft(t, n.ID, n.Version+1, "older"), f.draft(t, ofNew.Key, 0, "newer")
	ofNote.Tags = ""
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
	d, err := domain.NewDraft(domain.NewID(), 0, n.Title, n.Content, strings.Repeat("日本, ", 32<<10/8), f.now)
	must(t, err)
	must(t, f.Drafts(f.alice).Put(f.ctx, d))
	f.wantDraft(t, d)
}

func draftsListed(t *testing.T, f *fixture) {
	drafts := f.Drafts(f.alice)
	list, err := drafts.ListNew(f.ctx, 10)
	must(t, err)
	wantEqual(t, len(list), 0)

	n := f.addNote(t, "n")
	var want []domain.Draft
	for _, content := range []string{"third", "second", "first"} {
		f.later(time.Second)
		d := f.draft(t, domain.NewID(), 0, content)
		must(t, drafts.Put(f.ctx, d))
		want = append([]domain.Draft{d}, want...)
	}
	must(t, drafts.Put(f.ctx, f.draft(t, n.ID, n.Version, "of a note")))
	list, err = drafts.ListNew(f.ctx, 10)
	must(t, err)
	wantEqual(t, list, want)
	list, err = drafts.ListNew(f.ctx, 2)
	must(t, err)
	wantEqual(t, list, want[:2])

	f.later(time.Second)
	want[2].Saved = f.now
	must(t, drafts.Put(f.ctx, want[2]))
	list, err = drafts.ListNew(f.ctx, 1)
	must(t, err)
	wantEqual(t, list, want[2:])
}

func draftOfCreation(t *testing.T, f *fixture) {
	n, drafts := f.addNote(t, "n"), f.Drafts(f.alice)
	before, never := f.draft(t, domain.NewID(), 0, "before"), f.draft(t, domain.NewID(), 0, "never")
	must(t, drafts.Put(f.ctx, before))
	for _, key := range []domain.ID{before.Key, never.Key} {
		c := domain.Creation{Key: string(key), Request: domain.HashToken("r"), Note: n.ID, Created: f.now}
		must(t, f.Creations(f.alice).Add(f.ctx, c))
	}
	late := f.draft(t, before.Key, 0, "late")
	must(t, drafts.Put(f.ctx, late))
	f.wantDraft(t, before)
	must(t, drafts.Put(f.ctx, never))
	_, err := drafts.Get(f.ctx, never.Key)
	wantKind(t, err, domain.NotFound)

	must(t, drafts.Remove(f.ctx, before.Key))
	must(t, drafts.Put(f.ctx, late))
	list, err := drafts.ListNew(f.ctx, 10)
	must(t, err)
	wantEqual(t, len(list), 0)
}

func draftOfNothing(t *testing.T, f *fixture) {
	n, drafts := f.addNote(t, "n"), f.Drafts(f.alice)
	d := f.draft(t, n.ID, n.Version, "of a note")
	must(t, drafts.Put(f.ctx, d))
	must(t, f.notes.Remove(f.ctx, n.ID))
	for _, key := range []domain.ID{n.ID, domain.NewID()} {
		d.Key = key
		wantKind(t, drafts.Put(f.ctx, d), domain.NotFound)
		_, err := drafts.Get(f.ctx, key)
		wantKind(t, err, domain.NotFound)
	}
}
