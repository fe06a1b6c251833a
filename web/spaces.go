package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/words"
	"octavo/lang"
	"octavo/views"
)

// spacesHandler has people share spaces.
type spacesHandler struct {
	*server
	memberships *app.Memberships
}

// switcher returns what leads from the space of a request to the others, or nil for whoever shares none.
func (s *server) switcher(c echo.Context) *views.Switcher {
	who := admitted(c)
	shared := who.beside.SharedSpaces()
	if who.read.Space() == "" || len(shared) == 0 {
		return nil
	}
	v := &views.Switcher{Own: !who.base.IsShared(), Name: lang.T(c.Request().Context(), "space.own")}
	for _, space := range byName(shared) {
		link := views.Link{Text: space.Name, URL: s.base.InSpace(string(space.ID)).Notes()}
		if space.ID == who.read.Space() {
			v.Name, v.Here = link.Text, link.URL
		}
		v.Shared = append(v.Shared, link)
	}
	return v
}

// byName returns spaces in the order of their names.
func byName(spaces []domain.Space) []domain.Space {
	slices.SortStableFunc(spaces, func(a, b domain.Space) int { return cmp.Compare(words.Order("", a.Name), words.Order("", b.Name)) })
	return spaces
}

// nameOf returns the name of the shared space that a request is about.
func nameOf(c echo.Context) string {
	who := admitted(c)
	for _, space := range who.beside.SharedSpaces() {
		if space.ID == who.read.Space() {
			return space.Name
		}
	}
	return ""
}

func (h spacesHandler) list(c echo.Context, _ domain.ReadAccess) error {
	return h.show(c, http.StatusOK, "", nil)
}

// show shows the spaces of somebody, and what is wrong with the name of one that they wanted to make.
func (h spacesHandler) show(c echo.Context, status int, name string, wrong error) error {
	ctx := c.Request().Context()
	shared, err := h.memberships.Spaces(ctx, admitted(c).actor)
	if err != nil {
		return err
	}
	closed, err := h.memberships.Closed(ctx, admitted(c).actor)
	if err != nil {
		return err
	}
	t := lang.From(ctx)
	v := views.Spaces{Base: h.base, Name: strings.ToValidUTF8(name, "\uFFFD")}
	for _, f := range domain.FieldErrors(wrong) {
		v.Error = lang.Say(ctx, f.Message)
	}
	for _, s := range shared {
		v.Shared = append(v.Shared, views.SharedSpace{
			Base: h.base.InSpace(string(s.ID)), Name: s.Name, Role: t.Text(roleTexts[s.Role].name),
		})
	}
	for _, s := range closed {
		shown := views.ClosedSpace{ID: string(s.ID), Name: s.Name}
		shown.Goes, shown.GoesDateTime = printDate(t, s.Goes)
		v.Closed = append(v.Closed, shown)
	}
	return h.render(c, status, views.SpacesPage(h.page(c, t.Text("page.spaces"), "settings"), v))
}

// roleTexts are the texts for roles, and for what they mean.
var roleTexts = map[domain.Role]struct{ name, means domain.Code }{
	domain.RoleOwner:       {"space.role.owner", "space.role.owner_means"},
	domain.RoleEditor:      {"space.role.editor", "space.role.editor_means"},
	domain.RoleContributor: {"space.role.contributor", "space.role.contributor_means"},
	domain.RoleReader:      {"space.role.reader", "space.role.reader_means"},
}

// spaceForm names a space.
type spaceForm struct {
	Name string `form:"name"`
}

func (h spacesHandler) create(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	form, err := read[spaceForm](c)
	if err != nil {
		return err
	}
	actor := admitted(c).actor
	space, err := h.memberships.Create(c.Request().Context(), actor, h.session(c), form.Name)
	if errors.Is(err, domain.Invalid) {
		return h.show(c, http.StatusUnprocessableEntity, form.Name, err)
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditSpaceMade, by(actor.User), aboutSpace(space.ID))
	return h.redirect(c, h.base.InSpace(string(space.ID)).Members())
}

// members shows who is in a space.
func (h spacesHandler) members(c echo.Context, access domain.ReadAccess) error {
	return h.showMembers(c, access, http.StatusOK, views.Members{})
}

// showMembers is members, with what was typed and what is wrong with it.
func (h spacesHandler) showMembers(c echo.Context, access domain.ReadAccess, status int, v views.Members) error {
	ctx := c.Request().Context()
	members, err := h.memberships.Members(ctx, access)
	if err != nil {
		return err
	}
	t, name := lang.From(ctx), nameOf(c)
	v.Shares = admitted(c).mayEdit() == nil
	v.Base, v.Name, v.Role = h.here(c), cmp.Or(v.Name, name), cmp.Or(v.Role, string(domain.RoleEditor))
	v.Owner = admitted(c).grant.Role() == domain.RoleOwner
	v.Days = domain.Days(domain.FarewellLife)
	owners := 0
	for _, m := range members {
		shown := views.Member{
			ID: string(m.User), Name: m.Name, Role: string(m.Role), RoleText: t.Text(roleTexts[m.Role].name), Me: m.User == access.User(),
		}
		shown.Since, shown.SinceDateTime = printDate(t, m.Since)
		if shown.Me {
			v.Me = shown
		} else {
			v.Others = append(v.Others, shown)
		}
		if m.Role == domain.RoleOwner && !m.Away {
			owners++
		}
	}
	v.Only = v.Owner && owners == 1
	for _, role := range domain.AllRoles() {
		texts := roleTexts[role]
		v.Roles = append(v.Roles, views.RoleChoice{Role: string(role), Text: t.Text(texts.name), Means: t.Text(texts.means)})
	}
	return h.render(c, status, views.MembersPage(h.page(c, t.Text("page.members", "name", name), ""), v))
}

// administerSpace answers a request of an owner of a space, who has signed in with a browser.
type administerSpace func(c echo.Context, access domain.SpaceAccess) error

// administered is what does that, as a handler of a group. Whatever keeps it from being done is said on the page of the
// members.
func (h spacesHandler) administered(do administerSpace) writer {
	return func(c echo.Context, _ domain.WriteAccess) error {
		if err := byBrowser(c); err != nil {
			return err
		}
		access, err := admitted(c).grant.Administer(h.session(c))
		if err != nil {
			return err
		}
		err = do(c, access)
		if errors.Is(err, domain.Conflict) {
			return h.showConflict(c, admitted(c).read, err)
		}
		return err
	}
}

// showConflict shows the members of a space, and why they can't be changed as somebody wanted.
func (h spacesHandler) showConflict(c echo.Context, access domain.ReadAccess, err error) error {
	_, said := problemOf(err)
	return h.showMembers(c, access, http.StatusConflict, views.Members{Error: sentence(lang.Say(c.Request().Context(), said))})
}

// changed tells on the page of the members what has been done.
func (h spacesHandler) changed(c echo.Context, notice string, about domain.ID) error {
	h.setNotice(c, notice, about)
	return h.redirect(c, h.here(c).Members())
}

func (h spacesHandler) rename(c echo.Context, access domain.SpaceAccess) error {
	form, err := read[spaceForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	err = h.memberships.Rename(ctx, access, form.Name)
	if errors.Is(err, domain.Invalid) {
		return h.showMembers(c, admitted(c).read, http.StatusUnprocessableEntity, views.Members{
			Name: strings.ToValidUTF8(form.Name, "\uFFFD"), Errors: fieldErrors(lang.From(ctx), err),
		})
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditSpaceRenamed, by(access.User()), aboutSpace(access.Space()))
	return h.changed(c, noticeSpace, access.Space())
}

// addForm says who is to be a member of a space.
type addForm struct {
	Name string `form:"name"`
	Role string `form:"role"`
}

func (h spacesHandler) add(c echo.Context, access domain.SpaceAccess) error {
	form, err := read[addForm](c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	role, err := domain.ReadRole(form.Role)
	var added domain.ID
	if err == nil {
		added, err = h.memberships.Add(ctx, access, form.Name, role)
	}
	if errors.Is(err, domain.Invalid) {
		v := views.Members{Added: strings.ToValidUTF8(form.Name, "\uFFFD"), Role: string(role)}
		for _, wrong := range fieldErrors(lang.From(ctx), err) {
			if wrong.Field == "name" {
				wrong.Field = "member" // there is another name on the page
			}
			v.Errors = append(v.Errors, wrong)
		}
		return h.showMembers(c, admitted(c).read, http.StatusUnprocessableEntity, v)
	}
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditMemberAdded, by(access.User()), to(added), aboutSpace(access.Space()), slog.String("role", string(role)))
	return h.changed(c, noticeMemberAdded, added)
}

// memberForm says what a member of a space is to be.
type memberForm struct {
	User string `form:"user"`
	Role string `form:"role"`
}

func (f memberForm) user() domain.ID {
	id, _ := domain.ParseID(f.User)
	return id // "" is nobody's
}

func (h spacesHandler) setRole(c echo.Context, access domain.SpaceAccess) error {
	form, err := read[memberForm](c)
	if err != nil {
		return err
	}
	role, err := domain.ReadRole(form.Role)
	if err != nil {
		return err
	}
	if err := h.memberships.SetRole(c.Request().Context(), access, form.user(), role); err != nil {
		return err
	}
	h.audit(c, domain.AuditMemberChanged, by(access.User()), to(form.user()), aboutSpace(access.Space()), slog.String("role", string(role)))
	return h.changed(c, noticeSpace, access.Space())
}

func (h spacesHandler) remove(c echo.Context, access domain.SpaceAccess) error {
	form, err := read[memberForm](c)
	if err != nil {
		return err
	}
	if err := h.memberships.Remove(c.Request().Context(), access, form.user()); err != nil {
		return err
	}
	if form.user() == access.User() {
		return h.left(c)
	}
	h.audit(c, domain.AuditMemberRemoved, by(access.User()), to(form.user()), aboutSpace(access.Space()))
	return h.changed(c, noticeMemberRemoved, access.Space())
}

// left tells somebody who isn't in the space of a request any more that they have left it, on a page of their own.
func (h spacesHandler) left(c echo.Context) error {
	access := admitted(c).read
	h.audit(c, domain.AuditSpaceLeft, by(access.User()), aboutSpace(access.Space()))
	c.Set(admissionName, nil) // the next page is about their own
	h.setNotice(c, noticeSpaceLeft, access.Space())
	return h.redirect(c, h.base.Spaces())
}

func (h spacesHandler) leave(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	access := admitted(c).read
	err := h.memberships.Leave(c.Request().Context(), access, h.session(c))
	if errors.Is(err, domain.Conflict) {
		return h.showConflict(c, access, err)
	}
	if err != nil {
		return err
	}
	return h.left(c)
}

// close has the space of a request go.
func (h spacesHandler) close(c echo.Context, access domain.SpaceAccess) error {
	if err := h.memberships.Close(c.Request().Context(), access); err != nil {
		return err
	}
	h.audit(c, domain.AuditSpaceClosed, by(access.User()), aboutSpace(access.Space()))
	c.Set(admissionName, nil) // nobody is in it any more
	h.setNotice(c, noticeSpaceClosed, access.Space())
	return h.redirect(c, h.base.Spaces())
}

// keep has a space stay that was to go.
func (h spacesHandler) keep(c echo.Context, _ domain.WriteAccess) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	id, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return domain.ErrSpaceNotFound
	}
	actor := admitted(c).actor
	if err := h.memberships.Open(c.Request().Context(), actor, h.session(c), id); err != nil {
		return err
	}
	h.audit(c, domain.AuditSpaceOpened, by(actor.User), aboutSpace(id))
	return h.redirect(c, h.base.InSpace(string(id)).Members())
}
