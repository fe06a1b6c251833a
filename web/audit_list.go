package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// auditHandler shows admins what the journal has kept.
type auditHandler struct {
	peopleHandler
	events *app.Audit
}

const auditPage = 50 // events

func (h auditHandler) list(c echo.Context, access domain.AdminAccess) error {
	after, _ := domain.ParseID(c.QueryParam("after")) // from the newest on without one
	ctx := c.Request().Context()
	events, err := h.events.List(ctx, access, after, auditPage+1)
	if err != nil {
		return err
	}
	names, err := h.people.Names(ctx, access)
	if err != nil {
		return err
	}
	t := lang.From(ctx)
	v := views.Audit{Days: domain.Days(domain.AuditLife)}
	if len(events) > auditPage {
		events = events[:auditPage]
		v.Older = h.base.AuditAfter(string(events[auditPage-1].ID))
	}
	for _, e := range events {
		shown := views.AuditEvent{What: t.Text(e.Action), By: names[e.User], For: names[e.To], Address: e.Address, Detail: e.Detail}
		shown.At, shown.AtDateTime = printDate(t, e.At)
		v.Events = append(v.Events, shown)
	}
	return h.render(c, http.StatusOK, views.AuditPage(h.page(c, t.Text("page.audit"), "settings"), v))
}
