package markdown

import (
	"strings"
	"testing"
	"time"

	"octavo/domain/markup"
	"octavo/web/markdown/math"
)

func TestFormulasAreShown(t *testing.T) {
	const x, display = `<math><mi>x</mi></math>`, `<math display="block" class="tml-display"><mi>x</mi></math>`
	for _, tt := range []struct{ promise, source, want string }{
		{"in a line", "a $x$, ($x$) 设$x$为", "<p>a " + x + ", (" + x + ") 设" + x + "为</p>"},
		{"apart from it", "a $$x$$ b", "<p>a " + display + " b</p>"},
		{"on lines of their own", "a\n$$\nx\n$$\nb", "<p>a</p>\n<p>" + display + "</p>\n<p>b</p>"},
		{"whatever its lines begin with", "$$\n- x\n$$\n", `<p><math display="block" class="tml-display"><mrow><mo form="prefix" stretchy="false">−</mo><mi>x</mi></mrow></math></p>`},
		{"in a list and a quote", "- $$\n  x\n  $$\n\n> $$\n> x\n> $$", "<ul>\n<li>\n<p>" + display + "</p>\n</li>\n</ul>\n<blockquote>\n<p>" + display + "</p>\n</blockquote>"},
		{"as GitHub has it", "$`x`$", "<p>" + x + "</p>"},
		{"as fenced code", "a\n```math\nx\n```\nb", "<p>a</p>\n<p>" + display + "</p>\n<p>b</p>"},
		{"as fenced code that doesn't end", "~~~ math\n\n x\n", "<p>" + display + "</p>"},
		{"as fenced code in a list and a quote", "- ```math\n  x\n  ```\n\n> ```math\n> x\n> ```", "<ul>\n<li>\n<p>" + display + "</p>\n</li>\n</ul>\n<blockquote>\n<p>" + display + "</p>\n</blockquote>"},
		{"but code of another language isn't one", "```maths\nx\n```", "<pre tabindex=\"0\"><code class=\"language-maths\">x\n</code></pre>"},
		{"and nothing isn't", "```math\n```", "<pre tabindex=\"0\"><code class=\"language-math\"></code></pre>"},
		{"within emphasis", "**$x$**", "<p><strong>" + x + "</strong></p>"},
		{"within a link", "[$x$](/a)", `<p><a href="/a">` + x + `</a></p>`},
		{"money isn't one", "$5 and $10, US$5 or A$6$, 5$ to 6$", "<p>$5 and $10, US$5 or A$6$, 5$ to 6$</p>"},
		{"variables of a shell aren't", "$HOME and $PATH and $x", "<p>$HOME and $PATH and $x</p>"},
		{"nor what is escaped", `\$x$ and $x\$ y`, "<p>$x$ and $x$ y</p>"},
		{"nor code", "`$x$` and\n\n    $x$", "<p><code>$x$</code> and</p>\n<pre tabindex=\"0\"><code>$x$\n</code></pre>"},
		{"code ends none", "It costs $10, set `$PATH` and $`$` b", "<p>It costs $10, set <code>$PATH</code> and $<code>$</code> b</p>"},
		{"nor one apart from it", "$$ is a number, `$$` too", "<p>$$ is a number, <code>$$</code> too</p>"},
		{"nor what doesn't end", "$$\nx\n\n$$ y", "<p>$$<br>\nx</p>\n<p>$$ y</p>"},
		{"marks in one are none", "$a[b]_c*d*[[e]] #f$ #g", ""},
		{"what isn't TeX stays", `$\nosuch$`, `<p><code class="formula" title="not valid TeX: Unsupported function name: \nosuch at position 1">$\nosuch$</code></p>`},
	} {
		got := show(tt.source)
		if tt.want != "" && got != tt.want+"\n" {
			t.Errorf("%s: %q\n got %s\nwant %s", tt.promise, tt.source, got, tt.want)
		}
		wantAgreement(t, tt.source)
	}
	outline := markup.NewOutline("$a[b]_c*d*[[e]] #f$ #g\n\n$$\n#h [[i]]\n- [ ] j\n$$\n\n```math\n#k [[l]]\n- [ ] m\n```\n")
	if len(outline.Tags) != 1 || len(outline.Links) != 0 || len(outline.Tasks) != 0 {
		t.Errorf("within formulas are tags %v, links %v, tasks %v", outline.Tags, outline.Links, outline.Tasks)
	}
}

// Nothing here depends on how fast the machine is.
func init() { maxNewTime, maxCodeTime = time.Hour, time.Hour }

func TestAFormulaIsShownHoweverLittleTimeThereIs(t *testing.T) {
	defer func(d time.Duration) { maxNewTime = d }(maxNewTime)
	maxNewTime = 0
	source := "$h_a$, $h_b$ and $h_c$"
	for n := 1; n <= 3; n++ {
		if got := strings.Count(Render(source, Options{}).HTML(nil), "<math>"); got != n {
			t.Errorf("%d formulas are shown the %d. time", got, n)
		}
	}
}

// The first note after a start shows its formulas, although they need more then than they have time.
func TestWhatFormulasNeedOnceTakesNoTimeOfTheirs(t *testing.T) {
	clock := time.Now()
	prepare, now = func() { clock = clock.Add(2 * maxNewTime) }, func() time.Time { return clock }
	defer func() { prepare, now = math.Prepare, time.Now }()
	if got := strings.Count(Render("$k_a$, $k_b$ and $k_c$", Options{}).HTML(nil), "<math>"); got != 3 {
		t.Errorf("%d of 3 formulas are shown", got)
	}
}

// What a document of nothing but formulas may cost at once is counted in TeX.
func TestManyFormulasAreShownPieceByPiece(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it takes long, and nothing in it runs at once")
	}
	var b strings.Builder
	for i := range 600 {
		b.WriteString("Some words, and $y_{" + strings.Repeat("z", 1+i%40) + "}^{" + strings.Repeat("w", 1+i/40) + "}$.\n\n")
	}
	source, last := b.String(), 0
	for round := 1; ; round++ {
		got := Render(source, Options{}).HTML(nil)
		n := strings.Count(got, "<math>")
		if n == 600 {
			if round < 3 {
				t.Errorf("all are shown at once")
			}
			break
		}
		if n <= last || round > 20 || strings.Count(got, `<code class="formula" title=`) != 600-n {
			t.Fatalf("%d of 600 formulas are shown in round %d", n, round)
		}
		last = n
	}
}
