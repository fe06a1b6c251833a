package textdiff

import "strings"

// block is some lines of a text that are one value together: two sides can't change it in two places without making one
// that nobody wrote.
type block struct {
	start, end int32
	encoded    bool // it has no marks around it, so that lines of the same kind beside it belong to it
}

// valueBlocks returns the blocks of a text: a key or a certificate, from its line of BEGIN to that of END, and lines of
// nothing but base64 or the digits of hex.
func valueBlocks(lines []string) (blocks []block) {
	begun := map[string]int{} // by label: where the last BEGIN stands
	for i := 0; i < len(lines); i++ {
		if label, ok := armor(lines[i], "BEGIN "); ok {
			begun[label] = i
			continue
		}
		if label, ok := armor(lines[i], "END "); ok {
			if start, ok := begun[label]; ok {
				for n := len(blocks); n > 0 && int(blocks[n-1].start) > start; n-- {
					blocks = blocks[:n-1] // what is encoded in it
				}
				blocks = append(blocks, block{int32(start), int32(i + 1), false})
				clear(begun)
			}
			continue
		}
		start := i
		for i < len(lines) && encoded(lines[i]) >= fullLine {
			i++
		}
		if i == start {
			continue
		}
		if i < len(lines) && encoded(lines[i]) > 0 {
			i++
		}
		blocks = append(blocks, block{int32(start), int32(i), true})
		i--
	}
	return blocks
}

// armor returns the label of a line such as -----BEGIN CERTIFICATE-----, or of END.
func armor(line, word string) (label string, ok bool) {
	line = unquoted(line)
	inside := strings.TrimSpace(strings.Trim(line, "-"))
	if !strings.HasPrefix(line, "----") || !strings.HasSuffix(line, "----") {
		return "", false
	}
	label, ok = strings.CutPrefix(inside, word)
	return label, ok && label == strings.ToUpper(label)
}

// fullLine is how long the lines are that longer values are broken into, at least; the last one is shorter.
const fullLine = 64

// encoded returns the length of a line of nothing but base64 or the digits of hex, and 0 for any other.
func encoded(line string) int {
	line = unquoted(line)
	filled := false
	for i := range len(line) {
		if isASCIIWord(line[i]) {
			filled = true
		} else if strings.IndexByte("+/=-_", line[i]) < 0 {
			return 0
		}
	}
	if !filled {
		return 0
	}
	return len(line)
}

// unquoted returns line without what quotes or indents it.
func unquoted(line string) string { return strings.Trim(line, "> \t") }

// widen has each edit that changes a part of a block take up the whole of it. lines are what the edits make of the base.
func widen(edits []lineEdit, lines []string, blocks []block) {
	first := 0
	for i := range edits {
		e := &edits[i]
		for first < len(blocks) && blocks[first].end < e.a0 {
			first++
		}
		for _, b := range blocks[first:] {
			if b.start > e.a1 {
				break
			}
			if !e.changes(b, lines) {
				continue
			}
			if e.within.end == 0 {
				e.within.start = b.start
			}
			e.within.end = b.end
			e.low, e.high = min(e.low, 2*b.start+1), max(e.high, 2*b.end-1)
		}
	}
}

// changes reports whether the edit changes a part of a block, or lengthens it.
func (e *lineEdit) changes(b block, lines []string) bool {
	switch {
	case e.a0 < b.end && e.a1 > b.start:
		return true
	case !b.encoded || e.b0 == e.b1:
		return false
	case e.a0 == b.end:
		return encoded(lines[e.b0]) > 0
	}
	return e.a1 == b.start && encoded(lines[e.b1-1]) >= fullLine
}

// whole returns the lines of a place, with those of the blocks that are changed there.
func (m *meeting) whole() (low, high int32) {
	low, high = m.low, m.high
	for _, edits := range m.edits {
		for _, e := range edits {
			if e.within.end > 0 {
				low, high = min(low, e.within.start), max(high, e.within.end)
			}
		}
	}
	return low, high
}
