package textdiff

import "slices"

// What an aligner may spend, in steps of a few nanoseconds. Where it ends, what is alike stays unseen: a coarser
// result, but a correct one.
const (
	alignBudget = 2 << 20 // for all that one request compares
	alignFloor  = 4       // for each element in any case
	maxAnchored = 8       // levels of anchors within anchors
)

// aligner finds what two sequences have in common, in an order that both keep. Elements are numbers from 0, equal
// where the elements are; ids says how many there are. It is made for one comparison and not safe for several at once.
type aligner struct {
	budget         int
	countA, countB []int32 // by element; all zero between uses
	at             []int32
	forward, back  []int32

	a, b   []int32 // what is compared: only elements that stand on both sides
	ia, ib []int32 // where they were
	match  []int32
}

func newAligner(budget int) *aligner { return &aligner{budget: budget} }

// align returns for each element of a the index of its partner in b, or -1. The common beginning and end come first;
// between them, elements that each side has once are anchors (Cohen's patience diff) if there are more than anchorsFrom
// elements; between those, as many partners as possible are found (Myers, "An O(ND) difference algorithm", 1986).
func (al *aligner) align(a, b []int32, ids, anchorsFrom int) []int32 {
	match := make([]int32, len(a))
	head, tail := 0, 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		match[head] = int32(head)
		head++
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
		match[len(a)-tail] = int32(len(b) - tail)
	}
	endA, endB := len(a)-tail, len(b)-tail
	for i := head; i < endA; i++ {
		match[i] = -1
	}
	if head == endA || head == endB {
		return match
	}
	if more := ids - len(al.countA); more > 0 {
		al.countA = append(al.countA, make([]int32, more)...)
		al.countB = append(al.countB, make([]int32, more)...)
		al.at = append(al.at, make([]int32, more)...)
	}
	// What has no partner at all only costs time.
	al.count(a[head:endA], b[head:endB])
	al.a, al.ia = shared(al.a[:0], al.ia[:0], a, head, endA, al.countB)
	al.b, al.ib = shared(al.b[:0], al.ib[:0], b, head, endB, al.countA)
	al.uncount(a[head:endA], b[head:endB])
	al.match = match
	al.solve(0, len(al.a), 0, len(al.b), anchorsFrom, 0)
	return match
}

// shared appends to kept those elements of all between from and to that counts knows, and to at where they are.
func shared(kept, at, all []int32, from, to int, counts []int32) ([]int32, []int32) {
	kept, at = slices.Grow(kept, to-from), slices.Grow(at, to-from)
	for i := from; i < to; i++ {
		if counts[all[i]] > 0 {
			kept, at = append(kept, all[i]), append(at, int32(i))
		}
	}
	return kept, at
}

func (al *aligner) count(a, b []int32) {
	for _, id := range a {
		al.countA[id]++
	}
	for _, id := range b {
		al.countB[id]++
	}
}

func (al *aligner) uncount(a, b []int32) {
	for _, id := range a {
		al.countA[id] = 0
	}
	for _, id := range b {
		al.countB[id] = 0
	}
}

func (al *aligner) pair(i, j int) { al.match[al.ia[i]] = al.ib[j] }

// solve pairs the elements of a[a0:a1] and b[b0:b1].
func (al *aligner) solve(a0, a1, b0, b1, anchorsFrom, depth int) {
	for a0 < a1 && b0 < b1 && al.a[a0] == al.b[b0] {
		al.pair(a0, b0)
		a0++
		b0++
	}
	for a0 < a1 && b0 < b1 && al.a[a1-1] == al.b[b1-1] {
		a1--
		b1--
		al.pair(a1, b1)
	}
	if a0 == a1 || b0 == b1 {
		return
	}
	if depth < maxAnchored && a1-a0+b1-b0 > anchorsFrom {
		if anchors := al.anchors(a0, a1, b0, b1); len(anchors) > 0 {
			for _, anchor := range anchors {
				i, j := anchor[0], anchor[1]
				if i < a0 || j < b0 {
					continue // paired already, as what follows the anchor before
				}
				al.solve(a0, i, b0, j, anchorsFrom, depth+1)
				for a0, b0 = i, j; a0 < a1 && b0 < b1 && al.a[a0] == al.b[b0]; a0, b0 = a0+1, b0+1 {
					al.pair(a0, b0)
				}
			}
			al.solve(a0, a1, b0, b1, anchorsFrom, depth+1)
			return
		}
	}
	i, j, ok := al.middle(a0, a1, b0, b1)
	if !ok || (i == a0 && j == b0) || (i == a1 && j == b1) {
		return
	}
	al.solve(a0, i, b0, j, anchorsFrom, depth)
	al.solve(i, a1, j, b1, anchorsFrom, depth)
}

// anchors returns the indexes of elements that stand once on each side, as many as there are in an order both keep.
func (al *aligner) anchors(a0, a1, b0, b1 int) (anchors [][2]int) {
	a, b := al.a[a0:a1], al.b[b0:b1]
	al.count(a, b)
	for j, id := range b {
		al.at[id] = int32(j)
	}
	type candidate struct{ i, j, before int32 }
	var all []candidate
	var ends []int32 // by length less one: the candidate that ends the best run of that length
	for i, id := range a {
		if al.countA[id] != 1 || al.countB[id] != 1 {
			continue
		}
		c := candidate{int32(i), al.at[id], -1}
		n, _ := slices.BinarySearchFunc(ends, c.j, func(end, j int32) int { return int(all[end].j - j) })
		if n > 0 {
			c.before = ends[n-1]
		}
		if n == len(ends) {
			ends = append(ends, 0)
		}
		ends[n] = int32(len(all))
		all = append(all, c)
	}
	al.uncount(a, b)
	if len(ends) == 0 {
		return nil
	}
	for at := ends[len(ends)-1]; at >= 0; at = all[at].before {
		anchors = append(anchors, [2]int{a0 + int(all[at].i), b0 + int(all[at].j)})
	}
	slices.Reverse(anchors)
	return anchors
}

// middle returns a point on a shortest way from one side to the other, where ways from both ends meet, or false when
// finding one costs too much.
func (al *aligner) middle(a0, a1, b0, b1 int) (i, j int, ok bool) {
	a, b := al.a[a0:a1], al.b[b0:b1]
	n, m := len(a), len(b)
	limit, spent := max(al.budget/2, alignFloor*(n+m)), 0
	defer func() { al.budget -= min(spent, al.budget) }()

	// forward and back hold, for each diagonal k = x-y, how far along a the ways from each end have come; -1 is not
	// at all.
	half := (n + m + 1) / 2
	origin, size := half+1, 2*half+3
	al.forward, al.back = slices.Grow(al.forward[:0], size)[:size], slices.Grow(al.back[:0], size)[:size]
	forward, back := al.forward, al.back
	for k := range size {
		forward[k], back[k] = -1, -1
	}
	forward[origin+1], back[origin+1] = 0, 0
	delta := n - m
	odd := delta%2 != 0
	var forwardLow, forwardHigh, backLow, backHigh int // diagonals that have left the grid
	for d := 0; d <= half && spent <= limit; d++ {
		for k := -d + forwardLow; k <= d-forwardHigh; k += 2 {
			x := step(forward, origin, k, d)
			y, start := x-k, x
			for x < n && y < m && a[x] == b[y] {
				x, y = x+1, y+1
			}
			spent += x - start + 1
			forward[origin+k] = int32(x)
			if x > n {
				forwardHigh += 2
			} else if y > m {
				forwardLow += 2
			} else if at := origin + delta - k; odd && at >= 0 && at < size && back[at] >= 0 && x+int(back[at]) >= n {
				return a0 + x, b0 + y, true
			}
		}
		for k := -d + backLow; k <= d-backHigh; k += 2 {
			x := step(back, origin, k, d)
			y, start := x-k, x
			for x < n && y < m && a[n-1-x] == b[m-1-y] {
				x, y = x+1, y+1
			}
			spent += x - start + 1
			back[origin+k] = int32(x)
			if x > n {
				backHigh += 2
			} else if y > m {
				backLow += 2
			} else if at := origin + delta - k; !odd && at >= 0 && at < size && forward[at] >= 0 {
				fx := int(forward[at])
				fy := fx - (delta - k)
				if fx+x >= n && fx <= n && fy >= 0 && fy <= m {
					return a0 + fx, b0 + fy, true
				}
			}
		}
	}
	return 0, 0, false
}

// step returns where diagonal k is entered with the d-th difference.
func step(reach []int32, origin, k, d int) int {
	if k == -d || (k != d && reach[origin+k-1] < reach[origin+k+1]) {
		return int(reach[origin+k+1])
	}
	return int(reach[origin+k-1]) + 1
}
