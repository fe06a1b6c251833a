package domain

import (
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain/markup"
)

func TestNamesOfOtherProgramsBecomeTags(t *testing.T) {
	for name, want := range map[string]string{
		"work": "work", "#work": "work", "Work/Home": "Work/Home", "two words": "two-words", "a  -  b": "a-b", "C++": "C",
		`label with !'@:$" Symbols`: "label-with-Symbols", "2026": "_2026", "2026/01": "2026/01", "/a//b/": "a/b", "école": "école", "🍵 tea": "🍵-tea",
		"": "", "!!!": "", " / ": "", strings.Repeat("a", 120): strings.Repeat("a", 100),
	} {
		tag, ok := ImportTag(name)
		if string(tag) != want || ok != (want != "") {
			t.Errorf("%q becomes %q, %v", name, tag, ok)
		}
		if ok {
			if again, err := NewTag(string(tag)); err != nil || again != tag {
				t.Errorf("%q isn't a tag: %v", tag, err)
			}
		}
	}
}

func TestTagsThatChangeAreLost(t *testing.T) {
	var n Incoming
	n.Tag("tea", "Tea", "two words", "###", " ")
	if want := []Tag{"tea", "two-words"}; !slices.Equal(n.Tags, want) {
		t.Errorf("got %v, want %v", n.Tags, want)
	}
	if got := codes(n.Lost); !slices.Equal(got, []Code{"import.tag_changed", "import.no_tag"}) {
		t.Errorf("lost %v", n.Lost)
	}
	for i := range MaxTags {
		n.Tag(strings.Repeat("x", i+1))
	}
	if len(n.Tags) != MaxTags || len(n.Lost) != 4 {
		t.Errorf("%d tags, lost %v", len(n.Tags), n.Lost)
	}
}

func codes(messages []Message) (codes []Code) {
	for _, m := range messages {
		codes = append(codes, m.Code)
	}
	return codes
}

// wikiMarks returns marks at the wiki links of a content, which lead to a note.
func wikiMarks(content string, title string) []ImportMark {
	var marks []ImportMark
	for _, link := range markup.NewOutline(content).Links {
		if !link.Address {
			m := ImportMark{Start: link.Start, End: link.End, Embed: link.Embed, Wiki: true, Note: title, Heading: link.Heading, Table: strings.HasPrefix(content, "|")}
			if bar := strings.IndexByte(content[m.Start:m.End], '|'); bar >= 0 && link.Label != "" {
				m.Text, m.TextEnd = m.Start+bar+1, m.End-2
			}
			marks = append(marks, m)
		}
	}
	return marks
}

func addressMarks(content string, note string, file int) []ImportMark {
	var marks []ImportMark
	for _, in := range markup.NewReading(content, markup.TitleLine{}).Inlines {
		if in.Kind == markup.LinkInline || in.Kind == markup.ImageInline {
			m := ImportMark{Start: in.Start, End: in.End, Embed: in.Kind == markup.ImageInline, Table: strings.HasPrefix(content, "|")}
			if in.TextEnd > in.Text {
				m.Text, m.TextEnd = in.Text, in.TextEnd
			}
			if strings.HasPrefix(in.Destination, "note") {
				m.Note = note
			} else {
				m.File = file
			}
			marks = append(marks, m)
		}
	}
	return marks
}

var cup = File{Hash: FileHash(strings.Repeat("a", 64)), Name: "my cup.png", Type: "image/png"}

func TestMarksLeadToNotesAndFiles(t *testing.T) {
	at := cup.Path()
	for _, c := range []struct{ content, title, want string }{
		{"see [[folder/Tea]] there", "Tea list", "see [[Tea list]] there"},
		{"[[tea LIST#Green|what]]", "Tea list", "[[tea LIST#Green|what]]"},
		{"[[x#Green|what]] ![[x]]", "Tea", "[[Tea#Green|what]] ![[Tea]]"},
		{"[[x]]", "[a] | b", "[[［a］ ｜ b]]"},
		{"| a |\n|---|\n| [[x\\|what]] |", "Tea", "| a |\n|---|\n| [[Tea\\|what]] |"},
		{"[what](note)", "Tea", "[[Tea|what]]"},
		{"[Tea](note)", "Tea", "[[Tea]]"},
		{"[a\\_b\\* c_d](note)", "Tea", "[[Tea|a_b* c_d]]"},
		{"[https://example.org/1?a=b](note)", "Tea", "[[Tea]]"},
		{"[a_](note)", "Tea", "[a_](Tea.md)"},
		{"[**bold**](note)", "Tea list?", "[**bold**](Tea%20list%3F.md)"},
		{"| a |\n|---|\n| [what](note) |", "Tea", "| a |\n|---|\n| [[Tea\\|what]] |"},
		{"![](cup)", "", "![my cup.png](" + at + ")"},
		{"![the cup|300](cup)", "", "![the cup|300](" + at + ")"},
		{"[the cup](cup)", "", "[the cup](" + at + ")"},
		{"[![small](cup)](note)", "Tea", "[![small](" + at + ")](Tea.md)"},
		{"[a][1] b\n\n[1]: note", "Tea", "[[Tea|a]] b\n\n[1]: note"},
		{"`[a](note)`", "Tea", "`[a](note)`"},
	} {
		n := Incoming{Content: c.content}
		if n.Marks = wikiMarks(c.content, "id"); len(n.Marks) == 0 {
			n.Marks = addressMarks(c.content, "id", 1)
		}
		got, missing := n.Resolved(func(m ImportMark) (string, bool) { return c.title, m.Note == "id" }, []File{cup})
		if got != c.want || len(missing) > 0 {
			t.Errorf("%q becomes %q, want %q, without %v", c.content, got, c.want, missing)
		}
		if c.title != "" && len(n.Marks) > 0 {
			key := TitleKey(c.title)
			if !slices.Contains(markup.NewOutline(got).TitleKeys(), key) {
				t.Errorf("%q doesn't lead to %q", got, c.title)
			}
		}
	}
}

func TestAnEmbedByNameShowsTheFile(t *testing.T) {
	for content, want := range map[string]string{
		"![[cup.png]]":                        "![my cup.png](" + cup.Path() + ")",
		"![[cup.png|300]]":                    "![my cup.png|300](" + cup.Path() + ")",
		"![[cup.png|the cup|300x200]]":        "![the cup|300x200](" + cup.Path() + ")",
		"| a |\n|---|\n| ![[cup.png\\|30]] |": "| a |\n|---|\n| ![my cup.png\\|30](" + cup.Path() + ") |",
	} {
		n := Incoming{Content: content, Marks: wikiMarks(content, "")}
		for i := range n.Marks {
			n.Marks[i].File, n.Marks[i].Heading = 1, ""
		}
		if got, _ := n.Resolved(nil, []File{cup}); got != want {
			t.Errorf("%q becomes %q, want %q", content, got, want)
		}
	}
}

func TestWhatLeadsNowhereStaysAsItIs(t *testing.T) {
	content := "a [b](note) ![c](cup) [[x]] [![d](cup)](note)"
	n := Incoming{Content: content, Marks: append(wikiMarks(content, "id"), addressMarks(content, "id", 1)...)}
	slices.SortFunc(n.Marks, func(a, b ImportMark) int { return a.Start - b.Start })
	got, missing := n.Resolved(func(ImportMark) (string, bool) { return "", false }, []File{{}})
	if got != content || len(missing) != 5 {
		t.Errorf("got %q without %v", got, missing)
	}
}

func TestLinksInFrontMatterStayYAML(t *testing.T) {
	content := "---\nup: \"[[x]]\"\ncover: \"[[cup.png]]\"\n---\nText"
	links := markup.NewOutline(content).Links
	n := Incoming{Content: content, Marks: []ImportMark{
		{Start: links[0].Start, End: links[0].End, Wiki: true, Front: true, Note: "id"},
		{Start: links[1].Start, End: links[1].End, Wiki: true, Front: true, File: 1},
	}}
	got, _ := n.Resolved(func(ImportMark) (string, bool) { return `Tea: "green"`, true }, []File{cup})
	front := markup.NewFrontMatter(got)
	if len(front.Properties) != 2 || front.Properties[1].Values[0] != cup.Path() || markup.NewOutline(got).TitleKeys()[0] != TitleKey(`Tea: "green"`) {
		t.Errorf("got %q", got)
	}
}

func TestATextThatIsTooLongBecomesAFile(t *testing.T) {
	long := "---\ntags: tea\n---\n" + strings.Repeat("Some words about tea, [x](cup).\n", 10_000)
	n := Incoming{ID: "1", Content: long, Files: []IncomingFile{{Name: "cup.png"}}}
	n.Name("Tea / list")
	n.Marks = addressMarks(long, "", 1)
	fitted := n.Fitted()
	files := make([]File, len(fitted.Files))
	for i, f := range fitted.Files {
		files[i] = File{Hash: FileHash(strings.Repeat(string(rune('a'+i)), 64)), Name: f.Name, Type: "text/plain"}
	}
	content, _ := fitted.Resolved(nil, files)
	if len(content) > MaxContent || len(content) < MaxContent/4 || len(fitted.Files) != 2 || len(fitted.Lost) != 1 {
		t.Fatalf("%d bytes, files %v, lost %v", len(content), fitted.Files, fitted.Lost)
	}
	if want := "---\ntags: tea\n---\n[Tea - list.md](" + files[1].Path() + ")\n\nSome words about tea, [x](" + files[0].Path(); !strings.HasPrefix(content, want) {
		t.Errorf("begins with %q", content[:300])
	}
	r, err := fitted.Files[1].Open()
	if err != nil {
		t.Fatal(err)
	}
	if whole, err := io.ReadAll(r); err != nil || string(whole) != long {
		t.Errorf("%d of %d bytes are in the file: %v", len(whole), len(long), err)
	}
	if short := (Incoming{Content: "short"}); short.Fitted().Content != "short" {
		t.Error("a short text is cut")
	}
}

func TestNotesWithTheSameTitleAreToldApartWhereLinksLeadThere(t *testing.T) {
	stored := map[string]bool{"There": true}
	titles := NewImportTitles(func(title string) bool { return stored[title] })
	link := func(id string) ImportMark { return ImportMark{Note: id} }
	for _, n := range []Incoming{
		{ID: "1", Title: "Tea", Marks: []ImportMark{link("2"), link("4")}},
		{ID: "2", Title: "tea"},
		{ID: "3", Title: "Tea"},
		{ID: "4", Title: "There"},
		{ID: "5", Content: "First line\nmore"},
		{Place: "broken"},
	} {
		titles.Add(n)
	}
	for id, want := range map[string]string{"1": "Tea", "2": "tea (2)", "3": "Tea", "4": "There (2)", "5": "First line"} {
		if got, ok := titles.Title(id); got != want || !ok {
			t.Errorf("%s is called %q, want %q", id, got, want)
		}
		stored[want] = true
		if got, _ := titles.Title(id); got != want {
			t.Errorf("once it is stored, %s is called %q", id, got)
		}
	}
	titles.Add(Incoming{ID: "6", Title: "Coffee", Marks: []ImportMark{link("6")}})
	titles.Called("6", "Coffee, as it was called")
	if got, _ := titles.Title("6"); got != "Coffee, as it was called" {
		t.Errorf("what is there already is called %q", got)
	}
	if got, ok := titles.Of(link("2")); got != "tea (2)" || !ok {
		t.Errorf("the link leads to %q", got)
	}
	if got, ok := titles.Of(ImportMark{Title: "TEA"}); got != "Tea" || !ok {
		t.Errorf("the title leads to %q", got)
	}
	if _, ok := titles.Of(ImportMark{Title: "Cocoa"}); ok {
		t.Error("a title that no note has leads somewhere")
	}
	if _, ok := titles.Of(link("9")); ok {
		t.Error("an id that no note has leads somewhere")
	}
}

func TestAHashFollowsWhatANoteSays(t *testing.T) {
	n := Incoming{ID: "1", Title: "Tea", Content: "green", Tags: []Tag{"a"}, Files: []IncomingFile{{Name: "a", Version: "1"}}}
	seen := map[string]bool{n.Hash(): true}
	for _, change := range []func(*Incoming){
		func(n *Incoming) { n.Title = "Te" }, func(n *Incoming) { n.Content = "agreen" }, func(n *Incoming) { n.Tags = []Tag{"b"} },
		func(n *Incoming) { n.State = Archived }, func(n *Incoming) { n.Pinned = true },
		func(n *Incoming) { n.Files = []IncomingFile{{Name: "a", Version: "2"}} }, func(n *Incoming) { n.Revisions = []IncomingRevision{{Title: "x"}} },
		func(n *Incoming) { n.Marks = []ImportMark{{Note: "2"}} },
	} {
		other := n
		change(&other)
		if seen[other.Hash()] {
			t.Errorf("%+v has the hash of another", other)
		}
		seen[other.Hash()] = true
	}
	other := n
	other.Created, other.Updated = time.Unix(1, 0), time.Unix(2, 0)
	if other.Hash() != n.Hash() {
		t.Error("the same note has another hash at another time")
	}
}

func TestTimesOfOtherProgramsAreThoseOfNotes(t *testing.T) {
	at := func(hour int) time.Time {
		return time.Date(2026, 3, 14, hour, 0, 0, 123456789, time.FixedZone("x", 3600))
	}
	kept := func(hour int) time.Time { return at(hour).UTC().Truncate(time.Microsecond) }
	now := kept(12)
	for _, c := range []struct{ created, updated, wantCreated, wantUpdated time.Time }{
		{at(1), at(2), kept(1), kept(2)},
		{time.Time{}, time.Time{}, now, now},
		{time.Time{}, at(2), kept(2), kept(2)},
		{at(1), time.Time{}, kept(1), kept(1)},
		{at(2), at(1), kept(2), kept(2)},
		{at(1), at(20), kept(1), now},
		{at(20), at(21), now, now},
	} {
		created, updated := Incoming{Created: c.created, Updated: c.updated}.Times(now)
		if !created.Equal(c.wantCreated) || !updated.Equal(c.wantUpdated) {
			t.Errorf("%v and %v become %v and %v", c.created, c.updated, created, updated)
		}
	}
}
