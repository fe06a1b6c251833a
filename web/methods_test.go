package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"octavo/domain"
	"octavo/web"
)

// Every route tells which methods it takes, to who asks and to who uses another.
func TestEachRouteTellsItsMethods(t *testing.T) {
	s := newSite(t)
	methods := map[string][]string{}
	for _, route := range web.Routes() {
		method, path, _ := strings.Cut(route, " ")
		methods[path] = append(methods[path], method)
	}
	id := string(domain.NewID())
	fill := strings.NewReplacer("{id}", id, ":space", id, ":id", id, ":version", "1", ":n", "1", ":hash", "x", ":name", "x", "*", "x")
	for path, taken := range methods {
		if path == "/open" || path == "/login/oidc/callback" || path == "/static/*" || path == "/notes/new" || path == "/spaces/:space/notes/new" {
			continue // HEAD isn't taken; a file has a name; a note may be called new
		}
		if slices.Contains(taken, http.MethodGet) {
			taken = append(taken, http.MethodHead)
		}
		taken = append(taken, http.MethodOptions)
		for _, method := range []string{http.MethodOptions, http.MethodPatch, http.MethodTrace, "BREW", http.MethodPut, http.MethodDelete, http.MethodPost} {
			if method != http.MethodOptions && slices.Contains(taken, method) {
				continue
			}
			got := s.do(method, fill.Replace(path), "", "")
			status := http.StatusMethodNotAllowed
			if method == http.MethodOptions {
				status = http.StatusNoContent
			}
			allow := strings.Split(got.Header.Get("Allow"), ", ")
			slices.Sort(allow)
			slices.Sort(taken)
			if got.StatusCode != status || !slices.Equal(allow, slices.Compact(taken)) {
				t.Errorf("%s %s: status %d and Allow: %v, want %d and %v", method, path, got.StatusCode, allow, status, taken)
			}
		}
	}
	s.do(http.MethodHead, "/open?key=x", "", "").wantStatus(http.StatusMethodNotAllowed).wantHeader("Allow", "OPTIONS, GET")
	s.do(http.MethodHead, "/login/oidc/callback", "", "").wantStatus(http.StatusMethodNotAllowed).wantHeader("Allow", "OPTIONS, GET")
}

func TestAKeyThatIsNoneDoesNotPassForNone(t *testing.T) {
	s := newSite(t)
	for _, keys := range [][]string{
		{""}, {" "}, {"\t"}, {"a", "b"}, {"a", "a"}, {"", "a"}, {strings.Repeat("k", 201)}, {"ключ"}, {"a\xff"}, {"a\x00"}, {"a\n"}, {"a\x7f"}, {" a"}, {"a "},
	} {
		var problem struct{ Errors []struct{ Location string } }
		s.json(http.MethodPost, "/api/v1/notes", `{"title":"x"}`, func(r *http.Request) { r.Header["Idempotency-Key"] = keys }).
			wantStatus(http.StatusUnprocessableEntity).decode(&problem)
		if len(problem.Errors) == 0 || problem.Errors[0].Location != "header.Idempotency-Key" {
			t.Errorf("%q: got %v", keys, problem)
		}
	}
	wantEqual(t, s.titles(domain.Active), "")
	for _, key := range []string{"a", "a b", `"8e03978e-40d5-43dd-bc93-6894a57f9324"`, strings.Repeat("k", 200), "~!"} {
		s.json(http.MethodPost, "/api/v1/notes", `{"title":"x"}`, header("Idempotency-Key", key)).wantStatus(http.StatusCreated)
	}
}

func TestWhoeverIsNotKnownIsToldWhatToSend(t *testing.T) {
	s := newSite(t)
	for _, target := range []string{"/records", "/api/v1/notes", "/openapi.json"} {
		var problem struct{ Detail string }
		s.json(http.MethodGet, target, "", func(r *http.Request) { r.Header.Del("Authorization") }).
			wantStatus(http.StatusUnauthorized).wantHeader("WWW-Authenticate", "Bearer").decode(&problem)
		if !strings.Contains(problem.Detail, "octavo key") {
			t.Errorf("%s says %q", target, problem.Detail)
		}
	}
}
