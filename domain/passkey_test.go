package domain_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

func TestAPasskeyHasANameAndAKeyThatCanBeKept(t *testing.T) {
	good := domain.Credential{ID: []byte("id"), Key: []byte("key"), Count: 3}
	p, err := domain.NewPasskey(domain.OwnerID, " My\nphone ", good, now)
	if err != nil || p.Name != "My phone" || p.ID != domain.HashCredential(good.ID) || !p.Used.IsZero() || !p.Created.Equal(now) {
		t.Errorf("%+v, %v", p, err)
	}
	for _, name := range []string{"", " \n", strings.Repeat("x", domain.MaxPasskeyName+1)} {
		if _, err := domain.NewPasskey(domain.OwnerID, name, good, now); !errors.Is(err, domain.Invalid) {
			t.Errorf("%.20q: %v", name, err)
		}
		if err := p.Rename(name); !errors.Is(err, domain.Invalid) || p.Name != "My phone" {
			t.Errorf("renamed to %.20q: %v", name, err)
		}
	}
	for _, bad := range []domain.Credential{{Key: good.Key}, {ID: good.ID}, {ID: bytes.Repeat(good.ID, 512), Key: good.Key}, {ID: good.ID, Key: make([]byte, 2049)}} {
		if _, err := domain.NewPasskey(domain.OwnerID, "x", bad, now); !errors.Is(err, domain.ErrPasskeyRefused) {
			t.Errorf("%d and %d bytes: %v", len(bad.ID), len(bad.Key), err)
		}
	}
	if err := errors.Join(domain.CheckNewPasskey(make([]domain.Passkey, domain.MaxPasskeys-1))); err != nil {
		t.Error(err)
	}
	if err := domain.CheckNewPasskey(make([]domain.Passkey, domain.MaxPasskeys)); !errors.Is(err, domain.Conflict) {
		t.Error(err)
	}
}

func TestASignatureThatIsCountedTwiceIsOfACopy(t *testing.T) {
	for _, c := range []struct {
		before, now uint32
		want        error
	}{
		{0, 0, nil}, // nobody counts
		{0, 1, nil},
		{7, 8, nil},
		{7, 1 << 31, nil},
		{7, 7, domain.ErrPasskeyCloned},
		{7, 6, domain.ErrPasskeyCloned},
		{7, 0, domain.ErrPasskeyCloned},
	} {
		p := domain.Passkey{Credential: domain.Credential{Count: c.before}}
		after, err := p.Signed(domain.Signature{Count: c.now, BackedUp: true}, now)
		if !errors.Is(err, c.want) || c.want == nil && (after.Credential.Count != c.now || !after.Credential.BackedUp || !after.Used.Equal(now)) {
			t.Errorf("%d after %d: %+v, %v", c.now, c.before, after, err)
		}
	}
}

func TestTheLastWayInStays(t *testing.T) {
	with, without := domain.User{Password: "$argon2id$..."}, domain.User{}
	for _, c := range []struct {
		user domain.User
		had  int
		kind error
	}{{with, 1, nil}, {with, 2, nil}, {without, 2, nil}, {without, 1, domain.Conflict}} {
		if err := c.user.MayRemove(c.had); !errors.Is(err, c.kind) {
			t.Errorf("%+v with %d: %v", c.user, c.had, err)
		}
	}
}

func TestAChallengeIsGoodForItsPurposeForFiveMinutes(t *testing.T) {
	secret := []byte("secret")
	session := domain.HashToken("session")
	challenge := domain.NewChallenge(secret, domain.ToConfirm(session), now)
	check := func(later time.Duration, of domain.Purpose, want error) {
		t.Helper()
		if err := domain.CheckChallenge(secret, challenge, of, now.Add(later)); !errors.Is(err, want) {
			t.Errorf("for %q, %v later: %v, want %v", of, later, err, want)
		}
	}
	check(0, domain.ToConfirm(session), nil)
	check(domain.ChallengeLife-1, domain.ToConfirm(session), nil)
	check(-30*time.Second, domain.ToConfirm(session), nil) // the clocks of two machines differ
	check(domain.ChallengeLife, domain.ToConfirm(session), domain.ErrPasskeyTooLate)
	check(-2*time.Minute, domain.ToConfirm(session), domain.ErrPasskeyTooLate)
	for _, other := range []domain.Purpose{domain.ToConfirm("another"), domain.ToAddPasskey(session), domain.ToSignIn, domain.ToGoOn(string(session)), ""} {
		check(0, other, domain.ErrPasskeyRefused)
	}
	if err := domain.CheckChallenge([]byte("another"), challenge, domain.ToConfirm(session), now); !errors.Is(err, domain.ErrPasskeyRefused) {
		t.Errorf("of another secret: %v", err)
	}
	for i := range challenge {
		challenge[i] ^= 1
		check(0, domain.ToConfirm(session), domain.ErrPasskeyRefused)
		challenge[i] ^= 1
	}
	for _, none := range [][]byte{nil, challenge[1:], append(bytes.Clone(challenge), 0)} {
		if err := domain.CheckChallenge(secret, none, domain.ToConfirm(session), now); !errors.Is(err, domain.ErrPasskeyRefused) {
			t.Errorf("%x: %v", none, err)
		}
	}
	if bytes.Equal(domain.NewChallenge(secret, domain.ToConfirm(session), now), challenge) {
		t.Error("two challenges are the same")
	}
}
