package textdiff

import (
	"testing"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

func TestWhatStandsAloneMakesNoGraphemeWithAnother(t *testing.T) {
	beside := []rune("a1 .~日かカก가각я😀א")
	for _, r := range beside {
		if !standsAlone(r) {
			t.Errorf("%q doesn't stand alone", r)
		}
	}
	for r := rune(0); r <= 0x1ffff; r++ {
		if !standsAlone(r) {
			continue
		}
		for _, other := range append(beside, r) {
			for _, text := range []string{string(r) + string(other), string(other) + string(r)} {
				clusters := graphemes.FromString(text)
				if first := clusters.First(); first == text {
					t.Errorf("%q is one grapheme", text)
				}
			}
		}
	}
}
