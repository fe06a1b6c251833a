package domain

import "time"

// Thin returns those of a note's revisions that are too many at now: all are kept for KeepAll, then the last of each
// day (UTC) up to KeepDaily, then the last of each month. saved are the times at which they were saved, oldest first; the
// returned indexes ascend. The newest is always kept.
//
// The last of a month is the last of its day, too, and no revision that follows another is dropped before it. So it
// makes no difference how often old revisions are thinned: in the end the same ones stay.
//
// A revision is no older than one before it, whatever the clock said: it may have been set to 1970 for an hour.
func Thin(saved []time.Time, now time.Time) (drop []int) {
	var latest time.Time
	for i := range len(saved) - 1 {
		latest = later(latest, saved[i])
		age := now.Sub(latest)
		if age <= KeepAll {
			continue
		}
		year, month, day := saved[i].UTC().Date()
		nextYear, nextMonth, nextDay := saved[i+1].UTC().Date()
		if year == nextYear && month == nextMonth && (day == nextDay || age > KeepDaily) {
			drop = append(drop, i)
		}
	}
	return drop
}
