package code

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime returns for how long the thread that calls it has had a processor.
func threadTime() time.Duration {
	var t unix.Timespec
	if unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t) != nil {
		return time.Since(started)
	}
	return time.Duration(t.Nano())
}
