// The race detector allocates for itself.
//go:build unix && !race

package textdiff_test

import (
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"octavo/domain/textdiff"
)

// A text that is four times as long takes about four times as long to merge, wherever both sides have changed it; where
// each change looked at the whole value or the whole line around it, it would be sixteen times.
func TestMergingTakesTimeInProportionToTheText(t *testing.T) {
	const most, allowance = 9, 60 * time.Millisecond
	for _, unit := range mergeUnits {
		short, long := mergeTime(unit, 48<<10), mergeTime(unit, 192<<10)
		for try := 0; try < 9 && long > most*short+allowance; try++ { // what else runs may have had the caches of one of them
			short, long = mergeTime(unit, 48<<10), mergeTime(unit, 192<<10)
		}
		if long > most*short+allowance {
			t.Errorf("%q: 48 KiB take %v, 192 KiB take %v", unit, short, long)
		}
	}
}

// The collector, which runs while a merge allocates, takes as much of the processor as the merge itself where that
// allocates much: a line of #a took 500 bytes for each byte of it.
func TestMergingAllocatesLittle(t *testing.T) {
	const size, most = 256 << 10, 220
	for _, unit := range mergeUnits {
		base, mine, theirs := sidesOf(unit, size)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		textdiff.Merge(base, mine, theirs)
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / size; got > most {
			t.Errorf("%q: %d bytes are allocated for each byte of the text, of at most %d", unit, got, most)
		}
	}
}

// mergeUnits are what texts are made of that cost much to merge.
var mergeUnits = []string{
	"😀", "㌖", "日", "가", "ก", "a ", "1 ", "e\u0301 ", "a\u200d", "#a ", "[[a]] ", "a@b.de ", "`a` ", "` ", `"`, "a,", "|a", "a\n", "- [ ] a\n",
}

// mergeTime returns the time of the processor that it takes to merge.
func mergeTime(unit string, size int) time.Duration {
	base, mine, theirs := sidesOf(unit, size)
	var before, after syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	textdiff.Merge(base, mine, theirs)
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	return time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
}

// sidesOf returns a text of one unit, and what two sides have made of it, each with a change of its own in every seventh
// of them.
func sidesOf(unit string, size int) (base, mine, theirs string) {
	changed := func(at int, by string) string {
		var b strings.Builder
		for i := range size / len(unit) {
			b.WriteString(unit)
			if i%7 == at {
				b.WriteString(by)
			}
		}
		return b.String()
	}
	return changed(-1, ""), changed(2, "m"), changed(5, "t")
}
