package markdown

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"

	"octavo/domain/markup"
	"octavo/lang"
)

// plainStart begins what is shown as plain text.
var plainStart = plainOpen(lang.English())

// show renders all of source, without a note that its links may lead to, past what Render remembers.
func show(source string) string { return render(source, Options{}).HTML(nil) }

func TestRenderFormatsWhatItPromises(t *testing.T) {
	tests := []struct{ promise, source, want string }{
		{"nothing gives nothing", "", ""},
		{"emphasis", "*a* **b** ~~c~~", "<p><em>a</em> <strong>b</strong> <del>c</del></p>\n"},
		{
			"a heading has an id that is the note's own", "# main",
			`<h1 id="note-main">main</h1>` + "\n",
		},
		{
			"heading ids keep their script and differ from one another",
			"# Über *uns* 日本\n\n# über uns, 日本\n\n# !\n\nx\n=",
			`<h1 id="note-über-uns-日本">Über <em>uns</em> 日本</h1>` + "\n" +
				`<h1 id="note-über-uns-日本-1">über uns, 日本</h1>` + "\n" +
				`<h1 id="note-section">!</h1>` + "\n" + `<h1 id="note-x">x</h1>` + "\n",
		},
		{
			"a tag that is text keeps its lines", "a <div\n  class=\"b\"> c",
			"<p>a &lt;div<br>\nclass=&#34;b&#34;&gt; c</p>\n",
		},
		{
			"a colon doesn't make a scheme of what is none", "[a](12:30) [b](foo\\)\\:) [c](a/b:c)",
			`<p><a href="./12:30">a</a> <a href="./foo):">b</a> <a href="a/b:c">c</a></p>` + "\n",
		},
		{
			"a link inside the note stays inside the note", "[a](#intro) [b](#main) [c](#note-x)",
			`<p><a href="#note-intro">a</a> <a href="#note-main">b</a> <a href="#note-x">c</a></p>` + "\n",
		},
		{
			"an id that a suffix would give is not given twice", "# a\n# a-1\n# a",
			`<h1 id="note-a">a</h1>` + "\n" + `<h1 id="note-a-1">a-1</h1>` + "\n" + `<h1 id="note-a-2">a</h1>` + "\n",
		},
		{
			"code keeps its language", "```go\na < b\n```",
			`<pre tabindex="0"><code class="language-go">a &lt; b` + "\n</code></pre>\n",
		},
		{
			"code indented by four blanks", "    a\n\n    b",
			"<pre tabindex=\"0\"><code>a\n\nb\n</code></pre>\n",
		},
		{
			"a language that is no plain word is dropped", "```\"x\na\n```",
			"<pre tabindex=\"0\"><code>a\n</code></pre>\n",
		},
		{
			"a table scrolls by keyboard and aligns without a style", "|a|b|c|\n|:-|-:|-|\n|1|2|3|",
			`<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>` + "\n<thead>\n<tr>\n" +
				"<th align=\"left\">a</th>\n<th align=\"right\">b</th>\n<th>c</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n" +
				"<td align=\"left\">1</td>\n<td align=\"right\">2</td>\n<td>3</td>\n</tr>\n</tbody>\n</table></div>\n",
		},
		{
			"a task box is named after its text", "- [x] buy *\"oat\"* milk\n- [ ]\n- none",
			"<ul>\n" + `<li class="task-list-item"><input type="checkbox" disabled="" checked="" ` +
				`aria-label="buy &#34;oat&#34; milk"> buy <em>&#34;oat&#34;</em> milk</li>` + "\n" +
				`<li class="task-list-item"><input type="checkbox" disabled="" aria-label="Task"> </li>` +
				"\n<li>none</li>\n</ul>\n",
		},
		{"a list starts where it says", "7. a", "<ol start=\"7\">\n<li>a</li>\n</ol>\n"},
		{
			"a footnote and its way back", "a[^x]\n\n[^x]: b",
			`<p>a<sup id="note-fnref:1"><a href="#note-fn:1" class="footnote-ref" role="doc-noteref">1</a></sup></p>` +
				"\n" + `<div class="footnotes" role="doc-endnotes">` + "\n<hr>\n<ol>\n" + `<li id="note-fn:1">` + "\n" +
				"<p>b\u00a0" + `<a href="#note-fnref:1" class="footnote-backref" title="Back to the text" ` +
				"role=\"doc-backlink\">\u21a9\ufe0e</a></p>\n</li>\n</ol>\n</div>\n",
		},
		{"a footnote inside a quote stays text", "a[^1]\n\n> [^1]: b", "<p>a[^1]</p>\n<blockquote>\n<p>[^1]: b</p>\n</blockquote>\n"},
		{
			"a foreign link says so", `[a](https://x.example/?a=1&b=2 "t")`,
			`<p><a href="https://x.example/?a=1&amp;b=2" rel="nofollow noopener noreferrer" title="t">a</a></p>` + "\n",
		},
		{
			"a link without a scheme to another site is foreign", "[a](//x.example)",
			`<p><a href="//x.example" rel="nofollow noopener noreferrer">a</a></p>` + "\n",
		},
		{"a link within the site", "[a](/notes?tag=b#c)", `<p><a href="/notes?tag=b#c">a</a></p>` + "\n"},
		{"a link to an address of mail", "<a@b.example>", `<p><a href="mailto:a@b.example">a@b.example</a></p>` + "\n"},
		{
			"a bare address, without the full stop, in any script", "www.x.example/日 and https://y.example/a_b_c.",
			`<p><a href="http://www.x.example/%E6%97%A5" rel="nofollow noopener noreferrer">www.x.example/日</a> and ` +
				`<a href="https://y.example/a_b_c" rel="nofollow noopener noreferrer">https://y.example/a_b_c</a>.</p>` +
				"\n",
		},
		{
			"an image of this site", `![*a* b](/files/1 "t")`,
			`<p><img src="/files/1" alt="a b" loading="lazy" title="t"></p>` + "\n",
		},
		{
			"an image has the size at the end of its words", "![a|300](/files/1) ![|30x20](/files/1) ![*a*|9](/files/1) ![a|b](/files/1) ![300](/files/1)",
			`<p><img src="/files/1" alt="a" loading="lazy" width="300"> ` +
				`<img src="/files/1" alt="" loading="lazy" width="30" height="20"> ` +
				`<img src="/files/1" alt="a" loading="lazy" width="9"> <img src="/files/1" alt="a|b" loading="lazy"> ` +
				`<img src="/files/1" alt="300" loading="lazy"></p>` + "\n",
		},
		{
			"a foreign image is named without one", "![a|300](https://x.example/p.png)",
			`<p><a href="https://x.example/p.png" class="remote-image" rel="nofollow noopener noreferrer">a</a></p>` +
				"\n",
		},
		{
			"a foreign image waits for a click", "![a](https://x.example/p.png)",
			`<p><a href="https://x.example/p.png" class="remote-image" rel="nofollow noopener noreferrer">a</a></p>` +
				"\n",
		},
		{
			"a foreign image without a text is named by its address", "![](//x.example/p.png)",
			`<p><a href="//x.example/p.png" class="remote-image" rel="nofollow noopener noreferrer">` +
				"//x.example/p.png</a></p>\n",
		},
		{
			"a foreign image in a link makes no second link", "[![a](https://x.example/p.png)](/b)",
			`<p><a href="/b"><span class="remote-image">a</span></a></p>` + "\n",
		},
		{"lines stay lines", "Ada\n1 High St\n  York\nUK", "<p>Ada<br>\n1 High St<br>\nYork<br>\nUK</p>\n"},
		{
			"a character reference is read wherever it stands", "caf&#233;\n&#x20;a&#x20;\n&eacute;#&#35;a &#xE9;# &amp;# &num; &#9;",
			"<p>café<br>\n a <br>\né##a é# &amp;# # \t</p>\n",
		},
		{"what is no character reference stays", "&#; &#x; &; &nosuch; AT&T &#abc;", "<p>&amp;#; &amp;#x; &amp;; &amp;nosuch; AT&amp;T &amp;#abc;</p>\n"},
		{
			"an address to call", "[call](tel:+49-30-1234) <tel:+4930>",
			`<p><a href="tel:+49-30-1234">call</a> <a href="tel:+4930">tel:+4930</a></p>` + "\n",
		},
		{
			"an address in angle brackets is taken as it is", `<https://e.org/a\_b&amp;c>`,
			`<p><a href="https://e.org/a%5C_b&amp;amp;c" rel="nofollow noopener noreferrer">https://e.org/a\_b&amp;amp;c</a></p>` + "\n",
		},
		{
			"anchors written for GitHub", "# foo_bar\n# 🚀 Features\n# A  b & c\n# Über [uns](/x) `a*b`\n# 1. Ünï?\n\n" +
				"[a](#foo_bar) [b](#-features) [c](#Foo_Bar) [d](#user-content-foo_bar) [e](#a--b--c) [f](#%C3%BCber)",
			`<h1 id="note-foo_bar">foo_bar</h1>` + "\n" + `<h1 id="note--features">🚀 Features</h1>` + "\n" +
				`<h1 id="note-a--b--c">A  b &amp; c</h1>` + "\n" +
				`<h1 id="note-über-uns-ab">Über <a href="/x">uns</a> <code>a*b</code></h1>` + "\n" +
				`<h1 id="note-1-ünï">1. Ünï?</h1>` + "\n" +
				`<p><a href="#note-foo_bar">a</a> <a href="#note--features">b</a> <a href="#note-foo_bar">c</a> ` +
				`<a href="#note-foo_bar">d</a> <a href="#note-a--b--c">e</a> <a href="#note-%C3%BCber">f</a></p>` + "\n",
		},
		{
			"anchors of headings with something hidden or a formula", "# A ^b\n# C %%d%%\n# E $x^2$\n\n[[#A]] [[#^b]] [[#C]] [e](#e-x2)",
			`<h1 id="note-a"><span id="note-^b"></span>A </h1>` + "\n" + `<h1 id="note-c">C </h1>` + "\n" +
				`<h1 id="note-e-x2">E <math><msup><mi>x</mi><mn class="tml-sml-pad">2</mn></msup></math></h1>` + "\n" +
				`<p><a class="wiki" href="#note-a">A</a> <a class="wiki" href="#note-%5Eb">^b</a> <a class="wiki" href="#note-c">C</a> ` +
				`<a href="#note-e-x2">e</a></p>` + "\n",
		},
		{
			"the name of a block on a line of its own", "a\n^b\n\n|c|d|\n|-|-|\n|e|f|\n^g\n\nh",
			`<p><span id="note-^b"></span>a</p>` + "\n" + `<div id="note-^g"></div>` + "\n" +
				`<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>` + "\n<thead>\n<tr>\n<th>c</th>\n<th>d</th>\n</tr>\n</thead>\n" +
				"<tbody>\n<tr>\n<td>e</td>\n<td>f</td>\n</tr>\n</tbody>\n</table></div>\n<p>h</p>\n",
		},
		{
			"a few elements of HTML are shown as such", "H<sub>2</sub>O <SUP class=\"x\" onclick=y>*2*</SUP> <kbd>a</kbd> <mark>b</mark> <u>c</u><br/>d<br>e",
			"<p>H<sub>2</sub>O <sup><em>2</em></sup> <kbd>a</kbd> <mark>b</mark> <u>c</u><br>d<br>e</p>\n",
		},
		{
			"an abbreviation keeps its title, and nothing else", `<abbr title="Hyper &quot;Text&quot;" style="x" onclick="y">HTML</abbr>`,
			`<p><abbr title="Hyper &#34;Text&#34;">HTML</abbr></p>` + "\n",
		},
		{"ruby", "<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby>", "<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>\n"},
		{
			"a tag without its counterpart beside it is text", "<kbd>a *b</kbd>* <sub><sup>c</sub></sup> </u>\n\n</kbd></br>",
			"<p>&lt;kbd&gt;a <em>b&lt;/kbd&gt;</em> <sub>&lt;sup&gt;c</sub>&lt;/sup&gt; &lt;/u&gt;</p>\n<p>&lt;/kbd&gt;&lt;/br&gt;</p>\n",
		},
		{"what looks like code in HTML is code", "`<kbd>` \\<kbd>a</kbd>", "<p><code>&lt;kbd&gt;</code> &lt;kbd&gt;a&lt;/kbd&gt;</p>\n"},
		{
			"comments are hidden", "a<!-- b\n*c* -->d %%e%% f 100%% g%%\n\n<!--\n\n*h*\n\n-->\n%%\n# i\n\nj\n%%\nk\n\n<!-- l",
			"<p>ad  f 100%% g%%</p>\n<p>k</p>\n<p>&lt;!-- l</p>\n",
		},
		{
			"comments stay in code", "`%%a%%` `<!-- b -->`\n\n    %%\n    c\n\n```\n<!-- d\n```\n-->",
			"<p><code>%%a%%</code> <code>&lt;!-- b --&gt;</code></p>\n<pre tabindex=\"0\"><code>%%\nc\n</code></pre>\n" +
				"<pre tabindex=\"0\"><code>&lt;!-- d\n</code></pre>\n<p>--&gt;</p>\n",
		},
		{"highlights", "==a *b*== c==d==e f == g == h =====", "<p><mark>a <em>b</em></mark> c==d==e f == g == h =====</p>\n"},
		{
			"a footnote where it is referred to", "a^[b *c* [d](/e)] x^[", `<p>a<sup id="note-fnref:1"><a href="#note-fn:1" ` +
				`class="footnote-ref" role="doc-noteref">1</a></sup> x^[</p>` + "\n" +
				`<div class="footnotes" role="doc-endnotes">` + "\n<hr>\n<ol>\n" + `<li id="note-fn:1">` + "\n" +
				`<p>b <em>c</em> <a href="/e">d</a>` + "\u00a0" + `<a href="#note-fnref:1" class="footnote-backref" title="Back to the text" ` +
				"role=\"doc-backlink\">\u21a9\ufe0e</a></p>\n</li>\n</ol>\n</div>\n",
		},
		{
			"a footnote that nothing refers to is shown", "[^x]: #a", `<div class="footnotes" role="doc-endnotes">` + "\n<hr>\n<ol>\n" +
				`<li id="note-fn:1">` + "\n" + `<p><a class="tag" href="/notes?tag=a">#a</a></p>` + "\n</li>\n</ol>\n</div>\n",
		},
		{
			"what folds away, with Markdown in it", "<details>\n<summary>*A*</summary>\n\n- b\n\n<details open><summary>C</summary>d</details>\n</details>\ne",
			"<details>\n<summary><em>A</em></summary>\n<ul>\n<li>b</li>\n</ul>\n<details open=\"\">\n<summary>C</summary>\n<p>d</p>\n</details>\n" +
				"</details>\n<p>e</p>\n",
		},
		{
			"what begins behind a part of a tab", "1. a\n\n\t<!-- b -->\n\tc\n2. d\n\t<summary>e</summary>",
			"<ol>\n<li>\n<p>a</p>\n<p>c</p>\n</li>\n<li>\n<p>d</p>\n<p>&lt;summary&gt;e&lt;/summary&gt;</p>\n</li>\n</ol>\n",
		},
		{
			"what folds away ends with the block around it", "> <details>\n> a\n\nb\n\n</details>\n\n<summary>c</summary>",
			"<blockquote>\n<details>\n<summary>Details</summary>\n<p>a</p>\n</details>\n</blockquote>\n<p>b</p>\n<p>&lt;/details&gt;</p>\n" +
				"<p>&lt;summary&gt;c&lt;/summary&gt;</p>\n",
		},
		{
			"the name of a block is hidden, and leads to it", "a ^x-1\n\n- b ^Y\n- c^2\n\n|d|\n|-|\n\n^t\n\ne ^x-1\n\n[f](#^x-1)",
			`<p><span id="note-^x-1"></span>a </p>` + "\n<ul>\n" + `<li><span id="note-^y"></span>b </li>` + "\n<li>c^2</li>\n</ul>\n" +
				`<div id="note-^t"></div>` + "\n" + `<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>` +
				"\n<thead>\n<tr>\n<th>d</th>\n</tr>\n</thead>\n</table></div>\n<p>e </p>\n" + `<p><a href="#note-%5Ex-1">f</a></p>` + "\n",
		},
		{
			"a bar in a wiki link parts no cells", "|a|b|\n|-|-|\n|[[c|d]]|`e\\|f`|", `<div class="table-scroll" tabindex="0" role="group" aria-label="Table"><table>` +
				"\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n" +
				`<td><a class="wiki wiki-missing" href="/notes/new?title=c">d</a></td>` + "\n<td><code>e|f</code></td>\n</tr>\n</tbody>\n</table></div>\n",
		},
		{"other HTML is text", "<b>a</b>\n\n<div>\n", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n<p>&lt;div&gt;</p>\n"},
		{"an entity is its character", "&copy; &lt;", "<p>© &lt;</p>\n"},
		{"bytes that are no UTF-8 are replaced", "a\xffb", "<p>a\uFFFDb</p>\n"},
	}
	for _, tt := range tests {
		t.Run(tt.promise, func(t *testing.T) {
			if got := show(tt.source); got != tt.want {
				t.Errorf("Render(%q)\n got %q\nwant %q", tt.source, got, tt.want)
			}
		})
	}
}

var attacks = []string{
	"<script>alert(1)</script>", "<SCRIPT SRC=//x.example/a.js></SCRIPT>", "<img src=x onerror=alert(1)>",
	"<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>", "<math><mtext></form><form><mglyph><style>",
	"<style>*{display:none}</style>", `<meta http-equiv="refresh" content="0;url=//x.example">`, "<base href=//x.example>",
	"<iframe src=javascript:alert(1)>", `<a href="javascript:alert(1)">a</a>`, `<div id="main" hx-get="/logout">`,
	`<div hx-on:click="alert(1)" data-x="1" style="position:fixed">`, "<form action=/logout><button>a</button></form>",
	"<!--><script>alert(1)</script>-->", "<![CDATA[<script>alert(1)</script>]]>", "<?php ?>", "<!DOCTYPE html>",
	"[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a](javascript&colon;alert(1))",
	"[a](&#106;avascript:alert(1))", "[a](&#x6A;avascript&#58;alert(1))", "[a](java&Tab;script:alert(1))",
	"[a](<java\tscript:alert(1)>)", "[a](<\x01javascript:alert(1)>)", "[a](java&NewLine;script:alert(1))",
	"[a](data:text/html;base64,PHNjcmlwdD4=)", "[a](data:image/png;base64,AAAA)", "[a](vbscript:msgbox)",
	"[a](file:///etc/passwd)", "[a](blob:https://x.example/1)", "[a](ftp://x.example)", "[a](javascript\\:alert(1))",
	"<javascript:alert(1)>", "<data:text/html,x>", "![a](javascript:alert(1))", "![a](data:image/svg+xml,<svg/>)",
	"[a]\n\n[a]: javascript:alert(1)", "![a]\n\n[a]: data:text/html,x", "[a](https:javascript:alert(1))",
	`[a](/b "onclick=alert(1)")`, `[a](/b '" onclick="alert(1)')`, `[a](/b" onclick="alert(1))`,
	`![" onerror="alert(1)](/b)`, `![a](/b" onerror="alert(1))`, "`<script>alert(1)</script>`",
	"```\" onclick=\"alert(1)\n```", "```x style=y\n<script>\n```", "# \" onclick=\"alert(1)", "# main {#main onclick=alert(1)}",
	"- [ ] \" onfocus=\"alert(1)", "|<script>|\n|-|\n|<svg onload=x>|", "a[^\"onclick=x]\n\n[^\"onclick=x]: b",
	"[a <b onclick=x>](</b>)", "[[a](/b)](/c)", "[![a](/b)](javascript:x)", "http://x.example/\"onclick=\"alert(1)",
	"www.x.example/<script>", "a@b.example\"onclick=x", "![a](/\\x.example/p.png)", "![a](\\\\\\\\x.example/p.png)",
	"![a](/&Tab;/x.example/p.png)", "![a](&sol;/x.example/p.png)", "![a](http:p.png)", "![a](https:/x.example/p.png)",
	"[a](<1javascript:alert(1)>)", "[a](./javascript:alert(1))", "[a](java%0ascript:alert(1))", "[a](&#1;javascript:alert(1))",
	"![a](pic.png \"' onerror=alert(1) x=\")", "![a](pic.png '\" onerror=\"alert(1)')", "![a](///x.example/p.png)", "<a@b.example?cc=\"onclick=x>",
}

func TestRenderIsSafeWhateverIsWritten(t *testing.T) {
	for _, source := range attacks {
		t.Run(source, func(t *testing.T) { checkSafe(t, source, show(source)) })
	}
}

func TestRenderKeepsTheTextOfALinkItRefuses(t *testing.T) {
	want := "<p>click me</p>\n"
	if got := show("[click me](javascript:alert(1))"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestThePolicyAloneStopsWhatTheRendererNeverWrites(t *testing.T) {
	for _, source := range attacks {
		// The attack as HTML, without goldmark before it.
		checkElements(t, policy().Sanitize(source))
	}
}

func TestRenderShowsWhatIsOverABoundAsPlainText(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it takes long, and nothing in it runs at once")
	}
	const whole, part, none = "the document", "a part", "nothing"
	tests := []struct {
		promise, source, plain string
	}{
		{"a paragraph of 16 KiB is formatted", strings.Repeat("word ", maxParagraph/5), none},
		{"a longer one is not, but its neighbours are", "*a*\n\n" + strings.Repeat("word ", maxParagraph/5+1) + "\n\n*b*", part},
		{"nor is a longer heading", strings.Repeat("word ", maxParagraph/5+2) + "\n===", part},
		{"a table of 65,536 cells is formatted", table(16, 4094), none},
		{"a bigger one is not, but its neighbours are", "*a*\n\n" + table(16, 4095) + "\n*b*", part},
		{"the tables count together", table(16, 4000) + "\n" + table(16, 4000), part},
		{"a long table is not a long paragraph", table(4, 8000), none},
		{"a wide table with short lines", "*a*\n\n" + wideTable(1000, 100) + "\n*b*", part},
		{"openings of links without an end", strings.Repeat("[a](", 64<<10), whole},
		{"the same within paragraphs", strings.Repeat(strings.Repeat("[a](", 1000)+"\n\n", 64), none},
		{"emphasis in all directions", strings.Repeat(strings.Repeat("*a_ ", 1000)+"\n\n", 64), whole},
		{"emphasis in emphasis", strings.Repeat("*a **a ", 300) + strings.Repeat("a** a*", 300), whole},
		{"one long address with many references", "[a]: /" + strings.Repeat("b", 10_000) + "\n\n" + strings.Repeat("[a]\n\n", 1000), whole},
		{"one footnote with many references", "[^a]: b\n\n" + strings.Repeat("[^a]\n\n", 4000), whole},
		{"blank lines in a deep list", strings.Repeat("- ", 60) + "a\n" + strings.Repeat("\n", 100_000) + "a", whole},
		{"escaped pipes in the code of a table", "|a|\n|-|\n" + strings.Repeat("|`\\|`|\n", 10_000), none},
		{"more headings than anybody reads", strings.Repeat("# a\n", maxHeadings+1), whole},
		{"more items than anybody reads", strings.Repeat("- a\n", maxNodes), whole},
		{"wiki links without an end", strings.Repeat("[[a]]\n\n", 10_000), none},
		{"wiki links with long titles", strings.Repeat("[["+strings.Repeat("日", 200)+"]]\n\n", 400), none},
		{"tags without an end", strings.Repeat("#abc\n\n", 40_000), whole},
		{"callouts in callouts", calloutsIn(maxNesting), none},
		{"callouts deeper than the bound", calloutsIn(maxNesting + 10), none},
		{"callouts without an end", strings.Repeat(">[!a]\n\n", 10_000), none},
		{"a block of code as long as a note", "```js\n" + strings.Repeat("if (a) '\n", 28_000) + "```", none},
		{"more blocks of code than anybody reads", strings.Repeat("```go\nif 1\n```\n", 17_000), none},
		{"definitions of links without an end", strings.Repeat("[a]: b\n", 30_000), none},
	}
	for _, tt := range tests {
		t.Run(tt.promise, func(t *testing.T) {
			got := show(tt.source)
			checkSafe(t, tt.source, got)
			plain := none
			if got == plainStart+html.EscapeString(tt.source)+plainClose {
				plain = whole
			} else if strings.Contains(got, plainStart) {
				plain = part
			}
			if plain != tt.plain {
				t.Errorf("%s is plain text, want %s", plain, tt.plain)
			}
			if strings.Contains(tt.source, "*b*") && !strings.HasSuffix(got, "<p><em>b</em></p>\n") {
				t.Errorf("the neighbour is not formatted: …%q", got[max(0, len(got)-40):])
			}
		})
	}
}

func TestWhatIsTooMuchEndsBeforeAllOfItIsMade(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it takes long, and nothing in it runs at once")
	}
	for _, unit := range []string{"- a\n", "a\n\n", "> a\n\n"} {
		made := func(n int) float64 {
			return testing.AllocsPerRun(1, func() { render(strings.Repeat(unit, n), Options{}) })
		}
		if few, many := made(maxNodes/2), made(2*maxNodes); many > few*3/2 {
			t.Errorf("%q: %d take %v allocations, %d take %v", unit, maxNodes/2, few, 2*maxNodes, many)
		}
	}
}

func table(columns, lines int) string {
	return strings.Repeat("|a", columns) + "|\n" + strings.Repeat("|-", columns) + "|\n" +
		strings.Repeat(strings.Repeat("|", columns)+"|\n", lines)
}

func wideTable(columns, lines int) string {
	return strings.Repeat("|a", columns) + "|\n" + strings.Repeat("|-", columns) + "|\n" + strings.Repeat("|\n", lines)
}

func TestMarkersDeeperThanTheBoundStayText(t *testing.T) {
	got := show(strings.Repeat("> ", maxNesting+2) + "a")
	if n := strings.Count(got, "<blockquote>"); n != maxNesting {
		t.Errorf("%d quotes, want %d", n, maxNesting)
	}
	if !strings.Contains(got, "<p>&gt; &gt; a</p>") {
		t.Errorf("the markers beyond are not shown: %q", got)
	}
	if n := strings.Count(show(strings.Repeat("- ", maxNesting+2)+"a"), "<ul>"); n != maxNesting {
		t.Errorf("%d lists, want %d", n, maxNesting)
	}
}

func TestFootnotesBeyondTheBoundStayText(t *testing.T) {
	var b strings.Builder
	for i := range markup.MaxFootnotes + 1 {
		fmt.Fprintf(&b, "words around[^%d]\n\n[^%d]: b\n\n", i, i)
	}
	got := show(b.String())
	if n := strings.Count(got, "<li id="); n != markup.MaxFootnotes {
		t.Errorf("%d footnotes, want %d", n, markup.MaxFootnotes)
	}
	if !strings.Contains(got, fmt.Sprintf("[^%d]: b", markup.MaxFootnotes)) {
		t.Error("the text of the footnote beyond is lost")
	}
}

// tangles are what goldmark alone takes quadratic time or space for.
var tangles = []string{
	"[a](", "[a](b \"", "[", "[]", "![", "[[a]", "[a]: b \"\n", "- ", "> ", "*a_ ", "*a **a ", "a**b", "`a``", "<a:", "&#",
	"_www.", "~http://a", "_a@a.", "|", "|-", "a|\n-|\n", "[^a]", "[^1]: a\n", "# a\n", "- [x] a\n", "a\n=\n", "\n> - ",
	"[[a]]", "[[a]] ", "[[a", "[[a|", "[[a]](", "#a ", "#a/", "#1 ", "> [!note]\n", ">[!a]\n\n", "> [!a] *b [", "```go\na\n```\n", "```js\n'\n```\n",
	"~~~c\n/*", "```html\n<a ",
	"<details>\n", "<details>\n\n</details>\n\n", "==a", "%%a\n", "^[a](b) ", "^[", "<kbd>", "<kbd>a</kbd>", "<!-- a\n", "<!-- --> a\n",
	"<a b='\" c=\"", "[a][b]", "a ^b\n\n", "http://a.b ", "www.a.b.c ", "a@b.c ", "|[[a|b]]|\n|-|\n", "> [!a]-\n", "*[a](b)", "<br>",
	"<ruby>a<rt>b</rt></ruby>", "[a](((((",
}

func TestMemoryGrowsWithTheDocumentAndNotWithItsSquare(t *testing.T) {
	if testing.Short() {
		t.Skip("NOT TESTED with -short: it takes long, and nothing in it runs at once")
	}
	document := func(unit string, run, size int) string {
		return strings.Repeat(strings.Repeat(unit, max(1, run/len(unit)))+"\n\n", max(1, size/(run+2)))
	}
	for _, unit := range tangles {
		for _, run := range []int{150, 15_000} {
			before := allocated(document(unit, run, 16<<10))
			after := allocated(document(unit, run, 256<<10))
			// The square would be 256 times as much. Twice the 16 times, and 8 MiB, leave room for slices that double.
			if after > 32*before+8<<20 {
				t.Errorf("%q in runs of %d: 16 KiB cost %d bytes, 256 KiB cost %d", unit, run, before, after)
			}
		}
	}
}

func allocated(source string) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	show(source)
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func FuzzRender(f *testing.F) {
	for _, source := range attacks {
		f.Add(source)
	}
	for _, unit := range tangles {
		f.Add(strings.Repeat(unit, 20))
	}
	f.Add("# a\n\n- [x] b\n- c\n\n|d|\n|-|\n|`\\|`|\n\n> e[^1]\n\n[^1]: f\n\n```go\ng\n```\n\n![h](/i) <j@k.l>")
	f.Add("> [!warning] #a\n> > [!x]\n> > - [X] [[b#c|d]]\n\n```html\n<a b='\n```\n```rust\n'\\'/*\n```\n|[[e\\|f]]|\n|-|")
	f.Fuzz(func(t *testing.T, source string) {
		checkSafe(t, source, show(source))
		d := render(source, Options{Base: "/base", Tasks: true})
		checkSafe(t, source, d.HTML(func(link Link) (Target, bool) {
			t := Target{URL: "/notes/" + link.Title, Title: link.Title, Excerpt: source[:min(len(source), 99)], Picture: len(source)%3 == 0}
			return t, len(link.Title)%2 == 0
		}))
	})
}

// checkSafe fails the test unless got is a safe and bounded rendering of source.
func checkSafe(t *testing.T, source, got string) {
	t.Helper()
	if !utf8.ValidString(got) {
		t.Errorf("invalid UTF-8 for %q", source)
	}
	if limit := maxGrowth*len(source) + growthAllowance; len(got) > limit {
		t.Errorf("%d bytes for %d bytes of source, limit %d", len(got), len(source), limit)
	}
	if open := checkElements(t, got); len(open) > 0 {
		t.Errorf("%q never closed in %q for %q", open, got, source)
	}
	if t.Failed() {
		t.Logf("source %q\noutput %q", source, got)
	}
}

// checkElements fails the test unless fragment holds text and allowed elements only, each closed in its turn. It
// returns the elements left open.
func checkElements(t *testing.T, fragment string) (open []string) {
	t.Helper()
	ids := map[string]bool{}
	tokens := html.NewTokenizer(strings.NewReader(fragment))
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		switch token.Type {
		case html.TextToken:
		case html.StartTagToken:
			checkElement(t, token, ids)
			if !void[token.Data] {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Errorf("</%s> closes %q", token.Data, open)
				return open
			}
			open = open[:len(open)-1]
		default:
			t.Errorf("a %v: %s", token.Type, token)
		}
	}
	return open
}

var (
	void    = map[string]bool{"br": true, "hr": true, "img": true, "input": true}
	allowed = map[string]string{
		"a": "href title rel class role", "img": "src alt title loading width height", "span": "class id", "button": "form name value role aria-checked aria-label", "p": "class",
		"h1": "id", "h2": "id", "h3": "id", "h4": "id", "h5": "id", "h6": "id", "blockquote": "", "ul": "", "ol": "start",
		"li": "id class", "pre": "class tabindex", "code": "class title", "em": "", "strong": "", "del": "", "sup": "id",
		"div": "id class tabindex role aria-label", "abbr": "title", "kbd": "", "mark": "", "rp": "", "rt": "", "ruby": "", "sub": "", "u": "",
		"details": "class open", "summary": "class", "table": "", "thead": "", "tbody": "", "tr": "", "th": "align",
		"td": "align", "br": "", "hr": "", "input": "type disabled checked aria-label",
	}
)

// What the elements of formulas are and have is held by the tests of package math.
func init() {
	const attributes = "class display displaystyle mathvariant form fence separator stretchy symmetric largeop movablelimits " +
		"accent accentunder scriptlevel columnspan rowspan columnalign rowalign columnlines rowlines notation lspace rspace " +
		"minsize maxsize width height depth voffset linethickness mathcolor mathbackground dir"
	for _, name := range strings.Fields("math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom msub " +
		"msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd menclose") {
		allowed[name] = attributes
	}
}

func checkElement(t *testing.T, token html.Token, ids map[string]bool) {
	t.Helper()
	attributes, ok := allowed[token.Data]
	if !ok {
		t.Errorf("element %s", token)
	}
	for _, a := range token.Attr {
		if !strings.Contains(" "+attributes+" ", " "+a.Key+" ") {
			t.Errorf("attribute %s in %s", a.Key, token)
		}
		switch a.Key {
		case "id":
			if !strings.HasPrefix(a.Val, "note-") || ids[a.Val] {
				t.Errorf("id %q is taken", a.Val)
			}
			ids[a.Val] = true
		case "href":
			if scheme, _, found := strings.Cut(a.Val, ":"); found && !strings.ContainsAny(scheme, "/?#") &&
				!strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") &&
				!strings.EqualFold(scheme, "mailto") && scheme != "tel" {
				t.Errorf("link to %q", a.Val)
			}
		case "src":
			if scheme, _, found := strings.Cut(a.Val, ":"); strings.HasPrefix(a.Val, "//") ||
				strings.ContainsAny(a.Val, "\\\t\r\n") || found && !strings.ContainsAny(scheme, "/?#") {
				t.Errorf("image from %q", a.Val)
			}
		}
	}
}
