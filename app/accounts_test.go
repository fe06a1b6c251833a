package app_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

func newAccounts(store domain.Store, clock domain.Clock, keys domain.Keys) *app.Accounts {
	return app.NewAccounts(store, clock, keys)
}

func TestASessionIsSeenWithItsAddressAndStoredLaterForAllRequestsTogether(t *testing.T) {
	store, c := memory.New(), &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(store, c, keys)
	token := c.open(t, accounts)
	come := func(from string) {
		t.Helper()
		address, _ := netip.ParseAddr(from)
		must(accounts.BySessionIn(t.Context(), "", token, address))(t)
	}
	want := func(seen time.Time, from string) {
		t.Helper()
		stored := must(store.Sessions().Get(t.Context(), domain.HashToken(token)))(t)
		if !stored.Seen.Equal(seen) || stored.Address.IsValid() != (from != "") || from != "" && stored.Address.String() != from {
			t.Errorf("seen at %v from %v, want %v and %s", stored.Seen, stored.Address, seen, from)
		}
	}
	opened := c.now
	for i, from := range []string{"", "192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1%eth0", "2001:db8::1"} {
		c.now = opened.Add(time.Duration(i) * time.Second)
		come(from)
	}
	want(opened, "") // as no request writes
	if listed := must(accounts.Sessions(t.Context(), actor))(t); !listed[0].Seen.Equal(c.now) || listed[0].Address.String() != "2001:db8::1" {
		t.Errorf("listed as %+v", listed[0])
	}
	must(0, accounts.StoreSessionUses(t.Context()))(t)
	want(opened.Add(4*time.Second), "2001:db8::1")

	c.now = opened.Add(domain.SessionTouch)
	come("2001:db8::1") // within a minute, and from there
	must(0, accounts.StoreSessionUses(t.Context()))(t)
	want(opened.Add(4*time.Second), "2001:db8::1")
	c.now = opened.Add(domain.SessionTouch + 4*time.Second)
	come("")
	must(0, accounts.StoreSessionUses(t.Context()))(t)
	want(c.now, "2001:db8::1")
	must(0, accounts.SignOut(t.Context(), token))(t)
	must(0, accounts.StoreSessionUses(t.Context()))(t)
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
	must(0, accounts.EnsureOwner(t.Context()))(t)
	ticket := domain.NewTicket([]byte(keys.Secret), domain.OwnerID, c.now)
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
	ticket := domain.NewTicket([]byte(keys.Secret), domain.OwnerID, c.now)
	now := must(accounts.Open(t.Context(), ticket, "Firefox", before))(t).Token
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
	_, err = accounts.ByKey(t.Context(), "")
	wantKind(t, err, domain.Unauthenticated)
	_, err = accounts.ByKey(t.Context(), domain.NewTicket([]byte(keys.Secret), domain.OwnerID, time.Now()))
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
	if err := accounts.EnsureOwner(t.Context()); err != nil {
		t.Fatal(err)
	}
	secret := must(keys.SignIn())(t)
	ticket := domain.NewTicket(secret, domain.OwnerID, c.now)
	token := must(accounts.Open(t.Context(), ticket, "", ""))(t).Token
	if m := must(accounts.BySession(t.Context(), token))(t); m.Read() != owner.Read() {
		t.Errorf("they are %v", m)
	}
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
	_, err = accounts.Open(t.Context(), domain.NewTicket(secret, domain.OwnerID, c.now), "", "")
	wantKind(t, err, domain.StorageFull)
}

func TestAFullDiskDoesNotEndSessions(t *testing.T) {
	store, c := memory.New(), &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	token := c.open(t, newAccounts(store, c, keys))
	accounts := newAccounts(fullStore{store}, c, keys)
	c.now = c.now.Add(domain.SessionTouch)
	must(accounts.BySession(t.Context(), token))(t)
	wantKind(t, accounts.StoreSessionUses(t.Context()), domain.StorageFull)
	must(accounts.BySession(t.Context(), token))(t)
}

func TestALinkSignsInWhomItIsForUnlessTheyAreKeptOut(t *testing.T) {
	store, c := memory.New(), &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	accounts := newAccounts(store, c, keys)
	bo := domain.NewUser(false, c.now)
	must(0, store.Users().Add(t.Context(), bo))(t)
	open := func(user domain.ID) (app.SignedIn, error) {
		return accounts.Open(t.Context(), domain.NewTicket([]byte(keys.Secret), user, c.now), "Firefox", "")
	}
	in := must(open(bo.ID))(t)
	member := must(accounts.BySession(t.Context(), in.Token))(t)
	if in.User != bo.ID || member.Read().User() != bo.ID {
		t.Errorf("%v is let in as %v", in.User, member.Read().User())
	}
	_, err := open(domain.NewID())
	wantKind(t, err, domain.Unauthenticated)
	bo.Disabled = true
	must(0, store.Users().SetRights(t.Context(), bo))(t)
	for _, of := range []domain.Store{store, fullStore{store}} {
		accounts = newAccounts(of, c, keys)
		_, err = open(bo.ID)
		wantKind(t, err, domain.Unauthenticated)
	}
}

func TestALinkEndsWithThePasswordAndWithTheAccount(t *testing.T) {
	for name, end := range map[string]func(*signIns, domain.ID){
		"another password": func(s *signIns, bo domain.ID) {
			must(s.accounts.ResetPassword(t.Context(), domain.Actor{User: bo}, "Bo", "another horse"))(t)
		},
		"kept out and let in again": func(s *signIns, bo domain.ID) {
			people := app.New(s.store, nil, s.clock).People(s.accounts)
			admin := must(people.Access(t.Context(), actor, ""))(t)
			must(people.SetDisabled(t.Context(), admin, bo, true))(t)
			must(people.SetDisabled(t.Context(), admin, bo, false))(t)
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSignIns(t)
			bo := domain.NewUser(false, s.clock.now)
			must(0, s.store.Users().Add(t.Context(), bo))(t)
			ticket, owners := domain.NewTicket([]byte(keys.Secret), bo.ID, s.clock.now), domain.NewTicket([]byte(keys.Secret), domain.OwnerID, s.clock.now)
			full := newAccounts(&fillingStore{s.store, true}, s.clock, keys)
			spare := must(full.Open(t.Context(), domain.NewTicket([]byte(keys.Secret), bo.ID, s.clock.now), "", ""))(t)
			must(full.BySession(t.Context(), spare.Token))(t)
			s.clock.now = s.clock.now.Add(time.Second)
			end(s, bo.ID)
			if _, err := s.accounts.Open(t.Context(), ticket, "", ""); !errors.Is(err, domain.ErrTicketEnded) {
				t.Errorf("a link from before: %v", err)
			}
			if _, err := full.BySession(t.Context(), spare.Token); !errors.Is(err, domain.ErrSignedOut) {
				t.Errorf("a session that another instance has kept: %v", err)
			}
			must(s.accounts.Open(t.Context(), domain.NewTicket([]byte(keys.Secret), bo.ID, s.clock.now), "", ""))(t)
			must(s.accounts.Open(t.Context(), owners, "", ""))(t)
		})
	}
}
