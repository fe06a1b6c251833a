package textdiff

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// Piece is a part of a merge: text that both sides agree on, or a collision with both.
type Piece struct {
	Text      string // agreed
	Collision bool

	Base, Mine, Theirs string // of a collision, whole lines; empty where a side has none
}

// MaxCollisions is how many collisions a merge has at most: with more, the last one reaches from where it begins to
// where the others end, with what is agreed between them on both sides.
const MaxCollisions = 100

// Merged is what two sides made of a text, brought together. Two collisions never follow each other.
type Merged struct{ Pieces []Piece }

// Side is what is chosen at a collision.
type Side string

// The sides of a collision.
const (
	Mine   Side = "mine"
	Theirs Side = "theirs"
	Both   Side = "both" // mine after theirs
)

// Merge brings together what mine and theirs changed in base: by line, and by word inside a line that both changed.
// What only one side changed is taken, and what both changed alike is taken once. These collide:
//
//   - different changes to the same value of a line (see joints), or to words with nothing but blanks between them;
//   - a line that one side changed and the other removed, or that both rewrote;
//   - a line or a word that one side moved and the other removed, changed or moved elsewhere;
//   - the first or the last line that one side moved a line past, which the other removed or changed;
//   - lines that the sides moved past each other, or past the same ones from both ends of them;
//   - different lines inserted at the same place, as at the end; lines that both begin or end with are taken once;
//   - a line inserted inside of what the other side removed or rewrote, or next to lines it replaced by more or fewer;
//   - different changes to a key, a certificate or other lines that are one value together (see valueBlocks).
//
// What stands between blanks in the agreed text stood so in base, mine or theirs, but for scripts without blanks. Each
// word that a side added is in the agreed text or on its side of a collision. Swapping the sides swaps Mine and
// Theirs and nothing else. The line end at the very end of the text is merged on its own, as a value.
func Merge(base, mine, theirs string) Merged {
	lines, ids, words := splitLines(base), map[string]int32{}, newTokenizer()
	al := newAligner(alignBudget / 2)
	m := compare(lines, splitLines(mine), ids, words, al)
	al.budget = alignBudget / 2 // so that neither side gets more than the other
	t := compare(lines, splitLines(theirs), ids, words, al)
	w := mergeWriter{base: lines.lines, mine: m.b.lines, theirs: t.b.lines}
	a, c := m.lineEdits(), t.lineEdits()
	if len(a) > 0 && len(c) > 0 {
		blocks := valueBlocks(w.base)
		widen(a, w.mine, blocks)
		widen(c, w.theirs, blocks)
	}
	meetings := w.meetings(a, c)
	askForMoves(meetings, movesOf(meetings, [2]*comparison{m, t}, len(ids)))
	for i := range meetings {
		w.merge(&meetings[i])
	}
	w.agree(w.base[w.at:]...)
	w.bound()
	end, _ := MergeValue(m.a.end, endOf(m.b, m.a), endOf(t.b, t.a))
	return Merged{w.pieces(end)}
}

// endOf reports whether text ends with a line end; a text without lines leaves that to base.
func endOf(text, base lineText) bool {
	if len(text.lines) == 0 {
		return base.end
	}
	return text.end
}

// Collisions returns how many collisions there are.
func (m Merged) Collisions() (n int) {
	for _, p := range m.Pieces {
		if p.Collision {
			n++
		}
	}
	return n
}

// The errors of choices.
var (
	ErrMissing = errors.New("there aren't as many choices as collisions")
	ErrUnknown = errors.New("a choice is neither side, nor both")
)

// Resolve returns the text with choices[i] at the i-th collision. The error is ErrMissing when there are fewer choices
// than collisions, or more, and ErrUnknown when one of them isn't a Side.
func (m Merged) Resolve(choices []Side) (string, error) {
	if len(choices) != m.Collisions() {
		return "", ErrMissing
	}
	var b strings.Builder
	for i, p := range m.Pieces {
		if !p.Collision {
			b.WriteString(p.Text)
			continue
		}
		var text string
		switch choices[0] {
		case Mine:
			text = p.Mine
		case Theirs:
			text = p.Theirs
		case Both:
			text = p.Theirs
			if text != "" && p.Mine != "" && !strings.HasSuffix(text, "\n") {
				text += "\n"
			}
			text += p.Mine
		default:
			return "", ErrUnknown
		}
		choices = choices[1:]
		if text == "" && i == len(m.Pieces)-1 && openEnd(p.Mine+p.Theirs) {
			// The text ends without a line end, whichever lines are its last.
			return strings.TrimSuffix(b.String(), "\n"), nil
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func openEnd(text string) bool { return text != "" && !strings.HasSuffix(text, "\n") }

// MergeValue merges a short value, as a whole: the side that differs from base wins. It returns mine and false when
// both have changed it, each in its own way.
func MergeValue[T comparable](base, mine, theirs T) (T, bool) {
	switch {
	case mine == theirs, theirs == base:
		return mine, true
	case mine == base:
		return theirs, true
	}
	return mine, false
}

// MergeSet merges sets, as of tags: what either side added to base is in, what either removed is out. It keeps the
// order of theirs, followed by what only mine added.
func MergeSet[T comparable](base, mine, theirs []T) []T {
	merged := make([]T, 0, len(theirs)+len(mine))
	was, ours, other := setOf(base), setOf(mine), setOf(theirs)
	seen := map[T]bool{}
	for _, list := range [][]T{theirs, mine} {
		for _, v := range list {
			if !seen[v] && (!was[v] || ours[v] && other[v]) {
				merged = append(merged, v)
			}
			seen[v] = true
		}
	}
	return merged
}

func setOf[T comparable](values []T) map[T]bool {
	set := make(map[T]bool, len(values))
	for _, v := range values {
		set[v] = true
	}
	return set
}

// room is what an edit takes up, on a scale where 2i+1 is the i-th line or token, and 2i the place before it. Edits of
// two sides meet where their rooms do.
type room struct{ low, high int32 }

// lineEdit replaces the lines a0 to a1 of the base by those from b0 to b1 of a side.
type lineEdit struct {
	room
	a0, a1, b0, b1 int32
	altered        *row   // of a single line that was altered by words
	within         span32 // the lines of the blocks that it changes
}

type span32 struct{ start, end int32 }

// lineEdits returns what leads from a to b, as small as it can be told apart, unless there is too much of it.
func (c *comparison) lineEdits() (edits []lineEdit) {
	for i := range c.rows {
		r := &c.rows[i]
		a0, a1, b0, b1 := int32(r.a0), int32(r.a1), int32(r.b0), int32(r.b1)
		removed, added := a1-a0, b1-b0
		switch {
		case r.kind == alteredLine:
			edits = append(edits, lineEdit{room: room{2*a0 + 1, 2*a0 + 1}, a0: a0, a1: a1, b0: b0, b1: b1, altered: r})
		case r.kind != replacedLines:
		case removed == 0 || added != 0 && added != removed || len(edits)+int(removed) > 2*maxRows:
			edits = append(edits, lineEdit{room: room{2 * a0, 2 * a1}, a0: a0, a1: a1, b0: b0, b1: b1})
		default: // line for line, each with the place before the next one
			for k := range removed {
				e := lineEdit{room: room{2*(a0+k) + 1, 2*(a0+k) + 2}, a0: a0 + k, a1: a0 + k + 1, b0: b0, b1: b0}
				if added > 0 {
					e.b0, e.b1 = b0+k, b0+k+1
				}
				if k == removed-1 {
					e.high--
				}
				edits = append(edits, e)
			}
		}
	}
	return edits
}

func (r room) bounds() room { return r }

// nextMeeting takes from two ascending lists the first edit and all that it meets, directly or through others.
func nextMeeting[E interface{ bounds() room }](a, b []E) (firstA, restA, firstB, restB []E) {
	i, j, high := 0, 0, int32(-1)
	for {
		switch {
		case i < len(a) && (a[i].bounds().low <= high || high < 0 && (j == len(b) || a[i].bounds().low <= b[j].bounds().low)):
			high = max(high, a[i].bounds().high)
			i++
		case j < len(b) && (b[j].bounds().low <= high || high < 0):
			high = max(high, b[j].bounds().high)
			j++
		default:
			return a[:i], a[i:], b[:j], b[j:]
		}
	}
}

// mergeWriter puts a merge together, line by line.
type mergeWriter struct {
	base, mine, theirs []string
	at                 int // how far base was read
	parts              []mergePart
}

// mergePart is a Piece as lines.
type mergePart struct {
	collision          bool
	text               []string
	base, mine, theirs []string
}

func (w *mergeWriter) agree(lines ...string) {
	if len(lines) == 0 {
		return
	}
	if last := len(w.parts) - 1; last >= 0 && !w.parts[last].collision {
		w.parts[last].text = append(w.parts[last].text, lines...)
		return
	}
	w.parts = append(w.parts, mergePart{text: slices.Clone(lines)})
}

// collide adds both sides of a place where they differ. What both inserted is taken once.
func (w *mergeWriter) collide(base, mine, theirs []string) {
	var tail []string
	if len(base) == 0 {
		head, end := commonEnds(mine, theirs)
		w.agree(mine[:head]...)
		tail = mine[len(mine)-end:]
		mine, theirs = mine[head:len(mine)-end], theirs[head:len(theirs)-end]
	}
	if last := len(w.parts) - 1; last >= 0 && w.parts[last].collision {
		p := &w.parts[last]
		p.base, p.mine, p.theirs = append(p.base, base...), append(p.mine, mine...), append(p.theirs, theirs...)
	} else {
		w.parts = append(w.parts, mergePart{
			collision: true, base: slices.Clone(base), mine: slices.Clone(mine), theirs: slices.Clone(theirs),
		})
	}
	w.agree(tail...)
}

// commonEnds returns how many elements two lists begin with alike, and how many of the others they end with alike.
func commonEnds(a, b []string) (head, tail int) {
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	return head, tail
}

// meeting is a place in the base where the edits of both sides meet, or where only one side has any.
type meeting struct {
	low, high int32         // its lines in the base
	alike     bool          // both sides have edited it, to the same
	asks      bool          // somebody has to choose
	edits     [2][]lineEdit // of mine, of theirs
	agreed    []string      // what comes of it unless somebody has to choose
}

func (m *meeting) edited(side int) bool { return len(m.edits[side]) > 0 }

// meetings returns where edits meet, and what becomes of each place by itself.
func (w *mergeWriter) meetings(mine, theirs []lineEdit) []meeting {
	meetings := make([]meeting, 0, max(len(mine), len(theirs)))
	for len(mine)+len(theirs) > 0 {
		m := meeting{low: int32(len(w.base))}
		m.edits[0], mine, m.edits[1], theirs = nextMeeting(mine, theirs)
		for _, edits := range m.edits {
			if len(edits) > 0 {
				m.low, m.high = min(m.low, edits[0].a0), max(m.high, edits[len(edits)-1].a1)
			}
		}
		w.settle(&m)
		meetings = append(meetings, m)
	}
	return meetings
}

// sides returns the lines that each side has at a place.
func (w *mergeWriter) sides(m *meeting) (mine, theirs []string) {
	mine, theirs = w.base[m.low:m.high], w.base[m.low:m.high]
	if m.edited(0) {
		mine = sideLines(w.mine, m.edits[0], m.low, m.high)
	}
	if m.edited(1) {
		theirs = sideLines(w.theirs, m.edits[1], m.low, m.high)
	}
	return mine, theirs
}

// settle finds out what a place becomes.
func (w *mergeWriter) settle(m *meeting) {
	mine, theirs := w.sides(m)
	head, tail := commonEnds(mine, theirs)
	switch {
	case !m.edited(1):
		m.agreed = mine
	case !m.edited(0):
		m.agreed = theirs
	case head == len(mine) && head == len(theirs):
		m.agreed, m.alike = mine, true
	case m.low == m.high && head+tail == len(mine):
		m.agreed = theirs
	case m.low == m.high && head+tail == len(theirs):
		m.agreed = mine
	default:
		m.agreed, m.asks = w.inside(m, mine, theirs)
	}
}

// inside returns what comes of a place that both sides changed, each in its own way, and whether somebody has to choose.
func (w *mergeWriter) inside(m *meeting, mine, theirs []string) (agreed []string, asks bool) {
	a, c := m.edits[0], m.edits[1]
	switch {
	case a[0].within.end > 0:
		if w.hasAll(m, 0) {
			return mine, false
		}
		return theirs, !w.hasAll(m, 1)
	case len(a) == 1 && len(c) == 1 && a[0].altered != nil && c[0].altered != nil:
		line, ok := mergeLine(w.base[m.low], mine[0], theirs[0], a[0].altered, c[0].altered)
		return []string{line}, !ok
	}
	return nil, true
}

// hasAll reports whether a side has made all the edits of the other at a place.
func (w *mergeWriter) hasAll(m *meeting, side int) bool {
	lines := [2][]string{w.mine, w.theirs}
	for _, e := range m.edits[1-side] {
		i, found := slices.BinarySearchFunc(m.edits[side], e, func(a, b lineEdit) int {
			return cmp.Or(cmp.Compare(a.a0, b.a0), cmp.Compare(a.a1, b.a1))
		})
		if !found {
			return false
		}
		same := m.edits[side][i]
		if !slices.Equal(lines[side][same.b0:same.b1], lines[1-side][e.b0:e.b1]) {
			return false
		}
	}
	return true
}

// merge adds the base up to a place, and what becomes of that.
func (w *mergeWriter) merge(m *meeting) {
	if m.asks {
		m.low, m.high = m.whole()
	}
	w.agree(w.base[w.at:m.low]...)
	w.at = int(m.high)
	if m.asks {
		mine, theirs := w.sides(m)
		w.collide(w.base[m.low:m.high], mine, theirs)
	} else {
		w.agree(m.agreed...)
	}
}

// sideLines returns what edits made of the base's lines low to high, or nothing when there are no edits.
func sideLines(lines []string, edits []lineEdit, low, high int32) []string {
	if len(edits) == 0 {
		return nil
	}
	first, last := edits[0], edits[len(edits)-1]
	return lines[first.b0-(first.a0-low) : last.b1+(high-last.a1)]
}

// bound joins the collisions from the MaxCollisions-th on.
func (w *mergeWriter) bound() {
	count, first, last := 0, 0, 0
	for i, p := range w.parts {
		if p.collision {
			if count++; count <= MaxCollisions {
				first = i
			}
			last = i
		}
	}
	if first == last {
		return
	}
	base, mine, theirs := 0, 0, 0
	for _, p := range w.parts[first : last+1] {
		base, mine, theirs = base+len(p.text)+len(p.base), mine+len(p.text)+len(p.mine), theirs+len(p.text)+len(p.theirs)
	}
	joined := mergePart{
		collision: true, base: make([]string, 0, base), mine: make([]string, 0, mine), theirs: make([]string, 0, theirs),
	}
	for _, p := range w.parts[first : last+1] {
		joined.base = append(append(joined.base, p.text...), p.base...)
		joined.mine = append(append(joined.mine, p.text...), p.mine...)
		joined.theirs = append(append(joined.theirs, p.text...), p.theirs...)
	}
	w.parts = slices.Replace(w.parts, first, last+1, joined)
}

// pieces returns the merge as text. Each line ends with a line end, but the very last one only if end says so.
func (w *mergeWriter) pieces(end bool) (pieces []Piece) {
	for i, p := range w.parts {
		last := i == len(w.parts)-1 && !end
		piece := Piece{
			Text: joinLines(p.text, last), Collision: p.collision,
			Base: joinLines(p.base, last), Mine: joinLines(p.mine, last), Theirs: joinLines(p.theirs, last),
		}
		if p.collision && piece.Mine == piece.Theirs { // as where a last line that is blank and open is as good as none
			piece = Piece{Text: piece.Mine}
		}
		if piece.Collision || piece.Text != "" {
			pieces = append(pieces, piece)
		}
	}
	return pieces
}

func joinLines(lines []string, last bool) string {
	text := strings.Join(lines, "\n")
	if len(lines) > 0 && !last {
		text += "\n"
	}
	return text
}
