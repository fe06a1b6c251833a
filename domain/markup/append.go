package markup

import (
	"regexp"
	"strings"
)

var (
	// bullet is what an item of a list begins with and, if it has one, its box.
	bullet = regexp.MustCompile(`^([ \t]*[-*+][ \t]+)(\[[ xX]\][ \t]+)?`)
	// item is what begins any item.
	item = regexp.MustCompile(`^[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]`)
)

// Append returns content with lines at its end. Where it ends with a list, each of them becomes another item, with a box where
// the last one has a box: who adds to a shopping list needn't know how one is written. Otherwise they are a paragraph of their
// own.
func Append(content, lines string) string {
	lines = strings.TrimRight(strings.Trim(lines, "\n"), " \t\n")
	last := strings.TrimRight(content, " \t\n")
	if last == "" {
		return content + lines
	}
	gap := 2
	if begin := bullet.FindStringSubmatch(last[strings.LastIndexByte(last, '\n')+1:]); begin != nil {
		gap, lines = 1, items(lines, begin[1], begin[2] != "")
	} else if item.MatchString(lines) {
		gap = 1
	}
	ends := strings.Count(content[len(last):], "\n")
	return content + strings.Repeat("\n", max(0, gap-ends)) + lines
}

// items returns each of the lines as an item of a list that is marked so, with a box or without.
func items(lines, mark string, box bool) string {
	var b strings.Builder
	for line := range strings.SplitSeq(lines, "\n") {
		own := bullet.FindStringSubmatch(line)
		if own != nil {
			line = line[len(own[0]):]
		}
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(mark)
		switch {
		case own != nil && own[2] != "":
			b.WriteString(strings.TrimSpace(own[2]) + " ")
		case box:
			b.WriteString("[ ] ")
		}
		b.WriteString(line)
	}
	return b.String()
}
