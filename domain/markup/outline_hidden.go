package markup

import "strings"

// commentBlock returns where the comment ends that begins at i, the beginning of a line, and takes whole lines: <!-- … -->
// or %% … %%, with nothing beside it.
func commentBlock(text string, i int) (end int, ok bool) {
	start := i + len(text[i:]) - len(strings.TrimLeft(text[i:], " "))
	if start > i+3 {
		return 0, false
	}
	switch rest := text[start:]; {
	case strings.HasPrefix(rest, "<!--"):
		end, ok = comment(text, start)
	case strings.HasPrefix(rest, "%%"):
		end = after(text, start+2, "%%")
		ok = end > 0
	}
	if !ok {
		return 0, false
	}
	return lineEnd(text, end)
}

// commentBlock returns where the comment of whole lines ends that begins at i, or 0.
func (s *outliner) commentBlock(i int) int {
	rest := s.content[i:]
	closes, from := "-->", i+4
	if strings.HasPrefix(rest, "%%") {
		closes, from = "%%", i+2
	} else if !strings.HasPrefix(rest, "<!--") {
		return 0
	}
	end, known := s.ends[closes]
	if !known || end >= 0 && end < from {
		if end = strings.Index(s.content[from:], closes); end >= 0 {
			end += from
		}
		if s.ends == nil {
			s.ends = map[string]int{}
		}
		s.ends[closes] = end
	}
	if end < 0 {
		return 0
	}
	end, _ = lineEnd(s.content, end+len(closes))
	return end
}

// trimBlockID returns line without the name at its end by which links lead to it, as ^id.
func trimBlockID(line string) string {
	if start, ok := blockID(line); ok {
		return strings.TrimRight(line[:start], " \t")
	}
	return line
}

// blockID returns where the name of a block begins with its ^ at the end of text, which ends with it: letters, digits and dashes, with
// a blank before the ^ or nothing.
func blockID(text string) (start int, ok bool) {
	i := len(text)
	for i > 0 && (isAlphanumeric(text[i-1]) || text[i-1] == '-') {
		i--
	}
	if i == len(text) || i == 0 || text[i-1] != '^' {
		return 0, false
	}
	return i - 1, i == 1 || strings.IndexByte(" \t\n", text[i-2]) >= 0
}

// DetailsLine is a line of HTML around what can be folded away: <details> with its <summary>, the summary alone, or </details>.
type DetailsLine struct {
	Open     bool // it begins with <details>
	Expanded bool // <details open>
	Summary  Cell // the text of the summary, in bytes of the line
	Body     Cell // what follows it
	Close    bool // it ends with </details>
}

// maxFold is how long such a line may be, in bytes.
const maxFold = 4 << 10

// ReadDetails reads a line without the blanks around it.
func ReadDetails(line string) (f DetailsLine, ok bool) {
	if len(line) > maxFold || len(line) < len("<details>") || line[0] != '<' {
		return f, false
	}
	lower := strings.ToLower(line) // ASCII, or it is no tag
	if len(lower) != len(line) {
		return f, false
	}
	at := 0
	if strings.HasPrefix(lower, "<details") {
		end, isTag := htmlTag(lower, 0)
		if !isTag || skipName(lower, 1) != len("<details") {
			return f, false
		}
		f.Open, f.Expanded = true, hasAttribute(lower[len("<details"):end-1], "open")
		at = skipBlanks(lower, end)
	}
	hasSummary := strings.HasPrefix(lower[at:], "<summary>")
	if hasSummary {
		size := strings.Index(lower[at:], "</summary>")
		if size < 0 {
			return f, false
		}
		f.Summary = trimmed(line, at+len("<summary>"), at+size)
		at = skipBlanks(lower, at+size+len("</summary>"))
	}
	end := len(line)
	if strings.HasSuffix(lower[at:], "</details>") {
		f.Close = true
		end -= len("</details>")
	}
	f.Body = trimmed(line, at, end)
	inner := lower[f.Summary.Start:f.Summary.End] + lower[f.Body.Start:f.Body.End]
	if strings.Contains(inner, "<details") || strings.Contains(inner, "</details") || strings.Contains(inner, "summary>") {
		return f, false
	}
	return f, f.Open || hasSummary || f.Close && f.Body.Start == f.Body.End
}

func trimmed(line string, start, end int) Cell {
	for start < end && isBlank(line[start]) {
		start++
	}
	for start < end && isBlank(line[end-1]) {
		end--
	}
	return Cell{start, end}
}

// hasAttribute reports whether the attributes have one of a name.
func hasAttribute(attributes, name string) bool {
	for field := range strings.FieldsSeq(attributes) {
		key, _, _ := strings.Cut(field, "=")
		if strings.TrimSuffix(key, "/") == name {
			return true
		}
	}
	return false
}
