package markup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Passages are the texts of a content in which its links stand: those of its paragraphs, headings, items of lists and cells of
// tables.
type Passages struct {
	Links []LinkMark // as Outline has them

	content string
	spans   []span      // the lines of the texts
	blocks  []int       // where those of each text end
	marks   []shownMark // in order
}

// shownMark is a part of a content in whose place a text is shown, or nothing.
type shownMark struct {
	start, end int
	text       string
}

// NewPassages reads content in time proportional to its length.
func NewPassages(content string) Passages {
	s := outliner{content: content, keep: true, underscored: true}
	s.read(TitleLine{})
	p := Passages{Links: s.out.Links, content: content, spans: s.spans, blocks: s.blocks}
	for _, m := range s.emphases {
		if m.shown == "" { // and isn't a reference, which is read with the words around it
			p.show(m.start, m.end, "")
		}
	}
	for _, m := range s.reading.Inlines {
		switch m.Kind {
		case CodeInline, MathInline, DisplayInline, AutolinkInline: // in which nothing is a mark
			p.show(m.Start, m.End, content[m.Text:m.TextEnd])
		case LinkInline, ImageInline:
			p.show(m.Start, m.Text, "")
			p.show(m.TextEnd, m.End, "")
		case TagInline:
			p.showTag(m)
		default:
			p.show(m.Start, m.End, "")
		}
	}
	for _, link := range p.Links {
		switch {
		case link.Address:
		case link.Embed:
			p.show(link.Start, link.End, link.withoutSize().Text())
		default:
			p.show(link.Start, link.End, link.Text())
		}
	}
	slices.SortStableFunc(p.marks, func(a, b shownMark) int { return cmp.Or(a.start-b.start, b.end-a.end) })
	p.wholeLinks(s.reading.Inlines)
	return p
}

func (p *Passages) show(start, end int, text string) {
	p.marks = append(p.marks, shownMark{start, end, text})
}

// showTag shows nothing of a tag that the renderer knows.
func (p *Passages) showTag(m Inline) {
	name := strings.TrimPrefix(p.content[m.Start+1:m.End], "/")
	switch name = name[:skipName(name, 0)]; {
	case strings.EqualFold(name, "br"):
		p.show(m.Start, m.End, " ")
	case IsShownElement(name):
		p.show(m.Start, m.End, "")
	}
}

// wholeLinks has the links that stand in the address of another mark be around all of that, its words included.
func (p *Passages) wholeLinks(marks []Inline) {
	links := slices.Clone(p.Links)
	for _, m := range marks {
		if m.Kind != LinkInline && m.Kind != ImageInline {
			continue
		}
		i, _ := slices.BinarySearchFunc(links, m.TextEnd, func(link LinkMark, at int) int { return cmp.Compare(link.Start, at) })
		if i < len(links) && links[i].Address && links[i].End <= m.End {
			p.Links[i].Start, p.Links[i].End = m.Start, m.End
		}
	}
}

// Around returns the text in which a link stands, plain and on one line, and from where to where its words are in it. Of a link that
// stands beside all texts, as in front matter, it is the line.
func (p Passages) Around(link LinkMark) (text string, start, end int) {
	var b strings.Builder
	lines := p.lines(link.Start)
	p.write(&b, lines, lines[0].start, link.Start)
	start = b.Len()
	p.write(&b, lines, link.Start, link.End)
	end = b.Len()
	p.write(&b, lines, link.End, lines[len(lines)-1].end)
	text = strings.TrimSuffix(b.String(), " ")
	start = min(start, len(text))
	return text, start, max(start, len(strings.TrimSuffix(b.String()[:end], " ")))
}

// lines returns the lines of the text at a place.
func (p Passages) lines(at int) []span {
	begin := 0
	for _, end := range p.blocks {
		if lines := p.spans[begin:end]; lines[0].start <= at && at < lines[len(lines)-1].end {
			return lines
		}
		begin = end
	}
	start := strings.LastIndexByte(p.content[:at], '\n') + 1
	line, _, _ := strings.Cut(p.content[start:], "\n")
	return []span{{start + len(line) - len(trimMarker(line)), start + len(line)}}
}

// write writes what is shown of the part of some lines that begins in [from, to), with single blanks.
func (p Passages) write(b *strings.Builder, lines []span, from, to int) {
	next, _ := slices.BinarySearchFunc(p.marks, from, func(m shownMark, at int) int { return cmp.Compare(m.start, at) })
	for _, line := range lines {
		at := max(line.start, from)
		for at < min(line.end, to) {
			for next < len(p.marks) && p.marks[next].start < at {
				next++
			}
			plain := min(line.end, to)
			if next < len(p.marks) && p.marks[next].start < plain {
				plain = p.marks[next].start
			}
			writeBlanksOnce(b, resolved(p.content[at:plain]))
			if at = plain; at < to && next < len(p.marks) && p.marks[next].start == at {
				writeBlanksOnce(b, p.marks[next].text)
				from = p.marks[next].end // which may be on another line
				at = from
				next++
			}
		}
		if at == line.end {
			writeBlanksOnce(b, " ")
		}
	}
}

// writeBlanksOnce writes a text with one space for blanks that follow one another, and none at the beginning of it all.
func writeBlanksOnce(b *strings.Builder, text string) {
	for _, r := range text {
		if !unicode.IsSpace(r) {
			b.WriteRune(r)
		} else if s := b.String(); s != "" && s[len(s)-1] != ' ' {
			b.WriteByte(' ')
		}
	}
}
