package web_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/domain"
	"octavo/web"
)

// idProvider is a provider of OpenID Connect, to which somebody is always signed in.
type idProvider struct {
	*httptest.Server
	t   *testing.T
	key *ecdsa.PrivateKey

	mu     sync.Mutex
	codes  map[string]url.Values // what each was asked for with
	claims map[string]any        // of who is signed in
	// What it lies about, if anything.
	lie    func(header, claims map[string]any)
	forger *ecdsa.PrivateKey // that signs in place of its own
	issuer string            // that it says it is
}

func newIDProvider(t *testing.T) *idProvider {
	t.Helper()
	p := &idProvider{t: t, key: newKey(t), codes: map[string]url.Values{}, claims: map[string]any{"sub": "1", "name": "Ada Lovelace"}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.send(w, map[string]any{
			"issuer": p.issuer, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"ES256", "none"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		point, err := p.key.PublicKey.Bytes()
		if err != nil {
			t.Error(err)
		}
		p.send(w, map[string]any{"keys": []any{map[string]any{
			"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "1", "x": inBase64(point[1:33]), "y": inBase64(point[33:]),
		}}})
	})
	mux.HandleFunc("GET /authorize", func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		if q.Get("response_type") != "code" || q.Get("client_id") != "octavo" || q.Get("code_challenge_method") != "S256" ||
			!strings.Contains(q.Get("scope"), "openid") || len(q.Get("state")) < 40 || len(q.Get("nonce")) < 40 {
			t.Errorf("asked for %v", q)
		}
		code := rand.Text()
		p.mu.Lock()
		p.codes[code] = q
		p.mu.Unlock()
		http.Redirect(w, r, q.Get("redirect_uri")+"?"+url.Values{"code": {code}, "state": {q.Get("state")}}.Encode(), http.StatusFound)
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	p.issuer = p.URL
	return p
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func (p *idProvider) send(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		p.t.Error(err)
	}
}

// token gives for a code, once, what vouches for who is signed in.
func (p *idProvider) token(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	asked, there := p.codes[r.PostFormValue("code")]
	delete(p.codes, r.PostFormValue("code"))
	p.mu.Unlock()
	id, secret, _ := r.BasicAuth()
	verified := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	if !there || id != "octavo" || secret != "client-canary" || inBase64(verified[:]) != asked.Get("code_challenge") ||
		r.PostFormValue("redirect_uri") != asked.Get("redirect_uri") {
		w.WriteHeader(http.StatusBadRequest)
		p.send(w, map[string]any{"error": "invalid_grant"})
		return
	}
	header := map[string]any{"alg": "ES256", "kid": "1"}
	claims := map[string]any{
		"iss": p.issuer, "aud": "octavo", "nonce": asked.Get("nonce"), "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
	}
	maps.Copy(claims, p.claims)
	if p.lie != nil {
		p.lie(header, claims)
	}
	var parts []string
	for _, part := range []any{header, claims} {
		text, err := json.Marshal(part)
		if err != nil {
			p.t.Error(err)
		}
		parts = append(parts, inBase64(text))
	}
	signed := strings.Join(parts, ".")
	key, signature := p.key, []byte{}
	if p.forger != nil {
		key = p.forger
	}
	if header["alg"] != "none" {
		hash := sha256.Sum256([]byte(signed))
		first, second, err := ecdsa.Sign(rand.Reader, key, hash[:])
		if err != nil {
			p.t.Error(err)
		}
		signature = append(first.FillBytes(make([]byte, 32)), second.FillBytes(make([]byte, 32))...)
	}
	p.send(w, map[string]any{"access_token": "access canary", "token_type": "Bearer", "id_token": signed + "." + inBase64(signature)})
}

// settings are those of an app to which it is known.
func (p *idProvider) settings(change ...func(*web.OIDC)) func(*web.Config) {
	return func(cfg *web.Config) {
		cfg.OIDC = web.OIDC{
			Issuer: p.URL, ClientID: "octavo", ClientSecret: "client-canary", Name: "Example ID", Scopes: []string{"profile"}, GroupsClaim: "groups",
			AllowedGroup: "notes", AdminGroup: "admins",
		}
		for _, c := range change {
			c(&cfg.OIDC)
		}
	}
}

// linkedOnly has those alone come in who have an account.
func linkedOnly(o *web.OIDC) { o.AllowedGroup = "" }

func (p *idProvider) in(groups ...string) { p.claims["groups"] = groups }

// away follows the way to a provider, and returns where that sends the browser back to, and what the browser keeps.
func (s *site) away(p *idProvider, left answer, to string) (back string, kept *http.Cookie) {
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
func (s *site) byProvider(p *idProvider, back string) answer {
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
	p := newIDProvider(t)
	s := newSite(t, p.settings())
	asked := s.get("/tags", nobody).wantStatus(http.StatusUnauthorized)
	wantEqual(t, asked.text(`a[href="/login/oidc?back=%2Ftags"]`), "Sign in with Example ID")
	p.in("notes")
	in := s.byProvider(p, "/tags").wantRedirect("/tags")
	ada := s.who(in)
	if ada.ID == domain.OwnerID || ada.Name != "Ada Lovelace" || ada.Admin {
		t.Errorf("let in as %+v", ada)
	}
	p.in("notes", "admins")
	if again := s.who(s.byProvider(p, "//evil.example/").wantRedirect("/notes")); again.ID != ada.ID || !again.Admin {
		t.Errorf("an admin is let in as %+v", again)
	}
	p.claims["sub"], p.claims["name"] = "2", "ADA lovelace"
	if other := s.who(s.byProvider(p, "")); other.ID == ada.ID || other.Name != "ADA lovelace 2" {
		t.Errorf("somebody else is let in as %+v", other)
	}
	p.claims["sub"] = "1"
	p.in("notes")
	if again := s.who(s.byProvider(p, "https://evil.example/").wantRedirect("/notes")); again.ID != ada.ID || again.Admin {
		t.Errorf("no longer an admin, they are let in as %+v", again)
	}
	p.in()
	refused := s.byProvider(p, "/tags").wantStatus(http.StatusUnauthorized)
	wantEqual(t, refused.text("#sign-in-error"), "Your account there has no access here. Ask an admin.")
	p.in("notes")
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
	for name, lie := range map[string]func(*idProvider){
		"another issuer":   func(p *idProvider) { p.lie = func(_, c map[string]any) { c["iss"] = "https://evil.example" } },
		"another audience": func(p *idProvider) { p.lie = func(_, c map[string]any) { c["aud"] = "another" } },
		"another nonce":    func(p *idProvider) { p.lie = func(_, c map[string]any) { c["nonce"] = "another" } },
		"no nonce":         func(p *idProvider) { p.lie = func(_, c map[string]any) { delete(c, "nonce") } },
		"no subject":       func(p *idProvider) { p.lie = func(_, c map[string]any) { delete(c, "sub") } },
		"expired": func(p *idProvider) {
			p.lie = func(_, c map[string]any) { c["exp"] = time.Now().Add(-time.Hour).Unix() }
		},
		"unsigned":                   func(p *idProvider) { p.lie = func(h, _ map[string]any) { h["alg"] = "none"; delete(h, "kid") } },
		"another key":                func(p *idProvider) { p.forger = newKey(p.t) },
		"an algorithm with a secret": func(p *idProvider) { p.lie = func(h, _ map[string]any) { h["alg"] = "HS256" } },
	} {
		t.Run(name, func(t *testing.T) {
			p := newIDProvider(t)
			s := newSite(t, p.settings())
			p.in("notes")
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
	p := newIDProvider(t)
	s := newSite(t, p.settings())
	p.in("notes")
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
	p := newIDProvider(t)
	p.Close()
	s := newSiteWithPassword(t, p.settings())
	s.get("/login/oidc", nobody).wantStatus(http.StatusServiceUnavailable)
	s.signIn(words).wantRedirect("/notes")

	mistaken := newIDProvider(t)
	mistaken.issuer = "https://evil.example"
	s = newSite(t, mistaken.settings())
	s.get("/login/oidc", nobody).wantStatus(http.StatusUnauthorized)
	s = newSite(t)
	s.get("/login/oidc", nobody).wantStatus(http.StatusNotFound)
	if strings.Contains(s.get("/settings").body, "identities") {
		t.Error("the settings offer a provider where there is none")
	}
}

func TestAnAccountIsConnectedByWhoeverIsSignedInToBoth(t *testing.T) {
	p := newIDProvider(t)
	s := newSiteWithPassword(t, p.settings(linkedOnly))
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
	p := newIDProvider(t)
	s := newSite(t, p.settings())
	p.in("notes")
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
