package domaintest

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"octavo/domain"
)

func passkeyLifecycle(t *testing.T, f *fixture) {
	list := func(user domain.ID, want ...domain.Passkey) {
		t.Helper()
		got, err := f.Passkeys().List(f.ctx, user)
		must(t, err)
		if len(got) != len(want) {
			t.Fatalf("there are %d, want %d", len(got), len(want))
		}
		for i := range want {
			wantEqual(t, got[i], want[i])
		}
	}
	passkey := func(user domain.ID, credential []byte, after time.Duration) domain.Passkey {
		t.Helper()
		p, err := domain.NewPasskey(user, "Ä key", domain.Credential{
			ID: credential, Key: bytes.Repeat([]byte{0, 0xff}, 1024), Count: 1<<32 - 2, BackupEligible: true,
		}, f.now.Add(after))
		must(t, err)
		return p
	}
	alice, bob := f.alice.User(), f.bob.User()
	list(alice)
	longest := passkey(alice, bytes.Repeat([]byte{0xfe}, domain.MaxCredentialID), time.Second)
	first, bobs := passkey(alice, []byte{0}, 0), passkey(bob, []byte("bob"), 0)
	for _, p := range []domain.Passkey{longest, first, bobs} {
		must(t, f.Passkeys().Add(f.ctx, p))
		got, err := f.Passkeys().Get(f.ctx, p.ID)
		must(t, err)
		wantEqual(t, got, p)
	}
	list(alice, first, longest)
	again := bobs
	again.User = alice
	wantKind(t, f.Passkeys().Add(f.ctx, again), domain.Conflict)
	wantKind(t, f.Passkeys().Add(f.ctx, passkey(domain.NewID(), []byte("nobody's"), 0)), domain.NotFound)

	stored := first
	stored.Credential.ID, stored.Credential.Key = slices.Clone(first.Credential.ID), slices.Clone(first.Credential.Key)
	first.Credential.Key[0] = 7 // by whoever has stored it
	list(alice, stored, longest)
	stored.Name, stored.Used = "Another", f.now.Add(time.Hour)
	stored.Credential.Count, stored.Credential.BackedUp = 1<<32-1, true
	must(t, f.Passkeys().Put(f.ctx, stored))
	list(alice, stored, longest)
	gone := passkey(alice, []byte("gone"), 0)
	wantEqual(t, f.Passkeys().Put(f.ctx, gone), domain.ErrPasskeyNotFound)
	_, err := f.Passkeys().Get(f.ctx, gone.ID)
	wantEqual(t, err, domain.ErrPasskeyNotFound)

	wantEqual(t, f.Passkeys().Remove(f.ctx, bob, stored.ID), domain.ErrPasskeyNotFound)
	must(t, f.Passkeys().Remove(f.ctx, alice, stored.ID))
	wantEqual(t, f.Passkeys().Remove(f.ctx, alice, stored.ID), domain.ErrPasskeyNotFound)
	list(alice, longest)
	list(bob, bobs)
}

func usersWithPasskeysHaveNames(t *testing.T, f *fixture) {
	owner, other := domain.NewOwner(f.now), domain.User{ID: domain.NewID(), Created: f.now}
	for _, u := range []domain.User{owner, other} {
		must(t, f.Users().Add(f.ctx, u))
	}
	owner.Name = "Ada"
	p, err := domain.NewPasskey(owner.ID, "Phone", domain.Credential{ID: []byte("credential"), Key: []byte("key")}, f.now)
	must(t, err)
	must(t, f.Passkeys().Add(f.ctx, p))
	must(t, f.Users().SetPassword(f.ctx, owner))
	got, err := f.Users().ByLogin(f.ctx, "ada")
	must(t, err)
	wantEqual(t, got, owner)
	any, err := f.Users().AnyPassword(f.ctx)
	must(t, err)
	wantEqual(t, any, true)
	other.Name, other.Password = "ADA", "$argon2id$..."
	wantEqual(t, f.Users().SetPassword(f.ctx, other), domain.ErrNameTaken)
}
