package markup

import (
	"slices"
	"strings"
	"testing"
)

func TestAHostIsAnAddressWholeOrNotAtAll(t *testing.T) {
	for text, want := range map[string][]string{
		"https://www.münchen.de/x https://shop.xn--p1ai, http://foo.bar_baz.example.com": {"https://www.münchen.de/x", "https://shop.xn--p1ai", "http://foo.bar_baz.example.com"},
		"http://localhost:3000 http://192.168.1.10:8080/a http://[::1] http://[2001:db8::1]:80/x": {
			"http://localhost:3000", "http://192.168.1.10:8080/a", "http://[::1]", "http://[2001:db8::1]:80/x",
		},
		"x\thttps://a.org\n\"https://b.org\" 'https://c.org' <https://d.org>": {"https://a.org", "https://b.org", "https://c.org", "https://d.org"},
		"见https://a.org/x。https://b.org/路，（https://c.org）「https://d.org」ひらhttps://例え.jp、": {
			"https://a.org/x", "https://b.org/路", "https://c.org", "https://d.org", "https://例え.jp",
		},
		"访问https://a.org谢谢": {"https://a.org"},
		"react@18.2.0 a@b mail@a-b.org. x+y.z@b.co.uk 见a@b.cn。 _a@b.org_":                  {"mail@a-b.org", "x+y.z@b.co.uk", "a@b.cn", "a@b.org"},
		"mailto:a@b.org, (Mailto:c@d.org) sip:e@f.org [g](mailto:h@i.org) xmailto:j@k.org": {"a@b.org", "c@d.org"},
		"(https://a.org/b_(c)) *https://d.org/* **https://e.org** _https://f.org_ https://g.org?!. https://h.org/a&amp;": {
			"https://a.org/b_(c)", "https://d.org/", "https://e.org", "https://f.org", "https://g.org", "https://h.org/a",
		},
		"www.a.org/b wwwx.a.org awww.a.org x.www.a.org /www.a.org http:// https://-a.org https://a..org https://a_b.c_d": {"www.a.org/b"},
		"https://a.b_c https://foo+bar.org https://a%41.org xhttps://b.org éhttps://c.org":                               nil,
		"HTTPS://A.ORG/x Http://b.org WWW.c.org":                                                                         {"HTTPS://A.ORG/x", "Http://b.org", "WWW.c.org"},
		"https://user:pw@a.org/x https://a.org:99999999 https://a.org#b?c":                                               {"https://user:pw@a.org/x", "https://a.org", "https://a.org#b?c"},
		"`https://a.org` [https://b.org](c) \\https://d.org https://e.org/[f]":                                           {"https://b.org", "https://d.org", "https://e.org/[f]"},
		"https://a.org./x http://b.org.:80/y https://c.org. https://d.org.? https://e.org.: x": {
			"https://a.org./x", "http://b.org.:80/y", "https://c.org", "https://d.org", "https://e.org",
		},
		"==https://a.org/x== ==see https://b.org/y?z.== https://c.org/?d=ab== ==e== https://f.org/==": {
			"https://a.org/x", "https://b.org/y?z", "https://c.org/?d=ab==", "https://f.org/==",
		},
		"https://a.org[[b]] [x https://c.org]": {"https://a.org", "https://c.org"},
		"https://a.org/{x} {https://b.org/c} https://d.org/{e}/{f}. (https://g.org/{h}) https://i.org/{ https://j.org/}{": {
			"https://a.org/{x}", "https://b.org/c", "https://d.org/{e}/{f}", "https://g.org/{h}", "https://i.org/", "https://j.org/",
		},
	} {
		var got []string
		for _, m := range NewReading(text, TitleLine{}).Inlines {
			if m.Kind == AutolinkInline {
				got = append(got, text[m.Text:m.TextEnd])
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got %q\nwant %q", text, got, want)
		}
		if want == nil && NewOutline(text).HasLink {
			t.Errorf("%s has a link", text)
		}
	}
}

func TestTagsStandBesideCharacterReferences(t *testing.T) {
	for text, want := range map[string]string{
		"caf&#233; &#x20; &num;a &amp;#b &nosuch;#c": "c", "&nbsp;#d &quot;#e": "d e", "&#35;f #g&#233;": "g",
		"[#h](/i) [#j] [#k][l]\n\n[j]: /m\n[l]: /n": "j", "![#o](/p) ^[#q] <kbd>#r</kbd> %%#s%% <!-- #t --> #u": "q u",
	} {
		var got []string
		for _, tag := range NewOutline(text).Tags {
			got = append(got, tag.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: tags %q, want %q", text, got, want)
		}
	}
}
