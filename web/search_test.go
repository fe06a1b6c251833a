package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

func searchURL(query string) string { return "/search?" + url.Values{"q": {query}}.Encode() }

func TestASearchShowsWhatItFindsAndWhere(t *testing.T) {
	s := newSite(t)
	s.tagged("Nothing to see")
	archived := s.note("Café plans", "We drink green tea there. #drinks/hot")
	pinned := s.note("Teapots", "")
	trashed := s.note("Cold tea", "")
	s.post(noteURL(archived) + "/archive")
	s.post(noteURL(pinned) + "/pin")
	s.post(noteURL(trashed) + "/trash")

	page := s.get(searchURL("tea")).wantStatus(http.StatusOK)
	wantEqual(t, page.text(".found-count"), "2 notes")
	wantEqual(t, page.texts(".hit h2 a"), "Teapots, Café plans")
	wantEqual(t, page.texts(".hit h2 mark"), "Teapots")
	wantEqual(t, page.texts(".hit .excerpt mark"), "tea")
	wantEqual(t, page.texts(".hit .badge"), "Archived")
	wantEqual(t, page.texts(".hit .chips a"), "#drinks/hot")
	wantEqual(t, page.attr(".hit h2 a", "href"), noteURL(pinned))
	wantEqual(t, page.attr("#q", "value"), "tea")
	wantEqual(t, page.texts(".hit .pin"), "Pinned:")

	wantEqual(t, s.get(searchURL("is:trashed tea")).texts(".hit .badge"), "In the trash")
	wantEqual(t, s.get(searchURL("cafe")).texts(".hit h2 mark"), "Café")
	wantEqual(t, s.get(searchURL("tea")).page().Find("#find").Length(), 0) // one field to search is enough
	wantEqual(t, s.get("/notes").page().Find("#find").Length(), 1)
}

func TestASearchThatFindsNothingIsFriendly(t *testing.T) {
	s := newSite(t)
	page := s.get(searchURL("xyzzy")).wantStatus(http.StatusOK)
	wantEqual(t, page.text(".found-count"), "No notes found")
	wantEqual(t, page.text(".empty-title"), "No notes found")
	wantEqual(t, s.get("/search").text(".empty-title"), "What are you looking for?")
}

func TestWhatCanNotBeReadInAQueryIsSaidAndTheRestFound(t *testing.T) {
	s := newSite(t)
	s.note("Tea", "")
	page := s.get(searchURL("tea is:foo")).wantStatus(http.StatusOK)
	wantEqual(t, page.texts(".hit h2 a"), "Tea")
	if problem := page.texts(".query-problems li"); !strings.HasPrefix(problem, "is:foo – ") {
		t.Errorf("the page says %q", problem)
	}
	for _, query := range []string{
		"\xff\xfe", "\x00", `"`, "-", "tag:", "created:>>>", strings.Repeat("é ", 3000), strings.Repeat("(", 2000), "<b>&", "%",
	} {
		s.get(searchURL(query)).wantStatus(http.StatusOK)
		s.get(searchURL(query), htmx("search")).wantStatus(http.StatusOK)
	}
}

func TestASearchIsNarrowedDownByTags(t *testing.T) {
	s := newSite(t)
	s.tagged("Tea one", "work", "home")
	s.tagged("Tea two", "work")
	page := s.get(searchURL("te"))
	wantEqual(t, page.texts("nav.chips a"), "#work 2, #home 1")
	narrow := s.get(page.attr("nav.chips a:last-child", "href"))
	wantEqual(t, narrow.attr("#q", "value"), "tag:home te") // te goes on being the beginning of a word
	wantEqual(t, narrow.texts(".hit h2 a"), "Tea one")
	wantEqual(t, narrow.texts("nav.chips a"), "#work 1") // what is asked for already isn't offered
}

func TestManyResultsArePagedAndCounted(t *testing.T) {
	s := newSite(t)
	for i := range 45 {
		s.note(fmt.Sprintf("Tea %02d", i), "")
	}
	var seen []string
	path := searchURL("tea")
	counting := s.get(path).attr(".found-count a", "href")
	wantEqual(t, s.get(counting).text(".found-count"), "45 notes")
	wantEqual(t, s.get(counting).texts(".hit h2 a"), s.get(path).texts(".hit h2 a"))
	for path != "none" {
		page := s.get(path).wantStatus(http.StatusOK)
		seen = append(seen, strings.Split(page.texts(".hit h2 a"), ", ")...)
		part := s.get(path, htmx(""))
		wantEqual(t, part.texts(".hit h2 a"), page.texts(".hit h2 a"))
		wantEqual(t, part.page().Find("header").Length(), 0)
		path = page.attr(".more a", "href")
	}
	if len(seen) != 45 || seen[0] != "Tea 44" || seen[44] != "Tea 00" {
		t.Errorf("found %d: %v", len(seen), seen)
	}
	s.get("/search?q=tea&after=nonsense").wantStatus(http.StatusUnprocessableEntity)
}

func TestMoreNotesThanAreCountedAreSaidToBeMore(t *testing.T) {
	s := newSite(t)
	for i := range 1001 {
		if err := s.store.Notes(s.owner).Add(t.Context(), madeNote(t, fmt.Sprintf("Tea %d", i), s.clock.Now())); err != nil {
			t.Fatal(err)
		}
	}
	wantEqual(t, s.get(searchURL("tea")).text(".found-count"), "More than 20 notes · Count them")
	wantEqual(t, s.get(searchURL("tea")+"&count=true").text(".found-count"), "More than 1,000 notes")
}

// What takes the longer the more there is comes when the page is there.
func TestTheCountOfManyResultsAndTheirTagsFollowThePage(t *testing.T) {
	s := newSite(t)
	for i := range 21 {
		s.tagged(fmt.Sprintf("Tea %02d", i), "drinks")
	}
	page := s.get(searchURL("tea"))
	wantEqual(t, page.texts("nav.chips a"), "")
	wantEqual(t, page.attr(".found-count a", "hx-get"), page.attr(".found-count a", "href"))
	count := s.get(page.attr(".found-count a", "hx-get"), htmx(""))
	wantEqual(t, count.text(".found-count"), "21 notes")
	wantEqual(t, count.texts("hx-partial[hx-target='#facets'] nav a"), "#drinks 21")
	wantEqual(t, count.text("hx-partial[hx-target='#announcer']"), "21 notes")
	wantEqual(t, count.page().Find(".hit").Length(), 0)
	wantEqual(t, page.page().Find("#facets").Length(), 1)
	wantEqual(t, s.get(searchURL("tea"), htmx("results")).page().Find("hx-partial").Length(), 0) // the count is announced once
}

// Without scripts a later page is one of its own, from which the count is as far away as from the first.
func TestLaterPagesOfAResultCanBeCountedToo(t *testing.T) {
	s := newSite(t)
	for i := range 21 {
		s.tagged(fmt.Sprintf("Tea %02d", i), "drinks")
	}
	second := s.get(s.get(searchURL("tea")).attr(".more a", "href"))
	wantEqual(t, second.text(".found-count"), "More results · Count them")
	counted := s.get(second.attr(".found-count a", "href"))
	wantEqual(t, counted.text(".found-count"), "21 notes")
	wantEqual(t, counted.texts("#facets a"), "#drinks 21")
	wantEqual(t, counted.texts(".hit h2 a"), second.texts(".hit h2 a"))
}

func madeNote(t *testing.T, title string, now time.Time) domain.Note {
	t.Helper()
	n, err := domain.NewNote(domain.NoteDraft{Title: title}, now)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestResultsFollowWhatIsTypedAndTellHowManyThereAre(t *testing.T) {
	s := newSite(t)
	s.note("Tea", "")
	part := s.get(searchURL("te"), htmx("results")).wantStatus(http.StatusOK)
	wantEqual(t, part.page().Find("#results").Length(), 1)
	wantEqual(t, part.page().Find("header").Length(), 0)
	wantEqual(t, part.text("hx-partial[hx-target='#announcer']"), "1 note")
	if page := s.get(searchURL("te")); !strings.Contains(page.body, part.body[:strings.Index(part.body, "<hx-partial")]) {
		t.Error("the results by htmx and those in the page differ")
	}
}

func TestWhatIsFoundCanNotAct(t *testing.T) {
	s := newSite(t)
	const evil = `<script>alert(1)</script>`
	s.note(evil+" tea", evil+" tea <img src=x onerror=alert(1)>")
	page := s.get(searchURL(`tea <script>alert(2)</script>" onfocus="alert(3)`)).page()
	wantEqual(t, page.Find("[onerror], [onfocus], main script").Length(), 0)
	wantEqual(t, s.get(searchURL("tea script")).page().Find("main script, main img").Length(), 0)
}

func TestASearchIsSavedUsedAndRemoved(t *testing.T) {
	s := newSite(t)
	s.note("Tea", "")
	form := s.get(searchURL("tea"))
	done := s.post("/searches", "name", "Drinks", "q", form.attr(".save-search [name=q]", "value")).wantRedirect("/search?q=tea")
	page := s.after(done)
	wantEqual(t, page.text("#notices p"), "Search saved.")
	wantEqual(t, page.texts(".searches nav a"), "Drinks")
	wantEqual(t, page.page().Find(".save-search").Length(), 0)
	wantEqual(t, page.text(".list-head .hint"), "Saved as “Drinks”.")
	wantEqual(t, s.get(s.get("/notes").attr(".searches nav a", "href")).texts(".hit h2 a"), "Tea")

	remove := s.get("/search").attr(".saved form", "action")
	removed := s.after(s.post(remove).wantRedirect("/search"))
	wantEqual(t, removed.text("#notices p"), "Search removed.")
	wantEqual(t, removed.page().Find(".searches").Length(), 0)
	s.post(remove).wantStatus(http.StatusNotFound)
	s.undo(removed).wantRedirect("/search?q=tea")
	wantEqual(t, s.get("/notes").texts(".searches nav a"), "Drinks")
}

func TestASearchThatCanNotBeSavedSaysWhy(t *testing.T) {
	s := newSite(t)
	long := s.post("/searches", "name", strings.Repeat("x", 61), "q", "tea").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, long.attr("#search-name", "aria-invalid"), "true")
	wantEqual(t, long.attr("#search-name", "value"), strings.Repeat("x", 61))
	wantEqual(t, long.attr(".save-search [name=q]", "value"), "tea")
	s.post("/searches", "name", "x", "q", " ").wantStatus(http.StatusUnprocessableEntity)

	for i := range domain.MaxSavedSearches {
		s.post("/searches", "q", fmt.Sprintf("q%03d", i)).wantStatus(http.StatusSeeOther)
	}
	full := s.post("/searches", "q", "tea").wantStatus(http.StatusConflict)
	if text := full.text("#search-name-error"); !strings.Contains(text, "Remove one first") {
		t.Errorf("the page says %q", text)
	}
}

func TestEveryPageShowsTheFirstSavedSearchesAndTheSearchPageAll(t *testing.T) {
	s := newSite(t)
	for i := range 23 {
		s.post("/searches", "q", fmt.Sprintf("q%02d", i))
	}
	for _, path := range []string{"/notes", "/tags", "/notes/new", "/nothing-here"} {
		links := s.get(path).page().Find(".searches nav a")
		if path == "/nothing-here" {
			wantEqual(t, links.Length(), 0) // nobody has been asked who they are
			continue
		}
		wantEqual(t, links.Length(), 21)
		wantEqual(t, links.Last().Text(), "Show all")
	}
	wantEqual(t, s.get("/search").page().Find(".saved li").Length(), 23)
	wantEqual(t, s.get("/notes", nobody).page().Find(".searches, .search").Length(), 0)
}

func TestTheLongestSearchComesBackWhenItsRemovalIsUndone(t *testing.T) {
	s := newSite(t)
	query := strings.Repeat("é", query.MaxLength/2)
	saved, err := s.app.Search().Save(t.Context(), s.owner, strings.Repeat("日", domain.MaxSearchName), query)
	if err != nil {
		t.Fatal(err)
	}
	answer := s.post("/searches/" + string(saved.ID) + "/remove").wantRedirect("/search")
	if cookie := answer.Header.Get("Set-Cookie"); len(cookie) > 4096 {
		t.Errorf("no browser keeps a cookie of %d bytes", len(cookie))
	}
	s.undo(s.after(answer)).wantStatus(http.StatusSeeOther)
	list, err := s.app.Search().Saved(t.Context(), s.owner.Read())
	if err != nil || len(list) != 1 || list[0].Query != query || list[0].Name != saved.Name {
		t.Errorf("got %+v, %v", list, err)
	}
}

func TestAForgedNoticeOfARemovedSearchShowsNoneOfItsText(t *testing.T) {
	s := newSite(t)
	for _, value := range []string{"x", "bmFtZT08Yj4", "cT08YiZuYW1lPXg", strings.Repeat("A", 3000)} {
		cookie := sessionCookie + "_notice=search-removed." + string(domain.NewID()) + "." + value
		page := s.get("/notes", header("Cookie", s.cookie.String()+"; "+cookie)).wantStatus(http.StatusOK)
		wantEqual(t, page.text("#notices p"), "Search removed.")
		if undo := page.attr("#notices form", "action"); undo != "none" && !strings.HasPrefix(undo, "/searches?") {
			t.Errorf("undoing leads to %q", undo)
		}
	}
}

func TestAHitOpensTheNoteAtTheWord(t *testing.T) {
	s := newSite(t)
	s.tagged("Plans") // its title has the word alone
	for content, want := range map[string]string{
		"green tea":                               "green%20tea",
		"drink **g**reen tea & more":              "drink-,green%20tea,-%26%20more&text=drink-,green%20tea&text=green%20tea,-%26%20more&text=green%20tea",
		"a Green-tea, 50% off":                    "a-,Green%2Dtea,-%2C%2050%25&text=a-,Green%2Dtea&text=Green%2Dtea,-%2C%2050%25&text=Green%2Dtea",
		"# One\n\n- green\n- tea\n\ntwo":          "One-,green,tea,-two&text=One-,green,tea&text=green,tea,-two&text=green,tea",
		"お茶。とgreen tea":                           "%E3%81%8A%E8%8C%B6%E3%80%82%E3%81%A8-,green%20tea&text=green%20tea",
		"green tea " + strings.Repeat("long", 20): "green%20tea",
	} {
		note := s.note("A note", content)
		href := s.get(searchURL(`"green tea"`)).wantStatus(http.StatusOK).attr(".hit h2 a", "href")
		wantEqual(t, href, noteURL(note)+"#:~:text="+want)
		s.post(noteURL(note) + "/trash")
	}
	if href := s.get(searchURL("plans")).attr(".hit h2 a", "href"); strings.Contains(href, "#") {
		t.Errorf("a note without the word in its text is opened at %s", href)
	}
}
