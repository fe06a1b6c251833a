package domaintest

import (
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

func identityLifecycle(t *testing.T, f *fixture) {
	list := func(user domain.ID, want ...domain.Identity) {
		t.Helper()
		got, err := f.Identities().List(f.ctx, user)
		must(t, err)
		if len(got) != len(want) {
			t.Fatalf("there are %d, want %d", len(got), len(want))
		}
		for i := range want {
			wantEqual(t, got[i], want[i])
		}
	}
	alice, bob := f.alice.User(), f.bob.User()
	second := domain.Vouched{Subject: "2", Name: strings.Repeat("Ä", 300)}.Identity(alice, f.now.Add(time.Second))
	first, bobs := domain.Vouched{Subject: "1"}.Identity(alice, f.now), domain.Vouched{Subject: "3"}.Identity(bob, f.now)
	for _, i := range []domain.Identity{second, first, bobs} {
		must(t, f.Identities().Add(f.ctx, i))
		got, err := f.Identities().Get(f.ctx, i.ID)
		must(t, err)
		wantEqual(t, got, i)
	}
	list(alice, first, second)
	again := bobs
	again.User = alice
	wantKind(t, f.Identities().Add(f.ctx, again), domain.Conflict)
	wantKind(t, f.Identities().Add(f.ctx, domain.Vouched{Subject: "4"}.Identity(domain.NewID(), f.now)), domain.NotFound)
	first.Used = f.now.Add(time.Hour)
	must(t, f.Identities().Touch(f.ctx, first.ID, first.Used))
	must(t, f.Identities().Touch(f.ctx, domain.HashToken("none"), first.Used))
	list(alice, first, second)

	wantEqual(t, f.Identities().Remove(f.ctx, bob, first.ID), domain.ErrIdentityNotFound)
	must(t, f.Identities().Remove(f.ctx, alice, first.ID))
	wantEqual(t, f.Identities().Remove(f.ctx, alice, first.ID), domain.ErrIdentityNotFound)
	_, err := f.Identities().Get(f.ctx, first.ID)
	wantEqual(t, err, domain.ErrIdentityNotFound)
	list(alice, second)
	list(bob, bobs)

	newcomer := domain.User{ID: domain.NewID(), Name: "Zoe", Created: f.now}
	must(t, f.Users().Add(f.ctx, newcomer))
	must(t, f.Identities().Add(f.ctx, domain.Vouched{Subject: "5"}.Identity(newcomer.ID, f.now)))
	must(t, f.Users().SetPassword(f.ctx, newcomer))
	got, err := f.Users().ByLogin(f.ctx, "zoe")
	must(t, err)
	wantEqual(t, got, newcomer)
}
