package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// closeParagraph ends the open paragraph, if there is one, of which the beginning may define links and the end be a table.
// It reports whether any text is left.
func (s *outliner) closeParagraph() (left bool) {
	if s.leaf != paragraphLeaf {
		return false
	}
	s.leaf = noLeaf
	lines := s.paragraph
	s.paragraph = s.paragraph[:0]
	if s.quoted {
		lines = s.callout(lines)
	}
	lines = s.definitions(lines)
	for i := 1; i < len(lines); i++ {
		align := tableAlign(s.content[lines[i].start:lines[i].end])
		if align == nil {
			continue
		}
		header := s.cells(lines[i-1])
		if len(header) != len(align) {
			break
		}
		if n := len(s.out.Tasks); i == 1 && n > 0 && s.out.Tasks[n-1].Box+2 == lines[0].start {
			s.out.Tasks = s.out.Tasks[:n-1] // the first cell is no text of an item
		}
		s.inline(lines[:i-1]...)
		s.table(align, lines[i-1], header, lines[i+1:])
		return i > 1
	}
	s.inline(lines...)
	return len(lines) > 0
}

// table reads the table with a header in line and rows below.
func (s *outliner) table(align []Align, line span, header []Cell, rows []span) {
	t := Table{Start: line.start, Align: align, Rows: [][]Cell{header}}
	for _, row := range rows {
		cells := s.cells(row)
		t.Rows = append(t.Rows, cells[:min(len(cells), len(align))])
	}
	for _, row := range t.Rows {
		for _, cell := range row {
			s.inline(span{cell.Start, cell.End})
		}
	}
	if s.keep {
		s.reading.Tables = append(s.reading.Tables, t)
	}
}

// tableAlign returns what the line below the header of a table tells of its columns, or nil when line is none.
func tableAlign(line string) []Align {
	line = strings.Trim(line, " \t\r\v\f")
	if strings.Trim(line, " \t|:-") != "" || strings.IndexByte(line, '-') < 0 || strings.Trim(line, "-") == "" {
		return nil
	}
	var aligns []Align
	for column := range strings.SplitSeq(strings.TrimSuffix(strings.TrimPrefix(line, "|"), "|"), "|") {
		column = strings.TrimSpace(column)
		dashes, left := strings.CutPrefix(column, ":")
		dashes, right := strings.CutSuffix(dashes, ":")
		if dashes == "" || strings.Trim(dashes, "-") != "" {
			return nil
		}
		align := AlignNone
		switch {
		case left && right:
			align = AlignCenter
		case left:
			align = AlignLeft
		case right:
			align = AlignRight
		}
		aligns = append(aligns, align)
	}
	return aligns
}

// cells returns the cells of a table's row. A bar inside [[page|label]] parts none.
func (s *outliner) cells(row span) []Cell {
	line := s.content[row.start:row.end]
	if strings.HasPrefix(line, "|") {
		row.start++
	}
	if strings.HasSuffix(line, "|") && row.end > row.start {
		row.end--
	}
	var cells []Cell
	for start := row.start; start < row.end; {
		end := start
		for end < row.end && (s.content[end] != '|' || s.content[end-1] == '\\') {
			if s.content[end] == '[' && (end == start || s.content[end-1] != '\\') {
				if _, size, ok := wikiLink(s.content[end:row.end], 0); ok {
					end += size
					continue
				}
			}
			end++
		}
		cell := Cell{start, end}
		for cell.Start < cell.End && isBlank(s.content[cell.Start]) {
			cell.Start++
		}
		for cell.Start < cell.End && isBlank(s.content[cell.End-1]) {
			cell.End--
		}
		cells = append(cells, cell)
		start = end + 1
	}
	return cells
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// callout takes the first line off a quote that is a callout, and returns what is left.
func (s *outliner) callout(lines []span) []span {
	size := CalloutMarker(s.content[lines[0].start:lines[0].end])
	if size == 0 {
		return lines
	}
	title := lines[0]
	title.start = title.end - len(strings.TrimLeftFunc(s.content[title.start+size:title.end], unicode.IsSpace))
	if title.start < title.end {
		s.inline(title)
	}
	return lines[1:]
}

// CalloutMarker returns how long the marker is, as [!note] or [!tip]-, with which the first line of a quote makes a callout
// of it, or 0. Behind it stands a blank of any kind, or nothing. What follows the kind behind a bar, as in [!note|wide], is
// for other programs.
func CalloutMarker(line string) int {
	const longest = 32
	rest, ok := strings.CutPrefix(line, "[!")
	size := 0
	for size < len(rest) && size < longest && (isLetter(rest[size]) || size > 0 && (rest[size] == '-' || isAlphanumeric(rest[size]))) {
		size++
	}
	if !ok || size == 0 {
		return 0
	}
	if size < len(rest) && rest[size] == '|' {
		for size < len(rest) && size < 2*longest && rest[size] != ']' && rest[size] != '[' {
			size++
		}
	}
	if size == len(rest) || rest[size] != ']' {
		return 0
	}
	size += len("[!]")
	if size < len(line) && (line[size] == '+' || line[size] == '-') {
		size++
	}
	if blank, _ := utf8.DecodeRuneInString(line[size:]); size < len(line) && !unicode.IsSpace(blank) {
		return 0
	}
	return size
}
