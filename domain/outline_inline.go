package domain

import (
	"strings"
	"unicode/utf8"
)

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
