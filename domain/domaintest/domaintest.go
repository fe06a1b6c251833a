// Package domaintest holds what every domain.Store promises, as tests. An adapter that passes Run can stand behind
// the use cases.
package domaintest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/domain"
)

// Run tests that the stores which open returns keep the promises of domain.Store. open is called for each promise
// with that test's t and returns a new, empty store; Run closes it.
func Run(t *testing.T, open func(t *testing.T) domain.Store) {
	promises := []struct {
		name string
		test func(*testing.T, *fixture)
	}{
		{"a stored user comes back as it was", userRoundTrip},
		{"a user's id is given once", userIDIsUnique},
		{"a session comes back until it is removed", sessionLifecycle},
		{"ended sessions are removed and live ones kept", sessionsEnd},
		{"a stored note comes back as it was", noteRoundTrip},
		{"any text that is valid comes back to the byte", textRoundTrip},
		{"a note of the largest size fits", largestNote},
		{"notes are listed pinned first, then newest, then by id", notesInOrder},
		{"pages of notes follow one another without gap or repeat", notesByPage},
		{"a list shows one state only", notesByState},
		{"an update stores every field", noteUpdate},
		{"a stale version is refused and nothing is lost", noteStaleUpdate},
		{"an id that is taken stays whose it is", takenIDs},
		{"what does not exist can be neither read, changed nor removed", unknownIDs},
		{"somebody else's note looks like one that doesn't exist", foreignNotes},
		{"somebody else's record looks like one that doesn't exist", foreignRecords},
		{"a removed note is gone", noteRemove},
		{"records are kept, changed and removed", recordLifecycle},
		{"pages of records follow the order in which they were made", recordsByPage},
		{"a transaction keeps all of what it stored", atomicCommit},
		{"a transaction that fails keeps nothing, over several repositories", atomicRollback},
		{"a transaction that panics keeps nothing and frees the store", atomicPanic},
		{"a transaction sees its own writes", atomicReadsItsWrites},
		{"read-modify-write in a transaction loses no update", atomicRace},
		{"of two writers upon one version one wins", versionRace},
		{"an ended context stops a call and changes nothing", endedContext},
		{"a store answers a ping", ping},
	}
	for _, p := range promises {
		t.Run(p.name, func(t *testing.T) {
			store := open(t)
			t.Cleanup(func() {
				if err := store.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			})
			p.test(t, newFixture(t, store))
		})
	}
}

// fixture is a store with two users.
type fixture struct {
	domain.Store
	ctx             context.Context
	alice, bob      domain.Actor
	now             time.Time
	notes, others   domain.Notes
	records, theirs domain.Records
}

func newFixture(t *testing.T, store domain.Store) *fixture {
	t.Helper()
	f := &fixture{Store: store, ctx: t.Context(), now: time.Date(2026, 2, 3, 4, 5, 6, 789_012_000, time.UTC)}
	for _, actor := range []*domain.Actor{&f.alice, &f.bob} {
		u := domain.User{ID: domain.NewID(), Name: "somebody", Created: f.now}
		must(t, store.Users().Add(f.ctx, u))
		actor.User = u.ID
	}
	f.notes, f.others = store.Notes(f.alice), store.Notes(f.bob)
	f.records, f.theirs = store.Records(f.alice), store.Records(f.bob)
	return f
}

func (f *fixture) note(t *testing.T, title, content string) domain.Note {
	t.Helper()
	n, err := domain.NewNote(domain.NoteDraft{Title: title, Content: content}, f.now)
	must(t, err)
	return n
}

func (f *fixture) addNote(t *testing.T, title string) domain.Note {
	t.Helper()
	n := f.note(t, title, "content of "+title)
	must(t, f.notes.Add(f.ctx, n))
	return n
}

func (f *fixture) record(t *testing.T, title string) domain.Record {
	t.Helper()
	r, err := domain.NewRecord(domain.RecordDraft{Title: title, Content: "content of " + title}, f.now)
	must(t, err)
	return r
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind domain.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got error %v, want one of kind %q", err, kind)
	}
}

func wantEqual[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func wantNote(t *testing.T, notes domain.Notes, want domain.Note) {
	t.Helper()
	got, err := notes.Get(t.Context(), want.ID)
	must(t, err)
	wantEqual(t, got, want)
}

func titles(list []domain.NoteSummary) string {
	names := make([]string, len(list))
	for i, n := range list {
		names[i] = n.Title
	}
	return strings.Join(names, " ")
}

func userRoundTrip(t *testing.T, f *fixture) {
	u := domain.NewOwner(f.now)
	must(t, f.Users().Add(f.ctx, u))
	got, err := f.Users().Get(f.ctx, u.ID)
	must(t, err)
	wantEqual(t, got, u)
	_, err = f.Users().Get(f.ctx, domain.NewID())
	wantKind(t, err, domain.NotFound)
}

func userIDIsUnique(t *testing.T, f *fixture) {
	u := domain.NewOwner(f.now)
	must(t, f.Users().Add(f.ctx, u))
	wantKind(t, f.Users().Add(f.ctx, u), domain.Conflict)
}

func sessionLifecycle(t *testing.T, f *fixture) {
	s, token := domain.NewSession(f.alice.User, f.now)
	must(t, f.Sessions().Add(f.ctx, s))

	got, err := f.Sessions().Get(f.ctx, domain.HashToken(token))
	must(t, err)
	wantEqual(t, got, s)

	s.Seen = s.Seen.Add(time.Hour)
	must(t, f.Sessions().Touch(f.ctx, s.Token, s.Seen))
	got, err = f.Sessions().Get(f.ctx, s.Token)
	must(t, err)
	wantEqual(t, got, s)

	must(t, f.Sessions().Remove(f.ctx, s.Token))
	_, err = f.Sessions().Get(f.ctx, s.Token)
	wantKind(t, err, domain.NotFound)
	must(t, f.Sessions().Remove(f.ctx, s.Token))
	must(t, f.Sessions().Touch(f.ctx, s.Token, s.Seen))
}

func sessionsEnd(t *testing.T, f *fixture) {
	var kept []domain.TokenHash
	ages := []struct {
		created, seen time.Duration
		live          bool
	}{
		{0, 0, true},
		{domain.SessionLife - time.Second, time.Minute, true},
		{domain.SessionIdle - time.Second, domain.SessionIdle - time.Second, true},
		{domain.SessionIdle, domain.SessionIdle, false},
		{domain.SessionLife, 0, false},
	}
	for _, age := range ages {
		s, _ := domain.NewSession(f.alice.User, f.now.Add(-age.created))
		s.Seen = f.now.Add(-age.seen)
		must(t, f.Sessions().Add(f.ctx, s))
		kept = append(kept, s.Token)
	}
	must(t, f.Sessions().RemoveEnded(f.ctx, f.now))
	for i, age := range ages {
		_, err := f.Sessions().Get(f.ctx, kept[i])
		if age.live {
			must(t, err)
		} else {
			wantKind(t, err, domain.NotFound)
		}
	}
}

func noteRoundTrip(t *testing.T, f *fixture) {
	n := f.note(t, "Groceries", "milk\n\n**bread**")
	n.Pinned, n.Created = true, f.now.Add(-time.Microsecond)
	must(t, f.notes.Add(f.ctx, n))
	wantNote(t, f.notes, n)
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

func largestNote(t *testing.T, f *fixture) {
	n := f.note(t, strings.Repeat("𝕏", domain.MaxTitle), strings.Repeat("語", domain.MaxContent/3))
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

	list, err := f.notes.List(f.ctx, domain.Active, nil, 10)
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
	whole, err := f.notes.List(f.ctx, domain.Active, nil, 100)
	must(t, err)
	wantEqual(t, len(whole), 23)

	var paged []domain.NoteSummary
	var after *domain.NoteCursor
	for {
		page, err := f.notes.List(f.ctx, domain.Active, after, 4)
		must(t, err)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		last := page[len(page)-1]
		after = &domain.NoteCursor{State: domain.Active, Pinned: last.Pinned, Updated: last.Updated, ID: last.ID}
	}
	wantEqual(t, titles(paged), titles(whole))
}

func notesByState(t *testing.T, f *fixture) {
	for _, state := range []domain.NoteState{domain.Active, domain.Archived, domain.Trashed} {
		n := f.note(t, string(state), "")
		n.State = state
		must(t, f.notes.Add(f.ctx, n))
	}
	for _, state := range []domain.NoteState{domain.Active, domain.Archived, domain.Trashed} {
		list, err := f.notes.List(f.ctx, state, nil, 10)
		must(t, err)
		wantEqual(t, titles(list), string(state))
	}
}

func noteUpdate(t *testing.T, f *fixture) {
	n := f.addNote(t, "before")
	other := f.addNote(t, "other")
	n.Title, n.Content, n.Excerpt = "after", "new content", "new excerpt"
	n.Pinned, n.State, n.Updated = true, domain.Archived, f.now.Add(time.Hour)
	n.Version++
	must(t, f.notes.Update(f.ctx, n))
	wantNote(t, f.notes, n)
	wantNote(t, f.notes, other)
}

func noteStaleUpdate(t *testing.T, f *fixture) {
	n := f.addNote(t, "first")
	second := n
	second.Title, second.Version = "second", 2
	must(t, f.notes.Update(f.ctx, second))

	stale := n
	stale.Title, stale.Version = "stale", 2
	wantKind(t, f.notes.Update(f.ctx, stale), domain.Conflict)
	ahead := n
	ahead.Title, ahead.Version = "ahead", 4
	wantKind(t, f.notes.Update(f.ctx, ahead), domain.Conflict)
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
	s, _ := domain.NewSession(f.alice.User, f.now)
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
	}
	n, r := f.note(t, "never stored", ""), f.record(t, "never stored")
	n.Version = 2
	_, err := f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, f.notes.Update(f.ctx, n), domain.NotFound)
	wantKind(t, f.notes.Remove(f.ctx, n.ID), domain.NotFound)
	_, err = f.records.Get(f.ctx, r.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, f.records.Update(f.ctx, r), domain.NotFound)
	wantKind(t, f.records.Remove(f.ctx, r.ID), domain.NotFound)
}

func foreignNotes(t *testing.T, f *fixture) {
	n := f.addNote(t, "alice's")
	_, err := f.others.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	taken := n
	taken.Title, taken.Version = "bob's now", 2
	wantKind(t, f.others.Update(f.ctx, taken), domain.NotFound)
	wantKind(t, f.others.Remove(f.ctx, n.ID), domain.NotFound)
	list, err := f.others.List(f.ctx, domain.Active, nil, 10)
	must(t, err)
	wantEqual(t, len(list), 0)
	wantNote(t, f.notes, n)
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

func noteRemove(t *testing.T, f *fixture) {
	n, kept := f.addNote(t, "gone"), f.addNote(t, "kept")
	must(t, f.notes.Remove(f.ctx, n.ID))
	_, err := f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	wantNote(t, f.notes, kept)
}

func recordLifecycle(t *testing.T, f *fixture) {
	r, kept := f.record(t, "one"), f.record(t, "two")
	must(t, f.records.Add(f.ctx, r))
	must(t, f.records.Add(f.ctx, kept))

	r.Title, r.Content, r.Updated = "uno", "", f.now.Add(time.Hour)
	must(t, f.records.Update(f.ctx, r))
	got, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
	wantEqual(t, got, r)
	must(t, f.records.Update(f.ctx, r)) // nothing new, and still there

	must(t, f.records.Remove(f.ctx, r.ID))
	_, err = f.records.Get(f.ctx, r.ID)
	wantKind(t, err, domain.NotFound)
	got, err = f.records.Get(f.ctx, kept.ID)
	must(t, err)
	wantEqual(t, got, kept)
}

func recordsByPage(t *testing.T, f *fixture) {
	var made []domain.Record
	for i := range 11 {
		r := f.record(t, fmt.Sprintf("r%02d", i))
		must(t, f.records.Add(f.ctx, r))
		made = append(made, r)
	}
	var paged []domain.Record
	var after domain.RecordCursor
	for {
		page, err := f.records.List(f.ctx, after, 3)
		must(t, err)
		if len(page) == 0 {
			break
		}
		paged = append(paged, page...)
		after = domain.RecordCursor(page[len(page)-1].ID)
	}
	wantEqual(t, len(paged), len(made))
	for i := range paged {
		wantEqual(t, paged[i], made[i])
	}
}

func atomicCommit(t *testing.T, f *fixture) {
	n, r := f.note(t, "both", ""), f.record(t, "both")
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		if err := repos.Notes(f.alice).Add(f.ctx, n); err != nil {
			return err
		}
		return repos.Records(f.alice).Add(f.ctx, r)
	}))
	wantNote(t, f.notes, n)
	_, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
}

var errOnPurpose = errors.New("on purpose")

func atomicRollback(t *testing.T, f *fixture) {
	kept := f.addNote(t, "kept")
	n, r := f.note(t, "neither", ""), f.record(t, "neither")
	changed := kept
	changed.Title, changed.Version = "changed", 2
	err := f.Atomically(f.ctx, func(repos domain.Repos) error {
		return errors.Join(
			repos.Notes(f.alice).Add(f.ctx, n),
			repos.Notes(f.alice).Update(f.ctx, changed),
			repos.Records(f.alice).Add(f.ctx, r),
			errOnPurpose,
		)
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("got error %v, want the function's own", err)
	}
	_, err = f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	_, err = f.records.Get(f.ctx, r.ID)
	wantKind(t, err, domain.NotFound)
	wantNote(t, f.notes, kept)
}

func atomicPanic(t *testing.T, f *fixture) {
	n := f.note(t, "never", "")
	func() {
		defer func() { _ = recover() }()
		_ = f.Atomically(f.ctx, func(repos domain.Repos) error {
			must(t, repos.Notes(f.alice).Add(f.ctx, n))
			panic("on purpose")
		})
	}()
	_, err := f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	f.addNote(t, "the store still takes writes")
}

func atomicReadsItsWrites(t *testing.T, f *fixture) {
	n := f.note(t, "mine", "")
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		if err := repos.Notes(f.alice).Add(f.ctx, n); err != nil {
			return err
		}
		got, err := repos.Notes(f.alice).Get(f.ctx, n.ID)
		if err != nil {
			return err
		}
		wantEqual(t, got, n)
		list, err := repos.Notes(f.alice).List(f.ctx, domain.Active, nil, 10)
		wantEqual(t, len(list), 1)
		return err
	}))
}

func atomicRace(t *testing.T, f *fixture) {
	const writers, rounds = 8, 10
	r := f.record(t, "counter")
	r.Content = ""
	must(t, f.records.Add(f.ctx, r))
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range rounds {
				err := f.Atomically(f.ctx, func(repos domain.Repos) error {
					got, err := repos.Records(f.alice).Get(f.ctx, r.ID)
					if err != nil {
						return err
					}
					got.Content += "x"
					return repos.Records(f.alice).Update(f.ctx, got)
				})
				if err != nil {
					t.Errorf("Atomically: %v", err)
				}
			}
		})
	}
	wg.Wait()
	got, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
	wantEqual(t, len(got.Content), writers*rounds)
}

func versionRace(t *testing.T, f *fixture) {
	n := f.addNote(t, "contested")
	const writers = 8
	results := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			mine := n
			mine.Title, mine.Version = fmt.Sprintf("writer %d", i), 2
			results[i] = f.notes.Update(f.ctx, mine)
		})
	}
	wg.Wait()
	winner := -1
	for i, err := range results {
		switch {
		case err == nil && winner >= 0:
			t.Errorf("writers %d and %d both won", winner, i)
		case err == nil:
			winner = i
		default:
			wantKind(t, err, domain.Conflict)
		}
	}
	got, err := f.notes.Get(f.ctx, n.ID)
	must(t, err)
	wantEqual(t, got.Title, fmt.Sprintf("writer %d", winner))
}

func endedContext(t *testing.T, f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	n := f.note(t, "too late", "")
	if err := f.notes.Add(ctx, n); !errors.Is(err, context.Canceled) {
		t.Errorf("Add: got error %v, want the context's", err)
	}
	err := f.Atomically(ctx, func(repos domain.Repos) error { return repos.Notes(f.alice).Add(ctx, n) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Atomically: got error %v, want the context's", err)
	}
	_, err = f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
}

func ping(t *testing.T, f *fixture) { must(t, f.Ping(f.ctx)) }
