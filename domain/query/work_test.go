// The race detector allocates for itself.
//go:build !race

package query_test

import (
	"runtime"
	"strings"
	"testing"

	"octavo/domain/query"
)

// A text may have more words than half its bytes: the list of them is to be made without being copied over and over.
func TestAnEntryAllocatesLittle(t *testing.T) {
	const size, most = 256 << 10, 100
	for _, unit := range []string{"㌖ ", "日", "가", "か", "a ", "ﷺ ", "½"} {
		text := strings.Repeat(unit, size/len(unit))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		query.NewEntry("title", text, nil, nil, false, "active")
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / size; got > most {
			t.Errorf("%q: %d bytes are allocated for each byte of the text, of at most %d", unit, got, most)
		}
	}
}
