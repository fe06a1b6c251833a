package qr_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"octavo/web/internal/qr"
)

// A QR code is known by the squares in three of its corners (ISO/IEC 18004): seven wide, with a ring of light in them.
func TestACodeHasItsSquaresInThreeCornersAndFillsItsSize(t *testing.T) {
	path, size, err := qr.Path("otpauth://totp/Octavo:Ada?issuer=Octavo&secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
	if err != nil || size < 21 || (size-21)%4 != 0 {
		t.Fatalf("%d wide, %v", size, err)
	}
	dark := make([][]bool, size)
	for y := range dark {
		dark[y] = make([]bool, size)
	}
	runs := regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
	if left := runs.ReplaceAllString(path, ""); left != "" {
		t.Fatalf("the path has %q", left)
	}
	for _, run := range runs.FindAllStringSubmatch(path, -1) {
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(run[i+1])
		}
		if n[2] != n[3] {
			t.Fatalf("%s doesn't come back", run[0])
		}
		for x := n[0]; x < n[0]+n[2]; x++ {
			dark[n[1]][x] = true
		}
	}
	const square = "#######\n#.....#\n#.###.#\n#.###.#\n#.###.#\n#.....#\n#######\n"
	for _, corner := range [][2]int{{0, 0}, {size - 7, 0}, {0, size - 7}} {
		var b strings.Builder
		for y := range 7 {
			for x := range 7 {
				b.WriteString(map[bool]string{true: "#", false: "."}[dark[corner[1]+y][corner[0]+x]])
			}
			b.WriteByte('\n')
		}
		if b.String() != square {
			t.Errorf("at %v there is\n%s", corner, b.String())
		}
	}
}

func TestATextThatIsTooLongHasNoCode(t *testing.T) {
	if _, _, err := qr.Path(strings.Repeat("x", 5000)); err == nil {
		t.Error("it has one")
	}
}
