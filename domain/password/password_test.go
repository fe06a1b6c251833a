package password_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"octavo/domain/password"
)

func hash(t *testing.T, text string) password.Hash {
	t.Helper()
	h, err := password.New(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func matches(t *testing.T, h password.Hash, text string) bool {
	t.Helper()
	ok, err := h.Matches(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return ok
}

func TestAHashIsThatOfItsPasswordAlone(t *testing.T) {
	h := hash(t, "correct horse")
	if !strings.HasPrefix(string(h), "$argon2id$v=19$m=19456,t=2,p=1$") || len(h) > 128 {
		t.Errorf("kept as %s", h)
	}
	if !matches(t, h, "correct horse") {
		t.Error("its password is refused")
	}
	for _, other := range []string{"", "correct hors", "correct horse ", "Correct horse"} {
		if matches(t, h, other) {
			t.Errorf("%q is taken", other)
		}
	}
	if hash(t, "correct horse") == h {
		t.Error("two hashes have the same salt")
	}
}

func TestAPasswordIsTheSameHoweverItsLettersAreWritten(t *testing.T) {
	if !matches(t, hash(t, "Schl\u00fcssel"), "Schlu\u0308ssel") {
		t.Error("ü and u with two dots differ")
	}
}

func TestNothingMatchesWhereThereIsNoPassword(t *testing.T) {
	for _, text := range []string{"", "correct horse"} {
		if matches(t, "", text) {
			t.Errorf("%q is taken", text)
		}
	}
}

// Known from https://github.com/P-H-C/phc-winner-argon2, whose reference implementation made it.
func TestAHashMadeWithOtherNumbersIsRead(t *testing.T) {
	const made = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if !matches(t, made, "password") || matches(t, made, "passwore") {
		t.Error("it isn't read as argon2id")
	}
}

func TestWhatIsNoHashIsAFaultAndMatchesNothing(t *testing.T) {
	for _, h := range []password.Hash{
		"correct horse", "$argon2i$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=1,t=0,p=1$c2FsdA$aGFzaA",
		"$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$", "$argon2id$v=19$nonsense$c2FsdHNhbHQ$aGFzaA",
	} {
		if ok, err := h.Matches(t.Context(), "correct horse"); ok || err == nil {
			t.Errorf("%s: %v, %v", h, ok, err)
		}
	}
}

func TestWhoNoLongerWaitsGetsNoHash(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if h, err := password.New(ctx, "correct horse"); h != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("%q, %v", h, err)
	}
}

func TestCommonPasswordsAreKnownInAnyCase(t *testing.T) {
	for _, text := range []string{"password", "PassWord", "12345678", "trustno1"} {
		if !password.Common(text) {
			t.Errorf("%q isn't known", text)
		}
	}
	for _, text := range []string{"", "correct horse battery"} {
		if password.Common(text) {
			t.Errorf("%q is known", text)
		}
	}
}
