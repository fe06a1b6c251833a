package web

import (
	"strings"
	"unicode/utf8"

	"octavo/lang"
	"octavo/views"
)

// maxShown is how many bytes of HTML a page spends on what differs between texts. Whatever is beyond is counted.
const maxShown = 512 << 10

// What the elements around a part and around a line cost.
const (
	partCost = 13
	lineCost = 120
)

// fitting returns those of the parts that fit into some bytes of HTML, followed by how much is left out, and what room
// there is after them.
func fitting(t *lang.Language, parts []views.DiffPart, room int) (fit []views.DiffPart, left int) {
	for i, p := range parts {
		size := fittingSize(p.Text, room-partCost)
		room -= partCost + escapedSize(p.Text[:size])
		if size == len(p.Text) {
			continue
		}
		more := utf8.RuneCountInString(p.Text[size:])
		for _, rest := range parts[i+1:] {
			more += utf8.RuneCountInString(rest.Text)
		}
		fit = append(fit, parts[:i]...)
		if size > 0 {
			fit = append(fit, views.DiffPart{Kind: p.Kind, Text: p.Text[:size]})
		}
		return append(fit, views.DiffPart{Kind: "left", Text: moreCharacters(t, more)}), 0
	}
	return parts, room
}

func moreCharacters(t *lang.Language, n int) string {
	return t.Text("diff.more_characters", "count", n)
}

// fittingSize returns how much of text fits into some bytes of HTML, in bytes.
func fittingSize(text string, room int) int {
	if len(text)*maxEscaped <= room {
		return len(text)
	}
	for at, r := range text {
		if room -= escapedRune(r); room < 0 {
			return at
		}
	}
	return len(text)
}

// maxEscaped is what a character is at most in HTML, as &#34;.
const maxEscaped = 5

// escapedMarks are the characters that HTML has another way to write for.
const escapedMarks = `&<>"'`

// escapedRune returns the length of a character in HTML.
func escapedRune(r rune) int {
	if r < utf8.RuneSelf && strings.IndexByte(escapedMarks, byte(r)) >= 0 {
		return maxEscaped
	}
	return utf8.RuneLen(r)
}

// escapedSize returns the length of text in HTML.
func escapedSize(text string) int {
	size := len(text)
	for i := range len(escapedMarks) {
		size += (maxEscaped - 1) * strings.Count(text, escapedMarks[i:i+1])
	}
	return size
}
