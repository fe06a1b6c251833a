package domain_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/onetime"
	"octavo/domain/password"
)

func newSecondStep(t *testing.T, now time.Time) (domain.SecondStep, []string) {
	t.Helper()
	secret := onetime.NewSecret()
	s, codes, err := domain.NewSecondStep(domain.OwnerID, string(secret), codeOf(t, secret, now), now)
	if err != nil || !s.On() {
		t.Fatalf("%+v, %v", s, err)
	}
	return s, codes
}

func codeOf(t *testing.T, s onetime.Secret, now time.Time) string {
	t.Helper()
	code, err := s.Code(now)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestASecondStepBeginsWithACodeOfItsApp(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	secret := onetime.NewSecret()
	code := codeOf(t, secret, now)
	for _, c := range [][2]string{{string(secret), ""}, {string(secret), "000"}, {string(onetime.NewSecret()), code}, {"", code}, {"x", code}} {
		if _, _, err := domain.NewSecondStep(domain.OwnerID, c[0], c[1], now); !errors.Is(err, domain.Invalid) {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, _, err := domain.NewSecondStep(domain.OwnerID, string(secret), " "+code[:3]+" "+code[3:], now); err != nil {
		t.Errorf("with a space, as apps show it: %v", err)
	}
	if (domain.SecondStep{}).On() {
		t.Error("there is one that nobody has made")
	}
}

func TestACodeOfTheAppIsTakenOnce(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	s, _ := newSecondStep(t, now)
	if _, err := s.Take(codeOf(t, s.Secret, now), now); !errors.Is(err, domain.ErrWrongCode) {
		t.Errorf("the one that it began with: %v", err)
	}
	later := now.Add(time.Minute)
	after, err := s.Take(codeOf(t, s.Secret, later), later)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{later, later.Add(-30 * time.Second)} { // and none from before it
		if _, err := after.Take(codeOf(t, s.Secret, at), later); !errors.Is(err, domain.ErrWrongCode) {
			t.Errorf("that of %v: %v", at, err)
		}
	}
}

func TestEachRecoveryCodeIsTakenOnceHoweverItIsTyped(t *testing.T) {
	now := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	s, codes := newSecondStep(t, now)
	if len(codes) != domain.RecoveryCodes || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != len(codes) {
		t.Errorf("the codes are %v", codes)
	}
	typed := " " + strings.ToLower(strings.ReplaceAll(codes[3], "-", " "))
	after, err := s.Take(typed, now)
	if err != nil || len(after.Recovery) != domain.RecoveryCodes-1 || len(s.Recovery) != domain.RecoveryCodes {
		t.Fatalf("%d of %d are left, %v", len(after.Recovery), len(s.Recovery), err)
	}
	if _, err := after.Take(codes[3], now); !errors.Is(err, domain.ErrWrongCode) {
		t.Errorf("again: %v", err)
	}
	if _, err := after.Take(codes[4], now); err != nil {
		t.Errorf("another: %v", err)
	}
	after.Renew()
	if _, err := after.Take(codes[4], now); !errors.Is(err, domain.ErrWrongCode) {
		t.Errorf("after others have been made: %v", err)
	}
}

func TestWhoIsHalfwayInIsToldByTheServersSecretThePasswordAndTheTime(t *testing.T) {
	secret, now := []byte("secret"), time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	u := domain.User{ID: domain.NewID(), Password: password.Hash("hash")}
	halfway := domain.NewHalfway(secret, u, now)
	if id, ok := domain.UserOfHalfway(halfway); !ok || id != u.ID {
		t.Errorf("it is of %v, %t", id, ok)
	}
	other, changed := u, u
	other.ID, changed.Password = domain.NewID(), "another"
	for name, c := range map[string]struct {
		secret  string
		halfway string
		user    domain.User
		later   time.Duration
		want    bool
	}{
		"at once":                {"secret", halfway, u, 0, true},
		"in time":                {"secret", halfway, u, domain.HalfwayLife - time.Second, true},
		"too late":               {"secret", halfway, u, domain.HalfwayLife, false},
		"from the future":        {"secret", halfway, u, -time.Hour, false},
		"by another secret":      {"another", halfway, u, 0, false},
		"of another user":        {"secret", halfway, other, 0, false},
		"with another password":  {"secret", halfway, changed, 0, false},
		"cut":                    {"secret", halfway[1:], u, 0, false},
		"a ticket":               {"secret", domain.NewTicket(secret, u.ID, now), u, 0, false},
		"a device that it knows": {"secret", domain.NewDevice(secret, u), u, 0, false},
		"nothing":                {"secret", "", u, 0, false},
	} {
		if got := domain.IsHalfway([]byte(c.secret), c.halfway, c.user, now.Add(c.later)); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
