package domain

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
)

// Rank tells how well a note's title answers a query. The notes of a better rank come first.
type Rank int

// The ranks, the best first.
const (
	TitleIs     Rank = iota // the title is what was typed
	TitleSays               // in spite of accents and punctuation
	TitleBegins             // the title begins with it
	TitleHas                // the title has all that is looked for
	TextHas                 // the others
)

// typedTitle is the title that a query may have been typed for.
type typedTitle struct {
	key    string   // that of the whole query
	words  []string // empty if there is none
	begin  []string // the words that a longer title begins with
	prefix bool     // the last of begin is the beginning of a word
}

// typedTitle returns what all of the query's text says as a title, if it says it.
func (p *queryParser) typedTitle(text string) typedTitle {
	var last Clause
	for _, c := range p.query.Clauses {
		if c.Kind != TextClause || c.Not {
			continue
		}
		if last.Prefix && !isDense(firstRune(last.Words[len(last.Words)-1])) {
			return typedTitle{} // more follows the beginning of a word
		}
		last = c
	}
	if len(p.words) == 0 || len(p.words) > MaxPhrase || len(p.query.Problems) > 0 {
		return typedTitle{}
	}
	t := typedTitle{key: TitleKey(text), prefix: last.Prefix}
	for _, word := range p.words {
		t.words = append(t.words, word.Text)
	}
	t.begin = t.words
	if n := len(p.words); n > 1 && p.words[n-1].alone() && p.words[n-2].End == p.words[n-1].End {
		t.begin = t.words[:n-1] // the pair before has it already
	}
	return t
}

func firstRune(text string) rune {
	for _, r := range text {
		return r
	}
	return 0
}

// TitleFirst splits the query in two that together find the same notes, none of them twice: first those that have in
// the title all that is looked for in the text, then the others. ok is false if there is nothing to split: no words to
// look for, or a query that is a part already.
func (q Query) TitleFirst() (inTitle, others Query, ok bool) {
	if len(q.Except) > 0 {
		return Query{}, Query{}, false
	}
	q.title = typedTitle{}
	inTitle, others = q, q
	inTitle.Clauses = slices.Clone(q.Clauses)
	for i := range inTitle.Clauses {
		if c := &inTitle.Clauses[i]; c.Kind == TextClause && !c.Not && !c.Title {
			c.Title, ok = true, true
			others.Except = append(others.Except, *c)
		}
	}
	if !ok {
		return Query{}, Query{}, false
	}
	return inTitle, others, true
}

// Ranked returns the parts of the query, in the order of their ranks. Together they find the same notes, none of them
// twice. A query that ranks nothing is its own last part, and the others are nil.
func (q Query) Ranked() (parts [TextHas + 1]*Query) {
	inTitle, others, ok := q.TitleFirst()
	switch {
	case ok:
		parts[TitleHas], parts[TextHas] = &inTitle, &others
	case len(q.title.words) > 0: // all of it in titles
		inTitle = q
	default:
		parts[TextHas] = &q
	}
	if len(q.title.words) == 0 {
		return parts
	}
	// What a title is or begins with it has, so that needs not be looked for.
	rest := q
	rest.Clauses = slices.DeleteFunc(slices.Clone(q.Clauses), func(c Clause) bool { return c.Kind == TextClause && !c.Not })
	part := func(of Query, clauses ...Clause) *Query {
		of.title = typedTitle{}
		of.Clauses = slices.Concat(of.Clauses, clauses)
		return &of
	}
	is := Clause{Kind: titleClause, mark: keyMark(q.title.key)}
	says := Clause{Kind: titleClause, mark: wordsMark(q.title.words)}
	begins := Clause{Kind: TextClause, Title: true, Start: true, Words: q.title.begin, Prefix: q.title.prefix}
	parts[TitleIs] = part(rest, is, says)
	parts[TitleSays] = part(rest, says, is.not())
	parts[TitleBegins] = part(rest, begins, says.not())
	parts[TitleHas] = part(inTitle, begins.not(), says.not())
	return parts
}

func (c Clause) not() Clause {
	c.Not = !c.Not
	return c
}

// TitleMark returns a mark of notes with that title, which few others have.
func TitleMark(title string) string { return keyMark(TitleKey(title)) }

// keyMark is the mark of a note whose title has that key.
func keyMark(key string) string { return "!key:" + shortHash(key) }

// wordsMark is the mark of a note whose title has these words and no others.
func wordsMark(words []string) string { return "!words:" + shortHash(strings.Join(words, " ")) }

func shortHash(text string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return strconv.FormatUint(h.Sum64(), 36)
}
