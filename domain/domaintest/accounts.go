package domaintest

import (
	"testing"
	"time"

	"octavo/domain"
)

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
	s, token := domain.NewSession(f.alice.User(), "Firefox", f.now)
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

func sessionsAreListedAndEnded(t *testing.T, f *fixture) {
	seen := func(user domain.ID, ago time.Duration) domain.Session {
		s, _ := domain.NewSession(user, "Mozilla/5.0 (Ä)", f.now.Add(-time.Hour))
		s.Seen = f.now.Add(-ago)
		must(t, f.Sessions().Add(f.ctx, s))
		return s
	}
	old, young, ended := seen(f.alice.User(), time.Minute), seen(f.alice.User(), 0), seen(f.alice.User(), domain.SessionIdle)
	bobs := seen(f.bob.User(), 0)

	list, err := f.Sessions().List(f.ctx, f.alice.User())
	must(t, err)
	wantEqual(t, list, []domain.Session{young, old, ended})
	list, err = f.Sessions().List(f.ctx, domain.NewID())
	must(t, err)
	wantEqual(t, len(list), 0)

	n, err := f.Sessions().RemoveOf(f.ctx, f.alice.User(), old.Token)
	must(t, err)
	wantEqual(t, n, 2)
	list, err = f.Sessions().List(f.ctx, f.alice.User())
	must(t, err)
	wantEqual(t, list, []domain.Session{old})

	n, err = f.Sessions().RemoveOf(f.ctx, f.alice.User(), "")
	must(t, err)
	wantEqual(t, n, 1)
	_, err = f.Sessions().Get(f.ctx, bobs.Token)
	must(t, err)
}

func ticketsAreUsedOnce(t *testing.T, f *fixture) {
	ticket := domain.HashToken("ticket")
	must(t, f.Sessions().UseTicket(f.ctx, ticket, f.now))
	wantKind(t, f.Sessions().UseTicket(f.ctx, ticket, f.now.Add(time.Hour)), domain.Conflict)
	must(t, f.Sessions().UseTicket(f.ctx, domain.HashToken("another"), f.now))

	_, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(domain.UsedTicketLife-time.Second))
	must(t, err)
	wantKind(t, f.Sessions().UseTicket(f.ctx, ticket, f.now), domain.Conflict)
	n, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(domain.UsedTicketLife))
	must(t, err)
	wantEqual(t, n, 2)
}
