package web_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/domain"
	"octavo/web"
)

// broken is a body that ends with an error.
type broken struct {
	io.Reader
	err error
}

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if errors.Is(err, io.EOF) {
		err = b.err
	}
	return n, err
}

func (broken) Close() error { return nil }

// breaksOff has the body of a request end with an error, before all of it is there.
func breaksOff(err error) option {
	return func(r *http.Request) {
		body, readErr := io.ReadAll(r.Body)
		if readErr != nil {
			panic(readErr)
		}
		r.Body, r.ContentLength = broken{strings.NewReader(string(body[:len(body)/2])), err}, 5000
	}
}

// bodies returns what each route is sent, a name, and its content type. Every route that changes something is among them.
func bodies(t *testing.T) map[string][2]string {
	t.Helper()
	all := map[string][2]string{"POST /logout": {formType, "a=b"}}
	for _, r := range routes {
		contentType, body := formType, r.body
		switch {
		case r.method == http.MethodGet:
			continue
		case body == "multipart":
			contentType, body = multipartForm(t, "file", "private-name.txt", strings.Repeat("text ", 100))
		case isForPrograms(r.path):
			contentType = "application/json"
			if body == "" {
				body = "{}"
			}
		case body == "":
			body = "a=b"
		}
		all[r.method+" "+r.path] = [2]string{contentType, body}
	}
	return all
}

func TestABodyThatBreaksOffChangesNothingOnAnyRoute(t *testing.T) {
	for route, sent := range bodies(t) {
		for reason, cut := range map[string]struct {
			err    error
			status int
		}{
			"it ends too early":        {io.ErrUnexpectedEOF, http.StatusBadRequest},
			"it comes too slowly":      {os.ErrDeadlineExceeded, http.StatusRequestTimeout},
			"its chunks aren't chunks": {errors.New("malformed chunked encoding"), http.StatusBadRequest},
			"the connection is gone":   {net.ErrClosed, http.StatusBadRequest},
		} {
			t.Run(route+" "+reason, func(t *testing.T) {
				s := newSite(t)
				method, path, _ := strings.Cut(route, " ")
				target := ids(s, s.owner, false).Replace(path)
				before := s.everything()
				got := s.do(method, target, sent[0], sent[1], header("If-Match", `"1"`), breaksOff(cut.err))
				got.wantStatus(cut.status)
				if got.body == "" {
					t.Error("the answer is empty")
				}
				wantEqual(t, s.everything(), before)
				s.get("/notes").wantStatus(http.StatusOK) // still signed in
				if text := s.log.faults(); text != "" {
					t.Errorf("something is logged:\n%s", text)
				}
			})
		}
	}
}

func TestSigningOutWithoutASessionHeedsABodyThatBreaksOff(t *testing.T) {
	s := newSite(t)
	for name, who := range map[string]option{
		"nobody":        nobody,
		"key":           func(r *http.Request) { nobody(r); r.Header.Set("Authorization", "Bearer "+s.key) },
		"ended session": func(r *http.Request) { r.Header.Set("Cookie", s.cookie.Name+"="+domain.NewToken()) },
	} {
		t.Log(name)
		s.do(http.MethodPost, "/logout", formType, "a=b", who, breaksOff(io.ErrUnexpectedEOF)).wantStatus(http.StatusBadRequest)
		s.do(http.MethodPost, "/logout", formType, "a=b", who, breaksOff(os.ErrDeadlineExceeded)).wantStatus(http.StatusRequestTimeout)
		s.do(http.MethodPost, "/logout", formType, "a=b", who).wantRedirect("/notes")
	}
}

// everything returns what the owner has, as a text to compare.
func (s *site) everything() string {
	s.t.Helper()
	var all strings.Builder
	for _, state := range []domain.NoteState{domain.Active, domain.Archived, domain.Trashed} {
		page, err := s.notes.List(s.t.Context(), s.owner.Read(), domain.NoteFilter{State: state}, "", 100)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, n := range page.Notes {
			fmt.Fprintln(&all, n.ID, n.Version, n.State, n.Pinned, n.Title, n.Excerpt, n.Tags)
		}
	}
	records, err := s.app.Records().List(s.t.Context(), s.owner.Read(), "", 100)
	if err != nil {
		s.t.Fatal(err)
	}
	searches, err := s.app.Search().Saved(s.t.Context(), s.owner.Read())
	if err != nil {
		s.t.Fatal(err)
	}
	drafts, err := s.app.Drafts().List(s.t.Context(), s.owner.Read(), 100)
	if err != nil {
		s.t.Fatal(err)
	}
	fmt.Fprintln(&all, records, searches, drafts)
	return all.String()
}

// serve runs the app on a port of its own, as the program does.
func serve(t *testing.T) (s *site, address string) {
	t.Helper()
	return serveWith(t, func(*http.Server) {})
}

func serveWith(t *testing.T, configure func(*http.Server)) (s *site, address string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = listener.Addr().String()
	var server *http.Server
	var cfg web.Config
	s = newSite(t, func(c *web.Config) {
		c.BaseURL, c.Addr = &url.URL{Scheme: "http", Host: address}, address
		cfg = *c
		server = web.NewServer(cfg, web.New(cfg))
	})
	configure(server)
	done := make(chan error, 1)
	go func() { done <- server.Serve(web.Listen(listener, cfg)) }()
	t.Cleanup(func() {
		_ = server.Close()
		if err := <-done; !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return s, address
}

// send writes text to the server, closes its own side of the connection if it hangs up, and returns all that comes back.
func send(t *testing.T, address, text string, hangUp bool) string {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, text); err != nil {
		t.Fatal(err)
	}
	if hangUp {
		if err := c.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(got)
}

func TestAConnectionThatClosesWithinABodyGetsAnError(t *testing.T) {
	s, address := serve(t)
	for route, sent := range bodies(t) {
		method, path, _ := strings.Cut(route, " ")
		target := ids(s, s.owner, false).Replace(path)
		before := s.everything()
		got := send(t, address, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nSec-Fetch-Site: same-origin\r\n"+
			"If-Match: \"1\"\r\nContent-Type: %s\r\nContent-Length: 5000\r\n\r\n%s",
			method, target, address, s.cookie.Name, s.cookie.Value, sent[0], sent[1][:len(sent[1])/2]), true)
		answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), nil)
		if err != nil {
			t.Fatalf("%s: %v in %q", route, err, got)
		}
		body, err := io.ReadAll(answer.Body)
		err = errors.Join(err, answer.Body.Close())
		if err != nil || len(body) == 0 || answer.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: got %s, %q, %v", route, answer.Status, body, err)
		}
		if after := s.everything(); after != before {
			t.Errorf("%s: there was\n%s\nand now\n%s", route, before, after)
		}
	}
}

// A body that never comes keeps nobody from getting an answer: that it came too slowly, unless it doesn't matter.
func TestABodyThatStallsGetsAnAnswerOnEveryRoute(t *testing.T) {
	s, address := serveWith(t, func(server *http.Server) { server.ReadTimeout = time.Second })
	own := ids(s, s.owner, false)
	type question struct {
		method, path, contentType string
		statuses                  []int
	}
	var all []question
	for route, sent := range bodies(t) {
		method, path, _ := strings.Cut(route, " ")
		all = append(all, question{method, path, "text/plain", []int{http.StatusRequestTimeout, http.StatusUnsupportedMediaType}})
		if !strings.HasPrefix(sent[0], "multipart/") { // uploads have more time
			all = append(all, question{method, path, sent[0], []int{http.StatusRequestTimeout}})
		}
	}
	for _, r := range routes {
		if r.method == http.MethodGet {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions} {
				all = append(all, question{method, r.path, "text/plain", []int{http.StatusRequestTimeout}})
			}
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodPatch} {
		all = append(all, question{method, "/nowhere", formType, []int{http.StatusNotFound}},
			question{method, "/settings/nothing", formType, []int{http.StatusNotFound}},
			question{method, "/docs", formType, []int{http.StatusMethodNotAllowed}})
	}
	ask := func(q question) {
		got, err := stalled(t, address, fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nSec-Fetch-Site: same-origin\r\n"+
			"If-Match: \"1\"\r\nContent-Type: %s\r\nContent-Length: 5000\r\n\r\na=",
			q.method, own.Replace(q.path), address, s.cookie.Name, s.cookie.Value, q.contentType))
		if err != nil {
			t.Errorf("%s %s with %s: %v", q.method, q.path, q.contentType, err)
			return
		}
		answer, err := http.ReadResponse(bufio.NewReader(strings.NewReader(got)), &http.Request{Method: q.method})
		if err != nil {
			t.Errorf("%s %s with %s: %v in %q", q.method, q.path, q.contentType, err, got)
			return
		}
		_, err = io.Copy(io.Discard, answer.Body)
		if err = errors.Join(err, answer.Body.Close()); err != nil || !slices.Contains(q.statuses, answer.StatusCode) {
			t.Errorf("%s %s with %s: got %s, %v, want %v", q.method, q.path, q.contentType, answer.Status, err, q.statuses)
		}
		if answer.Header.Get("X-Content-Type-Options") != "nosniff" || !answer.Close {
			t.Errorf("%s %s with %s: the headers are %v", q.method, q.path, q.contentType, answer.Header)
		}
	}
	var wg sync.WaitGroup
	atOnce := make(chan struct{}, 32)
	for _, q := range all {
		atOnce <- struct{}{}
		wg.Go(func() {
			defer func() { <-atOnce }()
			ask(q)
		})
	}
	wg.Wait()
	if text := s.log.faults(); text != "" {
		t.Errorf("something is logged:\n%s", text)
	}
}

// stalled writes text to the server, waits and returns all that comes back.
func stalled(t *testing.T, address, text string) (string, error) {
	t.Helper()
	c, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		return "", err
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Minute))
	if _, err := io.WriteString(c, text); err != nil {
		return "", err
	}
	got, err := io.ReadAll(c)
	return string(got), err
}

func TestWhatASafeRequestSendsIsThrownAway(t *testing.T) {
	s, address := serve(t)
	request := func(method, path, connection, body string) string {
		return fmt.Sprintf("%s %s HTTP/1.1\r\nHost: %s\r\nCookie: %s=%s\r\nConnection: %s\r\nContent-Length: %d\r\n\r\n%s",
			method, path, address, s.cookie.Name, s.cookie.Value, connection, len(body), body)
	}
	got := send(t, address, request("GET", "/notes", "keep-alive", "a=b")+
		request("HEAD", "/notes", "keep-alive", strings.Repeat("x", 100<<10))+
		request("GET", "/records", "keep-alive", "{")+request("GET", "/notes", "close", ""), false)
	if n := strings.Count(got, "HTTP/1.1 200 OK"); n != 4 {
		t.Errorf("%d of 4 are answered:\n%s", n, got)
	}
}

func TestWhatCannotBeReadIsNotLogged(t *testing.T) {
	const secret = "private-name"
	part := "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + secret + "\"\r\n"
	long := strings.Repeat("y", 100<<10)
	many := strings.Repeat("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n", 1000)
	for name, c := range map[string]struct {
		target, contentType, body string
		status                    int
	}{
		"a form with a bad escape":              {"/notes", formType, "title=" + secret + "%zz", 400},
		"a form with a semicolon":               {"/notes", formType, "title=" + secret + ";a=b", 400},
		"a form with too many fields":           {"/notes", formType, strings.Repeat("a=b&", 20_000) + secret, 400},
		"a form with NUL":                       {"/notes", formType, "title=" + secret + "%00", 422},
		"a form in no encoding":                 {"/notes", formType, "title=" + secret + "%ff", 422},
		"a form with an unreadable type":        {"/notes", "application/x-www-form-urlencoded; =" + secret, "a=b", 415},
		"a type that is none":                   {"/notes", "\x01" + secret, "a=b", 415},
		"parts without their end":               {"/files", "multipart/form-data; boundary=x", part + "\r\ntext", 400},
		"a part that ends in its header":        {"/files", "multipart/form-data; boundary=x", part, 422},
		"a header that is none":                 {"/files", "multipart/form-data; boundary=x", part + secret + "\r\n\r\ntext\r\n--x--", 400},
		"a header with NUL":                     {"/files", "multipart/form-data; boundary=x", part + "A\x00: " + secret + "\r\n\r\ntext\r\n--x--", 400},
		"a long header":                         {"/files", "multipart/form-data; boundary=x", part + "A: " + long + "\r\n\r\ntext\r\n--x--", 400},
		"something long before the parts":       {"/files", "multipart/form-data; boundary=x", long + "\r\n" + part + "\r\ntext\r\n--x--", 400},
		"too many parts":                        {"/files", "multipart/form-data; boundary=x", many + part + "\r\ntext\r\n--x--", 400},
		"too many parts beside a note":          {"/notes/attach", "multipart/form-data; boundary=x", many + part + "\r\ntext\r\n--x--", 400},
		"parts without a boundary":              {"/files", "multipart/form-data", part, 415},
		"parts with another boundary":           {"/files", "multipart/form-data; boundary=y", part + "\r\ntext\r\n--x--", 400},
		"parts that are a form":                 {"/files", formType, "file=" + secret, 415},
		"parts in a form of a note":             {"/notes", "multipart/form-data; boundary=x", part + "\r\ntext\r\n--x--", 415},
		"parts in a form without text":          {"/notes/bulk", "multipart/form-data; boundary=x", part + "\r\ntext\r\n--x--", 415},
		"JSON in a form without text":           {"/searches", "application/json", `{"q":"` + secret + `"}`, 415},
		"JSON that ends":                        {"/records", "application/json", `{"title":"` + secret, 400},
		"JSON with NUL":                         {"/records", "application/json", `{"title":"` + secret + "\x00\"}", 400},
		"JSON of an unreadable type":            {"/records", "application/json; =" + secret, `{"title":"x"}`, 415},
		"JSON with many things that are wrong":  {"/api/v1/notes", "application/json", `{"title":"` + secret + `","tags":[` + strings.Repeat("1,", 100_000) + `1]}`, 400},
		"JSON with many things nobody asked of": {"/api/v1/notes", "application/json", `{"title":1,` + strings.Repeat(`"a":1,`, 100_000) + `"` + secret + `":1}`, 400},
		"JSON with some things that are wrong":  {"/api/v1/notes", "application/json", `{"title":"` + secret + `","tags":[` + strings.Repeat("1,", 9_000) + `1]}`, 422},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			got := s.do(http.MethodPost, c.target, c.contentType, c.body).wantStatus(c.status)
			if len(got.body) > 64<<10 {
				t.Errorf("an answer of %d bytes", len(got.body))
			}
			wantEqual(t, s.everything(), newSite(t).everything())
			if text := s.log.faults(); text != "" {
				t.Errorf("something is logged:\n%s", text)
			}
		})
	}
}

func TestAnAddressThatCannotBeReadIsRefused(t *testing.T) {
	s := newSite(t)
	for _, query := range []string{"?q=%zz", "?tag=%", "?a=b;c=d", "?" + strings.Repeat("a=b&", 11_000)} {
		for _, path := range []string{"/notes", "/search", "/records", "/api/v1/notes"} {
			s.get(path, func(r *http.Request) { r.URL.RawQuery = query[1:] }).wantStatus(http.StatusBadRequest)
		}
	}
	wantEqual(t, s.log.faults(), "")
}
