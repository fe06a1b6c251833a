package domain_test

import (
	"testing"
	"time"

	"octavo/domain"
)

const (
	aDay  = 24 * time.Hour
	aYear = 365 * aDay
)

// running looks at a clock every ten minutes for a while and returns what is believed then, and what the clock says.
func running(trust domain.Trust, now time.Time, d time.Duration) (domain.Trust, time.Time) {
	for end := now.Add(d); now.Before(end); {
		now = now.Add(10 * time.Minute)
		trust = trust.Looked(now)
	}
	return trust, now
}

// settled returns what is believed of a clock that has always run, and what it says.
func settled(t *testing.T) (domain.Trust, time.Time) {
	t.Helper()
	trust, now := running(domain.Trust{}.Looked(now), now, 30*aDay)
	wantEqual(t, trust.Time, now)
	return trust, now
}

func TestAClockThatNobodyHasWatchedIsBelievedADayLater(t *testing.T) {
	trust, at := running(domain.Trust{}.Looked(now), now, aDay-10*time.Minute)
	if trust.Time.Year() > 1 {
		t.Errorf("%v is believed at once", trust.Time)
	}
	trust, at = running(trust, at, 10*time.Minute)
	wantEqual(t, trust.Time, at)
}

func TestAClockThatRunsIsBelievedAtOnce(t *testing.T) {
	trust, at := settled(t)
	for _, step := range []time.Duration{0, time.Microsecond, time.Hour, domain.TrustGap} {
		at = at.Add(step)
		trust = trust.Looked(at)
		wantEqual(t, trust.Time, at)
	}
}

func TestWhatAClockSkipsIsNotBelievedForADay(t *testing.T) {
	for name, jump := range map[string]time.Duration{
		"a little more than two looks are apart": domain.TrustGap + time.Second,
		"a night":                                8 * time.Hour,
		"a month in which the program was off":   30 * aDay,
		"a year":                                 aYear,
		"until 2106":                             80 * aYear,
	} {
		t.Run(name, func(t *testing.T) {
			trust, before := settled(t)
			at := before.Add(jump)
			trust = trust.Looked(at)
			wantEqual(t, trust.Time, before)
			trust, at = running(trust, at, aDay-10*time.Minute)
			wantEqual(t, trust.Time, before.Add(aDay-10*time.Minute))
			trust, at = running(trust, at, 10*time.Minute)
			wantEqual(t, trust.Time, at)
		})
	}
}

func TestAJumpThatIsTakenBackLeavesNothingBehind(t *testing.T) {
	for name, jump := range map[string]time.Duration{
		"two hours ahead": 2 * time.Hour, "a year ahead": aYear, "until 2106": 80 * aYear,
		"a day back": -aDay, "a year back": -aYear, "to 1970": -56 * aYear,
	} {
		t.Run(name, func(t *testing.T) {
			trust, at := settled(t)
			for range 100 { // again and again
				trust = trust.Looked(at.Add(jump))
				if trust.Time.After(at.Add(domain.TrustGap)) {
					t.Fatalf("%v is believed, %v is the time", trust.Time, at)
				}
				at = at.Add(6 * time.Second)
				trust = trust.Looked(at)
				if trust.Time.After(at) {
					t.Fatalf("%v is believed, %v is the time", trust.Time, at)
				}
			}
			trust, at = running(trust, at, 2*aDay)
			wantEqual(t, trust.Time, at)
		})
	}
}

func TestAClockThatJumpsFurtherEachTimeIsNotBelieved(t *testing.T) {
	trust, at := settled(t)
	before := at
	for range 1000 {
		at = at.Add(aDay)
		trust = trust.Looked(at)
	}
	wantEqual(t, trust.Time, before)
}

func TestAProgramThatRunsSomeHoursADayForgetsAFewDaysLater(t *testing.T) {
	trust, at := settled(t)
	for range 60 {
		trust = trust.Looked(at.Add(16 * time.Hour))
		trust, at = running(trust, at.Add(16*time.Hour), 8*time.Hour)
		if late := at.Sub(trust.Time); late > 7*aDay {
			t.Fatalf("what is believed is %v behind", late)
		}
	}
}

func TestALeaseIsBelievedForTwiceAsLongAsItsJobMayTake(t *testing.T) {
	wantEqual(t, domain.LeaseBound(now, now.Add(time.Hour)), now.Add(2*time.Hour))
}
