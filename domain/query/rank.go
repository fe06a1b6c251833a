package query

import (
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"octavo/domain/words"
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
func (p *parser) typedTitle(text string) typedTitle {
	var last Clause
	for _, c := range p.query.Clauses {
		if c.Kind != TextClause || c.Not {
			continue
		}
		if last.Prefix && !words.IsDense(firstRune(last.Words[len(last.Words)-1])) {
			return typedTitle{} // more follows the beginning of a word
		}
		last = c
	}
	if len(p.words) == 0 || len(p.words) > MaxPhrase || len(p.query.Problems) > 0 {
		return typedTitle{}
	}
	t := typedTitle{key: words.Fold(text), prefix: last.Prefix}
	for _, word := range p.words {
		t.words = append(t.words, word.Text)
	}
	t.begin = t.words
	if p.paired {
		t.begin = t.words[:len(t.words)-1] // the pair before has it already
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
	is, says, begins := q.title.clauses()
	parts[TitleIs] = q.titled(is, says)
	parts[TitleSays] = q.titled(says, is.not())
	parts[TitleBegins] = q.titled(begins, says.not())
	inTitle.title = typedTitle{}
	inTitle.Clauses = append(slices.Clip(inTitle.Clauses), begins.not()) // which leaves out the better ranks as well
	parts[TitleHas] = &inTitle
	return parts
}

// UpTo returns what finds the notes of the rank TitleSays or TitleBegins and of those before it. ok is false if there are no
// such ranks.
func (q Query) UpTo(rank Rank) (best Query, ok bool) {
	if len(q.title.words) == 0 {
		return Query{}, false
	}
	_, says, begins := q.title.clauses()
	if rank == TitleSays {
		return *q.titled(says), true
	}
	return *q.titled(begins), true
}

// BeginsMany reports whether what was typed is a beginning so short that many titles are likely to begin with it.
func (q Query) BeginsMany() bool {
	return q.title.prefix && len(q.title.begin) == 1 && utf8.RuneCountInString(q.title.begin[0]) <= 2
}

// titled returns the query with clauses in place of the words that it looks for, which a title of that kind has.
func (q Query) titled(clauses ...Clause) *Query {
	q.title = typedTitle{}
	q.Clauses = slices.DeleteFunc(slices.Clone(q.Clauses), func(c Clause) bool { return c.Kind == TextClause && !c.Not })
	q.Clauses = append(q.Clauses, clauses...)
	return &q
}

// clauses returns what a title meets that is what was typed, that has its words and no others, and that begins with
// them. Whatever meets one meets those behind it.
func (t typedTitle) clauses() (is, says, begins Clause) {
	is = Clause{Kind: titleClause, mark: keyMark(t.key)}
	says = Clause{Kind: titleClause, mark: wordsMark(t.words)}
	begins = Clause{Kind: TextClause, Title: true, Start: true, Words: t.begin, Prefix: t.prefix}
	return is, says, begins
}

// RankOf returns what tells the rank of notes that the query finds, by their titles.
func (q Query) RankOf() func(title string) Rank {
	typed := len(q.title.words) > 0
	var is, says, begins Clause
	if typed {
		is, says, begins = q.title.clauses()
	}
	inTitle, _, split := q.TitleFirst()
	asked := slices.DeleteFunc(inTitle.Clauses, func(c Clause) bool { return c.Kind != TextClause || c.Not })
	return func(title string) Rank {
		if !split && !typed {
			return TextHas
		}
		e := NewEntry(title, "", nil, nil, false, Active)
		meets := func(c Clause) bool { return c.meets(e, time.Time{}, time.Time{}) }
		switch {
		case typed && meets(is) && meets(says):
			return TitleIs
		case typed && meets(says):
			return TitleSays
		case typed && meets(begins):
			return TitleBegins
		case slices.ContainsFunc(asked, func(c Clause) bool { return !meets(c) }): // of none if all of it is looked for in titles anyhow
			return TextHas
		}
		return TitleHas
	}
}

func (c Clause) not() Clause {
	c.Not = !c.Not
	return c
}

// TitleMark returns a mark of notes with that title, which few others have.
func TitleMark(title string) string { return keyMark(words.Fold(title)) }

// keyMark is the mark of a note whose title has that key.
func keyMark(key string) string { return "!key:" + shortHash(key) }

// wordsMark is the mark of a note whose title has these words and no others.
func wordsMark(words []string) string { return "!words:" + shortHash(strings.Join(words, " ")) }

func shortHash(text string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return strconv.FormatUint(h.Sum64(), 36)
}
