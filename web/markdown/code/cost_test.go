//go:build linux

package code

import (
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/chroma/v2"

	"octavo/web/internal/recent"
)

// hostile is code for which lexers without limits take forever, or time in proportion to its square.
var hostile = []struct{ language, code string }{
	{"go", `"` + strings.Repeat(`\`, 4000)},
	{"json", `{"` + strings.Repeat(`\`, 4000)},
	{"js", strings.Repeat(`/a`, 8000)},
	{"python", strings.Repeat(`f"{`, 5000)},
	{"c", strings.Repeat("a ", 8000)},
	{"c++", strings.Repeat("a::b<", 3000)},
	{"html", strings.Repeat("<a ", 5000)},
	{"md", strings.Repeat("\n", 16000)},
	{"yaml", strings.Repeat("a: ", 5000)},
	{"fortranfixed", strings.Repeat("!", 16000)},
	{"devicetree", strings.Repeat("\t", 16000)},
	{"hcl", "a " + strings.Repeat("\t", 16000)},
	{"svelte", strings.Repeat("<script lang='", 1000)},
}

func TestHostileCodeCostsNoMoreThanItsBudget(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer func(d time.Duration, made *recent.Cache[*lexer, *chroma.RegexLexer]) { maxMatch, ready = d, made }(maxMatch, ready)
	maxMatch, ready = 20*time.Millisecond, recent.NewCache(100, func(*lexer, *chroma.RegexLexer) int { return 1 })
	const budget = 50 * time.Millisecond
	for _, tt := range hostile {
		paint(lexerOf(tt.language), "a", budget) // which makes the lexer ready
		before := threadTime()
		p := paint(lexerOf(tt.language), tt.code, budget)
		// Of the last token, each of some expressions may take until it is stopped.
		if cost := threadTime() - before; cost > budget+20*(maxMatch+2*tick) {
			t.Errorf("%s: %d bytes of %.20q cost %v", tt.language, len(tt.code), tt.code, cost)
		}
		wantText(t, p.html.String(), tt.code)
	}
}
