package domaintest

import (
	"testing"
	"time"

	"octavo/domain"
)

func foreignNotes(t *testing.T, f *fixture) {
	n := f.addNote(t, "alice's")
	_, err := f.others.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	taken := n
	taken.Title, taken.Version = "bob's now", 2
	wantKind(t, f.others.Update(f.ctx, taken, taken.Version-1), domain.NotFound)
	wantKind(t, f.others.Remove(f.ctx, n.ID), domain.NotFound)
	list, err := f.others.List(f.ctx, activeOnes, nil, 10)
	must(t, err)
	wantEqual(t, len(list), 0)
	wantNote(t, f.notes, n)
}

func foreignKeepings(t *testing.T, f *fixture) {
	n := f.addNote(t, "alice's")
	f.addRevisions(t, n.ID, 2)
	_, err := f.Revisions(f.bob).At(f.ctx, n.ID, 2)
	wantKind(t, err, domain.NotFound)
	revisions, err := f.Revisions(f.bob).List(f.ctx, n.ID, 0, 10)
	must(t, err)
	wantEqual(t, len(revisions), 0)
	if err := f.Revisions(f.bob).Add(f.ctx, f.revision(n.ID, 1)); err == nil {
		t.Error("Bob has added a revision to a note of Alice's")
	}
	revisions, err = f.Revisions(f.alice).List(f.ctx, n.ID, 0, 10)
	must(t, err)
	wantEqual(t, revisions, []domain.RevisionSummary{f.revision(n.ID, 2).Summary()})

	ofNote, ofNew, theirs := f.draft(t, n.ID, "alice's"), f.draft(t, "", "alice's"), f.draft(t, n.ID, "bob's")
	wantKind(t, f.Drafts(f.bob).Put(f.ctx, theirs), domain.NotFound)
	for _, d := range []domain.Draft{ofNote, ofNew} {
		must(t, f.Drafts(f.alice).Put(f.ctx, d))
		_, err = f.Drafts(f.bob).Get(f.ctx, d.Key)
		wantKind(t, err, domain.NotFound)
		must(t, f.Drafts(f.bob).Remove(f.ctx, d.Key))
	}
	wantKind(t, f.Drafts(f.bob).Put(f.ctx, theirs), domain.NotFound)
	for _, note := range []domain.ID{n.ID, ""} {
		drafts, err := f.Drafts(f.bob).List(f.ctx, note, 10)
		must(t, err)
		wantEqual(t, len(drafts), 0)
	}
	f.wantDraft(t, ofNote)
	f.wantDraft(t, ofNew)

	s := f.search(t, "alice's")
	must(t, f.Searches(f.alice).Add(f.ctx, s))
	_, err = f.Searches(f.bob).Get(f.ctx, s.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, f.Searches(f.bob).Remove(f.ctx, s.ID), domain.NotFound)
	searches, err := f.Searches(f.bob).List(f.ctx)
	must(t, err)
	wantEqual(t, len(searches), 0)
	_, err = f.Searches(f.alice).Get(f.ctx, s.ID)
	must(t, err)

	u := domain.NewUndo(f.now)
	must(t, f.Undos(f.alice).Add(f.ctx, u))
	_, err = f.Undos(f.bob).Get(f.ctx, u.ID)
	wantKind(t, err, domain.NotFound)
	must(t, f.Undos(f.bob).Remove(f.ctx, u.ID))
	_, err = f.Undos(f.alice).Get(f.ctx, u.ID)
	must(t, err)

	file := f.file("alice's")
	must(t, f.Files(f.alice).Add(f.ctx, file))
	f.wantFile(t, f.bob, file, false)
	c := domain.Creation{Key: "alice's", Request: domain.HashToken("r"), Note: n.ID, Created: f.now}
	must(t, f.Creations(f.alice).Add(f.ctx, c))
	_, err = f.Creations(f.bob).Get(f.ctx, c.Key)
	wantKind(t, err, domain.NotFound)
}

func foreignTags(t *testing.T, f *fixture) {
	n := f.addText(t, "Plan", "to [[Plan]]", "work/home")
	tags, err := f.Tags(f.bob.Read()).Beginning(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, len(tags), 0)
	ids, err := f.Tags(f.bob.Read()).Tagged(f.ctx, "work", "", 10)
	must(t, err)
	wantEqual(t, len(ids), 0)
	found, err := f.Links(f.bob.Read()).Titled(f.ctx, domain.TitleKey("Plan"))
	must(t, err)
	wantEqual(t, len(found), 0)
	list, err := f.Links(f.bob.Read()).Titles(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, len(list), 0)
	linking, err := f.Links(f.bob.Read()).Linking(f.ctx, []string{domain.TitleKey("Plan")}, "", 10)
	must(t, err)
	wantEqual(t, len(linking), 0)
	tagged, err := f.others.List(f.ctx, domain.NoteFilter{State: domain.Active, Tag: "work"}, nil, 10)
	must(t, err)
	wantEqual(t, len(tagged), 0)

	f.later(time.Second)
	theirs, err := domain.NewNote(domain.NoteDraft{Title: "plan", Content: "to [[Plan]]", Tags: []domain.Tag{"WORK"}}, f.now)
	must(t, err)
	must(t, f.others.Add(f.ctx, theirs))
	f.wantTags(t, "work:1 work/home:1")
	f.wantTitled(t, "plan", n.ID)
	f.wantLinking(t, "plan", "Plan")
	stolen := n
	stolen.Version, stolen.Tags = 2, []domain.Tag{"stolen"}
	wantKind(t, f.others.Update(f.ctx, stolen, stolen.Version-1), domain.NotFound)
	wantKind(t, f.others.Add(f.ctx, stolen), domain.Conflict)
	wantKind(t, f.others.Remove(f.ctx, n.ID), domain.NotFound)
	f.wantTags(t, "work:1 work/home:1")
	f.wantLinking(t, "plan", "Plan")
}

// sameKeys checks what isn't an id of something that there is once: each user has their own.
func sameKeys(t *testing.T, f *fixture) {
	mine := f.draft(t, "", "alice's")
	theirs := f.draftAgain(t, mine, "bob's")
	must(t, f.Drafts(f.alice).Put(f.ctx, mine))
	must(t, f.Drafts(f.bob).Put(f.ctx, theirs))
	f.wantDraft(t, mine)
	got, err := f.Drafts(f.bob).Get(f.ctx, mine.Key)
	must(t, err)
	wantEqual(t, got, theirs)

	for i, access := range []domain.WriteAccess{f.alice, f.bob} {
		c := domain.Creation{Key: "same", Request: domain.HashToken("r"), Note: domain.NewID(), Created: f.now}
		must(t, f.Creations(access).Add(f.ctx, c))
		got, err := f.Creations(access).Get(f.ctx, "same")
		must(t, err)
		wantEqual(t, got, c)
		file := f.file("same")
		file.Name = []string{"a.png", "b.png"}[i]
		must(t, f.Files(access).Add(f.ctx, file))
		same, err := f.Files(access).Get(f.ctx, file.Hash)
		must(t, err)
		wantEqual(t, same, file)
	}

	// A creation of Bob's doesn't stand in the way of a draft of Alice's.
	c := domain.Creation{Key: string(mine.Key), Request: domain.HashToken("r"), Note: domain.NewID(), Created: f.now}
	must(t, f.Creations(f.bob).Add(f.ctx, c))
	mine.Content = "goes on"
	must(t, f.Drafts(f.alice).Put(f.ctx, mine))
	f.wantDraft(t, mine)
}

func foreignRecords(t *testing.T, f *fixture) {
	r := f.record(t, "alice's")
	must(t, f.records.Add(f.ctx, r))
	_, err := f.theirs.Get(f.ctx, r.ID)
	wantKind(t, err, domain.NotFound)
	taken := r
	taken.Title = "bob's now"
	wantKind(t, f.theirs.Update(f.ctx, taken), domain.NotFound)
	wantKind(t, f.theirs.Remove(f.ctx, r.ID), domain.NotFound)
	list, err := f.theirs.List(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, len(list), 0)
	got, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
	wantEqual(t, got, r)
}
