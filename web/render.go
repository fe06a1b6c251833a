package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"octavo/lang"
	"octavo/static"
	"octavo/views"
)

// page returns the frame of a page for somebody who is signed in, and sets the policy that lets just those run.
func (s *server) page(c echo.Context, title, section string) views.Page {
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails: crypto/rand ends the program instead
	nonce := base64.RawStdEncoding.EncodeToString(random[:])
	c.Response().Header()["Content-Security-Policy"] = []string{policy("'nonce-" + nonce + "'")}
	p := views.Page{
		Base: s.base, Nonce: nonce, Title: title, Section: section, SignedIn: true, Notice: s.takeNotice(c),
	}
	p.Searches, p.MoreSearches = s.searchLinks(c)
	return p
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// compressors write at the fastest level: pages are made for each request.
var compressors = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // fails for unknown levels only
	return w
}}

// Buffers that have grown larger are left to the garbage collector; smaller responses aren't worth compressing.
const (
	maxPooledBuffer = 1 << 20
	minCompressed   = 1 << 10
)

// render answers with a component. The whole of it is rendered before anything is sent, so that an error on the way
// becomes a clean 500. It is an answer even if the request's time is over.
func (s *server) render(c echo.Context, status int, component templ.Component) error {
	body := buffers.Get().(*bytes.Buffer)
	defer func() { release(body) }()
	ctx := c.Request().Context()
	ctx = lang.With(context.WithoutCancel(ctx), lang.From(ctx)) // nearest, as each of a page's texts asks for it
	if err := component.Render(ctx, body); err != nil {
		return err
	}
	h := c.Response().Header()
	h["Content-Type"] = htmlType
	h["Vary"] = varies
	if body.Len() >= minCompressed && static.AcceptsGzip(c.Request()) {
		packed, err := compress(body.Bytes())
		if err != nil {
			return err
		}
		release(body)
		body = packed
		h.Set(echo.HeaderContentEncoding, "gzip")
	}
	h.Set(echo.HeaderContentLength, strconv.Itoa(body.Len()))
	delivery := s.deliver(c, body.Cap())
	defer delivery.end()
	delivery.WriteHeader(status)
	_, err := delivery.Write(body.Bytes())
	return err
}

// compress returns what is made of page, in a buffer to be released.
func compress(page []byte) (*bytes.Buffer, error) {
	packed := buffers.Get().(*bytes.Buffer)
	w := compressors.Get().(*gzip.Writer)
	defer compressors.Put(w)
	w.Reset(packed)
	_, err := w.Write(page)
	return packed, errors.Join(err, w.Close())
}

var (
	htmlType = []string{echo.MIMETextHTMLCharsetUTF8}
	varies   = []string{"Accept-Encoding, HX-Request, HX-Request-Type, HX-Boosted"}
)

func release(b *bytes.Buffer) {
	if b.Cap() <= maxPooledBuffer {
		b.Reset()
		buffers.Put(b)
	}
}

// redirect sends the client to another page, by GET.
func (s *server) redirect(c echo.Context, url string) error {
	if isFragment(c.Request()) {
		// A plain redirect would be followed by the script, and the page swapped into the place of a fragment.
		c.Response().Header().Set("HX-Redirect", url)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, url)
}

// back sends the client to the page that it comes from, if that is one of the lists from which something can be done with
// a note or one of the pages given, and to another one otherwise.
func (s *server) back(c echo.Context, otherwise string, pages ...string) error {
	r := c.Request()
	pages = append(pages, s.base.Notes(), s.base.Search(), s.base.Tags())
	from, err := url.Parse(r.Referer())
	if err != nil || from.Host != r.Host || !slices.Contains(pages, strings.TrimSuffix(from.Path, "/")) {
		return s.redirect(c, otherwise)
	}
	path := strings.TrimSuffix(from.Path, "/")
	if from.RawQuery != "" {
		path += "?" + from.RawQuery
	}
	return s.redirect(c, path)
}

// isFragment reports whether htmx asks for a part of a page. It says so itself: a request is "full" whose answer takes the
// place of the page, as behind a boosted link or after Back, and "partial" otherwise, as behind the boosted forms of cards.
func isFragment(r *http.Request) bool {
	if r.Header.Get("HX-Request") != "true" {
		return false
	}
	switch r.Header.Get("HX-Request-Type") {
	case "full":
		return false
	case "partial":
		return true
	}
	return r.Header.Get("HX-Boosted") != "true" // a client that doesn't say
}
