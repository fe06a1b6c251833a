package markdown

import (
	"github.com/yuin/goldmark/ast"
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
// that stands alone. Of several with one name the first is meant.
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
