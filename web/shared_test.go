package web_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// share has the owner share something, and returns the path of the link.
func (s *site) share(page string, fields ...string) string {
	s.t.Helper()
	return s.sent(s.post(page, fields...))
}

// visit sends a request of somebody who has nothing but a link.
func (s *site) visit(path string, options ...option) answer {
	s.t.Helper()
	return s.get(path, append([]option{nobody}, options...)...)
}

// sharedRoutes are all routes for whoever has a link, with {link} for its path, and what each right is answered.
var sharedRoutes = []struct {
	method, path, body string
	read, tick, add    int
	ofTag              bool // whether there is that for the link of a tag, too
}{
	{"GET", "{link}", "", 200, 200, 200, true},
	{"POST", "{link}/password", "password=x", 303, 303, 303, true},
	{"POST", "{link}/tasks", "task=1&version=1", 403, 303, 303, false},
	{"POST", "{link}/lines", "lines=tea&version=1", 403, 403, 303, false},
	{"GET", "{link}/files/{file}", "", 200, 200, 200, false},
	{"GET", "{link}/files/{file}/a.txt", "", 200, 200, 200, false},
	{"GET", "{link}/notes/{note}", "", 200, 200, 200, true},
	{"POST", "{link}/notes/{note}/tasks", "task=1&version=1", 403, 303, 303, true},
	{"POST", "{link}/notes/{note}/lines", "lines=tea&version=1", 403, 403, 303, true},
	{"GET", "{link}/notes/{note}/files/{file}", "", 200, 200, 200, true},
	{"GET", "{link}/notes/{note}/files/{file}/a.txt", "", 200, 200, 200, true},
}

func TestEachRightOfALinkDoesWhatItSaysAndNothingElse(t *testing.T) {
	for _, route := range sharedRoutes {
		t.Run(route.method+" "+route.path, func(t *testing.T) {
			for right, status := range map[domain.ShareRight]int{
				domain.ShareRead: route.read, domain.ShareTick: route.tick, domain.ShareAppend: route.add,
			} {
				for _, ofTag := range []bool{false, true} {
					s := newSite(t)
					file, err := s.app.Files().Upload(t.Context(), s.owner, "a.txt", "text/plain", strings.NewReader("text"))
					if err != nil {
						t.Fatal(err)
					}
					n := s.note("List", "- [ ] milk #food\n\n"+file.Markdown())
					other := s.note("Other", "- [ ] secret\n\n"+file.Markdown())
					gone := s.note("Gone", "- [ ] away #food\n\n"+file.Markdown())
					if _, _, err := s.notes.Trash(t.Context(), s.owner, gone.ID, nil); err != nil {
						t.Fatal(err)
					}
					page, want := "/notes/"+string(n.ID)+"/share", status
					if ofTag {
						page = "/tags/food/share"
					}
					if ofTag && !route.ofTag {
						want = http.StatusNotFound
					}
					link := s.share(page, "right", string(right))
					ask := func(want int, link string, note domain.ID, hash domain.FileHash) answer {
						t.Helper()
						fill := strings.NewReplacer("{link}", link, "{note}", string(note), "{file}", string(hash))
						contentType := formType
						if route.body == "" {
							contentType = ""
						}
						return s.do(route.method, fill.Replace(route.path), contentType, route.body, nobody).
							wantStatus(want).wantHeader("X-Robots-Tag", "noindex")
					}
					if strings.Contains(route.path, "{note}") {
						for _, id := range []domain.ID{other.ID, gone.ID, domain.NewID(), "x"} {
							ask(http.StatusNotFound, link, id, file.Hash)
						}
					}
					if strings.Contains(route.path, "{file}") {
						for _, hash := range []domain.FileHash{domain.FileHash(domain.HashToken("none")), "x"} {
							ask(http.StatusNotFound, link, n.ID, hash)
						}
					}
					ask(http.StatusNotFound, link[:len(link)-1], n.ID, file.Hash)
					ask(http.StatusNotFound, "/s/"+strings.Repeat("a", 26), n.ID, file.Hash)
					ask(want, link, n.ID, file.Hash)

					id := s.shares()[0].ID
					s.post("/settings/shares/" + string(id) + "/revoke").wantStatus(http.StatusSeeOther)
					ask(http.StatusNotFound, link, n.ID, file.Hash)
				}
			}
		})
	}
}

func (s *site) shares() []domain.ListedShare {
	s.t.Helper()
	all, err := s.store.Shares(s.owner).List(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

func TestEveryRouteOfLinksIsInTheirMatrix(t *testing.T) {
	known := map[string]bool{}
	names := strings.NewReplacer("{link}", "/s/:secret", "{note}", ":id", "{file}", ":hash", "/a.txt", "/:name")
	for _, route := range sharedRoutes {
		known[route.method+" "+names.Replace(route.path)] = true
	}
	for _, route := range open {
		if strings.Contains(route, " /s/") && !known[route] {
			t.Errorf("%s has no row in the matrix", route)
		}
		delete(known, route)
	}
	for route := range known {
		t.Errorf("%s is in the matrix and nowhere else", route)
	}
}

func TestALinkThatOpensNothingIsAnsweredTheSameWhateverBecameOfIt(t *testing.T) {
	s := newSite(t)
	n, trashed, untagged := s.note("List", "- [ ] milk"), s.note("Gone", ""), s.note("Book", "#books")
	of := func(n domain.Note) string { return "/notes/" + string(n.ID) + "/share" }
	links := map[string]string{
		"expired":       s.share(of(n), "right", "read", "days", "1"),
		"revoked":       s.share(of(n), "right", "read"),
		"in the trash":  s.share(of(trashed), "right", "append"),
		"of no tag":     s.share("/tags/books/share", "right", "read"),
		"of a password": s.share(of(trashed), "right", "read", "days", "1", "password", words),
	}
	whole := s.share(of(n), "right", "read")
	s.post("/settings/shares/" + string(s.shares()[len(links)-1].ID) + "/revoke").wantStatus(http.StatusSeeOther)
	s.clock.advance(24 * time.Hour)
	s.post("/notes/" + string(trashed.ID) + "/trash").wantStatus(http.StatusSeeOther)
	if _, err := s.app.Editing().Update(t.Context(), s.owner, untagged.ID, nil, domain.NoteDraft{Title: "Book"}); err != nil {
		t.Fatal(err)
	}
	s.visit(whole).wantStatus(http.StatusOK)
	links["torn"], links["longer"], links["another"] = whole[:len(whole)-2], whole+"aa", whole+"/notes/"+string(n.ID)+"x"
	links["upper case"], links["nothing"] = strings.ToUpper(whole), "/s/x"
	want := s.visit("/s/" + strings.Repeat("a", 26)).wantStatus(http.StatusNotFound)
	wantEqual(t, want.text("h1"), "This link doesn’t work")
	for what, link := range links {
		if what == "upper case" {
			link = "/s/" + strings.TrimPrefix(link, "/S/")
		}
		for _, path := range []string{link, link + "/files/" + string(domain.HashToken("x"))} {
			for _, who := range []option{nobody, func(*http.Request) {}} {
				got := s.get(path, who).wantStatus(http.StatusNotFound)
				if got.body != want.body {
					t.Errorf("%s: got\n%s\nwant\n%s", what, got.body, want.body)
				}
				for _, h := range []http.Header{got.Header, want.Header} {
					h.Del("X-Request-Id")
					h.Del("Date")
				}
				for name := range want.Header {
					wantEqual(t, got.Header.Get(name), want.Header.Get(name))
				}
				wantEqual(t, len(got.Header), len(want.Header))
			}
		}
	}
	if log := s.log.String(); strings.Contains(log, strings.TrimPrefix(whole, "/s/")) {
		t.Error("the log has the secret of a link")
	}
}

func TestAPageThatIsSharedLeadsNowhereIntoTheAppAndTellsOfNothingElse(t *testing.T) {
	s := newSite(t)
	file, err := s.app.Files().Upload(t.Context(), s.owner, "a.png", "image/png", strings.NewReader(onePixel))
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := s.app.Files().Upload(t.Context(), s.owner, "b.png", "image/png", strings.NewReader(onePixel+"x"))
	if err != nil {
		t.Fatal(err)
	}
	hidden := s.note("Diary", "the excerpt of a diary "+foreign.Markdown())
	n := s.note("River", strings.NewReplacer("{file}", file.Path(), "{note}", string(hidden.ID)).Replace(
		"---\nsecret: front matter\n---\n# River\n\n#water/deep [[Diary]] ![[Diary]] [[Nowhere]] ![[Diary#x]] [settings](/settings)\n"+
			"[diary](/notes/{note}) [md](Diary.md) [there](https://example.com/x) <mail@example.com> [up](#part) [[#Part]]\n"+
			"![picture](a.png) ![of it]({file}) [its file]({file}) ![remote](https://example.com/y.png) [q](?a=b) [p](//example.com/z)\n\n"+
			"## Part\n\n- [ ] box [[Diary|label]]\n\n<img src=x onerror=alert(1)><script>alert(1)</script> [js](javascript:alert(1))\n"))
	for _, right := range []string{"read", "append"} {
		link := s.share("/notes/"+string(n.ID)+"/share", "right", right)
		page := s.visit(link).wantStatus(http.StatusOK)
		doc := page.page()
		for _, link := range doc.Find("a").Nodes {
			for _, a := range link.Attr {
				if a.Key != "href" {
					continue
				}
				u, err := url.Parse(a.Val)
				if err != nil || u.Host == "" && u.Scheme == "" && u.Path != "" && !strings.HasPrefix(u.Path, "/s/") {
					t.Errorf("it leads to %s, %v", a.Val, err)
				}
			}
		}
		for _, no := range []string{"excerpt of a diary", string(hidden.ID), "front matter", "/notes", "/settings", "/files/" + string(foreign.Hash), "?tag=", "<script", "hx-"} {
			if strings.Contains(page.body, no) {
				t.Errorf("it has %q", no)
			}
		}
		if got := doc.Find("img").AttrOr("src", ""); !strings.HasPrefix(got, link+"/files/"+string(file.Hash)) {
			t.Errorf("the picture is at %q", got)
		}
		wantEqual(t, doc.Find(`meta[name="robots"]`).AttrOr("content", ""), "noindex")
		wantEqual(t, doc.Find("script, .masthead, nav").Length(), 0)
		if text := page.text(".prose"); !strings.Contains(text, "#water/deep Diary") || !strings.Contains(text, "label") {
			t.Errorf("it says %q", text)
		}
		page.wantHeader("X-Robots-Tag", "noindex").wantHeader("Cache-Control", "no-store")
		referrer := map[string]string{"read": "no-referrer", "append": "same-origin"}[right] // a form has to say where it comes from
		page.wantHeader("Referrer-Policy", referrer)
		if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "script-src 'none'") {
			t.Errorf("the policy is %q", policy)
		}
		picture := s.visit(doc.Find("img").AttrOr("src", "")).wantStatus(http.StatusOK)
		picture.wantHeader("X-Robots-Tag", "noindex").wantHeader("Content-Security-Policy", "default-src 'none'; sandbox")
		s.visit(link + "/files/" + string(foreign.Hash)).wantStatus(http.StatusNotFound)
	}
}

const onePixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"

func TestAVisitorAddsAndTicksAndTheHistorySaysHow(t *testing.T) {
	s := newSite(t)
	n := s.note("List", "- [ ] milk")
	link := s.share("/notes/"+string(n.ID)+"/share", "right", "append")
	post := func(below string, fields ...string) answer {
		t.Helper()
		return s.postWith(link+below, []option{nobody}, fields...)
	}
	version := s.visit(link).attr("[name=version]", "value")
	post("/tasks", "task", "1", "version", version).wantRedirect(link + "?done=box#note-task:1")
	post("/lines", "lines", "tea\r\nbread", "version", version).wantRedirect(link + "?done=lines#add")
	wantEqual(t, s.visit(link+"?done=lines").text(".notice"), "Added.")
	wantEqual(t, s.stored(n.ID).Content, "- [x] milk\n- [ ] tea\n- [ ] bread")
	wantEqual(t, s.get("/notes/"+string(n.ID)+"/history").text(".history bdi"), "someone with the link")
	wantEqual(t, s.get("/notes/"+string(n.ID)+"/history/3").text(".meta bdi"), "someone with the link")
	if list := s.get("/settings/shares").text(".browsers"); !strings.Contains(list, "2 changes.") {
		t.Errorf("the list says %q", list)
	}

	for lines, wrong := range map[string]string{
		" ": "Write something to add", strings.Repeat("x", 5000): "You can add up to 4096 bytes at once",
		"![[secret.png]]": "You can’t add files or pictures through this link",
	} {
		refused := post("/lines", "lines", lines, "version", version).wantStatus(http.StatusUnprocessableEntity)
		wantEqual(t, refused.text("#lines-error"), wrong)
		wantEqual(t, strings.TrimPrefix(refused.page().Find("#lines").Text(), "\n"), lines)
	}
	post("/tasks", "task", "9", "version", version).wantStatus(http.StatusConflict)
	post("/tasks", "task", "x", "version", version).wantStatus(http.StatusUnprocessableEntity)
	s.postWith(link+"/lines", []option{nobody, header("Sec-Fetch-Site", "cross-site")}, "lines", "x", "version", version).wantStatus(http.StatusForbidden)
	s.do("POST", link+"/lines", formType, "lines="+strings.Repeat("x", 20<<10), nobody).wantStatus(http.StatusRequestEntityTooLarge)

	if _, err := s.app.Editing().Update(t.Context(), s.owner, n.ID, nil, domain.NoteDraft{Title: "List", Content: "- [ ] soap"}); err != nil {
		t.Fatal(err)
	}
	collided := post("/tasks", "task", "1", "version", version).wantStatus(http.StatusConflict)
	if !strings.Contains(collided.text(".prose"), "soap") || collided.text(".notice") == "" {
		t.Errorf("it says %q", collided.text("main"))
	}
	var last answer
	for range 300 {
		if last = post("/lines", "lines", "x", "version", strconv.Itoa(s.stored(n.ID).Saved)); last.StatusCode != http.StatusSeeOther {
			break
		}
	}
	if last.wantStatus(http.StatusTooManyRequests); last.Header.Get("Retry-After") == "" || last.text("#lines") != "x" {
		t.Errorf("it says %q after %q", last.text("main"), last.Header.Get("Retry-After"))
	}
}

func TestAPasswordOpensALinkForTheBrowserThatHasSaidIt(t *testing.T) {
	s := newSite(t)
	n := s.note("List", "secret text")
	link := s.share("/notes/"+string(n.ID)+"/share", "right", "append", "days", "7", "password", words)
	say := func(password string, options ...option) answer {
		t.Helper()
		return s.postWith(link+"/password", append([]option{nobody}, options...), "password", password)
	}
	for _, below := range []string{"", "/notes/" + string(n.ID), "/files/" + string(domain.HashToken("x"))} {
		locked := s.visit(link+below).wantStatus(http.StatusUnauthorized).wantHeader("X-Robots-Tag", "noindex")
		if wantEqual(t, locked.text("h1"), "Password needed"); strings.Contains(locked.body, "List") || strings.Contains(locked.body, "secret text") {
			t.Error("it tells what is locked")
		}
	}
	s.postWith(link+"/lines", []option{nobody}, "lines", "x", "version", "1").wantStatus(http.StatusUnauthorized)
	wantEqual(t, say("wrong").wantStatus(http.StatusUnauthorized).text("#password-error"), "Wrong password")
	opened := say(words).wantRedirect(link)
	given := opened.Cookies()[0]
	if given.Path != link || !given.HttpOnly || given.SameSite != http.SameSiteLaxMode || given.MaxAge <= 0 || given.MaxAge > 7*24*60*60 ||
		given.Name != sessionCookie+"_share" {
		t.Errorf("the cookie is %v", given)
	}
	cookie := header("Cookie", given.Name+"="+given.Value)
	wantEqual(t, s.visit(link, cookie).wantStatus(http.StatusOK).text("h1"), "List")
	another := s.share("/notes/"+string(n.ID)+"/share", "right", "read", "password", words)
	s.visit(another, cookie).wantStatus(http.StatusUnauthorized)

	var last answer
	for range 12 {
		last = say("wrong")
	}
	if last.wantStatus(http.StatusTooManyRequests).Header.Get("Retry-After") == "" {
		t.Error("it doesn't say when it may be tried again")
	}
	say(words).wantStatus(http.StatusTooManyRequests)
	s.visit(link, cookie).wantStatus(http.StatusOK)
	s.clock.advance(7 * 24 * time.Hour)
	s.visit(link, cookie).wantStatus(http.StatusNotFound)
	if log := s.log.String(); strings.Contains(log, words) || strings.Contains(log, given.Value) || strings.Contains(log, strings.TrimPrefix(link, "/s/")) {
		t.Error("the log has a secret")
	}
}

func TestVisitsAreCountedAndNobodyIsTracked(t *testing.T) {
	s := newSite(t)
	n := s.note("List", "#food")
	link, list := s.share("/notes/"+string(n.ID)+"/share", "right", "append"), s.share("/tags/food/share", "right", "read")
	counted := func(want ...int) {
		t.Helper()
		if err := s.app.Sharing(s.accounts).StoreVisits(t.Context()); err != nil {
			t.Fatal(err)
		}
		var got []int
		for _, share := range s.shares() {
			got = append(got, share.Visits)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %d visits, want %d", got, want)
		}
	}
	s.do(http.MethodHead, link, "", "", nobody).wantStatus(http.StatusOK)
	s.visit(link, header("Sec-Purpose", "prefetch")).wantStatus(http.StatusOK)
	s.visit(link + "?done=box").wantStatus(http.StatusOK)
	s.visit(list + "/notes/" + string(n.ID)).wantStatus(http.StatusOK)
	counted(0, 0)
	for range 2 {
		if got := s.visit(link).wantStatus(http.StatusOK); len(got.Cookies()) > 0 {
			t.Errorf("a visitor gets %v", got.Cookies())
		}
	}
	s.visit(list).wantStatus(http.StatusOK)
	counted(1, 2)
	if said := s.get("/notes/" + string(n.ID) + "/share").text(".browsers"); !strings.Contains(said, "2 visits. Last on 3 Feb 2026.") {
		t.Errorf("the list says %q", said)
	}
}

func TestSharesAreMadeShownOnceAndRevokedByABrowser(t *testing.T) {
	s := newSite(t)
	n := s.note("List", "")
	page := "/notes/" + string(n.ID) + "/share"
	made := s.post(page, "right", "tick", "days", "7", "password", words)
	link := s.sent(made)
	if hint := made.text("#link-hint"); !strings.Contains(hint, "Can read and tick boxes. Password needed. Expires ") {
		t.Errorf("it says %q", hint)
	}
	for _, path := range []string{page, "/settings/shares"} {
		if again := s.get(path).wantStatus(http.StatusOK); strings.Contains(again.body, link) || !strings.Contains(again.body, "Can read and tick boxes.") {
			t.Errorf("%s shows the link again, or not what it allows", path)
		}
	}
	id := string(s.shares()[0].ID)
	renewed := s.sent(s.post("/settings/shares/" + id + "/renew"))
	s.visit(link).wantStatus(http.StatusNotFound)
	s.visit(renewed).wantStatus(http.StatusUnauthorized)
	s.postWith("/settings/shares/"+id+"/revoke", []option{header("Referer", "http://"+testHost+page)}).wantRedirect(page)
	s.visit(renewed).wantStatus(http.StatusNotFound)

	for field, value := range map[string]string{"right": "write", "days": "4000", "password": "short"} {
		fields := map[string]string{"right": "read", "days": "7", field: value}
		wrong := s.post(page, "right", fields["right"], "days", fields["days"], "password", fields["password"]).wantStatus(http.StatusUnprocessableEntity)
		if wrong.text("#"+field+"-error") == "" || strings.Contains(wrong.body, "value=\"short\"") {
			t.Errorf("%s: nothing is said", field)
		}
	}
	wantEqual(t, len(s.shares()), 0)
	log := s.log.String()
	for _, event := range []string{"share_made", "share_renewed", "share_revoked", "wrong_share"} {
		if !strings.Contains(log, "event="+event) {
			t.Errorf("the log has no %s", event)
		}
	}
	events, err := s.store.Audit().List(t.Context(), "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		if strings.Contains(e.Detail, "List") || strings.Contains(e.Detail, string(n.ID)) {
			t.Errorf("an event tells of a note: %v", e)
		}
	}
}
