package domaintest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/domain/query"
)

// manyNotes adds notes of somebody's that have tags, links and files, and returns them in the order of their ids.
func (f *fixture) manyNotes(t *testing.T, access domain.WriteAccess, count int) (list []domain.Note) {
	t.Helper()
	for i := range count {
		n := f.note(t, fmt.Sprint("Note ", i), fmt.Sprintf("[[Target]] [[Note %[1]d]] [[In/Folder%[1]d]] #Outer/in%[2]d #plain%[3]d word%[4]d ![](/files/%064[5]d)",
			i/2, i%3, i%5, i%7, i%4), "own", domain.Tag(fmt.Sprint("own/", i%2)))
		n.Author = access.User()
		list = append(list, n)
	}
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error { // which is faster
		for _, n := range list {
			if err := repos.Notes(access).Add(f.ctx, n); err != nil {
				return err
			}
		}
		return nil
	}))
	slices.SortFunc(list, func(a, b domain.Note) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list
}

// changedInManyWays returns the n-th note as somebody changes it who does something else with each.
func (f *fixture) changedInManyWays(t *testing.T, i int, n domain.Note) domain.Note {
	t.Helper()
	later := f.now.Add(time.Minute)
	draft := n.Draft()
	switch i % 6 {
	case 0:
		draft.Content = markup.RenameLinks(n.Content, "target", "Goal")
	case 1:
		n, _ = n.MovedTo(domain.Trashed, later)
		return n
	case 2:
		n, _ = n.WithPin(true)
		return n
	case 3:
		draft.Content, draft.Tags = strings.ReplaceAll(n.Content, "#Outer/", "#OUTER/"), []domain.Tag{"own/new"}
	case 4:
		draft.Title, draft.Content, draft.Tags = "Renamed "+n.Title, "---\naliases: [Other "+n.Title+"]\n---\nno more of that", nil
	case 5:
		n, _ = n.MovedTo(domain.Archived, later)
		return n
	}
	after, err := n.Edited(draft, n.Version, later)
	must(t, err)
	return after
}

func updatesTogether(t *testing.T, f *fixture) {
	const count = 450 // more than go into one statement
	one, together := f.manyNotes(t, f.alice, count), f.manyNotes(t, f.bob, count)
	var changed []domain.Note
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error { // which is faster
		for i := range one {
			if err := repos.Notes(f.alice).Update(f.ctx, f.changedInManyWays(t, i, one[i]), one[i].Version); err != nil {
				return err
			}
		}
		return nil
	}))
	for i := range together {
		changed = append(changed, f.changedInManyWays(t, i, together[i]))
	}
	slices.Reverse(changed) // in any order
	must(t, f.others.UpdateMany(f.ctx, changed))
	for _, n := range changed {
		wantNote(t, f.others, n)
	}

	got, want := f.looks(t, f.bob), f.looks(t, f.alice)
	wantEqual(t, len(got), len(want))
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("got  %s\nwant %s", got[i], want[i])
		}
	}
	for i := range changed {
		changed[i], _ = changed[i].WithPin(!changed[i].Pinned)
	}
	must(t, f.others.UpdateMany(f.ctx, changed)) // and again, upon that
	for _, n := range changed[:10] {
		wantNote(t, f.others, n)
	}
}

// looks returns what lists and searches say of somebody's notes, by their titles.
func (f *fixture) looks(t *testing.T, access domain.WriteAccess) (all []string) {
	t.Helper()
	notes := f.Notes(access)
	for _, state := range []domain.NoteState{domain.Active, domain.Archived, domain.Trashed} {
		for _, tag := range []string{"", "outer", "own", "own/new", "plain1"} {
			list, err := notes.List(f.ctx, domain.NoteFilter{State: state, Tag: tag}, nil, 1000)
			must(t, err)
			for _, n := range list {
				all = append(all, fmt.Sprint(state, " ", tag, ": ", n.Title, n.Tags, n.Pinned, n.Updated, n.Version))
			}
		}
	}
	tags, err := f.Tags(access.Read()).Beginning(f.ctx, "", 100)
	must(t, err)
	all = append(all, fmt.Sprint(tags))
	for _, key := range []string{"target", "goal", "note 7", "folder3"} {
		list, err := f.Links(access.Read()).Linking(f.ctx, []string{key}, "", 1000)
		must(t, err)
		for _, n := range list {
			all = append(all, "links to "+key+": "+n.Title)
		}
	}
	titled, err := f.Links(access.Read()).Titled(f.ctx, "renamed note 4", "other note 4", "other note 10")
	must(t, err)
	all = append(all, titled["renamed note 4"].Title, titled["other note 4"].Title, titled["other note 10"].Title)
	for _, text := range []string{"word3", "renamed", "tag:outer/in1", "is:trashed own", "is:pinned", "has:image word2"} {
		found, err := f.Index(access.Read()).Search(f.ctx, query.Parse(text), nil, 1000)
		must(t, err)
		var titles []string
		for _, n := range found {
			titles = append(titles, text+": "+n.Title)
		}
		slices.Sort(titles) // those of one second come in any order
		all = append(all, titles...)
	}
	return all
}

func updatesAllOrNone(t *testing.T, f *fixture) {
	list, theirs := f.manyNotes(t, f.alice, 5), f.manyNotes(t, f.bob, 1)[0]
	pinned := func(n domain.Note) domain.Note {
		n, _ = n.WithPin(true)
		return n
	}
	stale := pinned(list[1])
	stale.Version++
	for _, tt := range []struct {
		last domain.Note
		want domain.Kind
	}{
		{stale, domain.Conflict},
		{pinned(f.note(t, "not there", "")), domain.NotFound},
		{pinned(theirs), domain.NotFound},
	} {
		wantKind(t, f.notes.UpdateMany(f.ctx, []domain.Note{pinned(list[0]), tt.last}), tt.want)
		wantNote(t, f.notes, list[0])
		wantNote(t, f.notes, list[1])
		wantNote(t, f.others, theirs)
	}
	must(t, f.notes.UpdateMany(f.ctx, nil))
}

func manyAtOnce(t *testing.T, f *fixture) {
	list, theirs := f.manyNotes(t, f.alice, 450), f.manyNotes(t, f.bob, 1)[0]
	ids := []domain.ID{theirs.ID, domain.NewID()}
	for _, n := range slices.Backward(list) {
		ids = append(ids, n.ID)
	}
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		got, err := repos.Notes(f.alice).Many(f.ctx, append(ids, ids[5]))
		wantEqual(t, got, list)
		return err
	}))
	got, err := f.notes.Many(f.ctx, nil)
	must(t, err)
	wantEqual(t, len(got), 0)

	linked, err := f.Links(f.alice.Read()).Linked(f.ctx, []string{"target", "note 3", "note 300", "folder7", "nothing", "target"})
	must(t, err)
	wantEqual(t, linked, []string{"folder7", "note 3", "target"})
	linked, err = f.Links(f.alice.Read()).Linked(f.ctx, nil)
	must(t, err)
	wantEqual(t, len(linked), 0)

	// Of the largest ones come some, the first, and those after them when asked again.
	var large []domain.Note
	for range 40 {
		n := f.note(t, "large", strings.Repeat("x", domain.MaxContent))
		must(t, f.notes.Add(f.ctx, n))
		large = append(large, n)
	}
	ids = nil
	for _, n := range large {
		ids = append(ids, n.ID)
	}
	for len(ids) > 0 {
		some, err := f.notes.Many(f.ctx, ids)
		must(t, err)
		if len(some) == 0 {
			t.Fatal("none of those that are there came")
		}
		wantEqual(t, some, large[:len(some)])
		large, ids = large[len(some):], ids[len(some):]
	}
}

func revisionsTogether(t *testing.T, f *fixture) {
	list := f.manyNotes(t, f.alice, 250)
	theirs := f.manyNotes(t, f.bob, 1)[0]
	revisions := f.Revisions(f.alice)
	var all []domain.Revision
	versions := map[domain.ID]int{theirs.ID: 1, domain.NewID(): 1}
	want := map[domain.ID]domain.Revision{}
	for _, n := range list {
		all = append(all, f.revision(n.ID, 1), f.revision(n.ID, 2))
		versions[n.ID], want[n.ID] = 2, f.revision(n.ID, 2)
	}
	must(t, revisions.AddMany(f.ctx, all))
	must(t, revisions.AddMany(f.ctx, nil))
	versions[list[0].ID] = 3 // which there isn't, though there is an older one
	delete(want, list[0].ID)
	got, err := revisions.Exactly(f.ctx, versions)
	must(t, err)
	wantEqual(t, got, want)

	for _, tt := range []struct {
		last domain.Revision
		want domain.Kind
	}{
		{f.revision(list[1].ID, 2), domain.Conflict},
		{f.revision(theirs.ID, 1), domain.NotFound},
		{f.revision(domain.NewID(), 1), domain.NotFound},
	} {
		wantKind(t, revisions.AddMany(f.ctx, []domain.Revision{f.revision(list[1].ID, 3), tt.last}), tt.want)
		_, err := revisions.Exactly(f.ctx, map[domain.ID]int{list[1].ID: 3})
		must(t, err)
		latest, err := revisions.At(f.ctx, list[1].ID, 100)
		must(t, err)
		wantEqual(t, latest.Version, 2)
	}
}

// addedTogether adds notes as an import does: with times, tags and versions of their own, and a past.
func addedTogether(t *testing.T, f *fixture) {
	var list []domain.Note
	var said []domain.Revision
	for i := range 250 {
		n := f.note(t, fmt.Sprint("imported ", i), fmt.Sprint("now ", i), "imported")
		n.Created, n.Updated = f.now.AddDate(-i/100, 0, -i), f.now.AddDate(0, 0, -i)
		n.Moved, n.Version, n.Saved = n.Created, 4, 3
		first := n.Revision()
		first.Version, first.Content, first.Tags, first.Saved = 1, fmt.Sprint("first ", i), nil, n.Created
		list, said = append(list, n), append(said, first)
	}
	other := said[0]
	other.Note = domain.NewID()
	wantKind(t, f.notes.AddMany(f.ctx, list, append(slices.Clone(said), other)), domain.NotFound)
	page, err := f.notes.List(f.ctx, activeOnes, nil, 1)
	must(t, err)
	wantEqual(t, len(page), 0)

	must(t, f.notes.AddMany(f.ctx, list, said))
	wantKind(t, f.notes.AddMany(f.ctx, list[:1], nil), domain.Conflict)
	for _, i := range []int{0, 101, 249} {
		wantNote(t, f.notes, list[i])
		before, err := f.Revisions(f.alice).At(f.ctx, list[i].ID, 2)
		must(t, err)
		wantEqual(t, before, said[i])
	}
	tags, err := f.Tags(f.alice.Read()).Beginning(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, tags, []domain.TagCount{{Tag: "imported", Notes: 250}})
	page, err = f.notes.List(f.ctx, activeOnes, nil, 2)
	must(t, err)
	wantEqual(t, titles(page), "imported 0 imported 1")
}
