package app_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// actor is the owner, and owner their access to their own space, which each newStore has.
var (
	actor = domain.Actor{User: domain.OwnerID}
	owner = accessTo(newStore(), actor.PersonalSpace(), actor.User)
)

// newStore returns a store with the owner in it.
func newStore() *memory.Store {
	store := memory.New()
	if err := store.Users().Add(context.Background(), domain.NewOwner(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))); err != nil {
		panic(err)
	}
	return store
}

// accessTo returns a user's access to a space.
func accessTo(store domain.Store, space, user domain.ID) domain.WriteAccess {
	access, err := app.NewSpaces(store.Spaces()).Write(context.Background(), domain.Actor{User: user}, space)
	if err != nil {
		panic(err)
	}
	return access
}

// house is the use cases over an empty store, with a clock that stands.
type house struct {
	*app.App
	t     *testing.T
	store *memory.Store
	clock *clock
	notes *app.Notes
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, store: newStore(), clock: &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}}
	h.App = app.New(h.store, new(memory.Blobs), h.clock)
	h.notes = h.Notes()
	return h
}

func (h *house) note(title, content string, tags ...domain.Tag) domain.Note {
	h.t.Helper()
	return must(h.notes.Create(h.t.Context(), owner, domain.NoteDraft{Title: title, Content: content, Tags: tags}))(h.t)
}

func (h *house) get(id domain.ID) domain.Note {
	h.t.Helper()
	return must(h.notes.Get(h.t.Context(), owner.Read(), id))(h.t)
}

func wantKind(t *testing.T, err error, kind domain.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got error %v, want one of kind %q", err, kind)
	}
}

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// ifVersion holds of a note that is in the version.
func ifVersion(version int) app.If[domain.Note] {
	return func(n domain.Note) bool { return n.Version == version }
}

func TestAStaleEditChangesNothingAndGivesBackTheStoredNote(t *testing.T) {
	h := newHouse(t)
	n := h.note("first", "")
	second := must(h.Editing().Update(t.Context(), owner, n.ID, ifVersion(1), domain.NoteDraft{Title: "second"}))(t).Note

	stored, err := h.Editing().Update(t.Context(), owner, n.ID, ifVersion(1), domain.NoteDraft{Title: "stale"})
	wantKind(t, err, domain.Conflict)
	if !reflect.DeepEqual(stored.Note, second) {
		t.Errorf("got %v, want %v", stored.Note, second)
	}
	if got := h.get(n.ID); !reflect.DeepEqual(got, second) {
		t.Errorf("got %v, want %v", got, second)
	}
}

func TestTrashAndRestoreMayBeRepeated(t *testing.T) {
	h := newHouse(t)
	n := h.note("t", "")
	trash := func() domain.Note {
		trashed, _, err := h.notes.Trash(t.Context(), owner, n.ID, nil)
		return must(trashed, err)(t)
	}
	trashed := trash()
	if again := trash(); again.Version != trashed.Version || again.State != domain.Trashed {
		t.Errorf("got %v", again)
	}
	restore := func() domain.Note { return must(h.notes.Restore(t.Context(), owner, n.ID, domain.Active))(t) }
	restored := restore()
	if again := restore(); again.Version != restored.Version || again.State != domain.Active {
		t.Errorf("got %v", again)
	}
}

func TestAnArchivedNoteComesBackFromTheTrashArchived(t *testing.T) {
	h := newHouse(t)
	n := h.note("t", "")
	must(h.notes.Archive(t.Context(), owner, n.ID, true))(t)
	_, was, err := h.notes.Trash(t.Context(), owner, n.ID, nil)
	must(0, err)(t)
	if got := must(h.notes.Archive(t.Context(), owner, n.ID, false))(t); got.State != domain.Trashed {
		t.Errorf("taken out of the archive it is %s", got.State)
	}
	if got := must(h.notes.Restore(t.Context(), owner, n.ID, was))(t); got.State != domain.Archived {
		t.Errorf("restored it is %s", got.State)
	}
}

func TestANoteOutsideOfTheTrashIsNotPurged(t *testing.T) {
	notes := app.New(newStore(), new(memory.Blobs), domain.SystemClock{}).Notes()
	n := must(notes.Create(t.Context(), owner, domain.NoteDraft{Title: "t"}))(t)
	_, err := notes.Purge(t.Context(), owner, n.ID)
	wantKind(t, err, domain.Conflict)
	must(notes.Get(t.Context(), owner.Read(), n.ID))(t)
}

func TestEmptyingTheTrashRemovesWhatWasInItWhenItWasShown(t *testing.T) {
	h := newHouse(t)
	trash := func(title string) domain.Note {
		n := h.note(title, "")
		h.clock.now = h.clock.now.Add(time.Second)
		trashed, _, err := h.notes.Trash(t.Context(), owner, n.ID, nil)
		return must(trashed, err)(t)
	}
	kept := h.note("kept", "")
	var until time.Time
	for i := range 450 {
		until = trash(fmt.Sprint(i)).Moved
	}
	back, late := trash("brought back"), trash("late")
	must(h.notes.Restore(t.Context(), owner, back.ID, domain.Active))(t)

	removed, all, err := h.notes.EmptyTrash(t.Context(), owner, until)
	if err != nil || removed != 450 || !all {
		t.Errorf("%d notes are removed, all of them: %v (%v)", removed, all, err)
	}
	for _, n := range []domain.Note{kept, back, late} {
		h.get(n.ID)
	}
	removed, all, err = h.notes.EmptyTrash(t.Context(), owner, until)
	if err != nil || removed != 0 || !all {
		t.Errorf("again: %d, %v (%v)", removed, all, err)
	}
}

func TestTheLastPageSaysSo(t *testing.T) {
	notes := app.New(newStore(), new(memory.Blobs), domain.SystemClock{}).Notes()
	for i := range 4 {
		must(notes.Create(t.Context(), owner, domain.NoteDraft{Title: fmt.Sprint(i)}))(t)
	}
	first := must(notes.List(t.Context(), owner.Read(), domain.NoteFilter{State: domain.Active}, "", 2))(t)
	second := must(notes.List(t.Context(), owner.Read(), domain.NoteFilter{State: domain.Active}, first.Next, 2))(t)
	if len(first.Notes) != 2 || first.Next == "" || len(second.Notes) != 2 || second.Next != "" {
		t.Errorf("got pages %v and %v", first, second)
	}
}

func TestAllRecordsAreReadInPieces(t *testing.T) {
	records := app.New(newStore(), new(memory.Blobs), domain.SystemClock{}).Records()
	const count = 120 // more than two pieces
	var made []domain.Record
	for i := range count {
		made = append(made, must(records.Create(t.Context(), owner, domain.RecordDraft{Title: fmt.Sprint(i)}))(t))
	}
	var read []domain.Record
	for r, err := range records.All(t.Context(), owner.Read()) {
		read = append(read, must(r, err)(t))
	}
	if len(read) != count || read[0] != made[0] || read[count-1] != made[count-1] {
		t.Errorf("got %d records", len(read))
	}
}

func TestAnErrorEndsTheSequenceOfRecords(t *testing.T) {
	records := app.New(newStore(), new(memory.Blobs), domain.SystemClock{}).Records()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var errs int
	for _, err := range records.All(ctx, owner.Read()) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		errs++
	}
	if errs != 1 {
		t.Errorf("got %d errors", errs)
	}
}

// clock is a domain.Clock that stands until it is moved.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

var keys = memory.Keys{Key: "key", Secret: "secret"}

// open returns the token of a new session.
func (c *clock) open(t *testing.T, accounts *app.Accounts) string {
	t.Helper()
	if err := accounts.EnsureOwner(t.Context()); err != nil {
		t.Fatal(err)
	}
	return must(accounts.Open(t.Context(), domain.NewTicket([]byte(keys.Secret), domain.OwnerID, c.now), "Firefox", ""))(t).Token
}

// fullStore is a store with no room left.
type fullStore struct{ domain.Store }

func (f fullStore) Sessions() domain.Sessions { return fullSessions{f.Store.Sessions()} }

type fullSessions struct{ domain.Sessions }

func (fullSessions) Touch(context.Context, map[domain.TokenHash]domain.SessionUse) error {
	return domain.StorageFull
}

func (fullStore) Atomically(context.Context, func(domain.Repos) error) error {
	return domain.StorageFull
}

func TestAFullDiskDoesNotKeepANoteFromBeingRead(t *testing.T) {
	store, c := newStore(), &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	n := must(app.New(store, new(memory.Blobs), c).Notes().Create(t.Context(), owner, domain.NoteDraft{Content: "text"}))(t)
	needless := must(domain.NewDraft(domain.Draft{Key: domain.NewID(), Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Content: "text"}}, c.now))(t)
	must(0, store.Drafts(owner).Put(t.Context(), needless))(t)
	shown := must(app.New(fullStore{store}, new(memory.Blobs), c).Notes().Show(t.Context(), owner.Read(), n.ID, 10, true))(t)
	if shown.Content != "text" || shown.HasDraft {
		t.Errorf("got %+v", shown)
	}
}
