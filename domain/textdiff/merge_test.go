package textdiff_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"octavo/domain/textdiff"
)

// wantMerged wants a clean merge, whichever side is which.
func wantMerged(t *testing.T, base, mine, theirs, want string) {
	t.Helper()
	for range 2 {
		if got, ok := clean(textdiff.Merge(base, mine, theirs)); !ok || got != want {
			t.Errorf("%q merged with %q upon %q is %q, %v; want %q", mine, theirs, base, got, ok, want)
		}
		mine, theirs = theirs, mine
	}
}

// wantPieces wants agreed text as it is and collisions as [base|mine|theirs].
func wantPieces(t *testing.T, base, mine, theirs, want string) {
	t.Helper()
	if got := pieces(textdiff.Merge(base, mine, theirs)); got != want {
		t.Errorf("%q merged with %q upon %q\ngot  %q\nwant %q", mine, theirs, base, got, want)
	}
}

func pieces(m textdiff.Merged) string {
	var b strings.Builder
	for _, p := range m.Pieces {
		if p.Collision {
			fmt.Fprintf(&b, "[%s|%s|%s]", p.Base, p.Mine, p.Theirs)
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

func TestChangesToDifferentLinesMerge(t *testing.T) {
	wantMerged(t, "a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n", "A\nb\nC\n")
	wantMerged(t, "a\nb\n", "A\nb\n", "a\nB\n", "A\nB\n")
	wantMerged(t, "a\nb\n", "b\n", "a\nB\n", "B\n")
	wantMerged(t, "a\nb\n", "A\nb\n", "a\nb\nc\n", "A\nb\nc\n")
	wantMerged(t, "a\nb\n", "a\nB\n", "a\nb\nc\n", "a\nB\nc\n")
	wantMerged(t, "a\nb\n", "x\na\nb\n", "a\nb\ny\n", "x\na\nb\ny\n")
	wantMerged(t, "a\nb\nc\nd\n", "a\nd\n", "a\nb\nd\n", "a\nd\n")
	wantMerged(t, "a\nb", "a\nb\nc", "A\nb", "A\nb\nc")
	wantMerged(t, "a\nb\n", "a\nb", "a\nb\nc\n", "a\nb\nc")
	wantMerged(t, "a\nb", "a\nb\n", "a\nb\nc", "a\nb\nc\n")
	wantMerged(t, "milk\nbread\n", "cheese\nbread\n", "milk\nbutter\n", "cheese\nbutter\n")
}

func TestChangesToDifferentWordsOfALineMerge(t *testing.T) {
	wantMerged(t, "one two three\n", "ONE two three\n", "one two THREE\n", "ONE two THREE\n")
	wantMerged(t, "- [ ] buy milk\n", "- [x] buy milk\n", "- [ ] get milk\n", "- [x] get milk\n")
	wantMerged(t, "Meet on Monday at nine.", "We meet on Monday at nine.", "Meet on Monday at ten.", "We meet on Monday at ten.")
	wantMerged(t, "今日は雨です", "明日は雨です", "今日は雨でした", "明日は雨でした")
}

func TestChangesThatTouchCollide(t *testing.T) {
	wantPieces(t, "x\none two three\ny\n", "x\nONE two three\ny\n", "x\none TWO three\ny\n",
		"x\n[one two three\n|ONE two three\n|one TWO three\n]y\n")
	wantPieces(t, "one two\n", "one 1 two\n", "one 2 two\n", "[one two\n|one 1 two\n|one 2 two\n]")
	wantPieces(t, "x\na b c\ny\n", "x\nA b c\ny\n", "x\ny\n", "x\n[a b c\n|A b c\n|]y\n")
	wantPieces(t, "x\na\ny\n", "x\ny\n", "x\nB\ny\n", "x\n[a\n||B\n]y\n")
	wantPieces(t, "x\ny\n", "x\n1\ny\n", "x\n2\ny\n", "x\n[|1\n|2\n]y\n")
	wantPieces(t, "x", "x\n1", "x\n2", "x\n[|1|2]")
	wantPieces(t, "x\n", "x\n1", "x\n2\n", "x\n[|1|2]")
	wantPieces(t, "", "1\n", "2\n", "[|1\n|2\n]")
	wantPieces(t, "a\nb\n", "1\n2\n", "3\n4\n", "[a\nb\n|1\n2\n|3\n4\n]")
	wantPieces(t, "a\nb\nc\n", "c\n", "a\nnew\nb\nc\n", "[a\n||a\nnew\n]c\n")
}

func TestWhatBothSidesDidIsTakenOnce(t *testing.T) {
	wantMerged(t, "a\nb\n", "a\nb\nc\n", "a\nb\nc\n", "a\nb\nc\n")
	wantMerged(t, "a\nb\nc\n", "X\nb\nc\n", "X\nb\nC\n", "X\nb\nC\n")
	wantMerged(t, "one two three\n", "ONE two three\n", "ONE two THREE\n", "ONE two THREE\n")
	wantMerged(t, "a\nb\nc\n", "c\n", "a\n", "")
	// A draft saved twice, the second time with more text, without knowing of the first.
	wantMerged(t, "a\n", "a\nfirst\n", "a\nfirst\nsecond\n", "a\nfirst\nsecond\n")
	wantPieces(t, "a\n", "a\n\nmine\nend\n", "a\n\ntheirs\nend\n", "a\n\n[|mine\n|theirs\n]end\n")
}

func TestAChoiceIsMadeAtEachCollision(t *testing.T) {
	m := textdiff.Merge("1\na\n2\nb\n3", "1\nx\n2\ny\n3\nm", "1\nX\n2\nY\n3\nt")
	wantEqual(t, m.Collisions(), 3)
	if text, ok := clean(m); ok || text != "" {
		t.Errorf("a merge with collisions is clean: %q", text)
	}
	for _, c := range []struct {
		choices []textdiff.Side
		want    string
	}{
		{[]textdiff.Side{textdiff.Mine, textdiff.Theirs, textdiff.Both}, "1\nx\n2\nY\n3\nt\nm"},
		{[]textdiff.Side{textdiff.Both, textdiff.Mine, textdiff.Mine}, "1\nX\nx\n2\ny\n3\nm"},
		{[]textdiff.Side{textdiff.Theirs, textdiff.Theirs, textdiff.Theirs}, "1\nX\n2\nY\n3\nt"},
	} {
		got, err := m.Resolve(c.choices)
		if err != nil || got != c.want {
			t.Errorf("%v gives %q, %v; want %q", c.choices, got, err, c.want)
		}
	}
	for _, c := range []struct {
		choices []textdiff.Side
		want    error
	}{
		{nil, textdiff.ErrMissing},
		{[]textdiff.Side{textdiff.Mine, textdiff.Mine}, textdiff.ErrMissing},
		{[]textdiff.Side{textdiff.Mine, "", textdiff.Mine}, textdiff.ErrUnknown},
		{[]textdiff.Side{textdiff.Mine, "other", textdiff.Mine}, textdiff.ErrUnknown},
		{[]textdiff.Side{textdiff.Mine, textdiff.Mine, textdiff.Mine, textdiff.Mine}, textdiff.ErrMissing},
	} {
		if _, err := m.Resolve(c.choices); !errors.Is(err, c.want) {
			t.Errorf("%v gives %v, want %v", c.choices, err, c.want)
		}
	}
	if got, _ := textdiff.Merge("a\nb", "a\nc", "a").Resolve([]textdiff.Side{textdiff.Theirs}); got != "a" {
		t.Errorf("without the last line the text is %q", got)
	}
}

func TestTheSideThatChangedAValueWins(t *testing.T) {
	for _, c := range []struct {
		base, mine, theirs, want string
		ok                       bool
	}{
		{"a", "a", "a", "a", true},
		{"a", "b", "a", "b", true},
		{"a", "a", "c", "c", true},
		{"a", "b", "b", "b", true},
		{"a", "b", "c", "b", false},
	} {
		got, ok := textdiff.MergeValue(c.base, c.mine, c.theirs)
		if got != c.want || ok != c.ok {
			t.Errorf("%+v gives %q, %v", c, got, ok)
		}
	}
}

func TestBothSidesAddToASetAndRemoveFromIt(t *testing.T) {
	for _, c := range []struct{ base, mine, theirs, want string }{
		{"", "", "", ""},
		{"a b c", "a b c", "a b c", "a b c"},
		{"a b c", "c a m", "t b c", "t c m"},
		{"a b", "b a n", "n b a", "n b a"},
		{"a a", "a a a", "a a", "a"},
		{"a", "", "", ""},
		{"", "m n", "n o", "n o m"},
	} {
		got := textdiff.MergeSet(strings.Fields(c.base), strings.Fields(c.mine), strings.Fields(c.theirs))
		wantEqual(t, strings.Join(got, " "), c.want)
	}
}

// clean returns the merged text, and whether there is no collision in it.
func clean(m textdiff.Merged) (text string, ok bool) {
	if m.Collisions() > 0 {
		return "", false
	}
	text, err := m.Resolve(nil)
	return text, err == nil
}

// checkMerge holds what is promised of every merge.
func checkMerge(t *testing.T, base, mine, theirs string) {
	t.Helper()
	m := textdiff.Merge(base, mine, theirs)
	for _, c := range []struct{ base, mine, theirs, want string }{
		{base, base, theirs, theirs}, {base, mine, base, mine}, {base, mine, mine, mine},
	} {
		if got, ok := clean(textdiff.Merge(c.base, c.mine, c.theirs)); !ok || got != c.want {
			t.Fatalf("%q merged with %q upon %q gives %q, %v; want %q", c.mine, c.theirs, c.base, got, ok, c.want)
		}
	}
	swapped := textdiff.Merge(base, theirs, mine)
	for i := range swapped.Pieces {
		p := &swapped.Pieces[i]
		p.Mine, p.Theirs = p.Theirs, p.Mine
	}
	if !slices.Equal(m.Pieces, swapped.Pieces) {
		t.Fatalf("%q with %q upon %q isn’t symmetric: %q and %q", mine, theirs, base, pieces(m), pieces(swapped))
	}
	resolved := map[textdiff.Side]string{}
	for _, side := range []textdiff.Side{textdiff.Mine, textdiff.Theirs, textdiff.Both} {
		text, err := m.Resolve(slices.Repeat([]textdiff.Side{side}, m.Collisions()))
		if err != nil {
			t.Fatal(err)
		}
		resolved[side] = text
	}
	if text, ok := clean(m); ok != (m.Collisions() == 0) || ok && text != resolved[textdiff.Both] {
		t.Fatalf("%q with %q upon %q is clean: %v, %q", mine, theirs, base, ok, text)
	}
	for i, p := range m.Pieces {
		if p.Collision && (p.Text != "" || p.Mine == p.Theirs || i > 0 && m.Pieces[i-1].Collision) ||
			!p.Collision && p.Base+p.Mine+p.Theirs != "" {
			t.Fatalf("%q with %q upon %q has the odd piece %+v", mine, theirs, base, p)
		}
		for _, text := range []string{p.Text, p.Base, p.Mine, p.Theirs} {
			if i < len(m.Pieces)-1 && text != "" && !strings.HasSuffix(text, "\n") {
				t.Fatalf("%q with %q upon %q has a piece that ends inside a line: %q", mine, theirs, base, text)
			}
		}
	}
	if !utf8.ValidString(base+mine+theirs) || strings.Contains(base+mine+theirs, "\r") {
		return // not as a note is stored: what is a character is open
	}
	was, both := wordsOf(base), wordsOf(resolved[textdiff.Both])
	added := map[textdiff.Side]map[string]int{textdiff.Mine: wordsOf(mine), textdiff.Theirs: wordsOf(theirs)}
	for side, has := range added {
		chosen := wordsOf(resolved[side])
		for word := range has {
			if was[word] == 0 && (chosen[word] == 0 || both[word] == 0) {
				t.Fatalf("%q with %q upon %q: choosing %s or both loses %q: %q", mine, theirs, base, side, word, pieces(m))
			}
		}
	}
}

// wordsOf counts the words of text, as a merge takes them: runs of letters, digits and marks, and single characters of
// scripts that put no blanks between words.
func wordsOf(text string) map[string]int {
	counts, run := map[string]int{}, ""
	finish := func() {
		if run != "" {
			counts[run]++
		}
		run = ""
	}
	for g := graphemes.FromString(text); g.Next(); {
		r, _ := utf8.DecodeRuneInString(g.Value())
		switch {
		case !unicode.In(r, unicode.Letter, unicode.Number, unicode.Mark):
			finish()
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			finish()
			counts[g.Value()]++
		default:
			run += g.Value()
		}
	}
	finish()
	return counts
}

func TestAMergeLosesNothing(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	clean := 0
	const rounds = 3000
	for range rounds {
		base := randomText(random)
		mine, theirs := edited(random, base), edited(random, base)
		checkMerge(t, base, mine, theirs)
		checkMerge(t, base, mine, randomText(random))
		if textdiff.Merge(base, mine, theirs).Collisions() == 0 {
			clean++
		}
	}
	if clean < rounds/10 || clean > rounds*9/10 {
		t.Errorf("%d of %d merges were clean, so one kind was hardly tested", clean, rounds)
	}
}

func FuzzMerge(f *testing.F) {
	f.Add("one\ntwo\n", "one\n2\n", "1\ntwo\n")
	f.Add("a b c d", "a x c d\n", "a b c y")
	f.Add("a\nb\nc\n", "c\n", "a\nnew\nb\nc\n")
	f.Add("\nb\n0\n", "b\n\n", "b")
	f.Add("a\n \n \n", "a b", " \na b")
	f.Add("\n \n \nb", "a b\nx y\n", "a b\n \n")
	f.Fuzz(checkMerge)
}

func TestAMergeOfHostileTextsIsRight(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it takes long, and nothing in it runs at once")
	}
	for name, texts := range hostile() {
		t.Run(name, func(t *testing.T) {
			if got, ok := clean(textdiff.Merge(texts[0], texts[1], texts[0])); !ok || got != texts[1] {
				t.Error("a change of one side isn’t taken")
			}
		})
	}
}

func TestAMergeHasABoundedNumberOfCollisions(t *testing.T) {
	var base, mine, theirs strings.Builder
	for i := range 3 * textdiff.MaxCollisions {
		fmt.Fprintf(&base, "%d\nkept %[1]d\n", i)
		fmt.Fprintf(&mine, "mine %d\nkept %[1]d\n", i)
		fmt.Fprintf(&theirs, "theirs %d\nkept %[1]d\n", i)
	}
	m := textdiff.Merge(base.String()+"end", mine.String()+"end", theirs.String()+"end")
	wantEqual(t, m.Collisions(), textdiff.MaxCollisions)
	wantEqual(t, m.Pieces[len(m.Pieces)-1].Text, fmt.Sprintf("kept %d\nend", 3*textdiff.MaxCollisions-1))
	checkMerge(t, base.String(), mine.String(), theirs.String())
	last := m.Pieces[len(m.Pieces)-2]
	if !strings.HasPrefix(last.Mine, "mine 99\nkept 99\nmine 100\n") || !strings.HasPrefix(last.Theirs, "theirs 99\nkept 99\n") {
		t.Errorf("the last collision is %.100q and %.100q", last.Mine, last.Theirs)
	}
}

func TestALongListInWhichOneSideChangesEveryLineMerges(t *testing.T) {
	var base, mine strings.Builder
	for i := range 8000 {
		fmt.Fprintf(&base, "item %d\n", i)
		fmt.Fprintf(&mine, "- item %d\n", i)
	}
	theirs := strings.Replace(base.String(), "item 7000\n", "item 7000 and more\n", 1)
	wantMerged(t, base.String(), mine.String(), theirs, strings.Replace(mine.String(), "item 7000\n", "item 7000 and more\n", 1))
}

// numbered returns n lines, each with its number.
func numbered(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%d\n", i)
	}
	return b.String()
}

func TestAMergeOfManyMovesTakesLittleForEachLine(t *testing.T) {
	random := rand.New(rand.NewPCG(15, 16))
	const lines = 16_000
	base := strings.Split(numbered(lines), "\n")
	shuffled := func() string {
		moved := slices.Clone(base[:lines])
		random.Shuffle(lines, func(i, j int) { moved[i], moved[j] = moved[j], moved[i] })
		return strings.Join(moved, "\n")
	}
	mine, theirs := shuffled(), shuffled()
	if made := testing.AllocsPerRun(1, func() { textdiff.Merge(strings.Join(base, "\n"), mine, theirs) }); made > lines {
		t.Errorf("%d lines take %v allocations", lines, made)
	}
}

func BenchmarkMerge(b *testing.B) {
	for name, texts := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			mine := texts[0][:len(texts[0])/2] + texts[1][len(texts[1])/2:]
			for b.Loop() {
				textdiff.Merge(texts[0], mine, texts[1])
			}
		})
	}
}
