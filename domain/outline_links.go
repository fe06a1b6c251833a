package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// open reads the [ at i: a wiki link, or the beginning of a link or an image.
func (t *inlineText) open(i int) int {
	if mark, end, ok := wikiLink(t.text, i); ok {
		if _, isLink := destination(t.text, end); !isLink {
			start := i
			if t.isImage(i) {
				mark.Embed = true
				start--
			}
			mark.Start = t.offset(start)
			mark.End = mark.Start + end - start
			t.out.Links = append(t.out.Links, mark)
			if mark.showsPicture() {
				t.out.HasImage = true
			} else {
				t.out.HasLink = true
			}
			return end
		}
	}
	if len(t.brackets) >= maxBrackets {
		return i + 1
	}
	t.brackets = append(t.brackets, bracket{t.isImage(i), int32(len(t.out.Tags)), int32(len(t.out.Links))})
	return i + 1
}

// isImage reports whether the [ at i follows a ! that has no backslash before it.
func (t *inlineText) isImage(i int) bool {
	return i > 0 && t.text[i-1] == '!' && (i < 2 || t.text[i-2] != '\\')
}

// close reads the ] at i. What stands in the text of a link is no mark.
func (t *inlineText) close(i int) int {
	if len(t.brackets) == 0 {
		return i + 1
	}
	last := len(t.brackets) - 1
	b := t.brackets[last]
	t.brackets = t.brackets[:last]
	if last < t.inactive {
		t.inactive = last
		if !b.image {
			return i + 1
		}
	}
	end, ok := destination(t.text, i+1)
	if !ok {
		t.hasImageReference = t.hasImageReference || b.image
		return i + 1
	}
	within := t.out.Links[b.links:]
	t.out.Tags, t.out.Links = t.out.Tags[:b.tags], t.out.Links[:b.links]
	for _, mark := range within {
		if mark.Embed && !b.image { // a picture may be a link's text
			t.out.Links = append(t.out.Links, mark)
		}
	}
	t.linkTarget(i+2, b.image)
	if b.image {
		t.out.HasImage = true
	} else {
		t.out.HasLink = true
		t.inactive = last
	}
	return end
}

// linkTarget notes the address at i of a link or an image, if that leads to a note or a file.
func (t *inlineText) linkTarget(i int, image bool) {
	start := skipBlanks(t.text, i)
	end, ok := linkAddress(t.text, start, true)
	if !ok {
		return
	}
	if mark, ok := ParseAddress(t.text[start:end]); ok {
		mark.Embed = image
		mark.Start = t.offset(start)
		mark.End = mark.Start + end - start
		t.out.Links = append(t.out.Links, mark)
	}
}

// wikiLink reads the wiki link that begins at i.
func wikiLink(text string, i int) (mark LinkMark, end int, ok bool) {
	if !strings.HasPrefix(text[i:], "[[") {
		return mark, 0, false
	}
	rest := text[i+2:]
	size := strings.IndexAny(rest, "[]\n")
	if size < 0 || !strings.HasPrefix(rest[size:], "]]") {
		return mark, 0, false
	}
	// In tables the bar has a backslash before it.
	where, label, _ := strings.Cut(rest[:size], "|")
	if len(where) < size {
		where = strings.TrimSuffix(where, `\`)
	}
	heading := ""
	for j := range len(where) {
		if where[j] == '#' && partsHeading(where, j) {
			where, heading = where[:j], where[j+1:]
			break
		}
	}
	mark.Title, mark.Heading, mark.Label = strings.TrimSpace(where), strings.TrimSpace(heading), strings.TrimSpace(label)
	return mark, i + 2 + size + 2, mark.Title != "" || mark.Heading != ""
}

// partsHeading reports whether the # at i of a wiki link parts its title from a heading.
func partsHeading(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i+1:])
	return i+1 < len(text) && !unicode.IsSpace(after) && (i == 0 || !unicode.IsSpace(before))
}

// destination returns where the destination of a link ends that begins at i: (address "title").
func destination(text string, i int) (end int, ok bool) {
	if i >= len(text) || text[i] != '(' {
		return 0, false
	}
	i = skipBlanks(text, i+1)
	if i, ok = linkAddress(text, i, true); !ok {
		return 0, false
	}
	after := skipBlanks(text, i)
	if after > i {
		if end, ok := linkTitle(text, after); ok {
			after = skipBlanks(text, end)
		}
	}
	if after >= len(text) || text[after] != ')' {
		return 0, false
	}
	return after + 1, true
}

func skipBlanks(text string, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
		i++
	}
	return i
}

// linkAddress returns where the address ends that begins at i. Parentheses in it come in pairs.
func linkAddress(text string, i int, mayBeEmpty bool) (end int, ok bool) {
	const maxParentheses = 32
	start := i
	if i < len(text) && text[i] == '<' {
		for i++; i < len(text); i++ {
			switch text[i] {
			case '\\':
				i++
			case '<', '\n':
				return 0, false
			case '>':
				return i + 1, true
			}
		}
		return 0, false
	}
	for depth := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c <= ' ':
			return i, depth == 0 && (mayBeEmpty || i > start)
		case c == '\\' && i+1 < len(text) && text[i+1] > ' ':
			i++
		case c == '(':
			if depth++; depth > maxParentheses {
				return 0, false
			}
		case c == ')':
			if depth == 0 && mayBeEmpty {
				return i, true
			}
			depth--
		}
	}
	return i, i > start
}

// linkTitle returns where the title ends that begins at i: "title", 'title' or (title).
func linkTitle(text string, i int) (end int, ok bool) {
	if i >= len(text) {
		return 0, false
	}
	closer := text[i]
	switch closer {
	case '"', '\'':
	case '(':
		closer = ')'
	default:
		return 0, false
	}
	for i++; i < len(text); i++ {
		switch text[i] {
		case closer:
			return i + 1, true
		case '\\':
			i++
		case '(':
			if closer == ')' {
				return 0, false
			}
		}
	}
	return 0, false
}

// definitions returns where the text begins after the definitions of links: [label]: address "title".
func (t *inlineText) definitions() int {
	for i := 0; ; {
		end, ok := definition(t.text, i)
		if !ok {
			return i
		}
		t.hasDefinition, t.out.HasLink = true, true
		t.linkTarget(i+strings.Index(t.text[i:], "]:")+2, false)
		i = end
	}
}

func definition(text string, i int) (end int, ok bool) {
	if !strings.HasPrefix(text[i:], "[") || strings.HasPrefix(text[i:], "[^") {
		return 0, false
	}
	colon := strings.Index(text[i:], "]:")
	if colon < 2 || strings.ContainsAny(text[i+1:i+colon], "[]") || strings.TrimSpace(text[i+1:i+colon]) == "" {
		return 0, false
	}
	i = skipBlanks(text, i+colon+2)
	if i, ok = linkAddress(text, i, false); !ok {
		return 0, false
	}
	if after := skipBlanks(text, i); after > i {
		if after, ok := linkTitle(text, after); ok {
			if end, ok := lineEnd(text, after); ok {
				return end, true
			}
		}
	}
	return lineEnd(text, i)
}

// lineEnd returns where the next line begins when nothing but blanks stands before it.
func lineEnd(text string, i int) (end int, ok bool) {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t') {
		i++
	}
	if i < len(text) && text[i] != '\n' {
		return 0, false
	}
	return min(i+1, len(text)), true
}
