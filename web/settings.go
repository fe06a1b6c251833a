package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// settingsHandler shows and changes what somebody may set of themselves.
type settingsHandler struct{ *server }

func (h settingsHandler) show(c echo.Context, _ domain.ReadAccess) error {
	user, err := h.accounts.User(c.Request().Context(), admitted(c).actor)
	if err != nil {
		return err
	}
	return h.present(c, http.StatusOK, user, nil)
}

// passwordForm is what somebody wants to sign in with.
type passwordForm struct {
	Name     string `form:"name"`
	Password string `form:"password"`
	Current  string `form:"current"`
}

// choosePassword is setPassword. Whoever has no password to give proves who they are as for what can't be undone: a password
// is another way in.
func (h settingsHandler) choosePassword(confirmed confirmHandler) writer {
	return func(c echo.Context, access domain.WriteAccess) error {
		user, err := h.accounts.User(c.Request().Context(), admitted(c).actor)
		if err != nil {
			return err
		}
		if user.Password == "" {
			return confirmed.before(h.setPassword)(c, access)
		}
		return h.setPassword(c, access)
	}
}

func (h settingsHandler) setPassword(c echo.Context, _ domain.WriteAccess) error {
	ctx, actor := c.Request().Context(), admitted(c).actor
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[passwordForm](c)
	if err != nil {
		return err
	}
	err = h.accounts.SetPassword(ctx, actor, app.NewPassword(form), h.session(c))
	if errors.Is(err, domain.TooMany) || errors.Is(err, app.ErrNotCurrent) {
		h.auditRefusal(c, domain.AuditPasswordRefused, to(actor.User))
	}
	if errors.Is(err, domain.Invalid) {
		user, readErr := h.accounts.User(ctx, actor)
		if readErr != nil {
			return readErr
		}
		user.Name = form.Name
		return h.present(c, http.StatusUnprocessableEntity, user, err)
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditPasswordSet, by(actor.User))
	h.setNotice(c, noticePassword, actor.User)
	return h.redirect(c, h.base.Settings())
}

// present shows the settings of a user, and what is wrong with those that couldn't be taken.
func (h settingsHandler) present(c echo.Context, status int, user domain.User, wrong error) error {
	ctx := c.Request().Context()
	t := lang.From(ctx)
	v := views.Settings{
		Base: h.base, Name: user.Name, Admin: user.IsAdmin(), Errors: fieldErrors(t, wrong),
		Password:   views.Password{Has: user.Password != "", Shortest: domain.MinPassword},
		Identities: views.Identities{Provider: h.identities.Provider()},
		MayLeave:   user.MayLeave() == nil, Days: domain.Days(domain.FarewellLife),
	}
	if !user.Goes.IsZero() {
		v.Goes, v.GoesDateTime = printDate(t, user.Goes)
	}
	if v.Identities.Provider != "" {
		identities, err := h.identities.List(ctx, admitted(c).actor)
		if err != nil {
			return err
		}
		for _, i := range identities {
			v.Identities.All = append(v.Identities.All, views.ProviderIdentity{Key: string(i.ID), Name: i.Name})
		}
	}
	return h.render(c, status, views.SettingsPage(h.page(c, t.Text("page.settings"), "settings"), v))
}
