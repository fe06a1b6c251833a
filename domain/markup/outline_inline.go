package markup

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// inline notes the text of a block, to be read when all that links may refer to is known.
func (s *outliner) inline(lines ...span) {
	if len(lines) > 0 {
		s.spans = append(s.spans, lines...)
		s.blocks = append(s.blocks, len(s.spans))
	}
}

// readInline reads the texts of all blocks.
func (s *outliner) readInline() {
	begin := 0
	for _, end := range s.blocks {
		t := s.join(s.spans[begin:end])
		t.scan()
		begin = end
	}
}

// join returns the text of lines.
func (s *outliner) join(lines []span) inlineText {
	if len(lines) == 1 {
		return inlineText{outliner: s, lines: lines, text: s.content[lines[0].start:lines[0].end]}
	}
	s.joined, s.begins = s.joined[:0], s.begins[:0]
	for _, line := range lines {
		s.begins = append(s.begins, len(s.joined))
		s.joined = append(s.joined, s.content[line.start:line.end]...)
		s.joined = append(s.joined, '\n')
	}
	return inlineText{outliner: s, lines: lines, text: string(s.joined)}
}

// inlineText is the text of one block, its lines joined.
type inlineText struct {
	*outliner
	text  string
	lines []span
	done  int // how far marks have been read that begin before the @ of an address

	brackets []bracket
	inactive int // so many of the brackets hold a link already, and so begin none
	openers  []opener
	// Where a mark ends behind which a tag may stand, as it begins an emphasis or an element: ==, _ or <u>.
	opening    int
	underlined int // so many runs of _ are open
	// Where runs of backticks begin, by their length; made for the first one.
	ticks     map[int][]int
	noDisplay int // how far no formula ends that begins with $$
	// Where the next end of a comment stands, by what it ends with; -1 when there is none.
	ends map[string]int
}

// bracket is an open [, and how many marks stood before it.
type bracket struct {
	at          int // behind it
	image, note bool
	holds       bool // another bracket
	hadLink     bool // a link stood before it
	tags, links int32
}

// offset returns where the place i of the text is in the content.
func (t *inlineText) offset(i int) int {
	if len(t.lines) == 1 {
		return t.lines[0].start + i
	}
	line, found := slices.BinarySearch(t.begins, i)
	if !found {
		line--
	}
	if line == len(t.lines) {
		return t.lines[line-1].end
	}
	return t.lines[line].start + i - t.begins[line]
}

func (t *inlineText) scan() {
	if text := strings.TrimRight(t.text, "\n"); strings.HasSuffix(text, "-") || text != "" && isAlphanumeric(text[len(text)-1]) {
		if start, ok := blockID(text); ok {
			t.note(Inline{Kind: BlockInline, Start: t.offset(start), End: t.offset(len(text)), Destination: text[start+1:]})
			t.text = text[:start]
		}
	}
	for i := 0; i < len(t.text); {
		next := i + 1
		switch c := t.text[i]; c {
		case '\\':
			if next < len(t.text) && isPunctuation(t.text[next]) {
				next++
			}
		case '`':
			next = t.codeSpan(i)
		case '<':
			next = t.angle(i)
		case '%':
			if end := t.comment(i); end > 0 {
				next = end
			}
		case 'h', 'H', 'w', 'W':
			if end, ok := bareAddress(t.text, i); ok {
				scheme := ""
				if c == 'w' || c == 'W' {
					scheme = "http://"
				}
				t.address(i, end, scheme)
				next = end
			}
		case '@':
			if start, end, ok := mailAddress(t.text, t.done, i); ok {
				t.address(start, end, "mailto:")
				next = end
			}
		case '^':
			if strings.HasPrefix(t.text[i:], "^[") && len(t.brackets) < maxBrackets {
				t.push(bracket{at: i + 2, note: true})
				next = i + 2
			}
		case '*', '~', '=':
			next = t.emphasis(i)
		case '&':
			if end, character := reference(t.text, i); t.keep && end > 0 {
				t.emphases = append(t.emphases, hiddenMark{start: t.offset(i), end: t.offset(end), shown: character})
			}
		case '_':
			if next = t.underscores(i); t.underscored {
				t.emphasis(i)
			}
		case '[':
			next = t.open(i)
		case ']':
			next = t.close(i)
		case '#':
			next = t.tag(i)
		case '$':
			next = t.math(i)
		}
		if next > i+1 || t.text[i] == '[' || t.text[i] == ']' {
			t.done = next
		}
		i = next
	}
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// codeSpan returns where the code that begins at i ends, or where the backticks do when they begin none.
func (t *inlineText) codeSpan(i int) int {
	size, end := run(t.text, i), t.afterCode(i)
	if end > i+size {
		t.note(Inline{Kind: CodeInline, Start: t.offset(i), Text: t.offset(i + size), TextEnd: t.offset(end - size), End: t.offset(end)})
	}
	return end
}

// afterCode returns what codeSpan does, and notes nothing.
func (t *inlineText) afterCode(i int) int {
	if t.ticks == nil {
		t.ticks = map[int][]int{}
		for j := i; j < len(t.text); j++ {
			if t.text[j] == '`' {
				n := run(t.text, j)
				t.ticks[n] = append(t.ticks[n], j)
				j += n
			}
		}
	}
	size := run(t.text, i)
	places := t.ticks[size]
	next, _ := slices.BinarySearch(places, i+size)
	if next == len(places) {
		return i + size
	}
	return places[next] + size
}

// angle returns where the address in angle brackets, the tag or the comment ends that begins at i.
func (t *inlineText) angle(i int) int {
	if end, ok := autolink(t.text, i); ok {
		destination := t.text[i+1 : end-1]
		if isMail(destination) {
			destination = "mailto:" + destination
		}
		t.link(Inline{Kind: AutolinkInline, Start: t.offset(i), Text: t.offset(i + 1), TextEnd: t.offset(end - 1), End: t.offset(end), Destination: destination})
		return end
	}
	if end := t.comment(i); end > 0 {
		return end
	}
	if end, ok := htmlTag(t.text, i); ok {
		t.note(Inline{Kind: TagInline, Start: t.offset(i), End: t.offset(end)})
		if name := t.text[i+1 : skipName(t.text, i+1)]; strings.EqualFold(name, "mark") || strings.EqualFold(name, "u") {
			t.opening = end
		}
		return end
	}
	return i + 1
}

// comment returns where the comment ends that begins at i, or 0.
func (t *inlineText) comment(i int) int {
	closes := "%%"
	if t.text[i] == '<' {
		closes = "-->"
	}
	if next, known := t.ends[closes]; known && next < 0 {
		return 0
	}
	end, ok := comment(t.text, i)
	if !ok {
		if strings.HasPrefix(t.text[i:], "<!--") || strings.HasPrefix(t.text[i:], "%%") && !strings.Contains(t.text[i+2:], "%%") {
			if t.ends == nil {
				t.ends = map[string]int{}
			}
			t.ends[closes] = -1
		}
		return 0
	}
	t.note(Inline{Kind: CommentInline, Start: t.offset(i), End: t.offset(end)})
	return end
}

// address notes a bare address, which leads to its text behind a scheme that isn't written.
func (t *inlineText) address(start, end int, scheme string) {
	t.link(Inline{
		Kind: AutolinkInline, Start: t.offset(start), Text: t.offset(start), TextEnd: t.offset(end), End: t.offset(end),
		Destination: scheme + t.text[start:end],
	})
}

// link notes a mark that leads to its destination, if it may lead there.
func (t *inlineText) link(m Inline) {
	t.note(m)
	if !t.out.HasLink {
		_, t.out.HasLink = NewTarget(m.Destination)
	}
}

// autolink returns where the address in angle brackets ends that begins at i: a scheme with what follows it, or an
// address of mail.
func autolink(text string, i int) (end int, ok bool) {
	size := strings.IndexAny(text[i+1:], "<> \t\n")
	if size < 2 || text[i+1+size] != '>' {
		return 0, false
	}
	inside := text[i+1 : i+1+size]
	scheme := 0
	for scheme < len(inside) && (isAlphanumeric(inside[scheme]) || strings.IndexByte("+.-", inside[scheme]) >= 0) {
		scheme++
	}
	isAddress := scheme >= 2 && scheme <= 32 && scheme < len(inside) && inside[scheme] == ':' && isLetter(inside[0]) &&
		strings.IndexFunc(inside, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0
	return i + 1 + size + 1, isAddress || isMail(inside)
}

// isMail reports whether text is an address of mail as HTML defines it.
func isMail(text string) bool {
	name, host, found := strings.Cut(text, "@")
	if !found || name == "" || strings.IndexFunc(name, func(r rune) bool {
		return r >= utf8.RuneSelf || !isAlphanumeric(byte(r)) && !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r)
	}) >= 0 {
		return false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || skipName(label, 0) != len(label) || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
	}
	return true
}
