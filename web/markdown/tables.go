package markdown

import (
	"slices"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"

	"octavo/domain/markup"
)

// tables makes tables of the lines in which the domain has found them.
type tables struct{}

func (tables) Transform(p *ast.Paragraph, reader text.Reader, pc parser.Context) {
	m := meterOf(pc)
	lines := p.Lines()
	first := 0
	var found markup.Table
	for ; first < lines.Len() && len(found.Rows) == 0; first++ {
		segment := lines.At(first)
		segment = segment.TrimLeftSpace(reader.Source())
		i, ok := slices.BinarySearchFunc(m.Tables, m.from+segment.Start, func(t markup.Table, at int) int { return t.Start - at })
		if ok {
			found = m.Tables[i]
		}
	}
	if len(found.Rows) == 0 {
		return
	}
	first--
	for _, cells := range found.Rows {
		nodes := 1
		for _, cell := range cells {
			if cell.Start < cell.End {
				nodes++
			}
		}
		m.spendNodes(nodes)
	}
	table := extast.NewTable()
	for _, align := range found.Align {
		table.Alignments = append(table.Alignments, alignments[align])
	}
	for i, cells := range found.Rows {
		row := m.tableRow(table.Alignments, cells)
		if i == 0 {
			table.AppendChild(table, extast.NewTableHeader(row))
		} else {
			table.AppendChild(table, row)
		}
	}
	p.Parent().InsertAfter(p.Parent(), p, table)
	if first == 0 {
		p.Parent().RemoveChild(p.Parent(), p)
		return
	}
	lines.SetSliced(0, first)
	last := lines.At(first - 1)
	lines.Set(first-1, last.TrimRightSpace(reader.Source()))
}

var alignments = map[markup.Align]extast.Alignment{
	markup.AlignNone: extast.AlignNone, markup.AlignLeft: extast.AlignLeft,
	markup.AlignCenter: extast.AlignCenter, markup.AlignRight: extast.AlignRight,
}

func (m *meter) tableRow(columns []extast.Alignment, cells []markup.Cell) *extast.TableRow {
	row := extast.NewTableRow(columns)
	for i, align := range columns {
		cell := extast.NewTableCell()
		cell.Alignment = align
		if i < len(cells) && cells[i].Start < cells[i].End {
			cell.Lines().Append(text.NewSegment(cells[i].Start-m.from, cells[i].End-m.from))
		}
		row.AppendChild(row, cell)
	}
	return row
}
