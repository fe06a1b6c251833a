package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// confirmHandler has somebody give their password, or a passkey, again before what can't be undone is done, unless they have a moment ago.
type confirmHandler struct{ *server }

// These have the password, or what a passkey has signed, in a form that is sent once more with it.
const (
	confirmField   = "confirm_password"
	confirmPasskey = "confirm_passkey"
)

// before is do for whoever has proved who they are.
func (h confirmHandler) before(do writer) writer {
	return func(c echo.Context, access domain.WriteAccess) error {
		if _, ok := bearer(c.Request()); ok {
			return do(c, access) // a program has no password, and is left no way here that outlives it
		}
		ctx, actor := c.Request().Context(), admitted(c).actor
		sure, err := h.accounts.Sure(ctx, actor, h.session(c))
		if err != nil {
			return err
		}
		if sure {
			return do(c, access)
		}
		password, passkey := c.Request().PostFormValue(confirmField), c.Request().PostFormValue(confirmPasskey)
		switch {
		case passkey != "":
			err = h.passkeys.Confirm(ctx, actor, []byte(passkey), h.session(c))
		case password != "":
			err = h.accounts.Confirm(ctx, actor, password, h.session(c))
		default:
			return h.ask(c, http.StatusForbidden, "")
		}
		if refused := errors.Is(err, domain.Unauthenticated) && !errors.Is(err, domain.ErrSignedOut); refused ||
			errors.Is(err, domain.Invalid) || errors.Is(err, domain.TooMany) {
			if passkey != "" {
				h.auditPasskey(c, err, actor.User)
			} else {
				h.auditRefusal(c, domain.AuditPasswordRefused, to(actor.User), aboutSpace(actor.User)) // and not the space that it was asked for in
			}
			a := h.answerTo(ctx, c.Request().Method, c.Path(), err)
			maps.Copy(c.Response().Header(), a.headers())
			if len(a.fields) > 0 {
				a.say(ctx, a.fields[0].Message)
			}
			if refused {
				a.status = http.StatusUnprocessableEntity // they are signed in
			}
			return h.ask(c, a.status, sentence(a.text))
		}
		if err != nil {
			return err
		}
		return do(c, access)
	}
}

// ask asks for the password or a passkey, with all that the form has said so far.
func (h confirmHandler) ask(c echo.Context, status int, wrong string) error {
	r, actor := c.Request(), admitted(c).actor
	user, err := h.accounts.User(r.Context(), actor)
	if err != nil {
		return err
	}
	passkeys, err := h.passkeys.List(r.Context(), actor)
	if err != nil {
		return err
	}
	v := views.Confirm{URL: string(h.base) + r.URL.EscapedPath(), Error: wrong, Password: user.Password != ""}
	if len(passkeys) > 0 {
		v.Passkey = h.askingAt(h.base.AskPasskey())
	}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, value := range given(r.PostForm, name) {
			v.Fields = append(v.Fields, views.HiddenField{Name: name, Value: value})
		}
	}
	title := lang.T(r.Context(), "page.confirm")
	if !v.Password {
		title = lang.T(r.Context(), "page.confirm_passkey")
	}
	return h.render(c, status, views.ConfirmPage(h.page(c, title, "settings"), v))
}

// given returns what a form says in a field, but for secrets, which no page repeats.
func given(form url.Values, name string) []string {
	switch name {
	case confirmField, confirmPasskey, "password", "current":
		return nil
	}
	return form[name]
}
