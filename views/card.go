package views

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// activeCard is a card in the list of active notes, the page seen most. It is written out here because templ formats
// each expression through fmt: with nine of them to a card, that was a fifth of the cost of the page.
type activeCard struct {
	url string // of the note
	Card
}

// Render implements templ.Component.
func (c activeCard) Render(_ context.Context, w io.Writer) error {
	url, title, pin := templ.EscapeString(c.url), templ.EscapeString(c.Title), ""
	if c.Pinned {
		pin = `<span class="pin" title="Pinned"><span class="unseen">Pinned: </span></span> `
	}
	for _, part := range [...]string{
		`<li class="card" id="note-`, c.ID, `"><h2 dir="auto">`, pin, `<a href="`, url, `">`, title, `</a></h2>`,
		`<p class="excerpt" dir="auto">`, templ.EscapeString(c.Excerpt), `</p>`,
		`<div class="meta" role="group" aria-label="`, title, `">`,
		`<time datetime="`, c.DateTime, `">`, c.Date, `</time> `,
		`<a class="tool" href="`, url, `/edit" aria-label="Edit">`,
		`<svg class="icon" aria-hidden="true"><use href="#i-edit"></use></svg></a>`,
		`<form method="post" action="`, url, `/trash" hx-boost="push:false" hx-target="closest li" hx-swap="outerHTML show:none">`,
		`<button class="tool" aria-label="Delete">`,
		`<svg class="icon" aria-hidden="true"><use href="#i-trash"></use></svg></button></form></div></li>`,
	} {
		if _, err := io.WriteString(w, part); err != nil {
			return err
		}
	}
	return nil
}
