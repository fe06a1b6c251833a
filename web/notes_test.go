package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"octavo/domain"
)

type selection = *goquery.Selection

func TestANoteIsWrittenReadEditedDeletedAndBroughtBackWithFormsAlone(t *testing.T) {
	s := newSite(t)
	created := s.post("/notes", "content", "# Groceries\n\n- milk").wantStatus(http.StatusSeeOther)
	url := created.Header.Get("Location")

	page := s.get(url).wantStatus(http.StatusOK)
	wantEqual(t, page.text("h1"), "Groceries")
	wantEqual(t, page.text(".prose li"), "milk")

	form := s.get(url + "/edit").wantStatus(http.StatusOK)
	wantEqual(t, form.page().Find("[name=title]").Text(), "") // the title follows the first line
	wantEqual(t, form.text("[name=content]"), "# Groceries - milk")
	version := form.page().Find("[name=version]").AttrOr("value", "")
	s.post(url, "title", "Shopping", "content", "- bread", "version", version).wantRedirect(url)
	wantEqual(t, s.get(url).text("h1"), "Shopping")

	deleted := s.post(url + "/trash").wantRedirect("/notes")
	wantEqual(t, s.titles(domain.Trashed), "Shopping")

	list := s.get("/notes", header("Cookie", s.cookie.String()+"; "+cookieOf(deleted, sessionCookie+"_notice")))
	wantEqual(t, list.page().Find("#notices form").AttrOr("action", ""), url+"/restore")
	s.post(url + "/restore").wantRedirect("/notes")
	wantEqual(t, s.titles(domain.Active), "Shopping")
}

// cookieOf returns a cookie that a response sets, as a browser sends it back.
func cookieOf(a answer, name string) string {
	for _, c := range a.Cookies() {
		if c.Name == name {
			return c.Name + "=" + c.Value
		}
	}
	a.t.Errorf("no cookie %s is set", name)
	return ""
}

func TestANoticeIsShownOnce(t *testing.T) {
	s := newSite(t)
	n := s.note("Once", "")
	deleted := s.post("/notes/" + string(n.ID) + "/trash")
	shown := s.get("/notes", header("Cookie", s.cookie.String()+"; "+cookieOf(deleted, sessionCookie+"_notice")))
	if !strings.Contains(shown.text("#notices"), "moved to trash") {
		t.Error("the notice isn't shown")
	}
	for _, c := range shown.Cookies() {
		if c.Name == sessionCookie+"_notice" && c.MaxAge < 0 {
			return
		}
	}
	t.Error("the notice stays in its cookie")
}

func TestAForgedNoticeShowsNothing(t *testing.T) {
	s := newSite(t)
	for _, value := range []string{"trashed", "trashed.javascript:alert(1)", "<b>.x", "unknown." + string(domain.NewID())} {
		list := s.get("/notes", header("Cookie", s.cookie.String()+"; "+sessionCookie+"_notice="+value)).wantStatus(http.StatusOK)
		wantEqual(t, list.page().Find("#notices form").Length(), 0)
	}
}

func TestOnlyANoteInTheTrashIsDeletedForGood(t *testing.T) {
	s := newSite(t)
	url := "/notes/" + string(s.note("Gone", "").ID)
	s.post(url + "/purge").wantStatus(http.StatusConflict)
	s.post(url + "/trash").wantRedirect("/notes")
	s.post(url + "/purge").wantRedirect("/notes?view=trash")
	s.get(url).wantStatus(http.StatusNotFound)
}

func TestTheListIsPagedWithoutScripts(t *testing.T) {
	s := newSite(t)
	for i := range 45 {
		s.note(fmt.Sprintf("Note %02d", i), "")
	}
	var seen []string
	url := "/notes"
	for url != "" {
		page := s.get(url).wantStatus(http.StatusOK).page()
		page.Find("#cards h2 a").Each(func(_ int, link selection) { seen = append(seen, link.Text()) })
		url = page.Find(".more a").AttrOr("href", "")
	}
	if len(seen) != 45 || seen[0] != "Note 44" || seen[44] != "Note 00" {
		t.Errorf("got %d notes: %v", len(seen), seen)
	}
}

func TestHTMXGetsTheNextPageOfCardsAlone(t *testing.T) {
	s := newSite(t)
	for i := range 21 {
		s.note(fmt.Sprintf("Note %02d", i), "")
	}
	more := s.get("/notes").page().Find(".more a").AttrOr("hx-get", "")
	fragment := s.get(more, htmx("")).wantStatus(http.StatusOK)
	if strings.Contains(fragment.body, "<html") || strings.Count(fragment.body, `class="card"`) != 1 {
		t.Errorf("got %s", fragment.body)
	}
	if whole := s.get(more); !strings.Contains(whole.body, "<html") {
		t.Error("without htmx the same URL is no page")
	}
}

func TestCaptureThroughHTMXAddsTheCardAndEmptiesTheForm(t *testing.T) {
	s := newSite(t)
	got := s.postWith("/notes", []option{htmx("capture")}, "content", "Call mum").wantStatus(http.StatusOK)
	wantEqual(t, got.text("#capture-content"), "")
	wantEqual(t, got.text(".card h2"), "Call mum")
	wantEqual(t, s.titles(domain.Active), "Call mum")
}

func TestAnInvalidFormComesBackInPlaceWithWhatWasTyped(t *testing.T) {
	s := newSite(t)
	long := strings.Repeat("x", 256)

	page := s.post("/notes", "title", long, "content", "kept").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, page.page().Find("[name=title]").Text(), long)
	wantEqual(t, page.text("[name=content]"), "kept")
	field := page.page().Find("[name=title]")
	wantEqual(t, field.AttrOr("aria-invalid", ""), "true")
	for id := range strings.FieldsSeq(field.AttrOr("aria-describedby", "none")) {
		wantEqual(t, page.page().Find("#"+id).Length(), 1)
	}

	capture := s.postWith("/notes", []option{htmx("capture")}, "content", "  ").wantStatus(http.StatusUnprocessableEntity)
	if strings.Contains(capture.body, "<html") || capture.page().Find("form#capture").Length() != 1 {
		t.Errorf("got %s", capture.body)
	}
	form := s.postWith("/notes", []option{htmx("editor")}, "title", long).wantStatus(http.StatusUnprocessableEntity)
	if strings.Contains(form.body, "<html") || form.page().Find("form#editor").Length() != 1 {
		t.Errorf("got %s", form.body)
	}
	wantEqual(t, s.titles(domain.Active), "")
}

func TestDeleteThroughHTMXOffersUndoInThePlaceOfTheCard(t *testing.T) {
	s := newSite(t)
	url := "/notes/" + string(s.note("Oops", "").ID)
	gone := s.postWith(url+"/trash", []option{htmx("")}).wantStatus(http.StatusOK)
	wantEqual(t, gone.page().Find("form").AttrOr("hx-post", ""), url+"/restore")
	back := s.postWith(url+"/restore", []option{htmx("")}).wantStatus(http.StatusOK)
	wantEqual(t, back.text(".card h2"), "Oops")
	wantEqual(t, s.titles(domain.Active), "Oops")
}

func TestASavedEditLeadsHTMXToTheNote(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	url := "/notes/" + string(n.ID)
	s.postWith(url, []option{htmx("editor")}, "title", "Plan B", "version", "1").
		wantStatus(http.StatusOK).wantHeader("HX-Redirect", url)
}

func TestTheTrashListsWhatWasDeleted(t *testing.T) {
	s := newSite(t)
	url := "/notes/" + string(s.note("Old", "").ID)
	s.note("Current", "")
	s.post(url + "/trash")
	wantEqual(t, s.get("/notes?view=trash").text("#cards h2"), "Old")
	restored := s.postWith(url+"/restore", []option{htmx("")}, "view", "trash").wantStatus(http.StatusOK)
	if restored.page().Find(".card").Length() > 0 {
		t.Error("a restored note stays a card in the trash")
	}
}

func TestWhatANoteContainsCanNotAct(t *testing.T) {
	s := newSite(t)
	const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>`
	n := s.note(evil, evil+"\n\n[x](javascript:alert(1))\n\n# main")
	for _, url := range []string{"/notes", "/notes/" + string(n.ID), "/notes/" + string(n.ID) + "/edit"} {
		page := s.get(url).wantStatus(http.StatusOK).page()
		page.Find("script").Each(func(_ int, script selection) {
			if _, ok := script.Attr("src"); !ok || script.Text() != "" {
				t.Errorf("%s: a script with text: %s", url, script.Text())
			}
		})
		wantEqual(t, page.Find("[onerror], a[href^='javascript']").Length(), 0)
		wantEqual(t, page.Find("#main").Length(), 1)
	}
}

func TestSendingTheSameAgainIsNoConflict(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "")
	url := "/notes/" + string(n.ID)
	for range 2 { // as when the first answer got lost
		s.post(url, "title", "Plan B", "version", "1").wantRedirect(url)
	}
	wantEqual(t, s.stored(n.ID).Version, 2)
}

func TestANoteInTheTrashIsNotEditedBehindItsBack(t *testing.T) {
	s := newSite(t)
	n := s.note("Gone", "")
	url := "/notes/" + string(n.ID)
	s.post(url + "/trash")
	s.get(url + "/edit").wantRedirect(url)
	page := s.post(url, "title", "Changed", "version", "1").wantStatus(http.StatusConflict)
	if !strings.Contains(page.text(".problem"), "in the trash") || page.page().Find("[name=title]").Text() != "Changed" {
		t.Errorf("got %s", page.text("main"))
	}
	s.json(http.MethodPut, "/api/v1/notes/"+string(n.ID), `{"title":"x"}`, header("If-Match", `"2"`)).wantStatus(http.StatusConflict)
	wantEqual(t, s.stored(n.ID).Title, "Gone")
}

func TestASessionThatEndsWhileWritingKeepsWhatWasWritten(t *testing.T) {
	s := newSite(t)
	n := s.note("Old", "")
	for _, url := range []string{"/notes", "/notes/" + string(n.ID)} {
		page := s.postWith(url, []option{nobody}, "title", "T", "content", "a long text", "version", "1").wantStatus(http.StatusUnauthorized)
		form := page.page().Find("form#editor")
		wantEqual(t, form.AttrOr("action", ""), url)
		wantEqual(t, strings.TrimSpace(form.Find("[name=content]").Text()), "a long text")
	}
	if s.get("/notes/new", nobody).page().Find("form#editor").Length() > 0 {
		t.Error("a page that holds no text offers a form")
	}
}

func TestAnArchiveHasNoCaptureBox(t *testing.T) {
	s := newSite(t)
	page := s.get("/notes?view=archived").wantStatus(http.StatusOK)
	wantEqual(t, page.text("h1"), "Archive")
	wantEqual(t, page.page().Find("#capture").Length(), 0)
}
