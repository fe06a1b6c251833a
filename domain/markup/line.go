package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxTitle is how many code points a title has at most.
const MaxTitle = 255

// OneLine returns text with spaces for what would break or bend its line, and without space around it.
func OneLine(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, text))
}

// Truncate cuts s to at most limit code points, at a space where there is one near, and marks the cut with an ellipsis.
func Truncate(s string, limit int) string {
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	end, n := 0, 0
	for i := range s {
		if n == limit-1 {
			end = i
			break
		}
		n++
	}
	if space := strings.LastIndexByte(s[:end], ' '); space > end*3/4 {
		end = space
	}
	return strings.TrimRight(s[:end], " ") + "…"
}

// Beginning returns at most limit bytes of text, whole code points of them.
func Beginning(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
