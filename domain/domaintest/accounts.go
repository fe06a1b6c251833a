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
