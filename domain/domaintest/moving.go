package domaintest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

// moving are Alice's own space and one that she shares with Bob, who has a role there, and the right to move notes into that.
type moving struct {
	*fixture
	there    domain.WriteAccess // Alice's
	bobs     domain.WriteAccess // there
	transfer domain.Transfer
}

func newMoving(t *testing.T, f *fixture) moving {
	t.Helper()
	space := f.share(t, domain.RoleEditor)
	m, err := f.Spaces().Membership(f.ctx, space, f.alice.User())
	must(t, err)
	transfer, err := f.alice.MoveTo(m)
	must(t, err)
	return moving{f, transfer.To(), f.write(t, space, f.bob.User()), transfer}
}

// take moves notes, and returns them as they are then.
func (m moving) take(t *testing.T, by domain.Transfer, files []domain.File, list ...domain.Note) []domain.Note {
	t.Helper()
	moved := slices.Clone(list)
	for i := range moved {
		var err error
		moved[i], err = by.Move(moved[i], nil)
		must(t, err)
	}
	_, err := m.Moving(by).Move(m.ctx, moved, files)
	must(t, err)
	return moved
}

// notesMoved moves one part of the notes of a space into another, and compares both with spaces in which the notes have been
// from the beginning.
func notesMoved(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	const count = 420 // more than go into one statement
	list := f.manyNotes(t, f.alice, count)
	for i, n := range list {
		list[i] = f.changedInManyWays(t, i, n)
		if list[i].State == domain.Trashed {
			list[i] = n
			continue
		}
		must(t, f.notes.Update(f.ctx, list[i], n.Version))
	}
	var left, moved []domain.Note
	for i, n := range list {
		if i%5 == 0 {
			left = append(left, n)
		} else {
			moved = append(moved, n)
		}
	}
	slices.Reverse(moved) // in any order
	moved = m.take(t, m.transfer, nil, moved...)
	for _, n := range moved {
		wantNote(t, f.Notes(m.there), n)
		_, err := f.notes.Get(f.ctx, n.ID)
		wantKind(t, err, domain.NotFound)
	}
	same := func(access domain.WriteAccess, notes []domain.Note) {
		t.Helper()
		other := domain.Space{ID: domain.NewID(), Name: "as they were there", Created: f.now}
		must(t, f.Spaces().Add(f.ctx, other, f.bob.User()))
		anew := f.write(t, other.ID, f.bob.User())
		notes = slices.Clone(notes)
		slices.SortFunc(notes, func(a, b domain.Note) int { return strings.Compare(string(a.ID), string(b.ID)) })
		for i := range notes {
			notes[i].ID = domain.NewID()
		}
		must(t, f.Notes(anew).AddMany(f.ctx, notes, nil))
		got, want := f.looks(t, access), f.looks(t, anew)
		wantEqual(t, len(got), len(want))
		for i := range min(len(got), len(want)) {
			if !strings.EqualFold(got[i], want[i]) { // a tag is called as it was written last
				t.Fatalf("got  %s\nwant %s", got[i], want[i])
			}
		}
	}
	same(f.alice, left)
	same(m.there, moved)
	back := m.take(t, m.transfer.Back(), nil, moved...)
	same(f.alice, slices.Concat(left, back))
	same(m.there, nil)
	tags, err := f.Tags(m.there.Read()).Beginning(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, len(tags), 0)
}

func movedAmongOthers(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	for i := range 40 { // notes in both spaces, of the same seconds
		f.later(time.Second)
		n := f.note(t, fmt.Sprint("Other ", i), "word #tag")
		must(t, f.Notes([]domain.WriteAccess{f.alice, m.there}[i%2]).Add(f.ctx, n))
	}
	f.later(-20 * time.Second)
	var list []domain.Note
	for i := range 10 {
		list = append(list, f.addText(t, fmt.Sprint("Moved ", i), "word #tag"))
	}
	m.take(t, m.transfer, nil, list...)
	for access, want := range map[domain.WriteAccess]int{f.alice: 20, m.there: 30} {
		found := inPages(t, func(after *domain.Note) ([]domain.Note, error) {
			var place *domain.SearchCursor
			if after != nil {
				place = &domain.SearchCursor{Updated: after.Updated, ID: after.ID}
			}
			return f.Index(access.Read()).Search(f.ctx, query.Parse("word"), place, 7)
		})
		wantEqual(t, len(found), want)
		if !slices.IsSortedFunc(found, func(a, b domain.Note) int {
			return b.Updated.Truncate(time.Second).Compare(a.Updated.Truncate(time.Second))
		}) {
			t.Error("what is found isn't in the order of its time")
		}
	}
}

func historyMoves(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	n := f.addNote(t, "one")
	said := n.Revision()
	edited := f.edit(t, n, "two", "other words")
	must(t, f.Revisions(f.alice).Add(f.ctx, said))
	moved := m.take(t, m.transfer, nil, edited)[0]
	wantNote(t, f.Notes(m.there), moved)
	wantEqual(t, moved.Version, edited.Version+1)
	got, err := f.Revisions(m.there).At(f.ctx, n.ID, 1)
	must(t, err)
	wantEqual(t, got, said)
	_, err = f.Revisions(f.alice).At(f.ctx, n.ID, 1)
	wantKind(t, err, domain.NotFound)

	again, err := moved.Edited(domain.NoteDraft{Title: "three"}, moved.Version, f.now)
	must(t, err)
	must(t, f.Notes(m.bobs).Update(f.ctx, again, moved.Version))
	must(t, f.Revisions(m.bobs).Add(f.ctx, moved.Revision()))
	list, err := f.Revisions(m.there).List(f.ctx, n.ID, 0, 10)
	must(t, err)
	wantEqual(t, len(list), 2)
}

func movesAllOrNone(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	list, theirs := f.manyNotes(t, f.alice, 5), f.manyNotes(t, f.bob, 1)[0]
	for i := range list {
		list[i], _ = m.transfer.Move(list[i], nil)
	}
	theirs, _ = m.transfer.Move(theirs, nil)
	stale := list[1]
	stale.Version++
	for _, tt := range []struct {
		last domain.Note
		want domain.Kind
	}{{theirs, domain.NotFound}, {domain.Note{ID: domain.NewID(), Version: 2}, domain.NotFound}, {stale, domain.Conflict}} {
		_, err := m.Moving(m.transfer).Move(f.ctx, []domain.Note{list[0], list[2], tt.last}, nil)
		wantKind(t, err, tt.want)
	}
	err := f.Atomically(f.ctx, func(repos domain.Repos) error {
		_, err := repos.Moving(m.transfer).Move(f.ctx, list, nil)
		return errors.Join(err, errOnPurpose)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("got error %v, want the function's own", err)
	}
	there, err := f.Notes(m.there).Many(f.ctx, []domain.ID{list[0].ID, list[1].ID, list[2].ID})
	must(t, err)
	wantEqual(t, len(there), 0)
	if ended, err := m.Moving(m.transfer).Move(f.ctx, nil, nil); err != nil || ended != 0 {
		t.Errorf("got %d, %v", ended, err)
	}
	m.take(t, m.transfer, nil, func() (as []domain.Note) {
		for _, n := range list {
			n.Version--
			as = append(as, n)
		}
		return as
	}()...)
}

func filesMove(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	file := func(i int, name string) domain.File {
		return domain.File{
			Hash: domain.FileHash(fmt.Sprintf("%064x", i)), Name: name, Type: "image/png", Size: int64(100 * i), Created: f.now, Width: i, Measured: true,
		}
	}
	shown, before, named, typed, other := file(1, "shown.png"), file(2, "before.png"), file(3, "Named.png"), file(4, "typed.png"), file(5, "other.png")
	for _, of := range []domain.File{shown, before, named, typed, other} {
		must(t, f.Files(f.alice).Add(f.ctx, of))
	}
	taken := file(6, "shown.png") // there, what the name means already
	must(t, f.Files(m.there).Add(f.ctx, taken))

	n := f.addText(t, "n", "![]("+before.Path()+")")
	said := n.Revision()
	n = f.edit(t, n, "n", "![]("+shown.Path()+") ![[named.PNG]] ![[other]]")
	must(t, f.Revisions(f.alice).Add(f.ctx, said))
	must(t, f.Drafts(f.alice).Put(f.ctx, domain.Draft{
		Key: domain.NewID(), Note: n.ID, Base: n.Version, NoteDraft: domain.NoteDraft{Content: "![](" + typed.Path() + ")"}, Saved: f.now,
	}))
	f.addText(t, "another", "![]("+other.Path()+")")
	files, err := m.Moving(m.transfer).Files(f.ctx, []domain.ID{n.ID, domain.NewID()})
	must(t, err)
	slices.SortFunc(files, func(a, b domain.File) int { return strings.Compare(string(a.Hash), string(b.Hash)) })
	wantEqual(t, files, []domain.File{shown, before, named, typed})
	none, err := m.Moving(m.transfer.Back()).Files(f.ctx, []domain.ID{n.ID})
	must(t, err)
	wantEqual(t, len(none), 0)

	f.later(time.Hour)
	for i := range files {
		files[i].Created = f.now
	}
	moved := m.take(t, m.transfer, files, n)
	for _, want := range files {
		got, err := f.Files(m.there).Get(f.ctx, want.Hash)
		must(t, err)
		wantEqual(t, got, want)
	}
	wantMeans := func(name string, want domain.FileHash) {
		t.Helper()
		found, err := f.Files(m.there).Named(f.ctx, domain.TitleKey(name))
		must(t, err)
		wantEqual(t, found[domain.TitleKey(name)].Hash, want)
	}
	wantMeans("shown.png", taken.Hash)
	wantMeans("named.png", named.Hash)
	wantMeans("other.png", "")

	// Where they were they go as what nothing mentions, and there they stay.
	gone, err := f.Housekeeping().RemoveUnusedFiles(f.ctx, f.now.Add(time.Hour))
	must(t, err)
	wantEqual(t, gone, []domain.FileHash{taken.Hash})
	kept, err := f.Files(f.alice).Find(f.ctx, shown.Hash, before.Hash, named.Hash, typed.Hash, other.Hash)
	must(t, err)
	wantEqual(t, len(kept), 1)
	kept, err = f.Files(m.there).Find(f.ctx, shown.Hash, before.Hash, named.Hash, typed.Hash)
	must(t, err)
	wantEqual(t, len(kept), 4)
	files, err = m.Moving(m.transfer.Back()).Files(f.ctx, []domain.ID{n.ID})
	must(t, err)
	m.take(t, m.transfer.Back(), files, moved...)
	kept, err = f.Files(f.alice).Find(f.ctx, shown.Hash, before.Hash, named.Hash, typed.Hash)
	must(t, err)
	wantEqual(t, len(kept), 4)
	namesOfOneFileMove(t, f)
	namesInOlderTextsMove(t, f)
}

// namesOfOneFileMove moves a note that shows one file by two names.
func namesOfOneFileMove(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	one := domain.File{Hash: domain.FileHash(fmt.Sprintf("%064x", 7)), Name: "a.png", Type: "image/png", Size: 100, Created: f.now}
	other := one
	other.Name = "b.png"
	must(t, f.Files(f.alice).Add(f.ctx, one))
	must(t, f.Files(f.alice).Add(f.ctx, other))
	n := f.addText(t, "n", "![[a.png]] ![[b.png]] ![]("+one.Path()+")")
	files, err := m.Moving(m.transfer).Files(f.ctx, []domain.ID{n.ID})
	must(t, err)
	slices.SortFunc(files, func(a, b domain.File) int { return strings.Compare(a.Name, b.Name) })
	wantEqual(t, files, []domain.File{one, other})
	m.take(t, m.transfer, files, n)
	named, err := f.Files(m.there).Named(f.ctx, "a.png", "b.png")
	must(t, err)
	wantEqual(t, named, map[string]domain.File{"a.png": one, "b.png": other})
	used, err := f.Files(m.there).Used(f.ctx)
	must(t, err)
	wantEqual(t, used, one.Size)
}

// namesInOlderTextsMove moves a note of which a revision and a draft show files by their names, and the note itself no more.
func namesInOlderTextsMove(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	var files []domain.File
	for i, name := range []string{"Before.png", "typed.png", "unrelated.png"} {
		of := domain.File{Hash: domain.FileHash(fmt.Sprintf("%064x", 8+i)), Name: name, Type: "image/png", Size: 100, Created: f.now}
		must(t, f.Files(f.alice).Add(f.ctx, of))
		files = append(files, of)
	}
	files = files[:2]
	n := f.addText(t, "n", "![[before.png]]")
	said := n.Revision()
	n = f.edit(t, n, "n", "nothing")
	must(t, f.Revisions(f.alice).Add(f.ctx, said))
	must(t, f.Drafts(f.alice).Put(f.ctx, domain.Draft{
		Key: domain.NewID(), Note: n.ID, Base: n.Version, NoteDraft: domain.NoteDraft{Content: "![[typed.png]]"}, Saved: f.now,
	}))
	f.addText(t, "another", "![[unrelated.png]]")
	for _, by := range []domain.Transfer{m.transfer, m.transfer.Back()} {
		brought, err := m.Moving(by).Files(f.ctx, []domain.ID{n.ID})
		must(t, err)
		slices.SortFunc(brought, func(a, b domain.File) int { return strings.Compare(string(a.Hash), string(b.Hash)) })
		wantEqual(t, brought, files)
		n = m.take(t, by, brought, n)[0]
		_, err = f.Housekeeping().RemoveUnusedFiles(f.ctx, f.now.Add(time.Hour))
		must(t, err)
		named, err := f.Files(by.To()).Named(f.ctx, "before.png", "typed.png")
		must(t, err)
		wantEqual(t, named, map[string]domain.File{"before.png": files[0], "typed.png": files[1]})
	}
}

func draftsMove(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	from := f.share(t, domain.RoleEditor)
	carol := domain.User{ID: domain.NewID(), Name: "carol", Created: f.now}
	must(t, f.Users().Add(f.ctx, carol))
	must(t, f.Spaces().SetMember(f.ctx, from, carol.ID, domain.RoleEditor, f.now))
	alices := f.write(t, from, f.alice.User())
	there, err := f.Spaces().Membership(f.ctx, m.there.Space(), f.alice.User())
	must(t, err)
	transfer, err := alices.MoveTo(there)
	must(t, err)
	n := f.note(t, "n", "text")
	must(t, f.Notes(alices).Add(f.ctx, n))

	put := func(access domain.WriteAccess, key domain.ID, note domain.ID, text string) domain.Draft {
		t.Helper()
		d := domain.Draft{Key: key, Note: note, Base: 1, NoteDraft: domain.NoteDraft{Content: text}, Saved: f.now}
		if note == "" {
			d.Base = 0
		}
		must(t, f.Drafts(access).Put(f.ctx, d))
		return d
	}
	bobs, carols := f.write(t, from, f.bob.User()), f.write(t, from, carol.ID)
	mine, his, hers := put(alices, domain.NewID(), n.ID, "mine"), put(bobs, domain.NewID(), n.ID, "his"), put(carols, domain.NewID(), n.ID, "hers")
	taken := put(m.bobs, domain.NewID(), "", "there already")
	left := put(bobs, taken.Key, n.ID, "under a key that he has there, too")

	m.take(t, transfer, nil, n)
	for access, want := range map[domain.WriteAccess][]domain.Draft{m.there: {mine}, m.bobs: {his}} {
		got, err := f.Drafts(access).List(f.ctx, n.ID, 10)
		must(t, err)
		wantEqual(t, got, want)
	}
	for access, want := range map[domain.WriteAccess]domain.Draft{carols: hers, bobs: left, m.bobs: taken} {
		want.Note, want.Base = "", 0
		got, err := f.Drafts(access).List(f.ctx, "", 10)
		must(t, err)
		wantEqual(t, len(got), 1)
		for _, d := range got {
			d.TagsField, d.Tags = want.TagsField, want.Tags
			wantEqual(t, d, want)
		}
	}

	// A reader there has no use for one.
	must(t, f.Spaces().SetMember(f.ctx, from, f.bob.User(), domain.RoleReader, f.now))
	moved, err := f.Notes(m.there).Get(f.ctx, n.ID)
	must(t, err)
	m.take(t, transfer.Back(), nil, moved)
	got, err := f.Drafts(m.bobs).List(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, len(got), 2)
}

func sharesEnd(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	n, other := f.addNote(t, "n", "tag"), f.addNote(t, "other", "tag")
	ofNote := f.shared(t, f.alice, domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
	ofOther := f.shared(t, f.alice, domain.ShareDraft{Note: other.ID, Right: domain.ShareRead})
	ofTag := f.shared(t, f.alice, domain.ShareDraft{Tag: "tag", Right: domain.ShareRead})
	for _, s := range []domain.Share{ofNote, ofOther, ofTag} {
		must(t, f.Shares(f.alice).Add(f.ctx, s))
	}
	moved, err := m.transfer.Move(n, nil)
	must(t, err)
	ended, err := m.Moving(m.transfer).Move(f.ctx, []domain.Note{moved}, nil)
	must(t, err)
	wantEqual(t, ended, 1)
	_, _, err = f.ShareLinks().Admit(f.ctx, ofNote.Secret)
	wantKind(t, err, domain.NotFound)
	for _, s := range []domain.Share{ofOther, ofTag} {
		_, _, err := f.ShareLinks().Admit(f.ctx, s.Secret)
		must(t, err)
	}
	list, err := f.ReadShares(m.there.Read()).List(f.ctx)
	must(t, err)
	wantEqual(t, len(list), 0)
}

func linksStayBehind(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	n := f.addText(t, "Plan", "---\naliases: [Scheme]\n---\n[[Milk]] [[Path/To]]")
	linking := f.addText(t, "Linking", "[[Plan]] and [[scheme]]")
	milk := f.addText(t, "Milk", "")
	theirs := f.note(t, "Milk", "theirs")
	must(t, f.Notes(m.there).Add(f.ctx, theirs))
	m.take(t, m.transfer, nil, n)
	leads := func(access domain.WriteAccess, title string, want domain.ID) {
		t.Helper()
		found, err := f.Links(access.Read()).Titled(f.ctx, domain.TitleKey(title))
		must(t, err)
		wantEqual(t, found[domain.TitleKey(title)].ID, want)
	}
	for _, title := range []string{"Plan", "Scheme"} {
		leads(f.alice, title, "")
		leads(m.there, title, n.ID)
	}
	leads(f.alice, "Milk", milk.ID)
	leads(m.there, "Milk", theirs.ID)
	links := func(access domain.WriteAccess, title string, want ...domain.ID) {
		t.Helper()
		list, err := f.Links(access.Read()).Linking(f.ctx, []string{domain.TitleKey(title)}, "", 10)
		must(t, err)
		var got []domain.ID
		for _, n := range list {
			got = append(got, n.ID)
		}
		wantEqual(t, got, want)
	}
	links(f.alice, "Milk")
	links(m.there, "Milk", n.ID)
	links(m.there, "To", n.ID)
	links(f.alice, "Plan", linking.ID)
	links(m.there, "Plan")
}
