package markdown

import (
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// titleBlock is the line at the beginning of the source that is shown apart, as the title of the note.
type titleBlock struct{ ast.BaseBlock }

var kindTitleBlock = ast.NewNodeKind("Title")

func (*titleBlock) Kind() ast.NodeKind { return kindTitleBlock }

func (t *titleBlock) Dump(source []byte, level int) { ast.DumpHelper(t, source, level, nil, nil) }

// titleParser takes the lines up to where the body begins.
type titleParser struct{}

func (titleParser) Trigger() []byte { return nil }

func (titleParser) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	m := meterOf(pc)
	_, segment := r.Position()
	if m.title == 0 || segment.Start > 0 || parent.Kind() != ast.KindDocument {
		return nil, parser.NoChildren
	}
	t := &titleBlock{}
	line := text.NewSegment(0, m.title)
	t.Lines().Append(line)
	value := line.Value(r.Source())
	m.spendInline(inlineWork(inlineMarks(value), len(value), 1))
	r.AdvanceToEOL()
	return t, parser.NoChildren
}

func (titleParser) Continue(_ ast.Node, r text.Reader, pc parser.Context) parser.State {
	_, segment := r.Position()
	if segment.Start >= meterOf(pc).body {
		return parser.Close
	}
	r.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (titleParser) Close(ast.Node, text.Reader, parser.Context) {}

func (titleParser) CanInterruptParagraph() bool { return true }

func (titleParser) CanAcceptIndentedLine() bool { return true }

const titleOpen, titleClose = "<h1>", "</h1>\n"

func renderTitle(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(titleOpen)
	} else {
		_, _ = w.WriteString(titleClose)
	}
	return ast.WalkContinue, nil
}

// Parts returns the document as HTML does, with what Options.Title names apart from the rest. The title is "" where
// none is named, and where the document is shown as plain text.
func (d *Document) Parts(resolve func(Link) (t Target, exists bool)) (title, body string) {
	html := d.HTML(resolve)
	if rest, ok := strings.CutPrefix(html, titleOpen); ok && d.hasTitle {
		title, body, _ = strings.Cut(rest, titleClose)
		return title, body
	}
	return "", html
}
