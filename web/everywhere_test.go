package web_test

import (
	"net/http"
	"strings"
	"testing"

	"octavo/domain"
)

func TestASearchFindsWhatIsInAllOfOnesSpaces(t *testing.T) {
	s := newSharing(t)
	bo := s.person("Bo")
	s.note("Own tea", "green")
	s.shared("Shared tea", "black")
	if _, err := s.notes.Create(t.Context(), s.access(bo.id), domain.NoteDraft{Title: "Foreign tea"}); err != nil {
		t.Fatal(err)
	}
	page := s.get("/search?q=tea").wantStatus(http.StatusOK)
	wantEqual(t, page.texts(".hit h2"), "Own tea")
	wantEqual(t, page.page().Find("#search input[name=in]:not(:checked)").Length(), 1)

	for _, base := range []string{"", s.base} {
		page = s.get(base + "/search?q=tea&in=all").wantStatus(http.StatusOK)
		wantEqual(t, page.texts(".hit h2"), "Shared tea, Own tea")
		wantEqual(t, page.texts(".hit a.badge"), "The family, Personal")
		wantEqual(t, page.text(".found-count"), "2 notes")
		wantEqual(t, page.page().Find("#search input[name=in]:checked").Length(), 1)
		wantEqual(t, strings.HasPrefix(page.attr(".hit h2 a", "href"), s.base+"/notes/"), true)
		if page.page().Find(".save-search, .select").Length() != 0 {
			t.Error("what is about one space is offered")
		}
	}
	wantEqual(t, s.get("/search?q=tea&in=all", bo.cookie).texts(".hit h2"), "Foreign tea")
	wantEqual(t, s.get("/search?q=tea", bo.cookie).page().Find("#everywhere").Length(), 0) // in no space but their own
	s.give(bo, domain.RoleReader)
	wantEqual(t, s.get("/search?q=tea&in=all", bo.cookie).texts(".hit h2"), "Foreign tea, Shared tea")
	s.give(bo, "")
	wantEqual(t, s.get("/search?q=tea&in=all", bo.cookie).texts(".hit h2"), "Foreign tea")
}

func TestPagesOfASearchEverywhereFollowOneAnother(t *testing.T) {
	s := newSharing(t)
	for range 17 {
		s.note("Tea", "")
		s.shared("Tea", "")
	}
	first := s.get("/search?q=tea&in=all").wantStatus(http.StatusOK)
	wantEqual(t, first.page().Find(".hit").Length(), 20)
	count := first.attr(".found-count a", "href")
	wantEqual(t, s.get(count, htmx("results")).text(".found-count"), "34 notes")
	wantEqual(t, s.get(count).text(".found-count"), "34 notes")
	more := first.attr(".more a", "href")
	next := s.get(more, htmx("")).wantStatus(http.StatusOK)
	wantEqual(t, next.page().Find(".hit").Length(), 14)
	wantEqual(t, next.page().Find(".more").Length(), 0)
	s.get("/search?q=tea&in=all&after=nowhere").wantStatus(http.StatusUnprocessableEntity)

	secret, _ := s.token(domain.ScopeAdmin)
	s.get("/search?q=tea&in=all", nobody, byToken(secret)).wantStatus(http.StatusForbidden)
	s.get("/search?q=tea", nobody, byToken(secret)).wantStatus(http.StatusOK)
}
