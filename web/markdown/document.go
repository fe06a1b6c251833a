package markdown

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"octavo/domain/markup"
	"octavo/lang"
	"octavo/web/internal/recent"
	"octavo/web/markdown/code"
)

// Options are what the HTML of a content depends on besides its text.
type Options struct {
	Base string // the path below which the site lives, "" or as "/notes"; addresses of tags begin with it
	From int    // where the part of the content begins that is shown, in bytes; boxes before it are counted
	// Title is the line of the content, before From, that is shown as the title; see Document.Parts. None when zero.
	Title markup.TitleLine
	Tasks bool // whether boxes can be ticked, in a form with the id "tasks"; otherwise they are only shown
	// Under is the level of the heading that the document stands under: its own follow it without a gap, whatever levels they are
	// written with. They have those where it is 0.
	Under int
	// Language is that of the few words that the HTML has beside those of the content; English when nil.
	Language *lang.Language
}

func (o Options) language() *lang.Language { return cmp.Or(o.Language, lang.English()) }

// Document is rendered Markdown whose links to notes and files still wait for where they lead. It may be used concurrently.
type Document struct {
	TitleID  string    // the id of what Options.Title names, by which links lead to it
	Headings []Heading // in order
	Links    []Link    // what leads to notes and files, each once

	base     string
	words    *lang.Language
	complete bool // no formula is left as it is written, and no code without its colours, for want of time
	hasTitle bool
	limit    int    // bytes of HTML
	html     string // with a place for each such link:
	slots    []slot // in order
}

// Heading is a heading of a document.
type Heading struct {
	Level int // 1 to 6
	ID    string
	Text  string
}

// Headings returns the texts of the headings of a content, in order.
func Headings(content string) (texts []string) {
	for _, h := range Render(content, Options{From: len(content) - len(markup.WithoutFrontMatter(content))}).Headings {
		texts = append(texts, h.Text)
	}
	return texts
}

// Render returns the part of content that begins at o.From. It never fails: what is too long or too tangled to format
// within the bounds of this package is shown as plain text, below a line that says so. The HTML has at most 16 bytes
// for each byte of that part, and 1 KiB more. Bytes that are not UTF-8 are replaced. Render may be called concurrently,
// and remembers the documents that were asked for last.
func Render(content string, o Options) *Document {
	key := keyOf(content, o)
	if d, ok := remembered.Get(key); ok {
		return d
	}
	d := render(content, o)
	if d.complete {
		remembered.Put(key, d)
	}
	return d
}

func render(content string, o Options) *Document {
	from := max(0, min(o.From, len(content)))
	var shown markup.TitleLine
	title, body := 0, 0 // how long the title is, and where the rest begins behind it
	if t := o.Title; t.Start < t.End && t.End <= t.Rest && t.Rest <= len(content) && utf8.ValidString(content[t.Start:t.Rest]) {
		from, title, body = t.Start, t.End-t.Start, t.Rest-t.Start
		shown = t
	}
	before := strings.ToValidUTF8(content[:from], "\uFFFD")
	shown.Start, shown.End, shown.Rest = shown.Start+len(before)-from, shown.End+len(before)-from, shown.Rest+len(before)-from
	source := strings.ToValidUTF8(content[from:], "\uFFFD")

	d := &Document{base: o.Base, words: o.language(), limit: maxGrowth*len(source) + growthAllowance}
	m := &meter{title: title, body: body, under: o.Under, colours: code.Budget{Time: maxCodeTime}, marks: marks{Reading: markup.NewReading(before+source, shown), from: len(before), base: o.Base}}
	m.live = o.Tasks && len(m.Tasks)*taskSize <= 12*len(source)+growthAllowance
	s := scratchPool.Get().(*scratch)
	defer s.release()
	if s.format(source, m, d) {
		d.TitleID, d.Headings = m.titleID, m.headings
		d.html, d.complete = showFormulas(d.words, s.safe.String(), m.formulas, d.limit-d.limit/8)
		d.complete = d.complete && !m.unpainted
		d.hasTitle = title > 0
		d.findSlots(m.wiki)
	} else {
		d.complete = true
		d.html = plainOpen(d.words) + html.EscapeString(source[body:]) + plainClose
	}
	return d
}

type cacheKey [sha256.Size]byte

var remembered = recent.NewCache(4<<20, func(_ cacheKey, d *Document) int { return d.size() })

func keyOf(content string, o Options) (key cacheKey) {
	h := sha256.New()
	var numbers []byte
	language := o.language().Tag()
	for _, n := range []int{o.From, o.Title.Start, o.Title.End, o.Title.Rest, o.Under, len(o.Base), len(language)} {
		numbers = binary.LittleEndian.AppendUint64(numbers, uint64(n))
	}
	h.Write(strconv.AppendBool(numbers, o.Tasks))
	h.Write([]byte(o.Base))
	h.Write([]byte(language))
	h.Write([]byte(content))
	h.Sum(key[:0])
	return key
}

// size returns about how many bytes of memory it takes to remember the document.
func (d *Document) size() int {
	const entry, slotSize, headingSize, linkSize = 512, 112, 40, 40
	size := entry + len(d.html) + slotSize*cap(d.slots) + headingSize*cap(d.Headings) + linkSize*cap(d.Links)
	for _, s := range d.slots {
		size += len(s.fragment) + len(s.label) + len(s.written)
	}
	for _, h := range d.Headings {
		size += len(h.ID) + len(h.Text)
	}
	for _, link := range d.Links {
		size += len(link.Title) + len(link.File)
	}
	return size
}
