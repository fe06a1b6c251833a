package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// tag reads the # at i.
func (t *inlineText) tag(i int) int {
	if i > 0 && i != t.opening {
		if before := t.characterBefore(i); !mayPrecedeTag(before) {
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
		if !IsTagRune(r) {
			break
		}
		end += size
	}
	if t.underlined > 0 { // the _ at its end are marks of emphasis
		end = len(strings.TrimRight(t.text[:end], "_"))
	}
	if name := t.text[i+1 : end]; isTag(name) {
		start := t.offset(i)
		t.out.Tags = append(t.out.Tags, TagMark{start, start + end - i, name})
	}
	return end
}

// underscores reads the run of _ at i, and returns where it ends.
func (t *inlineText) underscores(i int) int {
	end := i + run(t.text, i)
	switch opens, closes := flanks(t.text, i, end); {
	case closes && t.underlined > 0:
		t.underlined--
	case opens:
		t.underlined++
		t.opening = end
	}
	return end
}

// characterBefore returns the character before i, which may be written as a character reference.
func (t *inlineText) characterBefore(i int) rune {
	before := t.text[max(0, i-utf8.UTFMax):i]
	if before[len(before)-1] == ';' {
		const longest = 34
		from := max(0, i-longest)
		if start := from + strings.LastIndexByte(t.text[from:i], '&'); start >= from {
			if end, character := reference(t.text, start); end == i {
				before = character
			}
		}
	}
	r, _ := utf8.DecodeLastRuneInString(before)
	return r
}

// mayPrecedeTag reports whether a tag may follow r directly. Marks that stand in names and in addresses, too, are for
// inlineText.opening to tell.
func mayPrecedeTag(r rune) bool {
	if r < utf8.RuneSelf {
		return strings.ContainsRune(" \t\n\r\v\f([{\"',;*~|", r)
	}
	return unicode.IsSpace(r) || unicode.In(r, unicode.Ps, unicode.Pi) ||
		strings.ContainsRune("¿¡，。、！？：；…—–·»›”’」』）】》〉｜", r)
}
