package domain

import "strings"

// move is a line that a side takes out at one meeting and puts in at another, by their numbers.
type move struct {
	side     int
	from, to int32
	altered  bool    // another line became it by words
	places   []int32 // where somebody has to choose, if anywhere
}

// askForMoves has somebody choose at both ends of a move, when the other side has done something else at either end.
// Otherwise a line that one side moved and the other removed would stay, and one that both moved would be there twice.
// Where lines have swapped places, either may be the moved one: the other side's changes to the first and the last line
// that a move goes past are asked about as well.
func (w *mergeWriter) askForMoves(meetings []meeting) {
	moves := w.moves(meetings)
	if len(moves) == 0 {
		return
	}
	var after, before [2][]int32
	for side := range after {
		after[side], before[side] = besides(meetings, side, 1), besides(meetings, side, -1)
	}
	of := make([][]*move, len(meetings))
	var open []*move
	for i := range moves {
		m := &moves[i]
		first, last := min(m.from, m.to), max(m.from, m.to)
		m.places = append(m.places, m.from, m.to)
		if at := after[m.side][first]; at >= 0 && at < last {
			m.places = append(m.places, at)
		}
		if at := before[m.side][last]; at > first {
			m.places = append(m.places, at)
		}
		for _, at := range m.places {
			of[at] = append(of[at], m)
		}
		from, to := &meetings[m.from], &meetings[m.to]
		changed := len(m.places) > 2 || !m.altered && (from.edited(1-m.side) || to.edited(1-m.side))
		if changed && (!from.alike || !to.alike) {
			open = append(open, m)
		}
	}
	for len(open) > 0 {
		m := open[len(open)-1]
		open = open[:len(open)-1]
		for _, at := range m.places {
			meetings[at].asks = !meetings[at].alike
			open = append(open, of[at]...)
			of[at] = nil
		}
	}
}

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

// moves returns the lines that a side has taken out once, as a whole, and put in once.
func (w *mergeWriter) moves(meetings []meeting) (moves []move) {
	type ends struct {
		taken, put, from, to int32
		altered              bool
	}
	for side, lines := range [][]string{w.mine, w.theirs} {
		byLine := map[string]ends{}
		for at, m := range meetings {
			for _, e := range m.edits[side] {
				if e.altered == nil {
					for _, line := range w.base[e.a0:e.a1] {
						end := byLine[line]
						end.taken, end.from = end.taken+1, int32(at)
						byLine[line] = end
					}
				}
				for _, line := range lines[e.b0:e.b1] {
					end := byLine[line]
					end.put, end.to, end.altered = end.put+1, int32(at), e.altered != nil
					byLine[line] = end
				}
			}
		}
		for line, end := range byLine {
			if end.taken == 1 && end.put == 1 && strings.ContainsFunc(line, isWordRune) {
				moves = append(moves, move{side: side, from: end.from, to: end.to, altered: end.altered})
			}
		}
	}
	return moves
}
