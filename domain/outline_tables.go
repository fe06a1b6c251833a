package domain

import "strings"

// closeParagraph reads the text of the open paragraph, if there is one, which may be a table.
func (s *outliner) closeParagraph() {
	if s.leaf != paragraphLeaf {
		return
	}
	s.leaf = noLeaf
	lines := s.paragraph
	s.paragraph = s.paragraph[:0]
	for i := 1; i < len(lines); i++ {
		columns := tableColumns(s.content[lines[i].start:lines[i].end])
		if columns == 0 {
			continue
		}
		header := s.cells(lines[i-1])
		if len(header) != columns {
			break
		}
		if n := len(s.out.Tasks); i == 1 && n > 0 && s.out.Tasks[n-1].Box+2 == lines[0].start {
			s.out.Tasks = s.out.Tasks[:n-1] // the first cell is no text of an item
		}
		s.inline(lines[:i-1])
		for _, cell := range header {
			s.inline([]span{cell})
		}
		for _, row := range lines[i+1:] {
			for _, cell := range s.cells(row) {
				s.inline([]span{cell})
			}
		}
		return
	}
	s.inline(lines)
}

// tableColumns returns how many columns the line below the header of a table tells, or 0 when line is none.
func tableColumns(line string) int {
	if strings.Trim(line, " \t|:-") != "" || strings.IndexByte(line, '-') < 0 || strings.Trim(line, "-") == "" {
		return 0
	}
	columns := strings.Split(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(line), "|"), "|"), "|")
	for _, column := range columns {
		column = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(column), ":"), ":")
		if column == "" || strings.Trim(column, "-") != "" {
			return 0
		}
	}
	return len(columns)
}

// cells returns the cells of a table's row.
func (s *outliner) cells(row span) []span {
	line := s.content[row.start:row.end]
	if strings.HasPrefix(line, "|") {
		row.start++
	}
	if strings.HasSuffix(line, "|") && row.end > row.start {
		row.end--
	}
	var cells []span
	for start := row.start; start < row.end; {
		end := start
		for end < row.end && (s.content[end] != '|' || s.content[end-1] == '\\') {
			end++
		}
		cells = append(cells, span{start, end})
		start = end + 1
	}
	return cells
}
