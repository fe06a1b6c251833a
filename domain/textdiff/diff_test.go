package textdiff_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

	"octavo/domain/textdiff"
)

func wantEqual[T any](t *testing.T, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// shown writes changes as [-removed-]{+added+} between what was kept.
func shown(changes []textdiff.Change) string {
	var b strings.Builder
	for _, c := range changes {
		switch c.Kind {
		case textdiff.Kept:
			b.WriteString(c.Text)
		case textdiff.Removed:
			b.WriteString("[-" + c.Text + "-]")
		case textdiff.Added:
			b.WriteString("{+" + c.Text + "+}")
		}
	}
	return b.String()
}

func shownLines(lines []textdiff.Line) string {
	var b strings.Builder
	for _, l := range lines {
		if l.Gap > 0 {
			fmt.Fprintf(&b, "@%d\n", l.Gap)
		}
		b.WriteString(string(" +-"[l.Kind]) + shown(l.Parts) + "\n")
	}
	return b.String()
}

func wantShown(t *testing.T, before, after, want string) {
	t.Helper()
	if got := shown(textdiff.NewComparer().Diff(before, after)); got != want {
		t.Errorf("from %q to %q\ngot  %s\nwant %s", before, after, got, want)
	}
}

func TestADiffShowsTheWordsThatChanged(t *testing.T) {
	for _, c := range []struct{ before, after, want string }{
		{"", "", ""},
		{"same\n", "same\n", "same\n"},
		{"", "new\n", "{+new\n+}"},
		{"old\n", "", "[-old\n-]"},
		{"a\nb\nc\n", "a\nc\n", "a\n[-b\n-]c\n"},
		{"a\nc\n", "a\nb\nc\n", "a\n{+b\n+}c\n"},
		{"the red fox\n", "the brown fox\n", "the [-red-]{+brown+} fox\n"},
		{"- [ ] buy milk\n- [ ] call mum\n", "- [x] buy milk\n- [ ] call mum\n", "- [[- -]{+x+}] buy milk\n- [ ] call mum\n"},
		{"very good", "very very good", "very {+very +}good"},
		{"a", "a\n", "a{+\n+}"},
		{"a\nb", "a\nb\nc", "a\nb{+\nc+}"},
		{"a\nb\n", "a", "a[-\nb\n-]"},
		{"  indented", "    indented", "[-  -]{+    +}indented"},
		{"one two three four", "one TWO THREE four", "one [-two three-]{+TWO THREE+} four"},
		{"今日は雨です", "今日は晴れです", "今日は[-雨-]{+晴れ+}です"},
		{"Grüße an alle", "Grüsse an alle", "[-Grüße-]{+Grüsse+} an alle"},
	} {
		wantShown(t, c.before, c.after, c.want)
	}
}

func TestADiffFindsTheLineThatWasChangedAmongNewOnes(t *testing.T) {
	wantShown(t,
		"intro\nThe quick brown fox jumps\noutro\n",
		"intro\nSomething else entirely\nThe quick red fox jumps\noutro\n",
		"intro\n{+Something else entirely\n+}The quick [-brown-]{+red+} fox jumps\noutro\n")
	wantShown(t,
		"func a() {\n\treturn 1\n}\n\nfunc c() {\n\treturn 3\n}\n",
		"func a() {\n\treturn 1\n}\n\nfunc b() {\n\treturn 2\n}\n\nfunc c() {\n\treturn 3\n}\n",
		"func a() {\n\treturn 1\n}\n\n{+func b() {\n\treturn 2\n}\n\n+}func c() {\n\treturn 3\n}\n")
}

func TestARewrittenPhraseIsOneChangeWithoutConfetti(t *testing.T) {
	wantShown(t,
		"We met because yesterday of the terrible weather outside, luckily.",
		"We met although tomorrow of course sunshine prevails, luckily.",
		"We met [-because yesterday of the terrible weather outside-]{+although tomorrow of course sunshine prevails+}, luckily.")
	wantShown(t,
		"go to the old shop today\n", "take the bus home\n",
		"[-go to the old shop today\n-]{+take the bus home\n+}")
}

func TestADiffNeverCutsWhatIsReadAsOneCharacter(t *testing.T) {
	wantShown(t, "👩‍👩‍👧 hi", "👩‍👩‍👦 hi", "[-👩‍👩‍👧-]{+👩‍👩‍👦+} hi")
	wantShown(t, "cafe is open", "cafe\u0301 is open", "[-cafe-]{+cafe\u0301+} is open")
	wantShown(t, "🇩🇪🇫🇷 x", "🇩🇪🇫🇮 x", "🇩🇪[-🇫🇷-]{+🇫🇮+} x")
	wantShown(t, "กำ x", "กา x", "[-กำ-]{+กา+} x")
}

func TestADiffCountsAllWordsThoughItShowsFewLines(t *testing.T) {
	d := textdiff.NewComparer().Lines("one two three\nkept\nand gone\n", "one 2 three\nkept\nMuch more, here\n", 3, 1)
	wantEqual(t, d.Added, 4)
	wantEqual(t, d.Removed, 3)
	wantEqual(t, len(d.Lines), 1)
	wantEqual(t, d.Left, 3)
}

func TestLinesLeaveOutWhatIsFarFromAnyChange(t *testing.T) {
	var lines []string
	for i := range 20 {
		lines = append(lines, fmt.Sprintf("line number %d", i))
	}
	before := strings.Join(lines, "\n") + "\n"
	after := strings.Replace(before, "number 5\n", "no 5\n", 1)
	after = strings.Replace(after, "line number 15\n", "Entirely different\nand one more\n", 1)
	wantEqual(t, shownLines(textdiff.NewComparer().Lines(before, after, 2, 100).Lines), `@3
 line number 3
 line number 4
 line [-number-]{+no+} 5
 line number 6
 line number 7
@5
 line number 13
 line number 14
-[-line number 15-]
+{+Entirely different+}
+{+and one more+}
 line number 16
 line number 17
`)
	wantEqual(t, shownLines(textdiff.NewComparer().Lines(before, after, 0, 100).Lines), `@5
 line [-number-]{+no+} 5
@9
-[-line number 15-]
+{+Entirely different+}
+{+and one more+}
`)
	wantEqual(t, len(textdiff.NewComparer().Lines(before, before, 3, 100).Lines), 0)
}

// rebuilt returns both texts as the changes tell them.
func rebuilt(changes []textdiff.Change) (before, after string) {
	var b, a strings.Builder
	for _, c := range changes {
		if c.Kind != textdiff.Added {
			b.WriteString(c.Text)
		}
		if c.Kind != textdiff.Removed {
			a.WriteString(c.Text)
		}
	}
	return b.String(), a.String()
}

// checkDiff holds what is promised of every diff.
func checkDiff(t *testing.T, before, after string) {
	t.Helper()
	changes := textdiff.NewComparer().Diff(before, after)
	if b, a := rebuilt(changes); b != before || a != after {
		t.Fatalf("from %q to %q: %+v rebuilds %q and %q", before, after, changes, b, a)
	}
	edges := map[int]bool{0: true}
	if whole := !strings.Contains(before, "\r") && utf8.ValidString(before); whole {
		at := 0
		for g := graphemes.FromString(before); g.Next(); {
			at += len(g.Value())
			edges[at] = true
		}
	} else {
		edges = nil
	}
	at := 0
	for i, c := range changes {
		if c.Text == "" || i > 0 && c.Kind == changes[i-1].Kind {
			t.Fatalf("from %q to %q: %+v has an empty or a split piece", before, after, changes)
		}
		if i > 0 && c.Kind == textdiff.Removed && changes[i-1].Kind == textdiff.Added {
			t.Fatalf("from %q to %q: %+v adds ahead of removing", before, after, changes)
		}
		if before == after && c.Kind != textdiff.Kept {
			t.Fatalf("%q differs from itself", before)
		}
		if c.Kind != textdiff.Added {
			if at += len(c.Text); edges != nil && !edges[at] {
				t.Fatalf("from %q to %q: %+v cuts a character at %d", before, after, changes, at)
			}
		}
	}
}

// randomText returns lines of a few words, many of them alike.
func randomText(random *rand.Rand) string {
	words := strings.Fields("a b c the lorem ipsum ein ω 日 本 , . - ** 👩‍👧 e\u0301")
	var b strings.Builder
	for range random.IntN(8) {
		for range random.IntN(6) {
			b.WriteString(words[random.IntN(len(words))])
			if random.IntN(4) > 0 {
				b.WriteByte(' ')
			}
		}
		b.WriteByte('\n')
	}
	if random.IntN(3) == 0 {
		return strings.TrimSuffix(b.String(), "\n")
	}
	return b.String()
}

// edited returns text with a few words changed, lines removed and lines added.
func edited(random *rand.Rand, text string) string {
	lines := strings.SplitAfter(text, "\n")
	for range 1 + random.IntN(3) {
		i := random.IntN(len(lines))
		switch random.IntN(4) {
		case 0:
			lines[i] = ""
		case 1:
			lines[i] += fmt.Sprintf("new%d line\n", random.IntN(50))
		case 2:
			lines[i] = fmt.Sprintf("word%d ", random.IntN(50)) + lines[i]
		case 3:
			words := strings.SplitAfter(lines[i], " ")
			words[random.IntN(len(words))] = fmt.Sprintf("other%d ", random.IntN(50))
			lines[i] = strings.Join(words, "")
		}
	}
	return strings.Join(lines, "")
}

func TestADiffRebuildsBothTexts(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 3000 {
		text := randomText(random)
		checkDiff(t, text, edited(random, text))
		checkDiff(t, text, randomText(random))
	}
}

func FuzzDiff(f *testing.F) {
	f.Add("one\ntwo\n", "one\n2\n")
	f.Add("a b c d\n", "a x c\ny")
	f.Add("👩‍👩‍👧\r\n", "é\n\n")
	f.Fuzz(checkDiff)
}

// hostile returns pairs of texts of the largest size, made to be slow to compare.
func hostile() map[string][2]string {
	const size = 256 << 10
	random := rand.New(rand.NewPCG(5, 6))
	fill := func(line func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			b.WriteString(line(i))
		}
		return b.String()[:size]
	}
	pick := func(words string) func(int) string {
		all := strings.SplitAfter(words, "|")
		for i := range all {
			all[i] = strings.TrimSuffix(all[i], "|")
		}
		return func(int) string { return all[random.IntN(len(all))] }
	}
	some := pick("a |b |c |d |e ")
	prose := fill(func(i int) string { return fmt.Sprintf("word%d ", random.IntN(3000)) + pick(" |\n| ")(i) })
	return map[string][2]string{
		"every line different": {
			fill(func(i int) string { return fmt.Sprintf("x%d\n", i) }), fill(func(i int) string { return fmt.Sprintf("y%d\n", i) }),
		},
		"every line altered": {
			fill(func(i int) string { return fmt.Sprintf("some line %d\n", i) }),
			fill(func(i int) string { return fmt.Sprintf("some old line %d\n", i) }),
		},
		"every line equal": {strings.Repeat("a\n", size/2), strings.Repeat("a\n", size/2-7)},
		"blank lines":      {strings.Repeat("\n", size), strings.Repeat("\n", size/2)},
		"alternating":      {strings.Repeat("a\nb\n", size/4), strings.Repeat("b\na\n", size/4)},
		"alternating, one in three": {
			strings.Repeat("a\nb\n", size/4), strings.Repeat("a\nb\nb\n", size/6),
		},
		"random of two":     {fill(pick("a\n|b\n")), fill(pick("a\n|b\n"))},
		"random of many":    {fill(func(int) string { return fmt.Sprintf("%d\n", random.IntN(20000)) }), fill(func(int) string { return fmt.Sprintf("%d\n", random.IntN(20000)) })},
		"one line":          {strings.Repeat("x", size), strings.Repeat("x", size-1) + "y"},
		"one line of words": {fill(some), fill(some)},
		"one line of marks": {fill(pick("!|.|?")), fill(pick("!|.|?"))},
		"one line of CJK":   {strings.Repeat("日本語", size/9), strings.Repeat("本語日語", size/12)},
		"one grapheme":      {"a" + strings.Repeat("\u0301", size/2-1), "e" + strings.Repeat("\u0301", size/2-1)},
		"many hunks":        {fill(func(i int) string { return fmt.Sprintf("k%d\n%s%s\n", i, some(i), some(i)) }), fill(func(i int) string { return fmt.Sprintf("k%d\n%s\n%s\n", i, some(i), some(i)) })},
		"long lines":        {fill(func(i int) string { return pick(" a| b| c| d|e\n")(i) + some(i) }), fill(func(i int) string { return pick(" a| b| c| d|e\n")(i) + some(i) })},
		"prose":             {prose, strings.ReplaceAll(strings.ReplaceAll(prose, "word1", "WORD1"), "word77 ", "\n")},
		"reversed": {
			fill(func(i int) string { return fmt.Sprintf("%d\n", i) }),
			fill(func(i int) string { return fmt.Sprintf("%d\n", 45000-i) }),
		},
	}
}

func TestADiffOfHostileTextsIsRight(t *testing.T) {
	for name, texts := range hostile() {
		t.Run(name, func(t *testing.T) {
			if before, after := rebuilt(textdiff.NewComparer().Diff(texts[0], texts[1])); before != texts[0] || after != texts[1] {
				t.Error("it doesn’t rebuild the texts")
			}
		})
	}
}

func BenchmarkDiff(b *testing.B) {
	for name, texts := range hostile() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				textdiff.NewComparer().Diff(texts[0], texts[1])
			}
		})
	}
}
