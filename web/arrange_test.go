package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// sorted stores three notes, of which each order has another one first.
func (s *site) sorted(tags ...domain.Tag) {
	s.t.Helper()
	beta := s.tagged("beta", tags...)
	s.tagged("Alpha", tags...)
	s.tagged("Gamma", tags...)
	s.clock.advance(48 * time.Hour)
	s.saved(beta.ID, "edited")
}

func TestAListIsSortedAsItsAddressSays(t *testing.T) {
	s := newSite(t)
	s.sorted("work")
	for _, list := range []string{"/notes?", "/notes?tag=work&"} {
		wantEqual(t, s.get(list).texts("#cards h2"), "beta, Gamma, Alpha")
		wantEqual(t, s.get(list+"sort=edited").texts("#cards h2"), "beta, Gamma, Alpha")
		wantEqual(t, s.get(list+"sort=created").texts("#cards h2"), "Gamma, Alpha, beta")
		wantEqual(t, s.get(list+"sort=title").texts("#cards h2"), "Alpha, beta, Gamma")
		wantEqual(t, s.get(list+"sort=size").texts("#cards h2"), "beta, Gamma, Alpha")
	}
	page := s.get("/notes?sort=created&tag=work")
	wantEqual(t, page.texts(".arrange a"), "Edited, Created, Title, Cards, Lines")
	wantEqual(t, page.texts(".arrange [aria-current=true]"), "Created, Cards")
	wantEqual(t, page.attr(".arrange a:nth-of-type(3)", "href"), "/notes?sort=title&tag=work")
	for i, name := range []string{"Edited", "Created", "Title"} {
		for _, list := range []answer{page, s.get("/notes?sort=title")} {
			link := fmt.Sprintf(".arrange:first-of-type a:nth-of-type(%d)", i+1)
			wantEqual(t, s.get(list.attr(link, "href")).text(".arrange:first-of-type [aria-current=true]"), name)
		}
	}
	if edited, made := s.get("/notes").text("#cards li:first-child time"), page.text("#cards li:last-child time"); edited == made {
		t.Errorf("a list that is sorted by creation says that beta was made on %s, when it was edited", made)
	}
	wantEqual(t, s.get("/notes?view=archived").texts(".arrange"), "") // where there is nothing to sort
}

func TestWhatAListIsSortedByIsRemembered(t *testing.T) {
	s := newSite(t)
	s.sorted("work")
	chosen := s.get("/notes?sort=title")
	wantEqual(t, cookieOf(chosen, sessionCookie+"_sort"), sessionCookie+"_sort=title")
	with := s.choosing("_sort=title", "_as=lines")
	for _, list := range []string{"/notes", "/notes?tag=work", "/notes?select=1"} {
		page := s.get(list, with)
		wantEqual(t, page.texts("#cards h2"), "Alpha, beta, Gamma")
		wantEqual(t, page.attr("#cards", "class"), "cards lines")
		if len(page.Cookies()) > 0 {
			t.Errorf("%s sets %v", list, page.Cookies())
		}
	}
	wantEqual(t, s.get("/notes?sort=created", with).texts("#cards h2"), "Gamma, Alpha, beta")
	wantEqual(t, s.get("/notes", s.choosing("_sort=size", "_as=boxes")).texts(".arrange [aria-current=true]"), "Edited, Cards")

	lines := s.get("/notes?as=lines&sort=title")
	wantEqual(t, cookieOf(lines, sessionCookie+"_as"), sessionCookie+"_as=lines")
	wantEqual(t, lines.attr("#cards", "class"), "cards lines")
	wantEqual(t, lines.texts(".arrange [aria-current=true]"), "Title, Lines")
	wantEqual(t, lines.attr(`.arrange a[href*="as=cards"]`, "href"), "/notes?as=cards&sort=title")

	// A browser that has the list in another arrangement is sent this one.
	has := s.get("/notes").Header.Get("ETag")
	for _, other := range []option{s.choosing("_sort=title"), s.choosing("_as=lines")} {
		s.get("/notes", other, header("If-None-Match", has)).wantStatus(http.StatusOK)
	}
	s.get("/notes", header("If-None-Match", has)).wantStatus(http.StatusNotModified)
}

func TestPagesOfASortedListFollowOneAnother(t *testing.T) {
	s := newSite(t)
	for i := range 45 {
		s.note(fmt.Sprintf("Note %d", i*7%45), "")
	}
	with := s.choosing("_sort=created") // chosen meanwhile, in another tab
	var all []string
	for path := "/notes?sort=title"; path != "none"; {
		page := s.get(path, with)
		if set := page.Header.Values("Set-Cookie"); len(all) > 0 && len(set) > 0 {
			t.Errorf("a page that isn't the first has %q remembered", set)
		}
		all = append(all, strings.Split(page.texts("#cards h2"), ", ")...)
		path = page.attr(".more a", "href")
	}
	for i, title := range all {
		wantEqual(t, title, fmt.Sprint("Note ", i))
	}
	wantEqual(t, len(all), 45)

	more := s.get("/notes").attr(".more a", "href")
	first, _, _ := strings.Cut(s.get(more, s.choosing("_sort=title")).texts("#cards h2"), ",")
	second, _, _ := strings.Cut(s.get(more).texts("#cards h2"), ",")
	wantEqual(t, first, second)
	s.get(more + "&sort=title").wantStatus(http.StatusUnprocessableEntity) // it begins at a place of another list
}

func TestTheTrashIsListedByWhenNotesWerePutThere(t *testing.T) {
	s := newSite(t)
	first, second := s.note("A", ""), s.note("B", "")
	for _, n := range []domain.Note{second, first} {
		s.post(noteURL(n)+"/trash", "version", "1").wantStatus(http.StatusSeeOther)
		s.clock.advance(time.Hour)
	}
	page := s.get("/notes?view=trash&sort=created&as=lines", s.choosing("_sort=created", "_as=lines"))
	wantEqual(t, page.texts("#cards h2"), "A, B")
	wantEqual(t, page.attr("#cards", "class"), "cards")
	wantEqual(t, page.texts(".arrange"), "")
}

func TestANoteThatIsAddedToAListSortedByTitleIsToldOfAboveIt(t *testing.T) {
	s := newSite(t)
	add := func(from string, more ...option) answer {
		options := append([]option{htmx("capture"), header("HX-Current-URL", "http://"+testHost+from)}, more...)
		return s.postWith("/notes", options, "content", "Delta").wantStatus(http.StatusOK)
	}
	for _, from := range []string{"/notes", "/notes?sort=created", "/notes?sort=size"} {
		wantEqual(t, add(from).text("hx-partial .card h2"), "Delta")
	}
	told := add("/notes?sort=title")
	wantEqual(t, told.page().Find(".card").Length(), 0)
	wantEqual(t, told.text("hx-partial .gone p"), "“Delta” added.")
	wantEqual(t, told.attr("hx-partial .gone a", "href"), noteURL(s.newest()))
	wantEqual(t, add("/notes", s.choosing("_sort=title")).page().Find(".card").Length(), 0)
	wantEqual(t, add("/notes?sort=edited", s.choosing("_sort=title")).page().Find(".card").Length(), 1)
}

// newest returns the note that was edited last.
func (s *site) newest() domain.Note {
	s.t.Helper()
	page, err := s.notes.List(s.t.Context(), s.owner.Read(), domain.NoteFilter{State: domain.Active}, "", 1)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.stored(page.Notes[0].ID)
}
