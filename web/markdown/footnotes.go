package markdown

import (
	"slices"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"octavo/domain/markup"
)

// footnoteParser begins a footnote where the domain has found one.
type footnoteParser struct{}

func (footnoteParser) Trigger() []byte { return []byte{'['} }

func (footnoteParser) Open(parent ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	m := meterOf(pc)
	line, _ := r.PeekLine()
	offset := max(0, pc.BlockOffset())
	_, found := slices.BinarySearch(m.Footnotes, m.from+blockStart(r, pc))
	if !found || parent.Kind() != ast.KindDocument {
		return nil, parser.NoChildren
	}
	end := offset
	for line[end] != ']' {
		end++
	}
	node := extast.NewFootnote([]byte(markup.FoldLabel(string(line[offset+2 : end]))))
	r.Advance(end + 2)
	return node, parser.HasChildren
}

func (footnoteParser) Continue(_ ast.Node, r text.Reader, _ parser.Context) parser.State {
	line, _ := r.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	position, padding := util.IndentPosition(line, r.LineOffset(), 4)
	if position < 0 {
		return parser.Close
	}
	r.AdvanceAndSetPadding(position, padding)
	return parser.Continue | parser.HasChildren
}

func (footnoteParser) Close(ast.Node, text.Reader, parser.Context) {}

func (footnoteParser) CanInterruptParagraph() bool { return true }

func (footnoteParser) CanAcceptIndentedLine() bool { return false }

// footnoteNode refers to a footnote: by its label, or to one that is written in its place.
type footnoteNode struct {
	inlineNode
	Index    int
	RefIndex int // among those to the same footnote
	label    string
	note     *extast.Footnote
}

var kindFootnoteNode = ast.NewNodeKind("FootnoteReference")

func (*footnoteNode) Kind() ast.NodeKind { return kindFootnoteNode }

func footnoteReferred(block text.Reader, m *meter, mark markup.Inline) ast.Node {
	if m.references++; m.references > 4*markup.MaxFootnotes {
		return nil
	}
	m.advance(block, mark.End)
	return &footnoteNode{label: mark.Destination}
}

func noteReferred(parent ast.Node, block text.Reader, m *meter, mark markup.Inline) ast.Node {
	if m.references++; m.references > markup.MaxFootnotes {
		return nil
	}
	p := ast.NewParagraph()
	for _, s := range m.segments(block, mark.Text, mark.TextEnd) {
		p.Lines().Append(s)
	}
	n := &footnoteNode{note: extast.NewFootnote(nil)}
	n.note.AppendChild(n.note, p)
	root := parent
	for root.Parent() != nil {
		root = root.Parent()
	}
	root.AppendChild(root, n.note) // whose blocks are read after this one
	m.advance(block, mark.End)
	return n
}

// footnotes numbers the footnotes in the order in which the text refers to them, and puts them below it. Those that
// nothing refers to follow.
type footnotes struct{}

func (footnotes) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var all []*extast.Footnote
	byLabel := map[string]*extast.Footnote{}
	for n := doc.FirstChild(); n != nil; {
		next := n.NextSibling()
		if note, ok := n.(*extast.Footnote); ok {
			doc.RemoveChild(doc, note)
			all = append(all, note)
			if _, known := byLabel[string(note.Ref)]; !known && note.Ref != nil {
				byLabel[string(note.Ref)] = note
			}
		}
		n = next
	}
	if len(all) == 0 {
		return
	}
	list := extast.NewFootnoteList()
	references := map[*extast.Footnote][]*footnoteNode{}
	number := func(note *extast.Footnote) {
		list.Count++
		note.Index = list.Count
		list.AppendChild(list, note)
	}
	refer := func(under ast.Node) {
		// The walk fails only if the function does, which it never does.
		_ = ast.Walk(under, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
			link, ok := n.(*footnoteNode)
			if !ok || !entering {
				return ast.WalkContinue, nil
			}
			if link.note == nil {
				link.note = byLabel[link.label]
			}
			if link.note != nil {
				if link.note.Index <= 0 {
					number(link.note)
				}
				link.Index, link.RefIndex = link.note.Index, len(references[link.note])
				references[link.note] = append(references[link.note], link)
			}
			return ast.WalkContinue, nil
		})
	}
	refer(doc)
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		refer(n)
	}
	for _, note := range all {
		if note.Index <= 0 {
			number(note)
			refer(note)
		}
	}
	for n := list.FirstChild(); n != nil; n = n.NextSibling() {
		note := n.(*extast.Footnote)
		end := n
		if last := n.LastChild(); last != nil && ast.IsParagraph(last) {
			end = last
		}
		for i := range references[note] {
			back := extast.NewFootnoteBacklink(note.Index)
			back.RefIndex = i
			end.AppendChild(end, back)
		}
	}
	doc.AppendChild(doc, list)
}
