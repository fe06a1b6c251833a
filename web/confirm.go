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

// confirmHandler has somebody give their password again before what can't be undone is done, unless they have a moment ago.
type confirmHandler struct{ *server }

// confirmField has the password in a form that is sent once more with it.
const confirmField = "confirm_password"

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
		password := c.Request().PostFormValue(confirmField)
		if password == "" {
			return h.ask(c, http.StatusForbidden, "")
		}
		err = h.accounts.Confirm(ctx, actor, password, h.session(c))
		if errors.Is(err, domain.Invalid) || errors.Is(err, domain.TooMany) {
			h.auditRefusal(c, domain.AuditPasswordRefused, to(actor.User))
			a := h.answerTo(ctx, c.Request().Method, c.Path(), err)
			maps.Copy(c.Response().Header(), a.headers())
			if len(a.fields) > 0 {
				a.say(ctx, a.fields[0].Message)
			}
			return h.ask(c, a.status, sentence(a.text))
		}
		if err != nil {
			return err
		}
		return do(c, access)
	}
}

// ask asks for the password, with all that the form has said so far.
func (h confirmHandler) ask(c echo.Context, status int, wrong string) error {
	r := c.Request()
	v := views.Confirm{URL: string(h.base) + r.URL.EscapedPath(), Error: wrong}
	for _, name := range slices.Sorted(maps.Keys(r.PostForm)) {
		for _, value := range given(r.PostForm, name) {
			v.Fields = append(v.Fields, views.HiddenField{Name: name, Value: value})
		}
	}
	return h.render(c, status, views.ConfirmPage(h.page(c, lang.T(r.Context(), "page.confirm"), "settings"), v))
}

// given returns what a form says in a field, but for the password.
func given(form url.Values, name string) []string {
	if name == confirmField {
		return nil
	}
	return form[name]
}
