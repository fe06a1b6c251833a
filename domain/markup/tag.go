package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxTag is how many code points a tag has at most.
const MaxTag = 100

// TagFault is which rule the name of a tag breaks.
type TagFault int

// The rules that a name may break.
const (
	TagTooLong   TagFault = iota + 1
	TagCharacter          // there is one in it that IsTagRune doesn't take, and that is no '/'
	TagEmpty
	TagSlash    // it begins or ends with one, or has one beside another
	TagNoLetter // it is a number, or begins with a mark
)

// CheckTag returns a name, without '#', as tags are stored: in Unicode's composed form (NFC). The fault is 0 if it keeps
// all rules.
func CheckTag(name string) (composed string, fault TagFault) {
	name = norm.NFC.String(name)
	switch {
	case utf8.RuneCountInString(name) > MaxTag:
		return name, TagTooLong
	case strings.ContainsFunc(name, func(r rune) bool { return r != '/' && !IsTagRune(r) }):
		return name, TagCharacter
	case name == "":
		return name, TagEmpty
	case strings.HasPrefix(name, "/"), strings.HasSuffix(name, "/"), strings.Contains(name, "//"):
		return name, TagSlash
	case !isTagName(name):
		return name, TagNoLetter
	}
	return name, 0
}

// isTag reports whether a name made of what tags are made of keeps the rules of a tag.
func isTag(name string) bool {
	if len(name) > MaxTag*utf8.UTFMax || !isTagName(name) {
		return false
	}
	_, fault := CheckTag(name)
	return fault == 0
}

// isTagName reports whether a name, made of what tags are made of, is a tag and no number such as 123.
func isTagName(name string) bool {
	if first, _ := utf8.DecodeRuneInString(name); unicode.IsMark(first) || isJoiner(first) {
		return false
	}
	number, other := false, false
	for _, r := range name {
		switch {
		case unicode.IsLetter(r) || isEmoji(r):
			return true
		case unicode.IsNumber(r):
			number = true
		default:
			other = true
		}
	}
	return number && other
}

// IsTagRune reports whether r may stand in a tag, '/' apart.
func IsTagRune(r rune) bool {
	switch {
	case 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9', r == '_', r == '-':
		return true
	case r < utf8.RuneSelf:
		return false
	}
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || isEmoji(r) || isJoiner(r)
}

// isEmoji reports whether r is a pictograph, or what changes its colour. Arrows and lines for drawing boxes are none.
func isEmoji(r rune) bool {
	switch {
	case r >= 0x1F3FB && r <= 0x1F3FF: // skin tones
		return true
	case r >= 0x2300 && r <= 0x23FF, r >= 0x2600 && r <= 0x27BF, r >= 0x2B00 && r <= 0x2BFF, r >= 0x1F000:
		return unicode.Is(unicode.So, r)
	}
	return false
}

// isJoiner reports whether r is invisible and joins what stands beside it: the parts of an emoji, or letters.
func isJoiner(r rune) bool {
	return r == '\u200c' || r == '\u200d' || r >= 0xE0020 && r <= 0xE007F
}
