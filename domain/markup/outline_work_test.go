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
		short, long := cpuTime(strings.Repeat(unit, maxText/4/len(unit))), cpuTime(strings.Repeat(unit, maxText/len(unit)))
		if long > most*short+allowance {
			t.Errorf("%q: 64 KiB take %v, 256 KiB take %v", unit, short, long)
		}
	}
}

// cpuTime returns the least time that reading content has taken of the processor.
func cpuTime(content string) time.Duration {
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
