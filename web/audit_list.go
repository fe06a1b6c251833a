package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// auditHandler shows what the journal has kept: all of it to admins, and what concerns a space to its owners.
type auditHandler struct {
	*server
	people      *app.People
	memberships *app.Memberships
	events      *app.Audit
}

const auditPage = 50 // events

// list shows admins everything, and everybody else what concerns themselves, but from which address somebody else came who did
// it.
func (h auditHandler) list(c echo.Context, _ domain.ReadAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	access, err := h.people.Access(c.Request().Context(), admitted(c).actor, h.session(c))
	if errors.Is(err, domain.Forbidden) {
		return h.listOwn(c, views.Audit{Own: true}, h.base.AuditAfter)
	}
	if err != nil {
		return err
	}
	events := func(ctx context.Context, after domain.ID, limit int) ([]domain.AuditEvent, error) {
		return h.events.List(ctx, access, after, limit)
	}
	names := func(ctx context.Context) (map[domain.ID]string, error) { return h.people.Names(ctx, access) }
	return h.show(c, views.Audit{}, events, names, h.base.AuditAfter)
}

// listOfSpace shows an owner of a shared space what concerns that, but from which addresses others came.
func (h auditHandler) listOfSpace(c echo.Context, _ domain.ReadAccess) error {
	return h.listOwn(c, views.Audit{Space: nameOf(c)}, h.here(c).SpaceAuditAfter)
}

func (h auditHandler) listOwn(c echo.Context, v views.Audit, older func(id string) string) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	who := admitted(c)
	access, err := who.grant.Audit()
	if err != nil {
		return err
	}
	events := func(ctx context.Context, after domain.ID, limit int) ([]domain.AuditEvent, error) {
		return h.events.ListIn(ctx, access, after, limit)
	}
	names := func(ctx context.Context) (map[domain.ID]string, error) {
		members, err := h.memberships.Members(ctx, who.read)
		names := map[domain.ID]string{}
		for _, m := range members {
			names[m.User] = m.Name
		}
		return names, err
	}
	return h.show(c, v, events, names, older)
}

// show shows a page of events, with the names that are known of those whom they are about.
func (h auditHandler) show(c echo.Context, v views.Audit,
	events func(ctx context.Context, after domain.ID, limit int) ([]domain.AuditEvent, error),
	namesOf func(context.Context) (map[domain.ID]string, error), older func(id string) string,
) error {
	after, _ := domain.ParseID(c.QueryParam("after")) // from the newest on without one
	ctx := c.Request().Context()
	page, err := events(ctx, after, auditPage+1)
	if err != nil {
		return err
	}
	names, err := namesOf(ctx)
	if err != nil {
		return err
	}
	t := lang.From(ctx)
	v.Days = domain.Days(domain.AuditLife)
	if len(page) > auditPage {
		page = page[:auditPage]
		v.Older = older(string(page[auditPage-1].ID))
	}
	for _, e := range page {
		shown := views.AuditEvent{What: t.Text(e.Action), By: names[e.User], For: names[e.To], Detail: e.Detail}
		switch {
		case v.Own:
			shown.Address = e.AddressFor(admitted(c).actor.User)
		case v.Space == "":
			shown.Address = e.Address
		}
		shown.At, shown.AtDateTime = printDate(t, e.At)
		v.Events = append(v.Events, shown)
	}
	return h.render(c, http.StatusOK, views.AuditPage(h.page(c, t.Text("page.audit"), "settings"), v))
}
