package markup_test

import (
	"strings"
	"testing"

	"octavo/domain/markup"
)

func TestLinesAreAddedAsTheTextEnds(t *testing.T) {
	for _, c := range []struct{ content, lines, want string }{
		{"", "tea", "tea"},
		{"\n", "tea", "\ntea"},
		{"Plan", "tea", "Plan\n\ntea"},
		{"Plan\n", "tea\n", "Plan\n\ntea"},
		{"Plan\n\n", "one\n\ntwo", "Plan\n\none\n\ntwo"},
		{"Plan", "- tea", "Plan\n- tea"},
		{"1. a", "2. b", "1. a\n2. b"},
		{"1. a", "b", "1. a\n\nb"},
		{"- a", "b", "- a\n- b"},
		{"- a\n", "- b\n\n* c", "- a\n- b\n- c"},
		{"- [ ] milk", "tea\nbread", "- [ ] milk\n- [ ] tea\n- [ ] bread"},
		{"- [x] milk\n\n", "- tea", "- [x] milk\n\n- [ ] tea"},
		{"* [ ] milk", "- [x] tea", "* [ ] milk\n* [x] tea"},
		{"- a\n  - [ ] b", "c", "- a\n  - [ ] b\n  - [ ] c"},
		{"- a\n\n---", "b", "- a\n\n---\n\nb"},
		{"-a", "b", "-a\n\nb"},
		{"- [ ] milk", "  indented", "- [ ] milk\n- [ ] indented"},
	} {
		if got := markup.Append(c.content, c.lines); got != c.want || !strings.HasPrefix(got, c.content) {
			t.Errorf("%q and %q: got %q, want %q", c.content, c.lines, got, c.want)
		}
	}
}
