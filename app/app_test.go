package app_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
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

func newAccounts(store domain.Store, clock domain.Clock, keys domain.Keys) *app.Accounts {
	return app.NewAccounts(store.Users(), store.Sessions(), store, clock, keys)
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

func TestASessionIsSeenButNotWrittenOnEachRequest(t *testing.T) {
	store, c := memory.New(), &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(store, c, keys)
	token := c.open(t, accounts)
	seen := func() time.Time {
		must(accounts.BySession(t.Context(), token))(t)
		return must(store.Sessions().Get(t.Context(), domain.HashToken(token)))(t).Seen
	}
	opened := c.now
	c.now = opened.Add(domain.SessionTouch - 1)
	if got := seen(); !got.Equal(opened) {
		t.Errorf("written after %v", got.Sub(opened))
	}
	c.now = opened.Add(domain.SessionTouch)
	if got := seen(); !got.Equal(c.now) {
		t.Errorf("still seen at %v", got)
	}
}

var keys = memory.Keys{Key: "key", Secret: "secret"}

// open returns the token of a new session.
func (c *clock) open(t *testing.T, accounts *app.Accounts) string {
	t.Helper()
	return must(accounts.Open(t.Context(), domain.NewTicket([]byte(keys.Secret), c.now), "Firefox", ""))(t)
}

func TestASessionEndsWhenNobodyHasBeenThereForLong(t *testing.T) {
	c := &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(memory.New(), c, keys)
	token := c.open(t, accounts)
	c.now = c.now.Add(domain.SessionIdle)
	_, err := accounts.BySession(t.Context(), token)
	wantKind(t, err, domain.Unauthenticated)
}

func TestATicketSignsInOnceOfHoweverManyWhoTry(t *testing.T) {
	c := &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(memory.New(), c, keys)
	ticket := domain.NewTicket([]byte(keys.Secret), c.now)
	var wg sync.WaitGroup
	var signedIn atomic.Int32
	for range 8 {
		wg.Go(func() {
			switch _, err := accounts.Open(t.Context(), ticket, "", ""); {
			case err == nil:
				signedIn.Add(1)
			case !errors.Is(err, domain.ErrTicketUsed):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := signedIn.Load(); n != 1 {
		t.Errorf("%d have signed in", n)
	}
}

func TestOpeningALinkEndsTheSessionBefore(t *testing.T) {
	c := &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(memory.New(), c, keys)
	before, elsewhere := c.open(t, accounts), c.open(t, accounts)
	ticket := domain.NewTicket([]byte(keys.Secret), c.now)
	now := must(accounts.Open(t.Context(), ticket, "Firefox", before))(t)
	must(accounts.BySession(t.Context(), now))(t)
	must(accounts.BySession(t.Context(), elsewhere))(t)
	_, err := accounts.BySession(t.Context(), before)
	wantKind(t, err, domain.Unauthenticated)

	_, err = accounts.Open(t.Context(), ticket, "Firefox", now)
	wantKind(t, err, domain.Unauthenticated)
	must(accounts.BySession(t.Context(), now))(t)
}

func TestSomebodyEndsTheirOwnSessionsOneOrAll(t *testing.T) {
	store, c := memory.New(), &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(store, c, keys)
	c.open(t, accounts)
	c.now = c.now.Add(domain.SessionIdle) // it has ended, and isn't shown
	first, second, third := c.open(t, accounts), c.open(t, accounts), c.open(t, accounts)
	foreign, _ := domain.NewSession(domain.NewID(), "Firefox", c.now)
	must(0, store.Sessions().Add(t.Context(), foreign))(t)
	if list := must(accounts.Sessions(t.Context(), actor))(t); len(list) != 3 || list[0].Browser != "Firefox" {
		t.Errorf("got %+v", list)
	}

	must(0, accounts.EndSession(t.Context(), actor, domain.HashToken(first)))(t)
	wantKind(t, accounts.EndSession(t.Context(), actor, domain.HashToken(first)), domain.NotFound)
	wantKind(t, accounts.EndSession(t.Context(), actor, foreign.Token), domain.NotFound)
	if n := must(accounts.EndSessions(t.Context(), actor, domain.HashToken(second)))(t); n != 2 {
		t.Errorf("%d ended", n)
	}
	must(accounts.BySession(t.Context(), second))(t)
	for _, ended := range []string{first, third} {
		_, err := accounts.BySession(t.Context(), ended)
		wantKind(t, err, domain.Unauthenticated)
	}
	must(store.Sessions().Get(t.Context(), foreign.Token))(t)
}

func TestAWrongKeyOpensNothing(t *testing.T) {
	accounts := newAccounts(memory.New(), domain.SystemClock{}, keys)
	_, err := accounts.Open(t.Context(), keys.Key, "", "")
	wantKind(t, err, domain.Unauthenticated)
	_, err = accounts.ByKey("")
	wantKind(t, err, domain.Unauthenticated)
	_, err = accounts.ByKey(domain.NewTicket([]byte(keys.Secret), time.Now()))
	wantKind(t, err, domain.Unauthenticated)
	_, err = accounts.BySession(t.Context(), "key")
	wantKind(t, err, domain.Unauthenticated)
}

func TestTheOwnerIsMadeOnce(t *testing.T) {
	store := memory.New()
	accounts := newAccounts(store, domain.SystemClock{}, keys)
	for range 2 {
		if err := accounts.EnsureOwner(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	must(store.Users().Get(t.Context(), domain.OwnerID))(t)
}

// fullStore is a store with no room left.
type fullStore struct{ domain.Store }

func (f fullStore) Sessions() domain.Sessions { return fullSessions{f.Store.Sessions()} }

type fullSessions struct{ domain.Sessions }

func (fullSessions) Touch(context.Context, domain.TokenHash, time.Time) error {
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
	shown := must(app.New(fullStore{store}, new(memory.Blobs), c).Notes().Show(t.Context(), owner.Read(), n.ID, 10))(t)
	if shown.Content != "text" || shown.HasDraft {
		t.Errorf("got %+v", shown)
	}
}

// fillingStore is a store that has room or hasn't.
type fillingStore struct {
	domain.Store
	full bool
}

func (s *fillingStore) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	if s.full {
		return domain.StorageFull
	}
	return s.Store.Atomically(ctx, fn)
}

func TestOneCanSignInOnAFullDisk(t *testing.T) {
	store, c := &fillingStore{memory.New(), true}, &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(store, c, keys)
	secret := must(keys.SignIn())(t)
	ticket := domain.NewTicket(secret, c.now)
	token := must(accounts.Open(t.Context(), ticket, "", ""))(t)
	must(accounts.BySession(t.Context(), token))(t)
	if all := must(accounts.Sessions(t.Context(), actor))(t); len(all) != 1 {
		t.Errorf("the sessions are %v", all)
	}
	_, err := accounts.Open(t.Context(), ticket, "", "")
	wantKind(t, err, domain.Unauthenticated) // it works once

	store.full = false
	c.now = c.now.Add(2 * time.Minute)
	must(accounts.BySession(t.Context(), token))(t)
	another := newAccounts(store, c, keys)
	must(another.BySession(t.Context(), token))(t) // it has been stored
	_, err = another.Open(t.Context(), ticket, "", "")
	wantKind(t, err, domain.Unauthenticated)

	store.full = true
	second := c.open(t, accounts)
	if err := accounts.SignOut(t.Context(), second); err != nil {
		t.Error(err)
	}
	_, err = accounts.BySession(t.Context(), second)
	wantKind(t, err, domain.Unauthenticated)

	third := c.open(t, accounts)
	c.now = c.now.Add(time.Hour)
	_, err = accounts.BySession(t.Context(), third)
	wantKind(t, err, domain.Unauthenticated) // it doesn't last for ever
	for range 16 {
		c.open(t, accounts)
	}
	_, err = accounts.Open(t.Context(), domain.NewTicket(secret, c.now), "", "")
	wantKind(t, err, domain.StorageFull)
}

func TestAFullDiskDoesNotEndSessions(t *testing.T) {
	store, c := memory.New(), &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	token := c.open(t, newAccounts(store, c, keys))
	accounts := newAccounts(fullStore{store}, c, keys)
	c.now = c.now.Add(domain.SessionTouch)
	must(accounts.BySession(t.Context(), token))(t)
}
