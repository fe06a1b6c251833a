package web_test

import (
	"net/http"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/web"
)

// routes are all routes that need somebody to be signed in, with {note}, {record} and so on for ids. TestEveryRouteIsInTheMatrix
// fails for a route that is missing here.
var routes = []struct {
	method, path, body string
	status             int // for the owner's own id
}{
	{"GET", "/notes", "", 200},
	{"GET", "/notes/new", "", 200},
	{"POST", "/notes/bulk", "action=archive&id=01a2110b-27dc-7ebe-9c66-0625b203b39e", 303},
	{"GET", "/search", "", 200},
	{"POST", "/searches", "q=tea", 303},
	{"POST", "/searches/{search}/remove", "", 303},
	{"GET", "/tags", "", 200},
	{"GET", "/settings/sessions", "", 200},
	{"POST", "/settings/sessions", "session=others", 303},
	{"GET", "/tags/{tag}/rename", "", 200},
	{"POST", "/tags/{tag}/rename", "to=renamed&merge=1", 303},
	{"GET", "/complete/titles", "", 200},
	{"GET", "/complete/tags", "", 200},
	{"POST", "/notes", "content=x", 303},
	{"GET", "/notes/{note}", "", 200},
	{"GET", "/notes/{note}/edit", "", 200},
	{"POST", "/notes/{note}", "title=x&version=1", 303},
	{"POST", "/notes/attach", "multipart", 200},
	{"POST", "/notes/{note}/attach", "multipart", 200},
	{"POST", "/notes/{note}/tasks", "task=1&version=1", 303},
	{"POST", "/notes/{note}/tasks/1", "checked=true&version=1", 303},
	{"POST", "/notes/{note}/pin", "", 303},
	{"POST", "/notes/{note}/unpin", "", 303},
	{"POST", "/notes/{note}/archive", "", 303},
	{"POST", "/notes/{note}/unarchive", "", 303},
	{"GET", "/notes/{note}/history", "", 200},
	{"GET", "/notes/{note}/history/1", "", 200},
	{"POST", "/notes/{note}/history/1/restore", "", 303},
	{"POST", "/undo/{undo}", "", 303},
	{"POST", "/drafts/" + someKey, "content=x&version=1", 204},
	{"POST", "/drafts/{draft}/discard", "", 303},
	{"POST", "/preview", "content=x", 200},
	{"POST", "/files", "multipart", 201},
	{"GET", "/files/{file}", "", 200},
	{"GET", "/files/{file}/name.txt", "", 200},
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
	for _, route := range routes {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			s := newSite(t)
			stranger := s.stranger()
			// path returns the route's path with the ids of what is in somebody's space, or was when it is deleted.
			path := func(access domain.WriteAccess, deleted bool) string {
				return ids(s, access, deleted).Replace(route.path)
			}
			contentType, body := "application/json", route.body
			if !isForPrograms(route.path) {
				contentType = formType
			}
			if body == "multipart" {
				contentType, body = multipartForm(t, "file", "a.txt", "text")
			}
			ask := func(path string, status int, options ...option) {
				t.Helper()
				if strings.HasPrefix(route.path, "/api/") {
					options = append(options, header("If-Match", `"1"`))
				}
				s.do(route.method, path, contentType, body, options...).wantStatus(status)
			}
			own := path(s.owner, false)
			ask(own, http.StatusUnauthorized, nobody)
			ask(own, http.StatusUnauthorized, header("Cookie", sessionCookie+"="+domain.NewToken()))
			ask(own, http.StatusUnauthorized, nobody, header("Authorization", "Bearer "+domain.NewToken()))
			if strings.Contains(route.path, "{") {
				ask(path(stranger, false), http.StatusNotFound)
				ask(path(s.owner, true), http.StatusNotFound)
				ask(randomIDs().Replace(route.path), http.StatusNotFound)
			}
			ask(own, route.status)
			ask(path(s.owner, false), route.status, nobody, header("Authorization", "Bearer "+s.key))
			s.post("/logout")
			ask(path(s.owner, false), http.StatusUnauthorized)
		})
	}
}

// ids stores one of everything in a space, and returns what puts their ids into a path.
func ids(s *site, access domain.WriteAccess, deleted bool) *strings.Replacer {
	s.t.Helper()
	ctx, id := s.t.Context(), domain.NewID()
	no := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	n, err := s.notes.Create(ctx, access, domain.NoteDraft{Title: "theirs", Content: "- [ ] task", Tags: []domain.Tag{domain.Tag("t-" + string(id))}})
	no(err)
	r, err := domain.NewRecord(domain.RecordDraft{Title: "theirs"}, s.clock.Now())
	no(err)
	no(s.store.Records(access).Add(ctx, r))
	undo := domain.NewUndo(s.clock.Now())
	no(s.store.Undos(access).Add(ctx, undo))
	no(s.app.Drafts().Keep(ctx, access, domain.Draft{Key: id, NoteDraft: domain.NoteDraft{Title: "theirs"}}, app.Continued{}))
	f, err := s.app.Files().Upload(ctx, access, "a.txt", "text/plain", strings.NewReader(string(id)))
	no(err)
	hash := f.Hash
	search, err := s.app.Search().Save(ctx, access, "theirs", "tea")
	no(err)
	if deleted {
		no(s.store.Notes(access).Remove(ctx, n.ID))
		no(s.store.Records(access).Remove(ctx, r.ID))
		no(s.store.Undos(access).Remove(ctx, undo.ID))
		no(s.app.Drafts().Discard(ctx, access, id))
		no(s.store.Searches(access).Remove(ctx, search.ID))
		hash = domain.FileHash(domain.HashToken(string(id) + "gone"))
	}
	return strings.NewReplacer("{note}", string(n.ID), "{record}", string(r.ID), "{undo}", string(undo.ID),
		"{draft}", string(id), "{file}", string(hash), "{search}", string(search.ID), "{tag}", "t-"+string(id))
}

func randomIDs() *strings.Replacer {
	id := string(domain.NewID())
	return strings.NewReplacer("{note}", id, "{record}", id, "{undo}", id, "{draft}", id,
		"{file}", string(domain.HashToken(id)), "{search}", id, "{tag}", "t-"+id)
}

// someKey is of a draft that is yet to be written, which anybody may do.
const someKey = "0198c5b2-0000-7000-8000-000000000001"

func isForPrograms(path string) bool {
	return strings.HasPrefix(path, "/records") || strings.HasPrefix(path, "/api/")
}

func TestEveryRouteIsInTheMatrix(t *testing.T) {
	known := map[string]bool{}
	for _, route := range open {
		known[route] = true
	}
	names := strings.NewReplacer(someKey, ":id", "{note}", ":id", "{record}", ":id", "{undo}", ":id", "{draft}", ":id",
		"{file}", ":hash", "{search}", ":id", "{tag}/rename", "*",
		"/tasks/1", "/tasks/:n", "/history/1", "/history/:version", "/name.txt", "/:name")
	for _, r := range routes {
		known[r.method+" "+names.Replace(r.path)] = true
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
