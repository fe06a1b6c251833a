package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"

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
	more := len(scanned) < len(content)
	f := newHitFinder(q, false, limit*3/4)
	var b strings.Builder
	for line := range strings.Lines(strings.ToValidUTF8(scanned, "\ufffd")) {
		if b.Len() > f.best+utf8.UTFMax*limit && f.found() {
			more = true
			break
		}
		line = markup.PlainLine(line)
		if line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		at := b.Len()
		b.WriteString(line)
		f.read(line, at)
	}
	plain := b.String()
	start := passageStart(plain, f.best, limit)
	end, whole := passageEnd(plain, start, f.best, limit, more)
	passage := mark(plain, start, end, f.hits)
	if start > 0 {
		passage = slices.Insert(passage, 0, Span{Text: "…"})
	}
	if !whole {
		passage = append(passage, Span{Text: "…"})
	}
	return join(passage)
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
	if start <= 1 || limit < 8 {
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
