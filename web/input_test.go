package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"octavo/domain"
)

// unsized hides how long a body is, so that it is sent in chunks.
func unsized(r *http.Request) {
	r.ContentLength = -1
	r.Body = io.NopCloser(io.MultiReader(r.Body))
}

func TestBadInputIsRefusedWithAMessageAndChangesNothing(t *testing.T) {
	s := newSite(t)
	n := s.note("Kept", "as it is")
	noteURL := "/notes/" + string(n.ID)
	record := func() string {
		var created struct{ ID string }
		s.json(http.MethodPost, "/records", `{"title":"Kept"}`).wantStatus(http.StatusCreated).decode(&created)
		return "/records/" + created.ID
	}()
	apiNote := "/api/v1/notes/" + string(n.ID)

	long, big := strings.Repeat("é", domain.MaxTitle+1), strings.Repeat("x", domain.MaxContent+1)
	form := func(fields ...string) string {
		v := url.Values{"version": {"1"}}
		for i := 0; i < len(fields); i += 2 {
			v.Set(fields[i], fields[i+1])
		}
		return v.Encode()
	}
	quoted := func(title, content string) string {
		body, err := json.Marshal(map[string]string{"title": title, "content": content})
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	recordCursor := domain.RecordCursor(domain.NewID()).String()
	trashCursor := domain.NoteCursor{State: domain.Trashed, ID: domain.NewID()}.String()
	deep := strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001)

	cases := []struct {
		name, method, target, contentType, body string
		status                                  int
		message                                 string // part of what a person reads
		options                                 []option
	}{
		{"neither title nor content", "POST", "/notes", formType, "", 422, "Write a title or some text", nil},
		{"blanks over nothing", "POST", "/notes", formType, form("title", " \t ", "content", "\n \n"), 422, "Write a title or some text", nil},
		{"a long title", "POST", "/notes", formType, form("title", long), 422, "at most 255 characters", nil},
		{"a long title in an edit", "POST", noteURL, formType, form("title", long), 422, "at most 255 characters", nil},
		{"large content", "POST", "/notes", formType, form("title", "t", "content", big), 422, "at most 256 KiB", nil},
		{"large content in an edit", "POST", noteURL, formType, form("title", "t", "content", big), 422, "at most 256 KiB", nil},
		{"NUL in the title", "POST", "/notes", formType, form("title", "a\x00b"), 422, "NUL", nil},
		{"NUL in the content", "POST", "/notes", formType, form("content", "a\x00b"), 422, "NUL", nil},
		{"invalid UTF-8", "POST", "/notes", formType, "title=%ff%fe", 422, "UTF-8", nil},
		{"a broken form", "POST", "/notes", formType, "title=%zz", 400, "couldn’t be read", nil},
		{"no version", "POST", noteURL, formType, "title=x", 422, "which version", nil},
		{"a version that is none", "POST", noteURL, formType, "title=x&version=one", 422, "which version", nil},
		{"a malformed id", "GET", "/notes/1", "", "", 404, "Note not found", nil},
		{"a malformed id to change", "POST", "/notes/1/trash", formType, "", 404, "Note not found", nil},
		{"an unknown id", "POST", "/notes/" + string(domain.NewID()) + "/trash", formType, "", 404, "Note not found", nil},
		{"an unknown page", "GET", "/nowhere", "", "", 404, "", nil},
		{"no cursor at all", "GET", "/notes?after=nonsense", "", "", 422, "first page", nil},
		{"the cursor of another list", "GET", "/notes?after=" + trashCursor, "", "", 422, "first page", nil},
		{"the cursor of records", "GET", "/notes?after=" + recordCursor, "", "", 422, "first page", nil},
		{"an unknown view", "GET", "/notes?view=secret", "", "", 422, "no such list", nil},
		{"a wrong method", "DELETE", noteURL, "", "", 405, "", nil},
		{"a GET of a change", "GET", noteURL + "/trash", "", "", 405, "", nil},
		{"JSON sent to a form", "POST", "/notes", "application/json", `{"title":"x"}`, 415, "form", nil},
		{"no content type", "POST", "/notes", "", "title=x", 415, "form", nil},
		{"files sent to a form", "POST", "/notes", "multipart/form-data; boundary=x", "--x--", 415, "form", nil},
		{"a compressed form", "POST", "/notes", formType, "title=x", 415, "uncompressed", []option{header("Content-Encoding", "gzip")}},
		{"a form over the limit", "POST", "/notes", formType, "content=" + strings.Repeat("x", 2<<20), 413, "256 KiB", nil},
		{"a form over the limit in chunks", "POST", "/notes", formType, "content=" + strings.Repeat("x", 2<<20), 413, "256 KiB", []option{unsized}},

		{"a record without title", "POST", "/records", "application/json", `{"content":"x"}`, 422, "title", nil},
		{"a record with a blank title", "POST", "/records", "application/json", quoted(" ", ""), 422, "title", nil},
		{"a record with a long title", "POST", "/records/", "application/json", quoted(long, ""), 422, "at most 255", nil},
		{"a record with large content", "PUT", record, "application/json", quoted("t", big), 422, "at most 256 KiB", nil},
		{"a record with NUL", "PUT", record, "application/json", `{"title":"a\u0000b"}`, 422, "NUL", nil},
		{"a record in invalid UTF-8", "POST", "/records", "application/json", "{\"title\":\"\xff\"}", 400, "UTF-8", nil},
		{"a record whose title is a number", "POST", "/records", "application/json", `{"title":1}`, 422, "string", nil},
		{"a record that is an array", "POST", "/records", "application/json", `[]`, 422, "object", nil},
		{"a malformed record id", "GET", "/records/1", "", "", 404, "Record not found", nil},
		{"an unknown record", "GET", "/records/" + string(domain.NewID()), "", "", 404, "Record not found", nil},
		{"an unknown record to update", "PUT", "/records/" + string(domain.NewID()), "application/json", quoted("t", ""), 404, "Record not found", nil},
		{"an unknown record to delete", "DELETE", "/records/" + string(domain.NewID()), "", "", 404, "Record not found", nil},
		{"a records cursor that is none", "GET", "/records?after=nonsense", "", "", 422, "first page", nil},
		{"the cursor of notes in records", "GET", "/records?after=" + trashCursor, "", "", 422, "first page", nil},
		{"a page of no records", "GET", "/records?limit=-1", "", "", 422, "limit", nil},
		{"a page of too many records", "GET", "/records?limit=101", "", "", 422, "limit", nil},
		{"a page of words", "GET", "/records?limit=ten", "", "", 422, "limit", nil},
		{"a wrong method on records", "PATCH", record, "application/json", `{}`, 405, "", nil},
		{"a form sent to records", "POST", "/records", formType, "title=x", 415, "JSON", nil},
		{"plain text sent to records", "POST", "/records", "text/plain", `{"title":"x"}`, 415, "JSON", nil},
		{"truncated JSON", "POST", "/records", "application/json", `{"title":"x`, 400, "JSON", nil},
		{"no JSON", "POST", "/records", "application/json", `title`, 400, "JSON", nil},
		{"an empty body", "POST", "/records", "application/json", ``, 400, "JSON", nil},
		{"deep JSON", "POST", "/records", "application/json", deep, 400, "JSON", nil},
		{"deep JSON in a field", "POST", "/records", "application/json", `{"title":` + deep + `}`, 400, "JSON", nil},
		{"compressed JSON", "POST", "/records", "application/json", `{"title":"x"}`, 415, "uncompressed", []option{header("Content-Encoding", "gzip")}},
		{"JSON over the limit", "POST", "/records", "application/json", quoted("t", strings.Repeat("x", 1<<20)), 413, "256 KiB", nil},
		{"JSON over the limit in chunks", "POST", "/records", "application/json", quoted("t", strings.Repeat("x", 1<<20)), 413, "256 KiB", []option{unsized}},

		{"an empty note", "POST", "/api/v1/notes", "application/json", `{}`, 422, "Write a title", nil},
		{"a note changed without If-Match", "PUT", apiNote, "application/json", quoted("t", ""), 428, "If-Match", nil},
		{"a note changed upon another version", "PUT", apiNote, "application/json", quoted("t", ""), 412, "changed", []option{header("If-Match", `"7"`)}},
		{"a note changed upon another ETag", "PUT", apiNote, "application/json", quoted("t", ""), 412, "changed", []option{header("If-Match", `W/"x"`)}},
		{"a long title upon the right version", "PUT", apiNote, "application/json", quoted(long, ""), 422, "at most 255", []option{header("If-Match", `"1"`)}},
		{"a malformed note id", "GET", "/api/v1/notes/1", "", "", 404, "Note not found", nil},
		{"a page of too many notes", "GET", "/api/v1/notes?limit=101", "", "", 422, "limit", nil},
		{"an unknown list of notes", "GET", "/api/v1/notes?view=x", "", "", 422, "view", nil},
		{"an unknown API", "GET", "/api/v2/notes", "", "", 404, "", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			got := s.do(c.method, c.target, c.contentType, c.body, c.options...).wantStatus(c.status)
			if !strings.Contains(strings.ToLower(unescaped(got)), strings.ToLower(c.message)) {
				t.Errorf("the answer doesn't say %q:\n%.1500s", c.message, got.body)
			}
			if len(got.body) > 4*len(c.body)+20_000 {
				t.Errorf("an answer of %d bytes", len(got.body))
			}
			if c.status == http.StatusMethodNotAllowed && got.Header.Get("Allow") == "" {
				t.Error("the answer doesn't say which methods are allowed")
			}
			if strings.HasPrefix(c.target, "/records") || strings.HasPrefix(c.target, "/api") {
				var problem struct {
					Status int
					Detail string
				}
				got.wantHeader("Content-Type", "application/problem+json").decode(&problem)
				wantEqual(t, problem.Status, c.status)
				if problem.Detail == "" {
					t.Error("the problem has no detail")
				}
			} else {
				got.wantHeader("Content-Type", "text/html; charset=UTF-8")
			}
		})
	}
	s.t = t
	wantEqual(t, s.titles(domain.Active), "Kept")
	wantEqual(t, s.stored(n.ID).Version, n.Version)
	var records []struct{ Title string }
	s.json(http.MethodGet, "/records", "").decode(&records)
	if len(records) != 1 || records[0].Title != "Kept" {
		t.Errorf("got records %v", records)
	}
	if text := s.log.faults(); text != "" {
		t.Errorf("something is logged:\n%s", text)
	}
}

// unescaped returns the body as a reader sees it.
func unescaped(a answer) string {
	if strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		return a.page().Text()
	}
	return a.body
}

func (a answer) decode(v any) {
	a.t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		a.t.Fatalf("%v in %.500s", err, a.body)
	}
}
