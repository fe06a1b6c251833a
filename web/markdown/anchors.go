package markdown

import (
	"bytes"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// slug returns the id of a heading as GitHub makes it, behind the prefix: its letters, marks, digits and underscores in
// lower case, and a dash for each blank. Links that were written for GitHub so lead where they did there.
func slug(heading string) string {
	var b strings.Builder
	b.WriteString(idPrefix)
	for _, r := range heading {
		switch {
		case r == ' ' || r == '-':
			b.WriteByte('-')
		case unicode.In(r, unicode.Letter, unicode.Mark, unicode.Nd, unicode.Nl, unicode.Pc, unicode.Other_Alphabetic):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	if b.Len() == len(idPrefix) {
		b.WriteString("section")
	}
	return b.String()
}

// place returns the address within a note that a heading, or a block as ^name, has in a wiki link. Of several headings
// inside one another, as in [[A#B#C]], the last is meant.
func place(heading string) string {
	if i := strings.LastIndexByte(heading, '#'); i >= 0 && i+1 < len(heading) && heading[i+1] != ' ' {
		heading = heading[i+1:]
	}
	if name, ok := strings.CutPrefix(heading, "^"); ok {
		return blockPlace(name)
	}
	return slug(strings.TrimSpace(heading))
}

// blockPlace returns the id of a block that is named ^name at its end. No heading has one with a ^.
func blockPlace(name string) string { return idPrefix + "^" + strings.ToLower(name) }

// placeOf returns the place in the note that fragment, the part of an address behind #, names.
func placeOf(fragment []byte) []byte {
	name, err := url.PathUnescape(string(fragment))
	if err != nil {
		return append([]byte(idPrefix), fragment...)
	}
	name = strings.TrimPrefix(strings.ToLower(strings.TrimPrefix(name, "user-content-")), idPrefix)
	return []byte(idPrefix + (&url.URL{Fragment: name}).EscapedFragment())
}

// headingIDs are the slugs of a document's headings, each with the number of times it has been asked for.
type headingIDs map[string]int

// id returns an id that no other heading of the document has.
func (ids headingIDs) id(heading string) string {
	if len(ids) >= maxHeadings {
		panic(errBound)
	}
	base := slug(heading)
	id := base
	for ids[id] > 0 {
		id = base + "-" + strconv.Itoa(ids[base])
		ids[base]++
	}
	ids[id]++
	return id
}

// outlineLevels are the levels of the headings that the last one stands under, and its own, as they are written.
type outlineLevels struct {
	under int
	open  []int
}

// of returns the level that the next heading is shown with: one more than that of the heading it belongs to.
func (o *outlineLevels) of(written int) int {
	if o.under == 0 {
		return written
	}
	for len(o.open) > 0 && o.open[len(o.open)-1] >= written {
		o.open = o.open[:len(o.open)-1]
	}
	o.open = append(o.open, written)
	return min(o.under+len(o.open), 6)
}

// anchors gives the title and the headings their ids, and lists the headings.
type anchors struct{}

func (anchors) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	m := meterOf(pc)
	ids := headingIDs{}
	levels := outlineLevels{under: m.under}
	var b bytes.Buffer
	// The walk fails only if the function does, which it never does.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering || n.Type() == ast.TypeInline {
			return ast.WalkSkipChildren, nil
		}
		heading, ok := n.(*ast.Heading)
		if !ok && n.Kind() != kindTitleBlock {
			return ast.WalkContinue, nil
		}
		b.Reset()
		writeText(textOnly{&b}, reader.Source(), n)
		words := strings.TrimSpace(html.UnescapeString(b.String())) // without what stood before a hidden end
		id := ids.id(words)
		if !ok {
			m.titleID = id
			return ast.WalkSkipChildren, nil
		}
		heading.Level = levels.of(heading.Level)
		heading.SetAttributeString("id", []byte(id))
		m.headings = append(m.headings, Heading{heading.Level, id, words})
		return ast.WalkSkipChildren, nil
	})
}

// textOnly is a buffer as renderers write to.
type textOnly struct{ *bytes.Buffer }

func (textOnly) Flush() error { return nil }

func (textOnly) Buffered() int { return 0 }
