package markdown

import (
	"container/list"
	"crypto/sha256"
	"encoding/binary"
	"html"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"octavo/domain"
)

// Options are what the HTML of a content depends on besides its text.
type Options struct {
	Base string // the path below which the site lives, "" or as "/notes"; addresses of tags begin with it
	From int    // where the part of the content begins that is shown, in bytes; boxes before it are counted
	// Title is the line of the content, before From, that is shown as the title; see Document.Parts. None when zero.
	Title domain.TitleLine
	Tasks bool // whether boxes can be ticked, in a form with the id "tasks"; otherwise they are only shown
}

// Document is rendered Markdown whose wiki links still wait for where they lead. It may be used concurrently.
type Document struct {
	TitleID  string    // the id of what Options.Title names, by which links lead to it
	Headings []Heading // in order
	Links    []string  // the titles that wiki links lead to, each once, as written

	base     string
	hasTitle bool
	limit    int    // bytes of HTML
	html     string // with a place for each wiki link:
	slots    []slot // in order
}

// Heading is a heading of a document.
type Heading struct {
	Level int // 1 to 6
	ID    string
	Text  string
}

// slot is a place in a document's HTML that says where a wiki link leads.
type slot struct {
	start, end int
	title      int    // index in Links
	fragment   string // "" or "#note-…"
}

// Render returns the part of content that begins at o.From. It never fails: what is too long or too tangled to format
// within the bounds of this package is shown as plain text, below a line that says so. The HTML has at most 16 bytes
// for each byte of that part, and 1 KiB more. Bytes that are not UTF-8 are replaced. Render may be called concurrently,
// and remembers the documents that were asked for last.
func Render(content string, o Options) *Document {
	key := keyOf(content, o)
	if d := remembered.get(key); d != nil {
		return d
	}
	d := render(content, o)
	remembered.put(key, d)
	return d
}

func render(content string, o Options) *Document {
	from := max(0, min(o.From, len(content)))
	var shown domain.TitleLine
	title, body := 0, 0 // how long the title is, and where the rest begins behind it
	if t := o.Title; t.Start < t.End && t.End <= t.Rest && t.Rest <= len(content) && utf8.ValidString(content[t.Start:t.Rest]) {
		from, title, body = t.Start, t.End-t.Start, t.Rest-t.Start
		shown = t
	}
	before := strings.ToValidUTF8(content[:from], "\uFFFD")
	shown.Start, shown.End, shown.Rest = shown.Start+len(before)-from, shown.End+len(before)-from, shown.Rest+len(before)-from
	source := strings.ToValidUTF8(content[from:], "\uFFFD")

	d := &Document{base: o.Base, limit: maxGrowth*len(source) + growthAllowance}
	m := &meter{title: title, body: body, marks: marks{Reading: domain.NewReading(before+source, shown), from: len(before), base: o.Base}}
	m.live = o.Tasks && len(m.Tasks)*taskSize <= 12*len(source)+growthAllowance
	s := scratchPool.Get().(*scratch)
	defer s.release()
	if s.format(source, m, d) {
		d.TitleID, d.Headings = m.titleID, m.headings
		d.html = s.safe.String()
		d.hasTitle = title > 0
		d.findSlots(m.wiki)
	} else {
		d.html = plainOpen + html.EscapeString(source[body:]) + plainClose
	}
	return d
}

// slotOpen begins the tag of a wiki link that leads to another note. A number follows; what a note says cannot bring it
// about, as a quotation mark in a text is escaped and the address of a place in a note begins with #note-.
const slotOpen = `<a class="wiki" href="#`

func (d *Document) findSlots(wiki []*wikiNode) {
	titles := map[string]int{}
	for i := 0; ; {
		next := strings.Index(d.html[i:], slotOpen)
		if next < 0 {
			return
		}
		i += next + len(slotOpen)
		size := strings.IndexByte(d.html[i:], '"')
		n, err := strconv.Atoi(d.html[i : i+size])
		if err != nil || n >= len(wiki) {
			continue
		}
		link := wiki[n].mark
		title, ok := titles[link.Title]
		if !ok {
			title = len(d.Links)
			titles[link.Title] = title
			d.Links = append(d.Links, strings.Clone(link.Title))
		}
		fragment := ""
		if link.Heading != "" {
			fragment = "#" + place(link.Heading)
		}
		d.slots = append(d.slots, slot{i - len(slotOpen) + len("<a "), i + size + 1, title, fragment})
	}
}

// HTML returns the document with its wiki links leading to what resolve says. Where no note of the title exists, the
// link has the class "wiki-missing", and leads to the form of a new note unless resolve gives an address. A nil resolve
// knows of no note. resolve is asked once for each title.
func (d *Document) HTML(resolve func(title string) (url string, exists bool)) string {
	if len(d.slots) == 0 {
		return d.html
	}
	opens := make([]string, len(d.Links))
	for i, title := range d.Links {
		address, exists := "", false
		if resolve != nil {
			address, exists = resolve(title)
		}
		class := `class="wiki" href="`
		if !exists {
			class = `class="wiki wiki-missing" href="`
		}
		if address == "" {
			address = d.base + "/notes/new?title=" + url.QueryEscape(title)
		}
		opens[i] = class + html.EscapeString(address)
	}
	var b strings.Builder
	b.Grow(min(d.limit, len(d.html)+64*len(d.slots)))
	last, size := 0, len(d.html)
	for _, s := range d.slots {
		b.WriteString(d.html[last:s.start])
		last = s.end
		grown := len(opens[s.title]) + len(s.fragment) + 1 - (s.end - s.start)
		if size+grown > d.limit { // the words stay, without a way
			b.WriteString(`class="wiki"`)
			continue
		}
		size += grown
		b.WriteString(opens[s.title])
		b.WriteString(s.fragment)
		b.WriteByte('"')
	}
	b.WriteString(d.html[last:])
	return b.String()
}

// cache remembers the documents used last, up to some bytes in all.
type cache struct {
	mu    sync.Mutex
	max   int
	size  int
	items map[cacheKey]*list.Element
	order list.List // of *cached, the one used last in front
}

type cacheKey [sha256.Size]byte

type cached struct {
	key  cacheKey
	doc  *Document
	size int
}

var remembered = &cache{max: 4 << 20, items: map[cacheKey]*list.Element{}}

func keyOf(content string, o Options) (key cacheKey) {
	h := sha256.New()
	var numbers []byte
	for _, n := range []int{o.From, o.Title.Start, o.Title.End, o.Title.Rest, len(o.Base)} {
		numbers = binary.LittleEndian.AppendUint64(numbers, uint64(n))
	}
	h.Write(strconv.AppendBool(numbers, o.Tasks))
	h.Write([]byte(o.Base))
	h.Write([]byte(content))
	h.Sum(key[:0])
	return key
}

func (c *cache) get(key cacheKey) *Document {
	c.mu.Lock()
	defer c.mu.Unlock()
	item := c.items[key]
	if item == nil {
		return nil
	}
	c.order.MoveToFront(item)
	return item.Value.(*cached).doc
}

func (c *cache) put(key cacheKey, d *Document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	size := d.size()
	if c.items[key] != nil || size > c.max {
		return
	}
	c.items[key] = c.order.PushFront(&cached{key, d, size})
	for c.size += size; c.size > c.max; {
		oldest := c.order.Remove(c.order.Back()).(*cached)
		delete(c.items, oldest.key)
		c.size -= oldest.size
	}
}

// size returns about how many bytes of memory it takes to remember the document.
func (d *Document) size() int {
	const entry, slotSize, headingSize, stringSize = 512, 40, 40, 16
	size := entry + len(d.html) + slotSize*cap(d.slots) + headingSize*cap(d.Headings) + stringSize*cap(d.Links)
	for _, s := range d.slots {
		size += len(s.fragment)
	}
	for _, h := range d.Headings {
		size += len(h.ID) + len(h.Text)
	}
	for _, title := range d.Links {
		size += len(title)
	}
	return size
}
