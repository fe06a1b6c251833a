package textdiff

import (
	"slices"
	"strings"
	"unicode"
)

// move is a line that a side takes out at one meeting and puts in at another, by their numbers.
type move struct {
	side     int
	from, to int32
	altered  bool // another line became it by words
}

// askForMoves has somebody choose at both ends of a move, when the other side has done something else at either end.
// Otherwise a line that one side moved and the other removed would stay, and one that both moved would be there twice.
// Where lines have swapped places, either may be the moved one: the other side's changes to the first and the last line
// that a move goes past are asked about as well, and so are moves that cross (see crossings). What is asked about in one
// place is asked about wherever it may be.
func askForMoves(meetings []meeting, moves []move) {
	if len(moves) == 0 {
		return
	}
	var after, before [2][]int32
	for side := range after {
		after[side], before[side] = besides(meetings, side, 1), besides(meetings, side, -1)
	}
	crossed := crossings(moves, meetings)
	linked := newGroups(len(meetings))
	asked := make([]bool, len(meetings))
	var open []int32
	for i, m := range moves {
		first, last := min(m.from, m.to), max(m.from, m.to)
		linked.join(first, last)
		asked[first], asked[last] = true, true
		changed := crossed[i]
		if at := after[m.side][first]; at >= 0 && at < last {
			linked.join(first, at)
			asked[at], changed = true, true
		}
		if at := before[m.side][last]; at > first {
			linked.join(first, at)
			asked[at], changed = true, true
		}
		from, to := &meetings[m.from], &meetings[m.to]
		changed = changed || !m.altered && (from.edited(1-m.side) || to.edited(1-m.side))
		if changed && (!from.alike || !to.alike) {
			open = append(open, first)
		}
	}
	ask := make([]bool, len(meetings)) // by group
	for _, at := range open {
		ask[linked.of(at)] = true
	}
	for at := range meetings {
		if asked[at] && ask[linked.of(int32(at))] {
			meetings[at].asks = !meetings[at].alike
		}
	}
}

// groups are disjoint sets of numbers.
type groups []int32

func newGroups(n int) groups {
	g := make(groups, n)
	for i := range g {
		g[i] = int32(i)
	}
	return g
}

// of returns the number that stands for the group of i.
func (g groups) of(i int32) int32 {
	for g[i] != i {
		g[i] = g[g[i]]
		i = g[i]
	}
	return i
}

func (g groups) join(i, j int32) { g[g.of(i)] = g.of(j) }

// besides returns, for each meeting, the next one that way in which only the other side removed or changed lines, or -1
// when a line that both sides left alone comes before that.
func besides(meetings []meeting, side, way int) []int32 {
	next := make([]int32, len(meetings))
	for i := range meetings {
		at := i
		if way > 0 {
			at = len(meetings) - 1 - i
		}
		next[at] = -1
		beside := at + way
		if beside < 0 || beside == len(meetings) || meetings[min(at, beside)].high < meetings[max(at, beside)].low {
			continue
		}
		if m := &meetings[beside]; m.edited(side) || m.low == m.high {
			next[at] = next[beside]
		} else {
			next[at] = int32(beside)
		}
	}
	return next
}

// crossings reports for each move whether it goes past one of the other side that comes the other way, and begins beside
// the end of that or ends beside its beginning. Of A x B C, one side makes x B A C and the other A C x B; both together
// would make C x B A, where C is ahead of A, as nobody wrote it.
func crossings(moves []move, meetings []meeting) []bool {
	crossed := make([]bool, len(moves))
	// Meetings that no line parts which both sides left alone have one number.
	stretch := make([]int32, len(meetings))
	for i := 1; i < len(meetings); i++ {
		stretch[i] = stretch[i-1]
		if meetings[i-1].high < meetings[i].low {
			stretch[i]++
		}
	}
	findCrossings(moves, stretch, crossed)
	// The same from the other end of the text.
	slices.Reverse(stretch)
	mirrored := slices.Clone(moves)
	for i := range mirrored {
		m, last := &mirrored[i], int32(len(stretch)-1)
		m.from, m.to = last-m.from, last-m.to
	}
	findCrossings(mirrored, stretch, crossed)
	return crossed
}

// findCrossings marks the moves that cross another of the other side, where the one that goes on through the text begins
// beside the end of the one that comes back.
func findCrossings(moves []move, stretch []int32, crossed []bool) {
	// Of what begins at a place or ahead of it in the same stretch, where the nearest end is; of what ends at a place or
	// behind it there, where the farthest beginning is.
	var nearest, farthest [2][]int32
	for side := range nearest {
		nearest[side] = slices.Repeat([]int32{int32(len(stretch))}, len(stretch))
		farthest[side] = slices.Repeat([]int32{-1}, len(stretch))
	}
	for _, m := range moves {
		switch {
		case stretch[m.from] == stretch[m.to]:
		case m.from < m.to:
			nearest[m.side][m.from] = min(nearest[m.side][m.from], m.to)
		default:
			farthest[m.side][m.to] = max(farthest[m.side][m.to], m.from)
		}
	}
	beside := func(at int) bool { return stretch[at-1] == stretch[at] }
	for side := range nearest {
		for at := 1; at < len(stretch); at++ {
			if beside(at) {
				nearest[side][at] = min(nearest[side][at], nearest[side][at-1])
			}
		}
		for at := len(stretch) - 1; at > 0; at-- {
			if beside(at) {
				farthest[side][at-1] = max(farthest[side][at-1], farthest[side][at])
			}
		}
	}
	for i, m := range moves {
		switch from, to := int(m.from), int(m.to); {
		case stretch[from] == stretch[to]:
		case from < to:
			crossed[i] = crossed[i] || beside(from+1) && farthest[1-m.side][from+1] > m.to
		default:
			crossed[i] = crossed[i] || to > 0 && beside(to) && nearest[1-m.side][to-1] < m.from
		}
	}
}

// movesOf returns the lines that a side has taken out once, as a whole, and put in once. ids is how many different lines
// there are.
func movesOf(meetings []meeting, sides [2]*comparison, ids int) (moves []move) {
	type ends struct {
		taken, put, from, to int32
		at                   int32 // where the base has the line
		altered              bool
	}
	inBase := make([]bool, ids)
	for _, c := range sides {
		for _, id := range c.aIDs {
			inBase[id] = true
		}
	}
	byLine := make([]ends, ids)
	for side, c := range sides {
		clear(byLine)
		head := int32(c.head)
		for at, m := range meetings {
			for _, e := range m.edits[side] {
				put := c.bIDs[e.b0-head : e.b1-head]
				if e.altered == nil || inBase[put[0]] { // another one of the base has taken its place
					for i := e.a0; i < e.a1; i++ {
						end := &byLine[c.aIDs[i-head]]
						end.taken, end.from, end.at = end.taken+1, int32(at), i
					}
				}
				for _, id := range put {
					end := &byLine[id]
					end.put, end.to, end.altered = end.put+1, int32(at), e.altered != nil
				}
			}
		}
		for _, end := range byLine {
			if end.taken == 1 && end.put == 1 && strings.ContainsFunc(c.a.lines[end.at], inWord) {
				moves = append(moves, move{side: side, from: end.from, to: end.to, altered: end.altered})
			}
		}
	}
	return moves
}

// inWord reports whether r is no mere mark, so that a line with it is worth being called moved.
func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r)
}
