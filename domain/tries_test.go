package domain_test

import (
	"testing"
	"time"

	"octavo/domain"
)

func TestAfterTheLastTryOfAWindowOneWaitsForItsEnd(t *testing.T) {
	began := time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)
	var tries domain.Tries
	for i := range 3 {
		var wait time.Duration
		if tries, wait = tries.Again(3, began.Add(time.Duration(i)*time.Minute)); wait != 0 {
			t.Fatalf("try %d waits %v", i+1, wait)
		}
	}
	for _, c := range []struct {
		after, want time.Duration
	}{
		{3 * time.Minute, 12 * time.Minute},
		{domain.TriesWindow - time.Second, time.Second},
		{-time.Minute, domain.TriesWindow}, // on an instance whose clock is behind
		{domain.TriesWindow, 0},
		{-domain.SessionAhead - time.Second, 0}, // the clock was ahead when the window began
	} {
		after, wait := tries.Again(3, began.Add(c.after))
		if wait != c.want {
			t.Errorf("after %v: waits %v", c.after, wait)
		}
		if wait == 0 && after != (domain.Tries{Began: began.Add(c.after), Count: 1}) || wait > 0 && after != tries {
			t.Errorf("after %v: %+v", c.after, after)
		}
	}
}
