package markup

import "testing"

func TestAPassageIsTheTextInWhichALinkStands(t *testing.T) {
	tests := []struct{ promise, content, want string }{
		{"a paragraph, on one line", "above\n\nbefore\n[[Plan]]\nafter\n\nbelow", "before <Plan> after"},
		{"a heading", "# See [[Plan]] #\ntext", "See <Plan>"},
		{"the item of a list", "- one\n- two [[Plan]]\n  goes on\n- three", "two <Plan> goes on"},
		{"what is to be done", "- [ ] two [[Plan]]", "two <Plan>"},
		{"the cell of a table", "|a|b|\n|-|-|\n|x [[Plan\\|that]] y|z|", "x <that> y"},
		{"a quote within a list", "- > said [[Plan]]\n  > again", "said <Plan> again"},
		{"without marks", "**bold _and_** `code *x*` [[Plan]] ~~gone~~ ==marked== \\*star\\* &amp; $x^2$", "bold and code *x* <Plan> gone marked *star* & x^2"},
		{"with the words of other links", "[one](http://a.b) [[Two|second]] <http://c.d> ![pic](/x.png) [[Plan]]", "one second http://c.d pic <Plan>"},
		{"without comments, footnotes and names", "a %%no%% <!-- no --> b[^1] c^[no] [[Plan]] d ^name\n\n[^1]: no", "a b c <Plan> d"},
		{"without tags of HTML", "H<sub>2</sub>O<br>and [[Plan]] <blink>", "H2O and <Plan> <blink>"},
		{"marked inside of emphasis", "it is **the [[Plan]]** there", "it is the <Plan> there"},
		{"with what the link is called", "see [[Plan#Aim|the aim]].", "see <the aim>."},
		{"with the heading it leads to", "see [[Plan#Aim]].", "see <Plan › Aim>."},
		{"with the words of an address", "see [the *whole* plan](Plan.md) here", "see <the whole plan> here"},
		{"with what is embedded", "see ![[Plan|300]] here", "see <Plan> here"},
		{"of the words of a link over two lines", "a [b\nc](Plan.md) d", "a <b c> d"},
		{"in front matter, the line", "---\nrelated:\n  - \"[[Plan]]\"\n---\ntext", "\"<Plan>\""},
		{"in any script", "この[[Plan]]を見て", "この<Plan>を見て"},
	}
	for _, test := range tests {
		p := NewPassages(test.content)
		found := false
		for _, link := range p.Links {
			if link.Title != "Plan" {
				continue
			}
			found = true
			text, start, end := p.Around(link)
			if got := text[:start] + "<" + text[start:end] + ">" + text[end:]; got != test.want {
				t.Errorf("%s: %q gives\n%q, want\n%q", test.promise, test.content, got, test.want)
			}
		}
		if !found {
			t.Errorf("%s: no link in %q", test.promise, test.content)
		}
	}
}

func TestLinksInsideOfCodeAreInNoPassage(t *testing.T) {
	p := NewPassages("`[[Plan]]`\n\n    [[Plan]]\n\n```\n[[Plan]]\n```\n")
	if len(p.Links) > 0 {
		t.Errorf("found %v", p.Links)
	}
}

// Whatever marks a text has, a passage can be told of each link.
func FuzzPassages(f *testing.F) {
	for _, content := range append(outlineTangles, "a [b](c.md) [[d|e]]\n- ![[f]] %%g%%\n\n|[[h]]|\n|-|\n", "[![a](b.png)](c.md)", "[x]: y.md") {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content string) {
		p := NewPassages(content)
		for _, link := range p.Links[:min(len(p.Links), 20)] {
			if text, start, end := p.Around(link); start < 0 || start > end || end > len(text) {
				t.Fatalf("%q: %v is at %d to %d of %q", content, link, start, end, text)
			}
		}
	})
}
