package web_test

import (
	"net/http"
	"strings"
	"testing"

	"octavo/domain"
	"octavo/web"
)

// routes are all routes that need somebody to be signed in, with {note} and {record} for ids. TestEveryRouteIsInTheMatrix
// fails for a route that is missing here.
var routes = []struct {
	method, path, body string
	status             int // for the owner's own id
}{
	{"GET", "/notes", "", 200},
	{"GET", "/notes/new", "", 200},
	{"POST", "/notes", "content=x", 303},
	{"GET", "/notes/{note}", "", 200},
	{"GET", "/notes/{note}/edit", "", 200},
	{"POST", "/notes/{note}", "title=x&version=1", 303},
	{"POST", "/notes/{note}/trash", "", 303},
	{"POST", "/notes/{note}/restore", "", 303},
	{"POST", "/notes/{note}/purge", "", 409},
	{"GET", "/records", "", 200},
	{"POST", "/records", `{"title":"x"}`, 201},
	{"GET", "/records/{record}", "", 200},
	{"PUT", "/records/{record}", `{"title":"x"}`, 200},
	{"DELETE", "/records/{record}", "", 204},
	{"GET", "/api/v1/notes", "", 200},
	{"POST", "/api/v1/notes", `{"title":"x"}`, 201},
	{"GET", "/api/v1/notes/{note}", "", 200},
	{"PUT", "/api/v1/notes/{note}", `{"title":"x"}`, 200},
	{"DELETE", "/api/v1/notes/{note}", "", 204},
	{"GET", "/openapi.json", "", 200},
	{"GET", "/docs", "", 200},
}

// open are the routes for everybody.
var open = []string{"GET /", "GET /open", "POST /logout", "GET /healthz", "GET /readyz", "GET /static/*"}

func TestEveryRouteAnswersItsOwnerAndNobodyElse(t *testing.T) {
	stranger := domain.Actor{User: domain.NewID()}
	for _, route := range routes {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			s := newSite(t)
			if err := s.store.Users().Add(t.Context(), domain.User{ID: stranger.User, Created: s.clock.Now()}); err != nil {
				t.Fatal(err)
			}
			// ids returns the route's path with the ids of a note and a record that actor has.
			path := func(actor domain.Actor, deleted bool) string {
				n, err := s.notes.Create(t.Context(), actor, domain.NoteDraft{Title: "theirs"})
				if err != nil {
					t.Fatal(err)
				}
				r, err := domain.NewRecord(domain.RecordDraft{Title: "theirs"}, s.clock.Now())
				if err != nil {
					t.Fatal(err)
				}
				if err := s.store.Records(actor).Add(t.Context(), r); err != nil {
					t.Fatal(err)
				}
				if deleted {
					if err := s.store.Notes(actor).Remove(t.Context(), n.ID); err != nil {
						t.Fatal(err)
					}
					if err := s.store.Records(actor).Remove(t.Context(), r.ID); err != nil {
						t.Fatal(err)
					}
				}
				return strings.NewReplacer("{note}", string(n.ID), "{record}", string(r.ID)).Replace(route.path)
			}
			contentType := "application/json"
			if !isForPrograms(route.path) {
				contentType = formType
			}
			ask := func(path string, status int, options ...option) {
				t.Helper()
				options = append(options, header("If-Match", `"1"`))
				s.do(route.method, path, contentType, route.body, options...).wantStatus(status)
			}
			own := path(s.owner, false)
			ask(own, http.StatusUnauthorized, nobody)
			ask(own, http.StatusUnauthorized, header("Cookie", sessionCookie+"="+domain.NewToken()))
			ask(own, http.StatusUnauthorized, nobody, header("Authorization", "Bearer "+domain.NewToken()))
			if strings.Contains(route.path, "{") {
				ask(path(stranger, false), http.StatusNotFound)
				ask(path(s.owner, true), http.StatusNotFound)
				random := strings.NewReplacer("{note}", string(domain.NewID()), "{record}", string(domain.NewID()))
				ask(random.Replace(route.path), http.StatusNotFound)
			}
			ask(own, route.status)
			ask(path(s.owner, false), route.status, nobody, header("Authorization", "Bearer "+s.key))
			s.post("/logout")
			ask(path(s.owner, false), http.StatusUnauthorized)
		})
	}
}

func isForPrograms(path string) bool {
	return strings.HasPrefix(path, "/records") || strings.HasPrefix(path, "/api/")
}

func TestEveryRouteIsInTheMatrix(t *testing.T) {
	known := map[string]bool{}
	for _, route := range open {
		known[route] = true
	}
	for _, r := range routes {
		known[r.method+" "+strings.NewReplacer("{note}", ":id", "{record}", ":id").Replace(r.path)] = true
	}
	for _, route := range web.Routes() {
		if !known[route] {
			t.Errorf("%s has no row in the matrix", route)
		}
		delete(known, route)
	}
	for route := range known {
		t.Errorf("%s is in the matrix and nowhere else", route)
	}
}
