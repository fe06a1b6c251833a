package domain

import (
	"strings"
	"unicode/utf8"

	"octavo/domain/markup"
)

// What a title and a content may hold at most.
const (
	MaxTitle   = markup.MaxTitle // characters (Unicode code points)
	MaxContent = 256 << 10       // bytes of UTF-8, line ends counted as one
)

// cleanTitle returns title on one line without space around it, and what is wrong with it, if anything.
func cleanTitle(title string) (string, []FieldError) { return cleanLine("title", title, MaxTitle) }

// cleanLine returns the text of a field on one line without space around it, and what is wrong with it, if anything:
// it may have at most limit characters.
func cleanLine(field, text string, limit int) (string, []FieldError) {
	if wrong := unstorable(text); wrong != "" {
		return "", []FieldError{NewFieldError(field, wrong)}
	}
	text = markup.OneLine(text)
	if n := utf8.RuneCountInString(text); n > limit {
		return "", []FieldError{NewFieldError(field, "text.too_long", "limit", limit, "length", n)}
	}
	return text, nil
}

// byteOrderMark begins the texts of some editors. It is no part of what is written.
const byteOrderMark = "\uFEFF"

// cleanContent returns content with its line ends as \n, as browsers send \r\n, and without a byte order mark, and
// what is wrong with it, if anything.
func cleanContent(content string) (string, []FieldError) {
	if wrong := unstorable(content); wrong != "" {
		return "", []FieldError{NewFieldError("content", wrong)}
	}
	content = strings.ReplaceAll(strings.TrimPrefix(content, byteOrderMark), "\r\n", "\n")
	if len(content) > MaxContent {
		return "", []FieldError{NewFieldError("content", "text.too_large",
			"limit", MaxContent>>10, "bytes", MaxContent, "length", len(content))}
	}
	return content, nil
}

// unstorable says why s can't be stored alike in every database, or returns "".
func unstorable(s string) Code {
	switch {
	case !utf8.ValidString(s):
		return "text.not_utf8"
	case strings.IndexByte(s, 0) >= 0:
		return "text.nul"
	}
	return ""
}
