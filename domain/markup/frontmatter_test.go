package markup

import (
	"reflect"
	"strings"
	"testing"
)

func TestFrontMatterIsWhatStandsBetweenDashesAtTheVeryTop(t *testing.T) {
	for _, tt := range []struct {
		promise, content, text, rest string
	}{
		{"between lines of dashes", "---\na: b\n---\ntext", "a: b\n", "text"},
		{"dots close it", "---\na: b\n...\ntext", "a: b\n", "text"},
		{"blanks may follow the dashes", "--- \na: b\n---  \ntext", "a: b\n", "text"},
		{"a note may have nothing else", "---\na: b\n---", "a: b\n", ""},
		{"it may be empty", "---\n---\ntext", "", "text"},
		{"a comment may come first", "---\n# c\n\na: b\n---\n", "# c\n\na: b\n", ""},
		{"what isn't YAML is front matter still", "---\na: b: c\n---\nx", "a: b: c\n", "x"},
		{"it must be closed", "---\na: b\n\ntext", "", "---\na: b\n\ntext"},
		{"nothing may stand before it", "\n---\na: b\n---\n", "", "\n---\na: b\n---\n"},
		{"four dashes are a line", "----\na: b\n---\n", "", "----\na: b\n---\n"},
		{"words between two lines are words", "---\nDear diary\n\n---\n", "", "---\nDear diary\n\n---\n"},
		{"an address is no property", "---\nhttps://e.org\n---\n", "", "---\nhttps://e.org\n---\n"},
		{"a heading between two lines is a heading", "---\n\n# Head\n\n---\nx", "", "---\n\n# Head\n\n---\nx"},
		{"a list between two lines is a list", "---\n- a: b\n---\n", "", "---\n- a: b\n---\n"},
	} {
		t.Run(tt.promise, func(t *testing.T) {
			f := NewFrontMatter(tt.content)
			if f.Text != tt.text || tt.content[f.End:] != tt.rest {
				t.Errorf("NewFrontMatter(%q) = %q, then %q; want %q, then %q", tt.content, f.Text, tt.content[f.End:], tt.text, tt.rest)
			}
		})
	}
}

func TestFrontMatterHasProperties(t *testing.T) {
	f := NewFrontMatter("---\ntitle: \"The Title\"\nrating: 5\ndone: false\nempty:\n" +
		"when: 2024-01-02\nlist:\n  - a\n  - [b, c]\nmap: {x: 1, y: [2]}\ntext: |\n  two\n  lines\nbase: &b z\nagain: *b\n---\n")
	want := []Property{
		{"title", []string{"The Title"}},
		{"rating", []string{"5"}},
		{"done", []string{"false"}},
		{"empty", nil},
		{"when", []string{"2024-01-02"}},
		{"list", []string{"a", "b, c"}},
		{"map", []string{"x: 1, y: 2"}},
		{"text", []string{"two lines"}},
		{"base", []string{"z"}},
		{"again", []string{"*b"}},
	}
	if !reflect.DeepEqual(f.Properties, want) || f.Title != "The Title" {
		t.Errorf("got %q, titled %q", f.Properties, f.Title)
	}
}

func TestFrontMatterNamesTagsWhereTheyStand(t *testing.T) {
	for content, want := range map[string][]string{
		"---\ntags: [a, 'b/c', \"d\"]\n---\n":      {"a", "b/c", "d"},
		"---\ntags:\n  - a\n  - \"#b\"\n---\n":     {"a", "b"},
		"---\ntags: a, b  c\n---\n":                {"a", "b", "c"},
		"---\nTag: one\n---\n":                     {"one"},
		"---\nü: x\ntags: [ü, 日本]\n---\n":          {"ü", "日本"},
		"---\ntags: [two words, 12, ok]\n---\n":    {"ok"},
		"---\ntags:\n---\n":                        nil,
		"---\ntags: [\"a\\u0062\"]\n---\n":         nil,
		"---\ntags: {a: b}\n---\n":                 nil,
		"---\ntags: [a\n---\n#x":                   {"x"},
		"---\ntags: a\n---\ntext #b and `#c`\n":    {"a", "b"},
		"---\ncomment: \"#no\" # tags: x\n---\n#y": {"y"},
	} {
		var names []string
		for _, mark := range NewOutline(content).Tags {
			names = append(names, mark.Name)
			if got := content[mark.End-len(mark.Name) : mark.End]; got != mark.Name {
				t.Errorf("%q: the tag %q is said to stand at %q", content, mark.Name, got)
			}
		}
		if !reflect.DeepEqual(names, want) {
			t.Errorf("tags of %q are %q, want %q", content, names, want)
		}
	}
}

func TestFrontMatterNamesAliases(t *testing.T) {
	for content, want := range map[string][]string{
		"---\naliases: [One, 'Two, three', 4]\n---\n": {"One", "Two, three", "4"},
		"---\nalias: One, Two\n---\n":                 {"One", "Two"},
		"---\naliases:\n- One\n- one\n-\n- ''\n---\n": {"One"},
		"---\naliases:\n---\n":                        nil,
	} {
		if got := NewFrontMatter(content).Aliases; !reflect.DeepEqual(got, want) {
			t.Errorf("aliases of %q are %q, want %q", content, got, want)
		}
	}
}

func TestRenamingReachesFrontMatter(t *testing.T) {
	content := "---\ntags: [work, 'work/home', \"#work\", workshop]\nup: \"see [[Old]]\"\n---\n#work [[Old]]\n"
	got := RenameTags(content, func(name string) string {
		if rest, ok := strings.CutPrefix(name, "work"); ok && (rest == "" || rest[0] == '/') {
			return "job" + rest
		}
		return name
	})
	if want := "---\ntags: [job, 'job/home', \"#job\", workshop]\nup: \"see [[Old]]\"\n---\n#job [[Old]]\n"; got != want {
		t.Errorf("renamed a tag to %q", got)
	}
	got = RenameLinks(content, "old", `A "new": one`)
	if want := strings.ReplaceAll(content, "see [[Old]]", `see [[A ＂new＂： one]]`); got != strings.ReplaceAll(want, "#work [[Old]]", `#work [[A "new": one]]`) {
		t.Errorf("renamed a link to %q", got)
	}
	if f := NewFrontMatter(got); len(f.Properties) != 2 {
		t.Errorf("no YAML is left of %q", got)
	}
}

func FuzzFrontMatter(f *testing.F) {
	f.Add("---\ntags: [a, 'b']\naliases: x\nup: \"[[y|z]]\"\n---\ntext")
	f.Add("---\na: &a [*a]\nb: <<: *a\n---\n")
	f.Add("---\n? [a]\n: b\n---\n")
	f.Fuzz(func(t *testing.T, content string) {
		m := NewFrontMatter(content)
		for _, tag := range m.tags {
			if content[tag.End-len(tag.Name):tag.End] != tag.Name {
				t.Errorf("%q has no tag %q at %d", content, tag.Name, tag.End)
			}
		}
		for _, link := range m.links {
			if !strings.HasPrefix(content[link.Start:link.End], "[[") {
				t.Errorf("%q has no link at %d", content, link.Start)
			}
		}
	})
}
