package domaintest

import (
	"strings"
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
	}
}

func draftOfCreation(t *testing.T, f *fixture) {
	n, drafts := f.addNote(t, "n"), f.Drafts(f.alice)
	before, never := f.draft(t, "", "before"), f.draft(t, "", "never")
	must(t, drafts.Put(f.ctx, before))
	for _, key := range []domain.ID{before.Key, never.Key} {
		c := domain.Creation{Key: string(key), Request: domain.HashToken("r"), Note: n.ID, Created: f.now}
		must(t, f.Creations(f.alice).Add(f.ctx, c))
	}
	late := f.draftAgain(t, before, "late")
	wantKind(t, drafts.Put(f.ctx, late), domain.Conflict)
	f.wantDraft(t, before)
	wantKind(t, drafts.Put(f.ctx, never), domain.Conflict)
	_, err := drafts.Get(f.ctx, never.Key)
	wantKind(t, err, domain.NotFound)

	must(t, drafts.Remove(f.ctx, before.Key))
	wantKind(t, drafts.Put(f.ctx, late), domain.Conflict)
	list, err := drafts.List(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, len(list), 0)
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
