package views

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"

	"github.com/a-h/templ"
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

// repeated is a component that a page has many times and that is always the same: it is rendered once.
type repeated struct {
	component templ.Component
	html      []byte
}

func repeat(c templ.Component) *repeated { return &repeated{component: c} }

// Render implements templ.Component.
func (r *repeated) Render(ctx context.Context, w io.Writer) error {
	if r.html == nil {
		var b bytes.Buffer
		if err := r.component.Render(ctx, &b); err != nil {
			return err
		}
		r.html = b.Bytes()
	}
	_, err := w.Write(r.html)
	return err
}
