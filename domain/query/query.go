package query

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"octavo/domain/words"
)

// What a query may hold at most. What is beyond counts for nothing, and is named as a problem.
const (
	MaxLength  = 1 << 10 // bytes
	MaxClauses = 32
	MaxPhrase  = 32 // words in one clause
)

// Query is what somebody looks for. Its zero value finds every note that isn't in the trash.
type Query struct {
	Clauses  []Clause  // a note has to meet all of them
	Except   []Clause  // if not empty: notes that meet all of these are left out
	Problems []Problem // what couldn't be read, in the order of the text; the rest counts

	title typedTitle
}

// Problem is a part of a query's text that counts for nothing, or not as it seems to be meant.
type Problem struct {
	Start, End int // where it stands in the query's text, in bytes
	Fault      Fault
}

// Fault is what is wrong with a part of a query's text.
type Fault string

// The faults that a query's text may have.
const (
	TooManyClauses Fault = "too_many_conditions"
	TooLong        Fault = "too_long"
	OpenQuote      Fault = "open_quote"
	NothingNegated Fault = "nothing_negated"
	UnknownMark    Fault = "has"
	NoTitle        Fault = "title"
	NoWord         Fault = "no_word"
	LongPhrase     Fault = "long_phrase"
	NoTag          Fault = "tag"
	TagWithBlank   Fault = "tag_with_blank"
	UnknownState   Fault = "is"
	NoDate         Fault = "date"
	EmptyRange     Fault = "range"
)

// Kind tells what a clause asks for.
type Kind int

// The kinds of clauses.
const (
	TextClause Kind = iota
	TagClause
	StateClause
	PinnedClause
	HasClause
	CreatedClause
	UpdatedClause
	titleClause // what TitleIs and such ask for; see its mark
)

// Clause is one condition of a query.
type Clause struct {
	Kind     Kind
	Not      bool      // notes that meet the rest of the clause don't meet the clause
	Title    bool      // TextClause: in the title only, else in title or content
	Start    bool      // TextClause with Title: the title begins with them
	Words    []string  // TextClause: folded, in this order one directly after the other; never empty
	Prefix   bool      // TextClause: the last of Words is the beginning of a word
	Tag      string    // TagClause: the tag's key, as Fold makes it; its children count too
	State    string    // StateClause: Active and so on
	Has      Mark      // HasClause
	From, To time.Time // CreatedClause, UpdatedClause: half-open, zero = unbounded
	mark     string    // titleClause
}

// The states of a note, as is: names them.
const (
	Active   = "active"
	Archived = "archived"
	Trashed  = "trashed"
)

// Mark is something that a note's content has.
type Mark string

// The marks of a note.
const (
	HasTask  Mark = "task"
	HasImage Mark = "image"
	HasLink  Mark = "link"
)

// Parse reads what a person types to find notes:
//
//	word            a word of title or content; if it ends the query, the beginning of one
//	wor*            the beginning of a word
//	"a phrase"      these words one after the other
//	title:word      in the title; also title:"a phrase"
//	tag:work #work  a tag, or one below it
//	is:pinned       also is:active, is:archived, is:trashed
//	has:task        also has:image, has:link
//	created:2026    also updated: and 2026-03, 2026-03-14, all in UTC; >2026, >=2026, <2026, <=2026, 2026..2027
//	-word           not that; - negates any of the above
//
// A note has to meet all of it. A word that Words divides is a phrase of its parts, and so is one with a key that isn't
// known. A negated word isn't the beginning of one unless it ends in *, as nobody expects -no to leave out the notes.
// A character that begins words of two characters, as those of Japanese do, is always looked for as a beginning.
//
// Parse never fails: what it can't read is in Problems and doesn't count.
func Parse(text string) Query {
	p := parser{text: text}
	if len(text) > MaxLength {
		end := MaxLength
		for end > 0 && !utf8.RuneStart(text[end]) {
			end--
		}
		p.text = text[:end]
	}
	for p.next() {
		if len(p.query.Clauses) == MaxClauses {
			p.problem(p.start, len(p.text), TooManyClauses)
			break
		}
		p.term()
	}
	if len(p.query.Clauses) == 0 && len(p.query.Problems) == 0 {
		p.query.Problems = p.wordless
	}
	p.query.title = p.typedTitle(text)
	if len(p.text) < len(text) {
		p.problem(len(p.text), len(text), TooLong)
	}
	return p.query
}

// parser reads a query's text, term by term.
type parser struct {
	text     string
	start    int // of the term at hand
	pos      int // behind what is read
	query    Query
	wordless []Problem     // terms without a word, as & is, which matter only if there is nothing else
	words    []words.Token // of all that is looked for in texts
	paired   bool          // the last of words is the end of the pair before it
}

// value is what a term looks for.
type value struct {
	text   string
	quoted bool
	star   bool // it is followed by a *
}

// problem notes what is wrong with [start, end) of the text. A text that is all wrong needs to be told only so often.
func (p *parser) problem(start, end int, fault Fault) {
	if len(p.query.Problems) < MaxClauses {
		p.query.Problems = append(p.query.Problems, Problem{start, end, fault})
	}
}

// wrong notes what is wrong with the term at hand.
func (p *parser) wrong(fault Fault) { p.problem(p.start, p.pos, fault) }

// next moves to the next term and reports whether there is one.
func (p *parser) next() bool {
	rest := strings.TrimLeftFunc(p.text[p.pos:], unicode.IsSpace)
	p.pos = len(p.text) - len(rest)
	p.start = p.pos
	return rest != ""
}

// last reports whether nothing follows what is read.
func (p *parser) last() bool { return strings.TrimSpace(p.text[p.pos:]) == "" }

// word returns what stands before the next blank.
func (p *parser) word() string {
	rest := p.text[p.pos:]
	if end := strings.IndexFunc(rest, unicode.IsSpace); end >= 0 {
		return rest[:end]
	}
	return rest
}

// quotes are what phrases stand between, typed or as telephones make of them.
const quotes = "\"“”„＂"

// value reads what stands between quotes or before the next blank.
func (p *parser) value() value {
	quote, size := utf8.DecodeRuneInString(p.text[p.pos:])
	if !strings.ContainsRune(quotes, quote) {
		v := value{text: p.word()}
		p.pos += len(v.text)
		v.star = strings.HasSuffix(v.text, "*")
		return v
	}
	opened := p.pos
	p.pos += size
	v := value{text: p.text[p.pos:], quoted: true}
	end := strings.IndexAny(v.text, quotes)
	if end < 0 {
		p.pos = len(p.text)
		p.problem(opened, p.pos, OpenQuote)
		return v
	}
	v.text = v.text[:end]
	v.star = strings.HasSuffix(v.text, "*")
	p.pos += end
	_, size = utf8.DecodeRuneInString(p.text[p.pos:])
	p.pos += size
	if strings.HasPrefix(p.text[p.pos:], "*") {
		p.pos++
		v.star = true
	}
	return v
}

// term reads the term that begins at pos.
func (p *parser) term() {
	var c Clause
	if strings.HasPrefix(p.text[p.pos:], "-") {
		c.Not = true
		p.pos++
		if p.word() == "" {
			p.wrong(NothingNegated)
			return
		}
	}
	word := p.word()
	if tag := strings.TrimLeft(word, "#"); tag != word && hasWord(tag) {
		p.pos += len(word)
		p.tag(c, tag)
		return
	}
	name, _, _ := strings.Cut(word, ":")
	key := strings.ToLower(name)
	if len(name) < len(word) && slices.Contains([]string{"tag", "title", "is", "has", "created", "updated"}, key) {
		p.pos += len(name) + 1
	} else {
		key = ""
	}
	v := p.value()
	switch key {
	case "":
		p.addWords(c, v)
	case "title":
		c.Title = true
		p.addWords(c, v)
	case "tag":
		p.tag(c, v.text)
	case "is":
		p.state(c, v)
	case "has":
		c.Kind, c.Has = HasClause, Mark(words.Fold(v.text))
		if c.Has != HasTask && c.Has != HasImage && c.Has != HasLink {
			p.wrong(UnknownMark)
			return
		}
		p.add(c)
	case "created", "updated":
		c.Kind = CreatedClause
		if key == "updated" {
			c.Kind = UpdatedClause
		}
		p.times(c, v)
	}
}

func (p *parser) add(c Clause) { p.query.Clauses = append(p.query.Clauses, c) }

// addWords adds a clause for the words of v.
func (p *parser) addWords(c Clause, v value) {
	var tokens []words.Token
	words.Scan(v.text, func(t words.Token) bool {
		tokens = append(tokens, t)
		return true
	})
	if len(tokens) == 0 {
		if c.Title {
			p.wrong(NoTitle)
		} else if len(p.wordless) < MaxClauses {
			p.wordless = append(p.wordless, Problem{p.start, p.pos, NoWord})
		}
		return
	}
	n := len(tokens)
	paired := n > 1 && tokens[n-1].Alone() && tokens[n-2].End == tokens[n-1].End
	if !c.Not {
		p.words, p.paired = append(p.words, tokens...), paired
	}
	last := tokens[len(tokens)-1]
	ends := last.End >= len(strings.TrimRight(v.text, "*")) // whether nothing follows the last word
	c.Prefix = ends && (v.star || !v.quoted && !c.Not && p.last())
	if last.Alone() {
		if paired {
			tokens = tokens[:n-1] // the pair before has it already
		} else {
			c.Prefix = true
		}
	}
	if len(tokens) > MaxPhrase {
		p.wrong(LongPhrase)
		tokens, c.Prefix = tokens[:MaxPhrase], false
	}
	for _, t := range tokens {
		c.Words = append(c.Words, t.Text)
	}
	p.add(c)
}

// tag adds a clause for a tag.
func (p *parser) tag(c Clause, tag string) {
	tag = strings.TrimSpace(strings.TrimLeft(tag, "#"))
	c.Kind, c.Tag = TagClause, strings.Trim(words.FoldTag(tag), "/")
	if c.Tag == "" {
		p.wrong(NoTag)
		return
	}
	if strings.ContainsFunc(tag, unicode.IsSpace) {
		p.wrong(TagWithBlank)
		return
	}
	p.add(c)
}

// state adds a clause for what is: names.
func (p *parser) state(c Clause, v value) {
	c.Kind = StateClause
	switch value := words.Fold(v.text); value {
	case "pinned":
		c.Kind = PinnedClause
	case Active, Archived, Trashed:
		c.State = value
	default:
		p.wrong(UnknownState)
		return
	}
	p.add(c)
}

// times adds a clause for a range of time.
func (p *parser) times(c Clause, v value) {
	var ok bool
	if c.From, c.To, ok = parseTimes(v.text); !ok {
		p.wrong(NoDate)
		return
	}
	if !c.From.IsZero() && !c.To.IsZero() && !c.From.Before(c.To) {
		p.wrong(EmptyRange)
		return
	}
	p.add(c)
}

// parseTimes reads a date, a comparison with one, or a range of them, which includes both ends.
func parseTimes(text string) (from, to time.Time, ok bool) {
	if first, last, isRange := strings.Cut(text, ".."); isRange {
		if first != "" {
			if from, _, ok = parseDate(first); !ok {
				return from, to, false
			}
		}
		if last != "" {
			if _, to, ok = parseDate(last); !ok {
				return from, to, false
			}
		}
		return from, to, ok
	}
	date := strings.TrimLeft(text, "<>=")
	from, to, ok = parseDate(date)
	if !ok {
		return from, to, false
	}
	switch text[:len(text)-len(date)] {
	case "", "=":
		return from, to, true
	case ">":
		return to, time.Time{}, true
	case ">=":
		return from, time.Time{}, true
	case "<":
		return time.Time{}, from, true
	case "<=":
		return time.Time{}, to, true
	}
	return from, to, false
}

// parseDate reads a year, a month or a day, and returns when it begins and when the next begins.
func parseDate(text string) (from, to time.Time, ok bool) {
	var layout string
	var years, months, days int
	switch len(text) {
	case len("2006"):
		layout, years = "2006", 1
	case len("2006-01"):
		layout, months = "2006-01", 1
	default:
		layout, days = "2006-01-02", 1
	}
	from, err := time.Parse(layout, text)
	if err != nil || from.Year() < 1000 { // 0026 is a slip, and year 1 begins at the zero time, which is no bound
		return time.Time{}, time.Time{}, false
	}
	return from, from.AddDate(years, months, days), true
}

func hasWord(text string) (found bool) {
	words.Scan(text, func(words.Token) bool {
		found = true
		return false
	})
	return found
}

// NamesState reports whether the query asks for notes of some state. If not, notes in the trash don't count: neither
// for a query without a state, nor for one that only says which states it doesn't want.
func (q Query) NamesState() bool {
	return slices.ContainsFunc(q.Clauses, func(c Clause) bool { return c.Kind == StateClause && !c.Not })
}

// MayFind reports whether notes in a state may be among those that the query finds.
func (q Query) MayFind(state string) bool {
	for _, c := range q.Clauses {
		if c.Kind == StateClause && (c.State == state) == c.Not {
			return false
		}
	}
	return state != Trashed || q.NamesState()
}

// UpdatedBy returns the query for those of the notes that were last updated at t or before.
func (q Query) UpdatedBy(t time.Time) Query {
	const next = time.Microsecond // as times are stored
	q.Clauses = append(q.Clauses[:len(q.Clauses):len(q.Clauses)], Clause{Kind: UpdatedClause, To: t.Add(next)})
	return q
}

// Tagged returns the query for those of the notes that have the tag with a key, or one below it.
func (q Query) Tagged(key string) Query {
	q.Clauses = append(q.Clauses[:len(q.Clauses):len(q.Clauses)], Clause{Kind: TagClause, Tag: key})
	return q
}

// Entry is what an index knows of a note.
type Entry struct {
	Title, Content []string // words in order
	Marks          []string // as Clause.Mark has them: each tag and the tags above it, what the content has, pinned, the state, the title
}

// NewEntry returns the entry of a note that has these tags and marks. text is its content as its words are read; see
// markup.Visible.
func NewEntry(title, text string, tagKeys []string, has []Mark, pinned bool, state string) Entry {
	e := Entry{Title: wordTexts(title), Content: wordTexts(text)}
	for _, key := range tagKeys {
		for ; key != ""; key = key[:max(0, strings.LastIndexByte(key, '/'))] {
			e.Marks = append(e.Marks, tagMark(key))
		}
	}
	for _, mark := range has {
		e.Marks = append(e.Marks, "!"+string(mark))
	}
	if pinned {
		e.Marks = append(e.Marks, pinnedMark)
	}
	e.Marks = append(e.Marks, "!"+state, keyMark(words.Fold(title)), wordsMark(e.Title))
	slices.Sort(e.Marks)
	e.Marks = slices.Compact(e.Marks)
	return e
}

const pinnedMark = "!pinned"

// maxMark is how many bytes a mark may have: an index has no room for more. Few letters fold to as many as it takes.
const maxMark = 2000

// tagMark returns the mark of the tag with a key.
func tagMark(key string) string {
	if len(key) < maxMark {
		return "#" + key
	}
	sum := sha256.Sum256([]byte(key))
	return "##" + hex.EncodeToString(sum[:]) // which no key begins like
}

func wordTexts(text string) (texts []string) {
	for w := range words.Split(text) {
		if len(texts) == cap(texts) { // a text may have a million, and append grows such a list by a quarter
			texts = slices.Grow(texts, len(texts)+1)
		}
		texts = append(texts, w.Text)
	}
	return texts
}

// Mark returns what the Marks of an entry contain if the note meets the clause, its Not aside: "#work/home" for a tag,
// "!task", "!pinned", "!archived" and so on. It is empty for clauses about words and times.
func (c Clause) Mark() string {
	switch c.Kind {
	case TagClause:
		return tagMark(c.Tag)
	case StateClause:
		return "!" + c.State
	case PinnedClause:
		return pinnedMark
	case HasClause:
		return "!" + string(c.Has)
	}
	return c.mark
}

// Matches reports whether the query finds the note that e was made of. It is the definition that every index agrees with.
func (q Query) Matches(e Entry, created, updated time.Time) bool {
	meets := func(c Clause) bool { return c.meets(e, created, updated) }
	if !q.NamesState() && slices.Contains(e.Marks, "!"+Trashed) {
		return false
	}
	for _, c := range q.Clauses {
		if !meets(c) {
			return false
		}
	}
	for _, c := range q.Except {
		if !meets(c) {
			return true
		}
	}
	return len(q.Except) == 0
}

// meets reports whether the note that e was made of meets the clause.
func (c Clause) meets(e Entry, created, updated time.Time) bool {
	var met bool
	switch c.Kind {
	case TextClause:
		if c.Start {
			met = len(e.Title) >= len(c.Words) && c.standsAt(e.Title)
		} else {
			met = c.standsIn(e.Title) || !c.Title && c.standsIn(e.Content)
		}
	case CreatedClause:
		met = c.includes(created)
	case UpdatedClause:
		met = c.includes(updated)
	default:
		met = slices.Contains(e.Marks, c.Mark())
	}
	return met != c.Not
}

// includes reports whether t is in the clause's range.
func (c Clause) includes(t time.Time) bool {
	return (c.From.IsZero() || !t.Before(c.From)) && (c.To.IsZero() || t.Before(c.To))
}

// standsIn reports whether the clause's words stand in texts, one directly after the other.
func (c Clause) standsIn(texts []string) bool {
	for i := range len(texts) - len(c.Words) + 1 {
		if c.standsAt(texts[i:]) {
			return true
		}
	}
	return false
}

// standsAt reports whether texts, which are at least as many, begin with the clause's words.
func (c Clause) standsAt(texts []string) bool {
	last := len(c.Words) - 1
	for i, word := range c.Words[:last] {
		if texts[i] != word {
			return false
		}
	}
	if c.Prefix {
		return strings.HasPrefix(texts[last], c.Words[last])
	}
	return texts[last] == c.Words[last]
}
