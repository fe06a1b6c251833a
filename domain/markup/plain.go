package markup

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTarget is how far the end of a link's target is looked for, in bytes, so that brackets without one cost little.
const maxTarget = 4 << 10

// plainWriter writes the text of one line of Markdown without the marks of emphasis, code, links, pictures, footnotes and
// comments.
type plainWriter struct {
	line string
	out  []byte
	runs []emphasisRun
}

// emphasisRun is a run of the characters that emphasise, of which it isn't known yet whether they do.
type emphasisRun struct {
	char          byte
	at, n         int // where it stands in what is written
	opens, closes bool
	used          int
}

// inlineMarks are the characters that may not stand for themselves.
const inlineMarks = "*_~=`|\\![]<&^%"

// writeInline writes the text of one line.
func writeInline(b *strings.Builder, line string) {
	if !strings.ContainsAny(line, inlineMarks) {
		b.WriteString(line)
		return
	}
	w := plainWriter{line: line, out: make([]byte, 0, len(line))}
	for i := 0; i < len(line); {
		plain := strings.IndexAny(line[i:], inlineMarks)
		if plain < 0 {
			plain = len(line) - i
		}
		w.out = append(w.out, line[i:i+plain]...)
		if i += plain; i < len(line) {
			i = w.next(i)
		}
	}
	w.emphasise(b)
}

// next writes what begins at i, and returns where it ends.
func (w *plainWriter) next(i int) int {
	line := w.line
	switch c := line[i]; c {
	case '*', '_', '~', '=':
		n := run(line, i)
		w.run(i, n)
		return i + n
	case '`':
		n := run(line, i)
		size := max(0, strings.Index(Beginning(line[i+n:], maxTarget), line[i:i+n]))
		w.out = append(w.out, line[i+n:i+n+size]...)
		return min(len(line), i+n+size+n)
	case '|':
		w.out = append(w.out, ' ')
	case '\\':
		if i++; i < len(line) {
			if !isPunctuation(line[i]) {
				w.out = append(w.out, '\\')
			}
			w.out = append(w.out, line[i])
		}
	case '!':
		if i+1 == len(line) || line[i+1] != '[' {
			w.out = append(w.out, c)
		}
	case '[':
		return w.bracket(i)
	case '^':
		if strings.HasPrefix(line[i:], "^[") {
			if end := afterNote(Beginning(line[i:], maxTarget)); end > 0 {
				return i + end
			}
		}
		w.out = append(w.out, c)
	case ']':
		// "](target)" goes, the words before it stay.
		t := inlineText{text: Beginning(line, i+maxTarget)}
		if tail, ok := t.tail(i + 1); ok {
			return tail.end
		}
	case '<':
		return w.angle(i)
	case '%':
		if end, ok := comment(Beginning(line, i+maxTarget), i); ok {
			return end
		}
		w.out = append(w.out, c)
	case '&':
		if end, character := reference(line, i); end > 0 {
			w.out = append(w.out, character...)
			return end
		}
		w.out = append(w.out, c)
	}
	return i + 1
}

// afterNote returns where the footnote ends that the text begins with, links and footnotes within it included, or 0.
func afterNote(text string) int {
	depth := 0
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return 0
}

// bracket writes the words of a wiki link, leaves out a footnote, and passes any other bracket over.
func (w *plainWriter) bracket(i int) int {
	if mark, end, ok := wikiLink(Beginning(w.line, i+maxTarget), i); ok {
		if i > 0 && w.line[i-1] == '!' {
			mark = mark.withoutSize()
		}
		w.out = append(w.out, mark.Text()...)
		return end
	}
	if strings.HasPrefix(w.line[i:], "[^") {
		if end := after(Beginning(w.line[i:], maxHTML), 2, "]"); end > 3 {
			if i == 0 && strings.HasPrefix(w.line[end:], ":") {
				end++ // of the line that says what the footnote is
			}
			return i + end
		}
	}
	return i + 1
}

// angle leaves out the tags and comments that aren't shown, and the brackets around an address.
func (w *plainWriter) angle(i int) int {
	if end, ok := comment(Beginning(w.line, i+maxTarget), i); ok {
		return end
	}
	if end, ok := htmlTag(w.line, i); ok {
		name := strings.TrimPrefix(w.line[i+1:end], "/")
		name = name[:skipName(name, 0)]
		switch {
		case strings.EqualFold(name, "br"):
			w.out = append(w.out, ' ')
		case IsShownElement(name) || strings.EqualFold(name, "details") || strings.EqualFold(name, "summary"):
		default:
			w.out = append(w.out, w.line[i:end]...)
		}
		return end
	}
	if end := after(Beginning(w.line[i:], maxTarget), 1, ">"); end > 0 {
		if address := w.line[i+1 : i+end-1]; strings.ContainsAny(address, ":@") && !strings.ContainsAny(address, " \t<") {
			w.out = append(w.out, address...)
			return i + end
		}
	}
	w.out = append(w.out, '<')
	return i + 1
}

// run notes a run of n characters at i that may emphasise.
func (w *plainWriter) run(i, n int) {
	r := emphasisRun{char: w.line[i], at: len(w.out), n: n}
	w.out = append(w.out, w.line[i:i+n]...)
	if r.opens, r.closes = flanks(w.line, i, i+n); (r.opens || r.closes) && (r.char != '=' || n == 2) {
		w.runs = append(w.runs, r)
	}
}

func isPunctuation(c byte) bool { return c > ' ' && c < utf8.RuneSelf-1 && !isAlphanumeric(c) }

// emphasise writes what is left when the runs that have a counterpart are gone.
func (w *plainWriter) emphasise(b *strings.Builder) {
	open := map[byte][]int{}
	for i := range w.runs {
		closer := &w.runs[i]
		for places := open[closer.char]; closer.closes && closer.used < closer.n && len(places) > 0; places = open[closer.char] {
			opener := &w.runs[places[len(places)-1]]
			n := min(opener.n-opener.used, closer.n-closer.used)
			opener.used += n
			closer.used += n
			if opener.used == opener.n {
				open[closer.char] = places[:len(places)-1]
			}
		}
		if closer.opens && closer.used < closer.n {
			open[closer.char] = append(open[closer.char], i)
		}
	}
	done := 0
	for _, r := range slices.DeleteFunc(w.runs, func(r emphasisRun) bool { return r.used == 0 }) {
		b.Write(w.out[done : r.at+r.n-r.used])
		done = r.at + r.n
	}
	b.Write(w.out[done:])
}

// PlainLine returns the words of a line of Markdown without marks, or "" for a line that has none.
func PlainLine(line string) string {
	line = strings.TrimSpace(line)
	if strings.HasPrefix(line, "```") || strings.HasPrefix(line, "~~~") {
		return ""
	}
	line = trimHeading(trimMarker(line))
	if !strings.ContainsFunc(line, isWordRune) {
		return ""
	}
	var b strings.Builder
	b.Grow(len(line))
	writeInline(&b, line)
	return singleSpaced(b.String())
}

// singleSpaced returns text with each run of blanks in it as one space, and none around it.
func singleSpaced(text string) string {
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c >= utf8.RuneSelf || c < ' ' || c == ' ' && before == ' ' {
			return strings.Join(strings.Fields(text), " ")
		}
		before = c
	}
	return strings.TrimSuffix(text, " ")
}
