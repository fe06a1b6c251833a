//go:build unix

package markup

import (
	"strings"
	"syscall"
	"testing"
	"time"
)

// A text that is four times as long takes about four times as long to read; where each mark looked at the whole rest of
// the text it would be sixteen times.
func TestReadingATextTakesTimeInProportionToIt(t *testing.T) {
	const most, allowance = 9, 60 * time.Millisecond
	for _, unit := range outlineTangles {
		short, long := cpuTime(unit, maxText/4), cpuTime(unit, maxText)
		for try := 0; try < 9 && long > most*short+allowance; try++ { // what else runs may have had the caches of one of them
			short, long = cpuTime(unit, maxText/4), cpuTime(unit, maxText)
		}
		if long > most*short+allowance {
			t.Errorf("%q: 64 KiB take %v, 256 KiB take %v", unit, short, long)
		}
	}
}

// cpuTime returns the least time that reading a text of one unit has taken of the processor.
func cpuTime(unit string, size int) time.Duration {
	content := strings.Repeat(unit, size/len(unit))
	least := time.Hour
	for range 2 {
		var before, after syscall.Rusage
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
		NewReading(content, TitleLine{})
		_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
		least = min(least, time.Duration(after.Utime.Nano()+after.Stime.Nano()-before.Utime.Nano()-before.Stime.Nano()))
	}
	return least
}
