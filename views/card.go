package views

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"
)

// activeCard is a card in a list of notes outside of the trash, the page seen most. It is written out here because
// templ formats each expression through fmt: with nine of them to a card, that was a fifth of the cost of the page.
type activeCard struct {
	url string // of the note
	Card
}

// Render implements templ.Component.
func (c activeCard) Render(_ context.Context, w io.Writer) error {
	url, title, pin := templ.EscapeString(c.url), templ.EscapeString(c.Title), ""
	pinAction, pinLabel, pinClass, focus := "pin", "Pin", "tool", ""
	if c.Pinned {
		pin = `<span class="pin" title="Pinned"><span class="unseen">Pinned: </span></span> `
		pinAction, pinLabel, pinClass = "unpin", "Unpin", "tool pressed"
	}
	if c.Focus {
		focus = " autofocus"
	}
	archive, archiveLabel, archiveIcon := "archive", "Archive", "archive"
	if c.Archived {
		archive, archiveLabel, archiveIcon = "unarchive", "Unarchive", "unarchive"
	}
	if err := writeAll(
		w, `<li class="card" id="note-`, c.ID, `"><h2 dir="auto">`, pin, `<a href="`, url, `">`, title, `</a></h2>`,
		`<p class="excerpt" dir="auto">`, templ.EscapeString(c.Excerpt), `</p>`,
	); err != nil {
		return err
	}
	if err := writeChips(w, c.Tags, c.MoreTags); err != nil {
		return err
	}
	return writeAll(
		w, `<div class="meta" role="group" aria-label="`, title, `">`,
		`<time datetime="`, c.DateTime, `">`, c.Date, `</time> `,
		cardForm, url, `/`, pinAction, formEnd,
		`<button class="`, pinClass, `" aria-label="`, pinLabel, `" title="`, pinLabel, `"`, focus, `><svg class="icon" aria-hidden="true"><use href="#i-pin"></use></svg></button></form>`,
		cardForm, url, `/`, archive, formEnd, `<button class="tool" aria-label="`, archiveLabel, `" title="`, archiveLabel,
		`"><svg class="icon" aria-hidden="true"><use href="#i-`, archiveIcon, `"></use></svg></button></form>`,
		`<a class="tool" href="`, url, `/edit" aria-label="Edit" title="Edit">`,
		`<svg class="icon" aria-hidden="true"><use href="#i-edit"></use></svg></a>`,
		cardForm, url, `/trash`, formEnd, `<button class="tool" aria-label="Delete" title="Delete">`,
		`<svg class="icon" aria-hidden="true"><use href="#i-trash"></use></svg></button></form></div></li>`,
	)
}

// A form of a card is sent through htmx, and the answer takes the card's place.
const (
	cardForm = `<form method="post" action="`
	formEnd  = `" hx-boost="push:false" hx-target="closest li" hx-swap="outerHTML show:none">`
)

// chips are the tags of a note, and how many more there are.
type chips struct {
	tags []Link
	more int
}

// Render implements templ.Component.
func (c chips) Render(_ context.Context, w io.Writer) error { return writeChips(w, c.tags, c.more) }

func writeChips(w io.Writer, tags []Link, more int) error {
	if len(tags) == 0 {
		return nil
	}
	if err := writeAll(w, `<p class="chips">`); err != nil {
		return err
	}
	for _, tag := range tags {
		if err := writeAll(w, `<a href="`, templ.EscapeString(tag.URL), `">`, templ.EscapeString(tag.Text), `</a> `); err != nil {
			return err
		}
	}
	if more > 0 {
		if err := writeAll(w, `<span>+`, strconv.Itoa(more), `<span class="unseen"> more</span></span>`); err != nil {
			return err
		}
	}
	return writeAll(w, `</p>`)
}

func writeAll(w io.Writer, parts ...string) error {
	for _, part := range parts {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}
