//go:build !linux

package code

import "time"

// threadTime returns the time by the clock, where there is no telling how much of it a thread has had.
func threadTime() time.Duration { return time.Since(started) }
