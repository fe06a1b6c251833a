package textdiff

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// joints tells of each token but the last whether it and the next belong to one value, which two sides can't change in
// two places without making one that nobody wrote. One value are
//
//   - what stands together without a blank, as times, amounts, addresses and paths do. Scripts that put no blanks
//     between words, and the marks that part words there, join nothing, but their digits do;
//   - groups of digits with a single blank between them: 1 000 000, +49 89 1234, (555) 123-4567; and groups of a key;
//   - numbers and the signs that count them in a date, a time or an amount of such a script: 2026年5月3日, 三時十分;
//   - code, a formula and what a link leads to, blanks included, and addresses, tags and paths in any script.
func joints(line string, tokens []lineToken) []bool {
	t := tokensOf(tokens)
	joined := make([]bool, max(len(tokens)-1, 0))
	for i := range joined {
		joined[i] = t.solid(i) && (t.solid(i+1) || t.is(i-1, isNumeral) && t.is(i+1, isNumeral)) ||
			t.is(i, isNumeral) && (t.is(i+1, isNumeral|isCounter) || t.solid(i+1) && t.is(i+2, isNumeral)) ||
			t.is(i, isCounter) && t.is(i+1, isNumeral)
	}
	t.joinKeys(joined)
	for i := 1; i < len(joined); i++ {
		if t.groupsAround(i) {
			joined[i-1], joined[i] = true, true
		}
	}
	i := 0
	for start, end := range verbatim(line) {
		for i < len(joined) && int(tokens[i].end) <= start {
			i++
		}
		for ; i < len(joined) && int(tokens[i].end) < end; i++ {
			joined[i] = true
		}
	}
	return joined
}

// tokensOf are the tokens of a line. What it tells of a token that there isn't is no.
type tokensOf []lineToken

// is reports whether a token has one of some traits.
func (t tokensOf) is(i int, some traits) bool { return i >= 0 && i < len(t) && t[i].is(some) }

// solid reports whether a token joins those that it touches.
func (t tokensOf) solid(i int) bool {
	return t.is(i, isSolid) || t.is(i, isComma) && t.is(i-1, toDigit) && t.is(i+1, fromDigit)
}

// groupsAround reports whether a token is a single blank between groups of digits.
func (t tokensOf) groupsAround(i int) bool {
	if !t.is(i, isGap) {
		return false
	}
	if t.is(i+1, fromDigit) {
		return t.is(i-1, toDigit) || t.bracketed(i-3)
	}
	return t.is(i-1, toDigit) && t.bracketed(i+1) && (t.is(i+4, isDigits) || t.is(i+4, isGap) && t.is(i+5, fromDigit))
}

// bracketed reports whether digits in brackets begin at a token, as those of an area do.
func (t tokensOf) bracketed(i int) bool {
	return t.is(i, isOpen) && t.is(i+1, isDigits) && t.is(i+2, isClose)
}

// maxFence is the length of the longest run of marks that is taken for the beginning of code.
const maxFence = 32

// minKey is how many groups make a key: GB29 NWBK 6016.
const minKey = 3

// joinKeys joins the groups of keys, accounts and fingerprints: of one length, with a single blank between them, and so
// many of them with a digit that they are no words.
func (t tokensOf) joinKeys(joined []bool) {
	for from := 0; from < len(t); {
		to, digits := from, 0
		for t.is(to, isGroup) && bytesOf(t, to, to+1) == bytesOf(t, from, from+1) {
			if t.is(to, hasDigit) {
				digits++
			}
			if to += 2; !t.is(to-1, isGap) {
				break
			}
		}
		if groups := (to - from) / 2; groups >= minKey && digits >= 2 {
			for i := from; i < to-2; i++ {
				joined[i] = true
			}
		}
		from = max(to, from+1)
	}
}

// verbatim returns where the code, the formulas, the targets of links, the addresses, the tags and the paths of a line
// begin and end, in their order. What it takes for one too many only makes a question.
func verbatim(line string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		unclosed := map[string]bool{} // what is looked for in vain once isn't looked for again
		for at := 0; at < len(line); {
			start, end, next := verbatimAt(line, at, unclosed)
			if start < end && !yield(start, end) {
				return
			}
			at = next
		}
	}
}

// verbatimAt returns where what is verbatim begins and ends, if that is at a byte of a line, and where to look on.
func verbatimAt(line string, at int, unclosed map[string]bool) (start, end, next int) {
	var opening, closer string
	switch c := line[at]; c {
	case '\\':
		return at, at, at + 2
	case ']', ':', '/', '#':
		size := address(line, at)
		return at, at + size, at + max(size, 1)
	case '`', '$':
		opening = line[at : at+run(line, at)]
		closer = opening
	case '[':
		if strings.HasPrefix(line[at:], "[[") {
			opening, closer = "[[", "]]"
		}
	}
	if opening == "" {
		return at, at, at + 1
	}
	inside := at + len(opening)
	if len(opening) > maxFence || unclosed[opening] {
		return at, at, inside
	}
	size := closing(line[inside:], closer)
	if size < 0 {
		unclosed[opening] = true
		return at, at, inside
	}
	text, rest := line[inside:inside+size], line[inside+size+len(closer):]
	end = len(line) - len(rest)
	switch {
	case opening == "$" && (text != strings.TrimSpace(text) || startsWithDigit(rest)):
		return at, at, inside // two amounts
	case opening == "[[":
		page, _, _ := strings.Cut(text, "|")
		return at, inside + len(page), end
	}
	return at, end, end
}

func startsWithDigit(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsDigit(r)
}

// address returns how long the target of a link, the address, the tag or the path is that begins at a byte of a line, which
// is one of ]:/#, or 0 for none.
func address(line string, at int) int {
	rest, before := line[at:], byte(' ')
	if at > 0 {
		before = line[at-1]
	}
	switch {
	case strings.HasPrefix(rest, "](<"), strings.HasPrefix(rest, "]: <"):
		return upTo(rest, func(r rune) bool { return r == '>' })
	case strings.HasPrefix(rest, "]("):
		return upTo(rest, func(r rune) bool { return r == ' ' || r == '\t' || r == ')' })
	case strings.HasPrefix(rest, "://"), strings.HasPrefix(rest, `:\`),
		rest[0] == '/' && strings.IndexByte(" \t.~", before) >= 0:
		return upTo(rest, endsAddress)
	case rest[0] == '#':
		return 1 + upTo(rest[1:], func(r rune) bool { return !inTag(r) })
	}
	return 0
}

// upTo returns how long text is up to the first character that ends it.
func upTo(text string, ends func(rune) bool) int {
	if n := strings.IndexFunc(text, ends); n >= 0 {
		return n
	}
	return len(text)
}

// addressEnds are the characters that no address goes on behind.
var addressEnds = setOfRunes(" \t<>\"`|、。，；：！？「」『』【】〔〕〈〉《》（）“”‘’«»\u3000")

func endsAddress(r rune) bool { return (r >= utf8.RuneSelf || !isASCIIWord(byte(r))) && addressEnds[r] }

func inTag(r rune) bool {
	kind := kindOf(r)
	return kind == wordRun || kind == singleWord || r == '-' || r == '_' || r == '/'
}

// closing returns where end, as a whole run of its mark, is in text, or -1.
func closing(text, end string) int {
	if end == "]]" {
		return strings.Index(text, end)
	}
	for at := 0; at < len(text); {
		i := strings.IndexByte(text[at:], end[0])
		if i < 0 {
			return -1
		}
		at += i
		n := run(text, at)
		if n == len(end) {
			return at
		}
		at += n
	}
	return -1
}

// run returns how often the mark at i is repeated from there.
func run(text string, i int) int {
	n := 1
	for i+n < len(text) && text[i+n] == text[i] {
		n++
	}
	return n
}
