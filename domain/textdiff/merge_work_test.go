//go:build unix

package textdiff_test

import (
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
	for _, unit := range []string{"😀", "㌖", "日", "가", "ก", "a ", "#a ", "[[a]] ", "a@b.de ", "`a` ", "` ", "a,", "|a", "a\n", "- [ ] a\n"} {
		short, long := mergeTime(unit, 48<<10), mergeTime(unit, 192<<10)
		if long > most*short+allowance {
			t.Errorf("%q: 48 KiB take %v, 192 KiB take %v", unit, short, long)
		}
	}
}

// mergeTime returns the time of the processor that it takes to merge what two sides have made of a text of one unit, each
// with a change of its own in every seventh of them.
func mergeTime(unit string, size int) time.Duration {
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
	base, mine, theirs := changed(-1, ""), changed(2, "m"), changed(5, "t")
	var before, after syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	textdiff.Merge(base, mine, theirs)
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	return time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano())
}
