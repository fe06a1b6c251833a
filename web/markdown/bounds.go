package markdown

import (
	"bytes"
	"errors"
	"time"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"octavo/web/markdown/code"
)

// The bounds keep the cost of a document in proportion to its size, where goldmark alone would take time in proportion
// to its square. What people write stays far below them.
const (
	maxGrowth       = 16   // bytes of HTML for each byte of Markdown
	growthAllowance = 1024 // bytes of HTML on top of that, for tiny notes

	maxParagraph  = 16 << 10 // bytes; a longer paragraph alone becomes plain text
	maxHeading    = 1 << 10  // bytes; a longer heading is a paragraph
	maxTableCells = 64 << 10 // columns × lines of all tables; a table beyond becomes plain text
	maxNesting    = 64       // quotes and list items inside one another; deeper markers stay text
	maxCode       = 16 << 10 // bytes of a block of code; a longer one has no colours
	maxCodeInAll  = 64 << 10 // bytes of all blocks with colours; those beyond have none
	maxCodeBlocks = 1024     // with colours; those beyond have none
	maxWikiLinks  = 4096     // those beyond stay text
	maxTags       = 4096     // those beyond stay text
	maxCallouts   = 1024     // those beyond are quotes

	// Beyond any of these, the whole document becomes plain text.
	maxInlineWork    = 32 << 20  // steps; see inlineWork
	maxContainerWork = 512 << 10 // times that a line is matched against a block around it
	maxNodes         = 64 << 10  // nodes of the tree, table cells apart
	maxDepth         = 256       // nodes inside one another
	maxHeadings      = 8192
)

// maxCodeTime is what the colours of a document's code may take of the processor. Code beyond has none until the document
// is asked for again.
var maxCodeTime = 50 * time.Millisecond

// errBound is what the guards panic with to end a rendering: goldmark's parser cannot be stopped in any other way.
// It never leaves this package.
var errBound = errors.New("markdown: over a bound")

// meter counts what one document has cost so far, and knows what its parsers have to know of it.
type meter struct {
	marks
	frames        []linkFrame // the links of which the text is being read, from the outermost
	title         int         // how long the line is that is shown as the title, from the beginning of the source
	body          int         // where the rest begins
	under         int         // the level of the heading above it, as Options.Under
	titleID       string
	headings      []Heading
	cells         int
	nodes         int // of the tree that there are to be at least; see spendNodes
	references    int
	inlineWork    int
	containerWork int
	callouts      int
	colours       code.Budget
	unpainted     bool // colours are missing for want of time
}

var meterKey = parser.NewContextKey()

func meterOf(pc parser.Context) *meter { return pc.Get(meterKey).(*meter) }

// spendNodes notes that there are to be so many more nodes. What has too many of them ends here and not when all are made.
func (m *meter) spendNodes(n int) {
	m.nodes += n
	if m.nodes > maxNodes {
		panic(errBound)
	}
}

func (m *meter) spendInline(n int) {
	m.inlineWork += n
	if m.inlineWork > maxInlineWork {
		panic(errBound)
	}
}

// inlineWork estimates the steps that the inline parsers may take for one block: each opening or closing mark may look
// at the whole rest of the block, and allocates for each line it crosses.
func inlineWork(marks, size, lines int) int { return marks * (size + 16*lines) }

// inlineMarks counts the bytes of b that make goldmark look for a counterpart. A run of them acts as one.
func inlineMarks(b []byte) int {
	n := 0
	var previous byte
	for _, c := range b {
		switch c {
		case '*', '_', '~', '=':
			if c != previous {
				n++
			}
		}
		previous = c
	}
	return n
}

// blockStart returns where the block begins in the source that begins in the line at the reader. Blanks stand ahead of
// that line for what is left of a tab.
func blockStart(r text.Reader, pc parser.Context) int {
	_, segment := r.PeekLine()
	return segment.Start - segment.Padding + max(0, pc.BlockOffset())
}

// blockParsers returns goldmark's block parsers behind the bounds, without the one for HTML blocks.
func blockParsers() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(titleParser{}, 0),
		util.Prioritized(parser.NewSetextHeadingParser(), 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(container{parser.NewListParser()}, 300),
		util.Prioritized(container{parser.NewListItemParser()}, 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(heading{parser.NewATXHeadingParser()}, 600),
		util.Prioritized(fences{parser.NewFencedCodeBlockParser()}, 700),
		util.Prioritized(container{parser.NewBlockquoteParser()}, 800),
		util.Prioritized(commentParser{}, 900),
		util.Prioritized(detailsParser{}, 901),
		util.Prioritized(formulaParser{}, 902),
		util.Prioritized(container{footnoteParser{}}, 999),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	}
}

// paragraphTransformers returns what looks at a paragraph before its text is read. The first guard sees it whole, the
// second what link definitions and tables leave of it.
func paragraphTransformers() []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(callouts{}, 10),
		util.Prioritized(sourceGuard{}, 50),
		util.Prioritized(definitions{}, 100),
		util.Prioritized(tables{}, 200),
		util.Prioritized(paragraphGuard{}, 300),
	}
}

// container bounds how deep blocks nest, and how often a line has to be matched against the blocks around it.
type container struct{ parser.BlockParser }

func (c container) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	// In a list only the list itself opens blocks: its next item, which is no deeper than the one before.
	if parent.Kind() != ast.KindList && nesting(pc) >= maxNesting {
		return nil, parser.NoChildren
	}
	return c.BlockParser.Open(parent, r, pc)
}

func (c container) Continue(node ast.Node, r text.Reader, pc parser.Context) parser.State {
	m := meterOf(pc)
	m.containerWork++
	if m.containerWork > maxContainerWork {
		panic(errBound)
	}
	return c.BlockParser.Continue(node, r, pc)
}

// nesting counts the open quotes, list items and footnotes.
func nesting(pc parser.Context) int {
	n := 0
	for _, b := range pc.OpenedBlocks() {
		switch b.Node.Kind() {
		case ast.KindBlockquote, ast.KindListItem, extast.KindFootnote:
			n++
		}
	}
	return n
}

// heading leaves what is too long for a heading to the paragraph parser.
type heading struct{ parser.BlockParser }

func (h heading) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, _ := r.PeekLine()
	if len(line) > maxHeading {
		return nil, parser.NoChildren
	}
	node, state := h.BlockParser.Open(parent, r, pc)
	if node != nil {
		meterOf(pc).spendInline(inlineWork(inlineMarks(line), len(line), 1))
	}
	return node, state
}

// sourceGuard bounds the tables.
type sourceGuard struct{}

func (sourceGuard) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	m := meterOf(pc)
	source := reader.Source()
	lines := p.Lines()
	columns, header := 0, 0
	for i := 1; i < lines.Len() && columns == 0; i++ {
		segment := lines.At(i)
		if line := segment.Value(source); isTableDelimiter(line) {
			columns, header = 1+bytes.Count(bytes.Trim(bytes.TrimSpace(line), "|"), []byte("|")), i-1
		}
	}
	if columns == 0 {
		return
	}
	cells := columns * (lines.Len() - header)
	if m.cells+cells > maxTableCells {
		showPlain(p)
		return
	}
	m.cells += cells
	for i := header; i < lines.Len(); i++ {
		segment := lines.At(i)
		line := segment.Value(source)
		m.spendInline(inlineWork(inlineMarks(line), len(line), 1))
	}
}

// isTableDelimiter reports whether line may be the line below the header of a table.
func isTableDelimiter(line []byte) bool {
	line = bytes.TrimSpace(line)
	return bytes.IndexByte(line, '-') >= 0 &&
		len(bytes.Trim(line, "-")) > 0 &&
		len(bytes.TrimLeft(line, "-:| \t\r\n\v\f")) == 0
}

// paragraphGuard bounds the length of a paragraph, or of a heading underlined with = or -.
type paragraphGuard struct{}

func (paragraphGuard) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	source := reader.Source()
	lines := p.Lines()
	size, marks := 0, 0
	for i := range lines.Len() {
		segment := lines.At(i)
		size += segment.Len()
		if size > maxParagraph {
			showPlain(p)
			return
		}
		marks += inlineMarks(source[segment.Start:segment.Stop])
	}
	m := meterOf(pc)
	m.spendInline(inlineWork(marks, size, lines.Len()))
	m.spendNodes(2) // itself, and what is in it
}

// plainBlock is a paragraph over a bound.
type plainBlock struct{ ast.BaseBlock }

var kindPlainBlock = ast.NewNodeKind("PlainBlock")

func (*plainBlock) Kind() ast.NodeKind { return kindPlainBlock }

func (*plainBlock) IsRaw() bool { return true }

func (b *plainBlock) Dump(source []byte, level int) { ast.DumpHelper(b, source, level, nil, nil) }

func showPlain(p *ast.Paragraph) {
	block := &plainBlock{}
	block.SetLines(p.Lines())
	block.SetBlankPreviousLines(p.HasBlankPreviousLines())
	p.Parent().ReplaceChild(p.Parent(), p, block)
}

// treeGuard bounds what the renderer and the policy have to go through, and what a browser has to build.
type treeGuard struct{}

// It paints the code, as the renderer can neither count nor say that there was no time for some of it.
func (treeGuard) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	m := meterOf(pc)
	nodes, depth, painted, blocks := 0, 0, 0, 0
	// The walk fails only if the function does, which it never does.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			depth--
			return ast.WalkContinue, nil
		}
		depth++
		if n.Kind() != extast.KindTableCell {
			nodes++
		}
		if nodes > maxNodes || depth > maxDepth {
			panic(errBound)
		}
		switch n := n.(type) {
		case *ast.Link:
			n.Destination = m.allowedFile(n.Destination)
		case *ast.Image:
			n.Destination = m.allowedFile(n.Destination)
		}
		if block, ok := n.(*ast.FencedCodeBlock); ok && blocks < maxCodeBlocks {
			size := linesSize(block)
			if size <= maxCode && painted+size <= maxCodeInAll && m.paint(block, reader.Source()) {
				painted += size
				blocks++
			}
		}
		return ast.WalkContinue, nil
	})
}

// paintedAttribute holds the HTML of a block of code that has colours.
const paintedAttribute = "painted"

// paint colours a block of code. It reports false where there are no colours for its language.
func (m *meter) paint(block *ast.FencedCodeBlock, source []byte) bool {
	language := string(block.Language(source))
	if !code.Known(language) {
		return false
	}
	html, complete := m.colours.Paint(language, string(codeOf(block, source)))
	block.SetAttributeString(paintedAttribute, html)
	m.unpainted = m.unpainted || !complete
	return true
}

func linesSize(n ast.Node) (size int) {
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		size += line.Len() + line.Padding
	}
	return size
}
