package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/onetime"
)

// code returns what an app with a secret shows.
func (s *site) code(secret string) string {
	s.t.Helper()
	code, err := onetime.Secret(secret).Code(s.clock.Now())
	if err != nil {
		s.t.Fatal(err)
	}
	return code
}

// turnOn has Ada sign in with an app, and returns its secret and the codes for when it is lost.
func (s *site) turnOn() (secret string, codes []string) {
	s.t.Helper()
	offered := s.get("/settings/two-step").wantStatus(http.StatusOK).wantHeader("Cache-Control", "no-store")
	secret = offered.attr("[name=secret]", "value")
	wantEqual(s.t, offered.text(".secret code"), secret)
	if path := offered.attr("svg.qr path", "d"); !strings.HasPrefix(path, "M0 0h7v1h-7z") {
		s.t.Errorf("the QR code begins with %.40s", path)
	}
	on := s.post("/settings/two-step", "secret", secret, "code", s.code(secret)).wantStatus(http.StatusOK).wantHeader("Cache-Control", "no-store")
	codes = strings.Fields(on.text(".recovery-codes code"))
	wantEqual(s.t, len(codes), domain.RecoveryCodes)
	again := s.post("/settings/two-step", "secret", secret, "code", s.code(secret)).wantRedirect("/settings/two-step")
	if s.after(again).page().Find(".recovery-codes").Length() != 0 {
		s.t.Error("the page with the codes, loaded again, makes others")
	}
	s.clock.advance(time.Minute)
	return secret, codes
}

func TestAnAppIsSetUpAndAskedForWhereSomebodySignsIn(t *testing.T) {
	s := newSiteWithPassword(t)
	if s.get("/settings").page().Find(`main a[href="/settings/two-step"]`).Length() != 1 {
		t.Error("the settings don't lead there")
	}
	secret, codes := s.turnOn()
	if page := s.get("/settings/two-step").wantStatus(http.StatusOK); strings.Contains(page.body, codes[0]) || strings.Contains(page.body, secret) {
		t.Error("what is secret is shown again")
	}

	asked := s.signIn(words, "stay", "1", "back", "/tags").wantStatus(http.StatusOK)
	for _, cookie := range asked.Cookies() {
		t.Errorf("the password alone gives %v", cookie)
	}
	tell := func(code string) answer {
		return s.postWith("/login", []option{nobody}, "halfway", asked.attr("[name=halfway]", "value"),
			"stay", asked.attr("[name=stay]", "value"), "back", asked.attr("[name=back]", "value"), "code", code)
	}
	wrong := tell("000").wantStatus(http.StatusUnauthorized)
	wantEqual(t, wrong.text("#code-error"), "This code is wrong or has already been used.")
	wantEqual(t, wrong.attr("[name=back]", "value"), "/tags")
	in := tell(s.code(secret)).wantRedirect("/tags")
	wantEqual(t, in.Cookies()[0].MaxAge, int(domain.SessionLife.Seconds()))
	tell(s.code(secret)).wantStatus(http.StatusUnauthorized)
	tell(strings.ToLower(codes[0])).wantRedirect("/tags")

	s.clock.advance(domain.HalfwayLife)
	late := tell(codes[1]).wantStatus(http.StatusUnauthorized)
	wantEqual(t, late.text("#sign-in-error"), "That took too long. Sign in again.")
	if late.page().Find("[name=password]").Length() != 1 || late.page().Find("[name=halfway]").Length() != 0 {
		t.Error("it isn't begun again")
	}
}

func TestASecondStepIsRenewedAndTurnedOff(t *testing.T) {
	s := newSiteWithPassword(t)
	secret, codes := s.turnOn()
	page := s.get("/settings/two-step")
	if text := page.text("main"); !strings.Contains(text, "since 3 Feb 2026") || !strings.Contains(text, "10 recovery codes left") {
		t.Errorf("got %q", text)
	}
	renewed := strings.Fields(s.post("/settings/two-step/codes", "code", codes[1]).wantStatus(http.StatusOK).wantHeader("Cache-Control", "no-store").text(".recovery-codes code"))
	if len(renewed) != domain.RecoveryCodes || renewed[0] == codes[0] {
		t.Errorf("got %v", renewed)
	}
	for path, field := range map[string]string{"/settings/two-step/codes": "#renew-code", "/settings/two-step/off": "#off-code"} {
		wrong := s.post(path, "code", codes[0]).wantStatus(http.StatusUnprocessableEntity).wantHeader("Cache-Control", "no-store")
		wantEqual(t, wrong.text(field+"-error"), "This code is wrong or has already been used.")
		wantEqual(t, wrong.attr(field, "aria-describedby"), strings.TrimPrefix(field, "#")+"-error")
		wantEqual(t, wrong.page().Find("[aria-invalid]").Length(), 1)
		s.post(path).wantStatus(http.StatusUnprocessableEntity)
	}
	off := s.after(s.post("/settings/two-step/off", "code", s.code(secret)).wantRedirect("/settings"))
	wantEqual(t, off.text("#notices .notice"), "Two-step sign-in is off.")
	s.signIn(words).wantRedirect("/notes")
	log := s.get("/settings/audit").text("main")
	for _, event := range []string{"Turned on two-step sign-in", "Created recovery codes", "A code was refused", "Turned off two-step sign-in"} {
		if !strings.Contains(log, event) {
			t.Errorf("%q isn't in the audit log", event)
		}
	}
}

func TestACodeThatIsWrongShowsTheSameSecretAgain(t *testing.T) {
	s := newSiteWithPassword(t)
	secret := s.get("/settings/two-step").attr("[name=secret]", "value")
	wrong := s.post("/settings/two-step", "secret", secret, "code", "000000").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, wrong.attr("[name=secret]", "value"), secret)
	wantEqual(t, wrong.text("#code-error"), "This isn’t the code that the app shows now. Check the time on your phone")
	if other := s.post("/settings/two-step", "secret", "x", "code", "1").wantStatus(http.StatusUnprocessableEntity); other.attr("[name=secret]", "value") == secret {
		t.Error("another page has the same secret")
	}
}

func TestWithoutAPasswordThereIsNoSecondStep(t *testing.T) {
	s := newSite(t)
	page := s.get("/settings/two-step").wantStatus(http.StatusOK)
	if page.page().Find("[name=secret]").Length() != 0 || !strings.Contains(page.text("main"), "Set a name and a password first.") {
		t.Errorf("got %q", page.text("main"))
	}
	secret := string(onetime.NewSecret())
	s.post("/settings/two-step", "secret", secret, "code", s.code(secret)).wantStatus(http.StatusConflict)
}

func TestASecondStepIsChangedAfterThePasswordAlone(t *testing.T) {
	s := newSiteWithPassword(t)
	s.turnOn()
	s.clock.advance(domain.ConfirmedLife)
	for _, path := range []string{"/settings/two-step", "/settings/two-step/codes", "/settings/two-step/off"} {
		s.post(path).wantStatus(http.StatusForbidden)
	}
}
