package web_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/web"
)

func byToken(secret string) option { return header("Authorization", "Bearer "+secret) }

// newToken makes a token on the page, and returns the secret that it shows.
func (s *site) newToken(name, scope string) string {
	s.t.Helper()
	made := s.post("/settings/tokens", "name", name, "scope", scope, "days", "30").wantStatus(http.StatusOK).wantHeader("Cache-Control", "no-store")
	return made.text(".secret code")
}

func TestATokenIsMadeShownOnceUsedAndRevoked(t *testing.T) {
	s := newSite(t)
	s.note("Milk", "text")
	if page := s.get("/settings").wantStatus(http.StatusOK); page.page().Find(`main a[href="/settings/tokens"]`).Length() != 1 {
		t.Error("the settings don't lead to the tokens")
	}
	secret := s.newToken("My <phone>", "notes:read")
	list := s.get("/settings/tokens").wantStatus(http.StatusOK)
	if strings.Contains(list.body, secret) || !strings.Contains(s.get("/notes").body, "Milk") {
		t.Error("the secret is shown again")
	}
	row := list.text(`.browsers li:contains("phone")`)
	for _, want := range []string{"My <phone>", "notes:read", "Created 3 Feb 2026", "Never used.", "Expires 5 Mar 2026"} {
		if !strings.Contains(row, want) {
			t.Errorf("%q isn't in %q", want, row)
		}
	}
	wantEqual(t, list.text(`.browsers li:last-child p`), "API key")

	s.clock.advance(time.Hour)
	s.json(http.MethodGet, "/api/v1/notes", "", byToken(secret)).wantStatus(http.StatusOK)
	if err := s.accounts.StoreTokenUses(t.Context()); err != nil {
		t.Fatal(err)
	}
	list = s.get("/settings/tokens")
	if row := list.text(`.browsers li:contains("phone")`); !strings.Contains(row, "Last used 3 Feb 2026") {
		t.Errorf("got %q", row)
	}
	s.clock.advance(40 * 24 * time.Hour)
	s.cookie = s.get("/open?key="+s.ticket(), nobody).wantRedirect("/notes").Cookies()[0] // the session has ended, too
	list = s.get("/settings/tokens")
	if row := list.text(`.browsers li:contains("phone")`); !strings.Contains(row, "Expired 5 Mar 2026") {
		t.Errorf("got %q", row)
	}
	key := list.attr(".browsers input[name=token]", "value")
	revoked := s.post("/settings/tokens/revoke", "token", key).wantRedirect("/settings/tokens")
	list = s.get("/settings/tokens", header("Cookie", s.cookie.String()+"; "+revoked.Cookies()[0].String()))
	if !strings.Contains(list.body, "Token revoked.") || strings.Contains(list.body, "phone") {
		t.Error("it isn't said that it has been revoked")
	}
	s.post("/settings/tokens/revoke", "token", key).wantStatus(http.StatusNotFound)
}

func TestAFormOfATokenThatIsWrongComesBackAsItWas(t *testing.T) {
	s := newSite(t)
	s.newToken("phone", "files")
	for wrong, fields := range map[string][]string{
		"Enter a name":                         {"name", " ", "scope", "files", "days", "365"},
		"A name can have up to 64 characters":  {"name", strings.Repeat("ع", 65), "scope", "files", "days", "365"},
		"You have a token with this name":      {"name", "Phone", "scope", "files", "days", "365"},
		"There’s no such scope":                {"name", "x", "scope", "everything", "days", "365"},
		"Choose at least one scope":            {"name", "x", "days", "365"},
		"A token can work for up to 3650 days": {"name", "x", "scope", "files", "days", "36500"},
	} {
		page := s.post("/settings/tokens", fields...).wantStatus(http.StatusUnprocessableEntity)
		wantEqual(t, page.text("main .error"), wrong)
		if page.page().Find("[autofocus]").Length() == 0 && !strings.HasPrefix(wrong, "A token") {
			t.Errorf("%s: nothing has the focus", wrong)
		}
		wantEqual(t, page.attr("#name", "value"), fields[1])
		wantEqual(t, page.page().Find(`input[value="files"][checked]`).Length() == 1, strings.Contains(strings.Join(fields, " "), "scope files"))
		if fields[len(fields)-1] == "365" {
			wantEqual(t, page.attr("option[selected]", "value"), "365")
		}
		wantEqual(t, page.page().Find(".secret").Length(), 0)
	}
}

// What is no token any more can't be told from what never was one.
func TestATokenThatOpensNothingIsAnsweredLikeAnyOther(t *testing.T) {
	s := newSite(t)
	expired, _ := s.token(domain.ScopeAdmin)
	s.clock.advance(30 * 24 * time.Hour)
	s.cookie = &http.Cookie{Name: "none"}
	revoked, hash := s.token(domain.ScopeAdmin)
	if err := s.accounts.RevokeToken(t.Context(), domain.Actor{User: domain.OwnerID}, hash); err != nil {
		t.Fatal(err)
	}
	unknown, _ := newSite(t).token(domain.ScopeAdmin)
	for _, target := range []string{"/api/v1/notes", "/api/v1/notes/" + string(domain.NewID()), "/records", "/files/x", "/notes", "/openapi.json"} {
		want := s.json(http.MethodGet, target, "", byToken("none")).wantStatus(http.StatusUnauthorized)
		for _, secret := range []string{expired, revoked, unknown, unknown + "0"} {
			got := s.json(http.MethodGet, target, "", byToken(secret)).wantStatus(http.StatusUnauthorized)
			wantEqual(t, got.body, want.body)
			want.Header.Set("X-Request-Id", got.Header.Get("X-Request-Id"))
			if !maps.EqualFunc(got.Header, want.Header, func(a, b []string) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
				t.Errorf("%s: got %v, want %v", target, got.Header, want.Header)
			}
		}
	}
}

func TestATokenThatAppendsAddsToNotesAndChangesNothingElse(t *testing.T) {
	s := newSite(t)
	n := s.note("List", "- [ ] milk")
	secret, _ := s.token(domain.ScopeNotesAppend)
	put := func(content string) answer {
		t.Helper()
		return s.json(http.MethodPut, "/api/v1/notes/"+string(n.ID), fmt.Sprintf(`{"title":"List","content":%q}`, content),
			byToken(secret), header("If-Match", "*"))
	}
	put("- [x] milk\n- [ ] tea").wantStatus(http.StatusOK)
	var problem struct{ Detail, Type string }
	put("- [ ] tea").wantStatus(http.StatusForbidden).wantHeader("Content-Type", "application/problem+json").decode(&problem)
	wantEqual(t, problem.Detail, "This token doesn’t have the scope notes:write")
	wantEqual(t, problem.Type, "token.lacks")
	wantEqual(t, s.stored(n.ID).Content, "- [x] milk\n- [ ] tea")
}

func TestARoleThatIsTakenAwayNarrowsTheTokenByTheNextRequest(t *testing.T) {
	s := newSite(t)
	space := domain.Space{ID: domain.NewID(), Name: "ours", Created: s.clock.Now()}
	other := s.stranger()
	if err := s.store.Spaces().Add(t.Context(), space, other.User()); err != nil {
		t.Fatal(err)
	}
	token, secret, err := domain.NewAccessToken(domain.Actor{User: domain.OwnerID},
		domain.TokenDraft{Name: "x", Scopes: []domain.Scope{domain.ScopeNotesRead, domain.ScopeNotesAppend}, Space: space.ID}, s.clock.Now())
	if err == nil {
		err = s.store.AccessTokens().Add(t.Context(), token)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		role        domain.Role
		read, write int
	}{
		{domain.RoleEditor, http.StatusOK, http.StatusCreated},
		{domain.RoleReader, http.StatusOK, http.StatusForbidden},
		{"", http.StatusUnauthorized, http.StatusUnauthorized},
	} {
		change := func() error {
			if c.role == "" {
				return s.store.Spaces().RemoveMember(t.Context(), space.ID, domain.OwnerID)
			}
			return s.store.Spaces().SetMember(t.Context(), space.ID, domain.OwnerID, c.role, s.clock.Now())
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		s.json(http.MethodGet, "/api/v1/notes", "", byToken(secret)).wantStatus(c.read)
		s.json(http.MethodPost, "/api/v1/notes", `{"title":"x"}`, byToken(secret)).wantStatus(c.write)
	}
	wantEqual(t, s.titles(domain.Active), "")
}

func TestARevokedTokenIsRefusedByTheNextRequestToAnotherInstance(t *testing.T) {
	s := newSite(t)
	secret, hash := s.token(domain.ScopeNotesRead)
	other := newSite(t, func(c *web.Config) { c.Accounts = app.NewAccounts(s.store, s.clock, s.keys()) })
	other.json(http.MethodGet, "/api/v1/notes", "", byToken(secret)).wantStatus(http.StatusOK)
	s.post("/settings/tokens/revoke", "token", string(hash)).wantRedirect("/settings/tokens")
	other.json(http.MethodGet, "/api/v1/notes", "", byToken(secret)).wantStatus(http.StatusUnauthorized)
}

func TestNoSecretOfATokenIsLogged(t *testing.T) {
	s := newSite(t)
	secret := s.newToken("canary", "notes:read")
	s.json(http.MethodGet, "/api/v1/notes", "", byToken(secret)).wantStatus(http.StatusOK)
	s.json(http.MethodGet, "/records", "", byToken(secret)).wantStatus(http.StatusForbidden)
	s.get("/notes?q="+secret, byToken(secret)).wantStatus(http.StatusForbidden)
	key := s.get("/settings/tokens").attr(".browsers input[name=token]", "value")
	s.post("/settings/tokens/revoke", "token", key)
	s.json(http.MethodGet, "/records", "", byToken(secret)).wantStatus(http.StatusUnauthorized)
	s.json(http.MethodGet, "/records", "", byToken(secret+"0")).wantStatus(http.StatusUnauthorized)
	for _, canary := range []string{secret, secret[5:35], key, "canary"} {
		if strings.Contains(s.log.String(), canary) {
			t.Errorf("%s is logged:\n%s", canary, s.log)
		}
	}
	for _, event := range []string{"token_made", "token_revoked", "wrong_token", "wrong_key"} {
		if !strings.Contains(s.log.String(), "event="+event+" ") {
			t.Errorf("%q isn't logged:\n%s", event, s.log)
		}
	}
}

func TestATokenIsTakenFromItsHeaderAlone(t *testing.T) {
	s := newSite(t)
	secret, _ := s.token(domain.ScopeAdmin)
	for _, options := range [][]option{
		{header("Cookie", sessionCookie+"="+secret)},
		{nobody, header("Authorization", "Basic "+secret)},
		{nobody, header("Authorization", secret)},
	} {
		s.get("/api/v1/notes?key="+secret+"&access_token="+secret, options...).wantStatus(http.StatusUnauthorized)
	}
}

func TestATokenForASpaceOpensThatSpaceAloneAndEndsWithTheMembership(t *testing.T) {
	s := newSharing(t)
	bo := s.join("Bo", "member")
	s.give(bo, domain.RoleContributor)
	s.shared("Theirs", "for all")
	form := s.get("/settings/tokens", bo.cookie).wantStatus(http.StatusOK)
	wantEqual(t, form.attr("#space option:last-child", "value"), string(s.space))
	make := func(scope string) answer {
		return s.postWith("/settings/tokens", []option{bo.cookie}, "name", scope, "scope", scope, "days", "30", "space", string(s.space))
	}
	make("admin").wantStatus(http.StatusUnprocessableEntity)
	made := make("notes:append").wantStatus(http.StatusOK)
	wantEqual(t, made.text(".browsers .hint"), "In The family.")
	adds := byToken(made.text(".secret code"))
	reads := byToken(make("notes:read").text(".secret code"))
	files := byToken(make("files").text(".secret code"))

	s.json(http.MethodPost, "/api/v1/notes", `{"title":"Added"}`, adds).wantStatus(http.StatusCreated)
	var list []struct{ Title string }
	s.json(http.MethodGet, "/api/v1/notes", "", reads).wantStatus(http.StatusOK).decode(&list)
	if len(list) != 2 || list[0].Title != "Added" || list[1].Title != "Theirs" {
		t.Errorf("it reads %v", list)
	}
	contentType, body := multipartForm(t, "file", "a.txt", "text")
	var file struct{ URL string }
	s.do(http.MethodPost, "/files", contentType, body, nobody, files).wantStatus(http.StatusCreated).decode(&file)
	if !strings.HasPrefix(file.URL, s.base+"/files/") {
		t.Errorf("the file is at %s", file.URL)
	}
	s.get(file.URL, nobody, files).wantStatus(http.StatusOK)
	own := s.newSpace("Of Bo", bo.id)
	s.get(strings.Replace(file.URL, string(s.space), string(own), 1), nobody, files).wantStatus(http.StatusNotFound)
	s.get("/notes", nobody, reads).wantStatus(http.StatusForbidden)

	s.post(s.base+"/settings/members/remove", "user", string(bo.id)).wantStatus(http.StatusSeeOther)
	s.json(http.MethodGet, "/api/v1/notes", "", reads).wantStatus(http.StatusUnauthorized)
	s.give(bo, domain.RoleContributor)
	s.json(http.MethodGet, "/api/v1/notes", "", reads).wantStatus(http.StatusUnauthorized)
	s.postWith("/settings/tokens", []option{bo.cookie}, "name", "x", "scope", "files", "days", "30", "space", string(domain.NewID())).wantStatus(http.StatusNotFound)
}

func TestATokenForATagSeesAndKeepsNoOtherNotes(t *testing.T) {
	s := newSite(t)
	inside, nested := s.note("Inside", "tea for #home"), s.note("Nested", "tea #Home/kitchen")
	outside, near := s.note("Outside", "tea #work"), s.note("Near", "tea #homes")
	make := func(scope string) answer {
		return s.post("/settings/tokens", "name", scope, "scope", scope, "days", "30", "tag", "#Home")
	}
	wantEqual(t, make("records").wantStatus(http.StatusUnprocessableEntity).text("#tag-error"), "With a tag, only the scopes of notes can be chosen")
	made := make("notes:write").wantStatus(http.StatusOK)
	wantEqual(t, made.text(".browsers .hint"), "Only notes with #Home.")
	secret := byToken(made.text(".secret code"))
	reads := byToken(make("notes:read").text(".secret code"))

	ask := func(method, path, body string, status int) answer {
		t.Helper()
		return s.json(method, "/api/v1/notes"+path, body, secret, header("If-Match", "*")).wantStatus(status)
	}
	titles := func(query string) string {
		t.Helper()
		var list []struct{ Title string }
		s.json(http.MethodGet, "/api/v1/notes"+query, "", reads).wantStatus(http.StatusOK).decode(&list)
		var all []string
		for _, n := range list {
			all = append(all, n.Title)
		}
		return strings.Join(all, ", ")
	}
	for query, want := range map[string]string{
		"": "Nested, Inside", "?sort=title": "Inside, Nested", "?tag=home": "Nested, Inside", "?tag=home/kitchen": "Nested", "?tag=work": "", "?tag=homes": "",
		"?q=tea": "Nested, Inside", "?q=tag:work": "", "?q=title:outside": "", "?q=-tag:home": "", "?view=archived": "", "?q=tea&limit=1": "Nested",
	} {
		wantEqual(t, query+": "+titles(query), query+": "+want)
	}
	for _, id := range []domain.ID{outside.ID, near.ID, domain.NewID()} {
		path := "/" + string(id)
		gone := s.json(http.MethodGet, "/api/v1/notes/"+string(domain.NewID()), "", reads)
		wantSame(t, s.json(http.MethodGet, "/api/v1/notes"+path, "", reads).wantStatus(http.StatusNotFound), gone)
		s.json(http.MethodGet, "/api/v1/notes"+path, "", reads, header("If-None-Match", `"1"`)).wantStatus(http.StatusNotFound)
		ask(http.MethodPut, path, `{"title":"Outside","content":"tea","tags":["work"]}`, http.StatusNotFound)
		ask(http.MethodDelete, path, "", http.StatusNotFound)
	}
	for _, n := range []domain.Note{inside, nested} {
		ask(http.MethodPut, "/"+string(n.ID), `{"title":"x","content":"without","tags":[]}`, http.StatusUnprocessableEntity)
		ask(http.MethodPut, "/"+string(n.ID), `{"title":"x","content":"with #home/garden","tags":[]}`, http.StatusOK)
	}
	ask(http.MethodPost, "", `{"title":"New"}`, http.StatusUnprocessableEntity)
	ask(http.MethodPost, "", `{"title":"New","tags":["home"]}`, http.StatusCreated)
	ask(http.MethodDelete, "/"+string(inside.ID), "", http.StatusNoContent)
	wantEqual(t, s.titles(domain.Active), "New, x, Near, Outside")
}
