package web_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"octavo/domain"
	"octavo/web"
)

const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

// browser signs in another browser, and returns what sends a request as it.
func (s *site) browser(userAgent string) option {
	opened := s.get("/open?key="+s.ticket(), nobody, header("User-Agent", userAgent)).wantRedirect("/notes")
	return header("Cookie", opened.Cookies()[0].String())
}

func TestSessionsAreShownAndEnded(t *testing.T) {
	s := newSite(t)
	s.clock.advance(time.Hour)
	other := s.browser(firefox)
	s.browser("curl/8.0")

	page := s.get("/settings/sessions").wantStatus(http.StatusOK)
	list := page.text("main .browsers")
	for _, want := range []string{"Firefox on Linux", "curl", "Unknown browser", "this browser"} {
		if !strings.Contains(list, want) {
			t.Errorf("%q isn't in %q", want, list)
		}
	}
	wantEqual(t, strings.Count(list, "this browser"), 1)

	key := page.attr(`li:contains("Firefox") input[name=session]`, "value")
	s.post("/settings/sessions", "session", key).wantRedirect("/settings/sessions")
	s.get("/notes", other).wantStatus(http.StatusUnauthorized)
	s.post("/settings/sessions", "session", key).wantStatus(http.StatusNotFound)
	s.post("/settings/sessions", "session", "").wantStatus(http.StatusNotFound)

	third := s.browser(firefox)
	s.post("/settings/sessions", "session", "others").wantRedirect("/settings/sessions")
	s.get("/notes", third).wantStatus(http.StatusUnauthorized)
	s.get("/notes").wantStatus(http.StatusOK)

	fourth := s.browser(firefox)
	s.post("/settings/sessions", "session", "all", "sure", "1").wantRedirect("/notes").wantHeader("Clear-Site-Data", `"cache", "storage"`)
	s.get("/notes", fourth).wantStatus(http.StatusUnauthorized)
	s.get("/notes").wantStatus(http.StatusUnauthorized)
}

// Whoever has no password comes back by a new link alone, for which somebody has to go to the server.
func TestWhoeverCannotComeBackByThemselvesIsAskedBeforeTheySignOut(t *testing.T) {
	s := newSite(t)
	for _, asked := range [][]string{
		{"/logout"},
		{"/settings/sessions", "session", "all"},
		{"/settings/sessions", "session", string(domain.HashToken(s.cookie.Value))},
	} {
		to := s.post(asked[0], asked[1:]...).wantStatus(http.StatusSeeOther).Header.Get("Location")
		question := s.get(to).wantStatus(http.StatusOK).wantHeader("Cache-Control", "no-store")
		wantEqual(t, question.text("h1"), "Sign out?")
		if !strings.Contains(question.text("main"), "octavo link") {
			t.Errorf("it doesn't say how to come back: %s", question.text("main"))
		}
		s.get(question.attr(".signing-out a", "href")).wantStatus(http.StatusOK) // still signed in

		fresh := newSite(t) // in which what the question sends is answered
		fields := []string{}
		question.page().Find(".signing-out input").Each(func(_ int, field *goquery.Selection) {
			fields = append(fields, field.AttrOr("name", ""), field.AttrOr("value", ""))
		})
		fresh.post(question.attr(".signing-out", "action"), fields...).wantRedirect("/notes")
		fresh.get("/notes").wantStatus(http.StatusUnauthorized)
	}
}

func TestEndingThisSessionSignsOut(t *testing.T) {
	s := newSite(t)
	this := string(domain.HashToken(s.cookie.Value))
	ended := s.post("/settings/sessions", "session", this, "sure", "1").wantRedirect("/notes")
	if len(ended.Cookies()) == 0 || ended.Cookies()[0].MaxAge >= 0 {
		t.Errorf("got cookies %v", ended.Cookies())
	}
	s.get("/notes").wantStatus(http.StatusUnauthorized)
}

func TestASessionShowsTheAddressThatItCameFromByATrustedProxyAlone(t *testing.T) {
	forwarded := header("X-Forwarded-For", "203.0.113.9, 198.51.100.7")
	for name, c := range map[string]struct {
		proxies, want string
	}{
		"from a proxy":    {"192.0.2.0/24", "198.51.100.7"},
		"from a stranger": {"10.0.0.0/8", "192.0.2.1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(cfg *web.Config) {
				_, network, err := net.ParseCIDR(c.proxies)
				if err != nil {
					t.Fatal(err)
				}
				cfg.TrustedProxies = []*net.IPNet{network}
			})
			s.browser(firefox)
			if text := s.get("/settings/sessions").text("main li:contains(Firefox)"); strings.Contains(text, " from ") {
				t.Errorf("one that hasn't come back: %q", text)
			}
			s.get("/notes", forwarded)
			text := s.get("/settings/sessions", forwarded).text("main li:contains('this browser')")
			if !strings.Contains(text, " from "+c.want+", signed in ") {
				t.Errorf("it shows %q", text)
			}
		})
	}
}
