package markdown

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"octavo/domain/markup"
)

// What the outline of a text finds, by which the note is found and counted, is what the renderer shows.

func TestWhatIsIndexedIsShownInEveryExampleOfTheSpecifications(t *testing.T) {
	for _, s := range specifications {
		examples := examplesOf(t, s.name, s.file)
		for i, e := range examples {
			wantAgreement(t, e.source)
			// Beside other marks, and beside the next example.
			wantAgreement(t, "- [x] #a [[b]]\n"+e.source+"#c [[d]]\n")
			wantAgreement(t, e.source+"\n"+examples[(i+1)%len(examples)].source)
			wantAgreement(t, "> [!note]\n> "+strings.ReplaceAll(e.source, "\n", "\n> ")+"\n\n#e")
		}
	}
}

func TestWhatIsIndexedIsShownWhateverIsWritten(t *testing.T) {
	random := uint32(1)
	next := func(n int) int {
		random = random*1664525 + 1013904223
		return int(random>>8) % n
	}
	for range 20_000 {
		var b strings.Builder
		for range 1 + next(6) {
			for range 1 + next(4) {
				b.WriteString(parts[next(len(parts))])
			}
			b.WriteString("\n")
		}
		wantAgreement(t, b.String())
		if t.Failed() {
			return
		}
	}
}

// parts are what texts are made of to be compared.
var parts = []string{
	"- ", "* ", "1. ", "2) ", "> ", ">", "  ", "    ", "\t", "[ ] a", "[x] b", "[x]", "#c", "[[d]]", "`", "```", "~~~", "***", "---",
	"===", "e", "# ", "[^1]: ", "|f|", "|-|", "\\", "<g>", "[h](#i)", "[", "]", "(", ")", "![", "](j)", "[k]: /l", "[k]", "\"m\"", "<", ">",
	"https://n.org", "www.o.org", "p@q.org", "<r@s.org>", "<!--", "-->", "%%", "^[", "^t", "[^1]", "&amp;", "&#35;", "==", "**", "_", "==#c==", "_#c_", "#c_", "<u>",
	"<kbd>", "</kbd>", "<details>", "</details>", "<summary>u</summary>", "\n", "javascript:v", "[!note]", "[[w|x]]", "é", "日",
}

func FuzzAgreement(f *testing.F) {
	for _, source := range attacks {
		f.Add(source)
	}
	for i := range parts {
		f.Add(strings.Join(parts[i:], ""))
		f.Add(strings.Join(parts[i:], "\n"))
	}
	f.Fuzz(func(t *testing.T, source string) {
		if len(source) < 8<<10 {
			wantAgreement(t, strings.ToValidUTF8(source, ""))
		}
	})
}

// found is what a note is found by.
type found struct {
	tags, links string
	tasks       int
	link, image bool
}

// wantAgreement fails the test unless the outline of source finds what its HTML shows.
func wantAgreement(t *testing.T, source string) {
	t.Helper()
	d := render(source, Options{Tasks: true, From: markup.NewFrontMatter(source).End})
	shownHTML := d.HTML(nil)
	if strings.Contains(shownHTML, plainStart) {
		return // over a bound, where marks are no marks
	}
	o := markup.NewOutline(source)
	var indexed found
	var tags, links []string
	for _, tag := range o.Tags {
		if tag.Start >= markup.NewFrontMatter(source).End {
			tags = append(tags, "#"+tag.Name)
		}
	}
	byName := false // then what is shown depends on what there is
	for _, link := range o.Links {
		byName = byName || link.Address || link.Embed
		if link.Start >= markup.NewFrontMatter(source).End {
			links = append(links, link.Text())
		}
	}
	indexed.tags, indexed.links = sorted(tags), sorted(links)
	indexed.tasks, indexed.link, indexed.image = len(o.Tasks), o.HasLink, o.HasImage
	shown := shownIn(shownHTML)
	if byName {
		shown.links, shown.link, shown.image = indexed.links, indexed.link, indexed.image
	}
	if shown != indexed {
		t.Errorf("%q\nindexed %+v\nshown   %+v\n%s", source, indexed, shown, shownHTML)
	}
}

// shownIn returns what a fragment of HTML shows of what a note is found by.
func shownIn(fragment string) (f found) {
	tokens := html.NewTokenizer(strings.NewReader(fragment))
	var tags, links []string
	class := ""
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		switch token.Type {
		case html.TextToken:
			switch class {
			case "tag":
				tags[len(tags)-1] += token.Data
			case "wiki", "wiki wiki-missing":
				links[len(links)-1] += token.Data
			}
		case html.EndTagToken:
			class = ""
		case html.StartTagToken:
			class = ""
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Key] = a.Val
			}
			switch token.Data {
			case "input", "button":
				f.tasks++
			case "img":
				f.image = true
			case "span":
				f.image = f.image || attributes["class"] == "remote-image"
			case "a":
				switch class = attributes["class"]; class {
				case "tag":
					tags = append(tags, "")
				case "wiki", "wiki wiki-missing":
					links = append(links, "")
					f.link = true
				case "remote-image":
					f.image = true
				case "footnote-ref", "footnote-backref":
				default:
					f.link = true
				}
			}
		}
	}
	f.tags, f.links = sorted(tags), sorted(links)
	return f
}

// sorted returns texts in an order that doesn't depend on where they stand: a footnote is shown below the text.
func sorted(texts []string) string {
	slices.Sort(texts)
	return strings.Join(texts, "\n")
}
