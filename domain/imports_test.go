package domain

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAnImportIsTakenBackOnceAndForThirtyDays(t *testing.T) {
	began := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	for _, c := range []struct {
		state, undoing, undone ImportState
		after                  time.Duration
		want                   error
	}{
		{ImportRunning, ImportCancelling, ImportCancelled, 0, nil},
		{ImportRunning, ImportCancelling, ImportCancelled, 2 * ImportLife, nil}, // it was never done
		{ImportDone, ImportUndoing, ImportUndone, ImportLife - 1, nil},
		{ImportDone, "", "", ImportLife, ErrImportTooOld},
		{ImportUndoing, ImportUndoing, ImportUndone, 2 * ImportLife, nil},
		{ImportCancelling, ImportCancelling, ImportCancelled, 0, nil},
		{ImportUndone, "", "", 0, ErrImportUndone},
		{ImportCancelled, "", "", 0, ErrImportUndone},
	} {
		i := NewImport("user", FromKeep, "Keep\n2026", began)
		if i.State != ImportRunning || i.Name != "Keep 2026" {
			t.Errorf("a new one is %+v", i)
		}
		i.State = c.state
		undoing, err := i.Undoing(began.Add(c.after))
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got error %v, want %v", c.state, err, c.want)
		}
		if undone := undoing.Undone(began); err == nil && (undoing.State != c.undoing || undone.State != c.undone) {
			t.Errorf("%s: got %s and %s", c.state, undoing.State, undone.State)
		}
	}
}

func TestAnImportHasStoppedThatDoesntGoOn(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	i := NewImport("user", FromKeep, "", now)
	if i.Stopped(now.Add(ImportPause-1)) || !i.Stopped(now.Add(ImportPause)) {
		t.Error("it stops at another time")
	}
	i.State = ImportDone
	if i.Stopped(now.Add(ImportPause)) {
		t.Error("one that is done has stopped")
	}
}

func TestAnIncomingNoteBecomesOneWithAPast(t *testing.T) {
	access, err := NewMembership("space", "user", RoleEditor).Write()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	in := Incoming{
		ID: "id", Tags: []Tag{"a"}, State: Trashed, Pinned: true, Created: now.AddDate(-2, 0, 0), Updated: now.AddDate(-1, 0, 0),
		Revisions: []IncomingRevision{
			{Title: "First", Content: "one", Saved: now.AddDate(-2, 0, 0)},
			{Title: "Too long", Content: strings.Repeat("x", MaxContent+1)},
			{Title: "Second", Content: "two", Saved: now},
		},
	}
	n, said, err := in.Note(access, "Title", "text #b", now)
	if err != nil {
		t.Fatal(err)
	}
	if n.Title != "Title" || !slices.Equal(n.AllTags(), []Tag{"a", "b"}) || n.State != Trashed || !n.Pinned || n.Author != "user" ||
		!n.Created.Equal(in.Created) || !n.Updated.Equal(in.Updated) || !n.Moved.Equal(now) || n.Version != 3 || n.Saved != 3 {
		t.Errorf("got %+v", n)
	}
	if len(said) != 2 || said[0].Content != "one" || said[0].Version != 1 || said[1].Version != 2 || said[1].Note != n.ID ||
		!said[1].Saved.Equal(in.Updated) {
		t.Errorf("it said %+v", said)
	}
	if _, _, err := in.Note(access, "", "", now); !errors.Is(err, Invalid) {
		t.Errorf("nothing at all: got %v", err)
	}
}

func TestWhatWasImportedIsKnownByItsSource(t *testing.T) {
	one := ImportedSource(FromKeep, "", "id")
	if one != ImportedSource(FromKeep, "", "id") {
		t.Error("it is known differently each time")
	}
	for _, other := range []TokenHash{ImportedSource(FromJoplin, "", "id"), ImportedSource(FromKeep, "a", "id"), ImportedSource(FromKeep, "", "id2")} {
		if other == one {
			t.Error("another one is known as the same")
		}
	}
}
