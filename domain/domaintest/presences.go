package domaintest

import (
	"testing"
	"time"

	"octavo/domain"
)

func presencesEnd(t *testing.T, f *fixture) {
	m := newMoving(t, f)
	n, other := f.note(t, "n", ""), f.note(t, "other", "")
	for _, n := range []domain.Note{n, other} {
		must(t, f.Notes(m.there).Add(f.ctx, n))
	}
	user, err := f.Users().Get(f.ctx, f.alice.User())
	must(t, err)
	at := func(access domain.WriteAccess, note domain.ID, now time.Time, want ...domain.Present) {
		t.Helper()
		got, err := f.Presences(access).At(f.ctx, note, now)
		must(t, err)
		wantEqual(t, got, want)
	}
	alice := domain.Present{User: f.alice.User(), Name: user.Name, Until: f.now.Add(time.Minute)}
	bob := domain.Present{User: f.bob.User(), Name: user.Name, Until: f.now.Add(time.Second)}
	must(t, f.Presences(m.there).Enter(f.ctx, n.ID, f.now.Add(time.Hour)))
	must(t, f.Presences(m.there).Enter(f.ctx, n.ID, alice.Until)) // over that
	must(t, f.Presences(m.bobs).Enter(f.ctx, n.ID, bob.Until))
	at(m.there, n.ID, f.now, alice, bob)
	at(m.bobs, n.ID, f.now, alice, bob)
	at(m.bobs, n.ID, bob.Until, alice)
	at(m.there, other.ID, f.now)

	// In another space there is nothing of it, and nobody is where there is no note.
	at(f.alice, n.ID, f.now)
	for _, access := range []domain.WriteAccess{f.alice, f.bob} {
		wantKind(t, f.Presences(access).Enter(f.ctx, n.ID, alice.Until), domain.NotFound)
	}
	for _, id := range []domain.ID{domain.NewID(), "no id"} {
		wantKind(t, f.Presences(m.there).Enter(f.ctx, id, alice.Until), domain.NotFound)
		at(m.there, id, f.now)
	}

	removed, err := f.Housekeeping().RemoveEnded(f.ctx, bob.Until)
	must(t, err)
	wantEqual(t, removed, 1)
	at(m.there, n.ID, f.now, alice)
	moved := m.take(t, m.transfer.Back(), nil, n)[0]
	at(f.alice, n.ID, f.now)
	must(t, f.Presences(f.alice).Enter(f.ctx, n.ID, alice.Until))
	must(t, f.notes.Remove(f.ctx, moved.ID))
	at(f.alice, n.ID, f.now)
}
