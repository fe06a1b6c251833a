package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/views"
)

// statuses is the one table from kinds of error to HTTP.
var statuses = map[domain.Kind]int{
	domain.NotFound:        http.StatusNotFound,
	domain.Invalid:         http.StatusUnprocessableEntity,
	domain.Conflict:        http.StatusConflict,
	domain.TooLarge:        http.StatusRequestEntityTooLarge,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Unavailable:     http.StatusServiceUnavailable,
	domain.Unknown:         http.StatusServiceUnavailable,
	domain.StorageFull:     http.StatusInsufficientStorage,
	domain.Damaged:         http.StatusInternalServerError,
}

// explanations says of each status what happened and what it means, for people.
var explanations = map[int]struct{ title, text string }{
	400:          {"That couldn't be read", "The request isn't complete or isn't in a form this page understands. Go back and try again."},
	401:          {"This is private", "Open a new link from your terminal; the command octavo link prints one."},
	403:          {"That was refused", "The request came from another site, or your browser didn't say where it came from. Open the page here and try again."},
	404:          {"Nothing is here", "It may have been deleted, or the address may be mistyped."},
	405:          {"That can't be done here", "This address doesn't take that kind of request."},
	408:          {"That came too slowly", "The request didn't arrive in time. Please try again."},
	409:          {"It has changed meanwhile", "Open it again to see how it is now."},
	413:          {"That is too large", "A text may have up to 256 KiB."},
	415:          {"That format isn't understood", "Send a form as application/x-www-form-urlencoded, or JSON to the API."},
	421:          {"Not the name of this server", "Octavo answers to the address it was started with. To use another name, set BASE_URL."},
	422:          {"That doesn't work", "Something in the request isn't valid."},
	statusHungUp: {"You hung up", "The connection was closed before this was done, and nothing was changed."},
	500:          {"Something went wrong here", "It isn't your fault. If something was to be saved, look whether it was before you try again."},
	503:          {"That isn't possible at the moment", "The database isn't answering, and nothing was changed. Please try again in a moment."},
	507:          {"The disk is full", "Nothing was changed. What is stored can still be read."},
}

// needsKey is said to programs that nobody is known by.
const needsKey = "Send the API key, which the command octavo key prints, as a bearer token."

// statusHungUp is for a client that has closed its connection, if only its side of it, before the answer was ready. Many
// servers use this number for that.
const statusHungUp = 499

// What is said of a Damaged database, whose status else says that trying again may help.
const (
	damagedTitle = "The database is damaged"
	damagedText  = "Nothing is stored any more, so that it doesn't get worse. Restore a backup; what can still be read can be " +
		"copied before."
)

// maybeSaved is said of an Unknown outcome, whose status else says that nothing was changed.
const maybeSaved = "The database didn't confirm in time what was to be saved, so it may have been saved or not. " +
	"Look whether it is there before you try again."

var (
	errCrossSite = echo.NewHTTPError(http.StatusForbidden)
	errFormType  = echo.NewHTTPError(http.StatusUnsupportedMediaType)
	errBusy      = echo.NewHTTPError(http.StatusServiceUnavailable, "More is asked of this server than it does at once. Please try again in a moment.")
	// A browser fetches beforehand what somebody may open; what works once isn't for that.
	errBeforehand = echo.NewHTTPError(http.StatusServiceUnavailable, "This page can't be fetched beforehand.")
)

// problemOf says how err is shown: its status and what a person may read of it. The text is err's own where err is
// of a kind or was made for the purpose, never that of a fault.
func problemOf(err error) (status int, text string) {
	var tooLarge *http.MaxBytesError
	var own *domain.Error
	var fromEcho *echo.HTTPError
	var garbled unreadable
	var bad badJSON
	var kind domain.Kind
	switch {
	case errors.Is(err, domain.Unknown):
		return statusOf(domain.Unknown), maybeSaved
	case errors.Is(err, domain.Damaged):
		return statusOf(domain.Damaged), damagedText
	case errors.As(err, &tooLarge):
		if tooLarge.Limit > maxFormBytes {
			text = fileTooLarge
		}
		return http.StatusRequestEntityTooLarge, text
	case errors.As(err, &garbled):
		return statusOfUnreadable(garbled), ""
	case errors.As(err, &bad):
		return http.StatusBadRequest, badJSONText
	case errors.As(err, &own):
		return statusOf(own.Kind), own.Text
	case errors.As(err, &kind):
		return statusOf(kind), ""
	case errors.Is(err, context.DeadlineExceeded):
		return statusOf(domain.Unavailable), ""
	case errors.As(err, &fromEcho):
		if message, _ := fromEcho.Message.(string); message != http.StatusText(fromEcho.Code) {
			text = message
		}
		return fromEcho.Code, text
	}
	return http.StatusInternalServerError, ""
}

// answer is how an error is shown.
type answer struct {
	status int
	text   string // what a person may read of it
	fields []domain.FieldError
}

// answerTo says how err is shown to whoever sent the request. It is the one place where a fault of ours is logged,
// under a reference that the text gives.
func (s *server) answerTo(ctx context.Context, method, path string, err error) answer {
	status, text := problemOf(err)
	gone := errors.Is(context.Cause(ctx), context.Canceled) // who has sent it
	if status == http.StatusInternalServerError && errors.Is(err, context.Canceled) && gone {
		status = statusHungUp
	}
	ours := !errors.Is(err, errBusy) && !errors.Is(err, errBeforehand) && !gone
	if status >= http.StatusInternalServerError && ours {
		reference := s.fault(ctx, err,
			slog.String("method", method), slog.String("path", path), slog.Int("status", status))
		if status == http.StatusInternalServerError && text == "" {
			text = explanations[status].text + " The log says more under the reference " + reference + "."
		}
	}
	if text == "" {
		text = explanations[status].text
	}
	fields := domain.FieldErrors(err)
	if bad, ok := errors.AsType[badJSON](err); ok {
		fields = []domain.FieldError{domain.FieldError(bad)}
	}
	return answer{status: status, text: text, fields: fields}
}

// statusOf returns the status of a kind; one that the table lacks is a fault of ours.
func statusOf(kind domain.Kind) int {
	if status, ok := statuses[kind]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// headers returns what the answer says beside its text.
func (a answer) headers() http.Header {
	h := http.Header{}
	switch a.status {
	case http.StatusUnauthorized:
		h.Set(echo.HeaderWWWAuthenticate, "Bearer")
	case http.StatusServiceUnavailable:
		h.Set(echo.HeaderRetryAfter, "5")
	}
	return h
}

// handleError answers a request that failed: as JSON for programs, as a fragment for htmx and as a page for people.
func (s *server) handleError(err error, c echo.Context) {
	r := c.Request()
	err = cmp.Or(brokenOff(r), err)
	a := s.answerTo(r.Context(), r.Method, c.Path(), err) // the route: names of tags and files are nobody else's
	if c.Response().Committed {
		panic(http.ErrAbortHandler) // half an answer must not look like a whole one
	}
	if r.ContentLength != 0 && !errors.Is(err, os.ErrDeadlineExceeded) {
		_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(unneededTime))
	}
	maps.Copy(c.Response().Header(), a.headers())
	if r.Method != http.MethodHead { // which was refused
		allowHead(c.Response().Header())
	}
	if a.status == http.StatusUnauthorized && isAPI(r.URL.Path) {
		a.text = needsKey
	}
	if isAPI(r.URL.Path) || r.URL.Path == route.Files() || wantsJSON(r) {
		err = sendJSON(c, a.status, "application/problem+json", a.model())
	} else {
		err = s.showProblem(c, a, err)
	}
	if err != nil && !c.Response().Committed {
		s.log.ErrorContext(r.Context(), "an error could not be shown", slog.Any("error", err))
		_ = c.NoContent(a.status) // or net/http would answer 200
	}
}

func (s *server) showProblem(c echo.Context, a answer, err error) error {
	problem := views.Problem{Status: a.status, Title: explanations[a.status].title, Text: a.text}
	if errors.Is(err, domain.Damaged) {
		problem.Title = damagedTitle
	}
	if problem.Title == "" {
		problem.Title = http.StatusText(a.status)
	}
	if len(a.fields) > 0 {
		problem.Text = a.fields[0].Text
	}
	if isFragment(c.Request()) {
		c.Response().Header().Set("HX-Retarget", "#notices")
		c.Response().Header().Set("HX-Reswap", "innerHTML")
		return s.render(c, a.status, views.ProblemFragment(problem))
	}
	problem.Unsent = s.unsent(c, a.status)
	if a.status >= http.StatusInternalServerError {
		c.Set(actorName, nil) // what the frame shows of theirs would be asked of a database that doesn't answer
	}
	page := s.page(c, problem.Title, "")
	_, cookieErr := c.Cookie(s.cookies)
	page.SignedIn = cookieErr == nil && a.status != http.StatusUnauthorized
	return s.render(c, a.status, views.ProblemPage(page, problem))
}

// unsent returns the note that a request would have stored, or nil if it would have stored none: the session may have
// ended while its text was being written, the note may have gone, or the database doesn't answer.
func (s *server) unsent(c echo.Context, status int) *views.NoteForm {
	r := c.Request()
	if !isNoteForm(c) || r.PostForm == nil {
		return nil
	}
	typed, err := readNote(r.PostForm)
	if err != nil {
		return nil
	}
	if status == http.StatusNotFound {
		typed.key = "" // it has made a note that has gone
	}
	form := s.noteForm(typed, nil)
	form.ID, form.Version, form.Unsent = c.Param("id"), r.PostForm.Get("version"), true
	return &form
}

// model returns the answer as RFC 9457 has it.
func (a answer) model() *huma.ErrorModel {
	details := make([]*huma.ErrorDetail, len(a.fields))
	for i, f := range a.fields {
		location := strings.TrimSuffix("body."+f.Field, ".")
		switch f.Field {
		case "after", "tag":
			location = "query." + f.Field
		case idempotencyKey:
			location = "header." + f.Field
		}
		details[i] = &huma.ErrorDetail{Location: location, Message: f.Text}
	}
	return &huma.ErrorModel{Title: http.StatusText(a.status), Status: a.status, Detail: a.text, Errors: details}
}

// wantsJSON tells whether a script of a page reads the answer.
func wantsJSON(r *http.Request) bool {
	return r.Header.Get(echo.HeaderAccept) == echo.MIMEApplicationJSON
}

// allowHead adds HEAD to the methods that a resource is said to take, wherever GET is among them.
func allowHead(h http.Header) {
	if allow := h.Get(echo.HeaderAllow); strings.Contains(allow, http.MethodGet) && !strings.Contains(allow, http.MethodHead) {
		h.Set(echo.HeaderAllow, strings.Replace(allow, http.MethodGet, "GET, HEAD", 1))
	}
}

// isAPI tells whether programs are meant to call path, and so read errors as JSON.
func isAPI(path string) bool {
	return path == route.Records() || strings.HasPrefix(path, route.Record("")) || strings.HasPrefix(path, "/api/") ||
		strings.HasPrefix(path, "/complete/") || path == route.OpenAPI()
}
