package web_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
	"octavo/web"
)

// site is the whole app over a store in memory, as a browser or a program sees it.
type site struct {
	t        *testing.T
	handler  http.Handler
	store    domain.Store
	accounts *app.Accounts
	app      *app.App
	notes    *app.Notes
	owner    domain.WriteAccess
	clock    *clock
	key      string
	cookie   *http.Cookie // of the owner's session
	log      *logged
}

const (
	testHost      = "127.0.0.1:8080"
	sessionCookie = "octavo_8080"
)

func newSite(t *testing.T, configure ...func(*web.Config)) *site {
	t.Helper()
	s := &site{t: t, store: memory.New(), key: domain.NewToken(), log: &logged{}}
	s.clock = &clock{now: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}
	features := app.New(s.store, &memory.Blobs{}, s.clock)
	s.app, s.notes = features, features.Notes()
	s.accounts = app.NewAccounts(s.store, s.clock, s.keys())
	if err := s.accounts.EnsureOwner(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.owner = s.access(domain.OwnerID)
	base, err := url.Parse("http://" + testHost)
	if err != nil {
		t.Fatal(err)
	}
	cfg := web.Config{
		App: features, Accounts: s.accounts,
		Log:     slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		BaseURL: base, Addr: testHost, Version: "test",
	}
	for _, c := range configure {
		c(&cfg)
	}
	s.handler = web.New(cfg)
	s.cookie = &http.Cookie{Name: "none"}
	opened := s.get(cfg.BaseURL.Path+"/open?key="+s.ticket(), func(r *http.Request) { r.Host = cfg.BaseURL.Host })
	given := opened.wantStatus(http.StatusSeeOther).Cookies()[0]
	s.cookie = &http.Cookie{Name: given.Name, Value: given.Value}
	return s
}

// access returns a user's access to their own space.
func (s *site) access(user domain.ID) domain.WriteAccess {
	s.t.Helper()
	access, err := s.app.Spaces().Write(s.t.Context(), domain.Actor{User: user}, user)
	if err != nil {
		s.t.Fatal(err)
	}
	return access
}

// stranger adds another user, and returns their access to their own space.
func (s *site) stranger() domain.WriteAccess {
	s.t.Helper()
	u := domain.User{ID: domain.NewID(), Created: s.clock.Now()}
	if err := s.store.Users().Add(s.t.Context(), u); err != nil {
		s.t.Fatal(err)
	}
	return s.access(u.ID)
}

func (s *site) keys() memory.Keys { return memory.Keys{Key: s.key, Secret: "secret"} }

// ticket returns what a new link signs in with.
func (s *site) ticket() string {
	return domain.NewTicket([]byte("secret"), domain.OwnerID, s.clock.Now())
}

// clock is a domain.Clock that stands until it is moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// logged collects what the app logs.
type logged struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logged) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// faults returns what is logged but for what matters to security, and for each request.
func (l *logged) faults() string {
	var faults []string
	for line := range strings.Lines(l.String()) {
		if !strings.Contains(line, "msg=security") && !strings.Contains(line, "msg=request ") {
			faults = append(faults, line)
		}
	}
	return strings.Join(faults, "")
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	t    *testing.T
	body string
}

type option func(*http.Request)

func header(name, value string) option { return func(r *http.Request) { r.Header.Set(name, value) } }

// choosing sends cookies as well in which a browser remembers choices, as _tags=all.
func (s *site) choosing(choices ...string) option {
	cookie := s.cookie.String()
	for _, choice := range choices {
		cookie += "; " + sessionCookie + choice
	}
	return header("Cookie", cookie)
}

// nobody sends the request without a session.
func nobody(r *http.Request) { r.Header.Del("Cookie") }

// htmx sends the request as htmx does, for the element with the id.
func htmx(target string) option {
	return func(r *http.Request) {
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Target", "form#"+target)
	}
}

// do sends a request as the owner's browser.
func (s *site) do(method, target, contentType, body string, options ...option) answer {
	s.t.Helper()
	r := httptest.NewRequestWithContext(s.t.Context(), method, "http://"+testHost+target, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(s.cookie)
	for _, o := range options {
		o(r)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	response := w.Result()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		s.t.Fatal(err)
	}
	return answer{Response: response, t: s.t, body: string(content)}
}

func (s *site) get(target string, options ...option) answer {
	s.t.Helper()
	return s.do(http.MethodGet, target, "", "", options...)
}

const formType = "application/x-www-form-urlencoded"

// post sends a form of name, value, name, value...
func (s *site) post(target string, fields ...string) answer {
	s.t.Helper()
	return s.postWith(target, nil, fields...)
}

func (s *site) postWith(target string, options []option, fields ...string) answer {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	return s.do(http.MethodPost, target, formType, form.Encode(), options...)
}

// json sends a request as a program does: with the key, and nothing that only browsers send.
func (s *site) json(method, target, body string, options ...option) answer {
	s.t.Helper()
	asProgram := []option{nobody, header("Authorization", "Bearer "+s.key), func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }}
	contentType := ""
	if body != "" {
		contentType = "application/json"
	}
	return s.do(method, target, contentType, body, append(asProgram, options...)...)
}

// token makes a token of the owner's for some scopes, and returns its secret and what it is kept by.
func (s *site) token(scopes ...domain.Scope) (secret string, hash domain.TokenHash) {
	s.t.Helper()
	token, secret, err := s.accounts.MakeToken(s.t.Context(), domain.Actor{User: domain.OwnerID},
		domain.TokenDraft{Name: string(domain.NewID()), Scopes: scopes, Days: 30}, "")
	if err != nil {
		s.t.Fatal(err)
	}
	return secret, token.Hash
}

// note stores a note and returns it.
func (s *site) note(title, content string) domain.Note {
	s.t.Helper()
	n, err := s.notes.Create(s.t.Context(), s.owner, domain.NoteDraft{Title: title, Content: content})
	if err != nil {
		s.t.Fatal(err)
	}
	s.clock.advance(time.Second)
	return n
}

// stored returns the note as it is stored now.
func (s *site) stored(id domain.ID) domain.Note {
	s.t.Helper()
	n, err := s.notes.Get(s.t.Context(), s.owner.Read(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// titles returns the titles of the notes in state.
func (s *site) titles(state domain.NoteState) string {
	s.t.Helper()
	page, err := s.notes.List(s.t.Context(), s.owner.Read(), domain.NoteFilter{State: state}, "", 100)
	if err != nil {
		s.t.Fatal(err)
	}
	names := make([]string, len(page.Notes))
	for i, n := range page.Notes {
		names[i] = n.Title
	}
	return strings.Join(names, ", ")
}

// comeBack loads a page, and has the background store that the owner has been there.
func (s *site) comeBack() {
	s.t.Helper()
	s.get("/notes").wantStatus(http.StatusOK)
	if err := s.accounts.StoreSessionUses(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (a answer) wantStatus(status int) answer {
	a.t.Helper()
	if a.StatusCode != status {
		a.t.Fatalf("got status %d, want %d; body:\n%.2000s", a.StatusCode, status, a.body)
	}
	return a
}

func (a answer) wantRedirect(to string) answer {
	a.t.Helper()
	a.wantStatus(http.StatusSeeOther)
	if got := a.Header.Get("Location"); got != to {
		a.t.Errorf("redirected to %q, want %q", got, to)
	}
	return a
}

func (a answer) wantHeader(name, value string) answer {
	a.t.Helper()
	if got := a.Header.Get(name); got != value {
		a.t.Errorf("header %s is %q, want %q", name, got, value)
	}
	return a
}

func (a answer) page() *goquery.Document {
	a.t.Helper()
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	if err != nil {
		a.t.Fatal(err)
	}
	return doc
}

// text returns the text of the first element that the selector finds.
func (a answer) text(selector string) string {
	a.t.Helper()
	found := a.page().Find(selector)
	if found.Length() == 0 {
		a.t.Errorf("no %q in:\n%.3000s", selector, a.body)
	}
	return strings.Join(strings.Fields(found.First().Text()), " ")
}

func wantEqual[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}
