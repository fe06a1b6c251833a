package domain

import "time"

// Clock tells the time. Times are UTC and in whole microseconds, the precision that every database keeps.
type Clock interface {
	Now() time.Time
}

// SystemClock is the Clock of the machine.
type SystemClock struct{}

// Now returns the current time, in UTC and whole microseconds.
func (SystemClock) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
