package main

import (
	"encoding/base64"
	"html"
	"strconv"
	"time"

	"octavo/static"
)

// card is a note in the list. Times are microseconds since 1970.
type card struct {
	id, title, excerpt string
	pinned             bool
	updated            int64
}

type note struct {
	id, title, html  string
	pinned           bool
	created, updated int64
}

// appendList appends the list's page. A note beyond the page's size tells that there are more.
func appendList(b []byte, nonce string, notes []card) []byte {
	b = appendTop(b, nonce, "Notes", ` aria-current="page"`)
	b = append(b, captureForm...)
	more := len(notes) > pageSize
	if more {
		notes = notes[:pageSize]
	}
	for i := range notes {
		b = appendCard(b, &notes[i])
	}
	if more {
		b = appendMore(b, &notes[pageSize-1])
	}
	b = append(b, `</ul><div class="empty"><p class="empty-title">A blank page</p>`+
		`<p>Write your first note above. Its first line becomes the title, and Markdown is welcome.</p></div>`...)
	return append(b, bottom...)
}

func appendCard(b []byte, c *card) []byte {
	title := html.EscapeString(c.title)
	b = append(b, `<li class="card" id="note-`...)
	b = append(b, c.id...)
	b = append(b, `"><h2 dir="auto">`...)
	if c.pinned {
		b = append(b, `<span class="pin" title="Pinned"><span class="unseen">Pinned: </span></span> `...)
	}
	b = append(b, `<a href="/notes/`...)
	b = append(b, c.id...)
	b = append(b, `">`...)
	b = append(b, title...)
	b = append(b, `</a></h2><p class="excerpt" dir="auto">`...)
	b = append(b, html.EscapeString(c.excerpt)...)
	b = append(b, `</p><div class="meta" role="group" aria-label="`...)
	b = append(b, title...)
	b = append(b, `"><time datetime="`...)
	b = appendTime(b, c.updated)
	b = append(b, `</time> <a class="tool" href="/notes/`...)
	b = append(b, c.id...)
	b = append(b, `/edit" aria-label="Edit"><svg class="icon" aria-hidden="true"><use href="#i-edit"></use></svg></a>`+
		`<form method="post" action="/notes/`...)
	b = append(b, c.id...)
	return append(b, `/trash" hx-boost="push:false" hx-target="closest li" hx-swap="outerHTML show:none">`+
		`<button class="tool" aria-label="Delete"><svg class="icon" aria-hidden="true"><use href="#i-trash"></use></svg></button>`+
		`</form></div></li>`...)
}

// appendMore appends the link to the page that follows last.
func appendMore(b []byte, last *card) []byte {
	pinned := "0"
	if last.pinned {
		pinned = "1"
	}
	place := base64.RawURLEncoding.EncodeToString(
		[]byte("n.active." + pinned + "." + strconv.FormatInt(last.updated, 36) + "." + last.id))
	b = append(b, `<li class="more"><a href="/notes?after=`...)
	b = append(b, place...)
	b = append(b, `" hx-get="/notes?after=`...)
	b = append(b, place...)
	return append(b, `" hx-trigger="revealed, click" hx-sync="drop" hx-target="closest li" hx-swap="outerHTML">More notes</a></li>`...)
}

func appendNote(b []byte, nonce string, n note) []byte {
	title := html.EscapeString(n.title)
	b = appendTop(b, nonce, title, "")
	b = append(b, `<article class="note"><header><h1 dir="auto">`...)
	b = append(b, title...)
	b = append(b, `</h1><div class="meta"><p><span>`...)
	if n.pinned {
		b = append(b, `<span class="pin" title="Pinned"><span class="unseen">Pinned. </span></span> `...)
	}
	b = append(b, `Changed <time class="full" datetime="`...)
	b = appendTime(b, n.updated)
	b = append(b, `</time></span> `...)
	if n.created != n.updated {
		b = append(b, `<span>Written <time class="full" datetime="`...)
		b = appendTime(b, n.created)
		b = append(b, `</time></span>`...)
	}
	b = append(b, `</p><a class="button" href="/notes/`...)
	b = append(b, n.id...)
	b = append(b, `/edit" aria-keyshortcuts="e"><svg class="icon" aria-hidden="true"><use href="#i-edit"></use></svg>Edit</a>`+
		`<form method="post" action="/notes/`...)
	b = append(b, n.id...)
	b = append(b, `/trash"><button><svg class="icon" aria-hidden="true"><use href="#i-trash"></use></svg>Delete</button></form>`+
		`</div></header><div class="prose" dir="auto" hx-ignore>`...)
	b = append(b, n.html...)
	b = append(b, `</div></article>`...)
	return append(b, bottom...)
}

// appendTime appends a time for programs, the end of the tag that holds it, and the time for people.
func appendTime(b []byte, micros int64) []byte {
	t := time.UnixMicro(micros).UTC()
	b = t.AppendFormat(b, time.RFC3339)
	b = append(b, `">`...)
	return t.AppendFormat(b, "2 Jan 2006, 15:04 UTC")
}

func appendTop(b []byte, nonce, title, currentNotes string) []byte {
	b = append(b, `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>`...)
	b = append(b, title...)
	b = append(b, head...)
	b = append(b, nonce...)
	b = append(b, secondScript...)
	b = append(b, nonce...)
	b = append(b, body...)
	b = append(b, currentNotes...)
	return append(b, navigation...)
}

// The parts of the frame around every page, in their order, and the form on top of the list.
var (
	head = ` · Octavo</title><meta name="viewport" content="width=device-width, initial-scale=1">` +
		`<meta name="color-scheme" content="light dark">` +
		`<meta name="theme-color" content="#f6f1e7" media="(prefers-color-scheme: light)">` +
		`<meta name="theme-color" content="#1a1816" media="(prefers-color-scheme: dark)">` +
		`<meta name="htmx-config" content="` +
		html.EscapeString(`{"includeIndicatorCSS":false,"mode":"same-origin","implicitInheritance":false,"history":true}`) +
		`"><link rel="stylesheet" href="` + static.URL("app.css") +
		`"><link rel="icon" type="image/svg+xml" href="` + static.URL("icon.svg") +
		`"><link rel="manifest" href="` + static.URL("manifest.webmanifest") +
		`"><script src="` + static.URL("htmx.min.js") + `" nonce="`

	secondScript = `" defer></script><script src="` + static.URL("app.js") + `" nonce="`

	body = `" defer></script></head><body><a class="skip" href="#main">Skip to content</a>` +
		`<header class="masthead"><a class="brand" href="/notes"><svg class="mark" viewBox="0 0 32 32" aria-hidden="true">` +
		`<path d="M16 8.500C12.500 6 8 5.200 3 5.500v20c5-.3 9.500.5 13 3 3.500-2.500 8-3.300 13-3v-20c-5-.3-9.500.5-13 3zm0 0v20">` +
		`</path></svg> Octavo</a> <nav aria-label="Main"><a href="/notes"`

	navigation = `>Notes</a> <a href="/notes?view=trash">Trash</a> ` +
		`<a class="button" href="/notes/new" aria-keyshortcuts="n"><svg class="icon" aria-hidden="true">` +
		`<use href="#i-plus"></use></svg><span>New note</span></a></nav></header>` +
		`<main id="main" tabindex="-1"><div id="notices"></div>`

	captureForm = `<h1 class="unseen">Notes</h1>` +
		`<form id="capture" class="capture" method="post" action="/notes" hx-post="/notes" hx-sync="drop" hx-swap="outerHTML">` +
		`<label class="unseen" for="capture-content">New note</label> <textarea id="capture-content" name="content" rows="3" ` +
		`dir="auto" placeholder="Write a note… the first line becomes its title">` + "\n" + `</textarea> <div class="bar">` +
		`<p class="hint">Markdown works<span class="keys">; <kbd>Ctrl</kbd> <kbd>Enter</kbd> adds the note</span>.</p>` +
		`<button class="primary">Add note</button></div></form> <ul id="cards" class="cards" role="list">`

	bottom = `</main><footer class="colophon"><a href="/docs">API</a><form method="post" action="/logout">` +
		`<button class="quiet">Sign out</button></form></footer><p id="announcer" class="unseen" role="status"></p>` +
		`<template id="offline"><div class="notice problem" role="alert"><p><strong>That didn’t work.</strong> ` +
		`The server can’t be reached, or didn’t give an answer that makes sense. ` +
		`Nothing you typed is lost; try again in a moment.</p></div></template>` +
		`<svg class="sprite" aria-hidden="true"><symbol id="i-plus" viewBox="0 0 24 24"><path d="M12 5v14M5 12h14"></path>` +
		`</symbol> <symbol id="i-edit" viewBox="0 0 24 24"><path d="M4 20l1-4.500L16.500 4a1.800 1.800 0 0 1 2.600 0l.9.9` +
		`a1.800 1.800 0 0 1 0 2.600L8.500 19z M14.500 6l3.500 3.500"></path></symbol> <symbol id="i-trash" viewBox="0 0 24 24">` +
		`<path d="M4.500 7h15M9.500 7V4.500h5V7M6.500 7l.8 12.500h9.400L17.500 7M10.200 10.500v5.500M13.800 10.500v5.500">` +
		`</path></symbol></svg></body></html>`
)
