package domain

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

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
