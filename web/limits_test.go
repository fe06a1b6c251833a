package web_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/query"
	"octavo/memory"
	"octavo/web"
)

// endless is a body that never ends.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '"'
	}
	return len(p), nil
}

func (endless) Close() error { return nil }

func TestNothingOfAStrangersBodyIsKept(t *testing.T) {
	s := newSite(t)
	asProgram := func(r *http.Request) { r.Header.Del("Sec-Fetch-Site"); r.Header.Del("Cookie") }
	for route, sent := range bodies(t) {
		if route == "POST /logout" {
			continue
		}
		method, path, _ := strings.Cut(route, " ")
		target := ids(s, s.owner, false).Replace(path)
		for name, stranger := range map[string]option{
			"without credentials": asProgram,
			"with a wrong key": func(r *http.Request) {
				asProgram(r)
				r.Header.Set("Authorization", "Bearer "+domain.NewToken())
			},
		} {
			got := s.do(method, target, sent[0], "", stranger, func(r *http.Request) {
				r.Body, r.ContentLength = endless{}, -1
			})
			if got.StatusCode != http.StatusUnauthorized || len(got.body) > 16<<10 {
				t.Errorf("%s %s: got %d and %d bytes", route, name, got.StatusCode, len(got.body))
			}
		}
	}
}

func TestWhoseSessionHasEndedGetsBackWhatANoteMayHold(t *testing.T) {
	s := newSite(t)
	s.post("/logout", "sure", "1")
	typed := func(target, content string) answer {
		return s.post(target, "title", "Kept", "content", content, "version", "1").wantStatus(http.StatusUnauthorized)
	}
	for _, target := range []string{"/notes", "/notes/" + string(domain.NewID())} {
		page := typed(target, "what I wrote").page()
		wantEqual(t, page.Find("textarea[name=content]").Text(), "what I wrote")
		wantEqual(t, page.Find("[name=title]").Text(), "Kept")
		most := strings.Repeat("x", domain.MaxContent)
		wantEqual(t, typed(target, most).page().Find("textarea[name=content]").Text(), most)
	}
	for _, size := range []int{domain.MaxContent + 32<<10, 2 << 20} {
		got := s.do(http.MethodPost, "/notes", formType, "content="+strings.Repeat(`"`, size-100))
		if got.StatusCode < 400 || len(got.body) > 64<<10 {
			t.Errorf("%d quotes: got %d and %d bytes", size, got.StatusCode, len(got.body))
		}
	}
}

// What is said to whoever sends something after their session has ended is about that, and not about a page to see.
func TestWhoseSessionHasEndedIsToldWhatHasBecomeOfWhatTheySend(t *testing.T) {
	s := newSite(t)
	note := "/notes/" + string(s.note("Tea", "").ID)
	s.post("/logout", "sure", "1")
	wantEqual(t, s.get("/notes").text("h1"), "Sign in to see this page")
	for target, title := range map[string]string{
		"/notes": "Sign in to save", note: "Sign in to save", note + "/pin": "Sign in to continue", "/notes/bulk": "Sign in to continue",
	} {
		page := s.post(target, "content", "Green", "version", "1").wantStatus(http.StatusUnauthorized)
		wantEqual(t, page.text("h1"), title)
		part := s.postWith(target, []option{htmx("")}, "content", "Green", "version", "1").wantStatus(http.StatusUnauthorized)
		wantEqual(t, part.text("strong"), title+".")
		for _, got := range []answer{page, part} {
			if text := got.text("body"); !strings.Contains(text, "octavo link") || !strings.Contains(text, "Nothing ") {
				t.Errorf("%s: got %q", target, text)
			}
		}
	}
}

// waiting is a body that waits to be read, and says so.
type waiting struct {
	began  func()
	let    <-chan struct{}
	reader io.Reader
}

func (w waiting) Read(p []byte) (int, error) {
	w.began()
	<-w.let
	return w.reader.Read(p)
}

func (waiting) Close() error { return nil }

func TestFewStrangersAtOnceGetTheirNoteBack(t *testing.T) {
	s := newSite(t)
	s.post("/logout", "sure", "1")
	let := make(chan struct{})
	began := make(chan struct{})
	var all sync.WaitGroup
	const few = 4
	for range few {
		var once sync.Once
		all.Go(func() {
			s.typeNote(func(r *http.Request) {
				r.Body = waiting{func() { once.Do(func() { began <- struct{}{} }) }, let, r.Body}
			}).wantStatus(http.StatusUnauthorized)
		})
	}
	for range few {
		<-began
	}
	s.typeNote(func(*http.Request) {}).wantStatus(http.StatusServiceUnavailable)
	close(let)
	all.Wait()
	got := s.typeNote(func(*http.Request) {}).wantStatus(http.StatusUnauthorized)
	wantEqual(t, got.page().Find("textarea[name=content]").Text(), "typed")
	wantEqual(t, s.log.faults(), "")
}

func (s *site) typeNote(o option) answer {
	return s.do(http.MethodPost, "/notes", formType, "content=typed", o)
}

func TestMoreThanIsDoneAtOnceIsAnsweredSo(t *testing.T) {
	for name, c := range map[string]struct {
		most   int
		target string
		who    option
		status int
	}{
		"those who are signed in": {64, "/notes/bulk", func(*http.Request) {}, http.StatusUnprocessableEntity},
		"uploads":                 {16, "/files", header("Content-Type", "multipart/form-data; boundary=x"), http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			let, began := make(chan struct{}), make(chan struct{})
			var all sync.WaitGroup
			for range c.most {
				var once sync.Once
				all.Go(func() {
					s.do(http.MethodPost, c.target, formType, "a=b", c.who, func(r *http.Request) {
						r.Body = waiting{func() { once.Do(func() { began <- struct{}{} }) }, let, r.Body}
					}).wantStatus(c.status)
				})
			}
			for range c.most {
				<-began
			}
			s.do(http.MethodPost, c.target, formType, "a=b", c.who).wantStatus(http.StatusServiceUnavailable).
				wantHeader("Retry-After", "5")
			s.get("/healthz", nobody).wantStatus(http.StatusOK)
			s.get("/notes", nobody).wantStatus(http.StatusUnauthorized)
			close(let)
			all.Wait()
			s.do(http.MethodPost, c.target, formType, "a=b", c.who).wantStatus(c.status)
			wantEqual(t, s.log.faults(), "")
		})
	}
}

func TestStrangersTakeNoPlaceOfThoseWhoAreSignedIn(t *testing.T) {
	s := newSite(t)
	for name, who := range map[string]option{
		"session": func(r *http.Request) { r.Header.Set("Cookie", s.cookie.Name+"="+domain.NewToken()) },
		"key":     func(r *http.Request) { nobody(r); r.Header.Set("Authorization", "Bearer "+domain.NewToken()) },
	} {
		for _, target := range []string{"/notes", "/notes/bulk", "/files", "/api/v1/notes", "/logout"} {
			t.Log(target, "slowly, with a false", name)
			const many = 80
			let, began := make(chan struct{}), make(chan struct{}, many)
			var all sync.WaitGroup
			for range many {
				var once sync.Once
				begin := func() { once.Do(func() { began <- struct{}{} }) }
				all.Go(func() {
					s.do(http.MethodPost, target, formType, "content=slow", who, func(r *http.Request) {
						r.Body = waiting{begin, let, r.Body}
					})
					begin() // if nobody reads the body
				})
			}
			for range many {
				<-began
			}
			s.get("/notes").wantStatus(http.StatusOK)
			close(let)
			all.Wait()
		}
	}
	if log := s.log.String(); strings.Contains(log, `event="signed out"`) {
		t.Errorf("a false session signed out: %s", log)
	}
	wantEqual(t, s.log.faults(), "")
}

// slowStore is a store whose searches wait, and say so.
type slowStore struct {
	domain.Store
	slow waiting
}

type slowIndex struct {
	domain.Index
	slow waiting
}

func (s slowStore) Index(a domain.ReadAccess) domain.Index {
	return slowIndex{s.Store.Index(a), s.slow}
}

func (i slowIndex) SearchFirst(ctx context.Context, part, q query.Query, limit int) ([]domain.Note, error) {
	i.slow.began()
	<-i.slow.let
	return i.Index.SearchFirst(ctx, part, q, limit)
}

func TestFewSearchAtOnce(t *testing.T) {
	let, began := make(chan struct{}), make(chan struct{}, 20)
	s := newSite(t, func(cfg *web.Config) {
		slow := waiting{began: func() { began <- struct{}{} }, let: let}
		cfg.App = app.New(slowStore{newSite(t).store, slow}, &memory.Blobs{}, &clock{})
	})
	const few = 3
	var all sync.WaitGroup
	for range few {
		all.Go(func() { s.get("/search?q=tea").wantStatus(http.StatusOK) })
		<-began
	}
	for _, target := range []string{"/search?q=tea", "/api/v1/notes?q=tea", "/complete/titles?q=tea"} {
		s.get(target).wantStatus(http.StatusServiceUnavailable).wantHeader("Retry-After", "5")
	}
	for _, target := range []string{"/search", "/notes", "/api/v1/notes"} {
		s.get(target).wantStatus(http.StatusOK)
	}
	close(let)
	all.Wait()
	for range 2 * few { // all have left their places
		s.get("/search?q=tea").wantStatus(http.StatusOK)
		s.get("/api/v1/notes?q=tea").wantStatus(http.StatusOK)
	}
	wantEqual(t, len(began), 4*few)
	wantEqual(t, s.log.faults(), "")
}
