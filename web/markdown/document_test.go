package markdown

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/lang"
	"octavo/web/markdown/math"
)

// Below a title there is no level that nothing stands under, whatever a text is written with.
func TestHeadingsFollowTheOneAboveWithoutAGap(t *testing.T) {
	for source, want := range map[string]string{
		"# a\n## b\n### c\n## d\n# e":               "2 3 4 3 2",
		"### a\n###### b\n### c\n# d\n## e":         "2 3 2 2 3",
		"# a\n#### b\n### c\n## d\n#### e":          "2 3 3 3 4",
		"# a\n## b\n### c\n#### d\n##### e":         "2 3 4 5 6",
		"# a\n##\n### c\n#### d\n##### e\n###### f": "2 3 4 5 6 6",
	} {
		var levels []string
		for _, h := range Render(source, Options{Under: 1}).Headings {
			levels = append(levels, strconv.Itoa(h.Level))
		}
		if got := strings.Join(levels, " "); got != want {
			t.Errorf("%q has the levels %s, want %s", source, got, want)
		}
	}
	doc := Render("# a", Options{Under: 1})
	if _, html := doc.Parts(nil); !strings.Contains(html, `<h2 id="note-a">a</h2>`) {
		t.Errorf("got %s", html)
	}
}

func TestTagsLeadToTheirNotes(t *testing.T) {
	tests := []struct{ source, want string }{
		{"#work/Home, #日", `<p><a class="tag" href="/o/notes?tag=work%2FHome">#work/Home</a>, <a class="tag" href="/o/notes?tag=%E6%97%A5">#日</a></p>`},
		{"# a #b", `<h1 id="note-a-b">a <a class="tag" href="/o/notes?tag=b">#b</a></h1>`},
		{"*#a*", `<p><em><a class="tag" href="/o/notes?tag=a">#a</a></em></p>`},
		{"==#a== _#b_c", `<p><mark><a class="tag" href="/o/notes?tag=a">#a</a></mark> _<a class="tag" href="/o/notes?tag=b_c">#b_c</a></p>`},
		{"_see #a_", `<p><em>see <a class="tag" href="/o/notes?tag=a">#a</a></em></p>`},
		{"`#a` \\#b c#d #1", "<p><code>#a</code> #b c#d #1</p>"},
		{"[#a](/b)", `<p><a href="/b">#a</a></p>`},
		{"[#a]\n\n[#a]: /b", `<p><a href="/b">#a</a></p>`},
	}
	for _, tt := range tests {
		if got := render(tt.source, Options{Base: "/o"}).HTML(nil); got != tt.want+"\n" {
			t.Errorf("%q\n got %q\nwant %q", tt.source, got, tt.want)
		}
	}
}

func TestBeyondTheBoundsOfATextThereAreWordsAndNoLinks(t *testing.T) {
	source := ""
	for i := range markup.MaxTextTags + 10 {
		source += fmt.Sprintf("#t%d [[Note %[1]d]] [f%[1]d](/files/%064[1]x/f.txt) ![p%[1]d](/files/%064[1]x/p.png)\n\n", i)
	}
	html := show(source + "[f1](/files/" + fmt.Sprintf("%064x", 1) + "/f.txt) #t1\n")
	for what, want := range map[string]int{
		`class="tag"`: markup.MaxTextTags + 1, `class="wiki`: markup.MaxTextLinks, `href="/files/`: markup.MaxTextFiles + 1,
		`<img `: markup.MaxTextFiles,
	} {
		if got := strings.Count(html, what); got != want {
			t.Errorf("%s is there %d times, want %d", what, got, want)
		}
	}
	for _, words := range []string{"#t1005 [[Note 1005]] f1005", "p1005"} {
		if !strings.Contains(html, words) {
			t.Errorf("%q isn’t shown as words", words)
		}
	}
}

func TestWikiLinksLeadWhereTheirTitlesAre(t *testing.T) {
	resolve := func(link Link) (Target, bool) {
		return Target{URL: map[string]string{"A b": "/notes/1?x=1&y=2"}[link.Title]}, link.Title == "A b"
	}
	const found, missing = `<a class="wiki" href="/notes/1?x=1&amp;y=2`, `<a class="wiki wiki-missing" href="/o/notes/new?title=`
	tests := []struct{ source, want string }{
		{"[[A b]]", found + `">A b</a>`},
		{"[[A b#Über uns]]", found + `#note-über-uns">A b › Über uns</a>`},
		{`[[A b|"l" <b>]]`, found + `">&#34;l&#34; &lt;b&gt;</a>`},
		{"[[no & way]]", missing + `no+%26+way">no &amp; way</a>`},
		{"[[A b#x#Über uns]] [[#C#D]]", found + `#note-über-uns">A b › x#Über uns</a> <a class="wiki" href="#note-d">C#D</a>`},
		{"[[A b#^Id-1]] [[#^id]]", found + `#note-^id-1">A b › ^Id-1</a> <a class="wiki" href="#note-%5Eid">^id</a>`},
		{"[[#Here]]", `<a class="wiki" href="#note-here">Here</a>`},
		{"[x](#0) [[A b]]", `<a href="#note-0">x</a> ` + found + `">A b</a>`},
		{"[x [[A b]]]\n\n[x [[a b]]]: /c", `[x ` + found + `">A b</a>]`},
		{"`[[A b]]` \\[[A b]]", `<code>[[A b]]</code> [[A b]]`},
	}
	for _, tt := range tests {
		got := render(tt.source, Options{Base: "/o"}).HTML(resolve)
		if !strings.HasPrefix(got, "<p>"+tt.want+"</p>\n") {
			t.Errorf("%q\n got %q\nwant %q", tt.source, got, tt.want)
		}
	}
	d := render("[[A b]] [[c]] [[A b#d]] [[#e]]", Options{})
	if !slices.Equal(d.Links, []Link{{Title: "A b"}, {Title: "c"}}) {
		t.Errorf("links %v", d.Links)
	}
	asked := 0
	d.HTML(func(Link) (Target, bool) { asked++; return Target{}, false })
	if asked != 2 {
		t.Errorf("asked %d times for 2 titles", asked)
	}
}

func TestAnAddressTooLongForTheBoundIsLeftOut(t *testing.T) {
	source := strings.Repeat("[[a]]\n\n", 3000)
	got := render(source, Options{}).HTML(func(Link) (Target, bool) { return Target{URL: "/" + strings.Repeat("x", 200)}, true })
	checkSafe(t, source, got)
	if strings.Count(got, ">a</a>") != 3000 || !strings.Contains(got, `<a class="wiki">a</a>`) || !strings.Contains(got, "xx\">a</a>") {
		t.Error("words are lost, or no address is left out")
	}
}

func TestATitleIsShownApartWithAllThatIsInIt(t *testing.T) {
	content := "\n# Meeting with [[Anna]] and [docs](https://e.org)[^1] #work #\n## Meeting\n\nText[^1] - [ ] x\n\n[^1]: said"
	n, err := domain.NewNote(domain.NoteDraft{Content: content}, time.Time{})
	line, ok := n.TitleLine()
	if err != nil || !ok {
		t.Fatal(err, ok)
	}
	d := Render(content, Options{From: line.Rest, Title: line})
	title, body := d.Parts(nil)
	want := `Meeting with <a class="wiki wiki-missing" href="/notes/new?title=Anna">Anna</a> and ` +
		`<a href="https://e.org" rel="nofollow noopener noreferrer">docs</a><sup id="note-fnref:1">` +
		`<a href="#note-fn:1" class="footnote-ref" role="doc-noteref">1</a></sup> <a class="tag" href="/notes?tag=work">#work</a>`
	if title != want || !strings.HasPrefix(body, `<h2 id="note-meeting">`) || !strings.Contains(body, "said") || d.TitleID != "note-meeting-with-anna-and-docs-work" {
		t.Errorf("title %q (%s)\nbody %q", title, d.TitleID, body)
	}
	whole, none := Render(content, Options{}).Parts(nil)
	if whole != "" || !strings.Contains(none, "<h1 id=") {
		t.Errorf("title %q, body %q", whole, none)
	}
}

func TestABackslashThatBreaksTheTitlesLineIsNotShown(t *testing.T) {
	for content, want := range map[string]string{`a\` + "\nb": "a", `a\\` + "\nb": `a\`, `a\`: `a\`, `# a\` + "\nb": `a\`} {
		n, err := domain.NewNote(domain.NoteDraft{Content: content}, time.Time{})
		line, ok := n.TitleLine()
		if err != nil || !ok {
			t.Fatal(content, err, ok)
		}
		if title, _ := Render(content, Options{From: line.Rest, Title: line}).Parts(nil); title != want {
			t.Errorf("%q is shown as %q, want %q", content, title, want)
		}
	}
}

func TestBoxesAreButtonsNumberedOverTheWholeContent(t *testing.T) {
	content := "- [x] title\n\n- [ ] buy *\"oat\"* milk\n- x\n  - [X] b\n"
	d := Render(content, Options{From: strings.Index(content, "- [ ]"), Tasks: true})
	want := "<ul>\n" + `<li class="task-list-item"><button form="tasks" name="task" value="2" role="checkbox" aria-checked="false" ` +
		`aria-label="buy &#34;oat&#34; milk"></button> buy <em>&#34;oat&#34;</em> milk</li>` + "\n<li>x\n<ul>\n" +
		`<li class="task-list-item"><button form="tasks" name="task" value="3" role="checkbox" aria-checked="true" ` +
		`aria-label="b"></button> b</li>` + "\n</ul>\n</li>\n</ul>\n"
	if got := d.HTML(nil); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := Render(content, Options{}).HTML(nil); strings.Contains(got, "<button") || strings.Count(got, "<input") != 3 {
		t.Errorf("a box that can't be ticked: %q", got)
	}
}

func TestManyShortTasksCanBeTicked(t *testing.T) {
	source := strings.Repeat("- [ ] milk\n", 2000)
	got := render(source, Options{Tasks: true}).HTML(nil)
	checkSafe(t, source, got)
	if n := strings.Count(got, "<button"); n != 2000 {
		t.Errorf("%d boxes can be ticked", n)
	}
	source = strings.Repeat("- [ ]\n", 2000) // too little text for so many buttons
	got = render(source, Options{Tasks: true}).HTML(nil)
	checkSafe(t, source, got)
	if n := strings.Count(got, "<input"); n != 2000 {
		t.Errorf("%d boxes are shown", n)
	}
}

func TestCalloutsTakeTheStyleOfTheirKind(t *testing.T) {
	tests := []struct{ source, want string }{
		{
			"> [!WARNING] Mind *the* #gap\n> a\n> - b",
			`<div class="callout callout-warning" role="note">` + "\n" + `<p class="callout-title">Mind <em>the</em> ` +
				`<a class="tag" href="/notes?tag=gap">#gap</a></p>` + "\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</div>\n",
		},
		{"> [!tip]\u00a0_a_", `<div class="callout callout-tip" role="note">` + "\n" + `<p class="callout-title"><em>a</em></p>` + "\n</div>\n"},
		{"> [!tip]-\u3000題\n> b", `<details class="callout callout-tip">` + "\n" + `<summary class="callout-title">題</summary>` + "\n<p>b</p>\n</details>\n"},
		{"> [!todo]", `<div class="callout callout-note" role="note">` + "\n" + `<p class="callout-title">Todo</p>` + "\n</div>\n"},
		{"> [!done]", `<div class="callout callout-success" role="note">` + "\n" + `<p class="callout-title">Done</p>` + "\n</div>\n"},
		{"> [!FAQ]", `<div class="callout callout-question" role="note">` + "\n" + `<p class="callout-title">Faq</p>` + "\n</div>\n"},
		{
			"> [!bug]- a\n>\n> > [!x-y]\n> > ```go\n> > if\n> > ```",
			`<details class="callout callout-caution">` + "\n" + `<summary class="callout-title">a</summary>` + "\n" +
				`<div class="callout callout-note" role="note">` + "\n" + `<p class="callout-title">X-y</p>` + "\n" +
				`<pre tabindex="0"><code class="language-go"><span class="c-k">if</span>` + "\n</code></pre>\n</div>\n</details>\n",
		},
		{
			"> [!tip]+\n> a", `<details class="callout callout-tip" open="">` + "\n" + `<summary class="callout-title">Tip</summary>` +
				"\n<p>a</p>\n</details>\n",
		},
		{
			"> [!tip|right 50%]- a\n> b", `<details class="callout callout-tip">` + "\n" + `<summary class="callout-title">a</summary>` +
				"\n<p>b</p>\n</details>\n",
		},
		{"> [!note](/a)", "<blockquote>\n<p>[!note](/a)</p>\n</blockquote>\n"},
		{"> a\n> [!note]", "<blockquote>\n<p>a<br>\n[!note]</p>\n</blockquote>\n"},
		{"[!note]", "<p>[!note]</p>\n"},
	}
	for _, tt := range tests {
		got := show(tt.source)
		checkSafe(t, tt.source, got)
		if tt.source == "> [!note](/a)" {
			tt.want = "<blockquote>\n" + `<p><a href="/a">!note</a></p>` + "\n</blockquote>\n"
		}
		if got != tt.want {
			t.Errorf("%q\n got %q\nwant %q", tt.source, got, tt.want)
		}
	}
}

func TestCodeIsColoured(t *testing.T) {
	tests := []struct{ language, code, want string }{
		{"go", "func f() string { return \"a\\\"b\" } // c", `{k:func} {f:f}() {k:string} { {k:return} {s:"a\"b"} } {c:// c}`},
		{"go", "/* a\nb */ x := `c\nd` + 0x1F + 'e'", "{c:/* a\nb */} x := {s:`c\nd`} + {n:0x1F} + {s:'e'}"},
		{"Python", "@a\ndef f(x):\n  '''b\nc'''\n  return None # d", "{a:@a}\n{k:def} {f:f}(x):\n  {s:'''b\nc'''}\n  {k:return} {n:None} {c:# d}"},
		{"rust", "fn f<'a>(x: &'a str) { 'b' '\\'' }", `{k:fn} {f:f}<{a:'a}>(x: {k:&}{a:'a} {k:str}) { {s:'b'} {s:'\''} }`},
		{"sql", "SELECT a FROM b -- c", "{k:SELECT} a {k:FROM} b {c:-- c}"},
		{"json", `{"a": "b", "c": [1, true]}`, `{{a:"a"}: {s:"b"}, {a:"c"}: [{n:1}, {n:true}]}`},
		{"yaml", "a-b: c # d\ne: f#g", "{a:a-b}: c {c:# d}\n{a:e}: f#g"},
		{"bash", "if [ \"$a\" ]; then echo $b; fi # c", "{k:if} [ {s:\"}{a:$a}{s:\"} ]; {k:then} {f:echo} {a:$b}; {k:fi} {c:# c}"},
		{"html", "<!-- a --><b class=\"c\">d</b>", "{c:<!-- a -->}<{k:b} {a:class}={s:\"c\"}>d</{k:b}>"},
		{"diff", "--- a\n@@ b\n+c\n-d\n e", "{h:--- a\n@@ b\n}{i:+c\n}{d:-d\n} e"},
		{"css", ".a { color: red } /* b */ @media", ".{f:a} { {a:color}: {n:red} } {c:/* b */} @{a:media}"},
		{"nonsense", "if a", "if a"},
		{"c", "#include <a>\nint", "{a:#include} {s:<a>}\n{k:int}"},
		{"js", "'a\nb(1)", "'a\n{f:b}({n:1})"},
		{"rust,no_run", "if x", "{k:if} x"},
	}
	for _, tt := range tests {
		source := "```" + tt.language + "\n" + tt.code + "\n```"
		got := show(source)
		checkSafe(t, source, got)
		_, got, _ = strings.Cut(got, `">`)
		got = strings.TrimSuffix(got[strings.Index(got, `">`)+2:], "</code></pre>\n")
		got = strings.NewReplacer("</span>", "}", "&#34;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(got)
		got = strings.TrimSuffix(strings.ReplaceAll(strings.ReplaceAll(got, `<span class="c-`, "{"), `">`, ":"), "\n")
		if got != tt.want && strings.TrimSuffix(strings.ReplaceAll(got, "\n}", "}"), "\n") != tt.want {
			t.Errorf("%s %q\n got %q\nwant %q", tt.language, tt.code, got, tt.want)
		}
	}
}

func TestCodeBeyondTheBoundHasNoColours(t *testing.T) {
	block := func(size int) string { return "```go\n" + strings.Repeat("if a\n", size/5) + "```\n\n" }
	if got := show(block(maxCode)); !strings.Contains(got, `<span class="c-k">`) {
		t.Error("no colours at the bound")
	}
	if got := show(block(maxCode + 5)); strings.Contains(got, "<span") {
		t.Error("colours beyond the bound")
	}
	got := show(strings.Repeat(block(maxCode/2), 2*maxCodeInAll/maxCode+3))
	if blocks := strings.SplitAfter(got, "</pre>"); strings.Contains(blocks[len(blocks)-2], "<span") || !strings.Contains(blocks[0], "<span") {
		t.Error("the blocks don't count together")
	}
}

// A document that lacks colours for want of time isn't remembered, and each time it has more of them.
func TestCodeGetsItsColoursHoweverLittleTimeThereIs(t *testing.T) {
	defer func(d time.Duration) { maxCodeTime = d }(maxCodeTime)
	maxCodeTime = 1
	source := "```go\nif slow1\n```\n\n```go\nif slow2\n```\n\n```go\nif slow3\n```\n"
	for round := 1; round <= 100; round++ {
		first := Render(source, Options{})
		if Render(source, Options{}) != first {
			continue
		}
		if round < 2 {
			t.Errorf("there was time for all at once")
		}
		return
	}
	t.Error("it is never complete")
}

func TestHeadingsAreListed(t *testing.T) {
	got := render("# A *b* `c` & [[d]] #e\n\n> ## f\n\n# A b c d e\n\ng\n-", Options{}).Headings
	want := []Heading{{1, "note-a-b-c--d-e", "A b c & d #e"}, {2, "note-f", "f"}, {1, "note-a-b-c-d-e", "A b c d e"}, {2, "note-g", "g"}}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestDocumentsAreToldApartByAllThatTheyDependOn(t *testing.T) {
	source := "#a\n\n- [ ] b"
	seen := map[cacheKey]bool{}
	for _, o := range []Options{{}, {Base: "/x"}, {From: 1}, {Tasks: true}} {
		seen[keyOf(source, o)] = true
		seen[keyOf(source+"c", o)] = true
	}
	if len(seen) != 8 {
		t.Errorf("%d keys", len(seen))
	}
	if first := Render(source, Options{}); Render(source, Options{}) != first {
		t.Error("rendered again")
	}
}

func TestRenderMayBeCalledConcurrently(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				source := fmt.Sprintf("[[%d]] ```go\nif\n```", (i+j)%10)
				if got := Render(source, Options{}).HTML(nil); !strings.Contains(got, "wiki-missing") {
					t.Errorf("got %q", got)
				}
			}
		})
	}
	wg.Wait()
}

// codes are what a careless colouring of code takes long for, or makes much of.
var codes = []string{"a", "\"", "'", "`", "/*", "*/", "//", "\n", " ", "<", "<a ", "<!--", "#", "1 ", "a:", "\"\"1", "if\n", "@a", "$", "\\", "+\n-\n", "é"}

func TestCodeStaysWithinTheBounds(t *testing.T) {
	for _, language := range []string{"go", "c", "js", "html", "css", "json", "bash", "sql", "md", "vue", "diff"} {
		for _, unit := range codes {
			for _, size := range []int{1, 100, 1000} {
				source := "~~~" + language + "\n" + strings.Repeat(unit, max(1, size/len(unit))) + "\n~~~"
				got := show(source)
				if strings.Contains(got, plainStart) {
					t.Errorf("%s, %d bytes of %q: plain text", language, size, unit)
				}
				checkSafe(t, source, got)
			}
		}
	}
}

func calloutsIn(depth int) string {
	var b strings.Builder
	for i := range depth {
		b.WriteString(strings.Repeat("> ", i+1) + "[!tip] a\n")
	}
	return b.String()
}

func TestTheWordsAroundAContentAreThoseOfTheLanguage(t *testing.T) {
	codes := &lang.Language{} // which has no words, and so says the codes
	for _, test := range []struct{ content, english, code string }{
		{"- [ ]\n- [ ] ", `aria-label="Task"`, `aria-label="prose.task"`},
		{"|a|\n|-|", `aria-label="Table"`, `aria-label="prose.table"`},
		{"a[^1]\n\n[^1]: b", "Back to the text", "prose.back_to_text"},
		{"[![](https://e.org/a.png)](/a)", ">Image<", ">prose.image<"},
		{"<details>\n\na\n\n</details>", "<summary>Details</summary>", "<summary>prose.details</summary>"},
		{strings.Repeat("> ", maxNesting) + strings.Repeat("a ", maxParagraph), "Too long or too complex", "prose.plain"},
		{"$" + strings.Repeat("x", math.MaxSource+1) + "$", "the formula is too long", "prose.formula.too_long"},
		{`$\nosuch$`, "not valid TeX: Unsupported", "prose.formula.invalid"},
	} {
		for range 2 { // both are remembered, each by itself
			if got := Render(test.content, Options{}).HTML(nil); !strings.Contains(got, test.english) {
				t.Errorf("%q has no %s: %q", test.content[:min(40, len(test.content))], test.english, got[:min(400, len(got))])
			}
			if got := Render(test.content, Options{Language: codes}).HTML(nil); !strings.Contains(got, test.code) {
				t.Errorf("%q has no %s: %q", test.content[:min(40, len(test.content))], test.code, got[:min(400, len(got))])
			}
		}
	}
}
