package domaintest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

var activeOnes = domain.NoteFilter{State: domain.Active}

func noteRoundTrip(t *testing.T, f *fixture) {
	n := f.note(t, "Groceries", "milk\n\n**bread** #shop", "Zebra", "apple/Pie", "日本")
	n.Pinned, n.Created, n.Moved = true, f.now.Add(-time.Microsecond), f.now.Add(-time.Hour)
	n.Version, n.Saved = 7, 3
	must(t, f.notes.Add(f.ctx, n))
	wantNote(t, f.notes, n)

	nobodys := f.note(t, "by nobody", "")
	nobodys.Author = ""
	must(t, f.notes.Add(f.ctx, nobodys))
	wantNote(t, f.notes, nobodys)
}

func textRoundTrip(t *testing.T, f *fixture) {
	for _, text := range []string{
		"مرحبا بالعالم", "日本語のメモ", "👩‍👩‍👧 e\u0301 é", `quote ' " \ % _ ; --`, "a\tb\n\n\nc  ", "\u202eabc", "\U0010FFFF", "$1 ?1 :name @x",
	} {
		n := f.note(t, "title "+text, text)
		must(t, f.notes.Add(f.ctx, n))
		wantNote(t, f.notes, n)
	}
}

// largest returns a note of which title, content and tags take as much room as they may.
func (f *fixture) largest(t *testing.T) domain.Note {
	t.Helper()
	var tags []domain.Tag
	for i := range domain.MaxTags {
		tags = append(tags, domain.Tag(fmt.Sprintf("%s%02d", strings.Repeat("語", domain.MaxTag-2), i)))
	}
	return f.note(t, strings.Repeat("𝕏", domain.MaxTitle), strings.Repeat("語", domain.MaxContent/3), tags...)
}

func largestNote(t *testing.T, f *fixture) {
	n := f.largest(t)
	must(t, f.notes.Add(f.ctx, n))
	wantNote(t, f.notes, n)

	r, err := domain.NewRecord(domain.RecordDraft{Title: n.Title, Content: n.Content}, f.now)
	must(t, err)
	must(t, f.records.Add(f.ctx, r))
	got, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
	wantEqual(t, got, r)
}

func notesInOrder(t *testing.T, f *fixture) {
	add := func(title string, pinned bool, updated time.Duration) {
		n := f.note(t, title, "")
		n.Pinned, n.Updated = pinned, f.now.Add(updated)
		must(t, f.notes.Add(f.ctx, n))
	}
	add("old", false, -time.Hour)
	add("tie1", false, 0)
	add("tie2", false, 0) // made later, so its id is higher
	add("pinned-old", true, -2*time.Hour)
	add("new", false, time.Microsecond)
	add("pinned-new", true, -time.Hour)

	list, err := f.notes.List(f.ctx, activeOnes, nil, 10)
	must(t, err)
	wantEqual(t, titles(list), "pinned-new pinned-old new tie2 tie1 old")

	first, err := f.notes.Get(f.ctx, list[0].ID)
	must(t, err)
	wantEqual(t, list[0], first.Summary())
}

func notesByPage(t *testing.T, f *fixture) {
	for i := range 23 {
		n := f.note(t, fmt.Sprintf("n%02d", i), "")
		n.Pinned, n.Updated = i%5 == 0, f.now.Add(time.Duration(i/3)*time.Second)
		must(t, f.notes.Add(f.ctx, n))
	}
	whole, err := f.notes.List(f.ctx, activeOnes, nil, 100)
	must(t, err)
	wantEqual(t, len(whole), 23)

	wantEqual(t, titles(f.listInPages(t, activeOnes)), titles(whole))
}

// listInPages lists Alice's notes in pages of four.
func (f *fixture) listInPages(t *testing.T, filter domain.NoteFilter) []domain.NoteSummary {
	t.Helper()
	return inPages(t, func(after *domain.NoteSummary) ([]domain.NoteSummary, error) {
		if after == nil {
			return f.notes.List(f.ctx, filter, nil, 4)
		}
		cursor := after.Cursor()
		return f.notes.List(f.ctx, filter, &cursor, 4)
	})
}

func trashInOrder(t *testing.T, f *fixture) {
	for i, title := range []string{"third", "first", "second", "fourth"} {
		n := f.note(t, title, "")
		n.State, n.Updated = domain.Trashed, f.now.Add(time.Duration(i)*time.Hour)
		n.Moved = f.now.Add(-time.Hour * time.Duration(strings.Index("first second third fourth", title)))
		must(t, f.notes.Add(f.ctx, n))
	}
	wantEqual(t, titles(f.listInPages(t, domain.NoteFilter{State: domain.Trashed})), "first second third fourth")
}

func notesByTag(t *testing.T, f *fixture) {
	var want []string
	for i, c := range []struct {
		content, tag string
		state        domain.NoteState
		found        bool
	}{
		{"", "work", domain.Active, true},
		{"", "Work", domain.Active, true},
		{"#work/home in the text", "other", domain.Active, true},
		{"", "WORK/Home/Desk", domain.Active, true},
		{"#work twice", "work", domain.Active, true},
		{"#work/a #work/b", "", domain.Active, true},
		{"", "workshop", domain.Active, false},
		{"work", "home/work", domain.Active, false},
		{"", "work", domain.Archived, false},
		{"", "work", domain.Trashed, false},
	} {
		n := f.note(t, fmt.Sprintf("n%d", i), c.content, domain.SplitTags(c.tag)...)
		n.State, n.Updated = c.state, f.now.Add(-time.Duration(i)*time.Minute)
		must(t, f.notes.Add(f.ctx, n))
		if c.found {
			want = append(want, n.Title)
		}
	}
	list := f.listInPages(t, domain.NoteFilter{State: domain.Active, Tag: "work"})
	wantEqual(t, titles(list), strings.Join(want, " "))
	wantEqual(t, list[2].Tags, []domain.Tag{"other", "work/home"})
	for tag, want := range map[string]string{"work/home": "n2 n3", "work/home/desk": "n3", "wor": "", "work/": "", "none": ""} {
		wantEqual(t, titles(f.listInPages(t, domain.NoteFilter{State: domain.Active, Tag: tag})), want)
	}
	wantEqual(t, titles(f.listInPages(t, domain.NoteFilter{State: domain.Archived, Tag: "work"})), "n8")
	wantEqual(t, titles(f.listInPages(t, domain.NoteFilter{State: domain.Trashed, Tag: "work"})), "n9")

	n := f.addNote(t, "moves", "moving")
	pinned, _ := n.WithPin(true)
	must(t, f.notes.Update(f.ctx, pinned, pinned.Version-1))
	f.addNote(t, "newer", "moving")
	wantEqual(t, titles(f.listInPages(t, domain.NoteFilter{State: domain.Active, Tag: "moving"})), "moves newer")
	f.move(t, pinned, domain.Archived)
	wantEqual(t, titles(f.listInPages(t, domain.NoteFilter{State: domain.Active, Tag: "moving"})), "newer")
}

// notesAreCopies changes the slices of what it has handed over, and of what it has been given.
func notesAreCopies(t *testing.T, f *fixture) {
	stored := f.note(t, "t", "", "one", "two")
	mine := stored
	mine.Tags = []domain.Tag{"one", "two"}
	must(t, f.notes.Add(f.ctx, mine))
	mine.Tags[0] = "changed"
	wantNote(t, f.notes, stored)
	got, err := f.notes.Get(f.ctx, stored.ID)
	must(t, err)
	got.Tags[0] = "changed"
	wantNote(t, f.notes, stored)
	list, err := f.notes.List(f.ctx, activeOnes, nil, 1)
	must(t, err)
	list[0].Tags[0] = "changed"
	list, err = f.notes.List(f.ctx, activeOnes, nil, 1)
	must(t, err)
	wantEqual(t, list[0].Tags, stored.Tags)
}

func notesByState(t *testing.T, f *fixture) {
	for _, state := range []domain.NoteState{domain.Active, domain.Archived, domain.Trashed} {
		n := f.note(t, string(state), "")
		n.State = state
		must(t, f.notes.Add(f.ctx, n))
	}
	for _, state := range []domain.NoteState{domain.Active, domain.Archived, domain.Trashed} {
		list, err := f.notes.List(f.ctx, domain.NoteFilter{State: state}, nil, 10)
		must(t, err)
		wantEqual(t, titles(list), string(state))
	}
}

func noteUpdate(t *testing.T, f *fixture) {
	n := f.addNote(t, "before")
	other := f.addNote(t, "other")
	n.Title, n.Content, n.Excerpt, n.Tags = "after", "new content", "new excerpt", []domain.Tag{"b", "a"}
	n.Pinned, n.State, n.Updated, n.Moved = true, domain.Archived, f.now.Add(time.Hour), f.now.Add(time.Minute)
	n.Version++
	n.Saved, n.Author = n.Version, f.bob.User()
	must(t, f.notes.Update(f.ctx, n, n.Version-1))
	wantNote(t, f.notes, n)
	n.Tags, n.Author = nil, ""
	n.Version++
	must(t, f.notes.Update(f.ctx, n, n.Version-1))
	wantNote(t, f.notes, n)
	n.Title, n.Version = "two versions on", n.Version+2
	must(t, f.notes.Update(f.ctx, n, n.Version-2))
	wantNote(t, f.notes, n)
	wantNote(t, f.notes, other)
}

func noteStaleUpdate(t *testing.T, f *fixture) {
	n := f.addNote(t, "first")
	second := n
	second.Title, second.Version = "second", 2
	must(t, f.notes.Update(f.ctx, second, second.Version-1))

	stale := n
	stale.Title, stale.Version = "stale", 2
	wantKind(t, f.notes.Update(f.ctx, stale, stale.Version-1), domain.Conflict)
	ahead := n
	ahead.Title, ahead.Version = "ahead", 4
	wantKind(t, f.notes.Update(f.ctx, ahead, ahead.Version-1), domain.Conflict)
	wantNote(t, f.notes, second)
}

func takenIDs(t *testing.T, f *fixture) {
	n, r := f.addNote(t, "alice's"), f.record(t, "alice's")
	must(t, f.records.Add(f.ctx, r))
	for _, notes := range []domain.Notes{f.notes, f.others} {
		other := n
		other.Title = "another"
		wantKind(t, notes.Add(f.ctx, other), domain.Conflict)
	}
	for _, records := range []domain.Records{f.records, f.theirs} {
		other := r
		other.Title = "another"
		wantKind(t, records.Add(f.ctx, other), domain.Conflict)
	}
	wantNote(t, f.notes, n)
	s, _ := domain.NewSession(f.alice.User(), "Firefox", f.now)
	must(t, f.Sessions().Add(f.ctx, s))
	wantKind(t, f.Sessions().Add(f.ctx, s), domain.Conflict)
}

func unknownIDs(t *testing.T, f *fixture) {
	for _, id := range []domain.ID{"", "nope", "00000000-0000-0000-0000-00000000000g"} {
		_, err := f.notes.Get(f.ctx, id)
		wantKind(t, err, domain.NotFound)
		wantKind(t, f.notes.Remove(f.ctx, id), domain.NotFound)
		_, err = f.records.Get(f.ctx, id)
		wantKind(t, err, domain.NotFound)
		wantKind(t, f.records.Remove(f.ctx, id), domain.NotFound)
		_, err = f.Revisions(f.alice).At(f.ctx, id, 1)
		wantKind(t, err, domain.NotFound)
		revisions, err := f.Revisions(f.alice).List(f.ctx, id, 0, 10)
		must(t, err)
		wantEqual(t, len(revisions), 0)
		_, err = f.Drafts(f.alice).Get(f.ctx, id)
		wantKind(t, err, domain.NotFound)
		must(t, f.Drafts(f.alice).Remove(f.ctx, id))
		_, err = f.Searches(f.alice).Get(f.ctx, id)
		wantKind(t, err, domain.NotFound)
		wantKind(t, f.Searches(f.alice).Remove(f.ctx, id), domain.NotFound)
		_, err = f.Undos(f.alice).Get(f.ctx, id)
		wantKind(t, err, domain.NotFound)
		must(t, f.Undos(f.alice).Remove(f.ctx, id))
		_, err = f.Files(f.alice).Get(f.ctx, domain.FileHash(id))
		wantKind(t, err, domain.NotFound)
		_, err = f.Creations(f.alice).Get(f.ctx, string(id))
		wantKind(t, err, domain.NotFound)
	}
	n, r := f.note(t, "never stored", ""), f.record(t, "never stored")
	n.Version = 2
	_, err := f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, f.notes.Update(f.ctx, n, n.Version-1), domain.NotFound)
	wantKind(t, f.notes.Remove(f.ctx, n.ID), domain.NotFound)
	_, err = f.records.Get(f.ctx, r.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, f.records.Update(f.ctx, r), domain.NotFound)
	wantKind(t, f.records.Remove(f.ctx, r.ID), domain.NotFound)
}

func noteRemove(t *testing.T, f *fixture) {
	n, kept := f.addNote(t, "gone"), f.addNote(t, "kept")
	must(t, f.notes.Remove(f.ctx, n.ID))
	_, err := f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	wantNote(t, f.notes, kept)
}

func noteRemoveTakesAll(t *testing.T, f *fixture) {
	n, kept := f.addNote(t, "gone"), f.addNote(t, "kept")
	drafts := map[domain.ID]domain.Draft{n.ID: f.draft(t, n.ID, "draft"), kept.ID: f.draft(t, kept.ID, "draft")}
	for _, note := range []domain.Note{n, kept} {
		must(t, f.Revisions(f.alice).Add(f.ctx, note.Revision()))
		must(t, f.Drafts(f.alice).Put(f.ctx, drafts[note.ID]))
	}
	must(t, f.notes.Remove(f.ctx, n.ID))

	_, err := f.Revisions(f.alice).At(f.ctx, n.ID, 1)
	wantKind(t, err, domain.NotFound)
	_, err = f.Drafts(f.alice).Get(f.ctx, drafts[n.ID].Key)
	wantKind(t, err, domain.NotFound)
	ids, err := f.Housekeeping().Aging(f.ctx, time.Time{}, f.now.Add(time.Hour), "", 10)
	must(t, err)
	wantEqual(t, ids, []domain.ID{kept.ID})
	_, err = f.Revisions(f.alice).At(f.ctx, kept.ID, 1)
	must(t, err)
	f.wantDraft(t, drafts[kept.ID])
}
