package text

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/strikethrough"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
)

// Elements that a reader puts into a document in place of what Markdown has other words for.
const (
	Task = "octavo-task" // a box, ticked if it has the attribute checked
	Math = "octavo-math" // a formula in TeX; with the attribute display one apart
	Bare = "octavo-bare" // a text that is written as it is
)

// What a text of HTML may have.
const (
	maxElements = 100_000
	maxMarks    = 500_000 // characters that may have to be escaped
)

// ErrTooComplex is returned for HTML that would take too much memory.
var ErrTooComplex = errors.New("more elements than a text may have")

// ParseHTML reads a document, within bounds.
func ParseHTML(source string) (*html.Node, error) {
	marks := 0
	for i := range len(source) {
		if strings.IndexByte("*_[]`#~|\\", source[i]) >= 0 {
			marks++
		}
	}
	if len(source) > MaxSize || strings.Count(source, "<") > maxElements || marks > maxMarks {
		return nil, ErrTooComplex
	}
	// These mean something to what makes Markdown.
	source = strings.NewReplacer("\a", "", "\uF002", "", "\x00", "", "\uFEFF", "").Replace(source)
	doc, err := html.Parse(strings.NewReader(source))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, ErrTooComplex
	}
	bound(doc)
	return doc, nil
}

// What grows by more than the length of a text: each line in a quote or a list has a mark, or blanks, for each around it; each row of
// a table has as many cells as the longest.
const (
	deepest  = 20
	maxCells = 1 << 16
)

// bound leaves out what is nested deeper than a reader can tell, and has what is larger than a table can be shown be text.
func bound(doc *html.Node) {
	nested := map[*html.Node]int{} // how many elements that nest are around each that does
	var all []*html.Node
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode {
			all = append(all, n)
		}
	}
	for _, n := range all {
		around := nested[n.Parent]
		switch n.Data {
		case "blockquote", "ul", "ol", "table":
			if around++; around > deepest {
				plain(n)
			} else if n.Data == "table" && tooLarge(n) {
				plain(n)
			}
		case "li":
			if n.Parent.Data != "ul" && n.Parent.Data != "ol" {
				plain(n)
			}
		case "tr", "thead", "tbody", "tfoot", "td", "th":
			if n.Parent.Data == "div" {
				plain(n)
			}
		}
		nested[n] = around
	}
}

// plain has an element mean nothing of its own.
func plain(n *html.Node) { n.Data, n.DataAtom, n.Attr = "div", 0, nil }

// tooLarge reports whether a table has more cells than are shown.
func tooLarge(table *html.Node) bool {
	rows, columns := 0, 0
	var count func(n *html.Node)
	count = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			switch c.Data {
			case "thead", "tbody", "tfoot":
				count(c)
			case "tr":
				rows++
				cells := 0
				for cell := c.FirstChild; cell != nil; cell = cell.NextSibling {
					cells++
				}
				columns = max(columns, cells)
			}
		}
	}
	count(table)
	return rows*columns > maxCells
}

// Stripped returns the words of HTML that is too much to be read as a document, each block on a line of its own.
func Stripped(source string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return Plain(strings.TrimSpace(b.String()))
		case html.TextToken:
			b.WriteString(z.Token().Data)
		case html.EndTagToken, html.SelfClosingTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "div", "p", "br", "li", "tr", "h1", "h2", "h3", "pre", "blockquote":
				b.WriteByte('\n')
			case "td", "th":
				b.WriteByte(' ')
			}
		}
	}
}

// FromHTML returns what a document says as Markdown. It changes the document.
func FromHTML(doc *html.Node) (said string, err error) {
	defer func() { // a document that the converter can't take is one that is left out, not the end of all
		if recover() != nil {
			said, err = "", ErrTooComplex
		}
	}()
	for n := range doc.Descendants() {
		tidy(n)
	}
	content, err := newConverter().ConvertNode(doc)
	return string(content), err
}

func newConverter() *converter.Converter {
	c := converter.NewConverter(converter.WithPlugins(
		base.NewBasePlugin(),
		commonmark.NewCommonmarkPlugin(commonmark.WithHorizontalRule("---"), commonmark.WithListEndComment(false),
			commonmark.WithLinkEmptyHrefBehavior(commonmark.LinkBehaviorSkip), commonmark.WithLinkEmptyContentBehavior(commonmark.LinkBehaviorSkip)),
		strikethrough.NewStrikethroughPlugin(),
		table.NewTablePlugin(table.WithCellPaddingBehavior(table.CellPaddingBehaviorMinimal), table.WithHeaderPromotion(true),
			table.WithNewlineBehavior(table.NewlineBehaviorPreserve), table.WithPresentationTables(true)),
	))
	for _, name := range []string{"u", "kbd", "sub", "sup"} {
		c.Register.RendererFor(name, converter.TagTypeInline, around("<"+name+">", "</"+name+">"), converter.PriorityEarly)
	}
	c.Register.RendererFor("mark", converter.TagTypeInline, around("==", "=="), converter.PriorityEarly)
	c.Register.RendererFor(Task, converter.TagTypeInline, func(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
		box := "[ ] "
		if checked, _ := Attribute(n, "checked"); checked == "true" {
			box = "[x] "
		}
		_, _ = w.WriteString(box)
		return converter.RenderSuccess
	}, converter.PriorityEarly)
	c.Register.RendererFor(Bare, converter.TagTypeInline, func(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
		_, _ = w.WriteString(Words(n))
		return converter.RenderSuccess
	}, converter.PriorityEarly)
	c.Register.RendererFor(Math, converter.TagTypeInline, func(_ converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
		formula := strings.TrimSpace(Words(n))
		if slashes := len(formula) - len(strings.TrimRight(formula, `\`)); slashes%2 == 1 { // before a blank at the end
			formula = strings.TrimSpace(formula[:len(formula)-1])
		}
		if _, display := Attribute(n, "display"); display {
			// A line within it is marked as one of code is, so that blank ones stay.
			_, _ = w.WriteString("\n\n$$" + strings.Join(nonBlankLines(formula), "\n") + "$$\n\n")
		} else {
			_, _ = w.WriteString("$" + strings.Join(nonBlankLines(formula), " ") + "$")
		}
		return converter.RenderSuccess
	}, converter.PriorityEarly)
	c.Register.TextTransformer(func(_ converter.Context, words string) string {
		return inWord.ReplaceAllString(inWord.ReplaceAllString(words, "${1}_${2}"), "${1}_${2}") // which means nothing there
	}, converter.PriorityLate)
	c.Register.UnEscaper(bracket, converter.PriorityEarly)
	c.Register.PostRenderer(func(_ converter.Context, content []byte) []byte { // a line break is shown as one
		content = bytes.ReplaceAll(content, []byte("  <br />"), []byte("<br />"))
		return tightLists(bytes.ReplaceAll(content, []byte("  \n"), []byte("\n")))
	}, converter.PriorityStandard+10)
	return c
}

// bracket keeps the converter from looking for the end of what an opening bracket begins all along a line, again for each of
// them: where that isn't near, it is escaped.
func bracket(content []byte, at int) int {
	const near = 500
	if content[at] != '[' || len(content)-at <= near || bytes.IndexByte(content[at:at+near], '\n') >= 0 {
		return -1
	}
	return 1
}

var (
	inWord   = regexp.MustCompile(`([\pL\pN])\a_([\pL\pN])`)
	listItem = regexp.MustCompile(`^[ >]*(?:[-*+]|[0-9]{1,9}[.)]) `)
)

// tightLists takes out the blank lines between an item and a list that is nested in it. Blocks of code have no line ends yet.
func tightLists(content []byte) []byte {
	lines := bytes.SplitAfter(content, []byte("\n"))
	indent := func(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }
	kept := lines[:0]
	for i, line := range lines {
		if i > 0 && i+1 < len(lines) && len(bytes.TrimSpace(line)) == 0 && listItem.Match(lines[i+1]) && len(kept) > 0 {
			if last := kept[len(kept)-1]; listItem.Match(last) && indent(lines[i+1]) > indent(last) {
				continue
			}
		}
		kept = append(kept, line)
	}
	return bytes.Join(kept, nil)
}

func nonBlankLines(text string) (lines []string) {
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, " \t\r\n"); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// around returns what renders an element between two texts, and nothing where it has no words.
func around(before, after string) converter.HandleRenderFunc {
	return func(ctx converter.Context, w converter.Writer, n *html.Node) converter.RenderStatus {
		var b bytes.Buffer
		ctx.RenderChildNodes(ctx, &b, n)
		words := bytes.TrimSpace(b.Bytes())
		if len(words) == 0 || bytes.Contains(words, []byte("\n\n")) { // Markdown has none around several paragraphs
			_, _ = w.Write(b.Bytes())
			return converter.RenderSuccess
		}
		if b.Bytes()[0] == ' ' {
			_ = w.WriteByte(' ')
		}
		_, _ = w.WriteString(before)
		_, _ = w.Write(words)
		_, _ = w.WriteString(after)
		if b.Bytes()[b.Len()-1] == ' ' {
			_ = w.WriteByte(' ')
		}
		return converter.RenderSuccess
	}
}

// tidy bounds what an element may ask for, and keeps what the converter would leave out.
func tidy(n *html.Node) {
	if n.Type != html.ElementNode {
		return
	}
	switch n.Data {
	case "td", "th":
		for i, a := range n.Attr {
			const widest = 20
			if a.Key != "colspan" && a.Key != "rowspan" {
				continue
			}
			if span, err := strconv.Atoi(a.Val); err != nil || span < 1 || span > widest || a.Key == "rowspan" && span > 1 {
				n.Attr[i].Val = "1"
			}
		}
	case "ol":
		if start, ok := Attribute(n, "start"); ok && len(start) > 6 {
			SetAttribute(n, "start", "1")
		}
	case "img":
		alt, _ := Attribute(n, "alt")
		width, _ := Attribute(n, "width")
		height, _ := Attribute(n, "height")
		if words := Alt(alt, width, height); words != alt {
			SetAttribute(n, "alt", strings.ReplaceAll(strings.ReplaceAll(words, `\[`, "["), `\]`, "]"))
		}
	case "input":
		if kind, _ := Attribute(n, "type"); strings.EqualFold(kind, "checkbox") {
			_, checked := Attribute(n, "checked")
			n.Data, n.DataAtom = Task, 0
			n.Attr = []html.Attribute{{Key: "checked", Val: strconv.FormatBool(checked)}}
		}
	}
}

// Attribute returns an attribute of an element.
func Attribute(n *html.Node, name string) (value string, ok bool) {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val, true
		}
	}
	return "", false
}

// SetAttribute gives an element an attribute.
func SetAttribute(n *html.Node, name, value string) {
	for i, a := range n.Attr {
		if a.Key == name {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

// Style returns the value of a property of an element's style, in lower case.
func Style(n *html.Node, names ...string) string {
	all, _ := Attribute(n, "style")
	for declaration := range strings.SplitSeq(all, ";") {
		property, value, _ := strings.Cut(declaration, ":")
		for _, name := range names {
			if strings.TrimSpace(strings.ToLower(property)) == name {
				return strings.ToLower(strings.TrimSpace(value))
			}
		}
	}
	return ""
}

// Within puts an element around the children of a node.
func Within(n *html.Node, name string) {
	within := Element(name)
	Adopt(within, n)
	n.AppendChild(within)
}

// Emphasise puts elements around the children of a node that mean what its style does.
func Emphasise(n *html.Node) {
	switch Style(n, "font-weight") {
	case "bold", "bolder", "600", "700", "800", "900":
		Within(n, "b")
	}
	if Style(n, "font-style") == "italic" {
		Within(n, "i")
	}
	line := Style(n, "text-decoration", "text-decoration-line")
	if strings.Contains(line, "line-through") {
		Within(n, "s")
	}
	if strings.Contains(line, "underline") {
		Within(n, "u")
	}
}

// Words returns the text within a node.
func Words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// Element returns a new element with some attributes, each a name and a value.
func Element(name string, attributes ...string) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: name}
	for i := 0; i+1 < len(attributes); i += 2 {
		n.Attr = append(n.Attr, html.Attribute{Key: attributes[i], Val: attributes[i+1]})
	}
	return n
}

// Text returns a new node with a text.
func Text(words string) *html.Node { return &html.Node{Type: html.TextNode, Data: words} }

// Replace puts nodes in the place of one.
func Replace(old *html.Node, with ...*html.Node) {
	for _, n := range with {
		old.Parent.InsertBefore(n, old)
	}
	old.Parent.RemoveChild(old)
}

// Adopt moves the children of a node to another.
func Adopt(to, from *html.Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		from.RemoveChild(c)
		to.AppendChild(c)
	}
}
