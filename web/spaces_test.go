package web_test

import (
	imagepng "image/png"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"octavo/app"
	"octavo/domain"
	"octavo/web"
)

// spaceRoutes are all routes of a shared space that are about who is in it, with {member} for the id of one.
var spaceRoutes = []struct {
	method, path, body string
	status             int // for an owner
}{
	{"GET", "/settings", "", 200},
	{"POST", "/settings/name", "name=Home", 303},
	{"POST", "/settings/members", "name=nobody&role=reader", 422},
	{"POST", "/settings/members/role", "user={member}&role=editor", 303},
	{"POST", "/settings/members/remove", "user={member}", 303},
	{"POST", "/settings/leave", "", 409},
	{"POST", "/settings/delete", "", 303},
	{"GET", "/settings/log", "", 200},
}

// needed are the roles that somebody needs at least for what isn't reading, or isn't done by editors.
var needed = map[string]domain.Role{
	"GET /settings/shares": editing, "GET /notes/{note}/share": editing, "GET /notes/{note}/move": editing, "GET /tags/{tag}/share": editing,
	"GET /notes/new": adding, "GET /drafts": adding, "POST /notes": adding, "POST /notes/attach": adding, "POST /notes/{note}/attach": adding,
	"POST /notes/{note}/append": adding, "POST /notes/{note}/tasks": adding, "POST /notes/{note}/tasks/1": adding,
	"POST /drafts/" + someKey: adding, "POST /drafts/{draft}/discard": adding, "POST /drafts/" + someKey + "/cancel": adding,
	"POST /notes/{note}/unpin": adding, "POST /notes/{note}/unarchive": adding, "POST /notes/{note}/restore": adding, // as it is already
	"POST /drafts/discard": adding, "POST /drafts/restore/1": adding, "POST /preview": adding, "POST /files": adding,

	"GET /notes/{note}/edit": editing, "GET /tags/{tag}/rename": editing,
}

const (
	adding  = domain.RoleContributor
	editing = domain.RoleEditor
)

// sharing is a space of the owner's.
type sharing struct {
	*site
	space domain.ID
	base  string // of its paths
}

func newSharing(t *testing.T, configure ...func(*web.Config)) *sharing {
	t.Helper()
	s := &sharing{site: newSite(t, configure...)}
	s.space = s.newSpace("The family", domain.OwnerID)
	s.base = "/spaces/" + string(s.space)
	return s
}

func (s *sharing) newSpace(name string, owner domain.ID) domain.ID {
	s.t.Helper()
	space := domain.Space{ID: domain.NewID(), Name: name, Created: s.clock.Now()}
	if err := s.store.Spaces().Add(s.t.Context(), space, owner); err != nil {
		s.t.Fatal(err)
	}
	return space.ID
}

// person adds somebody who has signed in, and returns who that is.
func (s *sharing) person(name string) person {
	s.t.Helper()
	u := domain.User{ID: domain.NewID(), Name: name, Created: s.clock.Now()}
	session, token := domain.NewSession(u.ID, "", s.clock.Now())
	for _, err := range []error{s.store.Users().Add(s.t.Context(), u), s.store.Sessions().Add(s.t.Context(), session)} {
		if err != nil {
			s.t.Fatal(err)
		}
	}
	return person{u.ID, header("Cookie", sessionCookie+"="+token)}
}

// give gives somebody a role in the space, "" for none.
func (s *sharing) give(p person, role domain.Role) {
	s.t.Helper()
	change := func() error { return s.store.Spaces().SetMember(s.t.Context(), s.space, p.id, role, s.clock.Now()) }
	if role == "" {
		change = func() error { return s.store.Spaces().RemoveMember(s.t.Context(), s.space, p.id) }
	}
	err := change()
	if err != nil {
		s.t.Fatal(err)
	}
}

// in returns the right of somebody to change what is in the space.
func (s *sharing) in(user domain.ID) domain.WriteAccess {
	s.t.Helper()
	access, err := s.app.Spaces().Write(s.t.Context(), domain.Actor{User: user}, s.space)
	if err != nil {
		s.t.Fatal(err)
	}
	return access
}

// shared stores a note in the space and returns its path.
func (s *sharing) shared(title, content string) string {
	s.t.Helper()
	n, err := s.notes.Create(s.t.Context(), s.in(domain.OwnerID), domain.NoteDraft{Title: title, Content: content})
	if err != nil {
		s.t.Fatal(err)
	}
	s.clock.advance(time.Second)
	return s.base + noteURL(n)
}

// inSpaces are those of the routes that lead to what is in a space.
func inSpaces(t *testing.T) (list []string) {
	t.Helper()
	there := map[string]bool{}
	for _, route := range web.Routes() {
		there[route] = true
	}
	for _, r := range routes {
		method, path, _ := strings.Cut(routeName(r.method, r.path), " ")
		if there[method+" /spaces/:space"+path] {
			list = append(list, r.method+" "+r.path)
		}
	}
	if len(list) < 45 {
		t.Fatalf("only %d routes lead to what is in a space", len(list))
	}
	return list
}

func TestEachRoleIsAnsweredAsItMayBeAndNobodyElse(t *testing.T) {
	known := inSpaces(t)
	for _, route := range routes {
		name := route.method + " " + route.path
		if !slices.Contains(known, name) {
			continue
		}
		least := needed[name]
		if least == "" && route.method == "POST" {
			least = editing
		}
		t.Run(name, func(t *testing.T) {
			for _, role := range append(domain.AllRoles(), "") {
				s := newSharing(t)
				p := s.person("Bo")
				s.give(p, domain.RoleEditor)
				own := ids(s.site, s.in(p.id), false)
				s.give(p, role)
				path := s.base + route.path
				ask := func(status int, path string, ids *strings.Replacer, options ...option) answer {
					t.Helper()
					return s.ask(route.method, path, route.body, ids, options...).wantStatus(status)
				}
				ask(http.StatusUnauthorized, path, own, nobody)
				for _, scope := range domain.AllScopes() {
					secret, _ := s.token(scope)
					ask(http.StatusNotFound, path, own, nobody, byToken(secret))
				}
				status := route.status
				may := slices.Index(domain.AllRoles(), role) <= slices.Index(domain.AllRoles(), least)
				switch {
				case role == "":
					status = http.StatusNotFound
				case name == "POST /notes/{note}" && role == adding:
					status = http.StatusForbidden // which depends on what is sent
				case least != "" && !may:
					status = http.StatusForbidden
				}
				got := ask(status, path, own, p.cookie)
				if to := got.Header.Get("Location"); to != "" && !strings.HasPrefix(to, s.base+"/") && !strings.HasPrefix(to, "/static/") {
					t.Errorf("as %s it leads out of the space, to %s", role, to)
				}
				if role == "" {
					never := ask(status, "/spaces/"+string(domain.NewID())+route.path, own, p.cookie)
					wantSame(t, got, never)
					wantSame(t, got, ask(status, "/spaces/x"+route.path, own, p.cookie))
					wantSame(t, got, ask(status, "/spaces/"+string(p.id)+route.path, own, p.cookie))
				}
				if role == domain.RoleOwner && placeholder.MatchString(route.path+route.body) {
					elsewhere := ids(s.site, s.owner, false) // of somebody else's own space
					ask(http.StatusNotFound, path, elsewhere, p.cookie)
				}
			}
		})
	}
}

// withoutDraft leaves out by what key a form keeps what is typed, which is another one each time.
func withoutDraft(html string) string { return key.ReplaceAllString(html, "") }

var key = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// wantSame checks that two answers are the same, but for when and how they are logged.
func wantSame(t *testing.T, got, want answer) {
	t.Helper()
	if withoutDraft(got.body) != withoutDraft(want.body) || got.StatusCode != want.StatusCode {
		t.Errorf("they differ:\n%d %s\n%d %s", got.StatusCode, got.body, want.StatusCode, want.body)
	}
	for name := range maps.Keys(want.Header) {
		if name != "X-Request-Id" && !slices.Equal(got.Header[name], want.Header[name]) {
			t.Errorf("%s is %q instead of %q", name, got.Header[name], want.Header[name])
		}
	}
}

func TestWhoIsInASpaceIsSaidByItsOwnersWithABrowserAlone(t *testing.T) {
	for _, route := range spaceRoutes {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			for _, role := range append(domain.AllRoles(), "") {
				s := newSharing(t)
				cy, bo := s.person("Cy"), s.person("Bo")
				s.give(cy, domain.RoleReader)
				s.give(bo, role)
				body := strings.ReplaceAll(route.body, "{member}", string(cy.id))
				ask := func(status int, path string, options ...option) answer {
					t.Helper()
					return s.do(route.method, path+route.path, formType, body, options...).wantStatus(status)
				}
				ask(http.StatusUnauthorized, s.base, nobody)
				secret, _ := s.token(domain.ScopeAdmin)
				ask(http.StatusNotFound, s.base, nobody, byToken(secret))
				forOwners := route.method == "POST" || route.path == "/settings/log"
				if forOwners {
					ask(http.StatusForbidden, s.base, nobody, byToken(s.key))
				}
				status := route.status
				leaves := strings.HasSuffix(route.path, "/leave")
				switch {
				case role == "":
					status = http.StatusNotFound
				case leaves:
					status = http.StatusSeeOther
				case forOwners && role != domain.RoleOwner:
					status = http.StatusForbidden
				}
				got := ask(status, s.base, bo.cookie)
				if role == "" {
					wantSame(t, got, ask(status, "/spaces/"+string(domain.NewID()), bo.cookie))
					wantSame(t, got, ask(status, "/spaces/"+string(bo.id), bo.cookie))
				}
				if leaves && role != "" {
					ask(http.StatusNotFound, s.base, bo.cookie)
				}
			}
			s := newSharing(t)
			if strings.HasSuffix(route.path, "/leave") {
				s.post(s.base + route.path).wantStatus(http.StatusConflict) // the only owner
			}
		})
	}
}

// Every address on every page of a space leads to what is in it, or to what is about the person who looks.
func TestNothingLeadsOutOfASpaceUnawares(t *testing.T) {
	s := newSharing(t, func(c *web.Config) { c.BaseURL.Path = "/octavo" })
	within := "/octavo" + s.base
	in := s.in(domain.OwnerID)
	first, err := s.notes.Create(t.Context(), in, domain.NoteDraft{Title: "Tea", Content: "to [[Coffee]] and [[Missing]]\n- [ ] buy #drinks/hot"})
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.app.Files().Upload(t.Context(), in, "a.png", "image/png", strings.NewReader(pictured(t, imagepng.Encode)))
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.notes.Create(t.Context(), in, domain.NoteDraft{Title: "Coffee", Content: f.Markdown() + "\n\nback to [[Tea]]"})
	if err != nil {
		t.Fatal(err)
	}
	trashed, err := s.notes.Create(t.Context(), in, domain.NoteDraft{Title: "Gone"})
	if err == nil {
		_, _, err = s.notes.Trash(t.Context(), in, trashed.ID, nil)
	}
	if err == nil {
		_, err = s.app.Editing().Update(t.Context(), in, first.ID, nil, domain.NoteDraft{Title: "Tea", Content: first.Content + "\nmore"})
	}
	if err == nil {
		_, err = s.app.Search().Save(t.Context(), in, "all tea", "tea")
	}
	for _, note := range []domain.ID{"", second.ID} {
		if err == nil {
			d := domain.Draft{Key: domain.NewID(), Note: note, Base: 1, NoteDraft: domain.NoteDraft{Content: "typed"}}
			_, err = s.app.Drafts().Keep(t.Context(), in, d, app.Continued{})
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	about := []string{ // the person, or the program
		"/octavo/settings", "/octavo/settings/spaces", "/octavo/docs", "/octavo/logout", "/octavo/notes",
	}
	seen, queue := map[string]bool{}, []string{within + "/notes", within + "/search?q=tea", within + "/notes?select=1"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] {
			continue
		}
		seen[path] = true
		page := s.get(path)
		if page.StatusCode == http.StatusSeeOther || page.StatusCode == http.StatusFound {
			if to := page.Header.Get("Location"); !strings.HasPrefix(to, within+"/") && !strings.HasPrefix(to, "/octavo/static/") {
				t.Errorf("%s leads to %s", path, to)
			}
			continue
		}
		page.wantStatus(http.StatusOK)
		if !strings.HasPrefix(page.Header.Get("Content-Type"), "text/html") {
			continue
		}
		if base := page.attr("html", "data-base"); base != within {
			t.Errorf("scripts of %s ask below %s", path, base)
		}
		if name := page.text(".spaces summary bdi"); name != "The family" {
			t.Errorf("%s is of the space %s", path, name)
		}
		for _, attr := range []string{"href", "src", "action", "formaction", "hx-get", "hx-post", "data-complete"} {
			page.page().Find("[" + attr + "]").Each(func(_ int, e *goquery.Selection) {
				address, err := url.Parse(e.AttrOr(attr, ""))
				if err != nil || address.Path == "" || address.IsAbs() {
					return
				}
				switch {
				case strings.HasPrefix(address.Path, within+"/"):
					if attr == "href" || attr == "src" || attr == "hx-get" {
						address.Fragment = ""
						queue = append(queue, address.String())
					}
				case strings.HasPrefix(address.Path, "/octavo/static/"), slices.Contains(about, address.Path):
				default:
					t.Errorf("on %s, %s=%q leads out of the space", path, attr, address)
				}
			})
		}
	}
	for _, path := range []string{
		"/notes", "/notes/" + string(first.ID), "/notes/" + string(first.ID) + "/edit", "/notes/" + string(second.ID) + "/backlinks",
		"/notes/" + string(first.ID) + "/history", "/notes/" + string(first.ID) + "/history/1", "/notes/" + string(trashed.ID), "/notes/new?title=Missing",
		"/notes?view=trash", "/search", "/tags", "/tags/drinks/rename", "/drafts", "/settings", "/files/" + string(f.Hash) + "/a.png",
	} {
		if !seen[within+path] {
			t.Errorf("nothing leads to %s", path)
		}
	}
}

func TestPagesOfferWhatARoleMayDo(t *testing.T) {
	s := newSharing(t)
	p := s.person("Bo")
	note := s.shared("Shopping", "- [ ] milk\n\n#food")
	trashed := s.shared("Gone", "text")
	if _, _, err := s.notes.Trash(t.Context(), s.in(domain.OwnerID), domain.ID(trashed[len(trashed)-36:]), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.Search().Save(t.Context(), s.in(domain.OwnerID), "milk", "milk"); err != nil {
		t.Fatal(err)
	}
	pages := []string{
		"/notes", "/notes?tag=food", "/notes?select=1", "/notes?view=trash", strings.TrimPrefix(note, s.base), strings.TrimPrefix(trashed, s.base),
		strings.TrimPrefix(note, s.base) + "/history/1", "/search", "/search?q=milk", "/search?q=milk&select=1", "/tags",
	}
	forms := func(role domain.Role) (actions map[string]bool) {
		s.give(p, role)
		actions = map[string]bool{}
		for _, path := range pages {
			page := s.get(s.base+path, p.cookie).wantStatus(http.StatusOK).page()
			page.Find("[method=post]").Each(func(_ int, e *goquery.Selection) {
				action := strings.TrimPrefix(e.AttrOr("action", ""), s.base)
				actions[strings.ReplaceAll(strings.ReplaceAll(action, strings.TrimPrefix(note, s.base), "{note}"), strings.TrimPrefix(trashed, s.base), "{trashed}")] = true
			})
			page.Find(`a[href$="/notes/new"], a[href$="/edit"], a[href$="/rename"], a[href$="/delete"], a[href*="select="]`).
				Each(func(_ int, e *goquery.Selection) { actions["link"] = true })
		}
		return actions
	}
	wantEqual(t, strings.Join(slices.Sorted(maps.Keys(forms(domain.RoleReader))), " "), "/logout")
	wantEqual(t, strings.Join(slices.Sorted(maps.Keys(forms(domain.RoleContributor))), " "), "/logout /notes link {note}/append {note}/tasks")
	if all := forms(domain.RoleEditor); len(all) < 12 || all["{note}/append"] || !all["{trashed}/purge"] {
		t.Errorf("an editor is offered %v", all)
	}
}

func TestAContributorAddsTextToTheEndOfANote(t *testing.T) {
	s := newSharing(t)
	p := s.person("Bo")
	s.give(p, domain.RoleContributor)
	note := s.shared("Shopping", "milk")
	empty := s.postWith(note+"/append", []option{p.cookie}, "content", " ").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, empty.text("#add-error"), "Write something to add")
	s.postWith(note+"/append", []option{p.cookie}, "content", "and *tea*").wantRedirect(note)
	if text := s.get(note, p.cookie).text(".prose"); text != "milk and tea" {
		t.Errorf("it says %q", text)
	}
	if history := s.get(note + "/history").text(".history"); !strings.Contains(history, "Bo") {
		t.Errorf("the history doesn't say who has: %s", history)
	}
	s.give(p, "")
	if history := s.get(note + "/history").text(".history"); !strings.Contains(history, "Bo") {
		t.Errorf("the history forgets who has left: %s", history)
	}
}

func TestWhatIsSentToAReadersSpaceIsRefusedWithinIt(t *testing.T) {
	s := newSharing(t)
	p := s.person("Bo")
	s.give(p, domain.RoleReader)
	note := s.shared("Shopping", "milk")
	refused := s.postWith(note, []option{p.cookie}, "content", "what I typed", "version", "1").wantStatus(http.StatusForbidden)
	if !strings.Contains(refused.text("main"), "You can read this space, but not change it.") {
		t.Errorf("it says %q", refused.text("main"))
	}
	wantEqual(t, refused.attr("#content", "name"), "content") // with what was typed
	wantEqual(t, refused.attr(".masthead .brand", "href"), s.base+"/notes")
}

func TestWhatWasTypedInASpaceIsSentThereAgainAfterTheSessionHasEnded(t *testing.T) {
	s := newSharing(t)
	note := s.shared("Shopping", "milk")
	got := s.postWith(note, []option{nobody}, "content", "what I typed", "version", "1").wantStatus(http.StatusUnauthorized)
	wantEqual(t, got.attr("#editor", "action"), note)
}

func TestSomebodyWhoIsRemovedIsRefusedByTheNextRequestToAnotherInstance(t *testing.T) {
	var cfg web.Config
	s := newSharing(t, func(c *web.Config) { cfg = *c })
	cfg.Accounts = app.NewAccounts(s.store, s.clock, s.keys())
	other := &site{t: t, handler: web.New(cfg), cookie: s.cookie}
	p := s.person("Bo")
	s.give(p, domain.RoleEditor)
	note := s.shared("Shopping", "milk")
	tag := other.get(note, p.cookie).wantStatus(http.StatusOK).Header.Get("ETag")
	removed := s.post(s.base+"/settings/members/remove", "user", string(p.id)).wantRedirect(s.base + "/settings")
	wantEqual(t, s.after(removed).text(".notice"), "Member removed.")
	other.get(note, p.cookie, header("If-None-Match", tag)).wantStatus(http.StatusNotFound)
	other.postWith(note, []option{p.cookie}, "content", "x", "version", "1").wantStatus(http.StatusNotFound)
	wantEqual(t, other.get("/notes", p.cookie).page().Find(".spaces").Length(), 0)
}

func TestAPageIsSentAgainOnceARoleOrASpaceIsAnother(t *testing.T) {
	s := newSharing(t)
	p := s.person("Bo")
	s.give(p, domain.RoleEditor)
	note := s.shared("Shopping", "milk")
	for _, path := range []string{note, s.base + "/notes", "/notes"} {
		for what, change := range map[string]func(){
			"the role": func() { s.give(p, domain.RoleReader) },
			"the name": func() {
				s.post(s.base+"/settings/name", "name", string(domain.NewID())).wantStatus(http.StatusSeeOther)
			},
			"other space": func() { s.newSpace("Another", p.id) },
		} {
			if what == "the role" && path == "/notes" {
				continue
			}
			s.give(p, domain.RoleEditor)
			tag := s.get(path, p.cookie).wantStatus(http.StatusOK).Header.Get("ETag")
			if unchanged, _ := s.again(path, tag, p.cookie); !unchanged {
				t.Errorf("%s is sent again for nothing", path)
			}
			change()
			if unchanged, _ := s.again(path, tag, p.cookie); unchanged {
				t.Errorf("%s is as it was before %s changed", path, what)
			}
		}
	}
}

func TestANoticeIsShownInItsSpaceAlone(t *testing.T) {
	s := newSharing(t)
	note := s.shared("Shopping", "milk")
	pinned := s.post(note+"/pin", "back", "note").wantRedirect(note).Cookies()[0]
	with := header("Cookie", s.cookie.String()+"; "+pinned.Name+"="+pinned.Value)
	for _, elsewhere := range []string{"/notes", "/spaces/" + string(s.newSpace("Team", domain.OwnerID)) + "/notes"} {
		page := s.get(elsewhere, with)
		if page.page().Find("#notices .notice").Length() > 0 || len(page.Cookies()) > 0 {
			t.Errorf("%s says %q, and sets %v", elsewhere, page.text("#notices"), page.Cookies())
		}
	}
	page := s.get(note, with)
	wantEqual(t, page.text("#notices p"), "Note pinned.")
	wantEqual(t, page.attr("#notices form", "action"), note+"/unpin")
}

func TestASpaceIsMadeAndSharedByNames(t *testing.T) {
	s := newSharing(t)
	bo := s.join("Bo", "member")
	wrong := s.post("/settings/spaces", "name", " ").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, wrong.text("#name-error"), "Enter a name")
	made := s.post("/settings/spaces", "name", "Team").wantStatus(http.StatusSeeOther)
	base := strings.TrimSuffix(made.Header.Get("Location"), "/settings")
	wantEqual(t, s.get(base+"/settings").text("h1"), "Members of Team")

	nobody := s.post(base+"/settings/members", "name", "nobody", "role", "editor").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, nobody.text("#member-error"), "There’s no account with this name")
	wantEqual(t, nobody.attr("#member", "value"), "nobody")
	s.post(base+"/settings/members", "name", "BO", "role", "boss").wantStatus(http.StatusUnprocessableEntity)
	page := s.after(s.post(base+"/settings/members", "name", "BO", "role", "contributor").wantRedirect(base + "/settings"))
	wantEqual(t, page.text(".notice"), "Member added.")
	if list := page.text(".browsers"); !strings.Contains(list, "Bo") || !strings.Contains(list, "Contributor, joined") {
		t.Errorf("there are %s", list)
	}
	again := s.post(base+"/settings/members", "name", "bo", "role", "reader").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, again.text("#member-error"), "They’re already a member")
	wantEqual(t, s.get("/settings/spaces", bo.cookie).text(".browsers"), "TeamContributorMembers")
	wantEqual(t, s.get("/notes", bo.cookie).attr(`.spaces a[href="`+base+`/notes"]`, "dir"), "auto")

	alone := s.post(base + "/settings/leave").wantStatus(http.StatusConflict)
	wantEqual(t, alone.text(".problem"), "A space needs an owner. Make somebody else an owner first.")
	s.post(base+"/settings/members/role", "user", string(bo.id), "role", "boss").wantStatus(http.StatusUnprocessableEntity)
	s.post(base+"/settings/members/role", "user", "x", "role", "owner").wantStatus(http.StatusNotFound)
	s.post(base+"/settings/members/role", "user", string(bo.id), "role", "owner").wantRedirect(base + "/settings")
	left := s.after(s.post(base + "/settings/leave").wantRedirect("/settings/spaces"))
	wantEqual(t, left.text(".notice"), "You’ve left the space.")
	s.get(base + "/notes").wantStatus(http.StatusNotFound)
	wantEqual(t, s.get(base+"/settings", bo.cookie).text(".browsers strong"), "You")
	for _, said := range []string{"Created a space", "Added somebody to a space", "Changed somebody’s role in a space", "Left a space"} {
		if log := s.get("/settings/audit").text("main"); !strings.Contains(log, said) {
			t.Errorf("the audit log lacks %q: %s", said, log)
		}
	}
}

func TestWhoSharesNoSpaceIsShownNone(t *testing.T) {
	s := newSite(t)
	if page := s.get("/notes").page(); page.Find(".spaces").Length() > 0 {
		t.Error("there is a switcher")
	}
	wantEqual(t, s.get("/settings").page().Find(`a[href="/settings/spaces"]`).Length(), 1)
}

func TestAnOwnerWhoRemovesThemselvesHasLeft(t *testing.T) {
	s := newSharing(t)
	bo := s.person("Bo")
	s.give(bo, domain.RoleOwner)
	s.postWith(s.base+"/settings/members/remove", []option{bo.cookie}, "user", string(bo.id)).wantRedirect("/settings/spaces")
	s.get(s.base+"/notes", bo.cookie).wantStatus(http.StatusNotFound)
}
