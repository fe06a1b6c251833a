package textdiff

import (
	"slices"
	"strings"
)

// Kind says what became of a piece of text.
type Kind int

// The kinds of change.
const (
	Kept Kind = iota
	Added
	Removed
)

// Change is a piece of text and what became of it.
type Change struct {
	Kind Kind
	Text string
}

// Comparer compares texts, all that are given to it with one budget of work. It is for one request, and not safe for
// several at once.
//
// It answers fast whatever the texts: where it would take too long to find what is alike, a whole passage counts as
// removed and added.
type Comparer struct{ aligner *aligner }

// NewComparer returns a Comparer that has done nothing yet.
func NewComparer() *Comparer { return &Comparer{newAligner(alignBudget)} }

// Diff returns what leads from one text to another: by line first, and by word inside lines that were changed. The
// Kept and Removed pieces make up before, the Kept and Added ones after; what is removed stands ahead of what is added
// in its place. Words are never cut, nor is what a reader takes for one character.
func (cp *Comparer) Diff(before, after string) []Change {
	c := compare(splitLines(before), splitLines(after), map[string]int32{}, newTokenizer(), cp.aligner)
	w := changeWriter{before: before, after: after}
	for _, r := range c.rows {
		switch r.kind {
		case sameLines:
			for i := range r.a1 - r.a0 {
				w.keep(len(c.a.lines[r.a0+i]))
				w.endLine(c.a.ended(r.a0+i), c.b.ended(r.b0+i))
			}
		case alteredLine:
			w.alter(r.aWords, r.bWords, r.edits)
			w.endLine(c.a.ended(r.a0), c.b.ended(r.b0))
		case replacedLines:
			w.skip(c.a.size(r.a0, r.a1), c.b.size(r.b0, r.b1))
		}
	}
	return w.finish()
}

// LineChanges is what differs between two texts, line by line.
type LineChanges struct {
	Lines          []Line
	Left           int // lines that follow and are left out
	Added, Removed int // words, of all that differs
}

// Line is one line of a diff as it is shown, without its line end. Gap counts unchanged lines that are left out
// before it. Kind is that of the whole line: a line with both kept and changed parts is Kept.
type Line struct {
	Gap   int
	Kind  Kind
	Parts []Change
}

// Lines returns the lines that differ, with up to context unchanged lines before and after each; nothing when no
// line differs. A line of which enough was kept is one line with its removed and added words in place; others are
// removed first, then added. Unchanged lines after the last one aren't told, nor is a missing line end at a text's end.
// There are at most limit lines.
func (cp *Comparer) Lines(before, after string, context, limit int) (d LineChanges) {
	c := compare(splitLines(before), splitLines(after), map[string]int32{}, newTokenizer(), cp.aligner)
	gap := 0
	show := func(kind Kind, parts func() []Change) {
		if len(d.Lines) == limit {
			d.Left++
			return
		}
		d.Lines = append(d.Lines, Line{Gap: gap, Kind: kind, Parts: parts()})
		gap = 0
	}
	whole := func(kind Kind, line string) { show(kind, func() []Change { return []Change{{kind, line}} }) }
	context = max(context, 0)
	for i, r := range c.rows {
		switch r.kind {
		case sameLines:
			head, tail := context, context // lines after the change before, lines before the change after
			if i == 0 {
				head = 0
			}
			if i == len(c.rows)-1 {
				tail = 0
			}
			for at := r.a0; at < r.a1; at++ {
				if at-r.a0 >= head && r.a1-at > tail {
					gap++
					continue
				}
				whole(Kept, c.a.lines[at])
			}
		case alteredLine:
			for _, e := range r.edits {
				d.Removed, d.Added = d.Removed+countWords(r.aWords[e.a0:e.a1]), d.Added+countWords(r.bWords[e.b0:e.b1])
			}
			show(Kept, func() []Change {
				w := changeWriter{before: c.a.lines[r.a0], after: c.b.lines[r.b0]}
				w.alter(r.aWords, r.bWords, r.edits)
				return w.finish()
			})
		case replacedLines:
			for _, line := range c.a.lines[r.a0:r.a1] {
				d.Removed += countWords(c.tokenizer.tokens(line))
				whole(Removed, line)
			}
			for _, line := range c.b.lines[r.b0:r.b1] {
				d.Added += countWords(c.tokenizer.tokens(line))
				whole(Added, line)
			}
		}
	}
	return d
}

func countWords(tokens []lineToken) (n int) {
	for _, token := range tokens {
		if token.is(isWord) {
			n++
		}
	}
	return n
}

// changeWriter cuts two texts into changes. It reads both from the beginning.
type changeWriter struct {
	before, after string
	a, b          int // how far each was read
	a0, b0        int // where what isn't written yet begins: kept text when keeping, else removed and added text
	keeping       bool
	changes       []Change
}

// keep takes n bytes that both texts have.
func (w *changeWriter) keep(n int) { w.read(n, n, true) }

// skip takes bytes that only before, and bytes that only after has.
func (w *changeWriter) skip(a, b int) { w.read(a, b, false) }

func (w *changeWriter) read(a, b int, keeping bool) {
	if a == 0 && b == 0 {
		return
	}
	if keeping != w.keeping {
		w.flush()
		w.keeping = keeping
	}
	w.a += a
	w.b += b
}

// endLine takes the line end that either text may have.
func (w *changeWriter) endLine(a, b bool) {
	switch {
	case a && b:
		w.keep(1)
	case a:
		w.skip(1, 0)
	case b:
		w.skip(0, 1)
	}
}

// alter takes a line that edits were made to.
func (w *changeWriter) alter(a, b []lineToken, edits []wordEdit) {
	i := 0
	for _, e := range edits {
		w.keep(bytesOf(a, i, e.a0))
		w.skip(bytesOf(a, e.a0, e.a1), bytesOf(b, e.b0, e.b1))
		i = e.a1
	}
	w.keep(bytesOf(a, i, len(a)))
}

func (w *changeWriter) flush() {
	if w.keeping {
		w.write(Kept, w.before[w.a0:w.a])
	} else {
		w.write(Removed, w.before[w.a0:w.a])
		w.write(Added, w.after[w.b0:w.b])
	}
	w.a0, w.b0 = w.a, w.b
}

func (w *changeWriter) write(kind Kind, text string) {
	if text != "" {
		w.changes = append(w.changes, Change{kind, text})
	}
}

func (w *changeWriter) finish() []Change {
	w.flush()
	return w.changes
}

// lineText is a text as its lines, without their ends. Only the last line may have had none.
type lineText struct {
	lines []string
	end   bool
}

func splitLines(text string) lineText {
	if text == "" {
		return lineText{}
	}
	text, end := strings.CutSuffix(text, "\n")
	return lineText{strings.Split(text, "\n"), end}
}

// ended reports whether the i-th line has a line end.
func (t lineText) ended(i int) bool { return t.end || i < len(t.lines)-1 }

// size returns the length of some lines with their ends, in bytes.
func (t lineText) size(from, to int) (n int) {
	for i := from; i < to; i++ {
		n += len(t.lines[i])
		if t.ended(i) {
			n++
		}
	}
	return n
}

// rowKind says how lines of two texts belong together.
type rowKind int

const (
	sameLines     rowKind = iota // as many on each side
	alteredLine                  // one on each side, with words in common
	replacedLines                // any number on each side, also none
)

// row is a run of lines of both texts that belong together.
type row struct {
	kind           rowKind
	a0, a1, b0, b1 int
	aWords, bWords []lineToken // of an altered line
	edits          []wordEdit
}

// wordEdit replaces the tokens a0 to a1 of a line by those from b0 to b1 of another.
type wordEdit struct{ a0, a1, b0, b1 int }

// comparison is what two texts have in common, row by row.
type comparison struct {
	a, b lineText
	rows []row

	// The numbers of the lines between the common beginning and end, of which the first stands at head: equal where
	// the lines are.
	head       int
	aIDs, bIDs []int32

	aligner   *aligner
	tokenizer *tokenizer
}

const (
	// Above this many tokens, words that stand once in each of two lines lead the comparison.
	anchoredWords = 4000
	// After this many rows the rest of two texts counts as replaced, but for what they end with, and so do more lines
	// of which none is the same: nobody reads them one by one, and the memory for it is bounded.
	maxRows = 20_000
)

// compare finds out what two texts have in common. ids has the numbers of lines, and words those of words; both get those
// of others.
func compare(before, after lineText, ids map[string]int32, words *tokenizer, al *aligner) *comparison {
	c := &comparison{a: before, b: after, aligner: al, tokenizer: words}
	a, b := c.a.lines, c.b.lines
	head, tail := commonEnds(a, b)
	c.same(0, 0, head)
	c.head, c.aIDs, c.bIDs = head, numbered(ids, a[head:len(a)-tail]), numbered(ids, b[head:len(b)-tail])
	match := c.aligner.align(c.aIDs, c.bIDs, len(ids), 0)
	i, j := head, head
	for k, partner := range match {
		if partner < 0 {
			continue
		}
		if len(c.rows) >= maxRows {
			break
		}
		at, other := head+k, head+int(partner)
		c.differ(i, at, j, other)
		c.same(at, other, 1)
		i, j = at+1, other+1
	}
	if len(c.rows) < maxRows {
		c.differ(i, len(a)-tail, j, len(b)-tail)
	} else {
		c.replaced(i, len(a)-tail, j, len(b)-tail)
	}
	c.same(len(a)-tail, len(b)-tail, tail)
	return c
}

func numbered(ids map[string]int32, lines []string) []int32 {
	numbers := make([]int32, len(lines))
	for i, line := range lines {
		id, ok := ids[line]
		if !ok {
			id = int32(len(ids))
			ids[line] = id
		}
		numbers[i] = id
	}
	return numbers
}

// same adds n lines that both texts have.
func (c *comparison) same(a, b, n int) {
	if n == 0 {
		return
	}
	if last := len(c.rows) - 1; last >= 0 && c.rows[last].kind == sameLines {
		c.rows[last].a1 += n
		c.rows[last].b1 += n
		return
	}
	c.rows = append(c.rows, row{kind: sameLines, a0: a, a1: a + n, b0: b, b1: b + n})
}

// replaced adds lines that have nothing to do with each other.
func (c *comparison) replaced(a0, a1, b0, b1 int) {
	if a0 == a1 && b0 == b1 {
		return
	}
	if last := len(c.rows) - 1; last >= 0 && c.rows[last].kind == replacedLines {
		c.rows[last].a1, c.rows[last].b1 = a1, b1
		return
	}
	c.rows = append(c.rows, row{kind: replacedLines, a0: a0, a1: a1, b0: b0, b1: b1})
}

// differ adds lines of which none is the same on both sides. Lines that resemble each other are taken together.
func (c *comparison) differ(a0, a1, b0, b1 int) {
	if a0 == a1 || b0 == b1 || a1-a0+b1-b0 > maxRows {
		c.replaced(a0, a1, b0, b1)
		return
	}
	i, j := 0, 0
	for _, p := range c.partners(c.a.lines[a0:a1], c.b.lines[b0:b1]) {
		edits, alike := c.edits(p.aWords, p.bWords)
		if !alike {
			continue
		}
		c.replaced(a0+i, a0+p.a, b0+j, b0+p.b)
		i, j = p.a+1, p.b+1
		c.rows = append(c.rows, row{alteredLine, a0 + p.a, a0 + i, b0 + p.b, b0 + j, p.aWords, p.bWords, edits})
	}
	c.replaced(a0+i, a1, b0+j, b1)
}

// profile is a line and what it is likened by.
type profile struct {
	tokens []lineToken
	words  []weightedWord // sorted by id; set by sortWords
	weight int            // of words; set by sortWords
}

type weightedWord struct{ id, weight int32 }

func (c *comparison) profile(line string) profile { return profile{tokens: c.tokenizer.tokens(line)} }

func (c *comparison) profiles(lines []string) []profile {
	profiles := make([]profile, len(lines))
	for i, line := range lines {
		profiles[i] = c.profile(line)
	}
	return profiles
}

// sortWords makes a line ready for likeness.
func (p *profile) sortWords() {
	p.words = make([]weightedWord, 0, len(p.tokens))
	for i, t := range p.tokens {
		if t.is(isWord) {
			weight := weightOf(p.tokens, i, i+1)
			p.words = append(p.words, weightedWord{t.id, int32(weight)})
			p.weight += weight
		}
	}
	slices.SortFunc(p.words, func(a, b weightedWord) int { return int(a.id - b.id) })
}

// likeness returns how much text two lines have in common whatever its order, or 0 when that is less than half of the
// shorter one.
func likeness(a, b *profile) (common int) {
	for i, j := 0, 0; i < len(a.words) && j < len(b.words); {
		switch d := a.words[i].id - b.words[j].id; {
		case d < 0:
			i++
		case d > 0:
			j++
		default:
			common += int(a.words[i].weight)
			i++
			j++
		}
	}
	if 2*common < min(a.weight, b.weight) {
		return 0
	}
	return common
}

// partners are two lines that may be taken together.
type partners struct {
	a, b           int
	aWords, bWords []lineToken
}

// partners returns which of some lines may be taken together, ascending on both sides: those that have most text in
// common, or, where there are too many lines to compare each with each, those that resemble each other in turn from
// the beginning and from the end.
func (c *comparison) partners(a, b []string) []partners {
	if len(a) == 1 && len(b) == 1 {
		return []partners{{0, 0, c.tokenizer.tokens(a[0]), c.tokenizer.tokens(b[0])}}
	}
	if len(a)*len(b) > c.aligner.budget/4 {
		return c.partnersInTurn(a, b)
	}
	as, bs := c.profiles(a), c.profiles(b)
	cost := len(a) * len(b)
	for i := range as {
		as[i].sortWords()
		cost += len(as[i].words) * len(b)
	}
	for j := range bs {
		bs[j].sortWords()
		cost += len(bs[j].words) * len(a)
	}
	if cost > c.aligner.budget/4 {
		return c.partnersInTurn(a, b)
	}
	c.aligner.budget -= cost
	return bestPartners(as, bs)
}

// bestPartners returns the lines that have most text in common, when each is compared with each.
func bestPartners(a, b []profile) (found []partners) {
	// most[i][j] is the most text that the lines from i and from j on have in common.
	width := len(b) + 1
	most, own := make([]int, (len(a)+1)*width), make([]int, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			at := i*width + j
			most[at] = max(most[at+1], most[at+width])
			if own[at] = likeness(&a[i], &b[j]); own[at] > 0 {
				most[at] = max(most[at], own[at]+most[at+width+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch at := i*width + j; {
		case own[at] > 0 && most[at] == own[at]+most[at+width+1]:
			found = append(found, partners{i, j, a[i].tokens, b[j].tokens})
			i++
			j++
		case most[at] == most[at+width]:
			i++
		default:
			j++
		}
	}
	return found
}

func (c *comparison) partnersInTurn(a, b []string) (found []partners) {
	resembling := func(i, j int) (p partners, ok bool) {
		x, y := c.profile(a[i]), c.profile(b[j])
		x.sortWords()
		y.sortWords()
		return partners{i, j, x.tokens, y.tokens}, likeness(&x, &y) > 0
	}
	for i := 0; i < len(a) && i < len(b); i++ {
		p, ok := resembling(i, i)
		if !ok {
			break
		}
		found = append(found, p)
	}
	head := len(found)
	for k := 1; k <= min(len(a), len(b))-head; k++ {
		p, ok := resembling(len(a)-k, len(b)-k)
		if !ok {
			break
		}
		found = append(found, p)
	}
	slices.Reverse(found[head:])
	return found
}

// edits returns what leads from one line to another, and whether a quarter of the shorter one was kept. Small kept
// pieces between large changes are taken into these, so that a rewritten phrase reads as one change. What stands
// between two edits is never blank.
func (c *comparison) edits(a, b []lineToken) (edits []wordEdit, alike bool) {
	match := c.aligner.align(idsOf(a), idsOf(b), c.tokenizer.count(), anchoredWords)
	i, j := 0, 0
	add := func(a1, b1 int) {
		if i == a1 && j == b1 {
			return
		}
		e := wordEdit{i, a1, j, b1}
		for len(edits) > 0 {
			last := edits[len(edits)-1]
			if kept := weightOf(a, last.a1, e.a0); kept > 0 &&
				2*kept > min(max(weightOf(a, last.a0, last.a1), weightOf(b, last.b0, last.b1)),
					max(weightOf(a, e.a0, e.a1), weightOf(b, e.b0, e.b1))) {
				break
			}
			e.a0, e.b0 = last.a0, last.b0
			edits = edits[:len(edits)-1]
		}
		edits = append(edits, e)
	}
	for k, partner := range match {
		if partner >= 0 {
			add(k, int(partner))
			i, j = k+1, int(partner)+1
		}
	}
	add(len(a), len(b))
	kept := weightOf(a, 0, len(a))
	shorter := min(kept, weightOf(b, 0, len(b)))
	for _, e := range edits {
		kept -= weightOf(a, e.a0, e.a1)
	}
	return edits, kept > 0 && 4*kept >= shorter
}

func idsOf(tokens []lineToken) []int32 {
	ids := make([]int32, len(tokens))
	for i, t := range tokens {
		ids[i] = t.id
	}
	return ids
}
