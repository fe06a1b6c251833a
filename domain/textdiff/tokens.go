package textdiff

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// lineToken is a piece of a line that is never cut: a run of letters, digits and marks, a run of blanks, or a single
// grapheme of anything else, as of scripts that put no blanks between words. A line may have as many as bytes.
type lineToken struct {
	end    int32 // its end in the line, in bytes
	id     int32 // equal for equal text
	weight int32 // graphemes up to its end, without blanks
	traits traits
}

func (t lineToken) is(trait traits) bool { return t.traits&trait != 0 }

// traits are what the text of a token tells of it.
type traits uint16

const (
	isWord    traits = 1 << iota // letters, digits and marks
	isRun                        // a word of a script that puts blanks between words
	isBlank                      // a run of blanks
	isGap                        // a single blank
	isSolid                      // it joins those that it touches
	isComma                      // ，, which joins digits alone
	isDigits                     // nothing but digits
	fromDigit                    // it begins with a digit
	toDigit                      // it ends with a digit
	isNumeral                    // what numbers are written with in Chinese and Japanese
	isCounter                    // what dates, times and amounts are written with there besides
	isGroup                      // several digits and capitals
	hasDigit                     // one of ASCII, anywhere
	isOpen                       // (
	isClose                      // )
)

// parting are the marks that stand between words where no blanks do.
var parting = setOfRunes("、。，；！？（）「」『』【】《》〈〉〔〕\u200b་༌།፡።")

// numerals and counters are what numbers, dates, times and amounts are written with in Chinese and Japanese.
var (
	numerals = setOfRunes("〇零一二三四五六七八九十百千万萬億亿兆京两兩半廿卅壹贰貳叁參参肆伍陆陸柒捌玖拾佰仟第")
	counters = setOfRunes("年月日号號時时点點分秒週周期度番章节節条條款項项元円圓圆角")
)

func setOfRunes(text string) map[rune]bool { return setOf([]rune(text)) }

// traitsOf returns the traits of a token.
func traitsOf(text string) (t traits) {
	set := func(trait traits, has bool) {
		if has {
			t |= trait
		}
	}
	first, size := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	kind := kindOf(first)
	solid := kind != blankRun
	switch {
	case kind == singleWord:
		solid = unicode.IsDigit(first)
	case kind == single && parting[first]:
		solid = false
		set(isComma, first == '，')
	}
	isNoDigit := func(r rune) bool { return !unicode.IsDigit(r) }
	isNoGroup := func(r rune) bool { return (r < '0' || '9' < r) && (r < 'A' || 'Z' < r) }
	digits := !strings.ContainsFunc(text, isNoDigit)
	set(isWord, kind == wordRun || kind == singleWord)
	set(isRun, kind == wordRun)
	set(isBlank, kind == blankRun)
	set(isGap, size == len(text) && first != '\t' && unicode.IsSpace(first))
	set(isSolid, solid)
	set(isDigits, digits)
	set(fromDigit, unicode.IsDigit(first))
	set(toDigit, unicode.IsDigit(last))
	set(isNumeral, digits || numerals[first])
	set(isCounter, counters[first])
	set(isGroup, len(text) > 1 && !strings.ContainsFunc(text, isNoGroup))
	set(hasDigit, strings.ContainsAny(text, "0123456789"))
	set(isOpen, text == "(")
	set(isClose, text == ")")
	return t
}

// textOf returns the text of the tokens from i to j of line.
func textOf(line string, tokens []lineToken, i, j int) string {
	if i == j {
		return ""
	}
	end := int(tokens[j-1].end)
	return line[end-bytesOf(tokens, i, j) : end]
}

// bytesOf returns the length of the tokens from i to j.
func bytesOf(tokens []lineToken, i, j int) int {
	if i == j {
		return 0
	}
	if i == 0 {
		return int(tokens[j-1].end)
	}
	return int(tokens[j-1].end - tokens[i-1].end)
}

// weightOf returns the weight of the tokens from i to j.
func weightOf(tokens []lineToken, i, j int) int {
	if i == j {
		return 0
	}
	if i == 0 {
		return int(tokens[j-1].weight)
	}
	return int(tokens[j-1].weight - tokens[i-1].weight)
}

type tokenKind uint8

const (
	single tokenKind = iota
	singleWord
	wordRun
	blankRun
)

// unspaced are the scripts that put no blanks between words.
var unspaced = []*unicode.RangeTable{
	unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar,
}

func kindOf(r rune) tokenKind {
	switch {
	case r == ' ' || r == '\t':
		return blankRun
	case r < utf8.RuneSelf:
		if isASCIIWord(byte(r)) {
			return wordRun
		}
		return single
	case isIdeograph(r):
		return singleWord
	case isSyllable(r):
		return wordRun
	case unicode.IsSpace(r):
		return blankRun
	case unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r):
		if unicode.In(r, unspaced...) {
			return singleWord
		}
		return wordRun
	}
	return single
}

func isASCIIWord(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' }

// isIdeograph reports whether r is a Chinese character, but for the rare ones.
func isIdeograph(r rune) bool { return 0x4e00 <= r && r <= 0x9fff }

// isSyllable reports whether r is a syllable of Hangul.
func isSyllable(r rune) bool { return 0xac00 <= r && r <= 0xd7a3 }

// tokenizer numbers the words of lines.
type tokenizer struct {
	ids    map[string]int32       // of what is more than one character
	runes  [0x100]*[0x100]int32   // of what is one, in rows, 0 for none; one of ASCII is its own number
	traits []traits               // by number
	long   map[string][]lineToken // the tokens of long lines, which a merge asks for with each side
	buffer []lineToken
}

// longLine is from how many bytes on a line is long.
const longLine = 1 << 10

// asciiTraits are the traits of the characters of ASCII.
var asciiTraits = func() []traits {
	of := make([]traits, utf8.RuneSelf)
	for c := range of {
		of[c] = traitsOf(string(rune(c)))
	}
	return of
}()

func newTokenizer() *tokenizer {
	return &tokenizer{ids: map[string]int32{}, traits: slices.Clip(asciiTraits), long: map[string][]lineToken{}}
}

// count returns how many different tokens there may have been.
func (t *tokenizer) count() int { return len(t.traits) }

// tokens returns the tokens of a line, which are to be left as they are.
func (t *tokenizer) tokens(line string) []lineToken {
	if len(line) < longLine {
		return t.read(line)
	}
	tokens, known := t.long[line]
	if !known {
		tokens = t.read(line)
		t.long[line] = tokens
	}
	return tokens
}

func (t *tokenizer) read(line string) []lineToken {
	t.buffer = slices.Grow(t.buffer[:0], utf8.RuneCountInString(line))
	tokens, weight := t.buffer, int32(0)
	for start := 0; start < len(line); {
		kind, end := nextGrapheme(line, start)
		graphemes := int32(1)
		for (kind == wordRun || kind == blankRun) && end < len(line) {
			next, nextEnd := nextGrapheme(line, end)
			if next != kind {
				break
			}
			end = nextEnd
			graphemes++
		}
		if kind != blankRun {
			weight += graphemes
		}
		id := t.number(line[start:end])
		tokens = append(tokens, lineToken{int32(end), id, weight, t.traits[id]})
		start = end
	}
	return slices.Clone(tokens)
}

func (t *tokenizer) number(text string) int32 {
	if len(text) == 1 && text[0] < utf8.RuneSelf {
		return int32(text[0])
	}
	if r, size := utf8.DecodeRuneInString(text); size == len(text) && r != utf8.RuneError && int(r>>8) < len(t.runes) {
		row := t.runes[r>>8]
		if row == nil {
			row = new([0x100]int32)
			t.runes[r>>8] = row
		}
		if row[r&0xff] == 0 {
			row[r&0xff] = t.newNumber(text)
		}
		return row[r&0xff]
	}
	id, known := t.ids[text]
	if !known {
		id = t.newNumber(text)
		t.ids[text] = id
	}
	return id
}

func (t *tokenizer) newNumber(text string) int32 {
	t.traits = append(t.traits, traitsOf(text))
	return int32(len(t.traits) - 1)
}

// nextGrapheme returns the kind and the end of the grapheme that starts at byte at.
func nextGrapheme(s string, at int) (kind tokenKind, end int) {
	r, size := rune(s[at]), 1
	if r >= utf8.RuneSelf {
		r, size = utf8.DecodeRuneInString(s[at:])
	}
	kind, end = kindOf(r), at+size
	if end == len(s) {
		return kind, end
	}
	if standsAlone(r) {
		if s[end] < utf8.RuneSelf {
			return kind, end
		}
		if next, _ := utf8.DecodeRuneInString(s[end:]); standsAlone(next) {
			return kind, end
		}
	}
	return kind, at + len(graphemes.FromString(s[at:]).First())
}

// standsAlone reports whether r makes no grapheme with another such character, nor with one of ASCII: a shortcut for what
// texts are mostly made of.
func standsAlone(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return r != '\r'
	case r < 0x0300:
		return r >= 0x00c0
	case r < 0x0530: // Greek and Cyrillic
		return r >= 0x0370 && (r < 0x0483 || 0x0489 < r)
	case r < 0x0660:
		return 0x05d0 <= r && r <= 0x05ea || 0x0620 <= r && r <= 0x064a // Hebrew and Arabic
	case r < 0x3400:
		return 0x0e01 <= r && r <= 0x0e30 || 0x3041 <= r && r <= 0x3096 || 0x30a1 <= r && r <= 0x30ff || 0x3300 <= r // Thai, kana
	}
	return isIdeograph(r) || isSyllable(r) || 0x1f600 <= r && r <= 0x1f64f
}
