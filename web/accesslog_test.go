package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// requests returns the lines that are logged for each request.
func (l *logged) requests() (lines []string) {
	for line := range strings.Lines(l.String()) {
		if strings.Contains(line, "msg=request ") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

func TestEachRequestIsLoggedInOneLine(t *testing.T) {
	s := newSite(t)
	n := s.note("Tea", "")
	before := len(s.log.requests())
	for _, tt := range []struct {
		got   answer
		wants string
	}{
		{s.get("/notes?tag=tea"), "method=GET route=/notes status=200 bytes=%d"},
		{s.post(noteURL(n) + "/pin"), "method=POST route=/notes/:id/pin status=303 bytes=%d"},
		{s.get("/notes", nobody), "method=GET route=/notes status=401 bytes=%d"},
		{s.get("/nowhere/at/all"), `method=GET route="" status=404 bytes=%d`},
		{s.do(http.MethodDelete, "/notes", "", ""), "method=DELETE route=/notes status=405 bytes=%d"},
		{s.do(http.MethodHead, "/healthz", "", ""), "method=HEAD route=/healthz status=200 bytes=%d"},
		{s.get("/notes", func(r *http.Request) { r.Host = "elsewhere.example" }), `method=GET route="" status=421 bytes=%d`},
		{s.json(http.MethodPost, "/api/v1/notes", `{"title":"Milk"}`), "method=POST route=/api/v1/notes status=201 bytes=%d"},
	} {
		lines := s.log.requests()[before:]
		before++
		want := regexp.MustCompile(strings.ReplaceAll(regexp.QuoteMeta(tt.wants), "%d", "[0-9]+") +
			` duration=[0-9.]+[mµn]?s request_id=` + tt.got.Header.Get("X-Request-Id") + "$")
		if len(lines) == 0 || !want.MatchString(lines[0]) {
			t.Errorf("the log has no %s, but %q", want, lines)
		}
	}
	if n := len(s.log.requests()); n != before {
		t.Errorf("%d requests are logged, want %d", n, before)
	}
}

func TestALineSaysHowMuchWasSent(t *testing.T) {
	s := newSite(t)
	s.get("/healthz")
	if line := s.log.requests()[1]; !strings.Contains(line, "bytes=3 ") {
		t.Errorf("got %s", line)
	}
}

func TestNothingPrivateIsInTheLineOfARequest(t *testing.T) {
	s := newSite(t)
	s.tagged("Secret title", "secret-tag")
	ticket := s.ticket()
	s.get("/search?q=secret-words")
	s.get("/tags/secret-tag/rename")
	s.get("/notes?tag=secret-tag")
	s.get("/secret-path")
	s.post("/notes", "content", "secret words")
	s.json(http.MethodGet, "/records?after=secret-cursor", "")
	s.get("/open?key="+ticket, nobody)
	for _, line := range s.log.requests() {
		for _, secret := range []string{"secret", ticket, s.key, s.cookie.Value} {
			if strings.Contains(line, secret) {
				t.Errorf("%q is in the log: %s", secret, line)
			}
		}
	}
}
