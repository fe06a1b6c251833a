package markdown

import (
	"strings"
	"testing"
)

func TestEmbedsShowWhatThereIs(t *testing.T) {
	resolve := func(link Link) (Target, bool) {
		t, ok := map[string]Target{
			"Tea":         {URL: "/notes/1", Title: "Tea & co", Excerpt: "Boil <water>"},
			"pic.png":     {URL: "/files/h/pic.png", Picture: true},
			"a/pic 2.png": {URL: "/files/h/pic%202.png", Picture: true},
			"doc.pdf":     {URL: "/files/h/doc.pdf"},
			"Folder/Tea":  {URL: "/notes/1", Title: "Tea & co"},
		}[link.Title]
		return t, ok
	}
	const excerpt = `<span class="embed-excerpt">Boil &lt;water&gt;</span></a>`
	for _, tt := range []struct{ source, want string }{
		{"![[Tea]]", `<a class="embed" href="/notes/1"><span class="embed-title">Tea &amp; co</span> ` + excerpt},
		{"![[Tea#How|x]]", `<a class="embed" href="/notes/1#note-how"><span class="embed-title">Tea &amp; co</span> ` + excerpt},
		{"![[pic.png]]", `<img src="/files/h/pic.png" alt="pic.png" loading="lazy">`},
		{"![[pic.png|300]]", `<img src="/files/h/pic.png" alt="pic.png" loading="lazy" width="300">`},
		{"![[pic.png|a cup|300x200]]", `<img src="/files/h/pic.png" alt="a cup" loading="lazy" width="300" height="200">`},
		{`![[pic.png|"<b>]]`, `<img src="/files/h/pic.png" alt="&#34;&lt;b&gt;" loading="lazy">`},
		{"![a *b*](<a/pic 2.png>)", `<img src="/files/h/pic%202.png" alt="a b" loading="lazy">`},
		{`![a](pic.png "A <cup>")`, `<img src="/files/h/pic.png" alt="a" loading="lazy" title="A &lt;cup&gt;">`},
		{`![a](doc.pdf "b")`, `<a class="wiki" href="/files/h/doc.pdf" title="b">a</a>`},
		{`![a](no.png "b")`, `<span class="wiki-missing">a</span>`},
		{"![[doc.pdf]]", `<a class="wiki" href="/files/h/doc.pdf">doc.pdf</a>`},
		{"[the *doc*](doc.pdf)", `<a class="wiki" href="/files/h/doc.pdf">the <em>doc</em></a>`},
		{"![[no.png]] ![x](no.png)", `<span class="wiki-missing">no.png</span> <span class="wiki-missing">x</span>`},
		{"![[No]]", `<a class="wiki wiki-missing" href="/notes/new?title=No">No</a>`},
		{"[t](Tea.md#how) [u](Folder/Tea.md \"x\")", `<a class="wiki" href="/notes/1#note-how">t</a> <a class="wiki" href="/notes/1" title="x">u</a>`},
		{"[t](No.md)", `<a class="wiki wiki-missing" href="/notes/new?title=No">t</a>`},
		{"[t](no.pdf) [u](https://e.org/Tea.md)", `<a href="no.pdf">t</a> <a href="https://e.org/Tea.md" rel="nofollow noopener noreferrer">u</a>`},
		{"[x ![[Tea]]](/y)", `<a href="/y">x Tea</a>`},
	} {
		if got := render(tt.source, Options{}).HTML(resolve); got != "<p>"+tt.want+"</p>\n" {
			t.Errorf("%q\n got %s\nwant %s", tt.source, got, tt.want)
		}
	}
}

func TestAPictureHasItsSizeBeforeItComes(t *testing.T) {
	hash := func(digit string) string { return strings.Repeat(digit, 64) }
	large, small, odd := "/files/"+hash("a"), "/files/"+hash("b"), "/files/"+hash("c")
	resolve := func(link Link) (Target, bool) {
		t, ok := map[Link]Target{
			{File: hash("a")}:                 {Width: 600, Height: 401},
			{File: hash("b")}:                 {Width: 40, Height: 30},
			{File: hash("c")}:                 {},
			{Title: "large.png", Embed: true}: {URL: "/l", Picture: true, Width: 600, Height: 401},
			{Title: "Tea"}:                    {URL: "/notes/1"},
		}[link]
		return t, ok
	}
	for _, tt := range []struct{ source, want string }{
		{"![[large.png]]", `<img src="/l" alt="large.png" loading="lazy" width="600" height="401">`},
		{"![[large.png|300]]", `<img src="/l" alt="large.png" loading="lazy" width="300" height="201">`},
		{"![a](" + small + "/a.png)", `<img src="` + small + `/a.png" alt="a" loading="lazy" width="40" height="30">`},
		{"![](" + small + ` "a > b")`, `<img src="` + small + `" alt="" loading="lazy" width="40" height="30" title="a &gt; b">`},
		{"![a|20](" + small + ` "t")`, `<img src="` + small + `" alt="a" loading="lazy" width="20" height="15" title="t">`},
		{"![a|20x20](" + small + ")", `<img src="` + small + `" alt="a" loading="lazy" width="20" height="15">`},
		{"![a|0](" + small + ")", `<img src="` + small + `" alt="a" loading="lazy" width="0">`},
		{"![a](" + odd + ") ![b|20x20](" + odd + ")", `<img src="` + odd + `" alt="a" loading="lazy"> <img src="` + odd + `" alt="b" loading="lazy" width="20" height="20">`},
		{
			"[[Tea]] [![a](" + small + ")](Tea.md) [[Tea]] ![a > b](" + large + ")",
			`<a class="wiki" href="/notes/1">Tea</a> <a class="wiki" href="/notes/1"><img src="` + small + `" alt="a" loading="lazy" width="40" height="30"></a> ` +
				`<a class="wiki" href="/notes/1">Tea</a> <img src="` + large + `" alt="a &gt; b" loading="lazy" width="600" height="401">`,
		},
		{"`<img src=\"" + small + "\" loading=\"lazy\">`", `<code>&lt;img src=&#34;` + small + `&#34; loading=&#34;lazy&#34;&gt;</code>`},
	} {
		if got := render(tt.source, Options{}).HTML(resolve); got != "<p>"+tt.want+"</p>\n" {
			t.Errorf("%q\n got %s\nwant %s", tt.source, got, tt.want)
		}
	}
}

func TestEmbedsStayWithinTheBound(t *testing.T) {
	source := strings.Repeat("![[a]]\n\n", 900)
	got := render(source, Options{}).HTML(func(Link) (Target, bool) {
		return Target{URL: "/n", Title: strings.Repeat("t", 255), Excerpt: strings.Repeat("e", 240)}, true
	})
	checkSafe(t, source, got)
	if !strings.Contains(got, "<p>a</p>") || !strings.Contains(got, `class="embed"`) {
		t.Error("no card is left out, or all are")
	}
}
