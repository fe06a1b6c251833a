package web

import (
	"errors"
	"maps"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// sharedHandler shows what is shared to whoever has the link, and takes what they add.
type sharedHandler struct {
	*server
	sharing *app.Sharing
}

// sharedPage is how many notes a page of a reading list shows.
const sharedPage = 50

// What has just been done, in the address of the page that follows. Whoever comes back to it isn't counted again.
const (
	doneBox   = "box"
	doneLines = "lines"
)

// isShared reports whether a path is for whoever has a link.
func isShared(path string) bool { return strings.HasPrefix(path, route.Shared("", "")) }

// setSharedHeaders has no search engine keep an answer, and no other site learn of its address. A form has to say where it comes
// from, so that this goes as far as other sites.
func setSharedHeaders(h http.Header, forms bool) {
	h["X-Robots-Tag"] = noIndex
	if !forms {
		h["Referrer-Policy"] = noReferrer
	}
}

var (
	noIndex    = []string{"noindex"}
	noReferrer = []string{"no-referrer"}
)

// opened answers a request by do for whoever has a link that opens something, and asks for the password where there is one.
func (h sharedHandler) opened(do func(c echo.Context, v app.Visit, note domain.ID) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		setSharedHeaders(c.Response().Header(), true)
		v, err := h.sharing.Open(c.Request().Context(), c.Param("secret"), h.cookieValue(c, h.passCookie()))
		if errors.Is(err, domain.ErrShareLocked) {
			return h.showLock(c, http.StatusUnauthorized, "")
		}
		if err != nil {
			return h.refused(c, err)
		}
		var note domain.ID
		if id := c.Param("id"); id != "" {
			var ok bool
			if note, ok = domain.ParseID(id); !ok {
				return domain.ErrShareNotFound
			}
		}
		return do(c, v, note)
	}
}

// refused records that a link opens nothing.
func (h sharedHandler) refused(c echo.Context, err error) error {
	if errors.Is(err, domain.ErrShareNotFound) {
		h.auditRefusal(c, domain.AuditShareRefused)
	}
	return err
}

// show shows the note that a link is of, or the list of notes.
func (h sharedHandler) show(c echo.Context, v app.Visit, _ domain.ID) error {
	if v.Share().Note != "" {
		return h.showNote(c, v, "")
	}
	ctx, secret := c.Request().Context(), c.Param("secret")
	page, err := h.sharing.Notes(ctx, v, c.QueryParam("after"), sharedPage)
	if err != nil {
		return h.refused(c, err)
	}
	t := lang.From(ctx)
	list := views.SharedList{Base: h.base, Tag: string(v.Share().Tag)}
	for _, n := range page.Notes {
		entry := views.SharedEntry{Link: views.Link{Text: n.Title, URL: h.base.Shared(secret, string(n.ID))}, Excerpt: n.Excerpt}
		entry.Date, entry.DateTime = printDate(t, n.Updated)
		list.Notes = append(list.Notes, entry)
	}
	if page.Next != "" {
		list.More = h.base.SharedAfter(secret, page.Next)
	}
	h.count(c, v)
	setSharedHeaders(c.Response().Header(), false)
	return h.render(c, http.StatusOK, views.SharedListPage(list))
}

// count counts a visit: not what a browser fetches beforehand, the next page of a list, or what follows a form.
func (h sharedHandler) count(c echo.Context, v app.Visit) {
	r := c.Request()
	beforehand := r.Header.Get("Sec-Purpose") != "" || r.Header.Get("Purpose") != ""
	if r.Method == http.MethodGet && !beforehand && !c.QueryParams().Has("after") && !c.QueryParams().Has("done") {
		h.sharing.Visited(v)
	}
}

func (h sharedHandler) showNote(c echo.Context, v app.Visit, note domain.ID) error {
	n, err := h.sharing.Note(c.Request().Context(), v, note)
	if err != nil {
		return h.refused(c, err)
	}
	if note == "" { // within a list, whoever has opened that has been counted
		h.count(c, v)
	}
	shown := views.SharedNote{}
	if c.QueryParam("done") == doneLines {
		shown.Notice = lang.T(c.Request().Context(), "share.added")
	}
	return h.renderNote(c, http.StatusOK, v, n, shown)
}

// renderNote shows a note, with what shown has besides.
func (h sharedHandler) renderNote(c echo.Context, status int, v app.Visit, n app.Shared, shown views.SharedNote) error {
	if err := h.takeText(c, len(n.Content)); err != nil {
		return err
	}
	t, secret, id := lang.From(c.Request().Context()), c.Param("secret"), c.Param("id")
	text := sharedProse(t, h.base.SharedFiles(secret, id), n, v.Share().May(domain.ShareTick))
	shown.Base, shown.Title, shown.Version = h.base, n.Title, itoa(n.Saved)
	shown.Heading, shown.HeadingID, shown.HTML = text.title, text.titleID, text.text.HTML
	shown.Date, shown.DateTime = printDate(t, n.Updated)
	if v.Share().Tag != "" {
		shown.Up = &views.Link{Text: "#" + string(v.Share().Tag), URL: h.base.Shared(secret, "")}
	}
	if text.tasks {
		shown.TasksURL = h.base.SharedTasks(secret, id)
	}
	if v.Share().May(domain.ShareAppend) {
		shown.LinesURL = h.base.SharedLines(secret, id)
	}
	setSharedHeaders(c.Response().Header(), shown.TasksURL != "" || shown.LinesURL != "")
	return h.render(c, status, views.SharedNotePage(shown))
}

// tick ticks the box whose button was pressed, or takes the tick off.
func (h sharedHandler) tick(c echo.Context, v app.Visit, note domain.ID) error {
	form, err := read[taskForm](c)
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(form.Box)
	if err != nil || n < 1 {
		return domain.NewInvalid(domain.NewFieldError("task", "task.no_number"))
	}
	err = h.sharing.Tick(c.Request().Context(), v, note, int(form.Base), n)
	gone := errors.Is(err, domain.NotFound) && !errors.Is(err, domain.ErrShareNotFound) // the box, or what the note said then
	if gone || errors.Is(err, domain.ErrNoteChanged) {
		return h.showAgain(c, http.StatusConflict, v, note, views.SharedNote{Notice: lang.T(c.Request().Context(), "task.line_changed")})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, h.base.SharedDone(c.Param("secret"), c.Param("id"), doneBox)+"#"+taskID+itoa(n))
}

// linesForm is what somebody adds to a note.
type linesForm struct {
	Base  baseVersion `form:"version"`
	Lines string      `form:"lines"`
}

func (f linesForm) validate() error { return f.Base.validate() }

// add adds lines at the end of a note.
func (h sharedHandler) add(c echo.Context, v app.Visit, note domain.ID) error {
	form, err := read[linesForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = h.sharing.AddLines(ctx, v, note, int(form.Base), form.Lines)
	if errors.Is(err, domain.Invalid) || errors.Is(err, domain.TooMany) {
		a := h.answerTo(ctx, http.MethodPost, c.Path(), err)
		maps.Copy(c.Response().Header(), a.headers())
		for _, wrong := range a.fields {
			a.text = lang.Say(ctx, wrong.Message)
		}
		return h.showAgain(c, a.status, v, note, views.SharedNote{Lines: form.Lines, LinesError: a.text})
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, h.base.SharedDone(c.Param("secret"), c.Param("id"), doneLines)+"#add")
}

// showAgain shows a note as it is now, to somebody whose change of it hasn't been made.
func (h sharedHandler) showAgain(c echo.Context, status int, v app.Visit, note domain.ID, shown views.SharedNote) error {
	n, err := h.sharing.Note(c.Request().Context(), v, note)
	if err != nil {
		return err
	}
	return h.renderNote(c, status, v, n, shown)
}

// file answers with a file that a note shows.
func (h sharedHandler) file(c echo.Context, v app.Visit, note domain.ID) error {
	hash, ok := domain.ParseFileHash(c.Param("hash"))
	if !ok {
		return domain.ErrShareNotFound
	}
	f, content, err := h.sharing.File(c.Request().Context(), v, note, hash)
	h.logMissing(c.Request().Context(), hash, err)
	if err != nil {
		return err
	}
	setSharedHeaders(c.Response().Header(), false)
	return h.sendFile(c, f, content)
}

// lockForm is what somebody opens a link with.
type lockForm struct {
	Password string `form:"password"`
}

// unlock opens a link for whoever knows its password.
func (h sharedHandler) unlock(c echo.Context) error {
	form, err := read[lockForm](c)
	if err != nil {
		return err
	}
	setSharedHeaders(c.Response().Header(), true)
	r, secret := c.Request(), c.Param("secret")
	address, _ := netip.ParseAddr(c.RealIP()) // without one, all count as one
	pass, share, err := h.sharing.Unlock(r.Context(), secret, form.Password, address)
	if errors.Is(err, domain.ErrShareLocked) || errors.Is(err, domain.TooMany) {
		h.auditRefusal(c, domain.AuditShareLocked, to(share.By), aboutShare(share))
		a := h.answerTo(r.Context(), r.Method, c.Path(), err)
		maps.Copy(c.Response().Header(), a.headers())
		return h.showLock(c, a.status, a.text)
	}
	if err != nil {
		return h.refused(c, err)
	}
	if pass != "" {
		cookie := h.cookie(h.passCookie(), pass, 0)
		cookie.Path = h.base.Shared(secret, "")
		if !share.Expires.IsZero() {
			cookie.MaxAge = max(1, int(share.Expires.Sub(h.accounts.Now())/time.Second))
		}
		c.SetCookie(cookie)
	}
	return c.Redirect(http.StatusSeeOther, h.base.Shared(secret, ""))
}

// passCookie is what a browser shows that a password has been said by. It goes with the path of its link alone, which a cookie
// with the prefix __Host- can't.
func (h sharedHandler) passCookie() string {
	name := strings.TrimPrefix(h.cookies, hostPrefix) + "_share"
	if h.secure {
		name = "__Secure-" + name
	}
	return name
}

func (h sharedHandler) showLock(c echo.Context, status int, wrong string) error {
	return h.render(c, status, views.SharedLockPage(views.SharedLock{
		Base: h.base, URL: h.base.UnlockShared(c.Param("secret")), Error: wrong,
	}))
}

// showSharedProblem says what went wrong to whoever has a link: the same for each that opens nothing, whatever the reason.
func (s *server) showSharedProblem(c echo.Context, a answer) error {
	ctx := c.Request().Context()
	problem := views.Problem{Status: a.status, Title: http.StatusText(a.status), Text: a.text}
	switch {
	case a.status == http.StatusNotFound:
		problem.Title, problem.Text = lang.T(ctx, "share.gone"), lang.Say(ctx, shareGone)
	case explanations[a.status].title != "":
		problem.Title = lang.T(ctx, explanations[a.status].title)
	}
	for _, wrong := range a.fields {
		problem.Text = lang.Say(ctx, wrong.Message)
	}
	problem.Text = sentence(problem.Text)
	setSharedHeaders(c.Response().Header(), false)
	return s.render(c, a.status, views.SharedProblemPage(s.base, problem))
}

// shareGone is what may be of a link that opens nothing.
var shareGone = domain.NewMessage("share.not_found")
