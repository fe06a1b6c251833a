package domaintest

import (
	"cmp"
	"fmt"
	"slices"
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

func notesInOtherOrders(t *testing.T, f *fixture) {
	long := strings.Repeat("long ", 50)
	var all []domain.Note
	for i, title := range []string{ // in this order
		"zebra, pinned", "…", "Chapter 9", "chapter 10", "École", "ecole", "Zoo", long + "1", long + "2", "Ωmega", "مرحبا", "日本語",
	} {
		n := f.note(t, title, "", "some")
		n.Pinned, n.Created, n.Updated = i == 0, f.now.Add(time.Duration(i*7%12/2)*time.Hour), f.now.Add(time.Duration(i*5%12)*time.Hour)
		all = append(all, n)
	}
	inOrder := []string{all[0].Title, all[1].Title, all[2].Title, all[3].Title, all[4].Title, all[5].Title, long + "1", long + "2", "Zoo"}
	for _, n := range all[9:] {
		inOrder = append(inOrder, n.Title)
	}
	trashed := f.note(t, "Another", "", "some")
	trashed.State = domain.Trashed
	must(t, f.notes.AddMany(f.ctx, append(slices.Clone(all), trashed), nil))

	created := slices.SortedFunc(slices.Values(all), func(a, b domain.Note) int {
		return cmp.Or(strings.Compare(fmt.Sprint(b.Pinned), fmt.Sprint(a.Pinned)), b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
	})
	for _, tag := range []string{"", "some"} {
		for order, want := range map[domain.NoteOrder][]string{domain.ByTitle: inOrder, domain.ByCreated: titlesOf(created)} {
			filter := domain.NoteFilter{State: domain.Active, Tag: tag, Order: order}
			whole, err := f.notes.List(f.ctx, filter, nil, 100)
			must(t, err)
			wantEqual(t, titles(whole), strings.Join(want, " "))
			wantEqual(t, titles(f.listInPages(t, filter)), titles(whole))
			version, err := f.notes.ListVersion(f.ctx, filter, 5)
			must(t, err)
			wantEqual(t, version, domain.ListVersion(whole[:5]))
			for i, n := range whole {
				if order == domain.ByCreated {
					wantEqual(t, n.Created, created[i].Created)
					n.Created = time.Time{}
				}
				wantEqual(t, n, all[slices.IndexFunc(all, func(other domain.Note) bool { return other.ID == n.ID })].Summary())
			}
			filter.State = domain.Trashed
			wantEqual(t, titles(f.listInPages(t, filter)), "Another")
		}
	}

	// A note goes where its title and its pin say.
	moved := f.edit(t, all[1], "Yacht", "", "some")
	pinned, _ := moved.WithPin(true)
	byTitle := domain.NoteFilter{State: domain.Active, Order: domain.ByTitle}
	list := f.listInPages(t, byTitle)
	wantEqual(t, list[slices.IndexFunc(list, func(n domain.NoteSummary) bool { return n.Title == "Yacht" })+1].Title, "Zoo")
	must(t, f.notes.UpdateMany(f.ctx, []domain.Note{pinned}))
	wantEqual(t, f.listInPages(t, byTitle)[0].Title, "Yacht")
}

func titlesOf(list []domain.Note) (titles []string) {
	for _, n := range list {
		titles = append(titles, n.Title)
	}
	return titles
}

func noteVersions(t *testing.T, f *fixture) {
	n := f.addNote(t, "n")
	for range 2 {
		version, err := f.notes.Version(f.ctx, n.ID)
		must(t, err)
		wantEqual(t, version, n.Version)
		n = f.edit(t, n, n.Title+" again", "")
	}
	_, err := f.notes.Version(f.ctx, domain.NewID())
	wantKind(t, err, domain.NotFound)
	_, err = f.others.Version(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
}

func listVersions(t *testing.T, f *fixture) {
	seen := map[string]bool{}
	check := func(what string, filter domain.NoteFilter) {
		t.Helper()
		list, err := f.notes.List(f.ctx, filter, nil, 21)
		must(t, err)
		version, err := f.notes.ListVersion(f.ctx, filter, 21)
		must(t, err)
		wantEqual(t, version, domain.ListVersion(list))
		if version != "" && seen[version] {
			t.Errorf("%s: the list has a version again that it had before", what)
		}
		seen[version] = true
	}
	tagged := domain.NoteFilter{State: domain.Active, Tag: "home"}
	check("none", activeOnes)
	check("none with a tag", tagged)
	var n domain.Note
	for i := range 24 { // one of which is on no page
		n = f.note(t, fmt.Sprint("n", i), "")
		n.Tags = []domain.Tag{"home/kitchen"}
		n.Pinned, n.Updated = i%5 == 0, f.now.Add(time.Duration(i/3)*time.Second)
		must(t, f.notes.Add(f.ctx, n))
		check("another note", activeOnes)
	}
	seen = map[string]bool{} // all of them have the tag
	check("notes with a tag", domain.NoteFilter{State: domain.Active, Tag: "home/kitchen"})
	n.Version++
	n.Pinned = !n.Pinned
	must(t, f.notes.Update(f.ctx, n, n.Version-1))
	check("a pin", tagged)
	n, _ = n.MovedTo(domain.Archived, f.now)
	must(t, f.notes.Update(f.ctx, n, n.Version-1))
	check("one less", tagged)
	check("an archived one", domain.NoteFilter{State: domain.Archived})
	version, err := f.others.ListVersion(f.ctx, activeOnes, 21)
	must(t, err)
	wantEqual(t, version, "")
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
		cursor := after.Cursor(filter.Order)
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

func notesWithPictures(t *testing.T, f *fixture) {
	file := f.file("a picture")
	n := f.note(t, "Cup", "#drinks "+file.Markdown())
	wantEqual(t, n.Picture, file.Hash)
	must(t, f.notes.Add(f.ctx, n))
	f.addNote(t, "Text", "drinks")
	for _, filter := range []domain.NoteFilter{
		{State: domain.Active},
		{State: domain.Active, Tag: "drinks"},
		{State: domain.Active, Order: domain.ByTitle},
		{State: domain.Active, Order: domain.ByCreated, Tag: "drinks"},
	} {
		for _, shown := range f.listInPages(t, filter) {
			wantEqual(t, shown.Picture, map[string]domain.FileHash{"Cup": file.Hash}[shown.Title])
		}
	}
	wantNote(t, f.notes, n)
	edited, err := n.Edited(domain.NoteDraft{Title: "Cup", Content: "broken"}, n.Version, f.now)
	must(t, err)
	must(t, f.notes.UpdateMany(f.ctx, []domain.Note{edited}))
	for _, shown := range f.listInPages(t, activeOnes) {
		wantEqual(t, shown.Picture, "")
	}
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

func notesCounted(t *testing.T, f *fixture) {
	for i := range 12 {
		n := f.note(t, fmt.Sprintf("n%d", i), "#work/home", "other")
		n.State = []domain.NoteState{domain.Active, domain.Active, domain.Archived, domain.Trashed}[i%4]
		n.Pinned = i%3 == 0
		must(t, f.notes.Add(f.ctx, n))
	}
	f.addNote(t, "without a tag")
	for _, c := range []struct {
		filter      domain.NoteFilter
		limit, want int
	}{
		{domain.NoteFilter{State: domain.Active}, 100, 7},
		{domain.NoteFilter{State: domain.Active, Order: domain.ByTitle}, 100, 7},
		{domain.NoteFilter{State: domain.Active}, 5, 5},
		{domain.NoteFilter{State: domain.Archived}, 100, 3},
		{domain.NoteFilter{State: domain.Trashed}, 100, 3},
		{domain.NoteFilter{State: domain.Active, Tag: "work"}, 100, 6},
		{domain.NoteFilter{State: domain.Active, Tag: "work/home", Order: domain.ByCreated}, 4, 4},
		{domain.NoteFilter{State: domain.Trashed, Tag: "other"}, 100, 3},
		{domain.NoteFilter{State: domain.Active, Tag: "none"}, 100, 0},
	} {
		n, err := f.notes.ListCount(f.ctx, c.filter, c.limit)
		must(t, err)
		if n != c.want {
			t.Errorf("%+v has %d notes up to %d, want %d", c.filter, n, c.limit, c.want)
		}
	}
	n, err := f.others.ListCount(f.ctx, domain.NoteFilter{State: domain.Active}, 100)
	must(t, err)
	wantEqual(t, n, 0)
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
	n.Picture = f.file("a picture").Hash
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
