package domain

import "strings"

// commentBlock returns where the comment ends that begins at i, the beginning of a line, and takes whole lines: <!-- … -->
// or %% … %%, with nothing beside it.
func commentBlock(text string, i int) (end int, ok bool) {
	start := i + len(text[i:]) - len(strings.TrimLeft(text[i:], " "))
	if start > i+3 {
		return 0, false
	}
	switch rest := text[start:]; {
	case strings.HasPrefix(rest, "<!--"):
		end, ok = comment(text, start)
	case strings.HasPrefix(rest, "%%"):
		end = after(text, start+2, "%%")
		ok = end > 0
	}
	if !ok {
		return 0, false
	}
	return lineEnd(text, end)
}

// trimBlockID returns line without the name at its end by which links lead to it, as ^id.
func trimBlockID(line string) string {
	if start, ok := blockID(line); ok {
		return strings.TrimRight(line[:start], " \t")
	}
	return line
}

// blockID returns where the name of a block begins with its ^ at the end of text, which ends with it: letters, digits and dashes, with
// a blank before the ^ or nothing.
func blockID(text string) (start int, ok bool) {
	i := len(text)
	for i > 0 && (isAlphanumeric(text[i-1]) || text[i-1] == '-') {
		i--
	}
	if i == len(text) || i == 0 || text[i-1] != '^' {
		return 0, false
	}
	return i - 1, i == 1 || strings.IndexByte(" \t\n", text[i-2]) >= 0
}
