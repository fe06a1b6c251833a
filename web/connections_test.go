package web_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/web"
)

func TestWhatNoHandlerSeesIsAnsweredWithTheSecurityHeaders(t *testing.T) {
	s, address := serve(t)
	for name, c := range map[string]struct{ request, status string }{
		"no request":            {"nonsense\r\n\r\n", "400"},
		"a bad escape":          {"GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
		"no host":               {"GET / HTTP/1.1\r\n\r\n", "400"},
		"two hosts":             {"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400"},
		"a header that is none": {"GET / HTTP/1.1\r\nHost: x\r\nA B: c\r\n\r\n", "400"},
		"a header with NUL":     {"GET / HTTP/1.1\r\nHost: x\r\nA: \x00\r\n\r\n", "400"},
		"two lengths":           {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"},
		"long headers":          {"GET / HTTP/1.1\r\nHost: x\r\nA: " + strings.Repeat("x", 64<<10) + "\r\n\r\n", "431"},
		"an unknown coding":     {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", "501"},
		"a version to come":     {"GET / HTTP/9.1\r\nHost: x\r\n\r\n", "505"},
		"an unknown wish":       {"POST / HTTP/1.1\r\nHost: " + address + "\r\nExpect: the-unexpected\r\nContent-Length: 1\r\n\r\nx", "417"},
	} {
		t.Run(name, func(t *testing.T) {
			got := send(t, address, c.request, true)
			if !strings.HasPrefix(got, "HTTP/1.1 "+c.status) {
				t.Fatalf("got %.200q", got)
			}
			for _, header := range []string{
				"X-Content-Type-Options: nosniff", "X-Frame-Options: DENY", "Content-Security-Policy: default-src 'none'",
				"Referrer-Policy: same-origin", "Cache-Control: no-store",
			} {
				if strings.Count(got, header) != 1 {
					t.Errorf("the answer has no %q, or several:\n%s", header, got)
				}
			}
		})
	}
	wantEqual(t, s.log.faults(), "")
}

func TestAFileThatLooksLikeAnAnswerStaysAsItIs(t *testing.T) {
	s, address := serve(t)
	text := strings.Repeat("HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n", 50_000)
	f, err := s.app.Files().Upload(t.Context(), s.owner, "a.txt", "text/plain", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request := fmt.Sprintf("GET /files/%s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\n\r\n", f.Hash, address, s.cookie.Name, s.cookie.Value)
	got := send(t, address, request+request+"nonsense\r\n\r\n", false)
	in := bufio.NewReader(strings.NewReader(got))
	for range 2 {
		answer, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil || string(body) != text {
			t.Fatalf("got %d bytes, %v", len(body), err)
		}
	}
	if rest, err := io.ReadAll(in); err != nil || !strings.Contains(string(rest), "X-Frame-Options: DENY") {
		t.Errorf("after it came %.300q, %v", rest, err)
	}
}

func TestTooManyConnectionsMakePlaceForNewOnes(t *testing.T) {
	const most = 8
	_, address := serveWith(t, func(server *http.Server) { server.ConnState = web.FollowConnections(most) })
	dial := func() net.Conn {
		c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Close() })
		_ = c.SetDeadline(time.Now().Add(time.Minute))
		return c
	}
	ask := func(c net.Conn) error {
		if _, err := fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", address); err != nil {
			return err
		}
		answer, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, answer.Body)
		return errors.Join(err, answer.Body.Close())
	}
	first := dial()
	if err := ask(first); err != nil {
		t.Fatal(err)
	}
	for i := range 5 * most { // which say nothing, or too little
		c := dial()
		if i%2 == 0 {
			if _, err := io.WriteString(c, "GET /healthz HT"); err != nil {
				t.Fatal(err)
			}
		}
		if err := ask(dial()); err != nil {
			t.Fatalf("after %d connections: %v", i, err)
		}
	}
	if err := ask(first); err == nil {
		t.Error("the connection that has waited longest is still there")
	}
}

func TestOtherSitesMayLinkHereAndNothingElse(t *testing.T) {
	s := newSite(t)
	n := "/notes/" + string(s.note("One", "").ID)
	fetched := func(site, mode, dest string) option {
		return func(r *http.Request) {
			r.Header.Set("Sec-Fetch-Site", site)
			r.Header.Set("Sec-Fetch-Mode", mode)
			r.Header.Set("Sec-Fetch-Dest", dest)
		}
	}
	icon := s.get("/notes").page().Find("link[rel=icon]").AttrOr("href", "")
	for _, site := range []string{"cross-site", "same-site"} {
		for _, target := range []string{"/notes", n, "/records", "/api/v1/notes", icon, "/openapi.json", "/nowhere"} {
			for _, how := range [][2]string{
				{"no-cors", "image"},
				{"no-cors", "script"},
				{"no-cors", "style"},
				{"cors", "empty"},
				{"navigate", "iframe"},
				{"navigate", "object"},
				{"navigate", "embed"},
				{"no-cors", "video"},
				{"websocket", "empty"},
			} {
				s.get(target, fetched(site, how[0], how[1])).wantStatus(http.StatusForbidden)
				s.do(http.MethodHead, target, "", "", fetched(site, how[0], how[1])).wantStatus(http.StatusForbidden)
			}
		}
		s.get(n, fetched(site, "navigate", "document")).wantStatus(http.StatusOK)
		s.get("/records", fetched(site, "navigate", "document")).wantStatus(http.StatusOK)
	}
	for _, site := range []string{"same-origin", "none"} {
		s.get(icon, fetched(site, "no-cors", "image")).wantStatus(http.StatusOK)
		s.get(n, fetched(site, "cors", "empty")).wantStatus(http.StatusOK)
	}
	if !strings.Contains(s.log.String(), "event=cross_site") {
		t.Errorf("the log has no event, but\n%s", s.log)
	}
	wantEqual(t, s.log.faults(), "")
}

func TestARefusedRequestIsLoggedWithoutWhatItSends(t *testing.T) {
	s := newSite(t)
	secret := "private-" + string(domain.NewID())
	s.postWith("/notes?q="+secret, []option{header("Sec-Fetch-Site", "cross-site"), header("Origin", "https://evil.example")},
		"content", secret).wantStatus(http.StatusForbidden)
	for _, text := range []string{"event=cross_site", "origin=https://evil.example", "address=192.0.2.1"} {
		if !strings.Contains(s.log.String(), text) {
			t.Errorf("the log has no %s, but\n%s", text, s.log)
		}
	}
	if strings.Contains(s.log.String(), secret) || strings.Contains(s.log.String(), s.cookie.Value) {
		t.Errorf("the log has what was sent:\n%s", s.log)
	}
}
