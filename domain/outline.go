package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Outline is what a content says beyond its words. All offsets are in bytes of the content.
//
// It follows CommonMark, so that the renderer, the index and what rewrites a content agree on what is a mark and what
// is code, an escape or a part of an address.
type Outline struct {
	Tags     []TagMark  // each mention, in order
	Links    []LinkMark // in order
	Tasks    []TaskMark // in order
	Files    []string   // hashes of uploaded files, each once: the 64 hex digits in /files/<hash>, wherever they stand
	HasImage bool
	HasLink  bool // a Markdown link, an address or a wiki link
}

// TagMark is a #tag. It begins a line, or follows a blank or a mark such as an opening bracket.
type TagMark struct {
	Start, End int    // including the '#'
	Name       string // as written, without the '#'
}

// LinkMark is a wiki link: [[Title]], [[Title#Heading]], [[Title|Label]] or [[#Heading]], on one line. A '#' parts the
// title from a heading only where nothing blank stands beside it, so that [[C# in depth]] is a title.
type LinkMark struct {
	Start, End int    // including the brackets
	Title      string // "" for a heading of the same note
	Heading    string
	Label      string
}

// TaskMark is a box that can be ticked: [ ] or [x] at the beginning of a list item, with a blank after it.
type TaskMark struct {
	Box  int // where the character between the brackets is
	Done bool
}

// NewOutline returns the outline of content, in time proportional to its length.
func NewOutline(content string) Outline {
	s := outliner{content: content}
	for start := 0; start < len(content); {
		end := len(content)
		if i := strings.IndexByte(content[start:], '\n'); i >= 0 {
			end = start + i
		}
		s.line(start, end)
		start = end + 1
	}
	s.closeParagraph()
	s.out.Files = filesIn(content)
	s.out.HasImage = s.out.HasImage || s.hasImageReference && s.hasDefinition
	return s.out
}

// RenameTag returns content with each mention of a tag renamed, as Tag.Renamed has it, and whether that changed
// anything. A mention that would no longer be a tag stays, as one that would be too long.
func RenameTag(content, fromKey string, to Tag) (string, bool) {
	e := edit{content: content}
	for _, mark := range NewOutline(content).Tags {
		name := string(Tag(mark.Name).Renamed(fromKey, to))
		if name != mark.Name && isWholeTag(name) {
			e.replace(mark.Start+1, mark.End, name)
		}
	}
	return e.result()
}

// RenameLinks returns content with the wiki links to a title, given by its key, leading to the title to, and whether
// that changed anything. Headings and labels stay.
func RenameLinks(content, fromKey, to string) (string, bool) {
	to = LinkTitle(to)
	if to == "" || fromKey == "" {
		return content, false
	}
	e := edit{content: content}
	for _, mark := range NewOutline(content).Links {
		if TitleKey(mark.Title) == fromKey {
			start := mark.Start + 2
			start += strings.Index(content[start:mark.End], mark.Title)
			title := to
			if mark.Heading != "" && strings.HasSuffix(to, "#") {
				title = strings.TrimSuffix(to, "#") + "＃"
			}
			e.replace(start, start+len(mark.Title), title)
		}
	}
	return e.result()
}

// LinkTitle returns title as it is written between [[ and ]]. The characters that would end it there are replaced by
// their wide forms, which TitleKey takes for the same.
func LinkTitle(title string) string {
	title = oneLine(title)
	var b strings.Builder
	for i := range len(title) {
		c := title[i]
		wide := c == '[' || c == ']' || c == '|' || c == '`' || c == '\\' || c == '#' && partsHeading(title, i)
		if wide {
			b.WriteRune(rune(c) - '!' + '！')
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// SetTask returns content with its n-th box, counted from 1, ticked or not. It reports false when there is none.
func SetTask(content string, n int, done bool) (string, bool) {
	tasks := NewOutline(content).Tasks
	if n < 1 || n > len(tasks) {
		return content, false
	}
	task := tasks[n-1]
	if task.Done == done {
		return content, true
	}
	mark := " "
	if done {
		mark = "x"
	}
	return content[:task.Box] + mark + content[task.Box+1:], true
}

// edit is a content with some replacements, from the beginning to the end.
type edit struct {
	content string
	b       strings.Builder
	done    int // how much of content is dealt with
}

func (e *edit) replace(start, end int, text string) {
	if e.content[start:end] != text {
		e.b.WriteString(e.content[e.done:start])
		e.b.WriteString(text)
		e.done = end
	}
}

func (e *edit) result() (string, bool) {
	if e.done == 0 {
		return e.content, false
	}
	e.b.WriteString(e.content[e.done:])
	return e.b.String(), true
}

// filesIn returns the hashes of the files that content refers to, in code too: what is mentioned anywhere is kept.
func filesIn(content string) []string {
	const prefix, digits = "/files/", 64
	var files []string
	seen := map[string]bool{}
	for {
		_, rest, found := strings.Cut(content, prefix)
		if !found {
			return files
		}
		content = rest
		n := 0
		for n < len(rest) && (rest[n] >= '0' && rest[n] <= '9' || rest[n] >= 'a' && rest[n] <= 'f') {
			n++
		}
		if n == digits && !seen[rest[:n]] {
			seen[rest[:n]] = true
			files = append(files, rest[:n])
		}
	}
}

// outliner goes through a content line by line, as CommonMark's appendix on parsing describes.
type outliner struct {
	content   string
	out       Outline
	around    []container // the open blocks that hold others
	leaf      leaf        // the open block in them
	paragraph []span      // the lines of a paragraph, without what belongs to the blocks around it
	fence     byte        // what fenced code ends with: '`' or '~',
	fenceSize int         // at least so often
	joined    []byte      // room for the text of a paragraph

	hasDefinition, hasImageReference bool
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
)

// maxAround is how many blocks may hold one another; markers of deeper ones are text. The renderer has the same bound.
const maxAround = 64

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
// holds other blocks, of which the next begins at the cursor. inside tells whether all containers are matched.
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
	case '#':
		if n := run(rest, 0); n <= 6 && (n == len(rest) || rest[n] == ' ' || rest[n] == '\t') {
			s.begin(*matched)
			s.inline([]span{{next + n, c.last}})
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
			s.closeParagraph()
			return false
		}
	case '[':
		if *matched == 0 && strings.HasPrefix(rest, "[^") {
			if i := strings.IndexAny(rest[1:], "[]"); i > 1 && strings.HasPrefix(rest[1+i:], "]:") {
				c.take(width, next, 1+i+2)
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
	if n := len(s.around); n > 0 && s.around[n-1].kind == '-' && !s.around[n-1].filled {
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

// inline reads the text of a block.
func (s *outliner) inline(lines []span) {
	if len(lines) == 0 {
		return
	}
	t := inlineText{outliner: s, lines: lines}
	if len(lines) == 1 {
		t.text = s.content[lines[0].start:lines[0].end]
	} else {
		s.joined = s.joined[:0]
		for _, line := range lines {
			s.joined = append(s.joined, s.content[line.start:line.end]...)
			s.joined = append(s.joined, '\n')
		}
		t.text = string(s.joined)
	}
	t.scan()
}

// inlineText is the text of one block, its lines joined.
type inlineText struct {
	*outliner
	text  string
	lines []span
	line  int // the line that is being read, and
	begin int // where it begins in text

	brackets []bracket
	inactive int // so many of the brackets hold a link already, and so begin none
	// Where runs of backticks begin, by their length; made for the first one.
	ticks map[int][]int
}

// bracket is an open [, and how many marks stood before it.
type bracket struct {
	image       bool
	tags, links int32
}

// offset returns where the place i of the text, which never goes back, is in the content.
func (t *inlineText) offset(i int) int {
	for size := t.lines[t.line].end - t.lines[t.line].start; i > t.begin+size; size = t.lines[t.line].end - t.lines[t.line].start {
		t.begin += size + 1
		t.line++
	}
	return t.lines[t.line].start + i - t.begin
}

func (t *inlineText) scan() {
	for i := t.definitions(); i < len(t.text); {
		next := i + 1
		switch c := t.text[i]; c {
		case '\\':
			if next < len(t.text) && t.text[next] < utf8.RuneSelf && !isAlphanumeric(t.text[next]) && t.text[next] != '\n' {
				next++
			}
		case '`':
			next = t.codeSpan(i)
		case '<':
			next = t.angle(i)
		case 'h', 'w':
			if i == 0 || !isAlphanumeric(t.text[i-1]) {
				next = t.address(i)
			}
		case '[':
			next = t.open(i)
		case ']':
			next = t.close(i)
		case '#':
			next = t.tag(i)
		}
		i = next
	}
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// codeSpan returns where the code that begins at i ends, or where the backticks do when they begin none.
func (t *inlineText) codeSpan(i int) int {
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
	for len(places) > 0 && places[0] < i+size {
		places = places[1:]
	}
	t.ticks[size] = places
	if len(places) == 0 {
		return i + size
	}
	return places[0] + size
}

// angle returns where the address in angle brackets, or what looks like HTML, ends that begins at i.
func (t *inlineText) angle(i int) int {
	rest := t.text[i+1:]
	first := strings.TrimPrefix(rest, "/")
	if first == "" || first[0] != '!' && !isAlphanumeric(first[0]) {
		return i + 1
	}
	end := strings.IndexAny(rest, "<>`[\n")
	for end >= 0 && rest[end] == '\n' { // HTML may go on in the next line
		more := strings.IndexAny(rest[end+1:], "<>`[\n")
		if more < 0 {
			return i + 1
		}
		end += 1 + more
	}
	if end < 0 || rest[end] != '>' {
		return i + 1
	}
	inside := rest[:end]
	if !strings.ContainsAny(inside, " \t\n") && strings.ContainsAny(inside, ":@") {
		t.out.HasLink = true
	}
	return i + 1 + end + 1
}

// address returns where the bare address ends that begins at i, or i+1 when there is none.
func (t *inlineText) address(i int) int {
	rest := t.text[i:]
	for _, scheme := range []string{"https://", "http://", "www."} {
		if !strings.HasPrefix(rest, scheme) {
			continue
		}
		// In the text of a link the address ends before the bracket that closes it.
		end := strings.IndexAny(rest, " \t\n<[]")
		if end < 0 {
			end = len(rest)
		}
		if end == len(scheme) || scheme == "www." && strings.IndexByte(rest[len(scheme):end], '.') < 0 {
			return i + 1
		}
		t.out.HasLink = true
		return i + end
	}
	return i + 1
}

// open reads the [ at i: a wiki link, or the beginning of a link or an image.
func (t *inlineText) open(i int) int {
	if mark, end, ok := wikiLink(t.text, i); ok {
		if _, isLink := destination(t.text, end); !isLink {
			mark.Start = t.offset(i)
			mark.End = mark.Start + end - i
			t.out.Links = append(t.out.Links, mark)
			t.out.HasLink = true
			return end
		}
	}
	if len(t.brackets) >= maxBrackets {
		return i + 1
	}
	image := i > 0 && t.text[i-1] == '!' && (i < 2 || t.text[i-2] != '\\')
	t.brackets = append(t.brackets, bracket{image, int32(len(t.out.Tags)), int32(len(t.out.Links))})
	return i + 1
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
	t.out.Tags, t.out.Links = t.out.Tags[:b.tags], t.out.Links[:b.links]
	if b.image {
		t.out.HasImage = true
	} else {
		t.out.HasLink = true
		t.inactive = last
	}
	return end
}

// tag reads the # at i.
func (t *inlineText) tag(i int) int {
	if i > 0 {
		if before, _ := utf8.DecodeLastRuneInString(t.text[:i]); !mayPrecedeTag(before) {
			return i + 1
		}
	}
	end := i + 1
	for end < len(t.text) {
		r, size := utf8.DecodeRuneInString(t.text[end:])
		if r == '/' && end > i+1 && t.text[end-1] != '/' && end+1 < len(t.text) {
			// A slash belongs to the tag where a name follows.
			r, _ = utf8.DecodeRuneInString(t.text[end+1:])
		}
		if !isTagRune(r) {
			break
		}
		end += size
	}
	if name := t.text[i+1 : end]; isWholeTag(name) {
		start := t.offset(i)
		t.out.Tags = append(t.out.Tags, TagMark{start, start + end - i, name})
	}
	return end
}

// isWholeTag reports whether a name made of what tags are made of keeps the rules of a tag.
func isWholeTag(name string) bool {
	if len(name) > MaxTag*utf8.UTFMax || !isTagName(name) {
		return false
	}
	_, wrong := cleanTag(name)
	return wrong == ""
}

// mayPrecedeTag reports whether a tag may follow r directly.
func mayPrecedeTag(r rune) bool {
	if r < utf8.RuneSelf {
		return strings.ContainsRune(" \t\n\r\v\f([{\"',;*~|", r)
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Ps, unicode.Pi) ||
		strings.ContainsRune("，。、！？：；…—–·»”’」』）】》〉｜", r)
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
