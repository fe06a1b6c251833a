package code

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"
)

// Nothing here depends on how fast the machine is.
func init() { maxMatch = time.Hour }

// paintAll paints code for as long as it takes.
func paintAll(t *testing.T, language, code string) string {
	t.Helper()
	painted, complete := (&Budget{Time: time.Hour}).Paint(language, code)
	if !complete {
		t.Errorf("%s: the colours of %.50q aren't complete", language, code)
	}
	wantText(t, painted, code)
	return painted
}

var element = regexp.MustCompile(`<span class="c-[a-z]">([^<]*)</span>`)

// wantText fails the test unless painted is code with elements that aren't inside one another, within the bounds.
func wantText(t *testing.T, painted, code string) {
	t.Helper()
	if got := html.UnescapeString(element.ReplaceAllString(painted, "$1")); got != code {
		t.Errorf("%.200q became %.200q", code, got)
	}
	if len(painted) > 12*len(code)+256 {
		t.Errorf("%d bytes became %d", len(code), len(painted))
	}
}

func TestLanguagesHaveManyNames(t *testing.T) {
	for name, want := range map[string]string{
		"go": "Go", "Golang": "Go", "C++": "C++", "c#": "C#", "rs": "Rust", "yml": "YAML", "zsh": "Bash", "Dockerfile": "Docker",
		"rust,no_run": "Rust", "js{1,3}": "JavaScript", "python:main.py": "Python", "svelte": "HTML", "ansible": "YAML",
		"sqlite": "SQL", "less": "SCSS", "hpp": "C++", "pl": "Perl",
	} {
		if l := lexerOf(name); l == nil || l.Config().Name != want {
			t.Errorf("%s isn't %s", name, want)
		}
	}
	for _, name := range []string{"", "nonsense", "*", "{", ",go", strings.Repeat("x", 1000)} {
		if Known(name) {
			t.Errorf("%q is known", name)
		}
		if got, complete := (&Budget{Time: time.Hour}).Paint(name, "if <a>"); got != "if &lt;a&gt;" || !complete {
			t.Errorf("%q became %q", name, got)
		}
	}
	for language, names := range moreNames {
		if l := lexerOf(strings.Fields(names)[0]); l == nil || l.Config().Name != language {
			t.Errorf("there is no %s", language)
		}
	}
}

// Such a lexer couldn't be stopped.
func TestNoLexerReadsAllOfATextBeforeItTellsTheFirstToken(t *testing.T) {
	for name, l := range languages() {
		if kind := fmt.Sprintf("%T", l); kind == "*chroma.delegatingLexer" {
			t.Errorf("%s, of %s, is a %s", name, l.Config().Name, kind)
		}
	}
	for name, instead := range atOnce {
		if l := lexerOf(name); l == nil || l.Config().Name != instead {
			t.Errorf("there is no %s instead of %s", instead, name)
		}
	}
}

// units are what a careless colouring of code takes long for, or makes much of.
var units = []string{
	"a", "\"", "'", "`", "/*", "*/", "//", "\n", " ", "<", "<a ", "<!--", "#", "1 ", "a:", "\"\"1", "if\n", "@a", "$", "\\", "'''", "\"\"\"",
	"--[[", "+\n-\n", "é", "(", "[", "{{", "${", "\\\"", "\r",
}

func TestTheTextOfCodeInAnyLanguageStays(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it takes long, and nothing in it runs at once")
	}
	tried := map[chroma.Lexer]bool{}
	for name, l := range languages() {
		if tried[l] {
			continue
		}
		tried[l] = true
		text := strings.Join(units, "")
		for _, unit := range units {
			text += "\n" + strings.Repeat(unit, 10)
		}
		paintAll(t, name, text)
	}
	if len(tried) < 280 {
		t.Errorf("there are %d languages", len(tried))
	}
}

func TestDenseCodeStaysWithinTheBounds(t *testing.T) {
	for _, unit := range []string{"\"\"1", "a 1", "1 ", "if+"} {
		if got := paintAll(t, "js", strings.Repeat(unit, 500)); strings.Count(got, "<span") < 50 {
			t.Errorf("%q has no colours: %.200s", unit, got)
		}
	}
}

// ticking makes time pass with each token, by one millisecond of the processor and by wall besides.
func ticking(t *testing.T, wall time.Duration) {
	var mu sync.Mutex
	var now reading
	before := clock
	t.Cleanup(func() { clock = before })
	clock = func() reading {
		mu.Lock()
		defer mu.Unlock()
		now.cpu += time.Millisecond
		now.wall += time.Millisecond + wall
		return now
	}
}

func TestWhatIsBeyondTheBudgetHasNoColours(t *testing.T) {
	ticking(t, 0)
	code := strings.Repeat("if ", 1000)
	b := Budget{Time: 50 * time.Millisecond}
	got, complete := b.Paint("go", code)
	wantText(t, got, code)
	if n := strings.Count(got, "<span"); n < 10 || n > 50 {
		t.Errorf("%d words have a colour", n)
	}
	if !complete {
		t.Error("more is to be had by asking again")
	}
	if again, _ := (&Budget{}).Paint("go", code); again != got {
		t.Error("it isn't remembered")
	}
}

func TestCodeIsPaintedPieceByPiece(t *testing.T) {
	ticking(t, 0)
	var blocks []string
	for i := range 10 {
		blocks = append(blocks, strings.Repeat("if ", 15)+fmt.Sprint(i))
	}
	for round, last := 1, 0; ; round++ {
		b, whole := Budget{Time: 50 * time.Millisecond}, 0
		for _, code := range blocks {
			got, complete := b.Paint("go", code)
			wantText(t, got, code)
			if all := strings.Count(got, "<span") == 16; all != complete {
				t.Errorf("%q is complete: %v", got, complete)
			}
			if complete {
				whole++
			}
		}
		if whole == len(blocks) {
			if round < 3 {
				t.Error("all are painted at once")
			}
			return
		}
		if whole <= last {
			t.Fatalf("%d of %d blocks are painted in round %d", whole, len(blocks), round)
		}
		last = whole
	}
}

// While others have the processor, an expression may be stopped that has hardly begun.
func TestWhatWasPaintedWhileOthersHadTheProcessorIsNotRemembered(t *testing.T) {
	ticking(t, maxMatch)
	const code = "if true {}"
	got, complete := (&Budget{Time: time.Hour}).Paint("go", code)
	wantText(t, got, code)
	if complete {
		t.Error("it counts as complete")
	}
	if _, ok := remembered.Get(keyOf(lexerOf("go"), code)); ok {
		t.Error("it is remembered")
	}
}

func TestALexerThatDoesNotReadOnIsEnded(t *testing.T) {
	push, pop := chroma.Push("a"), chroma.Pop(1)
	for name, rules := range map[string]chroma.Rules{
		"it goes ever deeper":       {"root": {{Pattern: ``, Mutator: push}}, "a": {{Pattern: ``, Mutator: push}}},
		"it comes and goes":         {"root": {{Pattern: ``, Mutator: push}}, "a": {{Pattern: ``, Mutator: pop}}},
		"nothing happens":           {"root": {{Pattern: ``}}},
		"it gives what is no token": {"root": {{Pattern: ``, Type: chroma.Text}}},
		"it is lost":                {"root": {{Pattern: `i`, Type: chroma.Keyword, Mutator: chroma.Push("nowhere")}}},
		"it goes too far back":      {"root": {{Pattern: `i`, Type: chroma.Keyword, Mutator: chroma.Pop(3)}}},
		"it doesn't compile":        {"root": {{Pattern: `(`}}},
		"it has no root":            {"a": {{Pattern: `i`}}},
	} {
		l := newLexer(chroma.MustNewLexer(&chroma.Config{Name: name}, func() chroma.Rules { return rules }))
		p := paint(l, "if <", time.Hour)
		wantText(t, p.html.String(), "if <")
		if !p.whole {
			t.Errorf("%s: it is worth asking again", name)
		}
	}
}

func TestPaintMayBeCalledConcurrently(t *testing.T) {
	names := []string{"go", "html", "md", "vue", "python", "sql", "yaml", "php"}
	var wg sync.WaitGroup
	for i := range names {
		wg.Go(func() {
			for j := range names {
				code := fmt.Sprintf("<!-- a -->\n```go\nif %d {}\n```\n", i*j)
				got, _ := (&Budget{Time: time.Hour}).Paint(names[(i+j)%len(names)], code)
				wantText(t, got, code)
			}
		})
	}
	wg.Wait()
}
