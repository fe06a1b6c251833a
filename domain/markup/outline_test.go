package markup

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"octavo/domain/words"
)

// maxText is the length of the texts that time is measured with, in bytes.
const maxText = 256 << 10

func TestAnOutlineFindsTagsWhereTheyAreMeant(t *testing.T) {
	tests := []struct {
		promise, content string
		want             []string
	}{
		{"at the beginning of a line and after a blank", "#a and #b\n#c", []string{"a", "b", "c"}},
		{"after an opening bracket, a quotation mark or a comma", `(#a [#b {#c "#d" '#e' #f,#g`, []string{"a", "b", "c", "d", "e", "f", "g"}},
		{"after the marks of East Asia", "今日は、#買い物。（#本）「#b」", []string{"買い物", "本", "b"}},
		{"in emphasis, headings, quotes, lists and tables", "*#a* **#b**\n# c #c\n> #d\n- #e\n\n|#f|x|\n|-|-|\n|#g|#h|", []string{"a", "b", "c", "d", "e", "f", "g", "h"}},
		{"in every emphasis", "*#a* **#b** ***#c*** _#d_ __#e__ ~#f~ ~~#g~~ ==#h== **==#i==** _see #j_ ==see #k==", strings.Split("abcdefghijk", "")},
		{"in elements that emphasise", "<u>#a</u> <mark title=\"x\">#b</mark> <kbd>x</kbd>#c <b>#d</b>", []string{"a", "b"}},
		{"in footnotes within a text, callouts and summaries", "^[#a] x ^[see #b]\n\n> [!note] #c\n> #d\n\n> [!tip]- _#e_\n\n<details><summary>#f</summary>\n\n==#g==\n\n</details>", strings.Split("abcdefg", "")},
		{"in cells of tables, with marks around them", "|==#a==|_#b_|\n|-|-|\n|~~#c~~|(#d)|\n|\"#e\"|**_#f_**|", strings.Split("abcdef", "")},
		{"with an underscore at its end where none begins an emphasis", "#a_ x_y #b_ __init__ #c_ _#d_e_ _x_ #f_ \\_#g_ \\_x #h_", []string{"a_", "b_", "c_", "d_e", "f_", "h_"}},
		{"not after a mark that begins no emphasis", "a_#b a==#c ===#d =#e x=#f ==#g", []string{"g"}},
		{"after the quotation marks of any language", "«#a» »#b« ‹#c› ›#d‹ „#e“ ‚#f‘ ¿#g? ¡#h!", strings.Split("abcdefgh", "")},
		{"nested", "#work/home/x", []string{"work/home/x"}},
		{"in any script, with emoji", "#Übung #日本語 #привет #हिन्दी #👩‍👩‍👧 #❤️ #go-lang_2", []string{"Übung", "日本語", "привет", "हिन्दी", "👩‍👩‍👧", "❤️", "go-lang_2"}},
		{"dates, but not numbers", "#2024-05 #2024/05 #123 #1 #٣", []string{"2024-05", "2024/05"}},
		{"without what follows", "#a. #b: #c! #d) #e's", []string{"a", "b", "c", "d", "e"}},
		{"without slashes that part nothing", "#a/ #b//c #d/. #/e", []string{"a", "b", "d"}},
		{"not within a word or behind another", "a#b #c#d é#e ##f", []string{"c"}},
		{"not as a heading", "# a\n## b\n#\n###### #", nil},
		{"not without a letter", "#- #_ #! # ", nil},
		{"not when escaped", `\#a \\#b`, nil},
		{"not in code", "`#a` ``#b ` #c`` `#d\n#e` #f", []string{"f"}},
		{"behind a backtick that begins no code", "` #a `` #b", []string{"a", "b"}},
		{"not in fenced code", "```\n#a\n~~~\n#b\n```\n#c\n~~~~ x\n#d\n~~~\n#e\n~~~~~\n#f", []string{"c", "f"}},
		{"not in fenced code without an end", "```\n#a\n\n#b", nil},
		{"not in indented code", "    #a\n\n\t#b\n#c\n    #d\n\n- x\n\n     #e\n\n  #f", []string{"c", "d", "e", "f"}},
		{"not in indented code of a list", "- x\n\n          #e\n\n  #f", []string{"f"}},
		{"fenced code ends with the list around it", "- ```\n  #a\n#b", []string{"b"}},
		{"not in addresses", "http://x.example/#a https://x.example/(#b www.x.example/,#c <http://x.example/'#d> #e", []string{"e"}},
		{"not in the target or the text of a link", `[#a](#b) [x](<#c> "#d") ![#e](/f '#g') (#h)`, []string{"h"}},
		{"no link in the text of a link", "[x [y](z) #a](#b)", []string{"a", "b"}},
		{"not in definitions of links", "[x]: #a\n[y]:\n #b '#c'\n#d", []string{"d"}},
		{"not in wiki links", "[[#a]] [[b #c]] [[d| #e]] #f", []string{"f"}},
		{"not in what looks like HTML", `<a href="#a" id='#b'>#c <!-- #d -->` + " 1 < 2 #e", []string{"e"}},
		{"in footnotes", "[^1]: #a\n\n    #b\n\n        #c", []string{"a", "b"}},
		{"at most a hundred characters", "#" + strings.Repeat("é", 100) + " #" + strings.Repeat("é", 101), []string{strings.Repeat("é", 100)}},
	}
	for _, tt := range tests {
		t.Run(tt.promise, func(t *testing.T) {
			var got []string
			for _, mark := range NewOutline(tt.content).Tags {
				if tt.content[mark.Start:mark.End] != "#"+mark.Name {
					t.Errorf("%q stands at %q", mark.Name, tt.content[mark.Start:mark.End])
				}
				got = append(got, mark.Name)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("tags of %q\n got %q\nwant %q", tt.content, got, tt.want)
			}
		})
	}
}

func TestAnOutlineFindsWikiLinks(t *testing.T) {
	type link struct{ title, heading, label string }
	tests := []struct {
		content string
		want    []link
	}{
		{"[[A b]] and\n> [[ c | d ]]", []link{{"A b", "", ""}, {"c", "", "d"}}},
		{"[[a#b c]] [[a#b|c]] [[#b]]", []link{{"a", "b c", ""}, {"a", "b", "c"}, {"", "b", ""}}},
		{"[[C#]] [[C# notes]] [[Issue #5]] [[a#b#c]]", []link{{"C#", "", ""}, {"C# notes", "", ""}, {"Issue #5", "", ""}, {"a", "b#c", ""}}},
		{"|[[a\\|b]]|[[c]]|\n|-|-|\n|[[d|e]]|", []link{{"a", "", "b"}, {"c", "", ""}, {"d", "", "e"}}},
		{"`[[a]]` \\[[b]] [[]] [[ ]] [[|c]] [[d\ne]] [[f] [[g]", nil},
		{"    [[a]]\n```\n[[b]]\n```", nil},
		{"[[1]](https://x.example) [x [[y]] z](/b)", nil},
		{"[[a]] (b) ![[c]] [[[d]]]", []link{{"a", "", ""}, {"c", "", ""}, {"d", "", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.content, func(t *testing.T) {
			var got []link
			for _, mark := range NewOutline(tt.content).Links {
				if text := strings.TrimPrefix(tt.content[mark.Start:mark.End], "!"); !strings.HasPrefix(text, "[[") || !strings.HasSuffix(text, "]]") {
					t.Errorf("a link at %q", text)
				}
				got = append(got, link{mark.Title, mark.Heading, mark.Label})
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestAnOutlineFindsTasks(t *testing.T) {
	tests := []struct{ promise, content, want string }{
		{"in every kind of list", "- [ ] a\n* [x] b\n+ [X] c\n\n1. [ ] d\n2) [x] e\n", " xX x"},
		{"nested and in quotes", "- [ ] a\n  - [x] b\n\n> - [ ] c\n>   1. [x] d", " x x"},
		{"after tabs and on the line after the marker", "-\t[x] a\n-\n  [ ] b\n- [x]\tc", "x x"},
		{"without a text", "- [ ]\n- [x]", " x"},
		{"deep in a list", "1. a\n\n   - b\n\n     - [x] c", "x"},
		{"not without a blank after it", "- [ ]a\n- [x](b)\n- [y] c\n- [  ] d\n- [] e", ""},
		{"not elsewhere in the item", "- a [ ] b\n- a\n  [ ] c\n- # d\n\n  [ ] e\n- > [ ] f", ""},
		{"not outside of lists", "[ ] a\n\n> [ ] b", ""},
		{"not in code", "```\n- [ ] a\n```\n\n    - [ ] b\n\n-     [ ] c\n- ```\n  - [ ] d", ""},
		{"not in a table", "- [ ] a|b\n  -|-\n- [x] c", "x"},
		{"not where the number can't interrupt a paragraph", "a\n2. [ ] b", ""},
	}
	for _, tt := range tests {
		t.Run(tt.promise, func(t *testing.T) {
			var got strings.Builder
			for _, task := range NewOutline(tt.content).Tasks {
				c := tt.content[task.Box]
				got.WriteByte(c)
				if task.Done != (c != ' ') {
					t.Errorf("done is %v for %q", task.Done, c)
				}
			}
			if got.String() != tt.want {
				t.Errorf("got %q, want %q", got.String(), tt.want)
			}
		})
	}
}

func TestAnOutlineKnowsWhatANoteHas(t *testing.T) {
	hash := strings.Repeat("0a", 32)
	tests := []struct {
		content     string
		image, link bool
		files       []string
	}{
		{"plain [text] (and more)", false, false, nil},
		{"[a](/b)", false, true, nil},
		{"<https://x.example> <b> ", false, true, nil},
		{"see http://x.example", false, true, nil},
		{"[[a]]", false, true, nil},
		{"[a]\n\n[a]: /b", false, true, nil},
		{"`[a](/b) http://x.example ![c](/d)`", false, false, nil},
		{"![a](/files/" + hash + ")", true, false, []string{hash}},
		{"![a][b]\n\n[b]: /c", true, false, nil},
		{"![a][b] [c]\n\n[b]: /c", true, false, nil},
		{"[b]: /c", false, false, nil},
		{"[a](javascript:b) <javascript:b> [a](ftp://b)", false, false, nil},
		{"[a](tel:1)", false, true, nil},
		{"`/files/" + hash + "` /files/" + hash + " /files/" + hash + "0 /files/0a", false, false, []string{hash}},
	}
	for _, tt := range tests {
		got := NewOutline(tt.content)
		if got.HasImage != tt.image || got.HasLink != tt.link || !slices.Equal(got.Files, tt.files) {
			t.Errorf("%q: image %v, link %v, files %q", tt.content, got.HasImage, got.HasLink, got.Files)
		}
	}
}

func TestTheFirstPictureOfATextIsTheFirstOneThatItShowsOfAFile(t *testing.T) {
	one, two := strings.Repeat("0a", 32), strings.Repeat("1b", 32)
	for content, want := range map[string]string{
		"": "",
		"before ![a](/files/" + one + "/a.png) ![b](/files/" + two + "/b.png)":      one,
		"![a](</files/" + one + "/a.png> \"title\")":                                one,
		"> - ![a][b]\n\n[b]: /files/" + one:                                         one,
		"[![a](/files/" + one + "/a.png)](https://x.example)":                       one,
		"| a |\n| - |\n| ![a](/files/" + one + ") |\n\n![b](/files/" + two + ")":    one,
		"![a](https://x.example/files/" + one + ") ![b](/files/" + two + ")":        two,
		"[a](/files/" + one + "/a.pdf) `![a](/files/" + one + ")` \\![a](/b)":       "",
		"![a](/files/" + one[1:] + "/a.png)":                                        "",
		"---\npicture: \"![a](/files/" + one + ")\"\n---\n![b](/files/" + two + ")": two,
		"![a ![b](/files/" + two + ") c](/files/" + one + ")":                       one,
	} {
		if got := NewOutline(content).Picture; got != want {
			t.Errorf("%q shows %q first, not %q", content, got, want)
		}
	}
}

func TestRenamingLinksKeepsHeadingsAndLabels(t *testing.T) {
	content := "[[Old]] [[ old #x]] [[OLD#h|l]] [[older]] `[[Old]]`\n|[[Old\\|l]]|\n|-|\n"
	want := "[[New]] [[ old #x]] [[New#h|l]] [[older]] `[[Old]]`\n|[[New\\|l]]|\n|-|\n"
	if got := RenameLinks(content, "old", "New"); got != want {
		t.Errorf("got %q", got)
	}
	for _, title := range []string{"C#", "a#b", "#a", "a|b", "[x] `y`", `a\`, "a]]", "a\nb"} {
		for _, link := range []string{"[[old]]", "[[old|l]]", "[[old#h]]", "|[[old\\|l]]|\n|-|"} {
			got := RenameLinks(link, "old", title)
			before, after := NewOutline(link).Links[0], NewOutline(got).Links
			if len(after) != 1 || words.Fold(after[0].Title) != words.Fold(title) ||
				after[0].Heading != before.Heading || after[0].Label != before.Label {
				t.Errorf("%q became %q", link, got)
			}
		}
	}
}

func TestTickingABoxChangesOneByte(t *testing.T) {
	content := "- [ ] a\n- [X] b\n"
	tests := []struct {
		n    int
		done bool
		want string
	}{
		{1, true, "- [x] a\n- [X] b\n"},
		{1, false, content},
		{2, true, content},
		{2, false, "- [ ] a\n- [ ] b\n"},
		{0, true, content},
		{3, true, content},
		{-1, true, content},
	}
	for _, tt := range tests {
		if got := SetTask(content, tt.n, tt.done); got != tt.want {
			t.Errorf("SetTask(%d, %v) gives %q", tt.n, tt.done, got)
		}
	}
}

func FuzzOutline(f *testing.F) {
	for _, content := range []string{
		"#a/b `#c` [[d#e|f]] - [ ] g", "- [ ] a\n  > 1. [x] #b\n\n\t#c", "|[[a\\|b]]|#c|\n|-|-|\n|`|`|", "[a [b](c) #d](#e)",
		"[x]: #a '\n'\n#b", "[^1]: a\n\n    - [x] b", "<a href='#b'\n>#c http://x.example/#d", "~~~\n#a\n ~~~~ \n#b", "- - -\n-\n\n  #a",
		"[[old]] #old/x ![a](</files/0> (b))",
	} {
		f.Add(content)
	}
	f.Fuzz(func(t *testing.T, content string) {
		o := NewOutline(content)
		last := 0
		for _, mark := range o.Tags {
			if mark.Start < last || mark.End > len(content) || content[mark.Start:mark.End] != "#"+mark.Name {
				t.Fatalf("%+v in %q", mark, content)
			}
			last = mark.End
			if _, fault := CheckTag(mark.Name); fault != 0 {
				t.Fatalf("%q is no tag: %v", mark.Name, fault)
			}
		}
		last = 0
		for _, mark := range o.Links {
			if mark.Start < last || mark.End > len(content) || !mark.Address && mark.End < mark.Start+5 {
				t.Fatalf("%+v in %q", mark, content)
			}
			last = mark.End
		}
		last = 0
		for i, mark := range o.Tasks {
			if mark.Box <= last || mark.Box >= len(content)-1 || content[mark.Box-1] != '[' || content[mark.Box+1] != ']' {
				t.Fatalf("%+v in %q", mark, content)
			}
			last = mark.Box
			ticked := SetTask(content, i+1, !mark.Done)
			if len(ticked) != len(content) || ticked[:mark.Box] != content[:mark.Box] ||
				ticked[mark.Box+1:] != content[mark.Box+1:] || ticked[mark.Box] == content[mark.Box] {
				t.Fatalf("ticking %d of %q gives %q", i+1, content, ticked)
			}
			if again := NewOutline(ticked); len(again.Tasks) != len(o.Tasks) || again.Tasks[i].Done == mark.Done {
				t.Fatalf("ticking %d of %q gives %q", i+1, content, ticked)
			}
		}
		if !utf8.ValidString(content) {
			return
		}
		if len(o.Tags) > 0 {
			renamed := func(name string) string {
				if words.Fold(name) == words.Fold(o.Tags[0].Name) {
					return "new/name"
				}
				return name
			}
			checkRename(t, content, func(s string) string { return RenameTags(s, renamed) },
				func(o Outline) (marks []span) {
					for _, mark := range o.Tags {
						marks = append(marks, span{mark.Start, mark.End})
					}
					return marks
				})
		}
		if len(o.Links) > 0 {
			checkRename(t, content, func(s string) string { return RenameLinks(s, words.Fold(o.Links[0].Title), "New C# name") },
				func(o Outline) (marks []span) {
					for _, mark := range o.Links {
						marks = append(marks, span{mark.Start, mark.End})
					}
					return marks
				})
		}
	})
}

// checkRename fails the test unless rename changes nothing but marks, and nothing when it is done again.
func checkRename(t *testing.T, content string, rename func(string) string, marks func(Outline) []span) {
	t.Helper()
	renamed := rename(content)
	before, after := between(content, marks(NewOutline(content))), between(renamed, marks(NewOutline(renamed)))
	if !reflect.DeepEqual(before, after) {
		t.Fatalf("%q became %q", content, renamed)
	}
	if again := rename(renamed); again != renamed && !strings.HasPrefix(content, "#new") {
		t.Fatalf("%q became %q, then %q", content, renamed, again)
	}
}

func between(content string, marks []span) (parts []string) {
	last := 0
	for _, mark := range marks {
		parts = append(parts, content[last:mark.start])
		last = mark.end
	}
	return append(parts, content[last:])
}

// outlineTangles are what a careless outline would take quadratic time for.
var outlineTangles = []string{
	"[", "[[", "[[a", "[[a]](", "![", "]", "[a](", "[a](b \"", "[a](b '(", "[a](<b", "`a``", "<a\n", "<a ", "#a", "#1 ", "#a/", "- ", "> ",
	"-\n", "a|", "|a\n|-\n", "[a]: b \"\n", "[a]: b\n", "[^a]: ", "http://a[", "www./", "www.", "\\", "/files/", "~~~\n", "\t", "- [ ] ",
	"_www.", "www.a_", "http://a", "http://[::", "a@", "a.", "a@b.", "%%", "%%a\n", "<!--", "<!-- a\n", "<!-- --> a\n", "^[", "^[a]", "<a b=\"",
	"<a b='\" c=\"", "<?", "<![CDATA[", "</a ", "&", "&a", "[a][b]", "[a][", "[a]: <", "[^a]", "a ^b\n\n", "<details>\n", "<summary>a", "|[[a|\n|-\n",
	"> [!a]\n", "日http://a.", "[x](y \"", "[a](((((", "#a&#", ";#",
}

func BenchmarkOutlineOfTangles(b *testing.B) {
	for _, unit := range outlineTangles {
		content := strings.Repeat(unit, maxText/len(unit))
		b.Run(unit, func(b *testing.B) {
			for b.Loop() {
				NewOutline(content)
			}
		})
	}
}
