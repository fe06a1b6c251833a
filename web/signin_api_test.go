package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

const apiSession = "/api/v1/session"

// signInJSON signs in as a program does that keeps cookies.
func (s *site) signInJSON(body string, options ...option) answer {
	s.t.Helper()
	asProgram := []option{nobody, func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }}
	return s.do(http.MethodPost, apiSession, "application/json", body, append(asProgram, options...)...)
}

// refusal is what an error in JSON says, without what differs each time.
func (a answer) refusal() string {
	a.t.Helper()
	return strconv.Itoa(a.StatusCode) + " " + a.Header.Get("Content-Type") + " " + a.body
}

func TestAProgramSignsInAndOutByJSON(t *testing.T) {
	s := newSiteWithPassword(t)
	in := s.signInJSON(`{"name":" ADA","password":"` + words + `","stay":true}`).wantStatus(http.StatusNoContent)
	cookies := map[string]*http.Cookie{}
	for _, cookie := range in.Cookies() {
		cookies[cookie.Name] = cookie
	}
	wantEqual(t, cookies[sessionCookie].MaxAge, int(domain.SessionLife.Seconds()))
	wantEqual(t, cookies[sessionCookie+"_device"] != nil, true)
	has := []option{header("Cookie", cookies[sessionCookie].String())}
	asked := append(has, func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Set("Origin", "http://"+testHost) })
	s.do(http.MethodPost, "/api/v1/notes", "application/json", `{"title":"x"}`, asked...).wantStatus(http.StatusCreated)

	again := s.signInJSON(`{"name":"Ada","password":"`+words+`"}`, asked...).wantStatus(http.StatusNoContent)
	wantEqual(t, again.Cookies()[0].MaxAge, 0)
	s.get("/notes", has...).wantStatus(http.StatusUnauthorized) // the one before has been replaced
	has = []option{header("Cookie", again.Cookies()[0].String())}
	out := s.do(http.MethodDelete, apiSession, "", "", has...).wantStatus(http.StatusNoContent).wantHeader("Clear-Site-Data", `"cache", "storage"`)
	wantEqual(t, out.Cookies()[0].MaxAge, -1)
	s.get("/notes", has...).wantStatus(http.StatusUnauthorized)
	s.do(http.MethodDelete, apiSession, "", "", has...).wantStatus(http.StatusUnauthorized)
	s.do(http.MethodDelete, apiSession, "", "", nobody, header("Authorization", "Bearer "+s.key)).wantStatus(http.StatusUnauthorized)
	for _, event := range []string{"signed_in", "signed_out"} {
		if !strings.Contains(s.log.String(), "event="+event+" ") {
			t.Errorf("%q isn't logged", event)
		}
	}
}

func TestByJSONAnUnknownNameIsAnsweredLikeAWrongPassword(t *testing.T) {
	s := newSiteWithPassword(t)
	wrong := s.signInJSON(`{"name":"ada","password":"wrong canary"}`).wantStatus(http.StatusUnauthorized)
	wantEqual(t, s.signInJSON(`{"name":"nobody","password":"wrong canary"}`).refusal(), wrong.refusal())
	wantEqual(t, len(wrong.Cookies()), 0)
	for _, body := range []string{`{"name":"ada"}`, `{"password":"x"}`, `{"name":null,"password":"x"}`, `{"name":1,"password":"x"}`} {
		s.signInJSON(body).wantStatus(http.StatusUnprocessableEntity)
	}
	s.signInJSON(`{"name":"ada","password":"` + strings.Repeat("x", 20<<10) + `"}`).wantStatus(http.StatusRequestEntityTooLarge)
	s.signInJSON(`{"name":"ada","password":"`+words+`"}`, header("Sec-Fetch-Site", "cross-site")).wantStatus(http.StatusForbidden)
	if !strings.Contains(s.log.String(), "event=wrong_password ") || strings.Contains(s.log.String(), "canary") {
		t.Errorf("it isn't logged as it should be:\n%s", s.log)
	}
}

func TestTriesByJSONAndByTheFormAreCountedTogether(t *testing.T) {
	s := newSiteWithPassword(t)
	for range domain.TriesOfAccount / 2 {
		s.signIn("wrong one").wantStatus(http.StatusUnauthorized)
		s.signInJSON(`{"name":"ada","password":"wrong one"}`).wantStatus(http.StatusUnauthorized)
	}
	s.clock.advance(5*time.Minute + time.Second)
	s.signIn(words).wantStatus(http.StatusTooManyRequests)
	refused := s.signInJSON(`{"name":"ada","password":"` + words + `"}`).wantStatus(http.StatusTooManyRequests)
	wantEqual(t, refused.Header.Get("Retry-After"), "600")
}

func TestByJSONACodeIsAskedForAsWell(t *testing.T) {
	s := newSiteWithPassword(t)
	secret, codes := s.turnOn()
	tell := func(code string) answer {
		return s.signInJSON(`{"name":"ada","password":"` + words + `","code":"` + code + `"}`)
	}
	asked := s.signInJSON(`{"name":"ada","password":"` + words + `"}`).wantStatus(http.StatusUnauthorized)
	if !strings.Contains(asked.body, `"second_step.needed"`) || len(asked.Cookies()) > 0 {
		t.Errorf("without a code: %s", asked.body)
	}
	if wrong := tell("000000").wantStatus(http.StatusUnauthorized); !strings.Contains(wrong.body, `"second_step.wrong"`) {
		t.Errorf("a wrong one: %s", wrong.body)
	}
	code := s.code(secret)
	tell(code).wantStatus(http.StatusNoContent)
	tell(code).wantStatus(http.StatusUnauthorized)
	tell(codes[0]).wantStatus(http.StatusNoContent)
}
