package web_test

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/web"
)

// routes are all routes that need somebody to be signed in, with {note}, {record} and so on for ids.
// TestEveryRouteIsInTheMatrix fails for a route that is missing here.
var routes = []struct {
	method, path, body string
	status             int    // for the owner's own id
	scope              string // that a token needs, or "any"
}{
	{"GET", "/notes", "", 200, "admin"},
	{"GET", "/notes/new", "", 200, "admin"},
	{"POST", "/notes/bulk", "action=archive&id=01a2110b-27dc-7ebe-9c66-0625b203b39e", 303, "admin"},
	{"GET", "/search", "", 200, "admin"},
	{"POST", "/searches", "q=tea", 303, "admin"},
	{"POST", "/searches/{search}/remove", "", 303, "admin"},
	{"GET", "/tags", "", 200, "admin"},
	{"GET", "/settings", "", 200, "admin"},
	{"POST", "/settings/password", "name=Ada&password=correct+horse&current=correct+horse", 303, "admin"},
	{"GET", "/settings/sessions", "", 200, "admin"},
	{"GET", "/logout", "", 200, "admin"},
	{"POST", "/settings/sessions", "session=others", 303, "admin"},
	{"GET", "/settings/two-step", "", 200, "admin"},
	{"POST", "/settings/two-step", "secret=x&code=123456", 409, "admin"},
	{"POST", "/settings/two-step/codes", "", 409, "admin"},
	{"POST", "/settings/two-step/off", "", 409, "admin"},
	{"GET", "/settings/audit", "", 200, "admin"},
	{"GET", "/settings/account", "", 200, "admin"},
	{"POST", "/settings/account/leave", "", 409, "admin"}, // the owner's stays
	{"POST", "/settings/account/keep", "", 303, "admin"},
	{"GET", "/settings/passkeys", "", 200, "admin"},
	{"POST", "/settings/passkeys", "name=Ada&passkey=Phone&answer=x", 422, "admin"},
	{"POST", "/settings/passkeys/offer", "", 200, "admin"},
	{"POST", "/settings/passkeys/ask", "", 200, "admin"},
	{"POST", "/settings/passkeys/rename", "key={passkey}&passkey=Laptop", 303, "admin"},
	{"POST", "/settings/passkeys/remove", "key={passkey}", 303, "admin"},
	{"POST", "/settings/identities", "", 404, "admin"},
	{"POST", "/settings/identities/remove", "identity={identity}", 303, "admin"},
	{"GET", "/settings/spaces", "", 200, "admin"},
	{"POST", "/settings/spaces/" + someKey + "/keep", "", 404, "admin"},
	{"POST", "/settings/spaces", "name=Team", 303, "admin"},
	{"GET", "/settings/tokens", "", 200, "admin"},
	{"POST", "/settings/tokens", "name=phone&scope=files", 200, "admin"},
	{"POST", "/settings/tokens/revoke", "token={token}", 303, "admin"},
	{"GET", "/settings/shares", "", 200, "admin"},
	{"POST", "/settings/shares/{share}/renew", "", 200, "admin"},
	{"POST", "/settings/shares/{share}/revoke", "", 303, "admin"},
	{"GET", "/notes/{note}/share", "", 200, "admin"},
	{"POST", "/notes/{note}/share", "right=read&days=7", 200, "admin"},
	{"GET", "/tags/{tag}/share", "", 200, "admin"},
	{"POST", "/tags/{tag}/share", "right=read&days=0", 200, "admin"},
	{"GET", "/tags/{tag}/rename", "", 200, "admin"},
	{"POST", "/tags/{tag}/rename", "to=renamed&merge=1", 303, "admin"},
	{"GET", "/complete/titles", "", 200, "admin"},
	{"GET", "/complete/headings", "", 200, "admin"},
	{"GET", "/complete/tags", "", 200, "admin"},
	{"POST", "/notes", "content=x", 303, "admin"},
	{"GET", "/notes/{note}", "", 200, "admin"},
	{"GET", "/notes/{note}/edit", "", 200, "admin"},
	{"POST", "/notes/{note}", "title=x&version=1", 303, "admin"},
	{"POST", "/notes/attach", "multipart", 200, "admin"},
	{"POST", "/notes/{note}/attach", "multipart", 200, "admin"},
	{"POST", "/notes/{note}/presence", "", 200, "admin"},
	{"POST", "/notes/{note}/tasks", "task=1&version=1", 303, "admin"},
	{"POST", "/notes/{note}/tasks/1", "checked=true&version=1", 303, "admin"},
	{"POST", "/notes/{note}/append", "content=more", 303, "admin"},
	{"POST", "/notes/{note}/pin", "", 303, "admin"},
	{"POST", "/notes/{note}/unpin", "", 303, "admin"},
	{"POST", "/notes/{note}/archive", "", 303, "admin"},
	{"GET", "/notes/{note}/move", "", 200, "admin"},
	{"POST", "/notes/{note}/move", "to={space}", 303, "admin"},
	{"POST", "/notes/{note}/unarchive", "", 303, "admin"},
	{"GET", "/notes/{note}/backlinks", "", 200, "admin"},
	{"GET", "/notes/{note}/history", "", 200, "admin"},
	{"GET", "/notes/{note}/history/1", "", 200, "admin"},
	{"POST", "/notes/{note}/history/1/restore", "", 303, "admin"},
	{"POST", "/undo/{undo}", "", 303, "admin"},
	{"POST", "/drafts/" + someKey, "content=x&version=1", 204, "admin"},
	{"POST", "/drafts/{draft}/discard", "", 303, "admin"},
	{"POST", "/drafts/" + someKey + "/cancel", "content=x&version=1", 303, "admin"},
	{"GET", "/drafts", "", 200, "admin"},
	{"POST", "/drafts/discard", "", 303, "admin"},
	{"POST", "/drafts/restore/1", "", 409, "admin"},
	{"POST", "/preview", "content=x", 200, "admin"},
	{"POST", "/files", "multipart", 201, "files"},
	{"GET", "/files/{file}", "", 200, "files"},
	{"GET", "/files/{file}/name.txt", "", 200, "files"},
	{"GET", "/thumbnails/{picture}", "", 302, "files"},
	{"POST", "/notes/{note}/trash", "", 303, "admin"},
	{"POST", "/notes/{note}/restore", "", 303, "admin"},
	{"POST", "/notes/{note}/purge", "", 409, "admin"},
	{"POST", "/notes/purge", "until=0", 303, "admin"},
	{"GET", "/records", "", 200, "records"},
	{"POST", "/records", `{"title":"x"}`, 201, "records"},
	{"GET", "/records/{record}", "", 200, "records"},
	{"PUT", "/records/{record}", `{"title":"x"}`, 200, "records"},
	{"DELETE", "/records/{record}", "", 204, "records"},
	{"GET", "/api/v1/notes", "", 200, "notes:read"},
	{"POST", "/api/v1/notes", `{"title":"x"}`, 201, "notes:append"},
	{"GET", "/api/v1/notes/{note}", "", 200, "notes:read"},
	{"PUT", "/api/v1/notes/{note}", `{"title":"theirs","content":"- [ ] task\n- [ ] another"}`, 200, "notes:append"},
	{"DELETE", "/api/v1/notes/{note}", "", 204, "notes:write"},
	{"GET", "/openapi.json", "", 200, "any"},
	{"GET", "/docs", "", 200, "admin"},
}

// open are the routes for everybody.
var open = []string{
	"GET /", "GET /open", "GET /login", "POST /login", "POST /login/passkey", "GET /login/oidc", "GET /login/oidc/callback", "POST /logout", "POST /api/v1/session", "DELETE /api/v1/session", "GET /invitation", "POST /invitation",
	"GET /s/:secret", "GET /s/:secret/notes/:id", "POST /s/:secret/password",
	"POST /s/:secret/tasks", "POST /s/:secret/notes/:id/tasks", "POST /s/:secret/lines", "POST /s/:secret/notes/:id/lines",
	"GET /s/:secret/files/:hash", "GET /s/:secret/files/:hash/:name",
	"GET /s/:secret/notes/:id/files/:hash", "GET /s/:secret/notes/:id/files/:hash/:name",
	"GET /healthz", "GET /readyz", "GET /static/*", "GET /favicon.ico",
}

func TestEveryRouteAnswersItsOwnerAndNobodyElse(t *testing.T) {
	for _, route := range routes {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			s := newSite(t)
			stranger := s.stranger()
			ask := func(status int, ids *strings.Replacer, options ...option) {
				t.Helper()
				s.ask(route.method, route.path, route.body, ids, options...).wantStatus(status)
			}
			own := ids(s, s.owner, false)
			ask(http.StatusUnauthorized, own, nobody)
			ask(http.StatusUnauthorized, own, header("Cookie", sessionCookie+"="+domain.NewToken()))
			ask(http.StatusUnauthorized, own, nobody, header("Authorization", "Bearer "+domain.NewToken()))
			if placeholder.MatchString(route.path + route.body) {
				ask(http.StatusNotFound, ids(s, stranger, false))
				ask(http.StatusNotFound, ids(s, s.owner, true))
				ask(http.StatusNotFound, randomIDs())
			}
			ask(route.status, own)
			byKey := route.status
			if byBrowser[route.method+" "+route.path] {
				byKey = http.StatusForbidden
			}
			ask(byKey, ids(s, s.owner, false), nobody, header("Authorization", "Bearer "+s.key))
			s.post("/logout", "sure", "1")
			ask(http.StatusUnauthorized, ids(s, s.owner, false))
		})
	}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// byBrowser are the routes for people alone, with whatever else somebody comes.
var byBrowser = map[string]bool{
	"POST /settings/password": true, "POST /settings/tokens": true, "POST /settings/spaces": true,
	"GET /settings/audit": true, "POST /settings/account/leave": true, "POST /settings/account/keep": true, "POST /settings/spaces/" + someKey + "/keep": true,
	"POST /settings/two-step": true, "POST /settings/two-step/codes": true, "POST /settings/two-step/off": true,
	"POST /settings/passkeys": true, "POST /settings/passkeys/offer": true, "POST /settings/passkeys/ask": true,
	"POST /settings/identities": true, "POST /settings/identities/remove": true,
	"POST /settings/passkeys/rename": true, "POST /settings/passkeys/remove": true,
	"POST /notes/{note}/share": true, "POST /tags/{tag}/share": true, "POST /settings/shares/{share}/renew": true,
}

// inOneSpace are the routes that lead from one space into another, as no token does.
var inOneSpace = map[string]bool{"POST /notes/{note}/move": true}

// ask sends a request as the matrix describes it, with ids in it.
func (s *site) ask(method, path, body string, ids *strings.Replacer, options ...option) answer {
	s.t.Helper()
	contentType := "application/json"
	if !isForPrograms(path) {
		contentType = formType
	}
	if body == "multipart" {
		contentType, body = multipartForm(s.t, "file", "a.txt", "text")
	} else {
		body = ids.Replace(body)
	}
	if strings.HasPrefix(path, "/api/") {
		options = append(options, header("If-Match", `"1"`))
	}
	return s.do(method, ids.Replace(path), contentType, body, options...)
}

// enough are the scopes that let in whoever has another one: all do for "any".
var enough = map[string][]domain.Scope{
	"notes:read":   {"notes:read", "admin"},
	"notes:append": {"notes:append", "notes:write", "admin"},
	"notes:write":  {"notes:write", "admin"},
	"records":      {"records", "admin"},
	"files":        {"files", "admin"},
	"admin":        {"admin"},
	"any":          domain.AllScopes(),
}

func TestEveryRouteAnswersTokensWithItsScopeAlone(t *testing.T) {
	for _, route := range routes {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			if enough[route.scope] == nil {
				t.Fatalf("%q is no scope", route.scope)
			}
			for _, scope := range domain.AllScopes() {
				s := newSite(t)
				stranger, own := s.stranger(), ids(s, s.owner, false)
				secret, hash := s.token(scope)
				ask := func(status int, ids *strings.Replacer) answer {
					t.Helper()
					return s.ask(route.method, route.path, route.body, ids, nobody, header("Authorization", "Bearer "+secret)).wantStatus(status)
				}
				switch {
				case !slices.Contains(enough[route.scope], scope):
					if refused := ask(http.StatusForbidden, own); !strings.Contains(refused.body, "the scope "+route.scope) {
						t.Errorf("with %s: it doesn't name the scope:\n%.2000s", scope, refused.body)
					}
				case byBrowser[route.method+" "+route.path], inOneSpace[route.method+" "+route.path]:
					ask(http.StatusForbidden, own)
				default:
					if placeholder.MatchString(route.path + route.body) {
						ask(http.StatusNotFound, ids(s, stranger, false))
					}
					ask(route.status, own)
				}
				if err := s.store.AccessTokens().Remove(t.Context(), domain.OwnerID, hash); err != nil {
					t.Fatal(err)
				}
				ask(http.StatusUnauthorized, own)
			}
		})
	}
}

func TestTheDescriptionNamesTheScopeOfEachOperation(t *testing.T) {
	spec, operations := description(t), 0
	for _, route := range routes {
		item, ok := spec.Paths[strings.NewReplacer("{note}", "{id}", "{record}", "{id}").Replace(route.path)]
		if op := item[strings.ToLower(route.method)]; ok {
			operations++
			wantEqual(t, strings.Join(op.Security[0]["key"], " "), route.scope)
			if !strings.HasSuffix(op.Description, "A token needs the scope "+route.scope+".") || op.Responses["403"] == nil {
				t.Errorf("%s doesn't say which scope it needs: %s", op.OperationID, op.Description)
			}
		}
	}
	for path, item := range spec.Paths {
		for method, op := range item {
			if slices.Contains(open, strings.ToUpper(method)+" "+path) {
				wantEqual(t, len(op.Security[0]), 0)
			} else {
				operations--
			}
		}
	}
	wantEqual(t, operations, 0)
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
	_, err = s.app.Drafts().Keep(ctx, access, domain.Draft{Key: id, NoteDraft: domain.NoteDraft{Title: "theirs"}}, app.Continued{})
	no(err)
	f, err := s.app.Files().Upload(ctx, access, "a.txt", "text/plain", strings.NewReader(string(id)))
	no(err)
	hash := f.Hash
	p, err := s.app.Files().Upload(ctx, access, "a.png", "image/png", strings.NewReader("of "+string(id)))
	no(err)
	picture := p.Hash
	search, err := s.app.Search().Save(ctx, access, "theirs", "tea")
	no(err)
	token, _, err := domain.NewAccessToken(domain.Actor{User: access.User()},
		domain.TokenDraft{Name: string(id), Scopes: []domain.Scope{domain.ScopeFiles}, Space: access.Space()}, s.clock.Now())
	no(err)
	no(s.store.AccessTokens().Add(ctx, token))
	passkey, err := domain.NewPasskey(access.User(), "Phone", domain.Credential{ID: []byte(id), Key: []byte("key")}, s.clock.Now())
	no(err)
	no(s.store.Passkeys().Add(ctx, passkey))
	identity := domain.Vouched{Subject: string(id)}.Identity(access.User(), s.clock.Now())
	no(s.store.Identities().Add(ctx, identity))
	share, _, err := access.Share(ctx, domain.ShareDraft{Note: n.ID, Right: domain.ShareRead}, s.clock.Now())
	no(err)
	no(s.store.Shares(access).Add(ctx, share))
	space := domain.Space{ID: domain.NewID(), Name: "theirs", Created: s.clock.Now()}
	no(s.store.Spaces().Add(ctx, space, access.User()))
	if deleted {
		no(s.store.Notes(access).Remove(ctx, n.ID))
		no(s.store.Records(access).Remove(ctx, r.ID))
		no(s.store.Undos(access).Remove(ctx, undo.ID))
		no(s.store.Drafts(access).Remove(ctx, id))
		no(s.store.Searches(access).Remove(ctx, search.ID))
		no(s.store.AccessTokens().Remove(ctx, access.User(), token.Hash))
		no(s.store.Passkeys().Remove(ctx, access.User(), passkey.ID))
		no(s.store.Identities().Remove(ctx, access.User(), identity.ID))
		hash = domain.FileHash(domain.HashToken(string(id) + "gone"))
		picture = hash
		space.ID = domain.NewID()
	}
	return strings.NewReplacer("{note}", string(n.ID), "{record}", string(r.ID), "{undo}", string(undo.ID),
		"{draft}", string(id), "{file}", string(hash), "{picture}", string(picture), "{search}", string(search.ID), "{tag}", "t-"+string(id),
		"{token}", string(token.Hash), "{passkey}", string(passkey.ID), "{identity}", string(identity.ID), "{share}", string(share.ID), "{space}", string(space.ID))
}

func randomIDs() *strings.Replacer {
	id := string(domain.NewID())
	return strings.NewReplacer("{note}", id, "{record}", id, "{undo}", id, "{draft}", id,
		"{file}", string(domain.HashToken(id)), "{picture}", string(domain.HashToken(id)), "{search}", id, "{tag}", "t-"+id, "{token}", string(domain.HashToken(id)), "{passkey}", string(domain.HashToken(id)), "{identity}", string(domain.HashToken(id)), "{share}", id, "{space}", id)
}

// someKey is of a draft that is yet to be written, which anybody may do.
const someKey = "0198c5b2-0000-7000-8000-000000000001"

func isForPrograms(path string) bool {
	return strings.HasPrefix(path, "/records") || strings.HasPrefix(path, "/api/")
}

// routeName returns what a route of the matrix is registered as.
func routeName(method, path string) string {
	names := strings.NewReplacer(someKey, ":id", "{note}", ":id", "{record}", ":id", "{undo}", ":id", "{draft}", ":id",
		"{file}", ":hash", "{picture}", ":hash", "{search}", ":id", "{tag}/rename", "*", "{tag}/share", "*", "{share}", ":id",
		"/tasks/1", "/tasks/:n", "/history/1", "/history/:version", "/restore/1", "/restore/:at", "/name.txt", "/:name")
	return method + " " + names.Replace(path)
}

func TestEveryRouteIsInTheMatrix(t *testing.T) {
	known := map[string]bool{}
	for _, route := range open {
		known[route] = true
	}
	for _, r := range routes {
		known[routeName(r.method, r.path)] = true
	}
	for _, r := range spaceRoutes {
		known[r.method+" /spaces/:space"+r.path] = true
	}
	for _, r := range adminRoutes {
		known[r.method+" "+strings.NewReplacer("{person}", ":id", "{invitation}", ":id").Replace(r.path)] = true
	}
	rows := maps.Clone(known)
	for _, route := range web.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if within, ok := strings.CutPrefix(path, "/spaces/:space"); ok && rows[method+" "+within] && !known[route] {
			continue // whose row is that of the same path outside
		}
		if !known[route] {
			t.Errorf("%s has no row in the matrix", route)
		}
		delete(known, route)
	}
	for route := range known {
		t.Errorf("%s is in the matrix and nowhere else", route)
	}
}
