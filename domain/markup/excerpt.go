package markup

import (
	"strings"
	"unicode"
)

// maxExcerpt is the length of an excerpt in code points: about four lines of a card.
const maxExcerpt = 240

// maxComment is how far the end of a comment is looked for, in bytes.
const maxComment = 16 << 10

// Excerpt returns the beginning of some Markdown as plain text on one line.
func Excerpt(content string) string { return plainText(content, maxExcerpt) }

func isWordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
}

// plainText returns the words of some Markdown on one line, at most limit code points of them. It reads no more of
// source than it needs and favours plainness over exactness: it makes excerpts, never what is stored or searched.
func plainText(source string, limit int) string {
	var b strings.Builder
	hidden := 0 // how far a comment of several lines reaches
	for start, end := 0, 0; start < len(source); start = end {
		line := source[start:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i+1]
		}
		end = start + len(line)
		if start < hidden {
			continue
		}
		line = strings.TrimSpace(line)
		if n, ok := commentBlock(Beginning(source[start:], maxComment), 0); ok {
			hidden = start + n
			continue
		}
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
		writeInline(&b, trimBlockID(Beginning(line, 4*limit+maxTarget)))
		if b.Len() > 4*limit {
			break
		}
	}
	return Truncate(strings.Join(strings.Fields(b.String()), " "), limit)
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
