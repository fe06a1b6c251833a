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
