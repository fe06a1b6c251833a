package markup

import (
	"strings"
	"unicode/utf8"
)

// TitleLine is where a content says its title: a heading at its beginning, or a first line that is no other kind of
// block. All offsets are in bytes of the content.
type TitleLine struct {
	Start, End int // the title, without what makes a heading of it
	Rest       int // where the content goes on
}

// FindTitle returns where content says the title, and reports false where it doesn't. That line is shown as the title, with
// the marks, links and footnotes that it has, and the rest of the content below it.
func FindTitle(content, title string) (TitleLine, bool) {
	line, ok := titleLine(content, len(content)-len(WithoutFrontMatter(content)))
	if !ok {
		return TitleLine{}, false
	}
	text := content[line.Start:line.End]
	return line, OneLine(text) == title || len(text) <= maxTarget && plainText(text, len(text)) == title
}

// firstLine returns a title made of the first line of content that has text, or "" when there is none. Comments are left
// out unless there is nothing else.
func firstLine(content string) string {
	if start := skipComments(content, 0); start > 0 {
		if title := firstLine(content[start:]); title != "" {
			return title
		}
	}
	var fallback string
	for line := range strings.Lines(content) {
		line = OneLine(line)
		if line == "" {
			continue
		}
		if strings.ContainsFunc(line, isWordRune) {
			if text := plainText(line, MaxTitle); text != "" {
				return text
			}
		}
		if heading := trimHeading(line); heading != line && heading != "" {
			return Truncate(heading, MaxTitle)
		}
		if fallback == "" {
			fallback = Truncate(line, MaxTitle)
		}
	}
	return fallback
}

// trimHeading returns line without the marks of a Markdown heading.
func trimHeading(line string) string {
	line = strings.Trim(line, " \t\r\n")
	if start, end, ok := headingIn(line); ok {
		return line[start:end]
	}
	return line
}

// headingIn returns where the text of the heading stands that line is, and reports false when it is none. Marks at its
// end belong to that text unless a blank stands before them, as in "# Learning C#".
func headingIn(line string) (start, end int, ok bool) {
	const blanks = " \t"
	text := strings.TrimLeft(line, "#")
	level := len(line) - len(text)
	if level == 0 || level > 6 || text != "" && strings.IndexByte(blanks, text[0]) < 0 {
		return 0, 0, false
	}
	start = len(line) - len(strings.TrimLeft(text, blanks))
	end = len(strings.TrimRight(line, blanks))
	closed := strings.TrimRight(line[:max(start, end)], "#")
	if len(closed) <= start || strings.IndexByte(blanks, closed[len(closed)-1]) >= 0 {
		end = len(strings.TrimRight(closed, blanks))
	}
	return start, max(start, end), true
}

// titleLine returns the line of content, the first from a place on, that may be its title.
func titleLine(content string, from int) (t TitleLine, ok bool) {
	from = skipComments(content, from)
	start := len(content) - len(strings.TrimLeft(content[from:], " \t\n"))
	start = max(from, 1+strings.LastIndexByte(content[:start], '\n'))
	line, rest, _ := strings.Cut(content[start:], "\n")
	t.Rest = len(content) - len(rest)

	c := cursor{content: content, pos: start, end: start + len(line), last: start + len(strings.TrimRight(line, " \t\r"))}
	width, next := c.indent()
	if width > 3 || next >= c.last {
		return t, false
	}
	text := content[next:c.last]
	if from, to, isHeading := headingIn(text); isHeading {
		t.Start, t.End = next+from, next+to
	} else {
		if !isParagraph(text) {
			return t, false
		}
		t.Start, t.End = next, c.last
		if slashes := len(text) - len(strings.TrimRight(text, `\`)); slashes%2 == 1 && strings.TrimLeft(rest, " \t\r") != "" {
			t.End-- // it only breaks the line
		}
		under, after, _ := strings.Cut(rest, "\n")
		switch under = strings.TrimRight(under, " \t\r"); {
		case isUnderline(under):
			t.Rest = len(content) - len(after)
		case tableAlign(under) != nil || strings.Contains(text, "!["):
			return t, false
		}
	}
	for t.Rest < len(content) && content[t.Rest] == '\n' {
		t.Rest++
	}
	return t, t.Start < t.End
}

// skipComments returns where the comments of whole lines end that begin at from.
func skipComments(content string, from int) int {
	for {
		next := from + len(content[from:]) - len(strings.TrimLeft(content[from:], "\n"))
		end, ok := commentBlock(content, next)
		if !ok {
			return from
		}
		from = end
	}
}

// isUnderline reports whether line makes a heading of the one above.
func isUnderline(line string) bool {
	text := strings.TrimLeft(line, " ")
	return len(line)-len(text) <= 3 && text != "" && (text[0] == '=' || text[0] == '-') && run(text, 0) == len(text)
}

// isParagraph reports whether the line text, without the blanks around it, is the beginning of a paragraph and no other
// block.
func isParagraph(text string) bool {
	switch text[0] {
	case '>':
		return false
	case '`', '~':
		if n := run(text, 0); n >= 3 && (text[0] == '~' || strings.IndexByte(text[n:], '`') < 0) {
			return false
		}
	case '[':
		if i := strings.Index(text, "]:"); i > 0 && !strings.HasPrefix(text, "[[") {
			return false
		}
	case '<':
		if _, ok := comment(text, 0); ok || strings.HasPrefix(text, "<!--") || strings.HasPrefix(text, "<details") {
			return false
		}
	case '%':
		if strings.HasPrefix(text, "%%") {
			return false
		}
	}
	return !isRule(text) && listMarker(text) == 0 && utf8.ValidString(text)
}
