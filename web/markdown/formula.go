package markdown

import (
	"errors"
	"html"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"octavo/domain/markup"
	"octavo/lang"
	"octavo/web/markdown/math"
)

const (
	maxFormulas = 2048
	// What the formulas of a document may cost that nobody has asked for lately, in bytes of TeX: some tenths of a second.
	// Those beyond are shown as they are written, until the document is asked for again.
	maxNewTeX   = 3 << 10
	formulaCost = 8 // of each besides its length
)

// maxNewTime is after how long no other of those formulas is begun: a few are costlier than their length tells. It begins
// when everything is there that they need, which takes some time once.
var maxNewTime = 100 * time.Millisecond

var prepare, now = math.Prepare, time.Now

// formula is one of a document, in TeX.
type formula struct {
	tex     string
	display bool
}

// source returns the formula as it is written.
func (f formula) source() string {
	if f.display {
		return "$$" + f.tex + "$$"
	}
	return "$" + f.tex + "$"
}

// formulaNode is a formula in a text, formulaBlock one on lines of its own. Both have a number.
type formulaNode struct {
	inlineNode
	formula
	number int
}

type formulaBlock struct {
	ast.BaseBlock
	formula
	number, end int
}

var (
	kindFormula      = ast.NewNodeKind("Formula")
	kindFormulaBlock = ast.NewNodeKind("FormulaBlock")
)

func (*formulaNode) Kind() ast.NodeKind { return kindFormula }

func (*formulaBlock) Kind() ast.NodeKind { return kindFormulaBlock }

func (*formulaBlock) IsRaw() bool { return true }

func (*formulaBlock) Dump([]byte, int) {}

// inlineFormula returns the formula of a mark.
func inlineFormula(block text.Reader, m *meter, mark markup.Inline) ast.Node {
	if len(m.formulas) >= maxFormulas {
		return nil
	}
	var tex strings.Builder
	for _, s := range m.segments(block, mark.Text, mark.TextEnd) {
		tex.Write(s.Value(block.Source()))
	}
	m.advance(block, mark.End)
	f := formula{tex.String(), mark.Kind == markup.DisplayInline}
	if inner, ok := strings.CutPrefix(f.tex, "`"); ok && strings.HasSuffix(inner, "`") { // as GitHub has it
		f.tex = strings.TrimSuffix(inner, "`")
	}
	return &formulaNode{formula: f, number: m.newFormula(f)}
}

func (m *marks) newFormula(f formula) (number int) {
	m.formulas = append(m.formulas, f)
	return len(m.formulas) - 1
}

// formulaParser shows the formulas of markup.Reading that have lines of their own.
type formulaParser struct{}

func (formulaParser) Trigger() []byte { return []byte{'$'} }

func (formulaParser) Open(_ ast.Node, r text.Reader, pc parser.Context) (ast.Node, parser.State) {
	m := meterOf(pc)
	i, found := slices.BinarySearchFunc(m.Math, m.from+blockStart(r, pc), func(f markup.Math, at int) int { return f.Start - at })
	if !found || len(m.formulas) >= maxFormulas {
		return nil, parser.NoChildren
	}
	r.AdvanceToEOL()
	f := formula{m.Math[i].TeX, true}
	return &formulaBlock{formula: f, number: m.newFormula(f), end: m.Math[i].End - m.from}, parser.NoChildren
}

func (formulaParser) Continue(node ast.Node, r text.Reader, _ parser.Context) parser.State {
	_, segment := r.PeekLine()
	if segment.Start >= node.(*formulaBlock).end {
		return parser.Close
	}
	r.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (formulaParser) Close(ast.Node, text.Reader, parser.Context) {}

func (formulaParser) CanInterruptParagraph() bool { return true }

func (formulaParser) CanAcceptIndentedLine() bool { return false }

// fences shows fenced code whose language is math as a formula, as GitHub does. Nothing in it is looked for, as in all code.
type fences struct{ parser.BlockParser }

func (p fences) Close(node ast.Node, r text.Reader, pc parser.Context) {
	p.BlockParser.Close(node, r, pc)
	m := meterOf(pc)
	if string(node.(*ast.FencedCodeBlock).Language(r.Source())) != "math" || len(m.formulas) >= maxFormulas {
		return
	}
	f := formula{strings.TrimSpace(string(codeOf(node, r.Source()))), true}
	if f.tex == "" {
		return
	}
	block := &formulaBlock{formula: f, number: m.newFormula(f)}
	block.SetBlankPreviousLines(node.HasBlankPreviousLines())
	node.Parent().ReplaceChild(node.Parent(), node, block)
}

// formulaOpen begins the place of a formula, which its source holds: see slotOpen.
const formulaOpen = `<a class="wiki" href="#formula`

func registerFormulas(reg renderer.NodeRendererFuncRegisterer) {
	reg.Register(kindFormula, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			writeFormula(w, n.(*formulaNode).number, n.(*formulaNode).formula)
		}
		return ast.WalkContinue, nil
	})
	reg.Register(kindFormulaBlock, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString("<p>")
			writeFormula(w, n.(*formulaBlock).number, n.(*formulaBlock).formula)
			_, _ = w.WriteString("</p>\n")
		}
		return ast.WalkContinue, nil
	})
}

func writeFormula(w util.BufWriter, number int, f formula) {
	_, _ = w.WriteString(formulaOpen + strconv.Itoa(number) + `">`)
	textWriter.RawWrite(w, []byte(f.source()))
	_, _ = w.WriteString("</a>")
}

// whyNot says why a formula is shown as it is written.
func whyNot(words *lang.Language, err error) string {
	var invalid math.InvalidError
	switch {
	case errors.As(err, &invalid):
		return words.Text("prose.formula.invalid", "reason", invalid.Reason)
	case errors.Is(err, math.ErrTooLong):
		return words.Text("prose.formula.too_long")
	case errors.Is(err, math.ErrTooSlow):
		return words.Text("prose.formula.too_slow")
	case errors.Is(err, math.ErrTooDeep):
		return words.Text("prose.formula.too_deep")
	}
	return words.Text("prose.formula.unclean")
}

// showFormulas puts the formulas in their places. What it puts there has been through a stricter fence than the policy. It
// reports false where some are still shown as they are written only because they would cost too much at once.
func showFormulas(words *lang.Language, document string, formulas []formula, limit int) (shown string, complete bool) {
	if len(formulas) == 0 {
		return document, true
	}
	complete = true
	spent, began := 0, time.Time{}
	var b strings.Builder
	size := len(document)
	for {
		before, rest, found := strings.Cut(document, formulaOpen)
		if !found {
			break
		}
		digits, rest, _ := strings.Cut(rest, `">`)
		_, rest, _ = strings.Cut(rest, "</a>")
		written := len(document) - len(before) - len(rest)
		b.WriteString(before)
		document = rest
		n, err := strconv.Atoi(digits)
		if err != nil || n >= len(formulas) {
			continue
		}
		f := formulas[n]
		result, why := "", words.Text("prose.formula.too_many")
		known := math.Known(f.tex, f.display)
		if !known && spent == 0 {
			prepare()
			began = now()
		}
		if cost := len(f.tex) + formulaCost; known || spent == 0 || spent+cost <= maxNewTeX && now().Sub(began) < maxNewTime {
			if !known {
				spent += cost
			}
			if result, err = math.Render(f.tex, f.display); err != nil {
				why = whyNot(words, err)
			}
		} else {
			complete = false
		}
		plain := `<code class="formula">` + html.EscapeString(f.source()) + `</code>`
		if result == "" {
			result = `<code class="formula" title="` + html.EscapeString(why) + `">` + html.EscapeString(f.source()) + `</code>`
		}
		if size+len(result)-written > limit {
			result = plain
		}
		size += len(result) - written
		b.WriteString(result)
	}
	b.WriteString(document)
	return b.String(), complete
}
