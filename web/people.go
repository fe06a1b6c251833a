package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// peopleHandler has admins say who has an account.
type peopleHandler struct {
	*server
	people *app.People
}

// InvitationURL returns the link of an invitation with a secret, at the app that is found at base.
func InvitationURL(base *url.URL, secret string) string { return invitationURL(base.String(), secret) }

func invitationURL(base, secret string) string { return views.Base(base).InvitationWith(secret) }

// administer answers a request of an admin, who has signed in with a browser.
type administer func(c echo.Context, access domain.AdminAccess) error

// read and write are what do administers, as handlers of a group.
func (h peopleHandler) read(do administer) reader {
	return func(c echo.Context, _ domain.ReadAccess) error { return h.administered(c, do) }
}

func (h peopleHandler) write(do administer) writer {
	return func(c echo.Context, _ domain.WriteAccess) error { return h.administered(c, do) }
}

func (h peopleHandler) administered(c echo.Context, do administer) error {
	if err := byBrowser(c); err != nil {
		return err
	}
	access, err := h.people.Access(c.Request().Context(), admitted(c).actor, h.session(c))
	if err != nil {
		return err
	}
	return do(c, access)
}

// inviteForm says what somebody new is to be.
type inviteForm struct {
	Role  string   `form:"role"`
	Joins []string `form:"join"` // the spaces that they join, each with a role, or ""
}

func (f inviteForm) joins() (joins []domain.Join) {
	for _, text := range f.Joins {
		if space, role, ok := strings.Cut(text, " "); ok {
			joins = append(joins, domain.Join{Space: domain.ID(space), Role: domain.Role(role)})
		}
	}
	return joins
}

func (h peopleHandler) invite(c echo.Context, access domain.AdminAccess) error {
	form, err := read[inviteForm](c)
	if err != nil {
		return err
	}
	i, secret, err := h.people.Invite(c.Request().Context(), access, form.Role == "admin", form.joins()...)
	if err != nil {
		return err
	}
	about := []slog.Attr{by(access.User()), invitation(i.ID), slog.Bool("admin", i.Admin)}
	if len(i.Joins) > 0 {
		about = append(about, slog.Int("spaces", len(i.Joins)))
	}
	h.audit(c, domain.AuditInvitationMade, about...)
	return h.show(c, access, &i, secret)
}

func (h peopleHandler) recover(c echo.Context, access domain.AdminAccess) error {
	user, err := h.user(c)
	if err != nil {
		return err
	}
	i, secret, err := h.people.Recover(c.Request().Context(), access, user)
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditPasswordLinkMade, by(access.User()), to(user), invitation(i.ID))
	return h.show(c, access, &i, secret)
}

func (h peopleHandler) withdraw(c echo.Context, access domain.AdminAccess) error {
	id, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return domain.ErrNotInvited
	}
	if err := h.people.Withdraw(c.Request().Context(), access, id); err != nil {
		return err
	}
	h.audit(c, domain.AuditInvitationWithdrawn, by(access.User()), invitation(id))
	h.setNotice(c, noticeWithdrawn, id)
	return h.redirect(c, h.base.People())
}

// invitation says which invitation an event is about.
func invitation(id domain.ID) slog.Attr { return slog.String("invitation", string(id)) }

func (h peopleHandler) setAdmin(admin bool) administer {
	what := domain.AuditMadeMember
	if admin {
		what = domain.AuditMadeAdmin
	}
	return h.change(what, func(c echo.Context, access domain.AdminAccess, user domain.ID) (bool, error) {
		return h.people.SetAdmin(c.Request().Context(), access, user, admin)
	})
}

func (h peopleHandler) setDisabled(disabled bool) administer {
	what := domain.AuditEnabled
	if disabled {
		what = domain.AuditDisabled
	}
	return h.change(what, func(c echo.Context, access domain.AdminAccess, user domain.ID) (bool, error) {
		return h.people.SetDisabled(c.Request().Context(), access, user, disabled)
	})
}

// remove has somebody's account go.
func (h peopleHandler) remove() administer {
	return h.change(domain.AuditAccountRemoved, func(c echo.Context, access domain.AdminAccess, user domain.ID) (bool, error) {
		return h.people.Remove(c.Request().Context(), access, user)
	})
}

// change changes what the user of a request may do, which is what happens.
func (h peopleHandler) change(what domain.Code, change func(echo.Context, domain.AdminAccess, domain.ID) (bool, error)) administer {
	return func(c echo.Context, access domain.AdminAccess) error {
		user, err := h.user(c)
		if err != nil {
			return err
		}
		changed, err := change(c, access, user)
		if err != nil {
			return err
		}
		if changed {
			h.audit(c, what, by(access.User()), to(user))
		}
		h.setNotice(c, noticePerson, user)
		return h.redirect(c, h.base.People())
	}
}

// user returns which user a request is about.
func (h peopleHandler) user(c echo.Context) (domain.ID, error) {
	id, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return "", domain.ErrUserNotFound
	}
	return id, nil
}

func (h peopleHandler) list(c echo.Context, access domain.AdminAccess) error {
	return h.show(c, access, nil, "")
}

// show shows everyone, and the link of an invitation that has just been made, if one has.
func (h peopleHandler) show(c echo.Context, access domain.AdminAccess, made *domain.Invitation, secret string) error {
	users, open, err := h.people.List(c.Request().Context(), access)
	if err != nil {
		return err
	}
	t := lang.From(c.Request().Context())
	joins, err := h.joinFields(c, access)
	if err != nil {
		return err
	}
	v := views.People{Joins: joins, Base: h.base, Days: domain.Days(domain.InvitationLife), Stays: domain.Days(domain.FarewellLife)}
	names := make(map[domain.ID]string, len(users))
	for _, u := range users {
		names[u.ID] = u.Name
		p := views.Person{
			ID: string(u.ID), Name: u.Name, Admin: u.Admin, Disabled: u.Disabled, Changeable: access.MayChange(u) == nil,
		}
		if code, ok := standings[u.Standing()]; ok {
			p.Standing = t.Text(code)
		}
		p.Since, p.SinceDateTime = printDate(t, u.Created)
		if !u.Goes.IsZero() {
			p.Goes, p.GoesDateTime = printDate(t, u.Goes)
		}
		v.Users = append(v.Users, p)
	}
	for _, i := range open {
		shown := views.OpenInvitation{ID: string(i.ID), By: names[i.By]}
		switch {
		case i.User != "":
			shown.For = t.Text("people.new_password", "name", names[i.User])
		case i.Admin:
			shown.For = t.Text("people.new_admin")
		default:
			shown.For = t.Text("people.new_member")
		}
		shown.Joins = h.joinsText(c, i.Joins)
		shown.Expires, shown.ExpiresDateTime = printDate(t, i.Expires)
		v.Invitations = append(v.Invitations, shown)
	}
	if made != nil {
		v.Link = &views.SentLink{URL: invitationURL(h.url, secret), For: names[made.User]}
		v.Link.Expires, v.Link.ExpiresDateTime = printDate(t, made.Expires)
	}
	return h.render(c, http.StatusOK, views.PeoplePage(h.page(c, t.Text("page.people"), "settings"), v))
}

// joinFields returns the fields that choose which of the spaces somebody new joins that the admin owns.
func (h peopleHandler) joinFields(c echo.Context, access domain.AdminAccess) (fields []views.JoinField, err error) {
	if admitted(c).beside.Spaces == "" {
		return nil, nil
	}
	owned, err := h.people.Owned(c.Request().Context(), access)
	for _, space := range owned {
		field := views.JoinField{ID: string(space.ID), Name: space.Name}
		for _, role := range domain.AllRoles() {
			field.Roles = append(field.Roles, views.Choice{
				Value: string(space.ID) + " " + string(role), Text: lang.T(c.Request().Context(), roleTexts[role].name),
			})
		}
		fields = append(fields, field)
	}
	return fields, err
}

// joinsText says which spaces somebody new joins, of which an admin who isn't in them isn't told the names.
func (h peopleHandler) joinsText(c echo.Context, joins []domain.Join) string {
	t, spaces, others := lang.From(c.Request().Context()), h.spacesOf(c), 0
	var texts []string
	for _, j := range joins {
		if space, known := spaces[j.Space]; known {
			texts = append(texts, t.Text("people.joins_one", "space", space.name, "role", t.Text(roleTexts[j.Role].name)))
		} else {
			others++
		}
	}
	if others > 0 {
		texts = append(texts, t.Text("people.joins_others", "count", others))
	}
	return strings.Join(texts, " ")
}

// standings are the texts for what users are, if they are more or less than members.
var standings = map[domain.Standing]domain.Code{
	domain.StandingOwner: "people.owner", domain.StandingAdmin: "people.admin", domain.StandingDisabled: "people.disabled",
}

// acceptForm is what somebody who has been invited chooses.
type acceptForm struct {
	Key      string `form:"key"`
	Name     string `form:"name"`
	Password string `form:"password"`
}

// welcome asks somebody who has been invited how they want to sign in.
func (h peopleHandler) welcome(c echo.Context) error {
	return h.showWelcome(c, acceptForm{Key: c.QueryParam("key")}, nil)
}

// accept takes an invitation.
func (h peopleHandler) accept(c echo.Context) error {
	form, err := read[acceptForm](c)
	if err != nil {
		return err
	}
	r := c.Request()
	in, taken, err := h.people.Accept(r.Context(), form.Key, app.Acceptance{
		Name: form.Name, Password: form.Password, Browser: r.UserAgent(), Instead: h.sessionToken(c),
	})
	if errors.Is(err, domain.Invalid) {
		return h.showWelcome(c, form, err)
	}
	if errors.Is(err, domain.ErrNotInvited) {
		h.auditRefusal(c, domain.AuditLinkRefused)
	}
	if err != nil {
		return err
	}
	what := domain.AuditInvitationTaken
	if taken.User != "" {
		what = domain.AuditPasswordSet
	}
	h.audit(c, what, by(in.User), invitation(taken.ID))
	for _, j := range taken.Joins {
		h.audit(c, domain.AuditMemberAdded, by(taken.By), to(in.User), aboutSpace(j.Space), slog.String("role", string(j.Role)))
	}
	h.letIn(c, in, true)
	return h.redirect(c, h.base.Notes())
}

// showWelcome shows the form for an invitation, and what is wrong with what was chosen.
func (h peopleHandler) showWelcome(c echo.Context, form acceptForm, wrong error) error {
	ctx := c.Request().Context()
	user, err := h.people.Invited(ctx, form.Key)
	if errors.Is(err, domain.ErrNotInvited) {
		h.auditRefusal(c, domain.AuditLinkRefused)
	}
	if err != nil {
		return err
	}
	status := http.StatusOK
	if wrong != nil {
		status = http.StatusUnprocessableEntity
	}
	t := lang.From(ctx)
	page := h.page(c, t.Text("page.invitation"), "")
	page.SignedIn = false
	return h.render(c, status, views.InvitationPage(page, views.Invitation{
		Base: h.base, Key: form.Key, Name: cmp.Or(user.Name, form.Name), Known: user.ID != "",
		Shortest: domain.MinPassword, Errors: fieldErrors(t, wrong),
	}))
}
