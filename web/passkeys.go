package web

import (
	"errors"
	"maps"
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// passkeysHandler shows and changes the keys that somebody signs in with, and tells browsers what to ask for.
type passkeysHandler struct{ *server }

func (h passkeysHandler) list(c echo.Context, _ domain.ReadAccess) error {
	return h.show(c, http.StatusOK, views.PasskeyForm{}, "")
}

// show shows the page, with what has been typed into the form and what is wrong with it, or with something else.
func (h passkeysHandler) show(c echo.Context, status int, form views.PasskeyForm, wrong string) error {
	ctx, actor := c.Request().Context(), admitted(c).actor
	user, err := h.accounts.User(ctx, actor)
	if err != nil {
		return err
	}
	passkeys, err := h.passkeys.List(ctx, actor)
	if err != nil {
		return err
	}
	if form.NeedsLogin = user.Password == ""; form.Login == "" {
		form.Login = user.Name
	}
	t := lang.From(ctx)
	v := views.Passkeys{
		Base: h.base, Host: h.passkeys.Host(), Form: form, Error: wrong, Passkeys: make([]views.Passkey, len(passkeys)),
	}
	for i, p := range passkeys {
		shown := views.Passkey{Key: string(p.ID), Name: p.Name, Synced: p.Credential.BackedUp}
		shown.Created, shown.CreatedDateTime = printDate(t, p.Created)
		if !p.Used.IsZero() {
			shown.Used, shown.UsedDateTime = printDate(t, p.Used)
		}
		v.Passkeys[i] = shown
	}
	return h.render(c, status, views.PasskeysPage(h.page(c, t.Text("page.passkeys"), "settings"), v))
}

// offer tells what to ask a browser for that is to make a passkey.
func (h passkeysHandler) offer(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	return sendOptions(c)(h.passkeys.Offer(c.Request().Context(), admitted(c).actor, h.session(c)))
}

// ask tells what to ask the browser for of somebody who is to prove who they are.
func (h passkeysHandler) ask(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	return sendOptions(c)(h.passkeys.AskToConfirm(c.Request().Context(), admitted(c).actor, h.session(c)))
}

// askPasskey tells what to ask the browser for of somebody who signs in.
func (h signInHandler) askPasskey(c echo.Context) error {
	form, err := read[signInForm](c)
	if err != nil {
		return err
	}
	return sendOptions(c)(h.passkeys.Ask(c.Request().Context(), form.Halfway))
}

func sendOptions(c echo.Context) func([]byte, error) error {
	return func(options []byte, err error) error {
		if err != nil {
			return err
		}
		return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, options)
	}
}

// passkeyForm adds, renames or removes a passkey.
type passkeyForm struct {
	Key     domain.TokenHash `form:"key"`     // which
	Login   string           `form:"name"`    // of somebody without a password
	Passkey string           `form:"passkey"` // its name
	Answer  string           `form:"answer"`  // of a browser that has made one
}

func (h passkeysHandler) add(c echo.Context, _ domain.WriteAccess) error {
	return h.change(c, func(actor domain.Actor, form passkeyForm) error {
		err := h.passkeys.Add(c.Request().Context(), actor, app.NewPasskey{
			Name: form.Passkey, Answer: []byte(form.Answer), Login: form.Login,
		}, h.session(c))
		if err == nil {
			h.audit(c, domain.AuditPasskeyAdded, by(actor.User))
			h.setNotice(c, noticePasskeyAdded, actor.User)
		}
		return err
	})
}

func (h passkeysHandler) rename(c echo.Context, _ domain.WriteAccess) error {
	return h.change(c, func(actor domain.Actor, form passkeyForm) error {
		err := h.passkeys.Rename(c.Request().Context(), actor, form.Key, form.Passkey, h.session(c))
		if wrong := domain.FieldErrors(err); len(wrong) > 0 {
			return errOfList{err}
		}
		if err == nil {
			h.audit(c, domain.AuditPasskeyRenamed, by(actor.User))
		}
		return err
	})
}

func (h passkeysHandler) remove(c echo.Context, _ domain.WriteAccess) error {
	return h.change(c, func(actor domain.Actor, form passkeyForm) error {
		err := h.passkeys.Remove(c.Request().Context(), actor, form.Key, h.session(c))
		if errors.Is(err, domain.Conflict) {
			return errOfList{err}
		}
		if err == nil {
			h.audit(c, domain.AuditPasskeyRemoved, by(actor.User))
			h.setNotice(c, noticePasskeyRemoved, actor.User)
		}
		return err
	})
}

// errOfList is what is wrong with a passkey that is in the list, and not with the form below it.
type errOfList struct{ error }

func (e errOfList) Unwrap() error { return e.error }

// change has do change the passkeys of somebody, and shows them again, with what was wrong if they couldn't be changed.
func (h passkeysHandler) change(c echo.Context, do func(domain.Actor, passkeyForm) error) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[passkeyForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = do(admitted(c).actor, form)
	if err == nil {
		return h.redirect(c, h.base.Passkeys())
	}
	typed := views.PasskeyForm{Login: form.Login, Name: form.Passkey}
	if ofList := (errOfList{}); errors.As(err, &ofList) {
		a := h.answerTo(ctx, c.Request().Method, c.Path(), err)
		if len(a.fields) > 0 {
			a.say(ctx, a.fields[0].Message)
		}
		return h.show(c, a.status, views.PasskeyForm{}, sentence(a.text))
	}
	switch {
	case errors.Is(err, domain.Invalid):
		typed.Errors = fieldErrors(lang.From(ctx), err)
	case errors.Is(err, domain.ErrPasskeyRefused), errors.Is(err, domain.ErrPasskeyTooLate), errors.Is(err, domain.Conflict):
		_, said := problemOf(err)
		typed.Errors = []views.FieldError{{Field: "passkey", Text: sentence(lang.Say(ctx, said))}}
	default:
		return err
	}
	return h.show(c, http.StatusUnprocessableEntity, typed, "")
}

// signInWithPasskey starts a session for whoever has a passkey, alone or after their password.
func (h signInHandler) signInWithPasskey(c echo.Context, form signInForm) error {
	r := c.Request()
	in, err := h.passkeys.SignIn(r.Context(), app.ByPasskey{
		Answer: []byte(form.Passkey), Halfway: form.Halfway, Address: addressOf(c), Browser: r.UserAgent(),
		Device: h.cookieValue(c, h.cookies+deviceCookie), Instead: h.sessionToken(c),
	})
	if errors.Is(err, domain.Unauthenticated) || errors.Is(err, domain.TooMany) {
		h.auditPasskey(c, err, in.User)
		a := h.answerTo(r.Context(), r.Method, c.Path(), err)
		maps.Copy(c.Response().Header(), a.headers())
		if form.Halfway != "" && !errors.Is(err, domain.ErrHalfwayEnded) {
			return h.showCode(c, a.status, form, sentence(a.text))
		}
		return h.showSignIn(c, a.status, h.signInForm(form.Stay, form.Back, sentence(a.text)))
	}
	if err != nil {
		return err
	}
	return h.welcome(c, in, form, "passkey")
}

// auditPasskey leaves a trace of a passkey that wasn't taken.
func (s *server) auditPasskey(c echo.Context, err error, of domain.ID) {
	if errors.Is(err, domain.ErrPasskeyCloned) { // which not everybody can cause
		s.audit(c, domain.AuditPasskeyCloned, to(of), aboutSpace(of))
		return
	}
	s.auditRefusal(c, domain.AuditPasskeyRefused, to(of), aboutSpace(of))
}
