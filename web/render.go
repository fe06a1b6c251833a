package web

import (
	"bytes"
	"compress/gzip"
	"context"
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

// page returns the frame of a page for somebody who is signed in, and sets the policy that lets its scripts run.
func (s *server) page(c echo.Context, title, section string) views.Page {
	c.Response().Header()["Content-Security-Policy"] = policyOfPages
	p := views.Page{
		Base: s.here(c), Title: title, Section: section, SignedIn: true, Notice: s.takeNotice(c),
		Switcher: s.switcher(c),
	}
	if who := admitted(c); who.base.IsShared() {
		p.May = who.may()
	}
	if p.Notice == nil {
		p.Notice = s.tellExpired(c)
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
	return s.answer(c, status, component, nil)
}

// answer is render, for what has an ETag as well: whoever has that already isn't sent it again.
func (s *server) answer(c echo.Context, status int, component templ.Component, etag func(body []byte) string) error {
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
	if etag != nil {
		tag := etag(body.Bytes())
		h["Etag"] = []string{tag}
		if hasPage(c.Request(), tag) {
			return c.NoContent(http.StatusNotModified)
		}
	}
	if body.Len() >= minCompressed && static.Accepts(c.Request(), "gzip") && !reflects(c.Request()) {
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

// renderKept is render for a page that its reader's browser may keep and show again: at once, as it was left, after Back, and
// otherwise once the server has said that it hasn't changed. What else somebody may be told stays no-store, as setHeaders has
// it: parts of pages, which have the addresses of whole ones, answers to forms, errors, and above all forms with a text in
// them, which must never come back as it was before it was saved. So does all of it where the browser wouldn't forget it when
// somebody signs out. The page's ETag is made of its bytes unless it has one.
func (s *server) renderKept(c echo.Context, status int, etag string, page templ.Component) error {
	if r := c.Request(); status != http.StatusOK || !isSafe(r.Method) || isFragment(r) || !s.forgets(r) {
		return s.render(c, status, page)
	}
	c.Response().Header()["Cache-Control"] = privateNoCache
	return s.answer(c, status, page, func(body []byte) string {
		if etag != "" {
			return etag // without reading the whole page
		}
		return tagOf(body)
	})
}

// unshown are the parameters of addresses of which no page shows what somebody has put into them: they choose among what is
// there.
var unshown = []string{"view", "select", "after", "count", "pages", "draft", "fold", "sort", "as", "done"}

// reflects reports whether the answer may show a text that came with the request. Such a one is never compressed. Other
// sites can have a browser open any address of ours, and whoever sees the length of what comes back could try one text
// after another: what stands in a note as well makes it shorter (BREACH). So a parameter counts as shown until it is unshown.
func reflects(r *http.Request) bool {
	if !isSafe(r.Method) {
		return true
	}
	if r.URL.RawQuery == "" {
		return false
	}
	for name := range r.URL.Query() {
		if !slices.Contains(unshown, name) {
			return true
		}
	}
	return false
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
	pages = append(pages, s.here(c).Notes(), s.here(c).Search(), s.here(c).Tags())
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

// favicon leads to the icon those browsers that no page has told of it, as beside JSON.
func (s *server) favicon(c echo.Context) error {
	return c.Redirect(http.StatusFound, s.base.Path(static.URL("favicon.ico")))
}
