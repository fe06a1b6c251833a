package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"octavo/views"
)

// card is a note in the list.
type card struct {
	id, title, excerpt, tags string
	pinned                   bool
	updated                  time.Time
}

type note struct {
	id, title, html, tags, backlinks string // backlinks are items of HTML
	pinned, tasks                    bool
	created, updated                 time.Time
	saved                            int
}

// pieces is a page, or a part of one, with places for values.
type pieces struct {
	texts  []string // one more than there are values
	values []int    // which value follows a text
}

// place marks, in a page that is to be cut, where the n-th value goes. Neither HTML nor a URL escapes it.
func place(n int) string { return fmt.Sprintf("%s%dz", placeMark, n) }

const placeMark = "theplaceofvalue"

// cut returns the pieces of a page that has been rendered with places in it.
func cut(page string) pieces {
	var p pieces
	for {
		text, rest, found := strings.Cut(page, placeMark)
		p.texts = append(p.texts, text)
		if !found {
			return p
		}
		number, after, _ := strings.Cut(rest, "z")
		n, err := strconv.Atoi(number)
		if err != nil {
			panic(err)
		}
		p.values, page = append(p.values, n), after
	}
}

// appendTo appends the pieces with values, which are HTML, between them.
func (p *pieces) appendTo(b []byte, values ...string) []byte {
	for i, n := range p.values {
		b = append(append(b, p.texts[i]...), values[n]...)
	}
	return append(b, p.texts[len(p.values)]...)
}

// carve puts the n-th place where page has the first text from begin to end, and returns that text.
func carve(page *string, begin, end string, n int) string {
	at := strings.Index(*page, begin)
	length := strings.Index((*page)[max(0, at):], end) + len(end)
	if at < 0 || length < len(end) {
		panic("no page has " + begin + " any more: make the yardstick fit what Octavo shows")
	}
	text := (*page)[at : at+length]
	*page = (*page)[:at] + place(n) + (*page)[at+length:]
	return text
}

// The pages, as cutPages makes them.
var (
	cards   = map[bool]pieces{} // by whether the note is pinned
	chips   pieces              // the tags of a card
	chip    pieces
	more    pieces
	listTop pieces // what is before the cards
	listEnd string

	notePages          = map[bool]pieces{}
	tagList, tagItem   pieces
	backlinks          pieces
	backlink           pieces
	tasksForm, written pieces
)

// cutPages cuts the pages out of those that Octavo shows, so that they have the same bytes however those change.
func cutPages() {
	render := func(c interface {
		Render(ctx context.Context, w io.Writer) error
	},
	) string {
		var b strings.Builder
		if err := c.Render(context.Background(), &b); err != nil {
			panic(err)
		}
		return b.String()
	}
	tag := []views.Link{{Text: "#" + place(0), URL: "/notes?tag=" + place(1)}}
	for _, pinned := range []bool{false, true} {
		text := render(views.Cards(views.NoteList{Cards: []views.Card{{
			NoteHead: views.NoteHead{ID: place(0), Title: place(1), Pinned: pinned}, Excerpt: place(2), Tags: tag,
			Date: place(4), DateTime: place(5),
		}}}))
		tags := carve(&text, `<p class="chips">`, `</p>`, 3)
		chip = cut(carve(&tags, `<a `, `</a> `, 0))
		cards[pinned], chips = cut(text), cut(tags)
	}
	more = cut(render(views.Cards(views.NoteList{More: "/notes?after=" + place(0)})))

	page := views.Page{Title: "Notes", Section: "notes", SignedIn: true}
	list := views.NoteList{Cards: []views.Card{{NoteHead: views.NoteHead{ID: "one"}}}, Select: "/notes?select=1", CountURL: "/notes?count=true"}
	text := render(views.NotesPage(page, views.NoteForm{Draft: place(0)}, list))
	top, end, found := strings.Cut(text, render(views.Cards(list)))
	if !found {
		panic("the list's page doesn't have its cards in one piece any more: make the yardstick fit what Octavo shows")
	}
	listTop, listEnd = cut(top), end

	page.Title, page.Section = place(0), ""
	for _, pinned := range []bool{false, true} {
		text := render(views.NotePage(page, views.Note{
			NoteHead: views.NoteHead{ID: place(1), Title: place(0), Pinned: pinned}, Text: views.Text{HTML: place(2)},
			Version: place(3), HasTasks: true, Tags: tag, Linked: views.Backlinks{
				Notes: []views.Backlink{{Link: views.Link{Text: place(0), URL: "/notes/" + place(1)}}}, URL: "/notes/" + place(1) + "/backlinks",
			},
			Date: place(4), DateTime: place(5), Created: place(0), CreatedDateTime: place(1),
		}))
		tags := carve(&text, `<ul class="tags"`, `</ul>`, 6)
		tagItem = cut(carve(&tags, `<li>`, `</li>`, 0))
		links := carve(&text, `<section class="backlinks"`, `</section>`, 7)
		backlink = cut(carve(&links, `<li `, `</li>`, 0))
		form := carve(&text, `<form id="tasks"`, `</form>`, 8)
		form = strings.ReplaceAll(strings.ReplaceAll(form, place(1), place(0)), place(3), place(1))
		written = cut(carve(&text, `<span>Created`, `</span>`, 9))
		notePages[pinned], tagList, backlinks, tasksForm = cut(text), cut(tags), cut(links), cut(form)
	}
}

// appendList appends the list's page. A note beyond the page's size tells that there are more.
func appendList(b []byte, draft string, notes []card) []byte {
	b = listTop.appendTo(b, draft)
	for i := range notes[:min(len(notes), pageSize)] {
		c := &notes[i]
		forPeople, forPrograms := printTime(c.updated)
		p := cards[c.pinned]
		b = p.appendTo(b, c.id, html.EscapeString(c.title), html.EscapeString(c.excerpt),
			tagsHTML(c.tags, &chips, &chip), forPeople, forPrograms)
	}
	if len(notes) > pageSize {
		b = more.appendTo(b, cursorOf(&notes[pageSize-1]))
	}
	return append(b, listEnd...)
}

// cursorOf returns the place of a note in the list.
func cursorOf(c *card) string {
	pinned := "0"
	if c.pinned {
		pinned = "1"
	}
	return base64.RawURLEncoding.EncodeToString([]byte("n.active." + pinned + "." + strconv.FormatInt(c.updated.UnixMicro(), 36) + "." + c.id))
}

func appendNote(b []byte, n note) []byte {
	forPeople, forPrograms := printTime(n.updated)
	version := strconv.Itoa(n.saved)
	tasks, first, linked := "", "", ""
	if n.tasks {
		tasks = string(tasksForm.appendTo(nil, n.id, version))
	}
	if !n.created.Equal(n.updated) {
		firstForPeople, firstForPrograms := printTime(n.created)
		first = string(written.appendTo(nil, firstForPeople, firstForPrograms))
	}
	if n.backlinks != "" {
		linked = string(backlinks.appendTo(nil, n.backlinks, n.id))
	}
	p := notePages[n.pinned]
	return p.appendTo(b, html.EscapeString(n.title), n.id, n.html, version, forPeople, forPrograms,
		tagsHTML(n.tags, &tagList, &tagItem), linked, tasks, first)
}

// tagsHTML returns the tags of a note, which are stored with blanks between them, as items of a list.
func tagsHTML(tags string, list, item *pieces) string {
	var items []byte
	for tag := range strings.FieldsSeq(tags) {
		items = item.appendTo(items, html.EscapeString(tag), url.QueryEscape(tag))
	}
	if len(items) == 0 {
		return ""
	}
	return string(list.appendTo(nil, string(items)))
}

func printTime(t time.Time) (forPeople, forPrograms string) {
	t = t.UTC()
	return t.Format("2 Jan 2006, 15:04 UTC"), t.Format(time.RFC3339)
}
