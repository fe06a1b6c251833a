package textdiff

import (
	"slices"
	"strings"
)

// tokenEdit is an edit inside a line, with the text that it puts in and the room that it takes up: blanks around it are
// no distance, nor is what belongs to one value with it, before the edit or after.
type tokenEdit struct {
	room
	wordEdit
	text string
}

// mergeLine merges a line that both sides altered, if they altered different values of it.
func mergeLine(base, mine, theirs string, m, t *row) (line string, ok bool) {
	values := valuesOf(base, m.aWords)
	a, c := tokenEdits(mine, m, values), tokenEdits(theirs, t, values)
	if movesGone(m, a, c) || movesGone(t, c, a) {
		return "", false
	}
	var b strings.Builder
	b.Grow(max(len(mine), len(theirs)))
	at := 0
	for len(a)+len(c) > 0 {
		var ours, others []tokenEdit
		ours, a, others, c = nextMeeting(a, c)
		switch {
		case containsAll(ours, others):
		case containsAll(others, ours):
			ours = others
		default:
			return "", false
		}
		for _, e := range ours {
			b.WriteString(textOf(base, m.aWords, at, e.a0))
			b.WriteString(e.text)
			at = e.a1
		}
	}
	b.WriteString(textOf(base, m.aWords, at, len(m.aWords)))
	return b.String(), true
}

// tokenEdits returns the edits that made line of base, of which before has the values.
func tokenEdits(line string, r *row, before *values) []tokenEdit {
	edits := make([]tokenEdit, len(r.edits))
	after := valuesOf(line, r.bWords)
	last := 0
	for i, e := range r.edits {
		low, high := e.a0, e.a1
		for low > 0 && r.aWords[low-1].is(isBlank) {
			low--
		}
		for high < len(r.aWords) && r.aWords[high].is(isBlank) {
			high++
		}
		next := len(r.aWords)
		if i < len(r.edits)-1 {
			next = r.edits[i+1].a0
		}
		from, to := before.around(e.a0, e.a1)
		start, end := after.around(e.b0, e.b1)
		from, to = min(from, max(e.a0-(e.b0-start), last)), max(to, min(e.a1+end-e.b1, next))
		last = e.a1
		edits[i] = tokenEdit{
			room{int32(min(2*low, 2*from+1)), int32(max(2*high, 2*to-1))}, e, textOf(line, r.bWords, e.b0, e.b1),
		}
	}
	return edits
}

// values are those of a line. They are looked for in ascending order, and the last one is remembered: all edits of a long
// value ask for the same.
type values struct {
	joined     []bool // as joints has it
	start, end int    // of the last one
}

func valuesOf(line string, tokens []lineToken) *values { return &values{joined: joints(line, tokens)} }

// around widens a range of tokens to the whole of each value that is in it, or around it.
func (v *values) around(from, to int) (start, end int) {
	start, _ = v.at(from)
	_, end = v.at(to)
	return start, end
}

// at returns where the value around a place between two tokens begins and ends, which is there if no value is around it.
func (v *values) at(place int) (start, end int) {
	if place <= v.start || v.end <= place {
		v.start, v.end = place, place
		for v.joins(v.start) {
			v.start--
		}
		for v.joins(v.end) {
			v.end++
		}
	}
	return v.start, v.end
}

// joins reports whether the tokens before and after a place belong to one value.
func (v *values) joins(place int) bool {
	return 0 < place && place <= len(v.joined) && v.joined[place-1]
}

// containsAll reports whether all of some edits are among others.
func containsAll(edits, some []tokenEdit) bool {
	for _, e := range some {
		if !contains(edits, e) {
			return false
		}
	}
	return true
}

// contains reports whether ascending edits have one that makes the same of the same.
func contains(edits []tokenEdit, e tokenEdit) bool {
	i, found := slices.BinarySearchFunc(edits, e.a0, func(other tokenEdit, at int) int { return other.a0 - at })
	return found && edits[i].a1 == e.a1 && edits[i].text == e.text
}

// movesGone reports whether edits put a word elsewhere that others have taken out too: whether it is to stay is open.
func movesGone(r *row, edits, others []tokenEdit) bool {
	gone := map[int32]int{} // by word: the edit that takes it out, or -1 for several
	next := 0
	for i, e := range edits {
		for at := e.a0; at < e.a1; at++ {
			for next < len(others) && others[next].a1 <= at {
				next++
			}
			if next == len(others) || others[next].a0 > at || !r.aWords[at].is(isRun) {
				continue
			}
			id := r.aWords[at].id
			if by, ok := gone[id]; ok && by != i {
				gone[id] = -1
			} else {
				gone[id] = i
			}
		}
	}
	for i, e := range edits {
		for _, word := range r.bWords[e.b0:e.b1] {
			if by, ok := gone[word.id]; ok && by != i && !contains(others, e) {
				return true
			}
		}
	}
	return false
}
