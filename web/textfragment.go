package web

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"octavo/domain/markup"
	"octavo/domain/query"
)

// textFragment returns what has a browser open a note at the first hit of its snippet, or "" when there is none.
//
// The first of its directives that is found in the page decides. What stands before and after the hit tells it from the
// same word elsewhere, as in a heading or a button, and lets it be a part of a word, as it often is in Japanese. Marks
// that the snippet leaves out may stand between, so less and less of that is asked for.
func textFragment(snippet []query.Span) string {
	at := slices.IndexFunc(snippet, func(s query.Span) bool { return s.Hit })
	if at < 0 {
		return ""
	}
	before := escapeDirective(lastWords(textOf(snippet[:at])))
	after := escapeDirective(firstWords(textOf(snippet[at+1:])))
	hit := escapeDirective(snippet[at].Text)
	if first, rest, onTwoLines := strings.Cut(snippet[at].Text, "\n"); onTwoLines {
		hit = escapeDirective(first) + "," + escapeDirective(rest[strings.LastIndexByte(rest, '\n')+1:])
	}
	var directives []string
	if before != "" && after != "" {
		directives = append(directives, before+"-,"+hit+",-"+after)
	}
	if before != "" {
		directives = append(directives, before+"-,"+hit)
	}
	if after != "" {
		directives = append(directives, hit+",-"+after)
	}
	return "#:~:text=" + strings.Join(append(directives, hit), "&text=")
}

func textOf(snippet []query.Span) string {
	var b strings.Builder
	for _, span := range snippet {
		b.WriteString(span.Text)
	}
	return b.String()
}

// What stands beside a hit and is asked for: so many words, and no more characters than that.
const (
	wordsBeside = 2
	mostBeside  = 24
)

// firstWords returns the first words of what stands behind a hit, as far as they end where a word does. They stand on one
// line, as a browser looks for them.
func firstWords(text string) string {
	text, _, cut := strings.Cut(text, "…")
	if line, _, more := strings.Cut(strings.TrimLeft(text, "\n "), "\n"); more {
		text, cut = line, false
	}
	letters, words, end := []rune(markup.Beginning(text, utf8.UTFMax*(mostBeside+1))), 0, 0
	for i := range min(len(letters), mostBeside+1) {
		if isBetweenWords(letters[i]) && i > 0 && !isBetweenWords(letters[i-1]) {
			if words, end = words+1, i; words == wordsBeside {
				break
			}
		}
	}
	if words < wordsBeside && len(letters) <= mostBeside && !cut {
		end = len(letters)
	}
	return strings.TrimSpace(string(letters[:end]))
}

// lastWords returns the last words of what stands before a hit, as far as they begin where a word does.
func lastWords(text string) string {
	const enough = utf8.UTFMax * (mostBeside + 4) // with what parts the words from the hit
	begin := max(0, len(text)-enough)
	for begin < len(text) && !utf8.RuneStart(text[begin]) {
		begin++
	}
	return backwards(firstWords(backwards(text[begin:])))
}

func backwards(text string) string {
	letters := []rune(text)
	slices.Reverse(letters)
	return string(letters)
}

// isBetweenWords reports whether words end at r in any script: those that put no blanks between words have marks of their
// own between sentences.
func isBetweenWords(r rune) bool {
	const beginOfCJK = '\u3000'
	return unicode.IsSpace(r) || r >= beginOfCJK && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r)
}

// escapeDirective escapes a text for a directive, in which a dash and a comma have a meaning of their own.
func escapeDirective(text string) string { return directiveEscaper.Replace(url.QueryEscape(text)) }

var directiveEscaper = strings.NewReplacer("+", "%20", "-", "%2D")
