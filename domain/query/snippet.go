package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/clipperhouse/uax29/v2/sentences"

	"octavo/domain/markup"
	"octavo/domain/words"
)

// Span is a piece of text, marked where it is what was looked for.
type Span struct {
	Text string
	Hit  bool
}

// maxScanned is how much of a text is searched for hits, in bytes.
const maxScanned = 64 << 10

// Highlight returns text, a title, whole, with what q looks for marked.
func (q Query) Highlight(text string) []Span {
	f := newHitFinder(q, true, len(text))
	f.read(markup.Beginning(text, maxScanned), 0)
	return join(mark(text, 0, len(text), f.hits))
}

// Snippet returns at most limit code points of the plain text of content, which is Markdown, line by line: around the first
// place where all that q looks for stands together, or else where most of it does, with … where it is cut and hits marked.
// Without a hit in the first 64 KiB it is the beginning.
func (q Query) Snippet(content string, limit int) []Span {
	if limit <= 0 {
		return nil
	}
	content = markup.WithoutFrontMatter(content)
	scanned := markup.Beginning(content, maxScanned)
	p := passageOf(q, limit, strings.ToValidUTF8(scanned, "\ufffd"))
	f, plain := p.hitFinder, p.plain.String()
	start := passageStart(plain, f.best, limit)
	end, whole := passageEnd(plain, start, f.best, limit, len(scanned) < len(content))
	return cut(mark(plain, start, end, f.hits), start > 0, !whole)
}

// Sentence returns the sentence of a plain text on one line in which [start, end) stands, which is marked: at most limit code
// points of it, with … where it is cut.
func Sentence(text string, start, end, limit int) []Span {
	reach := 4 * utf8.UTFMax * limit // what is farther away isn't shown
	from := max(0, start-reach)
	for from > 0 && !utf8.RuneStart(text[from]) {
		from--
	}
	text = markup.Beginning(text[from:], end-from+reach)
	start, end = start-from, end-from
	begin, stop := 0, len(text)
	for s := sentences.FromString(text); s.Next(); {
		if s.Start() <= start {
			begin = s.Start()
		}
		if s.End() >= end {
			stop = s.End()
			break
		}
	}
	text = strings.TrimRight(text[begin:stop], blanks)
	start, end = start-begin, end-begin
	first := passageStart(text, start, limit)
	last, whole := passageEnd(text, first, start, limit, false)
	return cut(mark(text, first, last, []hit{{start: start, end: end}}), first > 0, !whole)
}

// passage is the plain text of what may be shown of a content, and what was found there.
type passage struct {
	*hitFinder
	limit int
	plain strings.Builder // where it ends before the content does, it is more than can be shown
}

// passageOf reads a content, which is valid UTF-8, until there is no better place to be shown. Lines before the first in
// which something may be found are passed over, but for those that stand right before it.
func passageOf(q Query, limit int, content string) *passage {
	p := &passage{hitFinder: newHitFinder(q, false, limit*3/4), limit: limit}
	passed, at := 0, 0 // where those that are passed over begin, and the line
	for line := range strings.Lines(content) {
		if p.found() && p.enough() {
			return p
		}
		mayHave := limit < leastCut || p.mayHave(line)
		if mayHave || len(p.hits) > 0 || len(p.clauses) == 0 {
			p.writeLast(content[passed:at])
			passed = at + len(line)
			if begin := p.write(markup.PlainLine(line)); mayHave {
				p.read(p.plain.String()[begin:], begin)
			}
		}
		at += len(line)
	}
	if len(p.hits) == 0 && len(p.clauses) > 0 {
		p.plain.Reset()
		p.writeFirst(content)
	}
	return p
}

// enough reports whether there is as much text behind the best place as can be shown.
func (p *passage) enough() bool { return p.plain.Len() > p.best+utf8.UTFMax*p.limit }

// write writes a line of plain text, and returns where that begins.
func (p *passage) write(plain string) (begin int) {
	if plain == "" {
		return p.plain.Len()
	}
	if p.plain.Len() > 0 {
		p.plain.WriteByte('\n')
	}
	begin = p.plain.Len()
	p.plain.WriteString(plain)
	return begin
}

// writeFirst writes as many of some lines, from the first on, as may be shown.
func (p *passage) writeFirst(lines string) {
	for line := range strings.Lines(lines) {
		if p.enough() {
			return
		}
		p.write(markup.PlainLine(line))
	}
}

// writeLast writes as many of some lines, up to the last, as may be shown before what follows them.
func (p *passage) writeLast(lines string) {
	var last []string
	for size := 0; lines != "" && size <= p.limit+1; {
		begin := strings.LastIndexByte(lines[:len(lines)-1], '\n') + 1
		plain := markup.PlainLine(lines[begin:])
		last, lines, size = append(last, plain), lines[:begin], size+utf8.RuneCountInString(plain)
	}
	for _, plain := range slices.Backward(last) {
		p.write(plain)
	}
}

// mayHave reports whether something may be found in a line. It takes far less time than to look for it, and is only
// told of single words: those of a phrase may stand on several lines.
func (f *hitFinder) mayHave(line string) bool {
	return slices.ContainsFunc(f.clauses, func(c Clause) bool { return len(c.Words) > 1 || mayHaveWord(line, c.Words[0]) })
}

// mayHaveWord reports whether a line of Markdown may have a folded word, or one that begins like it. What isn't ASCII may be
// folded to anything, and so may a character reference. Otherwise the letters of a word follow one another, unless a mark
// stands between them that isn't shown.
func mayHaveWord(line, word string) bool {
	const marks = "*_~=`|\\![]<>^%" // of which markup.PlainLine leaves out some, and what belongs to them
	for i := range len(line) {
		c := line[i]
		switch {
		case c >= utf8.RuneSelf || c == '&':
			return true
		case c|0x20 == word[0] || c == word[0]: // bit 0x20 makes a capital a small letter
			n := 1
			for n < len(word) && i+n < len(line) && lowered(line[i+n]) == word[n] {
				n++
			}
			if n == len(word) || i+n < len(line) && strings.IndexByte(marks, line[i+n]) >= 0 {
				return true
			}
		}
	}
	return false
}

func lowered(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// hit is a place [start, end) of a text where a clause's words stand.
type hit struct {
	start, end int
	clause     int
}

// hitFinder finds what a query looks for in a text that it is given line by line.
type hitFinder struct {
	clauses []Clause
	recent  []words.Token // the last words read, with their places in the whole text
	hits    []hit         // in the order in which they end
	near    int           // bytes within which hits belong together

	first  int   // of hits, the first of those that are near the last one
	counts []int // of them, by clause
	kinds  int   // clauses that have some of them
	most   int   // the highest that kinds has been
	best   int   // where the first hit stood then; 0 before there is one
}

// newHitFinder returns a finder of what q looks for, in titles or in contents.
func newHitFinder(q Query, inTitle bool, near int) *hitFinder {
	f := &hitFinder{near: near}
	for _, c := range q.Clauses {
		if c.Kind == TextClause && !c.Not && (inTitle || !c.Title) {
			f.clauses = append(f.clauses, c)
		}
	}
	f.counts = make([]int, len(f.clauses))
	return f
}

// found reports whether there is no better place to look for.
func (f *hitFinder) found() bool { return f.most == len(f.clauses) }

// read finds hits in line, which stands at byte at of the text. Behind a place that can't be better it reads only as
// far as a passage reaches.
func (f *hitFinder) read(line string, at int) {
	if len(f.clauses) == 0 {
		return
	}
	words.Scan(line, func(t words.Token) bool {
		t.Start, t.End, t.HeadEnd = t.Start+at, t.End+at, t.HeadEnd+at
		if len(f.recent) == 2*MaxPhrase {
			f.recent = append(f.recent[:0], f.recent[MaxPhrase:]...)
		}
		f.recent = append(f.recent, t)
		for i, c := range f.clauses {
			if first := len(f.recent) - len(c.Words); first >= 0 && c.endsWith(f.recent[first:]) {
				f.add(hit{f.recent[first].Start, hitEnd(c, t), i})
			}
		}
		return !f.found() || t.Start < f.best+2*utf8.UTFMax*f.near
	})
}

// endsWith reports whether tokens, which are as many, are the clause's words.
func (c Clause) endsWith(tokens []words.Token) bool {
	last := len(c.Words) - 1
	if tokens[last].Text != c.Words[last] && (!c.Prefix || !strings.HasPrefix(tokens[last].Text, c.Words[last])) {
		return false
	}
	for i, word := range c.Words[:last] {
		if tokens[i].Text != word {
			return false
		}
	}
	return true
}

// hitEnd returns where a hit of c ends whose last word is t: behind the word, or behind its first character if t is a
// pair of characters and only one is looked for.
func hitEnd(c Clause, t words.Token) int {
	if c.Prefix && len(c.Words[len(c.Words)-1]) <= t.Head {
		return t.HeadEnd
	}
	return t.End
}

// add takes a hit and moves on what is near it.
func (f *hitFinder) add(h hit) {
	f.hits = append(f.hits, h)
	if f.counts[h.clause]++; f.counts[h.clause] == 1 {
		f.kinds++
	}
	for f.first < len(f.hits)-1 && h.end-f.hits[f.first].start > f.near {
		gone := f.hits[f.first].clause
		if f.counts[gone]--; f.counts[gone] == 0 {
			f.kinds--
		}
		f.first++
	}
	if f.kinds > f.most {
		f.most, f.best = f.kinds, f.hits[f.first].start
	}
}

// blanks part the words and the lines of a passage.
const blanks = " \n"

// leastCut is how many code points a passage has at least that doesn't begin where the text does.
const leastCut = 8

// passageStart returns where a passage of limit code points begins that shows what stands at best: a quarter of it
// before, or more where the text ends soon, at a word if there are blanks and at a grapheme cluster otherwise.
func passageStart(plain string, best, limit int) int {
	before := limit / 4
	after := utf8.RuneCountInString(markup.Beginning(plain[best:], utf8.UTFMax*limit))
	before = max(before, limit-1-after)
	start := best
	for ; before > 0 && start > 0; before-- {
		_, size := utf8.DecodeLastRuneInString(plain[:start])
		start -= size
	}
	// The ellipsis takes the place of one code point, so it has to stand for more than that.
	if start <= 1 || limit < leastCut {
		return 0
	}
	if blank := strings.IndexAny(plain[start-1:best], blanks); blank >= 0 && blank <= (best-start)/2 {
		return start + blank
	}
	word := strings.LastIndexAny(plain[:start], blanks) + 1
	clusters := graphemes.FromString(plain[word:])
	for clusters.Next() {
		if word+clusters.Start() >= start {
			return min(word+clusters.Start(), best)
		}
	}
	return best
}

// passageEnd returns where a passage ends that begins at start, so that it has at most limit code points with the
// ellipses around it, and whether that is the end of the text, of which there may be more than plain.
func passageEnd(plain string, start, best, limit int, more bool) (end int, whole bool) {
	if start > 0 {
		limit--
	}
	rest := plain[start:]
	if !more && (len(rest) <= limit || utf8.RuneCountInString(rest) <= limit) {
		return len(plain), true
	}
	limit-- // for the ellipsis
	clusters := graphemes.FromString(rest)
	for clusters.Next() {
		if limit -= utf8.RuneCountInString(clusters.Value()); limit < 0 {
			break
		}
		end = clusters.End()
	}
	if end < len(rest) && !strings.ContainsRune(blanks, rune(rest[end])) {
		if blank := strings.LastIndexAny(rest[:end], blanks); blank > end/2 && start+blank > best {
			end = blank
		}
	}
	return start + len(strings.TrimRight(rest[:end], blanks)), false
}

// mark returns text[start:end] with the hits in it marked. Hits that overlap or touch are one.
func mark(text string, start, end int, hits []hit) (spans []Span) {
	hits = slices.SortedFunc(slices.Values(hits), func(a, b hit) int { return cmp.Compare(a.start, b.start) })
	for i := 0; i < len(hits); {
		from, to := hits[i].start, hits[i].end
		for i++; i < len(hits) && hits[i].start <= to; i++ {
			to = max(to, hits[i].end)
		}
		from, to = max(from, start), min(to, end)
		if from < to {
			spans = append(spans, Span{text[start:from], false}, Span{text[from:to], true})
			start = to
		}
	}
	return append(spans, Span{Text: text[start:end]})
}

// cut returns a passage with … where it has been cut.
func cut(passage []Span, before, behind bool) []Span {
	if before {
		passage = slices.Insert(passage, 0, Span{Text: "…"})
	}
	if behind {
		passage = append(passage, Span{Text: "…"})
	}
	return join(passage)
}

// join returns spans without empty ones, and with neighbours that are both hits, or both not, as one.
func join(spans []Span) (joined []Span) {
	for _, s := range spans {
		switch last := len(joined) - 1; {
		case s.Text == "":
		case last >= 0 && joined[last].Hit == s.Hit:
			joined[last].Text += s.Text
		default:
			joined = append(joined, s)
		}
	}
	return joined
}
