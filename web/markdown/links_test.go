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
