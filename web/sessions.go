package web

import (
	"log/slog"
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/mileusna/useragent"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// sessionsHandler shows and ends the sessions of browsers.
type sessionsHandler struct{ *server }

func (h sessionsHandler) list(c echo.Context, _ domain.ReadAccess) error {
	sessions, err := h.accounts.Sessions(c.Request().Context(), admitted(c).actor)
	if err != nil {
		return err
	}
	this := h.session(c)
	v := views.Sessions{
		Base: h.base, IdleDays: domain.Days(domain.SessionIdle), LifeDays: domain.Days(domain.SessionLife),
		Browsers: make([]views.Browser, len(sessions)),
	}
	t := lang.From(c.Request().Context())
	for i, session := range sessions {
		b := views.Browser{Key: string(session.Token), Name: browserName(t, session.Browser), This: session.Token == this}
		b.Seen, b.SeenDateTime = printDate(t, session.Seen)
		if session.Address.IsValid() {
			b.Address = session.Address.String()
		}
		b.Created, b.CreatedDateTime = printDate(t, session.Created)
		v.Browsers[i] = b
	}
	return h.renderKept(c, http.StatusOK, "", views.SessionsPage(h.page(c, lang.T(c.Request().Context(), "page.sessions"), "settings"), v))
}

// allSessions is what a form calls all sessions of somebody.
const allSessions = "all"

// sessionForm names a session to be ended, by the hash of its token; "others" and allSessions are several.
type sessionForm struct {
	Session domain.TokenHash `form:"session"`
}

// end ends the session that the form names, or several.
func (h sessionsHandler) end(c echo.Context, _ domain.WriteAccess) error {
	actor, this := admitted(c).actor, h.session(c)
	form, err := read[sessionForm](c)
	if err != nil {
		return err
	}
	ended := form.Session
	if ended == allSessions || ended == this {
		asks, err := h.mustAsk(c, actor)
		switch {
		case err != nil:
			return err
		case asks && ended == allSessions:
			return h.redirect(c, h.base.SignOutAsking(allSessions))
		case asks:
			return h.redirect(c, h.base.SignOutAsking(""))
		}
	}
	n := 1
	switch ended {
	case allSessions:
		n, err = h.accounts.EndSessions(c.Request().Context(), actor, "")
		ended = this
	case "others":
		n, err = h.accounts.EndSessions(c.Request().Context(), actor, this)
	default:
		err = h.accounts.EndSession(c.Request().Context(), actor, ended)
	}
	if err != nil {
		return err
	}
	if n > 0 {
		h.audit(c, domain.AuditSessionEnded, by(actor.User), slog.Int("count", n))
	}
	if ended == this {
		h.forgetSession(c)
		return h.redirect(c, h.base.Notes())
	}
	return h.redirect(c, h.base.Sessions())
}

// browserName returns what a User-Agent header says in short, as Firefox on Linux.
func browserName(t *lang.Language, userAgent string) string {
	agent := useragent.Parse(userAgent)
	switch {
	case agent.Name == "" && userAgent == "":
		return t.Text("session.unknown_browser")
	case agent.Name == "":
		return userAgent
	case agent.OS == "":
		return agent.Name
	}
	return t.Text("session.browser", "name", agent.Name, "system", agent.OS)
}
