package onetime_test

import (
	"strings"
	"testing"
	"time"

	"octavo/domain/onetime"
)

// The values of RFC 6238, appendix B, of which apps show the last six digits.
func TestCodesAreThoseOfRFC6238(t *testing.T) {
	s, ok := onetime.ParseSecret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ") // 12345678901234567890
	if !ok {
		t.Fatal("the secret can't be read")
	}
	for seconds, want := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		now := time.Unix(seconds, 0)
		if got, err := s.Code(now); got != want || err != nil {
			t.Errorf("at %d: %s (%v), want %s", seconds, got, err, want)
		}
		if step, ok := s.Step(want, now); !ok || step != seconds/30 {
			t.Errorf("at %d it is of step %d, %t", seconds, step, ok)
		}
	}
}

func TestACodeIsTakenAPeriodBeforeAndAfter(t *testing.T) {
	s, made := onetime.NewSecret(), time.Unix(1_800_000_000, 0)
	code, err := s.Code(made)
	if err != nil {
		t.Fatal(err)
	}
	for later, want := range map[time.Duration]bool{
		-31 * time.Second: false, -30 * time.Second: true, 0: true, 59 * time.Second: true, 60 * time.Second: false,
	} {
		if _, ok := s.Step(code, made.Add(later)); ok != want {
			t.Errorf("%v later: %t", later, ok)
		}
	}
	for _, wrong := range []string{"", "12345", "1234567", "abcdef", "１２３４５６"} {
		if _, ok := s.Step(wrong, made); ok {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestASecretIsOfItsLengthAlone(t *testing.T) {
	for _, text := range []string{"", "GEZDGNBVGY3TQOJQ", strings.Repeat("A", 33), "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", strings.Repeat("1", 32)} {
		if _, ok := onetime.ParseSecret(text); ok {
			t.Errorf("%q is read", text)
		}
	}
	if s, ok := onetime.ParseSecret(string(onetime.NewSecret())); !ok || s == onetime.NewSecret() {
		t.Errorf("%q isn't a new one", s)
	}
}

func TestTheURLTellsAppsWhoseAccountItIs(t *testing.T) {
	got := onetime.Secret("ABC").URL("Octavo: home", "Ada+Bo & Cy?")
	if want := "otpauth://totp/Octavo%20%20home:Ada+Bo%20&%20Cy%3F?issuer=Octavo%20%20home&secret=ABC"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
