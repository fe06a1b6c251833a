package web_test

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"octavo/domain"
	"octavo/web"
)

func TestEveryResponseCarriesTheSecurityHeaders(t *testing.T) {
	s := newSite(t)
	n := s.note("One", "")
	answers := map[string]answer{
		"page":         s.get("/notes/" + string(n.ID)),
		"fragment":     s.get("/notes", htmx("")),
		"redirect":     s.get("/"),
		"unknown":      s.get("/nothing"),
		"wrong method": s.do(http.MethodDelete, "/notes", "", ""),
		"no session":   s.get("/notes", nobody),
		"wrong host":   s.get("/notes", func(r *http.Request) { r.Host = "evil.example" }),
		"cross-site":   s.postWith("/notes", []option{header("Sec-Fetch-Site", "cross-site")}, "content", "x"),
		"json":         s.json(http.MethodGet, "/records", ""),
		"json error":   s.json(http.MethodGet, "/records/x", ""),
		"health":       s.get("/healthz", nobody),
		"icon":         s.get(s.get("/notes").page().Find("link[rel=icon]").AttrOr("href", "")),
	}
	for name, a := range answers {
		t.Run(name, func(t *testing.T) {
			a.t = t
			a.wantHeader("X-Content-Type-Options", "nosniff").wantHeader("X-Frame-Options", "DENY").
				wantHeader("Cross-Origin-Opener-Policy", "same-origin").
				wantHeader("Cross-Origin-Resource-Policy", "same-origin").
				wantHeader("Referrer-Policy", "same-origin")
			csp := a.Header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "style-src 'self'", "require-trusted-types-for 'script'"} {
				if !strings.Contains(csp, part) {
					t.Errorf("the policy lacks %q: %s", part, csp)
				}
			}
			scripts := "script-src 'none'"
			if strings.Contains(a.body, "<script") {
				scripts = "script-src 'self'"
			}
			if strings.Contains(csp, "unsafe") || !strings.Contains(csp, scripts+";") {
				t.Errorf("the policy isn't one with %s: %s", scripts, csp)
			}
			switch name {
			case "icon":
			case "page":
				a.wantHeader("Cache-Control", "private, no-cache")
			default:
				a.wantHeader("Cache-Control", "no-store")
			}
			if got := a.Header.Get("Strict-Transport-Security"); got != "" {
				t.Errorf("plain http has HSTS %q", got)
			}
		})
	}
}

func TestScriptsAndStylesCarryTheHeadersThatBrowsersHeedThere(t *testing.T) {
	s := newSite(t)
	parts := s.get("/notes").page().Find("script[src], link[rel=stylesheet]")
	if parts.Length() < 4 {
		t.Fatalf("the page loads %d", parts.Length())
	}
	parts.Each(func(_ int, part selection) {
		url := part.AttrOr("src", part.AttrOr("href", ""))
		a := s.get(url).wantStatus(http.StatusOK).wantHeader("X-Content-Type-Options", "nosniff").wantHeader("Cross-Origin-Resource-Policy", "same-origin")
		for _, name := range []string{"Content-Security-Policy", "X-Frame-Options", "Cross-Origin-Opener-Policy", "Referrer-Policy"} {
			if a.Header.Get(name) != "" {
				t.Errorf("%s carries %s", url, name)
			}
		}
		unknown := strings.Replace(url, ".", ".0", 1)
		s.get(unknown).wantStatus(http.StatusNotFound).wantHeader("X-Frame-Options", "DENY").wantHeader("Content-Security-Policy", s.get("/nothing").Header.Get("Content-Security-Policy"))
	})
}

func TestNothingIsAScriptButWhatIsBuiltIn(t *testing.T) {
	s := newSite(t)
	n := s.note("alert(1)", "alert(1)")
	scripts := map[string]bool{}
	s.get(noteURL(n) + "/edit").page().Find("script, link[rel=modulepreload]").Each(func(_ int, script selection) {
		scripts[script.AttrOr("src", script.AttrOr("href", ""))] = true
	})
	if len(scripts) < 5 {
		t.Errorf("the page runs %v", scripts)
	}
	for url := range scripts {
		if got := s.get(url).wantHeader("X-Content-Type-Options", "nosniff"); !strings.HasPrefix(url, "/static/") || !isScript(got) {
			t.Errorf("the page runs %s, which is %s", url, got.Header.Get("Content-Type"))
		}
	}
	var others []string
	for name, content := range map[string]string{
		"a.js": "alert(1)", "b.mjs": "import './a.js'", "c.html": "<!DOCTYPE html><script>alert(1)</script>", "d": "#!/usr/bin/env node\nalert(1)",
		"e.json": `{"alert":1}`, "f.svg": `<svg xmlns="http://www.w3.org/2000/svg"/>`, "g.js": "/*<?xml*/alert(1)", "h.js": "GIF89a=1;alert(1)",
	} {
		file := s.upload(name, content)
		others = append(others, file.URL, file.URL+"/"+name)
	}
	others = append(others, "/complete/titles?q=alert", "/complete/tags?q=a", "/openapi.json", "/api/v1/notes", "/api/v1/notes/"+string(n.ID),
		"/records", "/notes", "/nothing.js", "/healthz", "/readyz")
	for _, url := range others {
		if got := s.get(url).wantHeader("X-Content-Type-Options", "nosniff"); isScript(got) {
			t.Errorf("%s is a script, %s", url, got.Header.Get("Content-Type"))
		}
	}
}

// isScript reports whether a browser may run an answer as a script: not where its type is another one, or there is none.
func isScript(a answer) bool {
	kind := strings.ToLower(a.Header.Get("Content-Type"))
	return kind == "" && a.StatusCode != http.StatusNoContent || strings.Contains(kind, "script")
}

func TestHTTPSMakesCookiesSecureAndConnectionsStrict(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.BaseURL = &url.URL{Scheme: "https", Host: "notes.example"} })
	onSite := func(r *http.Request) { r.Host = "notes.example" }
	opened := s.get("/open?key="+s.ticket(), nobody, onSite).wantRedirect("/settings"). // as nobody has a password yet
												wantHeader("Strict-Transport-Security", "max-age=63072000")
	cookie := opened.Cookies()[0]
	if cookie.Name != "__Host-octavo" || !cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode ||
		cookie.Path != "/" || cookie.Domain != "" {
		t.Errorf("got cookie %v", cookie)
	}
	s.get("/notes", onSite, header("Cookie", cookie.Name+"="+cookie.Value)).wantStatus(http.StatusOK)

	below := newSite(t, func(c *web.Config) {
		c.BaseURL, c.HSTSSubdomains = &url.URL{Scheme: "https", Host: "notes.example"}, true
	})
	below.get("/nothing", onSite).wantHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
	plain := newSite(t, func(c *web.Config) { c.HSTSSubdomains = true })
	plain.get("/nothing").wantHeader("Strict-Transport-Security", "")
}

func TestALinkOpensASessionOnce(t *testing.T) {
	s := newSite(t)
	ticket := s.ticket()
	opened := s.get("/open?key="+ticket, nobody).wantRedirect("/notes")
	cookie := opened.Cookies()[0]
	if cookie.Name != sessionCookie || cookie.Secure || !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode {
		t.Errorf("got cookie %v", cookie)
	}
	s.get("/notes", header("Cookie", cookie.String())).wantStatus(http.StatusOK)
	old := s.ticket()
	s.clock.advance(domain.SignInLife)
	for _, key := range []string{"", "wrong", s.key, ticket, old, s.ticket() + "x", s.ticket()[1:]} {
		if got := s.get("/open?key="+key, nobody).wantStatus(http.StatusUnauthorized); len(got.Cookies()) > 0 {
			t.Errorf("key %q sets a cookie", key)
		}
	}
}

func TestALinkIsNotUsedByLookingAtIt(t *testing.T) {
	s := newSite(t)
	link := "/open?key=" + s.ticket()
	s.do(http.MethodHead, link, "", "").wantStatus(http.StatusMethodNotAllowed)
	s.get(link, header("Sec-Purpose", "prefetch;prerender")).wantStatus(http.StatusServiceUnavailable)
	wantEqual(t, s.log.faults(), "")
	s.get(link, nobody).wantRedirect("/notes")
}

func TestOpeningALinkEndsTheSessionOfThatBrowser(t *testing.T) {
	s := newSite(t)
	s.get("/open?key=" + s.ticket()).wantRedirect("/notes")
	s.get("/notes").wantStatus(http.StatusUnauthorized)
}

func TestWhatMattersToSecurityIsLoggedWithoutSecrets(t *testing.T) {
	s := newSite(t)
	ticket := s.ticket()
	token := s.get("/open?key="+ticket, nobody).Cookies()[0].Value
	s.get("/open?key="+ticket, nobody).wantStatus(http.StatusUnauthorized)
	s.json(http.MethodGet, "/records", "", header("Authorization", "Bearer wrongkey")).wantStatus(http.StatusUnauthorized)
	s.post("/settings/sessions", "session", "others").wantRedirect("/settings/sessions")
	s.post("/logout", "sure", "1").wantRedirect("/notes")
	log := s.log.String()
	for _, event := range []string{"signed_in", "wrong_link", "wrong_key", "session_ended", "signed_out"} {
		if !strings.Contains(log, "event="+event+" ") {
			t.Errorf("%q isn't in the log:\n%s", event, log)
		}
	}
	if who := "user=" + string(domain.OwnerID) + " event=signed_out"; !strings.Contains(log, who) {
		t.Errorf("%q isn't in the log:\n%s", who, log)
	}
	for _, secret := range []string{ticket, token, s.key, s.cookie.Value, "wrongkey"} {
		if strings.Contains(log, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}

func TestWhatStrangersAreRefusedIsLoggedOnceASecondWithACount(t *testing.T) {
	for name, refused := range map[string]func(*site) answer{
		"wrong_key": func(s *site) answer {
			return s.json(http.MethodGet, "/records", "", header("Authorization", "Bearer "+domain.NewToken()))
		},
		"wrong_link": func(s *site) answer { return s.get("/open?key="+domain.NewToken(), nobody) },
		"cross_site": func(s *site) answer {
			return s.postWith("/notes", []option{header("Sec-Fetch-Site", "cross-site")})
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newSite(t)
			for second := 1; second <= 2; second++ {
				for range 300 {
					if got := refused(s).StatusCode; got != http.StatusUnauthorized && got != http.StatusForbidden {
						t.Fatalf("%s: status %d", name, got)
					}
				}
				time.Sleep(2 * time.Second)
				log := s.log.String()
				if n := strings.Count(log, "event="+name+" "); n != 2*second || strings.Count(log, "count=299") != second {
					t.Errorf("%s: in second %d the log is\n%s", name, second, log)
				}
			}
			wantEqual(t, s.log.faults(), "")
		})
	}
}

func TestTwoSitesOnOneHostKeepTheirSessionsApart(t *testing.T) {
	names := map[string]bool{}
	for _, base := range []string{
		"http://127.0.0.1:8080", "http://127.0.0.1:8081", "http://127.0.0.1:8080/b", "https://a.example", "https://a.example/b",
	} {
		names[newSite(t, func(c *web.Config) {
			u, err := url.Parse(base)
			if err != nil {
				t.Fatal(err)
			}
			c.BaseURL = u
		}).cookie.Name] = true
	}
	wantEqual(t, len(names), 5)
}

func TestASessionEndsBySigningOutAndByTime(t *testing.T) {
	s := newSite(t)
	s.get("/notes").wantStatus(http.StatusOK)

	for range 12 { // used each week, a session lives its 90 days and no longer
		s.clock.advance(7 * 24 * 60 * 60 * 1e9)
		s.comeBack()
	}
	s.clock.advance(7 * 24 * 60 * 60 * 1e9)
	s.get("/notes").wantStatus(http.StatusUnauthorized)

	fresh := newSite(t)
	fresh.clock.advance(domain.SessionIdle)
	fresh.get("/notes").wantStatus(http.StatusUnauthorized)

	out := newSite(t)
	out.post("/logout", "sure", "1").wantRedirect("/notes")
	out.get("/notes").wantStatus(http.StatusUnauthorized)
}

func TestWithoutTheKeyEveryPageSaysHowToGetIn(t *testing.T) {
	s := newSite(t)
	page := s.get("/notes", nobody).wantStatus(http.StatusUnauthorized)
	if !strings.Contains(page.text("main"), "octavo link") {
		t.Errorf("got %q", page.text("main"))
	}
	for _, bearer := range []string{"Bearer", "Bearer ", "Bearer wrong", "Basic " + s.key, s.key} {
		s.json(http.MethodGet, "/records", "", header("Authorization", bearer)).
			wantStatus(http.StatusUnauthorized).wantHeader("WWW-Authenticate", "Bearer")
	}
}

func TestNoOtherSiteCanSendAForm(t *testing.T) {
	s := newSite(t)
	silent := func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }
	for name, options := range map[string][]option{
		"cross-site":           {header("Sec-Fetch-Site", "cross-site")},
		"same-site":            {header("Sec-Fetch-Site", "same-site")},
		"another origin":       {silent, header("Origin", "https://evil.example")},
		"an origin of no site": {silent, header("Origin", "null")},
		"neither header":       {silent},
	} {
		t.Run(name, func(t *testing.T) {
			s.t = t
			s.postWith("/notes", options, "content", "x").wantStatus(http.StatusForbidden)
			s.do(http.MethodPost, "/records", "application/json", `{"title":"x"}`, options...).wantStatus(http.StatusForbidden)
		})
	}
	s.t = t
	s.postWith("/notes", []option{silent, header("Origin", "http://"+testHost)}, "content", "mine").wantStatus(http.StatusSeeOther)
	s.json(http.MethodPost, "/records", `{"title":"by a program"}`).wantStatus(http.StatusCreated)
	wantEqual(t, s.titles(domain.Active), "mine")
}

func TestOnlyKnownHostsAreAnswered(t *testing.T) {
	hosts := func(base, addr string, answered, refused []string) {
		t.Helper()
		s := newSite(t, func(c *web.Config) {
			u, err := url.Parse(base)
			if err != nil {
				t.Fatal(err)
			}
			c.BaseURL, c.Addr = u, addr
		})
		for status, list := range map[int][]string{http.StatusUnauthorized: answered, http.StatusMisdirectedRequest: refused} {
			for _, host := range list {
				got := s.get("/notes", nobody, func(r *http.Request) { r.Host = host })
				if got.StatusCode != status {
					t.Errorf("base %s, bound to %s, host %q: got %d, want %d", base, addr, host, got.StatusCode, status)
				}
			}
		}
	}
	hosts("http://127.0.0.1:8080", "127.0.0.1:8080",
		[]string{"127.0.0.1:8080", "localhost:8080", "LOCALHOST:8080", "[::1]:8080"},
		[]string{"evil.example", "evil.example:8080", "127.0.0.1:9", "192.168.0.1:8080", "127.0.0.1.evil.example:8080"})
	hosts("http://127.0.0.1:80", "127.0.0.1:80",
		[]string{"127.0.0.1", "localhost", "[::1]", "localhost:80"},
		[]string{"evil.example", "localhost:443"})
	hosts("https://notes.example:443", "127.0.0.1:8080",
		[]string{"notes.example", "notes.example:443"},
		[]string{"notes.example:80"})
	hosts("https://notes.example", "127.0.0.1:8080",
		[]string{"notes.example", "Notes.Example", "notes.example:443", "localhost:8080"},
		[]string{"notes.example:8080", "x.notes.example"})
	hosts("http://127.0.0.1:8080", "0.0.0.0:8080",
		[]string{"192.168.0.7:8080", "[fe80::1]:8080", "localhost:8080"},
		[]string{"evil.example:8080", "192.168.0.7.evil.example"})
}

func TestWhoeverRunsTheProgramFindsOutHowItIs(t *testing.T) {
	s := newSite(t, func(c *web.Config) {
		c.BaseURL = &url.URL{Scheme: "http", Host: testHost, Path: "/octavo"}
	})
	for _, path := range []string{"/healthz", "/readyz", "/octavo/healthz", "/octavo/readyz"} {
		for _, host := range []string{testHost, "10.1.2.3:8080", "octavo.svc.cluster.local"} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				got := s.do(method, path, "", "", nobody, func(r *http.Request) { r.Host = host })
				got.wantStatus(http.StatusOK).wantHeader("X-Content-Type-Options", "nosniff")
			}
		}
	}
	elsewhere := func(r *http.Request) { r.Host = "evil.example" }
	s.do(http.MethodPost, "/healthz", "", "", nobody, elsewhere).wantStatus(http.StatusMisdirectedRequest)
	s.get("/octavo/healthz/notes", nobody, elsewhere).wantStatus(http.StatusMisdirectedRequest)
	s.get("/octavox/healthz", nobody).wantStatus(http.StatusNotFound)
}

func TestASubPathHoldsTheWholeApp(t *testing.T) {
	s := newSite(t, func(c *web.Config) {
		c.BaseURL = &url.URL{Scheme: "http", Host: testHost, Path: "/octavo"}
	})
	s.get("/octavo/").wantRedirect("/octavo/notes")
	created := s.post("/octavo/notes", "content", "here").wantStatus(http.StatusSeeOther)
	url := created.Header.Get("Location")
	for _, target := range []string{"/octavo/notes", "/octavo/notes/new", url, url + "/edit", "/octavo/docs", "/octavo/notes?view=trash"} {
		page := s.get(target).wantStatus(http.StatusOK).page()
		for _, attribute := range []string{"href", "src", "action", "hx-get", "hx-post"} {
			page.Find("[" + attribute + "]").Each(func(_ int, element selection) {
				if value := element.AttrOr(attribute, ""); strings.HasPrefix(value, "/") && !strings.HasPrefix(value, "/octavo/") {
					t.Errorf("%s: %s=%q leaves the sub-path", target, attribute, value)
				}
			})
		}
		s.get(page.Find("link[rel=stylesheet]").AttrOr("href", "")).wantStatus(http.StatusOK)
	}
	s.get("/notes").wantStatus(http.StatusNotFound)
	s.get("/octavox/notes").wantStatus(http.StatusNotFound)
}

func TestForwardedAddressesAreBelievedFromTrustedProxiesOnly(t *testing.T) {
	_, proxies, err := net.ParseCIDR("10.0.0.0/8")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		trusted []*net.IPNet
		peer    string
		want    string
	}{
		{nil, "127.0.0.1:5", "127.0.0.1"},
		{nil, "10.0.0.1:5", "10.0.0.1"},
		{[]*net.IPNet{proxies}, "10.0.0.1:5", "203.0.113.9"},
		{[]*net.IPNet{proxies}, "192.168.0.1:5", "192.168.0.1"},
		{[]*net.IPNet{proxies}, "127.0.0.1:5", "127.0.0.1"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-For", "203.0.113.9")
		wantEqual(t, web.ClientAddress(c.trusted, r), c.want)
	}
}

func TestAnEncodedSlashIsNoSlash(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/notes%2Fnew", "/notes/" + string(s.note("One", "").ID) + "%2fedit", "/records%2F"} {
		s.get(path).wantStatus(http.StatusNotFound)
	}
}

func TestSigningOutSaysWhereItComesFrom(t *testing.T) {
	s := newSite(t)
	s.postWith("/logout", []option{func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }}).wantStatus(http.StatusForbidden)
	s.get("/notes").wantStatus(http.StatusOK)
}

func TestWhoIsNotSignedInSeesNoNavigation(t *testing.T) {
	s := newSite(t)
	stale := s.get("/notes", header("Cookie", sessionCookie+"="+domain.NewToken())).wantStatus(http.StatusUnauthorized)
	wantEqual(t, stale.page().Find("nav, form").Length(), 0)
	if s.get("/nowhere").page().Find("nav").Length() == 0 {
		t.Error("who is signed in gets no navigation on an error page")
	}
}

func TestEveryConnectionHasItsLimits(t *testing.T) {
	s := newSite(t)
	server := web.NewServer(web.Config{Log: slog.New(slog.DiscardHandler)}, s.handler)
	wantEqual(t, server.ReadHeaderTimeout, 5*time.Second)
	wantEqual(t, server.ReadTimeout, 30*time.Second)
	wantEqual(t, server.WriteTimeout, 60*time.Second)
	wantEqual(t, server.IdleTimeout, 120*time.Second)
	wantEqual(t, server.MaxHeaderBytes, 32<<10)
}
