package markup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible returns content as its words are read: without the marks of emphasis, code and links, which may stand inside of
// a word, as in **A**lfa, and with the characters that references stand for, as in caf&eacute;. Where links lead to follows at the end.
func Visible(content string) string {
	if !strings.ContainsAny(content, "*~=`[<&") {
		return content
	}
	_, text := ReadVisible(content)
	return text
}

// ReadVisible returns the outline of content and its visible text.
func ReadVisible(content string) (Outline, string) {
	s := outliner{content: content, keep: true}
	s.read(TitleLine{})
	hidden := s.emphases
	for _, m := range s.reading.Inlines {
		switch m.Kind {
		case CodeInline:
			hidden = append(hidden, hiddenMark{start: m.Start, end: m.Text}, hiddenMark{start: m.TextEnd, end: m.End})
		case LinkInline, ImageInline:
			hidden = append(hidden, hiddenMark{start: m.Start, end: m.Text}, hiddenMark{start: m.TextEnd, end: m.End, target: true})
		case TagInline:
			if mark, ok := hiddenTag(content, m); ok {
				hidden = append(hidden, mark)
			}
		}
	}
	for _, link := range s.out.Links {
		if written := strings.TrimPrefix(content[link.Start:link.End], "!"); strings.HasPrefix(written, "[[") {
			hidden = append(hidden, hiddenMark{start: link.Start, end: link.End - len(written) + 2}, hiddenMark{start: link.End - 2, end: link.End})
		}
	}
	return s.out, without(content, hidden)
}

// hiddenMark is a mark that isn't shown, or a character reference, in whose place what it stands for is shown. A target,
// which tells where something leads, has words of its own.
type hiddenMark struct {
	start, end int
	target     bool
	shown      string
}

// without returns content without hidden marks, and with what is a target at its end.
func without(content string, hidden []hiddenMark) string {
	if len(hidden) == 0 {
		return content
	}
	slices.SortFunc(hidden, func(a, b hiddenMark) int { return cmp.Compare(a.start, b.start) })
	var text, targets strings.Builder
	text.Grow(len(content))
	done := 0
	for _, mark := range hidden {
		if mark.start < done {
			continue
		}
		text.WriteString(content[done:mark.start])
		text.WriteString(mark.shown)
		done = mark.end
		if mark.target {
			targets.WriteByte('\n')
			targets.WriteString(content[mark.start:mark.end])
		}
	}
	text.WriteString(content[done:])
	text.WriteString(targets.String())
	return text.String()
}

// inlineTags are the HTML elements that may stand inside of a word.
var inlineTags = []string{"sub", "sup", "mark", "kbd", "abbr", "u"}

// hiddenTag returns a tag of HTML as a hidden mark, if it can stand inside of a word. Digits are kept apart from those
// above them.
func hiddenTag(content string, m Inline) (mark hiddenMark, ok bool) {
	name, attributes, _ := strings.Cut(strings.Trim(content[m.Start:m.End], "</>"), " ")
	name = strings.ToLower(name)
	above := name == "sup" && content[m.Start+1] != '/' && m.Start > 0 && strings.IndexByte("0123456789", content[m.Start-1]) >= 0
	return hiddenMark{start: m.Start, end: m.End, target: attributes != ""}, slices.Contains(inlineTags, name) && !above
}

// opener is a run of *, ~, = or _ that emphasis may begin with.
type opener struct {
	mark  byte
	start int // in the content
	size  int
}

// maxOpeners is how many runs are remembered.
const maxOpeners = 64

// emphasis reads the run of *, ~, = or _ at i, notes it where it is a mark, and returns where it ends.
func (t *inlineText) emphasis(i int) int {
	mark, size := t.text[i], run(t.text, i)
	end := i + size
	if mark == '~' && size > 2 || mark == '=' && size != 2 || !t.keep && mark != '=' {
		return end
	}
	opens, closes := flanks(t.text, i, end)
	if mark == '=' && opens {
		t.opening = end
	}
	if !t.keep {
		return end
	}
	start := t.offset(i)
	for k := len(t.openers) - 1; closes && size > 0 && k >= 0; k-- {
		o := &t.openers[k]
		if o.mark != mark || mark != '*' && mark != '_' && o.size != size {
			continue
		}
		n := min(o.size, size)
		o.size -= n
		from := o.start + o.size
		t.emphases = append(t.emphases, hiddenMark{start: from, end: from + n}, hiddenMark{start: start, end: start + n})
		start, size = start+n, size-n
		if o.size > 0 {
			t.openers = t.openers[:k+1]
		} else {
			t.openers = t.openers[:k]
		}
	}
	if opens && size > 0 && len(t.openers) < maxOpeners {
		t.openers = append(t.openers, opener{mark, start, size})
	}
	return end
}

// flanks reports whether emphasis may begin and whether it may end with the run at [i, end) of text, as CommonMark says.
func flanks(text string, i, end int) (opens, closes bool) {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[end:])
	blankBefore, blankAfter := i == 0 || unicode.IsSpace(before), end == len(text) || unicode.IsSpace(after)
	markBefore, markAfter := isMark(before), isMark(after)
	opens = !blankAfter && (!markAfter || blankBefore || markBefore)
	closes = !blankBefore && (!markBefore || blankAfter || markAfter)
	if text[i] == '_' { // which may stand inside of a word
		return opens && (!closes || markBefore), closes && (!opens || markAfter)
	}
	return opens, closes
}

func isMark(r rune) bool { return unicode.IsPunct(r) || unicode.IsSymbol(r) }
