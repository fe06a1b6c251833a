package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// unreadable is why what a client sends couldn't be read: it broke off, came too slowly or isn't in the form that it
// is said to be in. None of that is a fault of ours.
type unreadable struct{ cause error }

func (e unreadable) Error() string { return "what was sent can't be read: " + e.cause.Error() }
func (e unreadable) Unwrap() error { return e.cause }

// sent reads what a client sends. Its errors are unreadable, whatever they pass through on their way to the answer.
type sent struct{ io.Reader }

func (s sent) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = unreadable{err}
	}
	return n, err
}

// sentBody is the body of a request, as guard puts it in the place of net/http's. It remembers why it couldn't be read: an
// answer tells that, and not that the connection has gone, which is noticed at about the same time.
type sentBody struct {
	io.ReadCloser
	err error
}

func (b *sentBody) Read(p []byte) (int, error) {
	n, err := sent{b.ReadCloser}.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// brokenOff returns why the body of a request couldn't be read, or nil if it could as far as it was.
func brokenOff(r *http.Request) error {
	if body, ok := r.Body.(*sentBody); ok {
		return body.err
	}
	return nil
}

// unneededTime is how long an answer waits for what nobody needs of a body. net/http wants to have read that first.
const unneededTime = 2 * time.Second

// dropBody reads the body of a request that needs none.
func dropBody(w http.ResponseWriter, r *http.Request) error {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Now().Add(unneededTime)) // fails where there are none
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		return err
	}
	_ = control.SetReadDeadline(time.Now().Add(readTimeout))
	r.Body, r.ContentLength = http.NoBody, 0
	return nil
}

// statusOfUnreadable returns the status of an answer to what couldn't be read.
func statusOfUnreadable(err unreadable) int {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return http.StatusRequestTimeout
	}
	return http.StatusBadRequest
}

// withForm reads the form that somebody sends.
func (s *server) withForm(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if err := s.takeBody(c); err != nil {
			return err
		}
		if err := readForm(c.Request()); err != nil {
			return err
		}
		return next(c)
	}
}

// readForm reads the form that a request sends, which may be empty, into its Form and PostForm, from which read takes it. It is
// the one place where that is done: the readers of net/http and Echo would keep an error to themselves.
func readForm(r *http.Request) error {
	if isSafe(r.Method) {
		return nil
	}
	fields := url.Values{}
	if r.ContentLength != 0 {
		mediaType, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
		if err != nil || mediaType != echo.MIMEApplicationForm {
			return errFormType
		}
		r.Header.Set(echo.HeaderContentType, mediaType) // Echo knows it in lower case only
		var body strings.Builder
		if _, err := io.Copy(&body, r.Body); err != nil {
			return err
		}
		if fields, err = url.ParseQuery(body.String()); err != nil {
			return unreadable{err}
		}
	}
	r.PostForm, r.Form = fields, fields
	return nil
}

// Somebody whose session has ended while they were writing gets back what they typed, if that is no more than a note may
// hold. It costs too much to be done for many strangers at once, or for one who sends it slowly.
const (
	maxUnknown      = 4
	unknownTime     = 10 * time.Second
	maxUnknownTyped = domain.MaxContent + 16<<10
)

// refuse answers a request of somebody who isn't known. What comes from a page of this site and would have been a note is
// in the answer; everything else that they send is thrown away once they have it, since many clients read no answer
// before they have sent everything.
func (s *server) refuse(c echo.Context, err error) {
	r := c.Request()
	control, until := http.NewResponseController(c.Response()), time.Now().Add(unknownTime)
	_ = control.SetReadDeadline(until)                                                        // fails where there are none
	fromPage := r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get(echo.HeaderOrigin) != "" // which guard has judged
	if isNoteForm(c) && fromPage && r.ContentLength > 0 {
		select {
		case s.unknown <- struct{}{}:
			defer func() { <-s.unknown }()
			placesOf(c).leaveAll()
			if busy := take(c, s.strangers); busy != nil {
				err = busy
			} else {
				readUnknown(c)
			}
		default:
			err = errBusy
		}
	}
	s.handleError(err, c)
	if r.ContentLength != 0 {
		placesOf(c).leaveAll()
		c.Response().Flush()
		_ = control.SetReadDeadline(until)
		_, _ = io.Copy(io.Discard, r.Body) // up to what a request may send
	}
}

// readUnknown reads the form of a note of somebody who isn't known.
func readUnknown(c echo.Context) {
	r := c.Request()
	if readForm(r) != nil {
		return
	}
	if form, err := read[noteFields](c); err != nil || form.size() > maxUnknownTyped {
		r.PostForm = nil
	}
}

// isNoteForm reports whether a request sends the form of a note.
func isNoteForm(c echo.Context) bool {
	path := withinSpace(c.Path())
	return c.Request().Method == http.MethodPost && (path == route.Notes() || path == route.Note(":id"))
}
