package markup

import "strings"

// Math is a formula in TeX on lines of its own, between $$ and $$.
type Math struct {
	Start, End int // of its lines
	TeX        string
}

// math returns where the formula ends that begins with the $ at i: $…$ on one line, or $$…$$. Money is none: nothing
// blank stands inside beside a single $, no letter or digit before it, and no digit behind it. A $ in code ends none.
func (t *inlineText) math(i int) int {
	size := run(t.text, i)
	var end int
	switch {
	case size == 1:
		end = t.inlineMath(i)
	case size == 2 && i >= t.noDisplay:
		if n := t.nextDisplay(i + 2); n == len(t.text) {
			t.noDisplay = n
		} else if strings.TrimSpace(t.text[i+2:n]) != "" {
			end = n
		}
	}
	if end == 0 {
		return i + size
	}
	kind := MathInline
	if size == 2 {
		kind = DisplayInline
	}
	t.note(Inline{Kind: kind, Start: t.offset(i), Text: t.offset(i + size), TextEnd: t.offset(end), End: t.offset(end + size)})
	return end + size
}

// nextDisplay returns where the next $$ from i on stands, or where the text ends.
func (t *inlineText) nextDisplay(i int) int {
	for ; i < len(t.text) && !strings.HasPrefix(t.text[i:], "$$"); i++ {
		if t.text[i] == '`' {
			i = t.afterCode(i) - 1
		}
	}
	return i
}

// inlineMath returns where the $ stands that ends the formula at i, or 0.
func (t *inlineText) inlineMath(i int) int {
	text := t.text
	isBlank := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
	if i+1 == len(text) || isBlank(text[i+1]) || i > 0 && isAlphanumeric(text[i-1]) {
		return 0
	}
	for j := i + 1; j < len(text) && text[j] != '\n'; j++ {
		switch text[j] {
		case '\\':
			j++
		case '`':
			j = t.afterCode(j) - 1
		case '$':
			next := byte(' ')
			if j+1 < len(text) {
				next = text[j+1]
			}
			if isBlank(text[j-1]) || next == '$' || '0' <= next && next <= '9' {
				return 0
			}
			return j
		}
	}
	return 0
}

// displayMath begins the formula at the $$ that the line at the cursor begins with, in the first of the open containers,
// and reports false when it doesn't end: no line of it is blank or out of the containers, and the last one ends with $$.
func (s *outliner) displayMath(c *cursor, next, matched int) bool {
	rest := c.content[next:c.last]
	if !strings.HasPrefix(rest, "$$") || strings.Contains(rest[2:], "$$") || next < s.noMath {
		return false
	}
	parts := []string{rest[2:]}
	for start := c.end + 1; start < len(s.content); {
		end := len(s.content)
		if i := strings.IndexByte(s.content[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := cursor{content: s.content, pos: start, end: end}
		line.last = start + len(strings.TrimRight(s.content[start:end], " \t\r"))
		within := !line.blank()
		for i := 0; i < matched && within; i++ {
			within = s.around[i].goesOn(&line)
		}
		if !within || line.blank() {
			s.noMath = start
			return false
		}
		text := s.content[line.pos:line.last]
		if body, ends := strings.CutSuffix(text, "$$"); ends {
			s.mathEnd = end
			if s.keep {
				tex := strings.Join(append(parts, body), "\n")
				s.reading.Math = append(s.reading.Math, Math{Start: next, End: end, TeX: tex})
			}
			return true
		}
		parts = append(parts, text)
		start = end + 1
	}
	s.noMath = len(s.content)
	return false
}
