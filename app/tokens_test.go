package app_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// tokenSite is an installation whose owner has tokens.
type tokenSite struct {
	*app.Accounts
	store domain.Store
	clock *clock
	owner domain.Actor
}

func newTokenSite(t *testing.T) tokenSite {
	t.Helper()
	s := tokenSite{store: memory.New(), clock: &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}, owner: domain.Actor{User: domain.OwnerID}}
	s.Accounts = newAccounts(s.store, s.clock, keys)
	must(0, s.EnsureOwner(t.Context()))(t)
	return s
}

// token makes one, and returns its secret.
func (s tokenSite) token(t *testing.T, name string, days int, scopes ...domain.Scope) (domain.AccessToken, string) {
	t.Helper()
	token, secret, err := s.MakeToken(t.Context(), s.owner, domain.TokenDraft{Name: name, Scopes: scopes, Days: days}, "")
	must(0, err)(t)
	return token, secret
}

func TestATokenOpensWhatItIsForUntilItIsRevoked(t *testing.T) {
	s := newTokenSite(t)
	token, secret := s.token(t, "phone", 0, domain.ScopeNotesRead)
	grant := must(s.ByBearer(t.Context(), secret))(t)
	if read := must(grant.Read(domain.ScopeNotesRead))(t); read.Space() != domain.OwnerID || read.User() != domain.OwnerID {
		t.Errorf("it reads %v", read)
	}
	_, err := grant.Write(domain.ScopeNotesAppend)
	wantKind(t, err, domain.Forbidden)

	other := newAccounts(s.store, s.clock, keys) // another instance
	must(other.ByBearer(t.Context(), secret))(t)
	must(0, s.RevokeToken(t.Context(), s.owner, token.Hash))(t)
	_, err = other.ByBearer(t.Context(), secret)
	wantKind(t, err, domain.Unauthenticated)
	wantKind(t, s.RevokeToken(t.Context(), s.owner, token.Hash), domain.NotFound)
}

func TestWhatIsNoTokenAnyMoreIsToldFromNoneAtAllByNothing(t *testing.T) {
	s := newTokenSite(t)
	_, expired := s.token(t, "expired", 1, domain.ScopeAdmin)
	revoked, gone := s.token(t, "revoked", 0, domain.ScopeAdmin)
	must(0, s.RevokeToken(t.Context(), s.owner, revoked.Hash))(t)
	_, unknown := newTokenSite(t).token(t, "elsewhere", 0, domain.ScopeAdmin)
	s.clock.now = s.clock.now.AddDate(0, 0, 1)
	_, want := s.ByBearer(t.Context(), "wrong key")
	wantKind(t, want, domain.Unauthenticated)
	for _, secret := range []string{expired, gone, unknown, unknown[:len(unknown)-1] + "~", "", "octp_"} {
		if _, err := s.ByBearer(t.Context(), secret); err == nil || err.Error() != want.Error() {
			t.Errorf("got %v, want %v", err, want)
		}
	}
	grant := must(s.ByBearer(t.Context(), keys.Key))(t)
	must(grant.Write(domain.ScopeAdmin))(t)
}

func TestATokenIsRevokedByItsUserAlone(t *testing.T) {
	s := newTokenSite(t)
	token, secret := s.token(t, "phone", 0, domain.ScopeFiles)
	stranger := domain.User{ID: domain.NewID(), Name: "Bo", Created: s.clock.now}
	must(0, s.store.Users().Add(t.Context(), stranger))(t)
	wantKind(t, s.RevokeToken(t.Context(), domain.Actor{User: stranger.ID}, token.Hash), domain.NotFound)
	must(s.ByBearer(t.Context(), secret))(t)
	if list := must(s.Tokens(t.Context(), domain.Actor{User: stranger.ID}))(t); len(list) != 0 {
		t.Errorf("a stranger sees %v", list)
	}
}

func TestAChangedPasswordRevokesTheTokens(t *testing.T) {
	s := newTokenSite(t)
	_, secret := s.token(t, "phone", 0, domain.ScopeFiles)
	must(0, s.SetPassword(t.Context(), s.owner, app.NewPassword{Name: "Ada", Password: "correct horse"}, ""))(t)
	_, err := s.ByBearer(t.Context(), secret)
	wantKind(t, err, domain.Unauthenticated)
}

func TestTokensMadeAtOnceAreNoMoreThanThereMayBe(t *testing.T) {
	s := newTokenSite(t)
	for i := range domain.MaxTokens - 2 {
		s.token(t, fmt.Sprint(i), 0, domain.ScopeFiles)
	}
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			draft := domain.TokenDraft{Name: fmt.Sprint("at once ", i), Scopes: domain.AllScopes()}
			_, secret, err := s.MakeToken(t.Context(), s.owner, draft, "")
			if err != nil && (!errors.Is(err, domain.ErrTooManyTokens) || secret != "") {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if list := must(s.Tokens(t.Context(), s.owner))(t); len(list) != domain.MaxTokens {
		t.Errorf("there are %d", len(list))
	}
}

// touchedTokens counts how often the uses of tokens are stored.
type touchedTokens struct {
	domain.AccessTokens
	times *int
}

func (t touchedTokens) Touch(ctx context.Context, used map[domain.TokenHash]time.Time) error {
	*t.times++
	return t.AccessTokens.Touch(ctx, used)
}

type touchedStore struct {
	domain.Store
	times int
}

func (s *touchedStore) AccessTokens() domain.AccessTokens {
	return touchedTokens{s.Store.AccessTokens(), &s.times}
}

func TestNoRequestWritesWhenATokenWasUsed(t *testing.T) {
	s := newTokenSite(t)
	_, secret := s.token(t, "phone", 0, domain.ScopeFiles)
	store := &touchedStore{Store: s.store}
	accounts := newAccounts(store, s.clock, keys)
	made := s.clock.now
	use := func(after time.Duration) {
		t.Helper()
		s.clock.now = made.Add(after)
		must(accounts.ByBearer(t.Context(), secret))(t)
	}
	want := func(used time.Time, times int) {
		t.Helper()
		if got := must(s.Tokens(t.Context(), s.owner))(t)[0].Used; got != used || store.times != times {
			t.Errorf("used at %v, stored %d times; want %v, %d", got, store.times, used, times)
		}
	}
	storeUses := func() {
		t.Helper()
		must(0, accounts.StoreTokenUses(t.Context()))(t)
	}
	use(0)
	use(time.Second)
	want(time.Time{}, 0)
	storeUses()
	want(made.Add(time.Second), 1)
	use(domain.TokenTouch)
	storeUses() // less than a minute after what is stored
	want(made.Add(time.Second), 1)
	use(domain.TokenTouch + time.Second)
	storeUses()
	storeUses()
	want(made.Add(domain.TokenTouch+time.Second), 2)
}
