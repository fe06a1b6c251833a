package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
	"octavo/web"
)

// described is what the description says of an operation.
type described struct {
	OperationID string
	Description string
	Tags        []string
	Parameters  []struct {
		Name, In string
		Required bool
	}
	Responses map[string]any
	Security  []map[string][]string
}

func description(t *testing.T) (spec struct {
	Tags  []struct{ Name string }
	Paths map[string]map[string]described
},
) {
	t.Helper()
	newSite(t).get("/openapi.json").wantStatus(http.StatusOK).decode(&spec)
	return spec
}

// required returns the names of the parameters that a request must have.
func (d described) required() string {
	var names []string
	for _, p := range d.Parameters {
		if p.Required && p.In != "path" {
			names = append(names, p.Name)
		}
	}
	return strings.Join(names, " ")
}

func (d described) takes(name string) bool {
	for _, p := range d.Parameters {
		if p.Name == name {
			return true
		}
	}
	return false
}

func TestTheDescriptionSaysWhichConditionsAreHeeded(t *testing.T) {
	for path, item := range description(t).Paths {
		for method, op := range item {
			want := ""
			if op.OperationID == "update-note" {
				want = "If-Match"
			}
			wantEqual(t, op.required(), want)
			one := strings.HasSuffix(path, "{id}")
			wantEqual(t, op.takes("If-Match"), one && method != "get")
			wantEqual(t, op.takes("If-None-Match"), (one || path == "/api/v1/notes") && method == "get")
			if _, stale := op.Responses["412"]; stale != one {
				t.Errorf("%s: answer 412 is described: %v", op.OperationID, stale)
			}
			if op.Description == "" || op.Responses["401"] == nil || op.Responses["503"] == nil {
				t.Errorf("%s isn't described as a whole: %v", op.OperationID, op)
			}
		}
	}
}

func TestNoListIsEverNull(t *testing.T) {
	s := newSite(t)
	spec := s.get("/openapi.json").body
	if strings.Contains(spec, `"null"`) || strings.Contains(spec, "nullable") {
		t.Error("the description has something that may be null")
	}
	made := s.json(http.MethodPost, "/api/v1/notes", `{"title":"x"}`)
	for _, got := range []answer{
		made, s.json(http.MethodGet, made.Header.Get("Location"), ""), s.json(http.MethodGet, "/api/v1/notes", ""),
		s.json(http.MethodGet, "/api/v1/notes?q=nothing", ""), s.json(http.MethodGet, "/api/v1/notes?tag=nothing", ""),
		s.json(http.MethodGet, "/records", ""), s.json(http.MethodGet, "/records?limit=1", ""),
		s.json(http.MethodGet, "/complete/tags?q=nothing", ""), s.json(http.MethodGet, "/complete/titles?q=nothing", ""),
	} {
		if strings.Contains(got.body, "null") || !strings.Contains(got.body, "[") {
			t.Errorf("got %s", got.body)
		}
	}
	s.json(http.MethodPost, "/api/v1/notes", `{"title":"x","tags":null}`).wantStatus(http.StatusUnprocessableEntity)
}

func TestTheDescriptionIsPrintedAsItIsServed(t *testing.T) {
	base := &url.URL{Scheme: "https", Host: "notes.example.org", Path: "/octavo"}
	document, err := web.Description(web.Config{App: app.New(memory.New(), &memory.Blobs{}, domain.SystemClock{}), BaseURL: base, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	served := newSite(t, func(cfg *web.Config) { cfg.BaseURL = base }).get("/octavo/openapi.json", func(r *http.Request) { r.Host = base.Host })
	var printed, got any
	served.decode(&got)
	if err := json.Unmarshal(document, &printed); err != nil {
		t.Fatal(err)
	}
	a, _ := json.Marshal(printed)
	b, _ := json.Marshal(got)
	wantEqual(t, string(a), string(b))
}

func TestTheDescriptionIsntSentToThoseWhoHaveIt(t *testing.T) {
	s := newSite(t)
	tag := s.get("/openapi.json").wantStatus(http.StatusOK).Header.Get("ETag")
	if tag == "" {
		t.Fatal("it has no ETag")
	}
	had := func(r *http.Request) { r.Header.Set("If-None-Match", tag) }
	if a := s.get("/openapi.json", had).wantStatus(http.StatusNotModified); a.body != "" {
		t.Errorf("there is %q", a.body)
	}
}
