package domain

import "time"

// Trust is how far housekeeping believes the clock. A clock may jump, for a moment or for good, and the one look that
// falls into a jump of a year would make everything old. So what removes for good goes by Time, which follows the clock
// only as far as the program has been seen running. What the clock has skipped, be it a jump or a month in which the
// program didn't run, counts once TrustAfter has passed without it being taken back.
//
// The zero Trust believes nothing yet.
type Trust struct {
	Seen time.Time     // what the clock said when it was last looked at
	Time time.Time     // what is believed; never after Seen
	Next time.Time     // what is going to be believed: all that had been skipped when Ran began
	Ran  time.Duration // how long the clock has been seen running since then
}

const (
	// TrustAfter is how long the program runs until it believes what the clock has skipped.
	TrustAfter = 24 * time.Hour
	// TrustGap is how far apart two looks may be for the time between them to count as one that was seen running.
	TrustGap = 2 * time.Hour
)

// Looked returns the trust after another look at the clock, which says now.
func (t Trust) Looked(now time.Time) Trust {
	settled := t.Time.Equal(t.Seen) // nothing is waiting to be believed
	if passed := now.Sub(t.Seen); passed >= 0 && passed <= TrustGap {
		t.Time, t.Next, t.Ran = t.Time.Add(passed), t.Next.Add(passed), t.Ran+passed
	} else if settled {
		t.Next, t.Ran = now, 0
	}
	if t.Ran >= TrustAfter {
		t.Time, t.Next, t.Ran = t.Next, now, 0
	}
	t.Seen, t.Time, t.Next = now, earlier(t.Time, now), earlier(t.Next, now)
	return t
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// LeaseBound returns the time up to which the lease of a job is believed, for somebody who asks at now for one until a
// given time: one that ends later was taken by a clock that was ahead, and counts as free. Clocks of several instances
// may differ by as much as the job may take.
func LeaseBound(now, until time.Time) time.Time { return until.Add(until.Sub(now)) }
