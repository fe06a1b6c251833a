package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// entityParser keeps a character reference in one piece: marks within it, as the # of &#233;, and the end of a line
// would part it, and then it would be shown as it is written.
type entityParser struct{}

const longestEntity = 34 // bytes

func (entityParser) Trigger() []byte { return []byte{'&'} }

func (entityParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	end := 1 + bytes.IndexByte(line[:min(len(line), longestEntity)], ';')
	if end < 3 || !util.IsPunct(line[1]) && !util.IsAlphaNumeric(line[1]) {
		return nil
	}
	if reference := line[:end]; bytes.Equal(util.ResolveEntityNames(util.ResolveNumericReferences(reference)), reference) {
		return nil
	}
	block.Advance(end)
	return ast.NewTextSegment(segment.WithStop(segment.Start + end))
}
