package markdown

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"

	"octavo/domain/markup"
)

// tagNode is a tag of HTML in a text. Those of elements that aren't shown as such, and those without a counterpart, are
// the text that they are.
type htmlNode struct {
	inlineNode
	name    string // in lower case, "" for what is text
	title   string
	closing bool
	source  []text.Segment
}

// elementNode is an element of HTML around other nodes.
type elementNode struct {
	inlineNode
	name, title string
}

// commentNode is a comment, which isn't shown.
type commentNode struct{ inlineNode }

var (
	kindHTML    = ast.NewNodeKind("Tag")
	kindElement = ast.NewNodeKind("Element")
	kindComment = ast.NewNodeKind("Comment")
)

func (*htmlNode) Kind() ast.NodeKind { return kindHTML }

func (*elementNode) Kind() ast.NodeKind { return kindElement }

func (*commentNode) Kind() ast.NodeKind { return kindComment }

func tagOfHTML(block text.Reader, m *meter, mark markup.Inline) ast.Node {
	n := &htmlNode{source: m.segments(block, mark.Start, mark.End)}
	written := n.source[0].Value(block.Source())[1:]
	name, closing := bytes.CutPrefix(written, []byte("/"))
	size := 0
	for size < len(name) && util.IsAlphaNumeric(name[size]) {
		size++
	}
	element := strings.ToLower(string(name[:size]))
	if !markup.IsShownElement(element) || closing && element == "br" || size < len(name) && name[size] == '-' {
		return n
	}
	n.name, n.closing = element, closing
	if element == "abbr" && !closing {
		n.title = titleIn(n.source, block.Source())
	}
	return n
}

// titleIn returns the title that a tag gives, or "".
func titleIn(tag []text.Segment, source []byte) string {
	var b bytes.Buffer
	for _, s := range tag {
		b.Write(s.Value(source))
	}
	tokens := html.NewTokenizer(&b)
	tokens.Next()
	for _, a := range tokens.Token().Attr {
		if a.Key == "title" {
			return a.Val
		}
	}
	return ""
}

// elements puts what stands between a tag and its counterpart into an element. Both stand in the same text and outside of
// each other's marks: whatever is written, an element ends where its text does.
type elements struct{}

// maxElements is how many elements may be inside one another; those deeper are text.
const maxElements = 64

func (elements) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) { pairTags(doc) }

func pairTags(parent ast.Node) {
	var open []*htmlNode
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		tag, ok := n.(*htmlNode)
		switch {
		case !ok:
			pairTags(n)
		case tag.name == "" || tag.name == "br":
		case !tag.closing:
			if len(open) < maxElements {
				open = append(open, tag)
			}
		default:
			for i := len(open) - 1; i >= 0; i-- {
				if open[i].name == tag.name {
					wrap(parent, open[i], tag)
					open = open[:i]
					break
				}
			}
		}
		n = next
	}
}

func wrap(parent ast.Node, from, to *htmlNode) {
	e := &elementNode{name: from.name, title: from.title}
	for n := from.NextSibling(); n != ast.Node(to); n = from.NextSibling() {
		parent.RemoveChild(parent, n)
		e.AppendChild(e, n)
	}
	parent.RemoveChild(parent, to)
	parent.ReplaceChild(parent, from, e)
}

func renderHTML(w util.BufWriter, source []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*htmlNode)
	if !entering {
		return ast.WalkContinue, nil
	}
	if n.name == "br" {
		_, _ = w.WriteString("<br>")
		return ast.WalkContinue, nil
	}
	for i, s := range n.source {
		if i > 0 {
			_, _ = w.WriteString("<br>\n")
		}
		textWriter.RawWrite(w, bytes.TrimSuffix(s.Value(source), []byte("\n")))
	}
	return ast.WalkContinue, nil
}

func renderElement(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*elementNode)
	if !entering {
		_, _ = w.WriteString("</" + n.name + ">")
		return ast.WalkContinue, nil
	}
	_, _ = w.WriteString("<" + n.name)
	if n.title != "" {
		_, _ = w.WriteString(` title="` + html.EscapeString(n.title) + `"`)
	}
	_ = w.WriteByte('>')
	return ast.WalkContinue, nil
}

func renderNothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

// highlight marks what stands between == and ==, which aren't within a word.
type highlight struct{}

func (highlight) Trigger() []byte { return []byte{'='} }

func (highlight) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	node := parser.ScanDelimiter(line, before, 2, highlightDelimiter{})
	if node == nil || node.OriginalLength != 2 || before == '=' {
		return nil
	}
	node.CanOpen = node.CanOpen && (before >= 0x80 || !util.IsAlphaNumeric(byte(before)))
	node.CanClose = node.CanClose && (len(line) == 2 || !util.IsAlphaNumeric(line[2]))
	if !node.CanOpen && !node.CanClose {
		return nil
	}
	node.Segment = segment.WithStop(segment.Start + 2)
	block.Advance(2)
	pc.PushDelimiter(node)
	return node
}

type highlightDelimiter struct{}

func (highlightDelimiter) IsDelimiter(b byte) bool { return b == '=' }

func (highlightDelimiter) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

func (highlightDelimiter) OnMatch(int) ast.Node { return &elementNode{name: "mark"} }
