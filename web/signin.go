package web

import (
	"errors"
	"log/slog"

	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// signInHandler lets people in by a link, and out.
type signInHandler struct{ *server }

// open starts a session for whoever has a link that hasn't been used.
func (h signInHandler) open(c echo.Context) error {
	r := c.Request()
	if r.Header.Get("Sec-Purpose") != "" {
		return errBeforehand
	}
	token, err := h.accounts.Open(r.Context(), c.QueryParam("key"), r.UserAgent(), h.sessionToken(c))
	if errors.Is(err, domain.Unauthenticated) {
		h.auditRefusal(c, wrongLink)
	}
	if err != nil {
		return err
	}
	h.audit(c, signIn, slog.String("user", string(domain.OwnerID)))
	c.SetCookie(h.cookie(h.cookies, token, int(domain.SessionLife.Seconds())))
	return h.redirect(c, h.base.Notes())
}

func (h signInHandler) signOut(c echo.Context) error {
	ctx, token := c.Request().Context(), h.sessionToken(c)
	switch actor, err := h.accounts.BySession(ctx, token); {
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
		if err := h.accounts.SignOut(ctx, token); err != nil {
			return err
		}
		h.audit(c, signOut, slog.String("user", string(actor.User)))
	}
	h.forgetSession(c)
	return h.redirect(c, h.base.Notes())
}
