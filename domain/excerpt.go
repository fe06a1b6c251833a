package domain

import (
	"strings"
	"unicode"
)

// maxExcerpt is the length of an excerpt in code points: about four lines of a card.
const maxExcerpt = 240

// firstLine returns a title made of the first line of content that has text, or "" when there is none.
func firstLine(content string) string {
	var fallback string
	for line := range strings.Lines(content) {
		line = oneLine(line)
		if line == "" {
			continue
		}
		if title := trimHeading(line); title != line && title != "" {
			return truncate(title, MaxTitle)
		}
		if strings.ContainsFunc(line, isWordRune) {
			if text := plainText(line, MaxTitle); text != "" {
				return text
			}
		}
		if fallback == "" {
			fallback = truncate(line, MaxTitle)
		}
	}
	return fallback
}

// maxTarget is how far the end of a link's target is looked for, in bytes, so that brackets without one cost little.
const maxTarget = 4 << 10

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
}

// trimHeading returns line without the marks of a Markdown heading.
func trimHeading(line string) string {
	line = strings.TrimSpace(line)
	text := strings.TrimLeft(line, "#")
	if level := len(line) - len(text); level == 0 || level > 6 || (text != "" && text[0] != ' ') {
		return line
	}
	return strings.TrimSpace(strings.TrimRight(text, "# "))
}

// plainText returns the words of some Markdown on one line, at most limit code points of them. It reads no more of
// source than it needs and favours plainness over exactness: it makes excerpts, never what is stored or searched.
func plainText(source string, limit int) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
			continue // a code fence; its content is text like any other
		}
		line = trimHeading(trimMarker(line))
		if !strings.ContainsFunc(line, isWordRune) {
			continue // a rule, a table's delimiter row, an underline
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		writeInline(&b, line)
		if b.Len() > 4*limit {
			break
		}
	}
	return truncate(strings.Join(strings.Fields(b.String()), " "), limit)
}

// trimMarker returns line without the marks of quotes, list items and tasks at its start.
func trimMarker(line string) string {
	for {
		rest := strings.TrimLeft(line, "> ")
		for _, mark := range []string{"- ", "* ", "+ ", "[ ] ", "[x] ", "[X] "} {
			if after, ok := strings.CutPrefix(rest, mark); ok {
				rest = strings.TrimLeft(after, " ")
			}
		}
		rest = trimCallout(trimNumber(rest))
		if rest == line {
			return line
		}
		line = rest
	}
}

// trimNumber returns line without the number of a list item at its start.
func trimNumber(line string) string {
	rest := strings.TrimLeft(line, "0123456789")
	if digits := len(line) - len(rest); digits == 0 || digits > 3 {
		return line
	}
	for _, mark := range []string{". ", ") "} {
		if after, ok := strings.CutPrefix(rest, mark); ok {
			return strings.TrimLeft(after, " ")
		}
	}
	return line
}

// trimCallout returns line without the kind of a callout, as [!note], at its start.
func trimCallout(line string) string {
	after, ok := strings.CutPrefix(line, "[!")
	if !ok {
		return line
	}
	kind, rest, closed := strings.Cut(after, "]")
	if !closed || strings.ContainsAny(kind, " [") {
		return line
	}
	return strings.TrimLeft(strings.TrimLeft(rest, "+-"), " ")
}

// writeInline writes the text of one line without the marks of emphasis, code, links and images.
func writeInline(b *strings.Builder, line string) {
	for i := 0; i < len(line); i++ {
		switch c := line[i]; c {
		case '*', '`', '~':
		case '|':
			b.WriteByte(' ')
		case '\\':
			if i++; i < len(line) {
				b.WriteByte(line[i])
			}
		case '!':
			if i+1 == len(line) || line[i+1] != '[' {
				b.WriteByte(c)
			}
		case '[':
		case ']':
			// "](target)" goes, the words before it stay.
			if i+1 < len(line) && line[i+1] == '(' {
				if end := strings.IndexByte(beginning(line[i:], maxTarget), ')'); end > 0 {
					i += end
				}
			}
		default:
			b.WriteByte(c)
		}
	}
}
