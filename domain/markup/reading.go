package markup

import "slices"

// Reading is what the renderer shows of a content beyond its blocks and its emphasis: the outline, and every mark inside
// a text. What is shown so is what is found, indexed and rewritten. Offsets are in bytes of the content, and what has
// them is in order.
type Reading struct {
	Outline
	Inlines     []Inline
	Tables      []Table
	Definitions []Definition
	Footnotes   []int     // where they begin
	Comments    []Comment // that take whole lines
	Math        []Math    // likewise
}

// Inline is a mark inside a text.
type Inline struct {
	Kind               InlineKind
	Start, End         int
	Text, TextEnd      int    // what stands between its brackets or backticks
	Destination, Title string // of a link or an image, with escapes resolved; the label of a footnote, the name of a block
}

// InlineKind tells what a mark is.
type InlineKind byte

// The kinds of marks.
const (
	CodeInline InlineKind = iota + 1
	TagInline             // a tag of HTML
	CommentInline
	AutolinkInline // an address in angle brackets, or a bare one
	LinkInline
	ImageInline
	FootnoteInline // [^label] of a footnote that there is
	NoteInline     // ^[a footnote where it is referred to]
	BlockInline    // ^name, at the end of a block
	MathInline     // a formula: $…$
	DisplayInline  // a formula apart from its line: $$…$$
)

// Table is a table: its header, and its rows, of no more cells than that.
type Table struct {
	Start int // of the first line
	Align []Align
	Rows  [][]Cell
}

// Cell is where the text of a cell stands.
type Cell struct{ Start, End int }

// Align is where the texts of a column stand.
type Align byte

// The places of a column's texts.
const (
	AlignNone Align = iota
	AlignLeft
	AlignCenter
	AlignRight
)

// Definition is where the destination of links is defined, as in [label]: address "title".
type Definition struct{ Start, End int }

// Comment is lines that aren't shown.
type Comment struct{ Start, End int }

// NewReading reads content as NewOutline does. A title stands on lines of its own, in spite of what follows it.
func NewReading(content string, title TitleLine) Reading {
	s := outliner{content: content, keep: true}
	s.read(title)
	slices.SortStableFunc(s.reading.Inlines, func(a, b Inline) int { return a.Start - b.Start })
	s.reading.Outline = s.out
	return s.reading
}

// note keeps a mark for the renderer.
func (t *inlineText) note(m Inline) {
	if t.keep {
		t.reading.Inlines = append(t.reading.Inlines, m)
	}
}
