package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/web"
	"octavo/web/oidc/oidctest"
)

// knownTo has an app know a provider.
func knownTo(p *oidctest.Provider, change ...func(*web.OIDC)) func(*web.Config) {
	return func(cfg *web.Config) {
		cfg.OIDC = web.OIDC{
			Issuer: p.URL, ClientID: oidctest.ClientID, ClientSecret: oidctest.ClientSecret, Name: "Example ID", Scopes: []string{"profile"}, GroupsClaim: "groups",
			AllowedGroup: "notes", AdminGroup: "admins",
		}
		for _, c := range change {
			c(&cfg.OIDC)
		}
	}
}

// linkedOnly has those alone come in who have an account.
func linkedOnly(o *web.OIDC) { o.AllowedGroup = "" }

// away follows the way to a provider, and returns where that sends the browser back to, and what the browser keeps.
func (s *site) away(p *oidctest.Provider, left answer, to string) (back string, kept *http.Cookie) {
	s.t.Helper()
	for _, cookie := range left.Cookies() {
		if strings.HasSuffix(cookie.Name, "_journey") {
			kept = cookie
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, to, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	response, err := client.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	back, ok := strings.CutPrefix(response.Header.Get("Location"), "http://"+testHost)
	if !ok || kept == nil || !strings.HasPrefix(to, p.URL+"/authorize?") {
		s.t.Fatalf("sent to %s, and back to %s, with %v", to, response.Header.Get("Location"), kept)
	}
	return back, kept
}

// byProvider signs somebody in who is signed in to a provider.
func (s *site) byProvider(p *oidctest.Provider, back string) answer {
	s.t.Helper()
	left := s.get("/login/oidc?back="+url.QueryEscape(back), nobody).wantStatus(http.StatusSeeOther)
	to, kept := s.away(p, left, left.Header.Get("Location"))
	return s.get(to, nobody, fromElsewhere, header("Cookie", kept.String()))
}

// fromElsewhere sends a request as a browser does that another site has sent.
func fromElsewhere(r *http.Request) {
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Dest", "document")
}

// who returns who is let in by an answer.
func (s *site) who(in answer) domain.User {
	s.t.Helper()
	for _, cookie := range in.Cookies() {
		if cookie.Name == sessionCookie {
			member, err := s.accounts.BySession(s.t.Context(), cookie.Value)
			if err != nil {
				s.t.Fatal(err)
			}
			u, err := s.store.Users().Get(s.t.Context(), member.Read().User())
			if err != nil {
				s.t.Fatal(err)
			}
			return u
		}
	}
	s.t.Fatalf("nobody is let in: %d %s", in.StatusCode, in.text("main"))
	return domain.User{}
}

func TestAProviderVouchesForPeopleWithTheirGroups(t *testing.T) {
	p := oidctest.New(t)
	s := newSite(t, knownTo(p))
	asked := s.get("/tags", nobody).wantStatus(http.StatusUnauthorized)
	wantEqual(t, asked.text(`a[href="/login/oidc?back=%2Ftags"]`), "Sign in with Example ID")
	p.Claims["groups"] = []string{"notes"}
	in := s.byProvider(p, "/tags").wantRedirect("/tags")
	ada := s.who(in)
	if ada.ID == domain.OwnerID || ada.Name != "Ada Lovelace" || ada.Admin {
		t.Errorf("let in as %+v", ada)
	}
	p.Claims["groups"] = []string{"notes", "admins"}
	if again := s.who(s.byProvider(p, "//evil.example/").wantRedirect("/notes")); again.ID != ada.ID || !again.Admin {
		t.Errorf("an admin is let in as %+v", again)
	}
	p.Claims["sub"], p.Claims["name"] = "2", "ADA lovelace"
	if other := s.who(s.byProvider(p, "")); other.ID == ada.ID || other.Name != "ADA lovelace 2" {
		t.Errorf("somebody else is let in as %+v", other)
	}
	p.Claims["sub"] = "1"
	p.Claims["groups"] = []string{"notes"}
	if again := s.who(s.byProvider(p, "https://evil.example/").wantRedirect("/notes")); again.ID != ada.ID || again.Admin {
		t.Errorf("no longer an admin, they are let in as %+v", again)
	}
	p.Claims["groups"] = []string{}
	refused := s.byProvider(p, "/tags").wantStatus(http.StatusUnauthorized)
	wantEqual(t, refused.text("#sign-in-error"), "Your account there has no access here. Ask an admin.")
	p.Claims["groups"] = []string{"notes"}
	ada.Disabled = true
	if err := s.store.Users().SetRights(t.Context(), ada); err != nil {
		t.Fatal(err)
	}
	s.byProvider(p, "").wantStatus(http.StatusUnauthorized)

	log := s.get("/settings/audit").text("main")
	for _, event := range []string{"Joined by the provider", "Made somebody an admin", "Made an admin a member", "What a provider said was refused"} {
		if !strings.Contains(log, event) {
			t.Errorf("%q isn't in the audit log", event)
		}
	}
	for _, secret := range []string{"canary", "eyJ"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("%q is logged:\n%s", secret, s.log)
		}
	}
}

func TestAProviderThatLiesIsRefused(t *testing.T) {
	for name, lie := range map[string]func(*oidctest.Provider){
		"another issuer":   func(p *oidctest.Provider) { p.Lie = func(_, c map[string]any) { c["iss"] = "https://evil.example" } },
		"another audience": func(p *oidctest.Provider) { p.Lie = func(_, c map[string]any) { c["aud"] = "another" } },
		"another nonce":    func(p *oidctest.Provider) { p.Lie = func(_, c map[string]any) { c["nonce"] = "another" } },
		"no nonce":         func(p *oidctest.Provider) { p.Lie = func(_, c map[string]any) { delete(c, "nonce") } },
		"no subject":       func(p *oidctest.Provider) { p.Lie = func(_, c map[string]any) { delete(c, "sub") } },
		"expired": func(p *oidctest.Provider) {
			p.Lie = func(_, c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }
		},
		"unsigned":                   func(p *oidctest.Provider) { p.Lie = func(h, _ map[string]any) { h["alg"] = "none"; delete(h, "kid") } },
		"another key":                func(p *oidctest.Provider) { p.Forger = oidctest.NewKey(t) },
		"an algorithm with a secret": func(p *oidctest.Provider) { p.Lie = func(h, _ map[string]any) { h["alg"] = "HS256" } },
	} {
		t.Run(name, func(t *testing.T) {
			p := oidctest.New(t)
			s := newSite(t, knownTo(p))
			p.Claims["groups"] = []string{"notes"}
			lie(p)
			refused := s.byProvider(p, "/tags").wantStatus(http.StatusUnauthorized)
			wantEqual(t, refused.text("#sign-in-error"), "Signing in there didn’t work. Try again.")
			wantEqual(t, refused.attr("[name=back]", "value"), "/tags")
			wantEqual(t, strings.Count(s.log.String(), "event=wrong_identity "), 1)
			if strings.Contains(s.log.String(), "canary") || strings.Contains(s.log.String(), "eyJ") {
				t.Errorf("something secret is logged:\n%s", s.log)
			}
			if users, err := s.store.Users().List(t.Context()); err != nil || len(users) != 1 {
				t.Errorf("there are %v, %v", users, err)
			}
		})
	}
}

func TestWhatAnotherBrowserHasBegunOrHasEndedIsRefused(t *testing.T) {
	p := oidctest.New(t)
	s := newSite(t, knownTo(p))
	p.Claims["groups"] = []string{"notes"}
	begin := func() (string, *http.Cookie) {
		left := s.get("/login/oidc", nobody)
		return s.away(p, left, left.Header.Get("Location"))
	}
	mine, kept := begin()
	theirs, theirKept := begin()
	come := func(to string, cookie string) answer {
		return s.get(to, nobody, fromElsewhere, header("Cookie", cookie))
	}
	come(theirs, kept.String()).wantStatus(http.StatusUnauthorized)
	come(mine, "").wantStatus(http.StatusUnauthorized)
	come(strings.Replace(theirs, "code=", "error=access_denied&was=", 1), theirKept.String()).wantStatus(http.StatusUnauthorized)
	come(mine, kept.String()).wantRedirect("/notes")
	come(mine, kept.String()).wantStatus(http.StatusUnauthorized)
	late, lateKept := begin()
	s.clock.advance(domain.ChallengeLife)
	wantEqual(t, come(late, lateKept.String()).wantStatus(http.StatusUnauthorized).text("#sign-in-error"), "That took too long, or was done already. Try again.")
}

func TestAProviderThatIsDownKeepsNobodyFromTheirPassword(t *testing.T) {
	p := oidctest.New(t)
	p.Close()
	s := newSiteWithPassword(t, knownTo(p))
	s.get("/login/oidc", nobody).wantStatus(http.StatusServiceUnavailable)
	s.signIn(words).wantRedirect("/notes")

	mistaken := oidctest.New(t)
	mistaken.Issuer = "https://evil.example"
	s = newSite(t, knownTo(mistaken))
	s.get("/login/oidc", nobody).wantStatus(http.StatusUnauthorized)
	s = newSite(t)
	s.get("/login/oidc", nobody).wantStatus(http.StatusNotFound)
	if strings.Contains(s.get("/settings").body, "identities") {
		t.Error("the settings offer a provider where there is none")
	}
}

func TestAnAccountIsConnectedByWhoeverIsSignedInToBoth(t *testing.T) {
	p := oidctest.New(t)
	s := newSiteWithPassword(t, knownTo(p, linkedOnly))
	s.byProvider(p, "").wantStatus(http.StatusUnauthorized) // the name alone makes nobody Ada
	connect := func() (string, string) {
		t.Helper()
		page := s.post("/settings/identities").wantStatus(http.StatusOK)
		to, kept := s.away(p, page, page.attr("main .button", "href"))
		return to, kept.String()
	}
	to, kept := connect()
	s.get(to, fromElsewhere, s.browser(firefox), func(r *http.Request) { r.Header.Add("Cookie", kept) }).wantStatus(http.StatusForbidden) // of another session
	to, kept = connect()
	here := header("Cookie", s.cookie.String()+"; "+kept)
	done := s.after(s.get(to, fromElsewhere, here).wantRedirect("/settings"))
	wantEqual(t, done.text("#notices .notice"), "Connected. You can sign in this way from now on.")
	if text := done.text(`section:has(#identities-title)`); !strings.Contains(text, "Connected as Ada Lovelace.") {
		t.Errorf("the settings say %q", text)
	}
	wantEqual(t, s.who(s.byProvider(p, "/tags").wantRedirect("/tags")).ID, domain.OwnerID)

	to, kept = connect()
	s.get(to, fromElsewhere, header("Cookie", s.cookie.String()+"; "+kept)).wantStatus(http.StatusConflict) // it is theirs already
	key := s.get("/settings").attr("[name=identity]", "value")
	s.post("/settings/identities/remove", "identity", key).wantRedirect("/settings")
	s.byProvider(p, "").wantStatus(http.StatusUnauthorized)
	s.clock.advance(domain.ConfirmedLife)
	s.post("/settings/identities").wantStatus(http.StatusForbidden) // without the password
}

func TestTheLastWayInByAProviderStays(t *testing.T) {
	p := oidctest.New(t)
	s := newSite(t, knownTo(p))
	p.Claims["groups"] = []string{"notes"}
	in := s.byProvider(p, "")
	ada := s.who(in)
	var has option
	for _, cookie := range in.Cookies() {
		if cookie.Name == sessionCookie {
			has = header("Cookie", cookie.String())
		}
	}
	key := s.get("/settings", has).attr("[name=identity]", "value")
	s.postWith("/settings/identities/remove", []option{has}, "identity", key).wantStatus(http.StatusConflict)
	wantEqual(t, s.who(s.byProvider(p, "")).ID, ada.ID)
}

func TestWhoIsSignedInIsntSentToTheProvider(t *testing.T) {
	p := oidctest.New(t)
	s := newSite(t, knownTo(p))
	left := s.get("/login/oidc?back=/tags", fromElsewhere).wantRedirect("/notes")
	if len(left.Cookies()) > 0 {
		t.Errorf("they begin a journey: %v", left.Cookies())
	}
}

func TestReturnsThatLetNobodyInAreLimited(t *testing.T) {
	p := oidctest.New(t)
	s := newSite(t, knownTo(p))
	p.Claims["groups"] = []string{}
	for range domain.TriesOfAddress {
		s.byProvider(p, "").wantStatus(http.StatusUnauthorized)
	}
	s.byProvider(p, "").wantStatus(http.StatusTooManyRequests)
}
