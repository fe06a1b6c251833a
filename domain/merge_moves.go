package domain

import "strings"

// move is a line that a side takes out at one meeting and puts in at another, by their numbers.
type move struct {
	side     int
	from, to int32
}

// askForMoves has somebody choose at both ends of a move, when the other side has done something else at either end.
// Otherwise a line that one side moved and the other removed would stay, and one that both moved would be there twice.
func (w *mergeWriter) askForMoves(meetings []meeting) {
	moves := w.moves(meetings)
	if len(moves) == 0 {
		return
	}
	of := make([][]move, len(meetings))
	var open []move
	for _, m := range moves {
		from, to := &meetings[m.from], &meetings[m.to]
		of[m.from], of[m.to] = append(of[m.from], m), append(of[m.to], m)
		if (from.edited(1-m.side) || to.edited(1-m.side)) && (!from.alike || !to.alike) {
			open = append(open, m)
		}
	}
	for len(open) > 0 {
		m := open[len(open)-1]
		open = open[:len(open)-1]
		for _, at := range []int32{m.from, m.to} {
			meetings[at].asks = !meetings[at].alike
			open = append(open, of[at]...)
			of[at] = nil
		}
	}
}

// moves returns the lines that a side has taken out once and put in once.
func (w *mergeWriter) moves(meetings []meeting) (moves []move) {
	type ends struct{ taken, put, from, to int32 }
	for side, lines := range [][]string{w.mine, w.theirs} {
		byLine := map[string]ends{}
		for at, m := range meetings {
			for _, e := range m.edits[side] {
				if e.altered != nil {
					continue
				}
				for _, line := range w.base[e.a0:e.a1] {
					end := byLine[line]
					end.taken, end.from = end.taken+1, int32(at)
					byLine[line] = end
				}
				for _, line := range lines[e.b0:e.b1] {
					end := byLine[line]
					end.put, end.to = end.put+1, int32(at)
					byLine[line] = end
				}
			}
		}
		for line, end := range byLine {
			if end.taken == 1 && end.put == 1 && strings.ContainsFunc(line, isWordRune) {
				moves = append(moves, move{side, end.from, end.to})
			}
		}
	}
	return moves
}
