package web_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/web"
)

const words = "correct horse"

// newSiteWithPassword is a site whose owner signs in as Ada with words.
func newSiteWithPassword(t *testing.T, configure ...func(*web.Config)) *site {
	t.Helper()
	s := newSite(t, configure...)
	page := s.after(s.post("/settings/password", "name", "Ada", "password", words).wantRedirect("/settings"))
	wantEqual(t, page.text("#notices .notice"), "Password saved. Your other sessions have ended and your tokens have been revoked.")
	wantEqual(t, page.attr("#name", "value"), "Ada")
	return s
}

func (s *site) signIn(password string, more ...string) answer {
	return s.postWith("/login", []option{nobody}, append([]string{"name", "ada", "password", password}, more...)...)
}

func TestANameAndAPasswordSignIn(t *testing.T) {
	s := newSiteWithPassword(t)
	s.get("/login", nobody).wantStatus(http.StatusOK)
	in := s.signIn(words, "stay", "1").wantRedirect("/notes")
	cookies := map[string]*http.Cookie{}
	for _, cookie := range in.Cookies() {
		cookies[cookie.Name] = cookie
		if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Path != "/" {
			t.Errorf("%+v", cookie)
		}
	}
	wantEqual(t, cookies[sessionCookie].MaxAge, int(domain.SessionLife.Seconds()))
	if cookies[sessionCookie+"_device"].MaxAge < int((365 * 24 * time.Hour).Seconds()) {
		t.Error("the device is forgotten soon")
	}
	signedIn := header("Cookie", cookies[sessionCookie].String())
	s.get("/notes", signedIn).wantStatus(http.StatusOK)
	s.get("/login", signedIn).wantRedirect("/notes")

	brief := s.signIn(words).wantRedirect("/notes").Cookies()
	wantEqual(t, brief[0].MaxAge, 0) // until the browser is closed
}

func TestWhoIsntSignedInIsAskedForNameAndPasswordAndLedBack(t *testing.T) {
	s := newSiteWithPassword(t)
	asked := s.get("/notes?tag=tea&view=archived", nobody).wantStatus(http.StatusUnauthorized)
	back := asked.attr("[name=back]", "value")
	wantEqual(t, back, "/notes?tag=tea&view=archived")
	wantEqual(t, asked.attr(".problem-page form", "action"), "/login")
	wrong := s.signIn("wrong one", "back", back, "stay", "1").wantStatus(http.StatusUnauthorized)
	wantEqual(t, wrong.attr("[name=back]", "value"), back)
	wantEqual(t, wrong.attr("#name", "value"), "ada")
	wantEqual(t, wrong.text(".error"), "Name or password is wrong.")
	s.signIn(words, "back", back).wantRedirect(back)

	for _, elsewhere := range []string{"https://example.org/", "//example.org", "/\\example.org", "notes", "javascript:alert(1)", "/\t/example.org"} {
		s.signIn(words, "back", elsewhere).wantRedirect("/notes")
	}
}

func TestBelowAPathPeopleAreLedBackAsWell(t *testing.T) {
	s := newSite(t, func(c *web.Config) { c.BaseURL.Path = "/octavo" })
	s.post("/octavo/settings/password", "name", "Ada", "password", words).wantRedirect("/octavo/settings")
	asked := s.get("/octavo/tags?q=tea", nobody).wantStatus(http.StatusUnauthorized)
	back := asked.attr("[name=back]", "value")
	wantEqual(t, back, "/octavo/tags?q=tea")
	s.postWith("/octavo/login", []option{nobody}, "name", "ada", "password", words, "back", back).wantRedirect(back)
	s.postWith("/octavo/login", []option{nobody}, "name", "ada", "password", words, "back", "/elsewhere").wantRedirect("/octavo/notes")
}

func TestWithoutAPasswordNobodyIsAskedForOne(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/login", "/notes"} {
		page := s.get(path, nobody).wantStatus(http.StatusUnauthorized)
		if strings.Contains(page.body, "password") || !strings.Contains(page.body, "octavo link") {
			t.Errorf("%s: %s", path, page.text("main"))
		}
	}
	s.signIn("").wantStatus(http.StatusUnauthorized)
	s.signIn(words).wantStatus(http.StatusUnauthorized)
}

func TestTooManyTriesAreToldHowLongToWait(t *testing.T) {
	s := newSiteWithPassword(t)
	for range domain.TriesOfAccount {
		s.signIn("wrong one").wantStatus(http.StatusUnauthorized)
	}
	s.clock.advance(5*time.Minute + time.Second)
	refused := s.signIn(words).wantStatus(http.StatusTooManyRequests)
	if seconds, err := strconv.Atoi(refused.Header.Get("Retry-After")); err != nil || seconds != 10*60 {
		t.Errorf("Retry-After: %s", refused.Header.Get("Retry-After"))
	}
	wantEqual(t, refused.text(".error"), "Too many attempts. Try again in 10 minutes.")
	s.clock.advance(10 * time.Minute)
	s.signIn(words).wantRedirect("/notes")
}

func TestForwardedAddressesOfStrangersDontMakeMoreTries(t *testing.T) {
	s := newSiteWithPassword(t)
	tried := 0
	for i := range domain.TriesOfAddress + 10 {
		a := s.postWith("/login", []option{nobody, header("X-Forwarded-For", "192.0.2."+strconv.Itoa(i)), header("X-Real-IP", "192.0.2."+strconv.Itoa(i))},
			"name", "name "+strconv.Itoa(i), "password", "wrong one")
		if a.StatusCode == http.StatusUnauthorized {
			tried++
		}
	}
	wantEqual(t, tried, domain.TriesOfAddress)
}

func TestAKnownBrowserStillSignsInWhileOthersGuess(t *testing.T) {
	s := newSiteWithPassword(t)
	var device *http.Cookie
	for _, cookie := range s.signIn(words).Cookies() {
		if strings.HasSuffix(cookie.Name, "_device") {
			device = cookie
		}
	}
	for range domain.TriesOfAccount {
		s.signIn("wrong one")
	}
	s.signIn(words).wantStatus(http.StatusTooManyRequests)
	s.postWith("/login", []option{nobody, header("Cookie", device.Name+"="+device.Value)}, "name", "ada", "password", words).wantRedirect("/notes")
}

func TestSigningOutWithAPasswordAsksNothing(t *testing.T) {
	s := newSiteWithPassword(t)
	s.post("/logout").wantRedirect("/notes").wantHeader("Clear-Site-Data", `"cache", "storage"`)
	s.get("/notes").wantStatus(http.StatusUnauthorized)
}

func TestAPasswordIsChangedWithTheCurrentOneAndEndsOtherSessions(t *testing.T) {
	s := newSiteWithPassword(t)
	other := s.browser(firefox)
	wrong := s.post("/settings/password", "name", "Bo", "password", "short", "current", words).wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, wrong.text("#password-error"), "Use at least 8 characters")
	wantEqual(t, wrong.attr("#name", "value"), "Bo")
	wrong = s.post("/settings/password", "name", "Ada", "password", "battery staple").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, wrong.text("#current-error"), "This isn’t your current password")
	s.get("/notes", other).wantStatus(http.StatusOK)
	s.post("/settings/password", "name", "Ada", "password", "battery staple", "current", words).wantRedirect("/settings")
	s.get("/notes").wantStatus(http.StatusOK)
	s.get("/notes", other).wantStatus(http.StatusUnauthorized)
	s.signIn(words).wantStatus(http.StatusUnauthorized)
	s.signIn("battery staple").wantRedirect("/notes")
}

func TestWhereOthersMayKnockTheLinkLeadsToThePasswordFirst(t *testing.T) {
	for addr, want := range map[string]string{"0.0.0.0:8080": "/settings", ":8080": "/settings", "192.0.2.1:8080": "/settings", "127.0.0.1:8080": "/notes", "[::1]:8080": "/notes"} {
		s := newSite(t, func(c *web.Config) { c.Addr = addr })
		s.get("/open?key="+s.ticket(), nobody).wantRedirect(want)
		s.post("/settings/password", "name", "Ada", "password", words)
		s.get("/open?key="+s.ticket(), nobody).wantRedirect("/notes")
	}
}

func TestNothingThatIsSecretIsLogged(t *testing.T) {
	s := newSiteWithPassword(t)
	s.signIn("wrong canary")
	for _, cookie := range s.signIn(words).Cookies() {
		if strings.Contains(s.log.String(), cookie.Value) {
			t.Errorf("%s is logged", cookie.Name)
		}
	}
	for _, secret := range []string{words, url.QueryEscape(words), "canary", "argon2"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("%q is logged", secret)
		}
	}
	for _, event := range []string{"password_set", "wrong_password", "signed_in"} {
		if !strings.Contains(s.log.String(), "event="+event+" ") {
			t.Errorf("%q isn't logged:\n%s", event, s.log)
		}
	}
}
