package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"octavo/domain"
)

// adminRoutes are all routes for admins, with {person} and {invitation} for ids.
var adminRoutes = []struct {
	method, path string
	status       int // for an admin
}{
	{"GET", "/settings/people", 200},
	{"POST", "/settings/people/invite", 200},
	{"POST", "/settings/people/invitations/{invitation}/withdraw", 303},
	{"POST", "/settings/people/{person}/recover", 200},
	{"POST", "/settings/people/{person}/admin", 303},
	{"POST", "/settings/people/{person}/member", 303},
	{"POST", "/settings/people/{person}/disable", 303},
	{"POST", "/settings/people/{person}/enable", 303},
	{"POST", "/settings/people/{person}/remove", 303},
}

// person is somebody who has been invited and has joined.
type person struct {
	id     domain.ID
	cookie option // of their session
}

// invite has the owner invite somebody, and returns the path of the link.
func (s *site) invite(role string) string {
	s.t.Helper()
	return s.sent(s.post("/settings/people/invite", "role", role))
}

// sent returns the path of the link that a page shows to be sent.
func (s *site) sent(page answer) string {
	s.t.Helper()
	link, err := url.Parse(page.wantStatus(http.StatusOK).attr("#link", "value"))
	if err != nil || link.Host != testHost {
		s.t.Fatalf("%v, %v", link, err)
	}
	return link.RequestURI()
}

// join has somebody who has been invited choose a name, and words for a password.
func (s *site) join(name, role string) person {
	s.t.Helper()
	joined := s.accept(s.invite(role), "name", name, "password", words).wantRedirect("/notes")
	u, err := s.store.Users().ByLogin(s.t.Context(), domain.LoginOf(name))
	if err != nil {
		s.t.Fatal(err)
	}
	return person{u.ID, header("Cookie", joined.Cookies()[0].String())}
}

// accept sends the form of the page that a link leads to.
func (s *site) accept(link string, fields ...string) answer {
	s.t.Helper()
	key := s.get(link, nobody).wantStatus(http.StatusOK).attr("[name=key]", "value")
	return s.postWith("/invitation", []option{nobody}, append(fields, "key", key)...)
}

func TestWhatAdminsDoIsDoneByAdminsWithABrowserAlone(t *testing.T) {
	for _, route := range adminRoutes {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			s := newSite(t)
			admin, member, bo := s.join("Ada", "admin"), s.join("Cy", "member"), s.join("Bo", "member")
			s.invite("member")
			open, err := s.store.Invitations().List(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			path := strings.NewReplacer("{person}", string(bo.id), "{invitation}", string(open[0].ID)).Replace(route.path)
			ask := func(path string, status int, options ...option) {
				t.Helper()
				s.do(route.method, path, formType, "", options...).wantStatus(status)
			}
			ask(path, http.StatusUnauthorized, nobody)
			ask(path, http.StatusForbidden, nobody, header("Authorization", "Bearer "+s.key))
			for _, scope := range domain.AllScopes() {
				secret, _ := s.token(scope)
				ask(path, http.StatusForbidden, nobody, byToken(secret))
			}
			ask(path, http.StatusForbidden, member.cookie)
			if path != route.path {
				for _, id := range []string{string(domain.NewID()), "x"} {
					unknown := strings.NewReplacer("{person}", id, "{invitation}", id).Replace(route.path)
					ask(unknown, http.StatusForbidden, member.cookie)
					ask(unknown, http.StatusNotFound, admin.cookie)
				}
			}
			ask(path, route.status, admin.cookie)
			s.post("/settings/people/" + string(admin.id) + "/member").wantRedirect("/settings/people")
			ask(path, http.StatusForbidden, admin.cookie)
			s.post("/settings/people/" + string(admin.id) + "/disable").wantRedirect("/settings/people")
			ask(path, http.StatusUnauthorized, admin.cookie)
		})
	}
}

func TestWhoIsInvitedComesInAndSeesNothingOfOthers(t *testing.T) {
	s := newSite(t)
	note := s.note("Secret plan", "of the owner")
	link := s.invite("member")
	if page := s.get("/settings/people"); strings.Contains(page.body, link) || page.text(".setting .hint") == "" {
		t.Error("the link is shown again")
	}
	welcome := s.get(link, nobody)
	wantEqual(t, welcome.text("h1"), "Welcome to Octavo")
	taken := s.accept(link, "name", "", "password", "short").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, taken.text("#name-error"), "Enter a name")
	wantEqual(t, taken.text("#password-error"), "Use at least 8 characters")

	bo := s.accept(link, "name", "Bo", "password", words).wantRedirect("/notes")
	cookie := header("Cookie", bo.Cookies()[0].String())
	if list := s.get("/notes", cookie).wantStatus(http.StatusOK); strings.Contains(list.body, "Secret plan") {
		t.Error("a new member sees the owner's notes")
	}
	s.get("/notes/"+string(note.ID), cookie).wantStatus(http.StatusNotFound)
	if settings := s.get("/settings", cookie).wantStatus(http.StatusOK); strings.Contains(settings.body, "/settings/people") {
		t.Error("a member is offered what admins do")
	}
	for range 2 {
		gone := s.get(link, nobody).wantStatus(http.StatusNotFound)
		never := s.get("/invitation?key="+domain.NewToken(), nobody).wantStatus(http.StatusNotFound)
		wantEqual(t, gone.text("main"), never.text("main"))
	}
	s.postWith("/invitation", []option{nobody}, "name", "Cy", "password", words).wantStatus(http.StatusNotFound)
	s.postWith("/login", []option{nobody}, "name", "bo", "password", words).wantRedirect("/notes")
}

func TestALinkLetsSomebodyChooseAnotherPassword(t *testing.T) {
	s := newSite(t)
	bo := s.join("Bo", "member")
	page := s.post("/settings/people/" + string(bo.id) + "/recover")
	wantEqual(t, page.text("#link-title"), "Password link for Bo")
	link := s.sent(page)
	if lead := s.get(link, nobody).text(".lead"); !strings.Contains(lead, "Bo") {
		t.Errorf("%q", lead)
	}
	s.accept(link, "password", "battery staple").wantRedirect("/notes")
	s.get("/notes", bo.cookie).wantStatus(http.StatusUnauthorized)
	s.postWith("/login", []option{nobody}, "name", "bo", "password", words).wantStatus(http.StatusUnauthorized)
	s.postWith("/login", []option{nobody}, "name", "bo", "password", "battery staple").wantRedirect("/notes")
	s.get(link, nobody).wantStatus(http.StatusNotFound)
}

func TestTheOwnersAccountAndOnesOwnAreNotOffered(t *testing.T) {
	s := newSite(t)
	admin := s.join("Ada", "admin")
	for _, by := range []option{admin.cookie, func(*http.Request) {}} {
		page := s.get("/settings/people", by).wantStatus(http.StatusOK)
		wantEqual(t, page.page().Find("form[action*='"+string(domain.OwnerID)+"']").Length(), 0)
	}
	own := s.get("/settings/people", admin.cookie)
	wantEqual(t, own.page().Find("form[action*='"+string(admin.id)+"']").Length(), 0)
	s.do("POST", "/settings/people/"+string(domain.OwnerID)+"/disable", formType, "", admin.cookie).wantStatus(http.StatusConflict)
	s.do("POST", "/settings/people/"+string(admin.id)+"/disable", formType, "", admin.cookie).wantStatus(http.StatusConflict)
}

func TestNoLinkOfAnInvitationIsLogged(t *testing.T) {
	s := newSite(t)
	link := s.invite("admin")
	key := strings.TrimPrefix(link, "/invitation?key=")
	s.accept(link, "name", "Bo", "password", words).wantRedirect("/notes")
	s.get(link, nobody).wantStatus(http.StatusNotFound)
	if logged := s.log.String(); strings.Contains(logged, key) || strings.Contains(logged, words) || !strings.Contains(logged, "event=joined") {
		t.Errorf("%s", logged)
	}
}

func TestNoBrowserKeepsALinkOfAnInvitation(t *testing.T) {
	s := newSite(t)
	link := s.invite("member")
	bo := s.join("Bo", "member")
	for name, page := range map[string]answer{
		"the page that shows it": s.post("/settings/people/invite", "role", "member"),
		"one for a password":     s.post("/settings/people/" + string(bo.id) + "/recover"),
		"the page that it opens": s.get(link, nobody),
		"the form, once more":    s.accept(link, "name", "", "password", "short"),
	} {
		t.Log(name)
		page.wantHeader("Cache-Control", "no-store").wantHeader("ETag", "")
	}
}

func TestAnInvitationIsTakenByAShortForm(t *testing.T) {
	s := newSite(t)
	key := strings.TrimPrefix(s.invite("member"), "/invitation?key=")
	long := strings.Repeat("x", 20<<10)
	s.postWith("/invitation", []option{nobody}, "key", key, "name", "Bo", "password", long).wantStatus(http.StatusRequestEntityTooLarge)
}

func TestWhoAcceptsAnInvitationJoinsItsSpaces(t *testing.T) {
	s := newSharing(t)
	team, gone := s.newSpace("Team", domain.OwnerID), s.newSpace("Lost", domain.OwnerID)
	bo := s.person("Bo")
	if err := s.store.Spaces().SetMember(t.Context(), gone, bo.id, domain.RoleOwner, s.clock.Now()); err != nil {
		t.Fatal(err)
	}
	foreign := s.newSpace("Bo's", bo.id)
	page := s.get("/settings/people").wantStatus(http.StatusOK)
	wantEqual(t, page.page().Find("select[name=join]").Length(), 3)

	never := s.post("/settings/people/invite", "role", "member", "join", string(domain.NewID())+" reader").wantStatus(http.StatusNotFound)
	wantSame(t, s.post("/settings/people/invite", "role", "member", "join", string(foreign)+" reader").wantStatus(http.StatusNotFound), never)
	s.post("/settings/people/invite", "role", "member", "join", string(team)+" god").wantStatus(http.StatusUnprocessableEntity)

	made := s.do(http.MethodPost, "/settings/people/invite", formType, url.Values{
		"role": {"member"}, "join": {string(s.space) + " contributor", string(team) + " owner", "", string(gone) + " reader"},
	}.Encode())
	link := s.sent(made)
	listed := s.get("/settings/people").page().Find("#invitations-title ~ ul").Text()
	for _, joins := range []string{"Joins The family: Contributor.", "Joins Team: Owner.", "Joins Lost: Reader."} {
		if !strings.Contains(listed, joins) {
			t.Errorf("it doesn't say %q:\n%s", joins, listed)
		}
	}
	if err := s.store.Spaces().RemoveMember(t.Context(), gone, domain.OwnerID); err != nil { // a right lost meanwhile
		t.Fatal(err)
	}
	s.accept(link, "name", "Ada", "password", "123").wantStatus(http.StatusUnprocessableEntity)
	s.accept(link, "name", "Ada", "password", words).wantRedirect("/notes")
	ada, err := s.store.Users().ByLogin(t.Context(), domain.LoginOf("Ada"))
	if err != nil {
		t.Fatal(err)
	}
	shared, err := s.store.Spaces().SharedBy(t.Context(), ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	roles := map[domain.ID]domain.Role{}
	for _, space := range shared {
		roles[space.ID] = space.Role
	}
	if len(roles) != 2 || roles[s.space] != domain.RoleContributor || roles[team] != domain.RoleOwner {
		t.Errorf("they are in %v", roles)
	}
	added := 0
	for _, e := range s.events(1) {
		if e.Action == domain.AuditMemberAdded && e.To == ada.ID && e.User == domain.OwnerID {
			added++
		}
	}
	wantEqual(t, added, 2)
}

func TestAnAdminIsNotToldTheNamesOfSpacesThatTheyAreNotIn(t *testing.T) {
	s := newSharing(t)
	ada := s.join("Ada", "admin")
	s.sent(s.post("/settings/people/invite", "role", "member", "join", string(s.space)+" reader"))
	page := s.get("/settings/people", ada.cookie).wantStatus(http.StatusOK)
	if strings.Contains(page.body, "The family") || !strings.Contains(page.body, "Joins 1 space you aren’t in.") {
		t.Errorf("got %s", page.text("#invitations-title ~ ul"))
	}
	wantEqual(t, page.page().Find("select[name=join]").Length(), 0)
}
