package web_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
	"octavo/web"
)

type recordBody struct {
	ID, Title, Content, Created, Updated string
}

func TestARecordIsCreatedReadChangedAndDeleted(t *testing.T) {
	s := newSite(t)
	var created recordBody
	made := s.json(http.MethodPost, "/records/", `{"title":"One","content":"text <&>"}`).wantStatus(http.StatusCreated)
	made.decode(&created)
	wantEqual(t, strings.TrimSpace(made.body), fmt.Sprintf(`{"id":%q,"title":"One"}`, created.ID))
	url := "/records/" + created.ID
	made.wantHeader("Location", url)

	var got recordBody
	s.json(http.MethodGet, url, "").wantStatus(http.StatusOK).decode(&got)
	wantEqual(t, got, recordBody{created.ID, "One", "text <&>", "2026-02-03T04:05:06Z", "2026-02-03T04:05:06Z"})

	s.clock.advance(1e9)
	s.json(http.MethodPut, url, `{"title":"Uno","content":""}`).wantStatus(http.StatusOK).decode(&got)
	wantEqual(t, got, recordBody{created.ID, "Uno", "", "2026-02-03T04:05:06Z", "2026-02-03T04:05:07Z"})

	wantEqual(t, s.json(http.MethodDelete, url, "").wantStatus(http.StatusNoContent).body, "")
	var problem struct{ Detail string }
	s.json(http.MethodGet, url, "").wantStatus(http.StatusNotFound).decode(&problem)
	wantEqual(t, problem.Detail, "Record not found")
}

func TestAWholeRecordMayBeSentBack(t *testing.T) {
	s := newSite(t)
	var created recordBody
	s.json(http.MethodPost, "/records", `{"title":"One"}`).decode(&created)
	whole := s.json(http.MethodGet, "/records/"+created.ID, "").body
	s.json(http.MethodPut, "/records/"+created.ID, whole).wantStatus(http.StatusOK)
}

func TestAllRecordsAreOneArray(t *testing.T) {
	s := newSite(t)
	wantEqual(t, s.json(http.MethodGet, "/records/", "").wantStatus(http.StatusOK).wantHeader("Content-Type", "application/json").body, "[]")
	for i := range 450 {
		s.json(http.MethodPost, "/records", fmt.Sprintf(`{"title":"r%03d"}`, i))
	}
	var all []recordBody
	s.json(http.MethodGet, "/records/", "").wantStatus(http.StatusOK).decode(&all)
	if len(all) != 450 || all[0].Title != "r000" || all[449].Title != "r449" {
		t.Errorf("got %d records", len(all))
	}
}

var nextLink = regexp.MustCompile(`^<([^>]+)>; rel="next"$`)

func TestListsArePagedByTheirLinkHeader(t *testing.T) {
	s := newSite(t)
	for i := range 7 {
		s.json(http.MethodPost, "/records", fmt.Sprintf(`{"title":"%d"}`, i))
		s.note(fmt.Sprint(6-i), "")
	}
	for _, url := range []string{"/records/?limit=3", "/api/v1/notes?limit=3&view=active"} {
		var titles []string
		for pages := 1; url != ""; pages++ {
			page := s.json(http.MethodGet, url, "").wantStatus(http.StatusOK)
			var list []struct{ Title string }
			page.decode(&list)
			for _, r := range list {
				titles = append(titles, r.Title)
			}
			url = ""
			if link := page.Header.Get("Link"); link != "" {
				url = nextLink.FindStringSubmatch(link)[1]
			} else if pages != 3 {
				t.Errorf("the list ends with page %d", pages)
			}
		}
		wantEqual(t, strings.Join(titles, ""), "0123456")
	}
}

func TestANoteIsCreatedReadChangedAndDeletedByPrograms(t *testing.T) {
	s := newSite(t)
	var n struct {
		ID, Title, Content, State string
		Version                   int
	}
	made := s.json(http.MethodPost, "/api/v1/notes", `{"content":"# Title\n\ntext"}`).wantStatus(http.StatusCreated).
		wantHeader("ETag", `"1"`)
	made.decode(&n)
	url := "/api/v1/notes/" + n.ID
	made.wantHeader("Location", url)
	wantEqual(t, n.Title, "Title")

	s.json(http.MethodPut, url, `{"title":"New","content":"c"}`, header("If-Match", `"1"`)).wantStatus(http.StatusOK).wantHeader("ETag", `"2"`)
	s.json(http.MethodPut, url, `{"title":"Stale"}`, header("If-Match", `"1"`)).wantStatus(http.StatusPreconditionFailed)
	s.json(http.MethodGet, url, "").wantStatus(http.StatusOK).wantHeader("ETag", `"2"`).decode(&n)
	wantEqual(t, n.Title, "New")

	s.json(http.MethodDelete, url, "").wantStatus(http.StatusNoContent)
	s.json(http.MethodGet, url, "").decode(&n)
	wantEqual(t, n.State, "trash")
	var list []struct{ Title string }
	s.json(http.MethodGet, "/api/v1/notes", "").decode(&list)
	wantEqual(t, len(list), 0)
	s.json(http.MethodGet, "/api/v1/notes?view=trash", "").decode(&list)
	wantEqual(t, len(list), 1)
}

func TestTheSessionCookieOpensTheAPIToo(t *testing.T) {
	s := newSite(t)
	s.do(http.MethodPost, "/records", "application/json", `{"title":"by cookie"}`).wantStatus(http.StatusCreated)
	s.get("/records").wantStatus(http.StatusOK)
}

func TestTheDescriptionListsEveryOperationOnceAndItsPageShowsThem(t *testing.T) {
	s := newSite(t)
	var spec struct {
		OpenAPI string
		Paths   map[string]map[string]struct{ OperationID string }
	}
	s.get("/openapi.json").wantStatus(http.StatusOK).wantHeader("Content-Type", "application/json").decode(&spec)
	wantEqual(t, spec.OpenAPI, "3.1.0")
	docs := s.get("/docs").wantStatus(http.StatusOK).page()
	count := 0
	for _, path := range spec.Paths {
		for _, op := range path {
			count++
			if docs.Find("#"+op.OperationID).Length() != 1 {
				t.Errorf("%s isn't on the page once", op.OperationID)
			}
		}
	}
	if count < 10 {
		t.Errorf("%d operations are described, want those of records and of notes at least", count)
	}
	docs.Find("[src], link[href]").Each(func(_ int, element selection) {
		if url := element.AttrOr("src", element.AttrOr("href", "")); !strings.HasPrefix(url, "/") || strings.HasPrefix(url, "//") {
			t.Errorf("the page loads %s", url)
		}
	})
}

// brokenStore is a store whose notes and records can't be had.
type brokenStore struct {
	domain.Store
	err error
}

func (b brokenStore) ReadNotes(domain.ReadAccess) domain.NoteReader { return brokenNotes{err: b.err} }

func (b brokenStore) ReadRecords(domain.ReadAccess) domain.RecordReader {
	return brokenRecords{err: b.err}
}

type brokenNotes struct {
	domain.NoteReader
	err error
}

type brokenRecords struct {
	domain.RecordReader
	err error
}

func (b brokenNotes) List(context.Context, domain.NoteFilter, *domain.NoteCursor, int) ([]domain.NoteSummary, error) {
	return nil, b.fail()
}

func (b brokenRecords) List(context.Context, domain.RecordCursor, int) ([]domain.Record, error) {
	return nil, brokenNotes{err: b.err}.fail()
}

// fail panics where there is no error to return.
func (b brokenNotes) fail() error {
	if b.err == nil {
		panic("secret detail")
	}
	return b.err
}

// unwritableStore is one in which no transaction succeeds.
type unwritableStore struct {
	domain.Store
	err error
}

func (s unwritableStore) Atomically(context.Context, func(domain.Repos) error) error { return s.err }

func TestWhatCouldNotBeSavedIsGivenBackWithWhatToDo(t *testing.T) {
	for says, err := range map[string]error{
		"Try saving it again in a moment.":                   domain.NewError(domain.Unavailable, "The database doesn't answer"),
		"Save it again once there is room.":                  domain.NewError(domain.StorageFull, "There isn’t enough disk space to store this"),
		"Copy it to be safe, and try saving it again later.": errors.New("a bug"),
	} {
		s := newSite(t)
		faulty := newSite(t, func(cfg *web.Config) { cfg.App = app.New(unwritableStore{s.store, err}, &memory.Blobs{}, s.clock) })
		page := faulty.post("/notes", "draft", someKey, "content", "what I typed")
		if text := page.text("main"); !strings.Contains(text, says) || page.text("textarea[name=content]") != "what I typed" {
			t.Errorf("%v: the page says %s", err, text)
		}
		if lead := page.text(".lead"); !strings.HasSuffix(lead, ".") || strings.HasSuffix(lead, "..") {
			t.Errorf("%v: it says %q", err, lead)
		}
	}
}

func TestAFaultIsLoggedAndShownWithoutItsText(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
		says   string
	}{
		"a bug":                   {errors.New("secret detail"), 500, "Something went wrong"},
		"a database that is away": {fmt.Errorf("secret detail: %w", domain.Unavailable), 503, "database isn’t responding"},
		"a lost confirmation":     {fmt.Errorf("secret detail: %w", domain.Unknown), 503, "may have been saved"},
		"a full disk":             {fmt.Errorf("secret detail: %w", domain.StorageFull), 507, "disk is full"},
		"a damaged database":      {fmt.Errorf("secret detail: %w", domain.Damaged), 500, "restore a backup"},
		"a panic":                 {nil, 500, "Something went wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			broken := func(cfg *web.Config) {
				cfg.App = app.New(brokenStore{s.store, c.err}, &memory.Blobs{}, s.clock)
			}
			faulty := newSite(t, broken)
			page := faulty.get("/notes").wantStatus(c.status)
			if errors.Is(c.err, domain.Unknown) && strings.Contains(strings.ToLower(page.body), "nothing was") {
				t.Errorf("it claims to know: %s", page.text("main"))
			}
			if !strings.Contains(page.text("main"), c.says) || strings.Contains(page.body, "secret") {
				t.Errorf("got %s", page.text("main"))
			}
			if !strings.Contains(faulty.log.faults(), "status="+fmt.Sprint(c.status)) {
				t.Errorf("logged: %s", faulty.log.String())
			}
			fragment := faulty.get("/notes", htmx("")).wantStatus(c.status).wantHeader("HX-Retarget", "#notices")
			if strings.Contains(fragment.body, "<html") {
				t.Error("htmx gets a whole page")
			}
			api := faulty.json(http.MethodGet, "/records", "").wantStatus(c.status).wantHeader("Content-Type", "application/problem+json")
			if strings.Contains(api.body, "secret") {
				t.Errorf("got %s", api.body)
			}
		})
	}
}

// damagedStore is a store that knows that it is damaged.
type damagedStore struct{ domain.Store }

func (damagedStore) Ping(context.Context) error { return domain.Damaged }

func TestADamagedDatabaseIsNotReady(t *testing.T) {
	s := newSite(t)
	damaged := newSite(t, func(cfg *web.Config) { cfg.App = app.New(damagedStore{s.store}, &memory.Blobs{}, s.clock) })
	if page := damaged.get("/readyz").wantStatus(http.StatusServiceUnavailable); !strings.Contains(page.body, "Restore a backup") {
		t.Errorf("got %s", page.body)
	}
	damaged.get("/healthz").wantStatus(http.StatusOK)
}

// breakingRecords are records of which the second piece can't be had, by an error or, without one, by a panic.
type breakingRecords struct {
	domain.RecordReader
	err error
}

type breakingStore struct {
	domain.Store
	err error
}

func (b breakingStore) ReadRecords(a domain.ReadAccess) domain.RecordReader {
	return breakingRecords{b.Store.ReadRecords(a), b.err}
}

func (b breakingRecords) List(ctx context.Context, after domain.RecordCursor, limit int) ([]domain.Record, error) {
	if after != "" {
		return nil, brokenNotes{err: b.err}.fail()
	}
	return b.RecordReader.List(ctx, after, limit)
}

func TestHalfAListNeverLooksLikeAWholeOne(t *testing.T) {
	s := newSite(t)
	for i := range 120 {
		s.json(http.MethodPost, "/records", fmt.Sprintf(`{"title":"r%03d"}`, i))
	}
	for _, cause := range []error{errors.New("secret detail"), nil} {
		wantCutOff(t, newSite(t, func(cfg *web.Config) { cfg.App = app.New(breakingStore{s.store, cause}, &memory.Blobs{}, s.clock) }))
	}
}

// wantCutOff asks for all records and wants the answer to end in an error, and the log to say why.
func wantCutOff(t *testing.T, broken *site) {
	t.Helper()
	server := httptest.NewServer(broken.handler)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/records", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = testHost
	r.Header.Set("Authorization", "Bearer "+broken.key)
	response, err := server.Client().Do(r)
	if err == nil { // else it is cut off before its headers came through
		var body []byte
		body, err = io.ReadAll(response.Body)
		if err == nil {
			t.Errorf("status %d and %d bytes without an error", response.StatusCode, len(body))
		}
		_ = response.Body.Close()
	}
	if !strings.Contains(broken.log.String(), "secret detail") {
		t.Errorf("the fault isn't logged, but: %s", broken.log.String())
	}
	lines := broken.log.requests()
	if last := lines[len(lines)-1]; !strings.Contains(last, "route=/records status=200") {
		t.Errorf("the request is logged as %s", last)
	}
}

func TestHeadIsAnsweredWhereverGetIs(t *testing.T) {
	s := newSite(t)
	n := s.note("One", "")
	for _, path := range []string{"/notes", "/notes/" + string(n.ID), "/healthz", "/records", "/openapi.json"} {
		s.do(http.MethodHead, path, "", "").wantStatus(http.StatusOK)
	}
	s.do(http.MethodHead, "/notes/"+string(n.ID)+"/trash", "", "").wantStatus(http.StatusMethodNotAllowed)
}

func TestAnyVersionMatchesAStar(t *testing.T) {
	s := newSite(t)
	url := "/api/v1/notes/" + string(s.note("One", "").ID)
	s.json(http.MethodPut, url, `{"title":"Two"}`, header("If-Match", "*")).wantStatus(http.StatusOK).wantHeader("ETag", `"2"`)
	s.json(http.MethodPut, "/api/v1/notes/"+string(domain.NewID()), `{"title":"x"}`, header("If-Match", "*")).wantStatus(http.StatusNotFound)
}

func TestEveryKindOfErrorHasAStatusAndAnExplanation(t *testing.T) {
	for _, kind := range []domain.Kind{
		domain.NotFound, domain.Invalid, domain.Conflict, domain.Unauthenticated, domain.Unavailable, domain.StorageFull,
		domain.Damaged, domain.Unknown,
	} {
		if status, known := web.StatusOf(kind); !known || status < 400 {
			t.Errorf("%s: status %d", kind, status)
		}
	}
}

// apiNote is a note, or its summary, as programs get it.
type apiNote struct {
	ID, Title, Excerpt, State string
	Tags                      []string
	TextTags                  []string `json:"text_tags"`
	Pinned                    bool
	Version                   int
}

func TestProgramsGiveAndGetTagsAndKeepThoseThatTheyLeaveOut(t *testing.T) {
	s := newSite(t)
	var n apiNote
	s.json(http.MethodPost, "/api/v1/notes", `{"title":"Tea","content":"#drinks","tags":["work/home","#Kettle","work/HOME"]}`).
		wantStatus(http.StatusCreated).decode(&n)
	wantEqual(t, strings.Join(n.Tags, " "), "work/home Kettle")
	wantEqual(t, strings.Join(n.TextTags, " "), "drinks")
	url := "/api/v1/notes/" + n.ID

	n = apiNote{}
	s.json(http.MethodPut, url, `{"title":"Tea","content":"none"}`, header("If-Match", "*")).wantStatus(http.StatusOK).decode(&n)
	wantEqual(t, strings.Join(n.Tags, " "), "work/home Kettle")
	wantEqual(t, len(n.TextTags), 0)
	whole := s.json(http.MethodPut, url, `{"title":"Tea","tags":[]}`, header("If-Match", "*")).wantStatus(http.StatusOK)
	if !strings.Contains(whole.body, `"tags":[]`) {
		t.Errorf("no tags are not an empty array: %s", whole.body)
	}
	var problem struct {
		Errors []struct{ Location, Message string }
	}
	s.json(http.MethodPut, url, `{"title":"Tea","tags":["no tag"]}`, header("If-Match", "*")).wantStatus(http.StatusUnprocessableEntity).decode(&problem)
	wantEqual(t, problem.Errors[0].Location, "body.tags")
	s.json(http.MethodPut, url, `{"title":"Tea","tags":"x"}`, header("If-Match", "*")).wantStatus(http.StatusUnprocessableEntity)
}

func TestProgramsListByTagAndSearch(t *testing.T) {
	s := newSite(t)
	s.tagged("Tea at home", "work/home")
	s.tagged("Tea outside")
	archived := s.tagged("Old tea", "work")
	s.post(noteURL(archived) + "/archive")
	titles := func(target string) string {
		var list []apiNote
		s.json(http.MethodGet, target, "").wantStatus(http.StatusOK).decode(&list)
		names := make([]string, len(list))
		for i, n := range list {
			names[i] = n.Title + " " + n.State + " " + strings.Join(n.Tags, " ")
		}
		return strings.Join(names, ", ")
	}
	wantEqual(t, titles("/api/v1/notes?tag=work"), "Tea at home active work/home")
	wantEqual(t, titles("/api/v1/notes?tag=work&view=archived"), "Old tea archived work")
	wantEqual(t, titles("/api/v1/notes?q=te+is%3Aarchived"), "") // te is a whole word here, as it isn't the last
	wantEqual(t, titles("/api/v1/notes?q=is%3Aarchived+te"), "Old tea archived work")
	wantEqual(t, titles("/api/v1/notes?q=tag%3Awork"), "Old tea archived work, Tea at home active work/home")
	wantEqual(t, titles("/api/v1/notes?q=nonsense"), "")

	first := s.json(http.MethodGet, "/api/v1/notes?q=tea&limit=2", "").wantStatus(http.StatusOK)
	next := nextLink.FindStringSubmatch(first.Header.Get("Link"))
	wantEqual(t, len(next), 2)
	wantEqual(t, titles(next[1]), "Old tea archived work") // titles that begin with it come before

	var problem struct{ Errors []struct{ Location string } }
	s.json(http.MethodGet, "/api/v1/notes?tag=no+tag", "").wantStatus(http.StatusUnprocessableEntity).decode(&problem)
	wantEqual(t, problem.Errors[0].Location, "query.tag")
	s.json(http.MethodGet, "/api/v1/notes?q=tea&after=x", "").wantStatus(http.StatusUnprocessableEntity)
	s.json(http.MethodGet, "/api/v1/notes?q="+strings.Repeat("x", 1025), "").wantStatus(http.StatusUnprocessableEntity)
}

func TestProgramsSortLists(t *testing.T) {
	s := newSite(t)
	s.sorted("work")
	for sort, want := range map[string]string{"": "beta Gamma Alpha", "edited": "beta Gamma Alpha", "created": "Gamma Alpha beta", "title": "Alpha beta Gamma"} {
		for _, tag := range []string{"", "work"} {
			path := "/api/v1/notes?limit=1&tag=" + tag
			if sort != "" {
				path += "&sort=" + sort
			}
			var titles []string
			for path != "" {
				var list []apiNote
				page := s.json(http.MethodGet, path, "").wantStatus(http.StatusOK)
				page.decode(&list)
				titles = append(titles, list[0].Title)
				if tag := page.Header.Get("ETag"); tag != "" { // it is the first
					s.json(http.MethodGet, path, "", header("If-None-Match", tag)).wantStatus(http.StatusNotModified)
				}
				if path = ""; page.Header.Get("Link") != "" {
					path = nextLink.FindStringSubmatch(page.Header.Get("Link"))[1]
				}
			}
			wantEqual(t, strings.Join(titles, " "), want)
		}
	}
	s.json(http.MethodGet, "/api/v1/notes?sort=size", "").wantStatus(http.StatusUnprocessableEntity)
	s.json(http.MethodGet, "/api/v1/notes?q=a&sort=title", "").wantStatus(http.StatusOK)
	edited := nextLink.FindStringSubmatch(s.json(http.MethodGet, "/api/v1/notes?limit=1", "").Header.Get("Link"))[1]
	s.json(http.MethodGet, edited+"&sort=title", "").wantStatus(http.StatusUnprocessableEntity) // it begins at a place of another list
}

func isNotVisible(r rune) bool { return r < ' ' || r > '~' }

func TestWhatOfAQueryCannotBeReadIsToldToPrograms(t *testing.T) {
	s := newSite(t)
	s.note("Green tea", "")
	for query, parts := range map[string][]string{
		"tea":                                nil,
		"tag:":                               {"tag:"},
		"tea has:é😀":                         {"has:é😀"},
		`tea "green`:                         {`"green`},
		"tea created:x is:y":                 {"created:x", "is:y"},
		"tea" + strings.Repeat(" is:", 9):    {"is:", "is:", "is:", "is:", "is:"},
		"tea has:" + strings.Repeat("x", 99): {"has:" + strings.Repeat("x", 56) + "…"},
	} {
		got := s.json(http.MethodGet, "/api/v1/notes?q="+url.QueryEscape(query), "").wantStatus(http.StatusOK)
		var told []struct{ Part, Type, Text string }
		if header := got.Header.Get("Query-Problems"); header != "" || parts != nil {
			if err := json.Unmarshal([]byte(header), &told); err != nil || strings.ContainsFunc(header, isNotVisible) {
				t.Errorf("%q: the header says %q, %v", query, header, err)
			}
		}
		var named []string
		for _, problem := range told {
			named = append(named, problem.Part)
			if problem.Text == "" || !strings.HasPrefix(problem.Type, "query.") {
				t.Errorf("%q: nothing is said of %q", query, problem.Part)
			}
		}
		wantEqual(t, fmt.Sprint(named), fmt.Sprint(parts))
		var list []apiNote
		if got.decode(&list); strings.HasPrefix(query, "tea") && len(list) != 1 {
			t.Errorf("%q: the rest of it finds %d", query, len(list))
		}
	}
}

func TestARequestWithAKeyCreatesOneNoteHoweverOftenItIsSent(t *testing.T) {
	s := newSite(t)
	var ids []string
	for range 3 {
		var n apiNote
		made := s.json(http.MethodPost, "/api/v1/notes", `{"title":"Once","tags":["x"]}`, header("Idempotency-Key", "k1")).
			wantStatus(http.StatusCreated)
		made.decode(&n)
		made.wantHeader("Location", "/api/v1/notes/"+n.ID)
		ids = append(ids, n.ID)
	}
	if ids[0] != ids[1] || ids[1] != ids[2] {
		t.Errorf("got %v", ids)
	}
	s.json(http.MethodPost, "/api/v1/notes", `{"title":"Once","tags":["y"]}`, header("Idempotency-Key", "k1")).wantStatus(http.StatusConflict)
	s.json(http.MethodPost, "/api/v1/notes", `{"title":"Twice"}`, header("Idempotency-Key", "k2")).wantStatus(http.StatusCreated)
	s.json(http.MethodPost, "/api/v1/notes", `{"title":"x"}`, header("Idempotency-Key", strings.Repeat("k", 201))).wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, s.titles(domain.Active), "Twice, Once")
}

func TestTheDescriptionOfNotesKnowsTagsSearchAndKeys(t *testing.T) {
	s := newSite(t)
	var spec struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
		}
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	s.get("/openapi.json").decode(&spec)
	has := func(method, name, in string) {
		t.Helper()
		for _, p := range spec.Paths["/api/v1/notes"][method].Parameters {
			if p.Name == name && p.In == in {
				return
			}
		}
		t.Errorf("%s has no parameter %s in its %s", method, name, in)
	}
	has("get", "tag", "query")
	has("get", "q", "query")
	has("get", "sort", "query")
	has("post", "Idempotency-Key", "header")
	for _, property := range []string{"tags", "text_tags", "pinned", "state"} {
		if spec.Components.Schemas["Note"].Properties[property] == nil {
			t.Errorf("a note has no %s", property)
		}
	}
}

func TestTheTypeOfAnErrorInJSONIsItsCode(t *testing.T) {
	s := newSite(t)
	trashed := s.note("Trashed", "")
	if _, _, err := s.notes.Trash(t.Context(), s.owner, trashed.ID, nil); err != nil {
		t.Fatal(err)
	}
	notes := "/api/v1/notes"
	for _, c := range []struct{ method, path, body, code, detail string }{
		{http.MethodGet, notes + "/" + string(domain.NewID()), "", "note.not_found", "Note not found"},
		{http.MethodPut, notes + "/" + string(trashed.ID), `{"title":"x"}`, "note.trashed", "This note is in the trash. Restore it to edit it"},
		{http.MethodPost, notes, `{"title":"a\u0000"}`, "invalid", "Please check the highlighted fields"},
		{http.MethodPost, notes, `{"title":1}`, "invalid", "Please check the highlighted fields"},
		{http.MethodPost, notes, `{"title"`, "problem.no_json", "The request body couldn’t be read as JSON"},
		{http.MethodPost, notes, `{"title":"` + strings.Repeat("x", 2<<20) + `"}`, "problem.too_large", "Text can be up to 256 KiB."},
		{http.MethodGet, "/api/v1/nothing", "", "problem.not_found", "It may have been deleted, or the address may be misspelled."},
	} {
		var problem struct{ Type, Detail string }
		s.json(c.method, c.path, c.body, header("If-Match", "*")).decode(&problem)
		wantEqual(t, problem.Type, c.code)
		wantEqual(t, problem.Detail, c.detail)
	}
	s.key = "another"
	var problem struct{ Type, Detail string }
	s.json(http.MethodGet, notes, "").wantStatus(http.StatusUnauthorized).decode(&problem)
	wantEqual(t, problem.Type, "problem.no_key")
}
