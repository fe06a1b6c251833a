package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
)

// reference is what a label leads to.
type linkReference struct {
	destination, title string
}

// open reads the [ at i: a wiki link, a footnote, or the beginning of a link or an image.
func (t *inlineText) open(i int) int {
	if mark, end, ok := wikiLink(t.text, i); ok {
		if _, isLink := t.tail(end); !isLink {
			t.wiki(mark, i, end)
			return end
		}
	}
	if end, label := footnoteLabel(t.text, i); end > 0 && t.footnotes[label] {
		t.note(Inline{Kind: FootnoteInline, Start: t.offset(i), End: t.offset(end), Destination: label})
		return end
	}
	if len(t.brackets) < maxBrackets {
		t.push(bracket{at: i + 1, image: t.isImage(i)})
	}
	return i + 1
}

func (t *inlineText) push(b bracket) {
	if n := len(t.brackets); n > 0 {
		t.brackets[n-1].holds = true
	}
	b.hadLink = t.out.HasLink
	b.tags, b.links = int32(len(t.out.Tags)), int32(len(t.out.Links))
	t.brackets = append(t.brackets, b)
}

// wiki notes the wiki link from i to end.
func (t *inlineText) wiki(mark LinkMark, i, end int) {
	start := i
	if t.isImage(i) {
		mark.Embed = true
		start--
	}
	mark.Start, mark.End = t.offset(start), t.offset(end)
	t.out.Links = append(t.out.Links, mark)
	if mark.showsPicture() {
		t.out.HasImage = true
	} else {
		t.out.HasLink = true
	}
}

// isImage reports whether the [ at i follows a ! that has no backslash before it.
func (t *inlineText) isImage(i int) bool {
	return i > 0 && t.text[i-1] == '!' && i > t.done
}

// footnoteLabel returns where the reference to a footnote ends that begins at i, and its label. It returns 0 when there is
// none.
func footnoteLabel(text string, i int) (end int, label string) {
	if !strings.HasPrefix(text[i:], "[^") {
		return 0, ""
	}
	rest := Beginning(text[i+2:], maxLabel)
	size := strings.IndexAny(rest, "[] \t\n")
	if size < 1 || rest[size] != ']' {
		return 0, ""
	}
	return i + 2 + size + 1, FoldLabel(rest[:size])
}

// close reads the ] at i. What stands in the text of a link is no mark.
func (t *inlineText) close(i int) int {
	if len(t.brackets) == 0 {
		return i + 1
	}
	last := len(t.brackets) - 1
	b := t.brackets[last]
	t.brackets = t.brackets[:last]
	inactive := last < t.inactive
	if inactive {
		t.inactive = last
	}
	m := Inline{Kind: LinkInline, Text: t.offset(b.at), TextEnd: t.offset(i)}
	switch {
	case b.note:
		if strings.TrimSpace(t.text[b.at:i]) != "" {
			m.Kind, m.Start, m.End = NoteInline, t.offset(b.at-2), t.offset(i+1)
			t.note(m)
		}
		return i + 1
	case inactive && !b.image:
		return i + 1
	}
	tail, ok := t.tail(i + 1)
	if !ok {
		tail, ok = t.referred(b, i)
	}
	if !ok {
		return i + 1
	}
	m.Destination, m.Title = tail.destination, tail.title
	m.Start, m.End = t.offset(b.at-1), t.offset(tail.end)
	within := t.out.Links[b.links:]
	t.out.Tags, t.out.Links = t.out.Tags[:b.tags], t.out.Links[:b.links]
	for _, mark := range within {
		if mark.Embed && !b.image { // a picture may be a link's text
			t.out.Links = append(t.out.Links, mark)
		}
	}
	if tail.address != (span{}) {
		t.out.Links = appendAddress(t.out.Links, t.text[tail.address.start:tail.address.end], t.offset(tail.address.start), b.image)
	}
	if b.image {
		m.Kind, m.Start = ImageInline, t.offset(b.at-2)
		t.note(m)
		t.out.show(m.Destination, m.Start)
		t.out.HasImage, t.out.HasLink = true, b.hadLink // what describes an image leads nowhere
	} else {
		t.link(m)
		t.inactive = last
	}
	return tail.end
}

// appendAddress adds the address of a link or an image, written at start, if that leads to a note or a file.
func appendAddress(links []LinkMark, written string, start int, image bool) []LinkMark {
	if mark, ok := parseAddress(written); ok {
		mark.Embed = image
		mark.Start, mark.End = start, start+len(written)
		links = append(links, mark)
	}
	return links
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

// linkTail is what follows the text of a link.
type linkTail struct {
	linkReference
	address span // where the destination is written, if it is
	end     int
}

// tail reads what follows the text of a link: (destination "title").
func (t *inlineText) tail(i int) (l linkTail, ok bool) {
	text := t.text
	if i >= len(text) || text[i] != '(' {
		return l, false
	}
	start := skipBlanks(text, i+1)
	end, ok := linkAddress(text, start)
	if !ok {
		if start >= len(text) || text[start] != ')' {
			return l, false
		}
		end = start
	}
	l.address = span{start, end}
	l.destination = resolved(withoutAngles(text[start:end]))
	after := skipBlanks(text, end)
	if after > end {
		if end, ok := linkTitle(text, after); ok {
			l.title = resolved(text[after+1 : end-1])
			after = skipBlanks(text, end)
		}
	}
	if after >= len(text) || text[after] != ')' {
		return l, false
	}
	l.end = after + 1
	return l, true
}

func withoutAngles(address string) string {
	if strings.HasPrefix(address, "<") {
		return address[1 : len(address)-1]
	}
	return address
}

// referred reads what follows the text of a link at i that leads where its label, behind it or its text, is defined.
func (t *inlineText) referred(b bracket, i int) (l linkTail, ok bool) {
	if len(t.references) == 0 {
		return l, false
	}
	l.end = i + 1
	if strings.HasPrefix(t.text[i+1:], "[") {
		if end, ok := linkLabel(t.text, i+1); ok {
			if label := t.text[i+2 : end-1]; strings.TrimSpace(label) != "" {
				l.linkReference, ok = t.references[FoldLabel(label)]
				l.end = end
				return l, ok
			}
			l.end = end
		} else if strings.HasPrefix(t.text[i+1:], "[]") {
			l.end = i + 3
		}
	}
	if b.holds || i-b.at > maxLabel {
		return l, false
	}
	l.linkReference, ok = t.references[FoldLabel(t.text[b.at:i])]
	return l, ok
}

// maxLabel is how long a label may be, in bytes.
const maxLabel = 999

// linkLabel returns where the label ends that begins at i with [. It has no brackets in it but those with a backslash.
func linkLabel(text string, i int) (end int, ok bool) {
	for j := i + 1; j < len(text) && j-i <= maxLabel+1; j++ {
		switch text[j] {
		case '\\':
			j++
		case '[':
			return 0, false
		case ']':
			return j + 1, true
		}
	}
	return 0, false
}

// FoldLabel returns the key under which two labels, of links or footnotes, are the same.
func FoldLabel(label string) string {
	if label = strings.Join(strings.Fields(label), " "); isASCII(label) {
		return strings.ToLower(label)
	}
	return cases.Fold().String(label)
}

func skipBlanks(text string, i int) int {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n') {
		i++
	}
	return i
}

// linkAddress returns where the address ends that begins at i. Parentheses in it come in pairs.
func linkAddress(text string, i int) (end int, ok bool) {
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
	depth := 0
	for ; i < len(text) && text[i] > ' ' && text[i] != 0x7f; i++ {
		switch c := text[i]; {
		case c == '\\' && i+1 < len(text) && isPunctuation(text[i+1]):
			i++
		case c == '(':
			if depth++; depth > maxParentheses {
				return 0, false
			}
		case c == ')':
			if depth == 0 {
				return i, i > start
			}
			depth--
		}
	}
	return i, depth == 0 && i > start
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

// definitions takes the definitions of links off the beginning of a paragraph: [label]: address "title". It returns the
// lines that are left.
func (s *outliner) definitions(lines []span) []span {
	if len(lines) == 0 || !strings.HasPrefix(s.content[lines[0].start:lines[0].end], "[") {
		return lines
	}
	t := s.join(lines)
	at := 0
	for {
		d, ok := definition(t.text, at)
		if !ok {
			break
		}
		if _, known := s.references[d.label]; !known {
			if s.references == nil {
				s.references = map[string]linkReference{}
			}
			s.references[d.label] = d.linkReference
		}
		s.out.Links = appendAddress(s.out.Links, t.text[d.address.start:d.address.end], t.offset(d.address.start), false)
		start := t.offset(at)
		if at = d.end; s.keep {
			s.reading.Definitions = append(s.reading.Definitions, Definition{start, t.offset(at - 1)})
		}
	}
	n := 0
	for size := 0; n < len(lines) && size < at; n++ {
		size += lines[n].end - lines[n].start + 1
	}
	return lines[n:]
}

// definition is a label with what it leads to.
type linkDefinition struct {
	linkTail
	label string
}

func definition(text string, i int) (d linkDefinition, ok bool) {
	if i >= len(text) || text[i] != '[' {
		return d, false
	}
	end, ok := linkLabel(text, i)
	if !ok || end == len(text) || text[end] != ':' || strings.TrimSpace(text[i+1:end-1]) == "" || text[i+1] == '^' {
		return d, false
	}
	d.label = FoldLabel(text[i+1 : end-1])
	start := skipBlanks(text, end+1)
	end, ok = linkAddress(text, start)
	if !ok {
		return d, false
	}
	d.address = span{start, end}
	d.destination = resolved(withoutAngles(text[start:end]))
	if after := skipBlanks(text, end); after > end {
		if titled, ok := linkTitle(text, after); ok {
			if d.end, ok = lineEnd(text, titled); ok {
				d.title = resolved(text[after+1 : titled-1])
				return d, true
			}
		}
	}
	d.end, ok = lineEnd(text, end)
	return d, ok
}

// lineEnd returns where the next line begins when nothing but blanks stands before it.
func lineEnd(text string, i int) (end int, ok bool) {
	for i < len(text) && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r') {
		i++
	}
	if i < len(text) && text[i] != '\n' {
		return 0, false
	}
	return min(i+1, len(text)), true
}
