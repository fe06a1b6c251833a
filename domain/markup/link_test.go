package markup

import (
	"reflect"
	"testing"

	"octavo/domain/words"
)

func TestAddressesOfMarkdownLinksLeadToNotes(t *testing.T) {
	type address struct{ title, heading string }
	for written, want := range map[string]address{
		"Note.md": {"Note", ""}, "Folder/Note.md#heading": {"Folder/Note", "heading"}, "<My Note.md>": {"My Note", ""},
		"My%20Note.md#a%20b": {"My Note", "a b"}, "./a/../b.md": {"a/../b", ""}, "../x/Note.MD": {"x/Note", ""},
		`a\_b.md`: {"a_b", ""}, "caf%C3%A9.md": {"café", ""}, "a&amp;b.md": {"a&b", ""}, `a\&amp;b.md`: {"a&amp;b", ""}, "a&ampb.md": {"a&ampb", ""},
		"C%23.md": {"C#", ""},
		"pic.png": {"pic.png", ""}, "files/Report%202.pdf#page=2": {"files/Report 2.pdf", "page=2"},
		"note.markdown": {"note", ""},
		"":              {}, "#a": {}, "/notes/a.md": {}, "https://e.org/a.md": {}, "mailto:a@b.md": {}, "Note": {}, "a.md?x": {}, "//e.org/a.md": {},
		"%zz.md": {}, ".md": {}, "a.": {},
	} {
		m, ok := parseAddress(written)
		if got := (address{m.Title, m.Heading}); got != want || ok != (want.title != "") {
			t.Errorf("parseAddress(%q) = %q, %v, want %q", written, got, ok, want)
		}
	}
}

func TestAnOutlineFindsWhatMarkdownLinksTo(t *testing.T) {
	content := "[a](One.md) ![b](<a/pic 1.png> \"t\") [![c](in.png)](Two.md#h) `[d](no.md)` [e](https://e.org/no.md)\n" +
		"[![[shown.png]]](/x) ![[Three#h|300]] \\![[Four]] [f][r]\n\n[r]: x/Five.md 'six'\n"
	var got []string
	for _, m := range NewOutline(content).Links {
		text := content[m.Start:m.End] + " " + m.Title
		if m.Embed {
			text += " embedded"
		}
		got = append(got, text)
	}
	want := []string{
		"One.md One", "<a/pic 1.png> a/pic 1.png embedded", "in.png in.png embedded", "Two.md#h Two", "![[shown.png]] shown.png embedded",
		"![[Three#h|300]] Three embedded", "[[Four]] Four", "x/Five.md x/Five",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestALinkMayLeadToTheLastPartOfItsPath(t *testing.T) {
	o := NewOutline("[[Folder/Note]] [[a/b/Other.md]] [x](Third.md) [y](d/Third.md) [[Note]] [[CLAUDE.md]] ![[pics/p.png]] [[#h]]")
	wantPaths := []PathLink{
		{"note", "folder/note"}, {"other", "a/b/other.md"}, {"third", "d/third"}, {"claude", "claude.md"}, {"p.png", "pics/p.png"},
	}
	if got := o.PathLinks(); !reflect.DeepEqual(got, wantPaths) {
		t.Errorf("paths are %q", got)
	}
	want := []string{"folder/note", "a/b/other.md", "third", "d/third", "note", "claude.md", "pics/p.png"}
	if got := o.TitleKeys(); !reflect.DeepEqual(got, want) {
		t.Errorf("links are %q", got)
	}
}

func TestRenamingALinkKeepsItsForm(t *testing.T) {
	for _, tt := range []struct{ content, to, want string }{
		{"[[Folder/Old]] ![[Old#h|l]]", "New", "[[Folder/New]] ![[New#h|l]]"},
		{"[a](Old.md) [b](x/Old.md#h) [c](<y/Old.md>)", "A new (one)", "[a](A%20new%20%28one%29.md) [b](x/A%20new%20%28one%29.md#h) [c](<y/A new (one).md>)"},
		{"[[Folder/Old.md]] [a](../Old.md)", "New", "[[Folder/New]] [a](../New.md)"},
		{"[[Folder/Old]] [a](x/Old.md)", "a/b", "[[a/b]] [a](a/b.md)"},
		{"[[Other/Old]] [a](other/Old.md) [[Old]]", "New", "[[Other/Old]] [a](other/Old.md) [[New]]"},
		{"[a][r]\n\n[r]: Old.md#h", "C#", "[a][r]\n\n[r]: C%23.md#h"},
		{"[a](Old.md)", "100% [x]", "[a](100%25%20%5Bx%5D.md)"},
	} {
		got := RenameLinks(tt.content, "old", tt.to, "other/old")
		if got != tt.want {
			t.Errorf("RenameLinks(%q) = %q, want %q", tt.content, got, tt.want)
		}
		leads := false
		for _, m := range NewOutline(got).Links {
			leads = leads || words.Fold(m.Title) == words.Fold(tt.to) || words.Fold(m.Path()) == words.Fold(tt.to)
		}
		if !leads {
			t.Errorf("nothing in %q leads to %q", got, tt.to)
		}
	}
}

func TestANoteHasPicturesItShowsByName(t *testing.T) {
	for content, want := range map[string]bool{"![[a.png]]": true, "![[x/a.JPG|300]]": true, "[[a.png]]": false, "![[Note]]": false, "![a](b.png)": true} {
		if got := NewOutline(content).HasImage; got != want {
			t.Errorf("%q has an image: %v", content, got)
		}
	}
}

func TestAnAddressLeadsToItsTitle(t *testing.T) {
	for _, title := range []string{"Tea", "Tea list", "a/b", "../a", "/a", ".a", "50% (of) it?", "a#b", "<x> & [y]", "a:b", `a\b`, "*_`|", "Größe 🍵", "x.md"} {
		for _, heading := range []string{"", "Green tea", "a (b)"} {
			content := "[words](" + Address(title, heading) + ")"
			links := NewOutline(content).Links
			if len(links) != 1 || links[0].Title != title || links[0].Heading != heading {
				t.Errorf("%q leads to %+v", content, links)
			}
		}
	}
}

func TestTheSizeOfAPictureIsCutFromItsWords(t *testing.T) {
	for label, want := range map[string][2]string{"": {}, "cup": {"cup", ""}, "300": {"", "300"}, "cup|300": {"cup", "300"}, "a|b|300x200": {"a|b", "300x200"}, "2026|x": {"2026|x", ""}} {
		if words, size := CutSize(label); words != want[0] || size != want[1] {
			t.Errorf("%q has the words %q and the size %q", label, words, size)
		}
	}
}
