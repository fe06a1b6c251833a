package markup

import "strings"

// outliner goes through a content line by line, as CommonMark's appendix on parsing describes.
type outliner struct {
	content   string
	out       Outline
	around    []container // the open blocks that hold others
	leaf      leaf        // the open block in them
	paragraph []span      // the lines of a paragraph, without what belongs to the blocks around it
	fence     byte        // what fenced code ends with: '`' or '~',
	fenceSize int         // at least so often
	quoted    bool        // the open paragraph is the first block of a quote
	hidden    int         // where the comment ends that is open
	mathEnd   int         // where the formula ends that is open
	noMath    int         // how far no formula ends
	joined    []byte      // room for the text of a paragraph, and
	begins    []int       // where its lines begin

	// The lines of the texts, and where those of each text end.
	spans      []span
	blocks     []int
	references map[string]linkReference // by label
	footnotes  map[string]bool
	ends       map[string]int // where the next end of a comment stands, by what it ends with; -1 when there is none

	keep    bool // what the renderer has to know
	reading Reading

	emphases    []hiddenMark // marks of emphasis
	underscored bool         // those of _ as well, which part no words
}

type span struct{ start, end int }

type container struct {
	kind   byte // '>', '-' for the item of a list, '^' for a footnote
	indent int  // of an item: columns that its content is indented by
	filled bool // whether anything stands in it
}

type leaf byte

const (
	noLeaf leaf = iota
	paragraphLeaf
	fencedLeaf
	indentedLeaf
	commentLeaf
	mathLeaf
)

// maxAround is how many blocks may hold one another; markers of deeper ones are text. The renderer has the same bound.
const maxAround = 64

// MaxFootnotes is how many footnotes a text may have; more are text.
const MaxFootnotes = 1024

// maxBrackets is how many brackets may be open in a text; more are text.
const maxBrackets = 1024

// cursor is a place in a line. Tabs lead to the next of the columns 4, 8, 12…
type cursor struct {
	content  string
	pos, end int
	column   int
	spare    int // columns left of a tab that was used in part, in front of pos
	last     int // past the last character that isn't blank
}

// indent returns the width of the blanks at the cursor, and where they end.
func (c *cursor) indent() (width, next int) {
	width, next = c.spare, c.pos
	for ; next < c.end; next++ {
		switch c.content[next] {
		case ' ':
			width++
		case '\t':
			width += 4 - (c.column+width)%4
		default:
			return width, next
		}
	}
	return width, next
}

// skip moves the cursor by so many columns of blanks.
func (c *cursor) skip(columns int) {
	for columns > 0 {
		if c.spare == 0 {
			switch {
			case c.pos == c.end:
				return
			case c.content[c.pos] == '\t':
				c.spare = 4 - c.column%4
			case c.content[c.pos] == ' ':
				c.spare = 1
			default:
				return
			}
			c.pos++
		}
		n := min(columns, c.spare)
		c.spare -= n
		c.column += n
		columns -= n
	}
}

// take moves the cursor past n characters that are no blanks, from the place where the blanks end.
func (c *cursor) take(width, next, n int) {
	c.pos, c.column, c.spare = next+n, c.column+width+n, 0
}

func (c *cursor) blank() bool { return c.pos >= c.last }

func (s *outliner) line(start, end int) {
	c := cursor{content: s.content, pos: start, end: end}
	c.last = start + len(strings.TrimRight(s.content[start:end], " \t\r"))

	matched := 0
	for matched < len(s.around) && s.around[matched].goesOn(&c) {
		matched++
	}
	inside := matched == len(s.around) // of the same blocks as the line before
	if inside && s.goesOn(&c) {
		return
	}
	for opened := s.open(&c, &matched, inside); opened; opened = s.open(&c, &matched, inside) {
		inside = true
	}
}

// goesOn reports whether the line at the cursor belongs to the container, and moves the cursor past what says so.
func (b container) goesOn(c *cursor) bool {
	switch b.kind {
	case '>':
		width, next := c.indent()
		if width > 3 || next == c.end || c.content[next] != '>' {
			return false
		}
		c.take(width, next, 1)
		c.skip(1)
		return true
	case '-':
		if c.blank() {
			return b.filled
		}
	default:
		if c.blank() {
			return true
		}
	}
	if width, _ := c.indent(); width < b.indent {
		return false
	}
	c.skip(b.indent)
	return true
}

// goesOn reports whether the line at the cursor, which is in the same blocks as the line before, is dealt with as code
// or as a blank line.
func (s *outliner) goesOn(c *cursor) bool {
	width, next := c.indent()
	switch s.leaf {
	case fencedLeaf:
		if width > 3 || next == c.end || c.content[next] != s.fence {
			return true
		}
		rest := c.content[next:c.last]
		if size := run(rest, 0); size >= s.fenceSize && size == len(rest) {
			s.leaf = noLeaf
		}
		return true
	case commentLeaf:
		if c.pos < s.hidden {
			return true
		}
		s.leaf = noLeaf
		return c.blank()
	case mathLeaf:
		if c.end >= s.mathEnd {
			s.leaf = noLeaf
		}
		return true
	case indentedLeaf:
		if width >= 4 || c.blank() {
			return true
		}
		s.leaf = noLeaf
	default:
		if c.blank() {
			s.closeParagraph()
			return true
		}
	}
	return false
}

// open reads the block that begins at the cursor, in the first matched of the open containers. It reports whether that
// holds other blocks, of which the next begins at the cursor. inside reports whether all containers are matched.
func (s *outliner) open(c *cursor, matched *int, inside bool) (container bool) {
	if c.blank() {
		s.closeTo(*matched)
		return false
	}
	width, next := c.indent()
	rest := c.content[next:c.last]
	interrupts := inside && s.leaf == paragraphLeaf
	if width > 3 {
		if s.leaf == paragraphLeaf {
			s.paragraph = append(s.paragraph, span{next, c.last})
		} else {
			s.begin(*matched)
			s.leaf = indentedLeaf
		}
		return false
	}
	switch rest[0] {
	case '>':
		if *matched < maxAround {
			c.take(width, next, 1)
			c.skip(1)
			s.push(matched, '>', 0)
			return true
		}
	case '$':
		if s.displayMath(c, next, *matched) {
			s.begin(*matched)
			s.leaf = mathLeaf
			return false
		}
	case '#':
		if n := run(rest, 0); n <= 6 && (n == len(rest) || rest[n] == ' ' || rest[n] == '\t') {
			s.begin(*matched)
			if from, to, _ := headingIn(rest); from < to {
				s.inline(span{next + from, next + to})
			}
			return false
		}
	case '`', '~':
		if n := run(rest, 0); n >= 3 && (rest[0] == '~' || strings.IndexByte(rest[n:], '`') < 0) {
			s.begin(*matched)
			s.leaf, s.fence, s.fenceSize = fencedLeaf, rest[0], n
			return false
		}
	case '=', '-':
		if interrupts && run(rest, 0) == len(rest) {
			if s.closeParagraph() {
				return false
			}
			interrupts = false
		}
	case '<', '%':
		if end := s.commentBlock(next); end > 0 {
			s.begin(*matched)
			s.leaf, s.hidden = commentLeaf, end
			if s.keep {
				s.reading.Comments = append(s.reading.Comments, Comment{next, end})
			}
			return false
		}
		if fold, ok := ReadDetails(rest); ok {
			s.begin(*matched)
			for _, text := range []Cell{fold.Summary, fold.Body} {
				if text.Start < text.End {
					s.inline(span{next + text.Start, next + text.End})
				}
			}
			return false
		}
	case '[':
		if *matched == 0 && strings.HasPrefix(rest, "[^") {
			if end, label := footnoteLabel(rest, 0); end > 0 && strings.HasPrefix(rest[end:], ":") && len(s.footnotes) < MaxFootnotes {
				if s.footnotes == nil {
					s.footnotes = map[string]bool{}
				}
				s.footnotes[label] = true
				if s.keep {
					s.reading.Footnotes = append(s.reading.Footnotes, next)
				}
				c.take(width, next, end+1)
				s.push(matched, '^', 4)
				return true
			}
		}
	}
	if isRule(rest) {
		s.begin(*matched)
		return false
	}
	if n := listMarker(rest); n > 0 && *matched < maxAround && (!interrupts || mayInterrupt(rest, n)) {
		c.take(width, next, n)
		indent := width + n + 1
		if blanks, _ := c.indent(); !c.blank() && blanks <= 4 {
			indent = width + n + blanks
			c.skip(blanks)
		} else {
			c.skip(1)
		}
		s.push(matched, '-', indent)
		return true
	}
	s.text(*matched, span{next, c.last})
	return false
}

// text adds a line to the paragraph, which goes on without the markers of the blocks around it too, or begins one.
func (s *outliner) text(matched int, line span) {
	if s.leaf == paragraphLeaf {
		s.paragraph = append(s.paragraph, line)
		return
	}
	s.closeTo(matched)
	n := len(s.around)
	s.quoted = n > 0 && s.around[n-1].kind == '>' && !s.around[n-1].filled
	if n > 0 && s.around[n-1].kind == '-' && !s.around[n-1].filled {
		if text := s.content[line.start:line.end]; isTask(text) {
			s.out.Tasks = append(s.out.Tasks, TaskMark{Box: line.start + 1, Done: text[1] != ' '})
			line.start += 3
		}
	}
	s.begin(matched)
	s.leaf = paragraphLeaf
	s.paragraph = append(s.paragraph, line)
}

func isTask(text string) bool {
	return len(text) >= 3 && text[0] == '[' && (text[1] == ' ' || text[1] == 'x' || text[1] == 'X') && text[2] == ']' &&
		(len(text) == 3 || text[3] == ' ' || text[3] == '\t')
}

// closeTo closes the open leaf, and the containers but the first n.
func (s *outliner) closeTo(n int) {
	s.closeParagraph()
	s.leaf = noLeaf
	s.around = s.around[:n]
}

// begin closes what is open but the first n containers, for a block in the last of them.
func (s *outliner) begin(n int) {
	s.closeTo(n)
	if n > 0 {
		s.around[n-1].filled = true
	}
}

func (s *outliner) push(matched *int, kind byte, indent int) {
	s.begin(*matched)
	s.around = append(s.around, container{kind: kind, indent: indent})
	*matched++
}

// run returns how often the character at i is repeated from there.
func run(text string, i int) int {
	n := 1
	for i+n < len(text) && text[i+n] == text[i] {
		n++
	}
	return n
}

// isRule reports whether text is a line across the page, as *** or - - -.
func isRule(text string) bool {
	if c := text[0]; c != '*' && c != '-' && c != '_' {
		return false
	}
	n := 0
	for i := range len(text) {
		switch text[i] {
		case text[0]:
			n++
		case ' ', '\t':
		default:
			return false
		}
	}
	return n >= 3
}

// listMarker returns the length of the marker of a list's item at the beginning of text, or 0.
func listMarker(text string) int {
	n := 0
	switch text[0] {
	case '-', '+', '*':
		n = 1
	default:
		for n < len(text) && n < 10 && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		if n == 0 || n > 9 || n == len(text) || text[n] != '.' && text[n] != ')' {
			return 0
		}
		n++
	}
	if n < len(text) && text[n] != ' ' && text[n] != '\t' {
		return 0
	}
	return n
}

// mayInterrupt reports whether the item with a marker of n bytes may follow a paragraph without a blank line.
func mayInterrupt(text string, n int) bool {
	number := strings.TrimLeft(text[:n-1], "0")
	return n < len(text) && (n == 1 || number == "1")
}
