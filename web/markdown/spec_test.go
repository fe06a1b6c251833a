package markdown

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"octavo/domain/markup"
)

var update = flag.Bool("update", false, "write the golden files anew")

// specifications are the texts whose examples are run, by their files in testdata/spec.
var specifications = []struct {
	name, file, hash string
	examples         int
}{
	{"CommonMark", "commonmark-0.31.2.txt", "257c41ad946f7a1414a499aca402a1aa8fdac3678532266611348c1cf54f4b80", 652},
	{"GFM", "gfm-0.29.txt", "6112292d752fe6d2a4a11d328bc065ca7a6e31616b10001d454d6a4235b4bc56", 673},
}

// example is one of a specification.
type example struct {
	name, source, wantHTML string
}

// examplesOf returns the examples of a specification's text.
func examplesOf(t *testing.T, name, file string) []example {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "spec", file))
	if err != nil {
		t.Fatal(err)
	}
	fence := strings.Repeat("`", 32)
	var all []example
	for i, part := range strings.Split(string(text), "\n"+fence) {
		if i%2 == 0 {
			continue
		}
		_, body, _ := strings.Cut(part, "\n")
		source, want, found := strings.Cut("\n"+body+"\n", "\n.\n")
		if !found {
			t.Fatalf("%s: no example: %q", file, part)
		}
		source = strings.TrimPrefix(source+"\n", "\n")
		all = append(all, example{
			name:   name + " " + strconv.Itoa(len(all)+1),
			source: strings.ReplaceAll(source, "→", "\t"), wantHTML: strings.ReplaceAll(want, "→", "\t"),
		})
	}
	return all
}

// TestTheSpecificationsAreKept runs every example of the specifications. What differs stands in testdata/spec/differences.txt
// with a reason: one that Octavo has for showing that in another way.
func TestTheSpecificationsAreKept(t *testing.T) {
	var differences strings.Builder
	reasons := map[string]int{}
	for _, s := range specifications {
		text, err := os.ReadFile(filepath.Join("testdata", "spec", s.file))
		if err != nil {
			t.Fatal(err)
		}
		if sum := sha256.Sum256(text); hex.EncodeToString(sum[:]) != s.hash {
			t.Fatalf("%s isn't the file that was published: %x", s.file, sum)
		}
		examples := examplesOf(t, s.name, s.file)
		if len(examples) != s.examples {
			t.Fatalf("%d examples of %s, want %d", len(examples), s.name, s.examples)
		}
		for _, e := range examples {
			got := show(e.source)
			checkSafe(t, e.source, got)
			want, shown := normalized(t, e.wantHTML), normalized(t, got)
			if want == shown {
				continue
			}
			reason := reasonFor(e, got)
			if reason == "" {
				t.Errorf("%s\nsource %q\ngot    %s\nwant   %s", e.name, e.source, shown, want)
				continue
			}
			reasons[reason]++
			fmt.Fprintf(&differences, "=== %s: %s\n%s---\n%s\n", e.name, reason, e.source, got)
		}
	}
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		t.Logf("%3d × %s", reasons[reason], reason)
	}
	file := filepath.Join("testdata", "spec", "differences.txt")
	if *update {
		if err := os.WriteFile(file, []byte(differences.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != differences.String() {
		t.Errorf("%s isn't what differs: run the test with -update and look at what has changed", file)
	}
}

// What Octavo does in another way on purpose.
const (
	rawHTML     = "HTML is text but for a few elements, so nothing in a note is read by a browser as more than that"
	hidden      = "a comment is hidden, as CommonMark 0.31 has it, and the rest of its line is Markdown"
	bareAddress = "a bare address is a link, as on GitHub"
	tagOfNote   = "a # with a name behind it is a tag"
	byFileName  = "a relative address that ends as the name of a file leads to the note or the uploaded file of that name, and says so where there is none"
	wikiLinked  = "[[…]] is a link to a note"
	refused     = "links lead to http, https, mailto, tel and relative addresses, and nowhere else"
	noHost      = "a link leads to no host with a mark in its name that no host has"
	nowhere     = "a link to nothing is none"
)

var hrefs = regexp.MustCompile(`href="([^"]*)"`)

// reasonFor returns why an example is shown in another way, or "".
func reasonFor(e example, got string) string {
	for _, href := range hrefs.FindAllStringSubmatch(e.wantHTML, -1) {
		if _, ok := markup.NewTarget(html.UnescapeString(href[1])); href[1] == "" {
			return nowhere
		} else if !ok && strings.HasPrefix(href[1], "http") {
			return noHost
		} else if !ok {
			return refused
		}
	}
	switch {
	case strings.Contains(e.source, "[["):
		return wikiLinked
	case strings.Contains(got, "wiki-missing"):
		return byFileName
	case strings.Contains(got, `class="tag"`):
		return tagOfNote
	case strings.Count(got, "&lt;") > strings.Count(e.wantHTML, "&lt;"):
		return rawHTML
	case strings.Contains(e.source, "<!--"):
		return hidden
	case strings.Count(got, `<a href="http`)+strings.Count(got, `<a href="mailto`) > strings.Count(e.wantHTML, "<a href"):
		return bareAddress
	}
	return ""
}

// normalized returns fragment in a form in which only what counts differs. Octavo's own additions, none of which changes
// what is said, are taken off: the ids of headings, their prefix in links, rel, loading and what is there for keyboards
// and screen readers; the box around a table; the colours of code. A line break counts as a blank, since each is shown.
func normalized(t *testing.T, fragment string) string {
	t.Helper()
	nodes, err := html.ParseFragment(strings.NewReader(fragment), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	var n normalizer
	for _, node := range nodes {
		n.write(node, false)
	}
	return strings.TrimSpace(n.String())
}

type normalizer struct{ strings.Builder }

var blanks = regexp.MustCompile(`[ \t\r\n]+`)

// inlineElements are those beside which a blank counts.
var inlineElements = map[string]bool{"a": true, "code": true, "del": true, "em": true, "img": true, "input": true, "strong": true}

func (n *normalizer) write(node *html.Node, pre bool) {
	switch node.Type {
	case html.TextNode:
		text := node.Data
		if !pre {
			text = blanks.ReplaceAllString(text, " ")
			if strings.HasSuffix(n.String(), " ") {
				text = strings.TrimPrefix(text, " ")
			}
			if text == "" || text == " " && (n.Len() == 0 || strings.HasSuffix(n.String(), ">")) && !n.afterInline() {
				return
			}
		}
		n.WriteString(html.EscapeString(text))
		return
	case html.CommentNode:
		n.WriteString("<!--" + node.Data + "-->")
		return
	case html.DoctypeNode:
		n.WriteString("<!" + node.Data + ">")
		return
	}
	bare := node.Data == "span" && strings.HasPrefix(attribute(node, "class"), "c-") || attribute(node, "class") == "table-scroll"
	if node.Data == "br" {
		n.trimBlank()
		n.WriteByte(' ')
		return
	}
	if !bare {
		if !inlineElements[node.Data] {
			n.trimBlank()
		}
		n.WriteString("<" + node.Data)
		for _, a := range slices.SortedFunc(slices.Values(node.Attr), func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) }) {
			if value, kept := attributeOf(node.Data, a); kept {
				n.WriteString(" " + a.Key + "=" + strconv.Quote(value))
			}
		}
		n.WriteByte('>')
	}
	for child := node.FirstChild; child != nil; child = child.NextSibling {
		n.write(child, pre || node.Data == "pre")
	}
	if !bare && !void[node.Data] {
		if !inlineElements[node.Data] && node.Data != "pre" {
			n.trimBlank()
		}
		n.WriteString("</" + node.Data + ">")
	}
}

// afterInline reports whether an inline element or text has just been written.
func (n *normalizer) afterInline() bool {
	written := n.String()
	i := strings.LastIndexByte(written, '<')
	if i < 0 || !strings.HasSuffix(written, ">") {
		return written != ""
	}
	name, _, _ := strings.Cut(strings.Trim(written[i:], "</>"), " ")
	return inlineElements[name]
}

func (n *normalizer) trimBlank() {
	written := strings.TrimRight(n.String(), " ")
	n.Reset()
	n.WriteString(written)
}

func attribute(node *html.Node, key string) string {
	for _, a := range node.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// attributeOf returns the value of an attribute as it is compared, and whether it is.
func attributeOf(element string, a html.Attribute) (value string, kept bool) {
	switch a.Key {
	case "rel", "loading", "tabindex", "role", "aria-label":
		return "", false
	case "id":
		return "", !strings.HasPrefix(a.Val, idPrefix)
	case "class":
		return a.Val, a.Val != "task-list-item"
	case "href":
		address := strings.TrimPrefix(a.Val, "./") // which says that what comes before a colon is no scheme
		scheme, rest, found := strings.Cut(address, ":")
		if found {
			return strings.ToLower(scheme) + ":" + rest, true
		}
		return strings.Replace(address, "#"+idPrefix, "#", 1), true
	}
	return a.Val, true
}
