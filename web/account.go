package web

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// accountHandler has somebody say whether their account goes or stays.
type accountHandler struct {
	*server
	memberships *app.Memberships
}

func (h accountHandler) show(c echo.Context, _ domain.ReadAccess) error {
	ctx, actor := c.Request().Context(), admitted(c).actor
	user, err := h.accounts.User(ctx, actor)
	if err != nil {
		return err
	}
	left, err := h.memberships.Inheritances(ctx, actor)
	if err != nil {
		return err
	}
	t := lang.From(ctx)
	v := views.Account{Base: h.base, Days: domain.Days(domain.FarewellLife)}
	if !user.Goes.IsZero() {
		v.Goes, v.GoesDateTime = printDate(t, user.Goes)
	}
	for _, i := range left {
		v.Inherited = append(v.Inherited, views.Inherited{Space: i.Space.Name, Heir: i.Heir.Name})
	}
	return h.render(c, http.StatusOK, views.AccountPage(h.page(c, t.Text("page.account"), "settings"), v))
}

func (h accountHandler) leave(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	user, err := h.accounts.Leave(c.Request().Context(), admitted(c).actor, h.session(c))
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditAccountLeft, by(user.ID))
	return h.redirect(c, h.base.Account())
}

func (h accountHandler) keep(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	user, err := h.accounts.Stay(c.Request().Context(), admitted(c).actor, h.session(c))
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditAccountKept, by(user.ID))
	h.setNotice(c, noticeAccountKept, user.ID)
	return h.redirect(c, h.base.Settings())
}

// sayFarewell tells somebody who signs in, and whose account goes, when it does.
func (s *server) sayFarewell(c echo.Context, actor domain.Actor) error {
	user, err := s.accounts.User(c.Request().Context(), actor)
	if err == nil && !user.Goes.IsZero() {
		s.setNotice(c, noticeAccountGoes, user.ID, strconv.FormatInt(user.Goes.Unix(), 10))
	}
	return err
}
