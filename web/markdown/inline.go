package markdown

import (
	"slices"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"octavo/domain/markup"
)

// inlineParser shows the marks of markup.Reading. It looks for none itself, so that what is shown is what is indexed.
// Goldmark is left with emphasis.
type inlineParser struct{}

func (inlineParser) Trigger() []byte { return []byte("`<%[]!^$") }

// linkFrame is a link of which the text is being read.
type linkFrame struct {
	mark   *linkMark // stands for its [
	link   markup.Inline
	bottom ast.Node // the last delimiter before it
}

var kindLinkMark = ast.NewNodeKind("LinkMark")

type linkMark struct{ inlineNode }

func (*linkMark) Kind() ast.NodeKind { return kindLinkMark }

func (p inlineParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m := meterOf(pc)
	line, segment := block.PeekLine()
	place := m.place(block)
	if n := len(m.frames); line[0] == ']' && n > 0 && m.frames[n-1].link.TextEnd == place {
		return p.close(parent, block, pc)
	}
	i, found := m.inlineAt(place)
	if !found {
		if line[0] != '`' {
			return nil
		}
		size := 1
		for size < len(line) && line[size] == '`' {
			size++
		}
		block.Advance(size)
		return ast.NewTextSegment(segment.WithStop(segment.Start + size))
	}
	mark := m.Inlines[i]
	switch mark.Kind {
	case markup.LinkInline, markup.ImageInline:
		return p.open(block, pc, mark)
	case markup.CodeInline:
		return codeSpan(block, m, mark)
	case markup.AutolinkInline:
		return autolink(block, m, mark)
	case markup.CommentInline:
		m.advance(block, mark.End)
		return &commentNode{}
	case markup.TagInline:
		return tagOfHTML(block, m, mark)
	case markup.FootnoteInline:
		return footnoteReferred(block, m, mark)
	case markup.NoteInline:
		return noteReferred(parent, block, m, mark)
	case markup.MathInline, markup.DisplayInline:
		return inlineFormula(block, m, mark)
	case markup.BlockInline:
		m.advance(block, mark.End)
		return &blockNode{name: mark.Destination}
	}
	return nil
}

// inlineAt returns the mark that begins at a place of the content, or the index of the first behind it. Most ask for
// a place that follows the one before.
func (m *marks) inlineAt(place int) (i int, found bool) {
	for range 2 {
		if i = m.lastInline; (i == 0 || m.Inlines[i-1].Start < place) && (i == len(m.Inlines) || place <= m.Inlines[i].Start) {
			return i, i < len(m.Inlines) && m.Inlines[i].Start == place
		}
		m.lastInline = min(i+1, len(m.Inlines))
	}
	m.lastInline, found = slices.BinarySearchFunc(m.Inlines, place, func(in markup.Inline, at int) int { return in.Start - at })
	return m.lastInline, found
}

// advance moves the reader to a place of the content, or to the end of the block.
func (m *marks) advance(block text.Reader, to int) {
	for {
		line, segment := block.PeekLine()
		switch start := m.from + segment.Start; {
		case line == nil || to <= start:
			return
		case to <= start+len(line):
			block.Advance(to - start)
			return
		}
		block.AdvanceLine()
	}
}

// segments returns what stands from one place of the content to another, line by line, and moves the reader there.
func (m *marks) segments(block text.Reader, from, to int) (s []text.Segment) {
	m.advance(block, from)
	for {
		line, segment := block.PeekLine()
		start := m.from + segment.Start
		if line == nil || start >= to {
			return s
		}
		if stop := to - m.from; stop < segment.Stop {
			segment = segment.WithStop(stop)
		}
		s = append(s, segment)
		m.advance(block, min(to, m.from+segment.Stop))
	}
}

func (inlineParser) open(block text.Reader, pc parser.Context, mark markup.Inline) ast.Node {
	m := meterOf(pc)
	n := &linkMark{}
	frame := linkFrame{mark: n, link: mark}
	if last := pc.LastDelimiter(); last != nil {
		frame.bottom = last
	}
	m.frames = append(m.frames, frame)
	m.advance(block, mark.Text)
	return n
}

func (inlineParser) close(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m := meterOf(pc)
	frame := m.frames[len(m.frames)-1]
	m.frames = m.frames[:len(m.frames)-1]
	if last := pc.LastDelimiter(); last != nil && ast.Node(last) != frame.bottom {
		parser.ProcessDelimiters(frame.bottom, pc)
	}
	link := ast.NewLink()
	link.Destination, link.Title = []byte(frame.link.Destination), []byte(frame.link.Title)
	for n := frame.mark.NextSibling(); n != nil; n = frame.mark.NextSibling() {
		parent.RemoveChild(parent, n)
		link.AppendChild(link, n)
	}
	parent.RemoveChild(parent, frame.mark)
	m.advance(block, frame.link.End)
	if frame.link.Kind == markup.ImageInline {
		image := ast.NewImage(link)
		m.addressed(image, frame.link.Destination, true)
		if _, waits := slotOf(image); !waits {
			takeSize(image, block.Source())
		}
		return image
	}
	m.addressed(link, frame.link.Destination, false)
	return link
}

// CloseBlock gives up what hasn't ended, as where a bound has cut a text.
func (inlineParser) CloseBlock(_ ast.Node, _ text.Reader, pc parser.Context) {
	m := meterOf(pc)
	for _, frame := range m.frames {
		if parent := frame.mark.Parent(); parent != nil {
			start := frame.link.Start - m.from
			parent.ReplaceChild(parent, frame.mark, ast.NewTextSegment(text.NewSegment(start, frame.link.Text-m.from)))
		}
	}
	m.frames = m.frames[:0]
}

// codeSpan returns the code, without a blank on either side when there is one on both.
func codeSpan(block text.Reader, m *meter, mark markup.Inline) ast.Node {
	node := ast.NewCodeSpan()
	segments := m.segments(block, mark.Text, mark.TextEnd)
	if n := len(segments); n > 0 {
		first, last := segments[0].Value(block.Source()), segments[n-1].Value(block.Source())
		blank := true
		for _, s := range segments {
			blank = blank && util.IsBlank(s.Value(block.Source()))
		}
		if !blank && isBlankOrEnd(first[0]) && isBlankOrEnd(last[len(last)-1]) {
			segments[0] = segments[0].WithStart(segments[0].Start + 1)
			segments[n-1] = segments[n-1].WithStop(segments[n-1].Stop - 1)
		}
	}
	for _, s := range segments {
		node.AppendChild(node, ast.NewRawTextSegment(s))
	}
	m.advance(block, mark.End)
	return node
}

func isBlankOrEnd(c byte) bool { return c == ' ' || c == '\n' }

// autolinkNode is an address that is its own text.
type autolinkNode struct {
	inlineNode
	destination string
	label       text.Segment
}

var kindAutolink = ast.NewNodeKind("Address")

func (*autolinkNode) Kind() ast.NodeKind { return kindAutolink }

func autolink(block text.Reader, m *meter, mark markup.Inline) ast.Node {
	m.advance(block, mark.End)
	return &autolinkNode{destination: mark.Destination, label: text.NewSegment(mark.Text-m.from, mark.TextEnd-m.from)}
}

// addressParser shows bare addresses. Goldmark asks only at marks, at blanks and at the beginnings of lines: it looks from
// there to the next of them.
type addressParser struct{}

func (addressParser) Trigger() []byte { return []byte(" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~") }

func (addressParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	m := meterOf(pc)
	line, segment := block.PeekLine()
	place := m.place(block)
	i, _ := m.inlineAt(place)
	if i == len(m.Inlines) {
		return nil
	}
	mark := m.Inlines[i]
	gap := mark.Start - place
	if mark.Kind != markup.AutolinkInline || mark.Start != mark.Text || gap >= len(line) {
		return nil
	}
	for j := 1; j < gap; j++ {
		if escaped := j == 1 && line[0] == '\\'; (util.IsPunct(line[j]) || util.IsSpace(line[j])) && !escaped {
			return nil
		}
	}
	if gap > 0 {
		ast.MergeOrAppendTextSegment(parent, segment.WithStop(segment.Start+gap))
	}
	return autolink(block, m, mark)
}

// definitions takes the lines that define links off a paragraph.
type definitions struct{}

func (definitions) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	m := meterOf(pc)
	lines := p.Lines()
	i := 0
	for ; i < lines.Len(); i++ {
		segment := lines.At(i)
		segment = segment.TrimLeftSpace(reader.Source())
		at := m.from + segment.Start
		_, found := slices.BinarySearchFunc(m.Definitions, at, func(d markup.Definition, at int) int {
			switch {
			case d.End <= at:
				return -1
			case d.Start > at:
				return 1
			}
			return 0
		})
		if !found {
			break
		}
	}
	if i == 0 {
		return
	}
	gone := &commentBlock{} // a list with a blank line before it is a loose one
	gone.SetBlankPreviousLines(p.HasBlankPreviousLines())
	p.Parent().InsertBefore(p.Parent(), p, gone)
	if i == lines.Len() {
		p.Parent().RemoveChild(p.Parent(), p)
		return
	}
	lines.SetSliced(i, lines.Len())
}
