package domain

import "strings"

// askForMoves has somebody choose at both ends of a move, where a side takes a line out and puts it in elsewhere, when
// the other side has done something else at either end. Otherwise a line that one side moved and the other removed
// would stay, and one that both moved would be there twice.
func (w *mergeWriter) askForMoves(meetings []meeting) {
	type move struct {
		side int
		line string
	}
	taken, put := map[move][]int{}, map[move][]int{}
	note := func(ends map[move][]int, m move, at int) {
		if strings.ContainsFunc(m.line, isWordRune) {
			ends[m] = append(ends[m], at)
		}
	}
	for at, m := range meetings {
		for side, lines := range [][]string{w.mine, w.theirs} {
			for _, e := range m.edits[side] {
				if e.altered != nil {
					continue
				}
				for _, line := range w.base[e.a0:e.a1] {
					note(taken, move{side, line}, at)
				}
				for _, line := range lines[e.b0:e.b1] {
					note(put, move{side, line}, at)
				}
			}
		}
	}
	moves := make([][]move, len(meetings))
	var open []move
	for m, ends := range taken {
		if len(put[m]) == 0 {
			delete(taken, m)
			continue
		}
		ends = append(ends, put[m]...)
		taken[m] = ends
		met, alike := false, true
		for _, at := range ends {
			moves[at] = append(moves[at], m)
			met = met || len(meetings[at].edits[1-m.side]) > 0
			alike = alike && meetings[at].alike
		}
		if met && !alike {
			open = append(open, m)
		}
	}
	for len(open) > 0 {
		m := open[len(open)-1]
		open = open[:len(open)-1]
		for _, at := range taken[m] {
			meetings[at].asks = !meetings[at].alike
			open = append(open, moves[at]...)
			moves[at] = nil
		}
		taken[m] = nil
	}
}
