package markdown

import (
	"bytes"
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"octavo/domain/markup"
)

// commentParser leaves out the lines that are comments.
type commentParser struct{}

// commentBlock is a comment of whole lines.
type commentBlock struct {
	ast.BaseBlock
	end int // in the source
}

var kindCommentBlock = ast.NewNodeKind("CommentBlock")

func (*commentBlock) Kind() ast.NodeKind { return kindCommentBlock }

func (*commentBlock) IsRaw() bool { return true }

func (*commentBlock) Dump([]byte, int) {}

func (commentParser) Trigger() []byte { return []byte{'<', '%'} }

func (commentParser) Open(_ ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	m := meterOf(pc)
	i, found := slices.BinarySearchFunc(m.Comments, m.from+blockStart(r, pc), func(c markup.Comment, at int) int { return c.Start - at })
	if !found {
		return nil, parser.NoChildren
	}
	r.AdvanceToEOL()
	return &commentBlock{end: m.Comments[i].End - m.from}, parser.NoChildren
}

func (commentParser) Continue(node ast.Node, r text.Reader, _ parser.Context) parser.State {
	_, segment := r.PeekLine()
	if segment.Start >= node.(*commentBlock).end {
		return parser.Close
	}
	r.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (commentParser) Close(ast.Node, text.Reader, parser.Context) {}

func (commentParser) CanInterruptParagraph() bool { return true }

func (commentParser) CanAcceptIndentedLine() bool { return false }

// detailsParser reads the lines of markup.DetailsLine.
type detailsParser struct{}

// detailsLine is such a line. Its children are the summary and what follows it.
type detailsLine struct {
	ast.BaseBlock
	markup.DetailsLine
	summary, body *ast.TextBlock
}

// detailsBlock is what can be folded away.
type detailsBlock struct {
	ast.BaseBlock
	expanded bool
}

// summaryBlock is what is shown of it when it is folded.
type summaryBlock struct{ ast.BaseBlock }

var (
	kindDetailsLine  = ast.NewNodeKind("DetailsLine")
	kindDetailsBlock = ast.NewNodeKind("Details")
	kindSummaryBlock = ast.NewNodeKind("Summary")
)

func (*detailsLine) Kind() ast.NodeKind { return kindDetailsLine }

func (*detailsLine) Dump([]byte, int) {}

func (*detailsBlock) Kind() ast.NodeKind { return kindDetailsBlock }

func (*detailsBlock) Dump([]byte, int) {}

func (*summaryBlock) Kind() ast.NodeKind { return kindSummaryBlock }

func (*summaryBlock) Dump([]byte, int) {}

func (detailsParser) Trigger() []byte { return []byte{'<'} }

func (detailsParser) Open(_ ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	m := meterOf(pc)
	line, _ := r.PeekLine()
	offset := max(0, pc.BlockOffset())
	read, ok := markup.ReadDetails(string(bytes.TrimRight(line[offset:], " \t\r\n")))
	if !ok {
		return nil, parser.NoChildren
	}
	n := &detailsLine{DetailsLine: read}
	at := blockStart(r, pc)
	n.Lines().Append(text.NewSegment(at, at+len(bytes.TrimRight(line[offset:], " \t\r\n"))))
	n.summary, n.body = textOf(at, read.Summary), textOf(at, read.Body)
	n.AppendChild(n, n.summary)
	n.AppendChild(n, n.body)
	m.spendInline(inlineWork(inlineMarks(line), len(line), 1))
	r.AdvanceToEOL()
	return n, parser.NoChildren
}

// textOf returns a block with the text of a part of the line that begins at a place of the source.
func textOf(at int, part markup.Cell) *ast.TextBlock {
	b := ast.NewTextBlock()
	if part.Start < part.End {
		b.Lines().Append(text.NewSegment(at+part.Start, at+part.End))
	}
	return b
}

func (*detailsLine) IsRaw() bool { return true }

func (detailsParser) Continue(ast.Node, text.Reader, parser.Context) parser.State {
	return parser.Close
}

func (detailsParser) Close(ast.Node, text.Reader, parser.Context) {}

func (detailsParser) CanInterruptParagraph() bool { return true }

func (detailsParser) CanAcceptIndentedLine() bool { return false }

// details puts what stands between <details> and </details> into a block. Both stand in the same block; what isn't closed
// ends with that, and a line that closes nothing is text.
type details struct{}

func (details) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) { foldAway(doc, 0) }

// foldAway folds what is below parent, which is inside so many blocks that can be folded.
func foldAway(parent ast.Node, depth int) {
	if parent.Type() == ast.TypeInline {
		return
	}
	var open []*detailsBlock
	into := func() ast.Node {
		if len(open) > 0 {
			return open[len(open)-1]
		}
		return parent
	}
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		line, ok := n.(*detailsLine)
		if !ok {
			foldAway(n, depth+len(open))
			moveTo(parent, n, into())
			n = next
			continue
		}
		switch {
		case line.Open && depth+len(open) < maxElements:
			block := &detailsBlock{expanded: line.Expanded}
			if into() == parent {
				parent.ReplaceChild(parent, line, block)
			} else {
				parent.RemoveChild(parent, line)
				into().AppendChild(into(), block)
			}
			open = append(open, block)
			line.put(block)
			if line.Close {
				open = open[:len(open)-1]
			}
		case !line.Open && line.Summary.Start > 0 && len(open) > 0 && !open[len(open)-1].HasChildren():
			parent.RemoveChild(parent, line)
			line.put(open[len(open)-1])
			if line.Close {
				open = open[:len(open)-1]
			}
		case !line.Open && line.Summary.Start == 0 && len(open) > 0:
			parent.RemoveChild(parent, line)
			open = open[:len(open)-1]
		default:
			words := line.words()
			parent.ReplaceChild(parent, line, words)
			moveTo(parent, words, into())
		}
		n = next
	}
}

// put puts the summary and the text of the line into a block.
func (l *detailsLine) put(block *detailsBlock) {
	if l.summary.HasChildren() {
		s := &summaryBlock{}
		for n := l.summary.FirstChild(); n != nil; n = l.summary.FirstChild() {
			l.summary.RemoveChild(l.summary, n)
			s.AppendChild(s, n)
		}
		block.AppendChild(block, s)
	}
	if l.body.HasChildren() {
		p := ast.NewParagraph()
		for n := l.body.FirstChild(); n != nil; n = l.body.FirstChild() {
			l.body.RemoveChild(l.body, n)
			p.AppendChild(p, n)
		}
		block.AppendChild(block, p)
	}
}

func moveTo(parent, n, to ast.Node) {
	if to != parent {
		parent.RemoveChild(parent, n)
		to.AppendChild(to, n)
	}
}

// words returns the line as a paragraph that shows its tags as they are written.
func (l *detailsLine) words() ast.Node {
	p := ast.NewParagraph()
	line := l.Lines().At(0)
	at := line.Start
	for _, part := range []struct {
		markup.Cell
		block *ast.TextBlock
	}{{l.Summary, l.summary}, {l.Body, l.body}} {
		if part.Start == part.End {
			continue
		}
		p.AppendChild(p, ast.NewRawTextSegment(text.NewSegment(at, line.Start+part.Start)))
		for n := part.block.FirstChild(); n != nil; n = part.block.FirstChild() {
			part.block.RemoveChild(part.block, n)
			p.AppendChild(p, n)
		}
		at = line.Start + part.End
	}
	if at < line.Stop {
		p.AppendChild(p, ast.NewRawTextSegment(text.NewSegment(at, line.Stop)))
	}
	return p
}

func (r nodeRenderer) renderDetails(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*detailsBlock)
	if !entering {
		_, _ = w.WriteString("</details>\n")
		return ast.WalkContinue, nil
	}
	if n.expanded {
		_, _ = w.WriteString(`<details open="">` + "\n")
	} else {
		_, _ = w.WriteString("<details>\n")
	}
	if first := n.FirstChild(); first == nil || first.Kind() != kindSummaryBlock {
		_, _ = w.WriteString("<summary>")
		r.say(w, "prose.details")
		_, _ = w.WriteString("</summary>\n")
	}
	return ast.WalkContinue, nil
}

func renderSummary(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString("<summary>")
	} else {
		_, _ = w.WriteString("</summary>\n")
	}
	return ast.WalkContinue, nil
}
