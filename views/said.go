package views

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/a-h/templ"

	"octavo/lang"
)

// said is a text that has more than words in it, given by its parts: components where its arguments are, and what stands
// between backquotes as code.
func said(parts iter.Seq[any]) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		for part := range parts {
			var err error
			switch part := part.(type) {
			case templ.Component:
				err = part.Render(ctx, w)
			case string:
				err = writeWords(w, part)
			default:
				_, err = io.WriteString(w, templ.EscapeString(fmt.Sprint(part)))
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func writeWords(w io.Writer, words string) error {
	html := ""
	for i, piece := range strings.Split(words, "`") {
		if i%2 == 0 {
			html += templ.EscapeString(piece)
		} else {
			html += "<code>" + templ.EscapeString(piece) + "</code>"
		}
	}
	_, err := io.WriteString(w, html)
	return err
}

// fixed is a component that is the same on every page, but for its language: it is rendered once in each.
type fixed struct {
	component templ.Component
	html      sync.Map // []byte, by *lang.Language
}

func fix(c templ.Component) *fixed { return &fixed{component: c} }

// maxFixed is for how many values a component stays fixed. Those of one space are a few dozen at most.
const maxFixed = 500

// fixFor returns a function that fixes a component for each of the values that it is asked for. There are few in a space.
func fixFor[K comparable](component func(K) templ.Component) func(K) *fixed {
	var all sync.Map // *fixed, by K
	var count atomic.Int64
	return func(key K) *fixed {
		f, known := all.Load(key)
		if !known {
			if count.Add(1) > maxFixed {
				all.Clear()
				count.Store(1)
			}
			f, _ = all.LoadOrStore(key, fix(component(key)))
		}
		return f.(*fixed)
	}
}

// Render implements templ.Component.
func (f *fixed) Render(ctx context.Context, w io.Writer) error {
	html, err := f.in(ctx)
	if err != nil {
		return err
	}
	_, err = w.Write(html)
	return err
}

// in returns what f is in the language of a page.
func (f *fixed) in(ctx context.Context) ([]byte, error) {
	language := lang.From(ctx)
	html, known := f.html.Load(language)
	if !known {
		var b bytes.Buffer
		if err := f.component.Render(ctx, &b); err != nil {
			return nil, err
		}
		html, _ = f.html.LoadOrStore(language, b.Bytes())
	}
	return html.([]byte), nil
}

// stencil returns a function for what component returns: it is rendered once for each of the few values of K, and what has
// another id is the same with that filled in.
func stencil[K comparable](component func(key K, id string) templ.Component) func(key K, id string) templ.Component {
	const blank = "{id}"
	blanks := fixFor(func(key K) templ.Component { return component(key, blank) })
	return func(key K, id string) templ.Component {
		return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
			html, err := blanks(key).in(ctx)
			id := templ.EscapeString(id)
			for more := true; more && err == nil; {
				var before []byte
				before, html, more = bytes.Cut(html, []byte(blank))
				if _, err = w.Write(before); more && err == nil {
					_, err = io.WriteString(w, id)
				}
			}
			return err
		})
	}
}
