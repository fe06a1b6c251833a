package main

import (
	"bytes"
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/onetime"
	"octavo/ent/enttest"
	"octavo/memory"
	"octavo/web"
)

// site is the whole app over a filled database, whose work is counted.
type site struct {
	*testing.T
	store  domain.Store
	app    *app.App
	access domain.WriteAccess
	web    *echo.Echo
	keys   memory.Keys
	clock  *ticking
	tally  *tally

	*contents
	subject domain.Note // a note with links to it, tags, a task and a history
	file    domain.File
	picture domain.File
}

// ticking is a clock that goes on a little whenever somebody looks at it, so that no two notes are of the same time.
type ticking struct {
	mu  sync.Mutex
	now time.Time
}

func (c *ticking) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(100 * time.Microsecond)
	return c.now
}

// tally counts what a database is asked for, while it is on.
type tally struct {
	mu         sync.Mutex
	on         bool
	statements []enttest.Statement
	waits      int // for an answer
	rows       int
	bytes      int
}

func (t *tally) watch() *enttest.Watch {
	return &enttest.Watch{
		Asked: func(s enttest.Statement) {
			t.mu.Lock()
			defer t.mu.Unlock()
			if t.on {
				t.statements = append(t.statements, s)
			}
		},
		Waited: func() {
			t.mu.Lock()
			defer t.mu.Unlock()
			if t.on {
				t.waits++
			}
		},
		Found: func(row []driver.Value) {
			t.mu.Lock()
			defer t.mu.Unlock()
			if t.on {
				t.rows++
				t.bytes += sizeOf(row)
			}
		},
	}
}

// sizeOf returns how many bytes a row has. Numbers and times count as eight, however a driver hands them over.
func sizeOf(row []driver.Value) (n int) {
	for _, value := range row {
		switch v := value.(type) {
		case nil:
		case string:
			n += len(v)
		case []byte:
			n += len(v)
		default:
			n += 8
		}
	}
	return n
}

// during returns what is counted while fn runs.
func (t *tally) during(fn func()) (statements []enttest.Statement, rows, size int) {
	t.mu.Lock()
	t.on, t.statements, t.waits, t.rows, t.bytes = true, nil, 0, 0, 0
	t.mu.Unlock()
	fn()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.on = false
	return t.statements, t.rows, t.bytes
}

// The database has so much that a page shows no more of anything than it would of any larger one.
var counted = amount{notes: 2000, records: 200, histories: []int{someRevisions}}

const (
	siteHost   = "127.0.0.1:8080"
	siteCookie = "octavo_8080"
)

func newSite(t *testing.T, databaseURL string) *site {
	t.Helper()
	s := &site{T: t, keys: memory.Keys{Key: domain.NewToken(), Secret: "secret"}, tally: &tally{}}
	store := enttest.Watched(t, databaseURL, s.tally.watch())
	s.store = store
	t.Cleanup(func() { s.must(store.Close()) })
	s.clock = &ticking{now: time.Now().UTC().Truncate(time.Microsecond)}
	accounts := app.NewAccounts(store, s.clock, s.keys)
	s.must(accounts.EnsureOwner(t.Context()))
	var err error
	s.contents, err = fill(t.Context(), databaseURL, counted)
	s.must(err)
	s.clock.now = time.Now().UTC().Truncate(time.Microsecond)

	s.app = app.New(store, &memory.Blobs{}, s.clock)
	s.access, err = s.app.Spaces().Write(t.Context(), domain.Actor{User: domain.OwnerID}, domain.OwnerID)
	s.must(err)
	s.addRest()
	base, err := url.Parse("http://" + siteHost)
	s.must(err)
	s.web = web.New(web.Config{
		App: s.app, Accounts: accounts, Log: slog.New(slog.DiscardHandler), BaseURL: base, Addr: siteHost, Version: "test",
	}).(*echo.Echo)
	return s
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// addRest adds what bench doesn't measure and pages show all the same.
func (s *site) addRest() {
	ctx := s.Context()
	s.subject = s.create("Subject", "as linked to by others")
	for _, linking := range []string{"one", "two", "three"} {
		s.create("Linking "+linking, "to [[Subject]]")
	}
	for range 3 {
		s.subject = s.edit(s.subject)
	}
	for i := range 30 {
		n := s.create("Put away", "as it has been dealt with")
		var err error
		if i%2 == 0 {
			_, err = s.app.Notes().Archive(ctx, s.access, n.ID, true)
		} else {
			_, _, err = s.app.Notes().Trash(ctx, s.access, n.ID, nil)
		}
		s.must(err)
	}
	s.createMany("that are #changed together")
	var err error
	s.file, err = s.app.Files().Upload(ctx, s.access, "a.txt", "text/plain", strings.NewReader("a file"))
	s.must(err)
	var picture bytes.Buffer
	s.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 400, 300))))
	s.picture, err = s.app.Files().Upload(ctx, s.access, "a.png", "image/png", &picture)
	s.must(err)
	for _, name := range []string{"one", "two"} {
		_, err := s.app.Search().Save(ctx, s.access, name, "tag:changed "+name)
		s.must(err)
	}
	s.draft("", "what is yet to be a note")
}

// create makes a note with a task, two tags and a link.
func (s *site) create(title, text string) domain.Note {
	s.Helper()
	n, err := s.app.Notes().Create(s.Context(), s.access, draftOf(title, text))
	s.must(err)
	return n
}

func draftOf(title, text string) domain.NoteDraft {
	return domain.NoteDraft{Content: "# " + title + "\n\n" + text + " #in/text\n\n- [ ] a task of [[Linking one]]\n", Tags: []domain.Tag{"beside"}}
}

// createMany makes twenty notes of the same text.
func (s *site) createMany(text string) (ids []domain.ID) {
	s.Helper()
	var notes []domain.Note
	for range 20 {
		n, err := domain.NewNote(draftOf("One of many", text), s.clock.Now())
		s.must(err)
		notes, ids = append(notes, n), append(ids, n.ID)
	}
	s.must(s.store.Notes(s.access).AddMany(s.Context(), notes, nil))
	return ids
}

// edit changes the text of a note.
func (s *site) edit(n domain.Note) domain.Note {
	s.Helper()
	draft := n.Draft()
	draft.Content += "\nAnd another paragraph.\n"
	saved, err := s.app.Editing().Save(s.Context(), s.access, n.ID, app.Edit{NoteDraft: draft, Base: n.Version})
	s.must(err)
	return saved.Note
}

// draft keeps something as a draft of a note, or of a new one, and returns its key.
func (s *site) draft(note domain.ID, content string) domain.ID {
	s.Helper()
	d := domain.Draft{Key: domain.NewID(), Note: note, NoteDraft: domain.NoteDraft{Content: content}}
	if note != "" {
		d.Base = 1
	}
	_, err := s.app.Drafts().Keep(s.Context(), s.access, d, app.Continued{})
	s.must(err)
	return d.Key
}

// What the owner signs in with, once setPassword has been called.
const sitesName, sitesPassword = "Ada", "correct horse"

// setPassword has the owner sign in with a password, and nothing besides.
func (s *site) setPassword() {
	s.must(s.store.SecondSteps().Remove(s.Context(), domain.OwnerID))
	owner, err := s.store.Users().Get(s.Context(), domain.OwnerID)
	s.must(err)
	if owner.Password != "" {
		return
	}
	s.must(owner.SetPassword(s.Context(), sitesName, sitesPassword))
	s.must(s.store.Users().SetPassword(s.Context(), owner))
}

// secondStep has the owner sign in with an app, too.
func (s *site) secondStep() (recovery string) {
	s.Helper()
	step := domain.SecondStep{User: domain.OwnerID, Secret: onetime.NewSecret(), Since: s.clock.Now()}
	recovery = step.Renew()[0]
	s.must(s.store.SecondSteps().Put(s.Context(), step))
	return recovery
}

// passkey has the owner have a password and one passkey, whose id it returns.
func (s *site) passkey() string {
	s.Helper()
	s.setPassword()
	had, err := s.store.Passkeys().List(s.Context(), domain.OwnerID)
	s.must(err)
	for _, p := range had {
		s.must(s.store.Passkeys().Remove(s.Context(), domain.OwnerID, p.ID))
	}
	p, err := domain.NewPasskey(domain.OwnerID, "phone", domain.Credential{ID: []byte("credential"), Key: []byte("key")}, s.clock.Now())
	s.must(err)
	s.must(s.store.Passkeys().Add(s.Context(), p))
	return string(p.ID)
}

// identity has the owner have a password and one identity, whose id it returns.
func (s *site) identity() string {
	s.Helper()
	s.setPassword()
	i := domain.Vouched{Issuer: "https://id.example.org", Subject: "1"}.Identity(domain.OwnerID, s.clock.Now())
	s.must(s.store.Identities().Add(s.Context(), i))
	return string(i.ID)
}

// invite has the owner invite somebody, and nobody else.
func (s *site) invite() (domain.Invitation, string) {
	s.Helper()
	s.must(s.store.Invitations().RemoveFrom(s.Context(), domain.OwnerID))
	access, err := domain.NewOwner(s.clock.Now()).Administer("")
	s.must(err)
	i, secret := access.Invite(false, s.clock.Now())
	s.must(s.store.Invitations().Add(s.Context(), i))
	return i, secret
}

// person returns who else has an account, with all rights as they were at first, and nobody who is invited.
func (s *site) person() domain.ID {
	s.Helper()
	u := domain.User{ID: "01a2110b-27dc-7ebe-9c66-0625b203b39f", Name: "Bo", Created: s.clock.Now()}
	if err := s.store.Users().Add(s.Context(), u); err != nil && !errors.Is(err, domain.Conflict) {
		s.Fatal(err)
	}
	s.must(s.store.Users().SetRights(s.Context(), u))
	s.must(s.store.Invitations().RemoveFrom(s.Context(), domain.OwnerID))
	return u.ID
}

// team is a space that somebody shares.
type team struct {
	space  domain.ID
	base   string // of its paths
	note   domain.ID
	other  domain.User // who is in it, too
	cookie string      // of Bo, who owns it
}

// team returns a space that Bo shares with somebody else, and no other one.
func (s *site) team() team {
	s.Helper()
	ctx, bo, now, spaces := s.Context(), s.person(), s.clock.Now(), s.store.Spaces()
	t := team{space: "01a2110b-27dc-7ebe-9c66-0625b203b39d", other: s.other()}
	t.base = "/spaces/" + string(t.space)
	if err := spaces.Add(ctx, domain.Space{ID: t.space, Name: "Team", Created: now}, bo); err != nil && !errors.Is(err, domain.Conflict) {
		s.Fatal(err)
	}
	s.must(spaces.SetGoes(ctx, domain.Space{ID: t.space}))
	s.must(spaces.SetMember(ctx, t.space, t.other.ID, domain.RoleOwner, now))
	s.must(spaces.SetMember(ctx, t.space, bo, domain.RoleOwner, now))
	shared, err := spaces.SharedBy(ctx, bo)
	s.must(err)
	for _, made := range shared {
		if made.ID != t.space {
			s.must(spaces.SetMember(ctx, made.ID, t.other.ID, domain.RoleOwner, now))
			s.must(spaces.RemoveMember(ctx, made.ID, bo))
		}
	}
	access, err := s.app.Spaces().Write(ctx, domain.Actor{User: bo}, t.space)
	s.must(err)
	list, err := s.app.Notes().List(ctx, access.Read(), domain.NoteFilter{State: domain.Active}, "", 1)
	s.must(err)
	if len(list.Notes) > 0 {
		t.note = list.Notes[0].ID
	} else {
		n, err := s.app.Notes().Create(ctx, access, draftOf("Shared", "by some"))
		s.must(err)
		t.note = n.ID
	}
	session, token := domain.NewSession(bo, "test", now)
	s.must(s.store.Sessions().Add(ctx, session))
	t.cookie = siteCookie + "=" + token
	return t
}

// createFor makes notes in somebody's own space, each of which has been edited once.
func (s *site) createFor(user domain.ID, count int) (ids []domain.ID) {
	s.Helper()
	access, err := s.app.Spaces().Write(s.Context(), domain.Actor{User: user}, user)
	s.must(err)
	for i := range count {
		n, err := s.app.Notes().Create(s.Context(), access, draftOf("Moved", fmt.Sprint("number ", i)))
		s.must(err)
		_, err = s.app.Editing().Update(s.Context(), access, n.ID, nil, draftOf("Moved", fmt.Sprint("changed, number ", i)))
		s.must(err)
		ids = append(ids, n.ID)
	}
	return ids
}

// other returns somebody who signs in with a name.
func (s *site) other() domain.User {
	s.Helper()
	u := domain.User{ID: "01a2110b-27dc-7ebe-9c66-0625b203b3a0", Created: s.clock.Now()}
	err := s.store.Users().Add(s.Context(), u)
	if errors.Is(err, domain.Conflict) {
		u, err = s.store.Users().Get(s.Context(), u.ID)
		s.must(err)
		return u
	}
	s.must(err)
	s.must(u.SetPassword(s.Context(), "Cy", sitesPassword))
	s.must(s.store.Users().SetPassword(s.Context(), u))
	return u
}

// signIn begins another session, and returns its token.
func (s *site) signIn() string {
	s.Helper()
	session, token := domain.NewSession(domain.OwnerID, "test", s.clock.Now())
	s.must(s.store.Sessions().Add(s.Context(), session))
	return token
}

// accessToken makes the owner's only token, and returns its secret and its hash.
func (s *site) accessToken() (secret string, hash domain.TokenHash) {
	s.Helper()
	s.must(s.store.AccessTokens().RemoveOf(s.Context(), domain.OwnerID))
	draft := domain.TokenDraft{Name: "test", Scopes: []domain.Scope{domain.ScopeNotesRead}}
	token, secret, err := domain.NewAccessToken(domain.Actor{User: domain.OwnerID}, draft, s.clock.Now())
	s.must(err)
	s.must(s.store.AccessTokens().Add(s.Context(), token))
	return secret, token.Hash
}

// share makes the owner's only share, with which all may be done that can be by one, and returns its id and its secret.
func (s *site) share(draft domain.ShareDraft) (id domain.ID, secret string) {
	s.Helper()
	s.forgetShares()
	draft.Right = domain.ShareAppend
	made, secret, err := s.access.Share(s.Context(), draft, s.clock.Now())
	s.must(err)
	s.must(s.store.Shares(s.access).Add(s.Context(), made))
	return made.ID, secret
}

func (s *site) forgetShares() {
	s.Helper()
	all, err := s.store.Shares(s.access).List(s.Context())
	s.must(err)
	for _, share := range all {
		s.must(s.store.Shares(s.access).Remove(s.Context(), share.ID))
	}
}

// asVisitor returns a request as of somebody who isn't known.
func (s *site) asVisitor(r *http.Request) *http.Request {
	r.Header.Del("Cookie")
	return r
}

// ask returns a request as a browser sends it to which somebody has signed in.
func (s *site) ask(method, target, contentType, body string, headers ...string) *http.Request {
	r := httptest.NewRequestWithContext(context.WithoutCancel(s.Context()), method, "http://"+siteHost+target, strings.NewReader(body))
	if body == "" {
		r.Body, r.ContentLength = http.NoBody, 0
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.AddCookie(&http.Cookie{Name: siteCookie, Value: s.token})
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return r
}

func (s *site) get(target string, headers ...string) *http.Request {
	return s.ask(http.MethodGet, target, "", "", headers...)
}

// post sends a form of name, value, name, value...
func (s *site) post(target string, fields ...string) *http.Request {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	return s.ask(http.MethodPost, target, formType, form.Encode())
}

// upload sends a file that isn't there yet.
func (s *site) upload(target string) *http.Request {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "b.txt")
	s.must(err)
	_, err = io.WriteString(part, string(domain.NewID()))
	s.must(err)
	s.must(form.Close())
	return s.ask(http.MethodPost, target, form.FormDataContentType(), body.String())
}

// api sends what a program does.
func (s *site) api(method, target, body string, headers ...string) *http.Request {
	contentType := ""
	if body != "" {
		contentType = "application/json"
	}
	r := s.ask(method, target, contentType, body, append([]string{"Authorization", "Bearer " + s.keys.Key}, headers...)...)
	r.Header.Del("Cookie")
	r.Header.Del("Sec-Fetch-Site")
	return r
}

// more returns where a page says that the next one is.
func (s *site) more(target, selector string) string {
	s.Helper()
	w := httptest.NewRecorder()
	s.web.ServeHTTP(w, s.get(target))
	page, err := goquery.NewDocumentFromReader(w.Body)
	s.must(err)
	href, ok := page.Find(selector).Attr("href")
	if !ok {
		s.Fatalf("%s has no %s", target, selector)
	}
	return href
}

// routeOf returns the route that a request takes, as method and path.
func (s *site) routeOf(r *http.Request) string {
	c := s.web.NewContext(r, nil)
	s.web.Router().Find(r.Method, r.URL.EscapedPath(), c)
	return r.Method + " " + c.Path()
}

// answer takes an answer and keeps nothing of it but the status.
type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(p []byte) (int, error) { return len(p), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }
