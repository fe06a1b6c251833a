package ent

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"octavo/domain/query"
	"octavo/domain/words"
)

// What words, marks and queries are called in SQLite's index of searches.

const (
	// titleMark begins the mark that a note has for each word of its title. Twice it begins that of the first letter of that
	// word.
	titleMark = "^"
	// firstMark begins the mark of the first word, before those of the title. FTS5 would look at all titles that have a
	// word anywhere to find those that begin with it. Twice it begins those of the first letter of that word, and of the
	// first two.
	firstMark = "<"

	// plainMark begins, in texts, the words that aren't of a script without blanks. Those of such scripts are pairs of
	// characters, which so are shorter than the beginnings that search_index has by themselves: it would have each pair
	// twice otherwise, and a text has as many as characters.
	plainMark = "~"

	indexedPrefix = 2  // letters of a plain word of which search_index knows the notes for beginnings of words
	maxEndings    = 12 // beyond which FTS5 is faster

	selectEndings = `WITH RECURSIVE w (term) AS (
			SELECT (SELECT term FROM search_words WHERE term >= ?1)
			UNION ALL SELECT (SELECT term FROM search_words WHERE term >= w.term || char(0)) FROM w
				WHERE substr(w.term, 1, length(?1)) = ?1)
		SELECT term FROM w WHERE substr(term, 1, length(?1)) = ?1 LIMIT ?2`
)

// markOf returns what a word of title or content begins with.
func markOf(word string) string {
	if first, _ := utf8.DecodeRuneInString(word); words.IsDense(first) {
		return ""
	}
	return plainMark
}

// endings returns the words that begin as those do of which some queries have the beginning alone, if they are few.
func endings(ctx context.Context, r notes, of []query.Query) (map[string][]string, error) {
	known := map[string][]string{}
	for _, c := range beginnings(of) {
		beginning := lastOf(indexedWords(c))
		word := strings.TrimLeft(beginning, titleMark+firstMark+plainMark)
		mark := strings.TrimSuffix(beginning, word)
		switch {
		case known[beginning] != nil:
			continue
		case len(mark) > 1: // all that begins so is indexed as one
			known[beginning] = []string{beginning}
			continue
		case utf8.RuneCountInString(word) <= indexedPrefix:
			continue
		}
		if all, found := known[markOf(word)+word]; found && mark != plainMark { // no word is marked that isn't in a text too
			for _, w := range all {
				known[beginning] = append(known[beginning], mark+strings.TrimPrefix(w, plainMark))
			}
			continue
		}
		found, err := scanAll(ctx, r.repos, selectEndings, []any{beginning, maxEndings + 1}, textFromRow)
		switch {
		case err != nil:
			return nil, err
		case len(found) == 0:
			known[beginning] = []string{beginning}
		case len(found) <= maxEndings:
			known[beginning] = found
		}
	}
	return known, nil
}

// hasManyEndings reports whether FTS5 would put together the notes of many words for what a query looks for in texts. Titles
// have few words.
func (s sqliteSearch) hasManyEndings(q query.Query) bool {
	return slices.ContainsFunc(q.Clauses, s.hasManyEndingsIn)
}

func (s sqliteSearch) hasManyEndingsIn(c query.Clause) bool {
	if c.Kind != query.TextClause || !c.Prefix || c.Title {
		return false
	}
	last := lastOf(c.Words)
	return markOf(last) != "" && s.ending[markOf(last)+last] == nil && utf8.RuneCountInString(last) > indexedPrefix
}

// beginnings returns the clauses of queries that have but the beginning of a word, those that look in texts first: what
// they find out serves for titles too.
func beginnings(of []query.Query) (inTexts []query.Clause) {
	var inTitles []query.Clause
	for _, q := range of {
		for _, c := range slices.Concat(q.Clauses, q.Except) {
			switch {
			case c.Kind != query.TextClause || !c.Prefix:
			case c.Title:
				inTitles = append(inTitles, c)
			default:
				inTexts = append(inTexts, c)
			}
		}
	}
	return append(inTexts, inTitles...)
}

// indexedWords returns the words of a clause as search_index has them, one directly after the other.
func indexedWords(c query.Clause) []string {
	var words []string
	if c.Start {
		first := c.Words[0]
		if len(c.Words) == 1 {
			if c.Prefix && utf8.RuneCountInString(first) <= indexedPrefix {
				return []string{firstMark + firstMark + first}
			}
			return []string{firstMark + first}
		}
		words = append(words, firstMark+first)
	}
	if c.Title && !c.Start && c.Prefix && len(c.Words) == 1 && utf8.RuneCountInString(c.Words[0]) == 1 {
		return []string{titleMark + titleMark + c.Words[0]}
	}
	for _, word := range c.Words {
		if c.Title {
			word = titleMark + word
		} else {
			word = markOf(word) + word
		}
		words = append(words, word)
	}
	return words
}

// beginningOf returns at most n letters of a word, the first.
func beginningOf(word string, n int) string {
	letters := []rune(word)
	return string(letters[:min(len(letters), n)])
}

func lastOf(words []string) string { return words[len(words)-1] }

// match returns what FTS5 is to look for. All that comes from a query is quoted.
func (s sqliteSearch) match(t searchTerms) string {
	all := t.all
	if len(all) == 0 {
		all = []string{quoteFTS(everyNote)}
	}
	expression := strings.Join(all, " AND ")
	if len(t.none) > 0 {
		expression = fmt.Sprintf("(%s) NOT (%s)", expression, strings.Join(t.none, " OR "))
	}
	if len(t.except) > 0 {
		expression = fmt.Sprintf("(%s) NOT (%s)", expression, strings.Join(t.except, " AND "))
	}
	return expression
}

func (s sqliteSearch) term(c query.Clause) (text string, exact bool) {
	if c.Kind != query.TextClause {
		return quoteFTS(wholeMark(c.Mark())), true
	}
	words := indexedWords(c)
	phrase := quoteFTS(strings.Join(words, " "))
	if !c.Prefix {
		return phrase, true
	}
	last := lastOf(words)
	ending, known := s.ending[last]
	switch {
	case !known && s.roughly && s.hasManyEndingsIn(c):
		words[len(words)-1] = beginningOf(last, len(plainMark)+indexedPrefix)
		return quoteFTS(strings.Join(words, " ")) + " *", false
	case !known:
		return phrase + " *", true
	}
	phrases := make([]string, len(ending))
	for i, word := range ending {
		words[len(words)-1] = word
		phrases[i] = quoteFTS(strings.Join(words, " "))
	}
	return "(" + strings.Join(phrases, " OR ") + ")", true
}

// wholeMark puts something that no mark has in place of what parts texts in search_index: FTS5 would look for the rest.
func wholeMark(mark string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == '\x7f' || strings.ContainsRune("'`\"\\", r) {
			return '!'
		}
		return r
	}, mark)
}

// quoteFTS returns text as one string of FTS5, which parts it at blanks.
func quoteFTS(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
