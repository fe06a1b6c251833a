package markdown

import (
	"bytes"
	"cmp"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"

	"octavo/domain/markup"
)

// Link is the title of a note or the name of a file, as a link has it, that is led to, or shown in place of the link.
type Link struct {
	Title string
	Embed bool
	File  string // the hash in the address of a picture, whose size is wanted; then the rest is zero
}

// Target is where a Link leads.
type Target struct {
	URL     string
	Picture bool   // what is there can be shown in place of the link
	Width   int    // of a picture, in pixels; 0 where it isn't known
	Height  int    // likewise
	Title   string // of a note
	Excerpt string // of a note
}

// slot is a place in a document's HTML that says where a link leads, or shows what is there.
type slot struct {
	start, end int
	link       int    // index in Links
	fragment   string // "" or "#note-…"
	label      string // of an embed: its words, as HTML
	size       string // the attributes that give a picture its size, as it is written
	title      string // of an embed: the attribute that gives it a title
	written    string // the address of a Markdown link as it is; "" for a note
	measured   bool   // it is only where a picture has its size
}

// slotOpen begins the tag of a link that leads to another note or a file. A number follows; what a note says cannot
// bring it about, as a quotation mark in a text is escaped and the address of a place in a note begins with #note-.
const slotOpen = `<a class="wiki" href="#`

func (d *Document) findSlots(wiki []*wikiNode) {
	known := map[Link]int{}
	d.findLinks(wiki, known)
	if d.findPictures(known) {
		slices.SortFunc(d.slots, func(a, b slot) int { return cmp.Compare(a.start, b.start) })
	}
}

// linkAt returns the index of a link, which is added unless it is known.
func (d *Document) linkAt(known map[Link]int, link Link) int {
	at, ok := known[link]
	if !ok {
		at = len(d.Links)
		link.Title, link.File = strings.Clone(link.Title), strings.Clone(link.File)
		known[link] = at
		d.Links = append(d.Links, link)
	}
	return at
}

// addressed is a picture that is shown by the address of a file of this site. What a note says cannot bring it about.
var addressed = regexp.MustCompile(`<img src="/files/([0-9a-f]{64})[/"][^>]*? loading="lazy"((?: (?:width|height)="[0-9]+")*)`)

// findPictures finds where pictures have their sizes, or can have them, and reports whether there are any.
func (d *Document) findPictures(known map[Link]int) bool {
	found := addressed.FindAllStringSubmatchIndex(d.html, -1)
	for _, m := range found {
		at := d.linkAt(known, Link{File: d.html[m[2]:m[3]]})
		d.slots = append(d.slots, slot{start: m[4], end: m[5], link: at, size: d.html[m[4]:m[5]], measured: true})
	}
	return len(found) > 0
}

func (d *Document) findLinks(wiki []*wikiNode, known map[Link]int) {
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
		mark := wiki[n].mark
		at := d.linkAt(known, Link{Title: mark.Title, Embed: mark.Embed})
		s := slot{start: i - len(slotOpen) + len("<a "), end: i + size + 1, link: at, written: wiki[n].written}
		if mark.Heading != "" && mark.FileName() == "" {
			s.fragment = "#" + place(mark.Heading)
		}
		if mark.Embed {
			s.start -= len("<a ")
			open := i + strings.IndexByte(d.html[i:], '>') + 1
			end := open + strings.Index(d.html[open:], "</a>")
			s.title = d.html[s.end : open-1]
			s.label, s.size = sized(d.html[open:end])
			s.end = end + len("</a>")
		}
		d.slots = append(d.slots, s)
	}
}

// pictureSize is how wide a picture is to be, and how high, at the end of the words of an embed: 300 or |300x200.
var pictureSize = regexp.MustCompile(`^(?:(.*)\|)?([0-9]{1,4})(?:x([0-9]{1,4}))?$`)

// sized returns the words of an embed and the attributes of the size that stands at their end.
func sized(label string) (words, attributes string) {
	match := pictureSize.FindStringSubmatch(label)
	if match == nil {
		return label, ""
	}
	attributes = ` width="` + match[2] + `"`
	if match[3] != "" {
		attributes += ` height="` + match[3] + `"`
	}
	return match[1], attributes
}

// takeSize takes the size off the end of an image's words, as |300 or |300x200, and gives it to the image.
func takeSize(image *ast.Image, source []byte) {
	last, ok := image.LastChild().(*ast.Text)
	if !ok {
		return
	}
	words := last.Segment.Value(source)
	bar := bytes.LastIndexByte(words, '|')
	if bar < 0 {
		return
	}
	if _, size := sized(string(words[bar+1:])); size != "" {
		last.Segment = last.Segment.WithStop(last.Segment.Start + bar)
		image.SetAttributeString(sizeAttribute, size)
	}
}

// sizeAttribute is what an image has that has a size: the attributes in HTML.
const sizeAttribute = "size"

// HTML returns the document with its links leading to what resolve says, and embeds showing it. Where no note of the
// title exists, the link has the class "wiki-missing" and leads to the form of a new note. A nil resolve knows of
// nothing. resolve is asked once for each Link.
func (d *Document) HTML(resolve func(Link) (t Target, exists bool)) string {
	if len(d.slots) == 0 {
		return d.html
	}
	targets, there := make([]Target, len(d.Links)), make([]bool, len(d.Links))
	for i, link := range d.Links {
		if resolve != nil {
			targets[i], there[i] = resolve(link)
		}
	}
	var b strings.Builder
	b.Grow(min(d.limit, len(d.html)+64*len(d.slots)))
	last, size := 0, len(d.html)
	for _, s := range d.slots {
		b.WriteString(d.html[last:s.start])
		last = s.end
		link := d.Links[s.link]
		var text string
		switch {
		case s.measured:
			text = targets[s.link].size(s.size)
		case link.Embed:
			text = d.embed(s, link, targets[s.link], there[s.link])
		default:
			text = d.leading(s, link, targets[s.link], there[s.link])
		}
		grown := len(text) - (s.end - s.start)
		if size+grown > d.limit { // the words stay, without a way
			text, grown = `class="wiki"`, 0
			switch {
			case s.measured:
				text = s.size
			case link.Embed:
				text = s.label
			}
		}
		size += grown
		b.WriteString(text)
	}
	b.WriteString(d.html[last:])
	return b.String()
}

// size returns the attributes that give a picture its size: how wide it is written to be, or is, and as high as it is then
// shown, so that nothing moves when it comes. Where that isn't known it has what is written.
func (t Target) size(written string) string {
	if t.Width <= 0 || t.Height <= 0 {
		return written
	}
	width, height := t.Width, t.Height
	if _, after, ok := strings.Cut(written, ` width="`); ok {
		digits, _, _ := strings.Cut(after, `"`)
		n, err := strconv.Atoi(digits)
		if err != nil || n == 0 {
			return written
		}
		width, height = n, max(1, (n*t.Height+t.Width/2)/t.Width)
	}
	return ` width="` + strconv.Itoa(width) + `" height="` + strconv.Itoa(height) + `"`
}

// leading returns the attributes of a link.
func (d *Document) leading(s slot, link Link, t Target, exists bool) string {
	switch {
	case exists:
		return `class="wiki" href="` + html.EscapeString(t.URL) + s.fragment + `"`
	case s.written != "":
		return `href="` + html.EscapeString(s.written) + `"`
	}
	return `class="wiki wiki-missing" href="` + html.EscapeString(d.newNote(link.Title)) + s.fragment + `"`
}

func (d *Document) newNote(title string) string {
	return d.base + "/notes/new?title=" + url.QueryEscape(title)
}

// embed returns what stands in place of a link.
func (d *Document) embed(s slot, link Link, t Target, exists bool) string {
	address, label := html.EscapeString(t.URL), s.label
	name := markup.LinkMark{Title: link.Title}.FileName()
	if label == "" {
		label = html.EscapeString(link.Title)
	}
	switch {
	case exists && t.Picture:
		return `<img src="` + address + `" alt="` + label + `" loading="lazy"` + t.size(s.size) + s.title + `>`
	case exists && t.Title != "":
		return `<a class="embed" href="` + address + s.fragment + `"><span class="embed-title">` + html.EscapeString(t.Title) +
			`</span> <span class="embed-excerpt">` + html.EscapeString(t.Excerpt) + `</span></a>`
	case exists:
		return `<a class="wiki" href="` + address + `"` + s.title + `>` + label + `</a>`
	case name != "":
		return `<span class="wiki-missing">` + label + `</span>`
	}
	return `<a class="wiki wiki-missing" href="` + html.EscapeString(d.newNote(link.Title)) + `">` + label + `</a>`
}
