package textdiff

import (
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
	t := tokensOf{line, tokens}
	joined := make([]bool, max(len(tokens)-1, 0))
	for i := range joined {
		joined[i] = t.solid(i) && t.solid(i+1) || t.counts(i) && t.counts(i+1) && (t.numeral(i) || t.numeral(i+1)) ||
			t.solid(i) && t.numeral(i-1) && t.numeral(i+1) || t.solid(i+1) && t.numeral(i) && t.numeral(i+2)
	}
	t.joinKeys(joined)
	for i := 1; i < len(joined); i++ {
		if t.groupsAround(i) {
			joined[i-1], joined[i] = true, true
		}
	}
	i := 0
	for _, span := range verbatim(line) {
		for i < len(joined) && int(tokens[i].end) <= span[0] {
			i++
		}
		for ; i < len(joined) && int(tokens[i].end) < span[1]; i++ {
			joined[i] = true
		}
	}
	return joined
}

// tokensOf is a line with its tokens. What it tells of a token that there isn't is no.
type tokensOf struct {
	line   string
	tokens []lineToken
}

func (t tokensOf) text(i int) string {
	if i < 0 || i >= len(t.tokens) {
		return ""
	}
	return textOf(t.line, t.tokens, i, i+1)
}

// solid reports whether a token joins those that it touches.
func (t tokensOf) solid(i int) bool {
	r, _ := utf8.DecodeRuneInString(t.text(i))
	switch kind := kindOf(r); {
	case kind == blankRun:
		return false
	case kind == singleWord:
		return unicode.IsDigit(r)
	case kind == single && parting[r]:
		return r == '，' && t.digitBefore(i) && t.digitAfter(i)
	}
	return true
}

// parting are the marks that stand between words where no blanks do.
var parting = setOfRunes("、。，；！？（）「」『』【】《》〈〉〔〕\u200b་༌།፡።")

// numerals and counters are what numbers, dates, times and amounts are written with in Chinese and Japanese.
var (
	numerals = setOfRunes("〇零一二三四五六七八九十百千万萬億亿兆京两兩半廿卅壹贰貳叁參参肆伍陆陸柒捌玖拾佰仟第")
	counters = setOfRunes("年月日号號時时点點分秒週周期度番章节節条條款項项元円圓圆角")
)

func setOfRunes(text string) map[rune]bool { return setOf([]rune(text)) }

func (t tokensOf) numeral(i int) bool {
	r, _ := utf8.DecodeRuneInString(t.text(i))
	return numerals[r] || t.digits(i)
}

func (t tokensOf) counts(i int) bool {
	r, _ := utf8.DecodeRuneInString(t.text(i))
	return counters[r] || t.numeral(i)
}

// digits reports whether a token is nothing but digits.
func (t tokensOf) digits(i int) bool {
	text := t.text(i)
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsDigit(r) })
}

func (t tokensOf) digitBefore(i int) bool {
	r, _ := utf8.DecodeLastRuneInString(t.text(i - 1))
	return unicode.IsDigit(r)
}

func (t tokensOf) digitAfter(i int) bool { return startsWithDigit(t.text(i + 1)) }

func startsWithDigit(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return unicode.IsDigit(r)
}

// gap reports whether a token is a single blank.
func (t tokensOf) gap(i int) bool {
	r, size := utf8.DecodeRuneInString(t.text(i))
	return size > 0 && size == len(t.text(i)) && r != '\t' && unicode.IsSpace(r)
}

// groupsAround reports whether a token is a single blank between groups of digits.
func (t tokensOf) groupsAround(i int) bool {
	if !t.gap(i) {
		return false
	}
	if t.digitAfter(i) {
		return t.digitBefore(i) || t.bracketed(i-3)
	}
	return t.digitBefore(i) && t.bracketed(i+1) && (t.digits(i+4) || t.gap(i+4) && t.digitAfter(i+4))
}

// bracketed reports whether digits in brackets begin at a token, as those of an area do.
func (t tokensOf) bracketed(i int) bool {
	return t.text(i) == "(" && t.digits(i+1) && t.text(i+2) == ")"
}

// maxFence is the length of the longest run of marks that is taken for the beginning of code.
const maxFence = 32

// minKey is how many groups make a key: GB29 NWBK 6016.
const minKey = 3

// joinKeys joins the groups of keys, accounts and fingerprints: of one length, with a single blank between them, and so
// many of them with a digit that they are no words.
func (t tokensOf) joinKeys(joined []bool) {
	for from := 0; from < len(t.tokens); {
		to, digits := from, 0
		for to < len(t.tokens) && t.group(to) && len(t.text(to)) == len(t.text(from)) {
			if strings.ContainsAny(t.text(to), "0123456789") {
				digits++
			}
			if to += 2; !t.gap(to - 1) {
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

// group reports whether a token can be a group of a key: digits and capitals.
func (t tokensOf) group(i int) bool {
	text := t.text(i)
	return len(text) > 1 && !strings.ContainsFunc(text, func(r rune) bool { return (r < '0' || '9' < r) && (r < 'A' || 'Z' < r) })
}

// verbatim returns where the code, the formulas, the targets of links, the addresses, the tags and the paths of a line
// are, in their order. What it takes for one too many only makes a question.
func verbatim(line string) (spans [][2]int) {
	unclosed := map[string]bool{} // what is looked for in vain once isn't looked for again
	for at := 0; at < len(line); {
		from := at
		open, end := "", ""
		if size := address(line, at); size > 0 {
			spans = append(spans, [2]int{at, at + size})
			at += size
			continue
		}
		switch c := line[at]; {
		case c == '\\':
			at += 2
			continue
		case c == '`' || c == '$':
			open = line[at : at+run(line, at)]
			end = open
		case strings.HasPrefix(line[at:], "[["):
			open, end = "[[", "]]"
		default:
			at++
			continue
		}
		at += len(open)
		if unclosed[open] || len(open) > maxFence {
			continue
		}
		size := closing(line[at:], end)
		if size < 0 {
			unclosed[open] = true
			continue
		}
		inside := line[at : at+size]
		switch {
		case open == "$" && (inside != strings.TrimSpace(inside) || startsWithDigit(line[at+size+1:])):
			continue // two amounts
		case open == "[[":
			inside, _, _ = strings.Cut(inside, "|")
			spans = append(spans, [2]int{from, at + len(inside)})
		default:
			spans = append(spans, [2]int{from, at + size + len(end)})
		}
		at += size + len(end)
	}
	return spans
}

// address returns how long the target of a link, the address, the tag or the path is that begins at a byte of a line, or 0
// for none.
func address(line string, at int) int {
	rest, before := line[at:], byte(' ')
	if at > 0 {
		before = line[at-1]
	}
	size := func(start int, ends string) int {
		if n := strings.IndexAny(rest[start:], ends); n >= 0 {
			return start + n
		}
		return len(rest)
	}
	switch {
	case strings.HasPrefix(rest, "](<"), strings.HasPrefix(rest, "]: <"):
		return size(0, ">")
	case strings.HasPrefix(rest, "]("):
		return size(0, " \t)")
	case strings.HasPrefix(rest, "://"), strings.HasPrefix(rest, `:\`):
		return size(0, addressEnds)
	case rest[0] == '/' && strings.IndexByte(" \t.~", before) >= 0:
		return size(0, addressEnds)
	case rest[0] == '#':
		n := strings.IndexFunc(rest[1:], func(r rune) bool { return !inTag(r) })
		if n < 0 {
			n = len(rest) - 1
		}
		return 1 + n
	}
	return 0
}

// addressEnds are the characters that no address goes on behind.
const addressEnds = " \t<>\"`|、。，；：！？「」『』【】〔〕〈〉《》（）“”‘’«»\u3000"

func inTag(r rune) bool {
	kind := kindOf(r)
	return kind == wordRun || kind == singleWord || strings.ContainsRune("-_/", r)
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
