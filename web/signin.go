package web

import (
	"cmp"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// signInHandler lets people in, by a link or by a name and a password, and out.
type signInHandler struct{ *server }

// SignInURL returns the link that signs in whoever opens it, at the app that is found at base.
func SignInURL(base *url.URL, ticket string) string {
	return views.Base(base.String()).OpenWith(ticket)
}

// open starts a session for whoever has a link that hasn't been used.
func (h signInHandler) open(c echo.Context) error {
	r := c.Request()
	if r.Header.Get("Sec-Purpose") != "" {
		return errBeforehand
	}
	in, err := h.accounts.Open(r.Context(), c.QueryParam("key"), r.UserAgent(), h.sessionToken(c))
	if errors.Is(err, domain.Unauthenticated) {
		h.auditRefusal(c, domain.AuditLinkRefused)
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditSignedIn, by(in.User), slog.String("by", "link"))
	h.remember(c, in.Token, true)
	needsLink, err := h.accounts.NeedsLink(r.Context(), domain.Actor{User: in.User})
	if err == nil && needsLink && h.public {
		return h.redirect(c, h.base.Settings()) // where anybody may knock, a password comes first
	}
	return h.redirect(c, h.base.Notes())
}

// remember has the browser keep a session: until it is closed, or for as long as the session lives.
func (s *server) remember(c echo.Context, token string, stay bool) {
	var age int
	if stay {
		age = int(domain.SessionLife.Seconds())
	}
	c.SetCookie(s.cookie(s.cookies, token, age))
}

// letIn is remember for somebody with a password, whose browser is known from then on.
func (s *server) letIn(c echo.Context, in app.SignedIn, stay bool) {
	s.remember(c, in.Token, stay)
	c.SetCookie(s.cookie(s.cookies+deviceCookie, in.Device, deviceAge))
}

// signInForm is what somebody signs in with.
type signInForm struct {
	Name     string `form:"name"`
	Password string `form:"password"`
	Stay     bool   `form:"stay"`
	Back     string `form:"back"` // where they wanted to go, below the base
	// What comes instead of a name and a password once those were right, where a code is asked for besides.
	Halfway string `form:"halfway"`
	Code    string `form:"code"`
	// What comes instead of all of them, or of the code: what a passkey has signed.
	Passkey string `form:"passkey"`
}

// askIn asks for a name and a password, or says how else to come in while nobody has one.
func (h signInHandler) askIn(c echo.Context) error {
	_, err := h.authenticate(c.Request().Context(), c)
	switch {
	case err == nil:
		return h.redirect(c, h.base.Notes())
	case !errors.Is(err, domain.Unauthenticated):
		return err
	}
	form := h.signInAsked(c, "")
	if form == nil {
		return domain.Unauthenticated
	}
	return h.showSignIn(c, http.StatusOK, *form)
}

// signIn starts a session for whoever knows a name and its password.
func (h signInHandler) signIn(c echo.Context) error {
	r := c.Request()
	form, err := read[signInForm](c)
	if err != nil {
		return err
	}
	switch {
	case form.Passkey != "":
		return h.signInWithPasskey(c, form)
	case form.Halfway != "":
		return h.signInWithCode(c, form)
	}
	in, err := h.byPassword(c, form.Name, form.Password)
	if errors.Is(err, domain.Unauthenticated) || errors.Is(err, domain.TooMany) {
		a := h.answerTo(r.Context(), r.Method, c.Path(), err)
		maps.Copy(c.Response().Header(), a.headers())
		v := h.signInForm(form.Stay, form.Back, sentence(a.text))
		v.Name = form.Name
		return h.showSignIn(c, a.status, v)
	}
	if err != nil {
		return err
	}
	if in.Halfway != "" {
		form.Halfway = in.Halfway
		return h.showCode(c, http.StatusOK, form, "")
	}
	return h.welcome(c, in, form, "")
}

// byPassword has somebody tell a name and its password, and byCode a code after that. What is wrong leaves its trace.
func (h signInHandler) byPassword(c echo.Context, name, password string) (app.SignedIn, error) {
	r := c.Request()
	in, err := h.accounts.SignIn(r.Context(), app.SignIn{
		Name: name, Password: password, Address: addressOf(c), Browser: r.UserAgent(),
		Device: h.cookieValue(c, h.cookies+deviceCookie), Instead: h.sessionToken(c),
	})
	h.auditUnlessIn(c, err, domain.AuditPasswordRefused, in.User)
	return in, err
}

func (h signInHandler) byCode(c echo.Context, halfway, code string) (app.SignedIn, error) {
	r := c.Request()
	in, err := h.accounts.SignInWithCode(r.Context(), app.Code{
		Halfway: halfway, Code: code, Browser: r.UserAgent(),
		Device: h.cookieValue(c, h.cookies+deviceCookie), Instead: h.sessionToken(c),
	})
	h.auditUnlessIn(c, err, domain.AuditCodeRefused, in.User)
	return in, err
}

func (h signInHandler) auditUnlessIn(c echo.Context, err error, what domain.Code, user domain.ID) {
	if errors.Is(err, domain.Unauthenticated) || errors.Is(err, domain.TooMany) {
		h.auditRefusal(c, what, to(user))
	}
}

// signInWithCode starts a session for whoever has told their password before.
func (h signInHandler) signInWithCode(c echo.Context, form signInForm) error {
	r := c.Request()
	in, err := h.byCode(c, form.Halfway, form.Code)
	if errors.Is(err, domain.Unauthenticated) || errors.Is(err, domain.TooMany) {
		a := h.answerTo(r.Context(), r.Method, c.Path(), err)
		maps.Copy(c.Response().Header(), a.headers())
		if errors.Is(err, domain.ErrHalfwayEnded) {
			return h.showSignIn(c, a.status, h.signInForm(form.Stay, form.Back, sentence(a.text)))
		}
		return h.showCode(c, a.status, form, sentence(a.text))
	}
	if err != nil {
		return err
	}
	return h.welcome(c, in, form, "")
}

// showCode asks for a code.
func (h signInHandler) showCode(c echo.Context, status int, form signInForm, wrong string) error {
	page := h.page(c, lang.T(c.Request().Context(), "page.code"), "")
	page.SignedIn = false
	return h.render(c, status, views.CodePage(page, views.CodeNeeded{
		Base: h.base, Halfway: form.Halfway, Stay: form.Stay, Back: h.local(form.Back), Error: wrong,
		Passkey: h.askingAt(h.base.SignInPasskey()),
	}))
}

// welcome lets somebody in who has signed in, by a password or by what is named, and leads to where they wanted to go.
func (h signInHandler) welcome(c echo.Context, in app.SignedIn, form signInForm, means string) error {
	h.begin(c, in, form.Stay, means)
	if err := h.sayFarewell(c, domain.Actor{User: in.User}); err != nil {
		return err
	}
	return h.redirect(c, cmp.Or(h.local(form.Back), h.base.Notes()))
}

func (h signInHandler) begin(c echo.Context, in app.SignedIn, stay bool, means string) {
	attrs := []slog.Attr{by(in.User)}
	if means != "" {
		attrs = append(attrs, slog.String("by", means))
	}
	h.audit(c, domain.AuditSignedIn, attrs...)
	h.letIn(c, in, stay)
}

// A browser that somebody has signed in with is known for long after, so that others can't keep them out.
const (
	deviceCookie = "_device"
	deviceAge    = 400 * 24 * 60 * 60 // seconds: the longest that browsers keep a cookie
)

func (h signInHandler) showSignIn(c echo.Context, status int, form views.SignIn) error {
	page := h.page(c, lang.T(c.Request().Context(), "page.sign_in"), "")
	page.SignedIn = false
	return h.render(c, status, views.SignInPage(page, form))
}

// signInAsked returns the form that leads back to a page, or nil while nobody has a password.
func (s *server) signInAsked(c echo.Context, back string) *views.SignIn {
	takes, err := s.accounts.TakesPasswords(c.Request().Context())
	if err != nil || !takes && s.identities.Provider() == "" {
		return nil // without an answer the link is what remains
	}
	form := s.signInForm(true, back, "")
	return &form
}

// signInForm returns the form that leads back to a page, with what was wrong with what was sent.
func (s *server) signInForm(stay bool, back, wrong string) views.SignIn {
	back = s.local(back)
	return views.SignIn{
		Base: s.base, Stay: stay, Back: back, Error: wrong, Passkey: s.askingAt(s.base.SignInPasskey()),
		Provider: views.ProviderLink{Name: s.identities.Provider(), URL: s.base.LeaveFrom(back)},
	}
}

// askingAt returns what has a browser sign with a passkey, as a URL tells.
func (s *server) askingAt(url string) views.PasskeyAsk {
	return views.PasskeyAsk{URL: url, Host: s.passkeys.Host()}
}

// local returns a URL if it leads to a page of this app, and "" otherwise.
func (s *server) local(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(back, string(s.base)+"/") ||
		strings.HasPrefix(back, "//") || strings.ContainsRune(back, '\\') {
		return ""
	}
	return back
}

func (h signInHandler) signOut(c echo.Context) error {
	ctx, token := c.Request().Context(), h.sessionToken(c)
	switch member, err := h.accounts.BySession(ctx, token); {
	case errors.Is(err, domain.Unauthenticated): // whoever that is
		placesOf(c).leaveAll()
		if err := dropBody(c.Response(), c.Request()); err != nil {
			return err
		}
	case err != nil:
		return err
	default:
		if err := readForm(c.Request()); err != nil {
			return err
		}
		asks, err := h.mustAsk(c, domain.Actor{User: member.Read().User()})
		if err != nil {
			return err
		}
		if asks {
			return h.redirect(c, h.base.SignOutAsking(""))
		}
		if err := h.accounts.SignOut(ctx, token); err != nil {
			return err
		}
		h.audit(c, domain.AuditSignedOut, by(member.Read().User()))
	}
	h.forgetSession(c)
	return h.redirect(c, h.base.Notes())
}

// mustAsk reports whether an actor who signs out is to be asked first: they couldn't come back by themselves.
func (s *server) mustAsk(c echo.Context, actor domain.Actor) (bool, error) {
	if c.FormValue("sure") != "" {
		return false, nil
	}
	return s.accounts.NeedsLink(c.Request().Context(), actor)
}

// ask asks whether somebody means to sign out: here or, as the page of the sessions has them do it, everywhere.
func (h signInHandler) ask(c echo.Context, _ domain.ReadAccess) error {
	t := lang.From(c.Request().Context())
	q := views.SignOut{URL: h.base.SignOut(), Button: t.Text("layout.sign_out"), Back: h.base.Notes()}
	if c.QueryParam("session") == allSessions {
		q = views.SignOut{URL: h.base.Sessions(), Session: allSessions, Button: t.Text("session.end_all"), Back: h.base.Sessions()}
	}
	return h.render(c, http.StatusOK, views.SignOutPage(h.page(c, t.Text("sign_out.title"), ""), q))
}
