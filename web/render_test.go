package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"octavo/domain"
	"octavo/web"
)

// byHtmx sends what htmx says of a request, as name, value, name, value...
func byHtmx(headers ...string) option {
	return func(r *http.Request) {
		r.Header.Set("HX-Request", "true")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
}

func TestABoostedLinkGetsThePageAndNotAPartOfIt(t *testing.T) {
	s := newSite(t)
	n := s.tagged("Tea", "drinks")
	for _, tt := range []struct {
		how   string
		asked option
		whole bool
	}{
		{"a boosted link", byHtmx("HX-Boosted", "true", "HX-Request-Type", "full"), true},
		{"a boosted link, by a client that doesn't say what for", byHtmx("HX-Boosted", "true"), true},
		{"Back", byHtmx("HX-History-Restore-Request", "true", "HX-Request-Type", "full"), true},
		{"a link that takes a part of the page", byHtmx("HX-Request-Type", "full"), true},
		{"a boosted link with a target", byHtmx("HX-Boosted", "true", "HX-Request-Type", "partial"), false},
		{"a link with a target", byHtmx("HX-Request-Type", "partial"), false},
		{"a script", byHtmx(), false},
	} {
		for _, path := range []string{"/notes", "/search?q=tea", "/tags"} {
			got := s.get(path, tt.asked).wantStatus(http.StatusOK)
			if whole := strings.Contains(got.body, "<html"); whole != tt.whole {
				t.Errorf("%s to %s gets the whole page: %v", tt.how, path, whole)
			}
		}
		pinned := s.postWith(noteURL(n)+"/pin", []option{tt.asked})
		if followed := pinned.StatusCode == http.StatusSeeOther; followed != tt.whole {
			t.Errorf("%s that changes something is answered with status %d", tt.how, pinned.StatusCode)
		}
	}
}

func TestCachesTellAPageFromAPartOfIt(t *testing.T) {
	newSite(t).get("/notes").wantHeader("Vary", "Accept-Encoding, HX-Request, HX-Request-Type, HX-Boosted")
}

func TestWhatMayShowATextOfTheRequestIsNotCompressed(t *testing.T) {
	s := newSite(t)
	n := s.note("A secret", strings.Repeat("It is kept here. ", 100)+"#drinks")
	gzip := header("Accept-Encoding", "gzip")
	for path, want := range map[string]bool{
		"/notes": true, "/notes?view=archived": true, "/notes?select=1": true, noteURL(n): true, noteURL(n) + "/edit": true,
		"/tags": true, "/search": true, "/settings/sessions": true,
		"/notes?tag=drinks": false, "/notes/new?title=secret": false, "/search?q=secret": false, "/tags?q=drinks": false,
		"/notes?view=archived&anything=else": false,
	} {
		got := s.get(path, gzip).wantStatus(http.StatusOK)
		if packed := got.Header.Get("Content-Encoding") == "gzip"; packed != want {
			t.Errorf("%s: compressed is %v", path, packed)
		}
	}
	for _, fields := range [][]string{{"content", "secret", "title", strings.Repeat("x", domain.MaxTitle+1)}, {"tags", "no#tag", "content", "secret"}} {
		got := s.postWith("/notes", []option{gzip}, fields...)
		if got.StatusCode == http.StatusSeeOther || got.Header.Get("Content-Encoding") != "" {
			t.Errorf("a form that comes back has status %d and is %s", got.StatusCode, got.Header.Get("Content-Encoding"))
		}
	}
}

func TestBrowsersKeepPagesOnlyWhereTheyForgetThemAfterSigningOut(t *testing.T) {
	for base, want := range map[string]string{
		"https://notes.example": "private, no-cache", "http://localhost:8080": "private, no-cache", "http://[::1]:8080": "private, no-cache",
		"http://notes.example": "no-store", "http://192.0.2.2:8080": "no-store",
	} {
		at, err := url.Parse(base)
		if err != nil {
			t.Fatal(err)
		}
		s := newSite(t, func(c *web.Config) { c.BaseURL = at })
		onSite := func(r *http.Request) { r.Host = at.Host }
		s.get("/notes", onSite).wantStatus(http.StatusOK).wantHeader("Cache-Control", want)
	}
}

func TestBrowsersKeepPagesButNoFormsAndNothingElse(t *testing.T) {
	s := newSite(t)
	n := s.tagged("Tea", "drinks")
	s.saved(n.ID, "green")
	kept := []string{
		"/notes", "/notes?tag=drinks", "/notes?view=archived", "/notes?view=trash", "/notes?select=1", noteURL(n), noteURL(n) + "/history",
		noteURL(n) + "/history/1", "/search", "/search?q=tea", "/tags", "/settings/sessions", "/docs",
	}
	for _, path := range kept {
		s.get(path).wantStatus(http.StatusOK).wantHeader("Cache-Control", "private, no-cache")
		for who, how := range map[string]option{"a script": byHtmx(), "a stranger": nobody, "another site": header("Sec-Fetch-Site", "cross-site")} {
			if got := s.get(path, how).Header.Get("Cache-Control"); got != "no-store" {
				t.Errorf("%s may keep %s: %s", who, path, got)
			}
		}
	}
	s.post("/drafts/"+string(domain.NewID()), "content", "typed", "note", string(n.ID), "version", "1").wantStatus(http.StatusNoContent)
	for _, path := range []string{
		"/notes/new", "/notes/new?title=Tea", noteURL(n) + "/edit", "/tags/drinks/rename", "/nothing", "/notes?view=nothing",
		"/complete/titles?q=t", "/open?key=wrong", "/",
	} {
		s.get(path).wantHeader("Cache-Control", "no-store")
	}
	s.post("/preview", "content", "typed").wantStatus(http.StatusOK).wantHeader("Cache-Control", "no-store")
	s.post("/searches", "name", "Tea", "q", "").wantStatus(http.StatusUnprocessableEntity).wantHeader("Cache-Control", "no-store")
}
