package domain

import "time"

// How long revisions are kept, by age: all of them, then the last of each day, then the last of each month.
const (
	KeepAll   = 30 * 24 * time.Hour
	KeepDaily = 365 * 24 * time.Hour
)

// Thin returns those of a note's revisions that are too many at now: all are kept for 30 days, then the last of each
// day (UTC) for a year, then the last of each month. saved are the times at which they were saved, oldest first; the
// returned indexes ascend. The newest is always kept.
//
// The last of a month is the last of its day, too, and no revision that follows another is dropped before it. So it
// makes no difference how often old revisions are thinned: in the end the same ones stay.
func Thin(saved []time.Time, now time.Time) (drop []int) {
	for i := range len(saved) - 1 {
		age := now.Sub(saved[i])
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
