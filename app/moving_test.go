package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// family is a house whose owner shares a space.
type family struct {
	*house
	space domain.ID
	there domain.WriteAccess // the owner's
}

func newFamily(t *testing.T) family {
	t.Helper()
	f := family{house: newHouse(t), space: domain.NewID()}
	must(0, f.store.Spaces().Add(t.Context(), domain.Space{ID: f.space, Name: "Family", Created: f.clock.now}, domain.OwnerID))(t)
	f.there = accessTo(f.store, f.space, domain.OwnerID)
	return f
}

// move moves notes of the owner's into the space.
func (f family) move(ids ...domain.ID) app.Changed {
	f.t.Helper()
	return must(f.Bulk().Change(f.t.Context(), owner, app.ManyMove, string(f.space), ids))(f.t)
}

// wantIn checks in which space a note is, and in which it isn't.
func (f family) wantIn(access domain.WriteAccess, id domain.ID) {
	f.t.Helper()
	for _, in := range []domain.WriteAccess{owner, f.there} {
		_, err := f.notes.Get(f.t.Context(), in.Read(), id)
		if found := err == nil; found != (in == access) || err != nil && !errors.Is(err, domain.ErrNoteNotFound) {
			f.t.Errorf("in %s it is found: %v", in.Space(), err)
		}
	}
}

func TestNotesMoveIntoAnotherSpaceAndBack(t *testing.T) {
	f := newFamily(t)
	n := f.note("Shopping", "milk", "food")
	saved := f.save(n, 1, "milk and bread").Note
	pinned := must(f.notes.Pin(t.Context(), owner, f.note("Pinned", "").ID, true))(t)
	stays := f.note("Stays", "[[Shopping]]")
	trashed := f.note("Gone", "")
	_, _, err := f.notes.Trash(t.Context(), owner, trashed.ID, nil)
	must(0, err)(t)
	must(0, func() error {
		_, _, err := f.sharing().Make(t.Context(), owner, "", domain.ShareDraft{Note: n.ID, Right: domain.ShareRead})
		return err
	}())(t)

	changed := f.move(n.ID, pinned.ID, trashed.ID, domain.NewID())
	if changed.Notes != 2 || changed.Left != 0 {
		t.Errorf("got %+v", changed)
	}
	f.wantUndo(changed.Undo, "2 notes moved to Family. 1 shared link to them has ended.")
	f.wantIn(f.there, n.ID)
	f.wantIn(f.there, pinned.ID)
	f.wantIn(owner, stays.ID)
	f.wantIn(owner, trashed.ID)
	moved := must(f.notes.Get(t.Context(), f.there.Read(), n.ID))(t)
	if moved.Content != saved.Content || !moved.Updated.Equal(saved.Updated) || moved.Author != saved.Author || moved.Version != saved.Version+1 {
		t.Errorf("got %+v of %+v", moved, saved)
	}
	if history := must(f.History().List(t.Context(), f.there.Read(), n.ID, 0, 10))(t); len(history.Revisions) != 2 {
		t.Errorf("got %+v", history.Revisions)
	}

	undone := must(f.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
	if undone != (app.Undone{Notes: 2}) {
		t.Errorf("got %+v", undone)
	}
	f.wantIn(owner, n.ID)
	if back := f.get(pinned.ID); !back.Pinned || back.Version != pinned.Version+2 {
		t.Errorf("got %+v", back)
	}
	_, err = f.Bulk().Undo(t.Context(), owner, changed.Undo)
	wantKind(t, err, domain.NotFound)

	home := must(f.Bulk().Change(t.Context(), f.there, app.ManyMove, string(domain.OwnerID), []domain.ID{f.noteThere("x").ID}))(t)
	said := must(f.Bulk().Undoable(t.Context(), f.there.Read(), home.Undo))(t)
	if len(said) != 1 || said[0].Code != "undo.moved_home" {
		t.Errorf("got %+v", said)
	}
}

func (f family) noteThere(title string) domain.Note {
	f.t.Helper()
	return must(f.notes.Create(f.t.Context(), f.there, domain.NoteDraft{Title: title}))(f.t)
}

func TestWhatHasBeenChangedSinceItWasMovedStaysThere(t *testing.T) {
	f := newFamily(t)
	n, other := f.note("n", ""), f.note("other", "")
	changed := f.move(n.ID, other.ID)
	must(f.notes.Pin(t.Context(), f.there, n.ID, true))(t)
	if undone := must(f.Bulk().Undo(t.Context(), owner, changed.Undo))(t); undone != (app.Undone{Notes: 1, Skipped: 1}) {
		t.Errorf("got %+v", undone)
	}
	f.wantIn(f.there, n.ID)
	f.wantIn(owner, other.ID)
}

func TestNothingMovesWhereSomebodyMayNotEdit(t *testing.T) {
	f := newFamily(t)
	ada := domain.User{ID: domain.NewID(), Name: "Ada", Created: f.clock.now}
	must(0, f.store.Users().Add(t.Context(), ada))(t)
	adas := accessTo(f.store, ada.ID, ada.ID)
	n := must(f.notes.Create(t.Context(), adas, domain.NoteDraft{Title: "hers"}))(t)
	move := func(to string) (app.Changed, error) {
		return f.Bulk().Change(t.Context(), adas, app.ManyMove, to, []domain.ID{n.ID})
	}
	for _, unknown := range []string{string(f.space), string(domain.NewID()), string(domain.OwnerID), "no id"} {
		if _, err := move(unknown); !errors.Is(err, domain.ErrSpaceNotFound) {
			t.Errorf("to %s: %v", unknown, err)
		}
		if _, err := f.Bulk().ChangeFound(t.Context(), adas, app.ManyMove, unknown, "hers"); !errors.Is(err, domain.ErrSpaceNotFound) {
			t.Errorf("all to %s: %v", unknown, err)
		}
	}
	for _, none := range []string{"", string(ada.ID)} {
		_, err := move(none)
		wantKind(t, err, domain.Invalid)
	}
	for role, may := range map[domain.Role]bool{domain.RoleReader: false, domain.RoleContributor: false, domain.RoleEditor: true} {
		must(0, f.store.Spaces().SetMember(t.Context(), f.space, ada.ID, role, f.clock.now))(t)
		changed, err := move(string(f.space))
		if !may {
			wantKind(t, err, domain.Forbidden)
			continue
		}
		must(changed, err)(t)
		for _, lost := range []func() error{
			func() error {
				return f.store.Spaces().SetMember(t.Context(), f.space, ada.ID, domain.RoleContributor, f.clock.now)
			},
			func() error { return f.store.Spaces().RemoveMember(t.Context(), f.space, ada.ID) },
		} {
			must(0, lost())(t)
			_, err = f.Bulk().Undo(t.Context(), adas, changed.Undo)
			wantKind(t, err, domain.Conflict)
		}
		f.wantIn(f.there, n.ID)
		must(0, f.store.Spaces().SetMember(t.Context(), f.space, ada.ID, role, f.clock.now))(t)
		must(f.Bulk().Undo(t.Context(), adas, changed.Undo))(t)
	}
}

func TestAllThatASearchFindsMovesInPieces(t *testing.T) {
	f := newFamily(t)
	var ids []domain.ID
	for i := range 450 {
		ids = append(ids, f.note(fmt.Sprint("n", i), "word").ID)
	}
	changed := must(f.Bulk().ChangeFound(t.Context(), owner, app.ManyMove, string(f.space), "word"))(t)
	if changed.Notes != len(ids) {
		t.Errorf("got %+v", changed)
	}
	for _, id := range ids {
		f.wantIn(f.there, id)
	}
	if undone := must(f.Bulk().Undo(t.Context(), owner, changed.Undo))(t); undone.Notes != len(ids) || undone.Skipped != 0 {
		t.Errorf("got %+v", undone)
	}
	for _, id := range ids {
		f.wantIn(owner, id)
	}
}

func TestWhatIsLeftToMoveStaysWhenTheRightIsLost(t *testing.T) {
	f := newFamily(t)
	for i := range 450 {
		f.note(fmt.Sprint("n", i), "word")
	}
	undo := domain.NewUndo(f.clock.now) // as whoever begins leaves it
	undo.Rest = domain.Rest{
		Moved: f.space, Said: domain.Message{Code: "undo.moved", Args: domain.Args{"space": "Family"}},
		Steps: []domain.Step{{Kind: domain.StepFound, From: "word", Do: string(app.ManyMove)}},
	}
	must(0, f.store.Undos(owner).Add(t.Context(), undo))(t)
	ada := domain.User{ID: domain.NewID(), Name: "Ada", Created: f.clock.now}
	must(0, f.store.Users().Add(t.Context(), ada))(t)
	must(0, f.store.Spaces().SetMember(t.Context(), f.space, ada.ID, domain.RoleOwner, f.clock.now))(t)
	must(0, f.store.Spaces().RemoveMember(t.Context(), f.space, domain.OwnerID))(t)
	must(0, f.Housekeeping().Finish(t.Context()))(t)
	f.wantUndo(undo.ID, "0 notes moved to Family. The rest stay where they were.")
	if found := must(f.Search().Count(t.Context(), owner.Read(), "word"))(t); found.Notes != 450 {
		t.Errorf("%d notes are left", found.Notes)
	}
}

func TestWhatIsLeftToMoveStaysWhenTheRightIsLostWhereItIs(t *testing.T) {
	f := newFamily(t)
	ada := domain.User{ID: domain.NewID(), Name: "Ada", Created: f.clock.now}
	must(0, f.store.Users().Add(t.Context(), ada))(t)
	n := f.noteThere("word")
	set := func(role domain.Role) func() error {
		return func() error { return f.store.Spaces().SetMember(t.Context(), f.space, ada.ID, role, f.clock.now) }
	}
	for name, tt := range map[string]struct {
		lost  func() error
		moves bool
	}{
		"an editor":     {set(domain.RoleEditor), true},
		"a contributor": {set(domain.RoleContributor), false},
		"a reader":      {set(domain.RoleReader), false},
		"no member":     {func() error { return f.store.Spaces().RemoveMember(t.Context(), f.space, ada.ID) }, false},
	} {
		must(0, set(domain.RoleEditor)())(t)
		adas := accessTo(f.store, f.space, ada.ID)
		undo := domain.NewUndo(f.clock.now)
		undo.Rest = domain.Rest{
			Moved: ada.ID, Said: domain.Message{Code: "undo.moved_home"},
			Steps: []domain.Step{{Kind: domain.StepFound, From: "word", Do: string(app.ManyMove)}},
		}
		must(0, f.store.Undos(adas).Add(t.Context(), undo))(t)
		must(0, tt.lost())(t)
		must(0, f.Housekeeping().Finish(t.Context()))(t)
		if left := must(f.store.Housekeeping().Unfinished(t.Context(), "", 1))(t); len(left) > 0 {
			t.Errorf("%s: it is unfinished", name)
		}
		_, err := f.notes.Get(t.Context(), f.there.Read(), n.ID)
		if moved := errors.Is(err, domain.ErrNoteNotFound); moved != tt.moves {
			t.Errorf("%s: it has moved: %v", name, moved)
		}
		if tt.moves {
			must(f.Bulk().Undo(t.Context(), adas, undo.ID))(t)
		}
	}
}

func TestFilesComeAlongAsFarAsThereIsRoom(t *testing.T) {
	f := newFamily(t)
	f.App = app.New(f.store, new(memory.Blobs), f.clock)
	files := f.Files()
	upload := func(access domain.WriteAccess, name, content string) domain.File {
		return must(files.Upload(t.Context(), access, name, "image/png", strings.NewReader(content)))(t)
	}
	here := upload(owner, "a.txt", "0123456789")
	upload(f.there, "b.txt", strings.Repeat("x", 20))
	n, both := f.note("n", here.Markdown()), f.note("both", upload(owner, "b2.txt", strings.Repeat("x", 20)).Markdown())
	f.LimitUploads(25)
	_, err := f.Bulk().Change(t.Context(), owner, app.ManyMove, string(f.space), []domain.ID{n.ID})
	wantKind(t, err, domain.TooLarge)
	_, err = f.Bulk().ChangeFound(t.Context(), owner, app.ManyMove, string(f.space), "n")
	wantKind(t, err, domain.TooLarge)
	f.wantIn(owner, n.ID)
	f.move(both.ID) // what is there already takes no room
	f.wantIn(f.there, both.ID)
}

func TestAMoveThatComesToWhatHasNoRoomThereIsFinished(t *testing.T) {
	f := newFamily(t)
	f.App = app.New(f.store, new(memory.Blobs), f.clock)
	upload := func(access domain.WriteAccess, name, content string) domain.File {
		return must(f.Files().Upload(t.Context(), access, name, "text/plain", strings.NewReader(content)))(t)
	}
	large := upload(owner, "large.txt", "0123456789")
	upload(owner, "Plan.txt", "mine")
	upload(f.there, "Plan.txt", "theirs")
	first := f.note("first", "word "+large.Markdown()) // the last that is found
	for i := range 250 {
		f.clock.now = f.clock.now.Add(time.Second)
		f.note(fmt.Sprint("n", i), "word ![[plan.txt]]") // stays, as the name means another file there
	}
	f.LimitUploads(8)
	changed := must(f.Bulk().ChangeFound(t.Context(), owner, app.ManyMove, string(f.space), "word"))(t)
	if left := must(f.store.Housekeeping().Unfinished(t.Context(), "", 1))(t); len(left) > 0 || changed.Notes > 0 {
		t.Errorf("got %+v, and %v is left", changed, left)
	}
	f.wantIn(owner, first.ID)
}

func TestANoteStaysBehindWhoseFileMeansAnotherOneThere(t *testing.T) {
	f := newFamily(t)
	upload := func(access domain.WriteAccess, content string) {
		must(f.Files().Upload(t.Context(), access, "Plan.txt", "text/plain", strings.NewReader(content)))(t)
	}
	upload(owner, "mine")
	upload(f.there, "theirs")
	n, other := f.note("n", "![[plan.txt]]"), f.note("other", "")
	_, err := f.Bulk().Change(t.Context(), owner, app.ManyMove, string(f.space), []domain.ID{n.ID})
	wantKind(t, err, domain.Invalid)
	changed := f.move(n.ID, other.ID)
	f.wantUndo(changed.Undo, "1 note moved to Family. 1 note stays here because it shows a file by a name that belongs to another file there.")
	f.wantIn(owner, n.ID)

	upload(f.there, "mine") // what the name means from then on
	f.wantIn(f.there, other.ID)
	f.move(n.ID)
	if names := must(f.store.ReadFiles(f.there.Read()).Named(t.Context(), "plan.txt"))(t); len(names) != 1 || !slices.Contains(f.getThere(n.ID).FileNames(), "plan.txt") {
		t.Errorf("got %v", names)
	}
}

func (f family) getThere(id domain.ID) domain.Note {
	f.t.Helper()
	return must(f.notes.Get(f.t.Context(), f.there.Read(), id))(f.t)
}
