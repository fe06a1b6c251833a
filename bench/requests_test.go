package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/onetime"
)

// counting is a request whose work is counted.
type counting struct {
	what   string // what is special about it, where its route alone doesn't say it
	status int
	// request returns the next one. Whatever that changes is as it was before the one before.
	request func(s *site) *http.Request
}

// reading returns a request that is always the same.
func reading(what, target string, headers ...string) counting {
	return counting{what, http.StatusOK, func(s *site) *http.Request { return s.get(s.fill(target), headers...) }}
}

// fill puts what is in the database into the path of a request.
func (s *site) fill(target string) string {
	return strings.NewReplacer("{note}", string(s.subject.ID), "{long}", string(s.histories[someRevisions]),
		"{record}", string(s.records[0]), "{file}", string(s.file.Hash), "{picture}", string(s.picture.Hash),
		"{tag}", s.tags[0]).Replace(target)
}

// unchanged is reading by somebody who has the answer already.
func unchanged(what, target string) counting {
	return counting{what, http.StatusNotModified, func(s *site) *http.Request {
		has := httptest.NewRecorder()
		s.web.ServeHTTP(has, s.get(s.fill(target)))
		return s.get(s.fill(target), "If-None-Match", has.Header().Get("ETag"))
	}}
}

// next is the request for the page after the one at a path.
func next(what, target, selector string, headers ...string) counting {
	return counting{what, http.StatusOK, func(s *site) *http.Request {
		return s.get(s.more(s.fill(target), selector), headers...)
	}}
}

// toNew is a POST to a note that is new.
func toNew(what, below string, fields ...string) counting {
	return counting{what, http.StatusSeeOther, func(s *site) *http.Request {
		n := s.create("New", "as it is about to change")
		return s.post("/notes/"+string(n.ID)+below, append(fields, "version", "1")...)
	}}
}

// byAPI is a request as a program sends it, about a new note or record where the path has one.
func byAPI(what string, status int, method, target, body string, headers ...string) counting {
	return counting{what, status, func(s *site) *http.Request {
		path := s.fill(target)
		switch {
		case strings.Contains(path, "{new note}"):
			path = strings.ReplaceAll(path, "{new note}", string(s.create("New", "as it is about to change").ID))
		case strings.Contains(path, "{new record}"):
			r, err := s.app.Records().Create(s.Context(), s.access, domain.RecordDraft{Title: "New"})
			s.must(err)
			path = strings.ReplaceAll(path, "{new record}", string(r.ID))
		}
		return s.api(method, path, body, headers...)
	}}
}

var htmx = []string{"HX-Request", "true", "HX-Target", "li#more"}

// reads are the requests that change nothing.
var reads = []counting{
	reading("", "/notes"),
	unchanged("unchanged", "/notes"),
	next("the next page", "/notes", "li.more a", htmx...),
	reading("how many there are", "/notes?count=true", htmx...),
	reading("how many have a tag", "/notes?count=true&tag={tag}", htmx...),
	reading("a tag", "/notes?tag={tag}"),
	unchanged("a tag, unchanged", "/notes?tag={tag}"),
	reading("by creation", "/notes?sort=created"),
	reading("by title", "/notes?sort=title"),
	next("by title, the next page", "/notes?sort=title", "li.more a", htmx...),
	reading("a tag, by title", "/notes?sort=title&tag={tag}"),
	unchanged("a tag, by title, unchanged", "/notes?sort=title&tag={tag}"),
	reading("the archive", "/notes?view=archived"),
	unchanged("the archive, unchanged", "/notes?view=archived"),
	reading("the trash", "/notes?view=trash"),
	reading("to choose from", "/notes?select=1"),
	reading("", "/notes/{note}"),
	unchanged("unchanged", "/notes/{note}"),
	{"not shown before", http.StatusOK, func(s *site) *http.Request {
		text := newWriter(5).markdown() + s.clock.Now().Format("\n\nWritten at .000000") // as no other one
		return s.get("/notes/" + string(s.create("New", text).ID))
	}},
	reading("", "/notes/new"),
	reading("", "/notes/{note}/edit"),
	{"a draft", http.StatusOK, func(s *site) *http.Request {
		n := s.create("New", "as it has a draft")
		s.draft(n.ID, "a draft of it")
		return s.get("/notes/" + string(n.ID) + "/edit")
	}},
	reading("", "/notes/{note}/backlinks"),
	reading("", "/notes/{note}/history"),
	reading("100 revisions", "/notes/{long}/history"),
	next("the next page", "/notes/{long}/history", `p.older a`),
	reading("", "/notes/{note}/history/2"),
	reading("the text", "/notes/{note}/history/2?view=text"),

	reading("", "/search"),
	reading("a rare word", "/search?q=zinnia"),
	reading("a common word", "/search?q=zebra"),
	reading("how many notes have a common word", "/search?count=true&q=zebra", htmx...),
	reading("two letters", "/search?q=ba", "HX-Request", "true", "HX-Target", "div#found"),
	reading("words and a tag", "/search?q=tag:{tag}+has:task+zebra"),
	reading("a phrase", "/search?q=%22zebra+zephyr%22"),
	reading("nothing found", "/search?q=nowhere"),
	next("the next page", "/search?q=zebra", "li.more a", htmx...),
	reading("", "/tags"),
	unchanged("unchanged", "/tags"),
	reading("", "/tags/{tag}/rename"),
	reading("", "/complete/titles?q=ba"),
	reading("nothing typed", "/complete/titles?q="),
	reading("", "/complete/headings?note=none"),
	reading("", "/complete/tags?q=b"),
	reading("", "/drafts"),
	reading("", "/settings"),
	reading("", "/settings/account"),
	reading("", "/settings/sessions"),
	{"", http.StatusOK, func(s *site) *http.Request {
		s.secondStep()
		return s.get("/settings/two-step")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.passkey()
		return s.get("/settings/passkeys")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.accessToken()
		return s.get("/settings/tokens")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.share(domain.ShareDraft{Note: s.subject.ID})
		return s.get("/settings/shares")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.share(domain.ShareDraft{Note: s.subject.ID})
		return s.get("/notes/" + string(s.subject.ID) + "/share")
	}},
	reading("a link for it", "/tags/{tag}/share"),
	byLink("", http.StatusOK, ""),
	byLinkOfTag("a list", http.StatusOK, ""),
	byLinkOfTag("", http.StatusOK, "/notes/{note}"),
	byLink("", http.StatusOK, "/files/{file}"),
	byLink("", http.StatusOK, "/files/{file}/a.txt"),
	byLinkOfTag("", http.StatusOK, "/notes/{note}/files/{file}"),
	byLinkOfTag("", http.StatusOK, "/notes/{note}/files/{file}/a.txt"),
	reading("", "/logout"),
	reading("", "/files/{file}"),
	reading("", "/files/{file}/a.txt"),
	reading("", "/thumbnails/{picture}"),

	byAPI("", http.StatusOK, "GET", "/records", ""),
	byAPI("a page", http.StatusOK, "GET", "/records?limit=20", ""),
	byAPI("", http.StatusOK, "GET", "/records/{record}", ""),
	byAPI("", http.StatusOK, "GET", "/api/v1/notes", ""),
	byAPI("a tag", http.StatusOK, "GET", "/api/v1/notes?tag={tag}", ""),
	{"by a token", http.StatusOK, func(s *site) *http.Request {
		secret, _ := s.accessToken()
		return s.api("GET", "/api/v1/notes", "", "Authorization", "Bearer "+secret)
	}},
	byAPI("a search", http.StatusOK, "GET", "/api/v1/notes?q=zebra", ""),
	byAPI("", http.StatusOK, "GET", "/api/v1/notes/{note}", ""),
	byAPI("unchanged", http.StatusNotModified, "GET", "/api/v1/notes/{note}", "", "If-None-Match", "*"),
	reading("", "/openapi.json"),
	reading("", "/docs"),
	reading("", "/readyz"),
}

// changes are the requests that change something.
var changes = []counting{
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		return s.post("/notes", "content", draftOf("Created", "just now").Content, "tags", "beside")
	}},
	{"from a draft", http.StatusSeeOther, func(s *site) *http.Request {
		content := draftOf("Created", "from a draft").Content
		return s.post("/notes", "content", content, "tags", "beside", "draft", string(s.draft("", content)))
	}},
	saving("nothing new", func(n domain.Note) domain.NoteDraft { return n.Draft() }),
	saving("another text", func(n domain.Note) domain.NoteDraft {
		draft := n.Draft()
		draft.Content += "\nAnd another paragraph.\n"
		return draft
	}),
	saving("other tags and links", func(n domain.Note) domain.NoteDraft {
		draft := n.Draft()
		draft.Content += "\nSee [[Linking two]], #another\n"
		draft.Tags = []domain.Tag{"aside"}
		return draft
	}),
	{"another title, three links follow", http.StatusSeeOther, func(s *site) *http.Request {
		n, err := s.app.Notes().Get(s.Context(), s.access.Read(), s.subject.ID)
		s.must(err)
		was, is := "Subject", "Renamed"
		if n.Title != was {
			was, is = is, was
		}
		return s.post("/notes/"+string(n.ID), "content", strings.Replace(n.Content, was, is, 1), "version", fmt.Sprint(n.Version))
	}},
	{"what merges", http.StatusSeeOther, func(s *site) *http.Request {
		n := s.create("Merged", "with what is said at the same time")
		s.edit(n)
		return s.post("/notes/"+string(n.ID), "content", strings.Replace(n.Content, "time", "moment", 1), "version", "1")
	}},
	{"what collides", http.StatusConflict, func(s *site) *http.Request {
		n := s.create("Merged", "with what is said at the same time")
		s.edit(n)
		return s.post("/notes/"+string(n.ID), "content", n.Content+"\nAnd something else.\n", "version", "1")
	}},
	toNew("", "/tasks", "task", "1"),
	toNew("", "/tasks/1", "checked", "true"),
	toNew("", "/append", "content", "another paragraph"),
	toNew("", "/pin"),
	toNew("", "/unpin"),
	toNew("", "/archive"),
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		n := s.create("New", "as it is about to come back")
		_, err := s.app.Notes().Archive(s.Context(), s.access, n.ID, true)
		s.must(err)
		return s.post("/notes/" + string(n.ID) + "/unarchive")
	}},
	toNew("", "/trash"),
	toTrashed("/restore"),
	toTrashed("/purge"),
	{"20 notes", http.StatusSeeOther, func(s *site) *http.Request {
		_, _, err := s.app.Notes().EmptyTrash(s.Context(), s.access, s.clock.Now())
		s.must(err)
		_, err = s.app.Bulk().Change(s.Context(), s.access, app.ManyTrash, "", s.createMany("that are new"))
		s.must(err)
		return s.post("/notes/purge", "until", strconv.FormatInt(s.clock.Now().UnixMicro(), 10))
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		n := s.edit(s.create("New", "as it is about to be as before"))
		return s.post("/notes/" + string(n.ID) + "/history/1/restore")
	}},
	{"20 notes", http.StatusSeeOther, func(s *site) *http.Request {
		tags := []string{"changed", "altered"}
		if !s.tagged(tags[0]) {
			tags[0], tags[1] = tags[1], tags[0]
		}
		return s.post("/tags/"+tags[0]+"/rename", "to", tags[1])
	}},
	atOnce("to tag 20", "tag"),
	atOnce("to archive 20", "archive"),
	atOnce("to trash 20", "trash"),
	{"20 notes", http.StatusSeeOther, func(s *site) *http.Request {
		changed, err := s.app.Bulk().Change(s.Context(), s.access, app.ManyTag, "another", s.createMany("that are new"))
		s.must(err)
		return s.post("/undo/" + string(changed.Undo))
	}},

	{"", http.StatusNoContent, func(s *site) *http.Request {
		return s.post("/drafts/"+string(domain.NewID()), "content", "what is being typed")
	}},
	{"typed on", http.StatusNoContent, func(s *site) *http.Request {
		return s.post("/drafts/"+string(s.draft("", "what is being typed")), "content", "what is being typed and on")
	}},
	{"of a note", http.StatusNoContent, func(s *site) *http.Request {
		n := s.create("New", "as it is about to be changed")
		return s.post("/drafts/"+string(domain.NewID()), "content", "what is being typed", "note", string(n.ID), "version", "1")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		return s.post("/drafts/" + string(s.draft("", "not worth a note")) + "/discard")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		n := s.create("New", "as it is about to be changed")
		return s.post("/drafts/"+string(domain.NewID())+"/cancel", "content", "what is being typed", "note", string(n.ID), "version", "1")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		s.draft("", "not worth a note")
		return s.post("/drafts/discard")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		at, err := s.app.Drafts().Discard(s.Context(), s.access, s.draft("", "worth a note"))
		s.must(err)
		return s.post("/drafts/restore/" + strconv.FormatInt(at.UnixMicro(), 10))
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		return s.post("/preview", "content", draftOf("Preview", "of a note").Content)
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		s.forgetSearch()
		return s.post("/searches", "q", "zebra", "name", "three")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		s.forgetSearch()
		search, err := s.app.Search().Save(s.Context(), s.access, "three", "zebra")
		s.must(err)
		return s.post("/searches/" + string(search.ID) + "/remove")
	}},
	{"", http.StatusCreated, func(s *site) *http.Request { return s.upload("/files") }},
	{"", http.StatusOK, func(s *site) *http.Request { return s.upload("/notes/attach") }},
	{"", http.StatusOK, func(s *site) *http.Request { return s.upload("/notes/" + string(s.subject.ID) + "/attach") }},

	byAPI("", http.StatusCreated, "POST", "/records", `{"title":"New","content":"record"}`),
	byAPI("", http.StatusOK, "PUT", "/records/{new record}", `{"title":"New","content":"another text"}`),
	byAPI("", http.StatusNoContent, "DELETE", "/records/{new record}", ""),
	byAPI("", http.StatusCreated, "POST", "/api/v1/notes", `{"content":"# New\n\nnote #in/text","tags":["beside"]}`),
	{"with a key", http.StatusCreated, func(s *site) *http.Request {
		return s.api("POST", "/api/v1/notes", `{"content":"# New\n\nnote #in/text","tags":["beside"]}`, "Idempotency-Key", string(domain.NewID()))
	}},
	byAPI("", http.StatusOK, "PUT", "/api/v1/notes/{new note}", `{"content":"# New\n\nanother text"}`, "If-Match", `"1"`),
	byAPI("", http.StatusNoContent, "DELETE", "/api/v1/notes/{new note}", "", "If-Match", `"1"`),

	{"", http.StatusSeeOther, func(s *site) *http.Request {
		r := s.get("/open?key=" + domain.NewTicket([]byte(s.keys.Secret), domain.OwnerID, s.clock.Now()))
		r.Header.Del("Cookie")
		return r
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.setPassword()
		r := s.get("/login")
		r.Header.Del("Cookie")
		return r
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		s.setPassword()
		r := s.post("/login", "name", sitesName, "password", sitesPassword)
		r.Header.Del("Cookie")
		return r
	}},
	{"", http.StatusNoContent, func(s *site) *http.Request {
		s.setPassword()
		r := s.api("POST", "/api/v1/session", `{"name":"`+sitesName+`","password":"`+sitesPassword+`"}`)
		r.Header.Del("Authorization")
		return r
	}},
	{"", http.StatusNoContent, func(s *site) *http.Request {
		token := s.signIn()
		r := s.api("DELETE", "/api/v1/session", "")
		r.Header.Del("Authorization")
		r.Header.Set("Origin", "http://"+r.Host)
		r.Header.Set("Cookie", siteCookie+"="+token)
		return r
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		s.setPassword()
		return s.post("/settings/password", "name", sitesName, "password", sitesPassword, "current", sitesPassword)
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		secret := onetime.NewSecret()
		code, err := secret.Code(s.clock.Now())
		s.must(err)
		s.setPassword()
		return s.post("/settings/two-step", "secret", string(secret), "code", code)
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		return s.post("/settings/two-step/codes", "code", s.secondStep())
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		return s.post("/settings/two-step/off", "code", s.secondStep())
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		r := s.post("/login/passkey")
		r.Header.Del("Cookie")
		return r
	}},
	{"", http.StatusUnprocessableEntity, func(s *site) *http.Request {
		s.passkey()
		return s.post("/settings/passkeys", "passkey", "laptop", "answer", "none")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.passkey()
		return s.post("/settings/passkeys/offer")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.passkey()
		return s.post("/settings/passkeys/ask")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		return s.post("/settings/passkeys/rename", "key", s.passkey(), "passkey", "laptop")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		return s.post("/settings/passkeys/remove", "key", s.passkey())
	}},
	{"without a provider", http.StatusNotFound, func(s *site) *http.Request { return s.asVisitor(s.get("/login/oidc")) }},
	{"", http.StatusUnauthorized, func(s *site) *http.Request { return s.get("/login/oidc/callback?state=x&code=x") }},
	{"without a provider", http.StatusNotFound, func(s *site) *http.Request { return s.post("/settings/identities") }},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		return s.post("/settings/identities/remove", "identity", s.identity())
	}},
	toPeople(http.StatusOK, "/recover"),
	toPeople(http.StatusSeeOther, "/admin"),
	toPeople(http.StatusSeeOther, "/member"),
	toPeople(http.StatusSeeOther, "/disable"),
	toPeople(http.StatusSeeOther, "/enable"),
	toPeople(http.StatusSeeOther, "/remove"),
	{"", http.StatusOK, func(s *site) *http.Request {
		s.invite()
		return s.post("/settings/people/invite", "role", "member")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		i, _ := s.invite()
		return s.post("/settings/people/invitations/" + string(i.ID) + "/withdraw")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		_, secret := s.invite()
		return s.get("/invitation?key=" + secret)
	}},
	{"", http.StatusOK, func(s *site) *http.Request { return s.get("/settings/people") }},
	{"", http.StatusOK, func(s *site) *http.Request {
		return s.get("/settings/audit?after=00000000-0000-7000-8000-000000000009")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		_, secret := s.invite()
		r := s.post("/invitation", "key", secret, "name", string(domain.NewID()), "password", sitesPassword)
		r.Header.Del("Cookie")
		return r
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		s.signIn()
		return s.post("/settings/sessions", "session", "others")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		s.must(s.store.AccessTokens().RemoveOf(s.Context(), domain.OwnerID))
		return s.post("/settings/tokens", "name", "test", "scope", "files", "days", "90")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		_, hash := s.accessToken()
		return s.post("/settings/tokens/revoke", "token", string(hash))
	}},
	inTeam("", http.StatusOK, func(s *site, t team) *http.Request { return s.get(t.base + "/notes") }),
	inTeam("", http.StatusOK, func(s *site, t team) *http.Request { return s.get(t.base + "/notes/" + string(t.note)) }),
	inTeam("unchanged", http.StatusNotModified, func(s *site, t team) *http.Request {
		r, has := s.get(t.base+"/notes"), httptest.NewRecorder()
		r.Header.Set("Cookie", t.cookie)
		s.web.ServeHTTP(has, r)
		return s.get(t.base+"/notes", "If-None-Match", has.Header().Get("ETag"))
	}),
	inTeam("by somebody who shares one", http.StatusOK, func(s *site, _ team) *http.Request { return s.get("/notes") }),
	inTeam("", http.StatusOK, func(s *site, t team) *http.Request { return s.get(t.base + "/notes/" + string(t.note) + "/edit") }),
	inTeam("", http.StatusOK, func(s *site, t team) *http.Request {
		return s.post(t.base + "/notes/" + string(t.note) + "/presence")
	}),
	inTeam("in one's own space", http.StatusOK, func(s *site, _ team) *http.Request {
		return s.post("/notes/" + string(s.createFor(s.person(), 1)[0]) + "/presence")
	}),
	inTeam("in all spaces", http.StatusOK, func(s *site, _ team) *http.Request { return s.get("/search?q=shared&in=all") }),
	inTeam("", http.StatusOK, func(s *site, _ team) *http.Request { return s.get("/settings/spaces") }),
	inTeam("", http.StatusSeeOther, func(s *site, _ team) *http.Request { return s.post("/settings/spaces", "name", "Another") }),
	inTeam("", http.StatusOK, func(s *site, t team) *http.Request { return s.get(t.base + "/settings") }),
	inTeam("", http.StatusOK, func(s *site, t team) *http.Request { return s.get(t.base + "/settings/log") }),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request { return s.post(t.base+"/settings/name", "name", "Team") }),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request {
		s.must(s.store.Spaces().RemoveMember(s.Context(), t.space, t.other.ID))
		return s.post(t.base+"/settings/members", "name", t.other.Name, "role", "reader")
	}),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request {
		return s.post(t.base+"/settings/members/role", "user", string(t.other.ID), "role", "reader")
	}),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request {
		return s.post(t.base+"/settings/members/remove", "user", string(t.other.ID))
	}),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request { return s.post(t.base + "/settings/leave") }),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request { return s.post(t.base + "/settings/delete") }),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request {
		closed := domain.Space{ID: t.space}
		closed.Close(s.clock.Now())
		s.must(s.store.Spaces().SetGoes(s.Context(), closed))
		return s.post("/settings/spaces/" + string(t.space) + "/keep")
	}),
	inTeam("", http.StatusSeeOther, func(s *site, _ team) *http.Request { return s.post("/settings/account/leave") }),
	inTeam("", http.StatusSeeOther, func(s *site, _ team) *http.Request { return s.post("/settings/account/keep") }),
	inTeam("", http.StatusOK, func(s *site, _ team) *http.Request {
		return s.get("/notes/" + string(s.createFor(s.person(), 1)[0]) + "/move")
	}),
	inTeam("", http.StatusSeeOther, func(s *site, t team) *http.Request {
		return s.post("/notes/"+string(s.createFor(s.person(), 1)[0])+"/move", "to", string(t.space))
	}),
	inTeam("moves them into another space", http.StatusSeeOther, func(s *site, t team) *http.Request {
		fields := []string{"action", "move", "to", string(t.space)}
		for _, id := range s.createFor(s.person(), 20) {
			fields = append(fields, "id", string(id))
		}
		return s.post("/notes/bulk", fields...)
	}),
	{"", http.StatusOK, func(s *site) *http.Request {
		s.forgetShares()
		return s.post("/notes/"+string(s.subject.ID)+"/share", "right", "tick", "days", "7")
	}},
	{"a link for it", http.StatusOK, func(s *site) *http.Request {
		s.forgetShares()
		return s.post(s.fill("/tags/{tag}/share"), "right", "read", "days", "0")
	}},
	{"", http.StatusOK, func(s *site) *http.Request {
		id, _ := s.share(domain.ShareDraft{Note: s.subject.ID})
		return s.post("/settings/shares/" + string(id) + "/renew")
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		id, _ := s.share(domain.ShareDraft{Note: s.subject.ID})
		return s.post("/settings/shares/" + string(id) + "/revoke")
	}},
	byLink("", http.StatusSeeOther, "/tasks", "task", "1", "version", "1"),
	byLink("", http.StatusSeeOther, "/lines", "lines", "tea", "version", "1"),
	byLinkOfTag("", http.StatusSeeOther, "/notes/{note}/tasks", "task", "1", "version", "1"),
	byLinkOfTag("", http.StatusSeeOther, "/notes/{note}/lines", "lines", "tea", "version", "1"),
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		_, secret := s.share(domain.ShareDraft{Note: s.subject.ID, Password: sitesPassword})
		return s.asVisitor(s.post("/s/"+secret+"/password", "password", sitesPassword))
	}},
	{"", http.StatusSeeOther, func(s *site) *http.Request {
		token := s.signIn()
		r := s.post("/logout", "sure", "1")
		r.Header.Set("Cookie", siteCookie+"="+token)
		return r
	}},
}

// uncounted are the routes that ask no database, nor anybody who they are.
var uncounted = []string{"GET /", "GET /healthz", "GET /favicon.ico", "GET /static/*"}

// inTeam is a request of somebody who shares a space.
func inTeam(what string, status int, request func(*site, team) *http.Request) counting {
	return counting{what, status, func(s *site) *http.Request {
		t := s.team()
		r := request(s, t)
		r.Header.Set("Cookie", t.cookie)
		return r
	}}
}

// saving is a form that puts something else into a new note.
func saving(what string, edit func(domain.Note) domain.NoteDraft) counting {
	return counting{what, http.StatusSeeOther, func(s *site) *http.Request {
		n := s.create("Saved", "for the first time")
		draft := edit(n)
		return s.post("/notes/"+string(n.ID), "content", draft.Content, "tags", string(draft.Tags[0]), "version", "1")
	}}
}

// toPeople is a POST to somebody who has an account.
func toPeople(status int, below string) counting {
	return counting{"", status, func(s *site) *http.Request { return s.post("/settings/people/" + string(s.person()) + below) }}
}

// byLink is a request by the link of a new note, which shows a file, and byLinkOfTag one of a new note among those of a tag. It
// posts fields, if there are any.
func byLink(what string, status int, below string, fields ...string) counting {
	return byLinkOf(func(n domain.Note) domain.ShareDraft { return domain.ShareDraft{Note: n.ID} }, what, status, below, fields)
}

func byLinkOfTag(what string, status int, below string, fields ...string) counting {
	return byLinkOf(func(domain.Note) domain.ShareDraft { return domain.ShareDraft{Tag: "beside"} }, what, status, below, fields)
}

func byLinkOf(of func(domain.Note) domain.ShareDraft, what string, status int, below string, fields []string) counting {
	return counting{what, status, func(s *site) *http.Request {
		n := s.create("New", "shared with "+s.file.Markdown())
		_, secret := s.share(of(n))
		path := "/s/" + secret + s.fill(strings.ReplaceAll(below, "{note}", string(n.ID)))
		if len(fields) > 0 {
			return s.asVisitor(s.post(path, fields...))
		}
		return s.asVisitor(s.get(path))
	}}
}

// toTrashed is a POST to a note that has been moved to the trash.
func toTrashed(below string) counting {
	return counting{"", http.StatusSeeOther, func(s *site) *http.Request {
		n := s.create("New", "and moved to the trash")
		_, _, err := s.app.Notes().Trash(s.Context(), s.access, n.ID, nil)
		s.must(err)
		return s.post("/notes/" + string(n.ID) + below)
	}}
}

// atOnce does something to many new notes.
func atOnce(what, action string) counting {
	return counting{what, http.StatusSeeOther, func(s *site) *http.Request {
		fields := []string{"action", action, "tag", "another"}
		for _, id := range s.createMany("that are new") {
			fields = append(fields, "id", string(id))
		}
		return s.post("/notes/bulk", fields...)
	}}
}

// tagged reports whether there are notes with a tag.
func (s *site) tagged(tag string) bool {
	s.Helper()
	page, err := s.app.Notes().List(s.Context(), s.access.Read(), domain.NoteFilter{State: domain.Active, Tag: tag}, "", 1)
	s.must(err)
	return len(page.Notes) > 0
}

// forgetSearch removes what one request saves and another one removes.
func (s *site) forgetSearch() {
	s.Helper()
	saved, err := s.app.Search().Saved(s.Context(), s.access.Read())
	s.must(err)
	for _, search := range saved {
		if search.Name == "three" {
			_, err := s.app.Search().Remove(s.Context(), s.access, search.ID)
			s.must(err)
		}
	}
}
