package markdown

import (
	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// blockNode is the name of a block, as ^name at its end, by which links lead to it. It isn't shown.
type blockNode struct {
	inlineNode
	name string
}

var kindBlockName = ast.NewNodeKind("BlockName")

func (*blockNode) Kind() ast.NodeKind { return kindBlockName }

// blockAnchor is where links to the block behind it lead.
type blockAnchor struct {
	ast.BaseBlock
	name string
}

var kindBlockAnchor = ast.NewNodeKind("BlockAnchor")

func (*blockAnchor) Kind() ast.NodeKind { return kindBlockAnchor }

func (*blockAnchor) Dump([]byte, int) {}

// blockNames has links lead to the beginnings of named blocks: the one that ends with the name, or the one above a name
// that stands alone, as the table above a row that is nothing but a name. Of several with one name the first is meant.
type blockNames struct{}

func (blockNames) Transform(doc *ast.Document, _ text.Reader, _ parser.Context) {
	var names []*blockNode
	// The walk fails only if the function does, which it never does.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if name, ok := n.(*blockNode); ok && entering {
			names = append(names, name)
		}
		return ast.WalkContinue, nil
	})
	seen := map[string]bool{}
	for _, name := range names {
		block := name.Parent()
		block.RemoveChild(block, name)
		if last, ok := block.LastChild().(*ast.Text); ok && last.SoftLineBreak() {
			last.SetSoftLineBreak(false)
		}
		if table := tableNamed(block); table != nil {
			row := block.Parent()
			row.Parent().RemoveChild(row.Parent(), row)
			block = ast.NewParagraph() // as if the name stood below it
			table.Parent().InsertAfter(table.Parent(), table, block)
		}
		id := blockPlace(name.name)
		taken := seen[id]
		seen[id] = true
		above := block.PreviousSibling()
		switch {
		case block.HasChildren() || !ast.IsParagraph(block) || above == nil:
			if !taken {
				name.name = id
				first := block.FirstChild()
				if first != nil && first.Kind() == kindTask {
					first = first.NextSibling()
				}
				block.InsertBefore(block, first, name)
			}
		case taken:
			block.Parent().RemoveChild(block.Parent(), block)
		default:
			parent := block.Parent()
			parent.RemoveChild(parent, block)
			parent.InsertBefore(parent, above, &blockAnchor{name: id})
		}
	}
}

// tableNamed returns the table of which cell, which a name has been taken out of, is the only one in the last row that is
// to have something in it, or nil.
func tableNamed(cell ast.Node) ast.Node {
	row := cell.Parent()
	if cell.Kind() != extast.KindTableCell || row.Kind() != extast.KindTableRow || row.NextSibling() != nil {
		return nil
	}
	for c := row.FirstChild(); c != nil; c = c.NextSibling() {
		if c.HasChildren() {
			return nil
		}
	}
	return row.Parent()
}

func renderBlockName(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<span id="` + n.(*blockNode).name + `"></span>`)
	}
	return ast.WalkContinue, nil
}

func renderBlockAnchor(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if entering {
		_, _ = w.WriteString(`<div id="` + n.(*blockAnchor).name + `"></div>` + "\n")
	}
	return ast.WalkContinue, nil
}
