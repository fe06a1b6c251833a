package math

import (
	"errors"
	"regexp"
	"strings"
	"sync"
	"testing"
)

func TestFormulasBecomeMathML(t *testing.T) {
	for tex, want := range map[string]string{
		`x^2`:                                    `<math><msup><mi>x</mi><mn class="tml-sml-pad">2</mn></msup></math>`,
		`\frac a b`:                              `<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>`,
		`\textcolor{red}x`:                       `<mi mathcolor="#ff0000">x</mi>`,
		`\text{é<b>}`:                            `<math><mtext>é&lt;b&gt;</mtext></math>`,
		`\ce{H2O}`:                               `<mn>2</mn>`,
		`\mathbb R`:                              `<mi>ℝ</mi>`,
		`\boxed x`:                               `tml-fbox`,
		`\newcommand{\n}[1]{|#1|}\n x`:           `<mi>x</mi>`,
		`\begin{aligned}a&=b\\c&=d\end{aligned}`: `<mtr>`,
		`\begin{array}{|c|}\hline a\\ \hline\end{array}`: `tml-border-left`,
		`\begin{pmatrix}1&2\\3&4\end{pmatrix}`:           `<mtd class="tml-start">`,
	} {
		got, err := Render(tex, false)
		if err != nil || !strings.Contains(got, want) {
			t.Errorf("%s became %s (%v), want %s", tex, got, err, want)
		}
	}
	if got, _ := Render("x", true); got != `<math display="block" class="tml-display"><mi>x</mi></math>` {
		t.Errorf("apart from the line: %s", got)
	}
}

func TestWhatIsNoFormulaIsAnError(t *testing.T) {
	r := strings.Repeat
	for _, tex := range []string{
		`\nosuch`, `{`, `\frac`, `\href{javascript:alert(1)}{x}`, `\url{http://e.org}`, `\class{a}{b}`, `\id{a}{b}`,
		`\style{color:red}{b}`, `\data{a=b}{c}`, `\includegraphics{x.png}`, `\def\a{\a\a}\a`, r("x", MaxSource+1), r("'", 1000),
		r("{", 1000) + r("}", 1000), r(`\frac1{`, 250) + r("}", 250), `\def\a#1{#1#1\a{#1#1}}\a x`,
		r(`\sqrt{`, 300) + r("}", 300), r(`\,`, 400), `\ce{` + r("H2O + ", 100) + "}", `\char"FFFFFF`, `\__proto__`, `\constructor`,
	} {
		for range 2 { // the second time from memory
			if got, err := Render(tex, false); err == nil {
				t.Errorf("%.40s became %.200s", tex, got)
			}
		}
	}
	if got, err := Render("x", false); err != nil || got != "<math><mi>x</mi></math>" {
		t.Errorf("afterwards x became %s (%v)", got, err)
	}
}

// What a formula brings about may cost so much memory and no more: the work is counted, not timed.
func TestMacrosOfAFormulaAreExpandedSoOften(t *testing.T) {
	for tex, most := range map[string]int{
		"x": maxExpand, `\def\a{x}` + strings.Repeat(`\a`, 500): 40, `\def\a#1{#1#1}\a x`: 12, `\newcommand\a[1]{#1#1#1#1}\a x`: 8,
	} {
		if got := expansions(tex); got < 1 || got > most {
			t.Errorf("%.30s may have %d macros expanded, want at most %d", tex, got, most)
		}
	}
}

func TestFormulasLeaveNothingBehind(t *testing.T) {
	if _, err := Render(`\gdef\left{\right}\gdef\frac{x}\let\mathrm\relax\frac`, false); err != nil {
		t.Log(err)
	}
	for range 4 {
		if got, err := Render(`\frac12`, true); err != nil || !strings.Contains(got, "<mfrac>") {
			t.Errorf("after another formula \\frac12 became %s (%v)", got, err)
		}
	}
}

func TestNothingButMathMLComesOut(t *testing.T) {
	for _, written := range []string{
		`<p/>`, `<math><p>x</p></math>`, `<math><script/></math>`, `<math><annotation-xml/></math>`, `<math><mglyph/></math>`,
		`<math><math/></math>`, `<math><!-- x --></math>`, `<math>`, `<math>&nbsp;</math>`, `<?xml version="1.0"?><math/>`, "x<",
		"<math>" + strings.Repeat("<mrow>", 200) + strings.Repeat("</mrow>", 200) + "</math>",
	} {
		if got, err := clean(written); !errors.Is(err, ErrUnclean) {
			t.Errorf("%.40s became %q (%v)", written, got, err)
		}
	}
	got, err := clean(`<math href="x" onclick="y" id="main" style="color:red;background:url(x);position:fixed" class="a&quot;b">` +
		`<mi mathcolor="url(x)" mathvariant="normal" xlink:href="x">&lt;b&gt;</mi></math>`)
	if want := `<math mathcolor="red"><mi mathvariant="normal">&lt;b&gt;</mi></math>`; err != nil || got != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}

func TestFormulasAreRenderedAtOnce(t *testing.T) {
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			tex := strings.Repeat("y", i+1)
			if got, err := Render(tex, false); err != nil || strings.Count(got, "<mi>y</mi>") != i+1 {
				t.Errorf("%s became %s (%v)", tex, got, err)
			}
		})
	}
	group.Wait()
}

var shape = regexp.MustCompile(`^(<math( [a-z]+="[^"<>]*")*>|</?m[a-z]+( [a-z]+="[^"<>]*")*>|</math>|<none></none>|[^<>])*$`)

func FuzzRender(f *testing.F) {
	for _, tex := range []string{
		`\frac{a}{b}`, `\begin{cases}a&b\\c\end{cases}`, `\text{a$b$}`, `\def\a#1{#1}\a`, `\ce{A ->[x] B}`, `\left( x \right]`,
		`\xrightarrow[a]{b}`, `\color{#f00}x`, `\rule{1em}{2em}`, `\tag{1}`, `\begin{CD}A@>>>B\end{CD}`, `x'^2_3`, `\verb|x|`,
	} {
		f.Add(tex)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		if got, err := Render(tex, true); err == nil && !shape.MatchString(got) {
			t.Errorf("%q became %s", tex, got)
		}
	})
}
