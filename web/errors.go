package web

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// statuses is the one table from kinds of error to HTTP.
var statuses = map[domain.Kind]int{
	domain.NotFound:        http.StatusNotFound,
	domain.Invalid:         http.StatusUnprocessableEntity,
	domain.Conflict:        http.StatusConflict,
	domain.TooLarge:        http.StatusRequestEntityTooLarge,
	domain.Unauthenticated: http.StatusUnauthorized,
	domain.Forbidden:       http.StatusForbidden,
	domain.TooMany:         http.StatusTooManyRequests,
	domain.Unavailable:     http.StatusServiceUnavailable,
	domain.Unknown:         http.StatusServiceUnavailable,
	domain.StorageFull:     http.StatusInsufficientStorage,
	domain.Damaged:         http.StatusInternalServerError,
}

// explanations says of each status what happened and what it means, for people.
var explanations = map[int]explanation{
	400:          {"problem.title.unreadable", domain.NewMessage("problem.unreadable")},
	401:          {"problem.title.private", domain.NewMessage("problem.private")},
	403:          {"problem.title.refused", domain.NewMessage("problem.refused")},
	404:          {"problem.title.not_found", domain.NewMessage("problem.not_found")},
	405:          {"problem.title.method", domain.NewMessage("problem.method")},
	408:          {"problem.title.slow", domain.NewMessage("problem.slow")},
	409:          {"problem.title.changed", domain.NewMessage("problem.changed")},
	413:          {"problem.title.too_large", domain.NewMessage("problem.too_large", "limit", domain.MaxContent>>10)},
	415:          {"problem.title.format", domain.NewMessage("problem.format")},
	421:          {"problem.title.host", domain.NewMessage("problem.host")},
	422:          {"problem.title.invalid", domain.NewMessage("problem.invalid")},
	429:          {"problem.title.too_many", domain.NewMessage("problem.too_many")},
	statusHungUp: {"problem.title.hung_up", domain.NewMessage("problem.hung_up")},
	500:          {"problem.title.fault", domain.NewMessage("problem.fault")},
	503:          {"problem.title.unavailable", domain.NewMessage("problem.unavailable")},
	507:          {"problem.title.full", domain.NewMessage("problem.full")},
}

// explanation is what happened, in a few words, and what it means.
type explanation struct {
	title domain.Code
	text  domain.Message
}

// statusHungUp is for a client that has closed its connection, if only its side of it, before the answer was ready. Many
// servers use this number for that.
const statusHungUp = 499

// What is said where the status alone would say too little, or what isn't so.
var (
	damaged    = explanation{"problem.title.damaged", domain.NewMessage("problem.damaged")}
	maybeSaved = domain.NewMessage("problem.unconfirmed")
	needsKey   = domain.NewMessage("problem.no_key") // to programs that nobody is known by
	noJSON     = domain.NewMessage("problem.no_json")
)

var (
	errCrossSite = echo.NewHTTPError(http.StatusForbidden)
	errFormType  = echo.NewHTTPError(http.StatusUnsupportedMediaType)
	errBusy      = newHTTPError(http.StatusServiceUnavailable, "problem.busy")
	// A browser fetches beforehand what somebody may open; what works once isn't for that.
	errBeforehand = newHTTPError(http.StatusServiceUnavailable, "problem.beforehand")
)

// newHTTPError returns an error with a status, which says a message with a code and arguments.
func newHTTPError(status int, code domain.Code, args ...any) *echo.HTTPError {
	return echo.NewHTTPError(status, domain.NewMessage(code, args...))
}

// problemOf says how err is shown: its status and what is said of it. That is err's own message where err is of a kind
// or was made for the purpose, and has no code otherwise: what a fault says isn't for users.
func problemOf(err error) (status int, said domain.Message) {
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
		return statusOf(domain.Damaged), damaged.text
	case errors.As(err, &tooLarge):
		if tooLarge.Limit > maxFormBytes && errors.As(domain.ErrFileTooLarge, &own) {
			said = own.Message
		}
		return http.StatusRequestEntityTooLarge, said
	case errors.As(err, &garbled):
		return statusOfUnreadable(garbled), said
	case errors.As(err, &bad):
		return http.StatusBadRequest, noJSON
	case errors.As(err, &own):
		return statusOf(own.Kind), own.Message
	case errors.As(err, &kind):
		return statusOf(kind), said
	case errors.Is(err, context.DeadlineExceeded):
		return statusOf(domain.Unavailable), said
	case errors.As(err, &fromEcho):
		said, _ = fromEcho.Message.(domain.Message) // Echo's own are texts, of which there is none for people
		return fromEcho.Code, said
	}
	return http.StatusInternalServerError, said
}

// answer is how an error is shown.
type answer struct {
	status int
	wait   time.Duration // until it may be tried again, or 0
	code   domain.Code   // of what it says
	text   string        // what a person may read of it
	fields []domain.FieldError
}

// answerTo says how err is shown to whoever sent the request. It is the one place where a fault of ours is logged,
// under a reference that the text gives.
func (s *server) answerTo(ctx context.Context, method, path string, err error) answer {
	status, said := problemOf(err)
	gone := errors.Is(context.Cause(ctx), context.Canceled) // who has sent it
	if status == http.StatusInternalServerError && errors.Is(err, context.Canceled) && gone {
		status = statusHungUp
	}
	if said.Code == "" {
		said = explanations[status].text
	}
	a := answer{status: status, fields: domain.FieldErrors(err)}
	if own, ok := errors.AsType[*domain.Error](err); ok {
		a.wait = own.Wait
	}
	a.say(ctx, said)
	ours := !errors.Is(err, errBusy) && !errors.Is(err, errBeforehand) && !gone
	if status >= http.StatusInternalServerError && ours {
		reference := s.fault(ctx, err,
			slog.String("method", method), slog.String("path", path), slog.Int("status", status))
		if said.Code == explanations[http.StatusInternalServerError].text.Code {
			a.text += " " + lang.T(ctx, "problem.logged", "reference", reference)
		}
	}
	if bad, ok := errors.AsType[badJSON](err); ok {
		a.fields = []domain.FieldError{domain.FieldError(bad)}
	}
	return a
}

// say puts a message into the answer.
func (a *answer) say(ctx context.Context, m domain.Message) {
	a.code, a.text = m.Code, lang.Say(ctx, m)
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
	case http.StatusTooManyRequests:
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(int(a.wait/time.Second)+1))
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
	path := withinSpace(r.URL.Path)
	if a.status == http.StatusUnauthorized && isAPI(path) {
		a.say(r.Context(), needsKey)
	}
	if isShared(r.URL.Path) {
		err = s.showSharedProblem(c, a)
	} else if isAPI(path) || path == route.Files() || wantsJSON(r) {
		err = sendJSON(c, a.status, "application/problem+json", a.model(r.Context()))
	} else {
		err = s.showProblem(c, a, err)
	}
	if err != nil && !c.Response().Committed {
		s.log.ErrorContext(r.Context(), "an error could not be shown", slog.Any("error", err))
		_ = c.NoContent(a.status) // or net/http would answer 200
	}
}

func (s *server) showProblem(c echo.Context, a answer, err error) error {
	ctx := c.Request().Context()
	problem := views.Problem{Status: a.status, Title: http.StatusText(a.status), Text: a.text}
	if title := explanations[a.status].title; title != "" {
		problem.Title = lang.T(ctx, title)
	}
	if errors.Is(err, domain.Damaged) {
		problem.Title = lang.T(ctx, damaged.title)
	}
	if len(a.fields) > 0 {
		problem.Text = lang.Say(ctx, a.fields[0].Message)
	}
	if a.code == "session.signed_out" || a.code == explanations[http.StatusUnauthorized].text.Code {
		if form := s.signInAsked(c, s.base.Path(c.Request().URL.RequestURI())); form != nil {
			problem.Text = lang.T(ctx, "sign_in.asked")
			if isSafe(c.Request().Method) {
				problem.SignIn = form
			}
		}
	}
	problem.Text = sentence(problem.Text)
	if a.status == http.StatusUnauthorized && !isSafe(c.Request().Method) {
		sayUnsent(c, &problem)
	}
	if isFragment(c.Request()) {
		c.Response().Header().Set("HX-Retarget", "#notices")
		c.Response().Header().Set("HX-Reswap", "innerHTML")
		return s.render(c, a.status, views.ProblemFragment(problem))
	}
	problem.Unsent = s.unsent(c, a.status)
	if a.status >= http.StatusInternalServerError {
		who := admitted(c) // but what the frame shows of theirs would be asked of a database that doesn't answer
		c.Set(admissionName, admission{actor: who.actor, base: who.base, grant: who.grant})
	}
	page := s.page(c, problem.Title, "")
	_, cookieErr := c.Cookie(s.cookies)
	page.SignedIn = cookieErr == nil && a.status != http.StatusUnauthorized
	return s.render(c, a.status, views.ProblemPage(page, problem))
}

// sayUnsent says of what was sent after a session had ended what has become of it. A page with a text in it says that above it.
func sayUnsent(c echo.Context, problem *views.Problem) {
	ctx := c.Request().Context()
	switch typed := isNoteForm(c); {
	case typed && isFragment(c.Request()):
		problem.Text += " " + lang.T(ctx, "problem.unsent.here")
		fallthrough
	case typed:
		problem.Title = lang.T(ctx, "problem.title.private_save")
	default:
		problem.Title = lang.T(ctx, "problem.title.private_change")
		problem.Text += " " + lang.T(ctx, "problem.unsent.nothing")
	}
}

// sentence returns what an error says as people write it: with a full stop.
func sentence(text string) string {
	if last, _ := utf8.DecodeLastRuneInString(text); unicode.IsLetter(last) || unicode.IsDigit(last) {
		return text + "."
	}
	return text
}

// unsent returns the note that a request would have stored, or nil if it would have stored none: the session may have
// ended while its text was being written, the note may have gone, or the database doesn't answer.
func (s *server) unsent(c echo.Context, status int) *views.NoteForm {
	r := c.Request()
	if !isNoteForm(c) || r.PostForm == nil {
		return nil
	}
	fields, err := read[noteFields](c)
	if err != nil {
		return nil
	}
	typed := fields.typed()
	if status == http.StatusNotFound {
		typed.Key = "" // it has made a note that has gone
	}
	base := s.here(c)
	if space, err := spaceOf(c); status == http.StatusUnauthorized && err == nil && space != "" {
		base = base.InSpace(string(space)) // where they are again once they have signed in
	}
	form := noteForm(r.Context(), base, typed, nil)
	form.ID, form.Version, form.Unsent = c.Param("id"), r.PostForm.Get("version"), true
	return &form
}

// model returns the answer as RFC 9457 has it. Its type is the code of what it says.
func (a answer) model(ctx context.Context) *huma.ErrorModel {
	details := make([]*huma.ErrorDetail, len(a.fields))
	for i, f := range a.fields {
		location := strings.TrimSuffix("body."+f.Field, ".")
		switch f.Field {
		case "after", "tag":
			location = "query." + f.Field
		case idempotencyKey:
			location = "header." + f.Field
		}
		details[i] = &huma.ErrorDetail{Location: location, Message: lang.Say(ctx, f.Message)}
	}
	return &huma.ErrorModel{
		Type: string(a.code), Title: http.StatusText(a.status), Status: a.status, Detail: a.text, Errors: details,
	}
}

// wantsJSON reports whether a script of a page reads the answer.
func wantsJSON(r *http.Request) bool {
	return r.Header.Get(echo.HeaderAccept) == echo.MIMEApplicationJSON
}

// isAPI reports whether programs are meant to call path, and so read errors as JSON.
func isAPI(path string) bool {
	return path == route.Records() || strings.HasPrefix(path, route.Record("")) || strings.HasPrefix(path, route.API()) ||
		strings.HasPrefix(path, route.Complete()) || path == route.OpenAPI()
}
