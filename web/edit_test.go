package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// field returns the value of a field of a page's form.
func (a answer) field(name string) string {
	a.t.Helper()
	field := a.page().Find("form [name=" + name + "]").First()
	if field.Length() == 0 {
		a.t.Errorf("there is no field %q", name)
	}
	return field.AttrOr("value", strings.TrimPrefix(field.Text(), "\n"))
}

func TestTagsAreTypedIntoTheFormAndComeBackInIt(t *testing.T) {
	s := newSite(t)
	created := s.post("/notes", "title", "Tea", "tags", "drinks/hot, #kettle").wantStatus(http.StatusSeeOther)
	url := created.Header.Get("Location")
	wantEqual(t, s.get(url+"/edit").field("tags"), "drinks/hot kettle")
	s.post(url, "title", "Tea", "version", "1").wantRedirect(url) // a form that has no tags
	wantEqual(t, s.get(url+"/edit").field("tags"), "drinks/hot kettle")
	s.post(url, "title", "Tea", "tags", " ", "version", "1").wantRedirect(url)
	wantEqual(t, s.get(url+"/edit").field("tags"), "")

	for _, target := range []string{"/notes", url} {
		wrong := s.post(target, "title", "Tea", "tags", "a b /c", "content", "kept", "version", "2").wantStatus(http.StatusUnprocessableEntity)
		wantEqual(t, wrong.field("tags"), "a b /c")
		wantEqual(t, wrong.text("[name=content]"), "kept")
		if wrong.text("#tags-error") == "" || wrong.page().Find("[name=tags]").AttrOr("aria-invalid", "") != "true" {
			t.Error("the field isn't marked")
		}
	}
}

func TestWhatWasBeingTypedIntoANoteIsOfferedAgain(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "one two three\n")
	url := noteURL(n)
	draft := s.get(url+"/edit").page().Find("[name=draft]").AttrOr("data-url", "")
	s.post(draft, "note", string(n.ID), "title", "Plan", "content", "one 2 three\n", "tags", "", "version", "1").wantStatus(http.StatusNoContent)
	s.post(url+"/tasks", "task", "1", "version", "1") // touches nothing: there is no box

	wantEqual(t, s.get(url).page().Find("#note .notice a").AttrOr("href", ""), url+"/edit")
	offer := s.get(url + "/edit").wantStatus(http.StatusOK)
	wantEqual(t, offer.text(".diff del"), "two")
	wantEqual(t, offer.text(".diff ins"), "2")
	wantEqual(t, offer.page().Find("#editor").Length(), 0)
	next := offer.page().Find("a.primary").AttrOr("href", "")
	form := s.get(next).wantStatus(http.StatusOK)
	wantEqual(t, form.text("[name=content]"), "one 2 three")
	wantEqual(t, form.field("version"), "1")
	s.post(url, "title", "Plan", "content", "one 2 three\n", "version", "1", "draft", form.field("draft"),
		"continues", form.field("continues")).wantRedirect(url)
	wantEqual(t, s.get(url+"/edit").page().Find("#editor").Length(), 1)
	wantEqual(t, s.get(url).page().Find("#note .notice").Length(), 0)
}

func TestADraftThatSaysWhatTheNoteSaysIsNotOffered(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	s.draft(n, "title", "Plan", "content", "text")
	wantEqual(t, s.get(noteURL(n)+"/edit").page().Find("#editor").Length(), 1)
	s.draft(n, "title", "Plan", "content", "new text")
	s.post(noteURL(n), "title", "Plan", "content", "new text", "version", "1").wantRedirect(noteURL(n))
	wantEqual(t, s.get(noteURL(n)).page().Find("#note .notice").Length(), 0)
	wantEqual(t, s.get(noteURL(n)+"/edit").page().Find("#editor").Length(), 1)
}

// draft keeps what is typed into a form of a note, and returns where it was kept.
func (s *site) draft(n domain.Note, fields ...string) (url string) {
	s.t.Helper()
	url = "/drafts/" + string(domain.NewID())
	s.post(url, append(fields, "note", string(n.ID), "version", "1")...).wantStatus(http.StatusNoContent)
	return url
}

func TestTwoTabsOfOneNoteHaveADraftEach(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	s.draft(n, "title", "Plan", "content", "typed in one tab")
	other := s.get(noteURL(n) + "/edit?draft=" + string(domain.NewID())).page() // it was discarded meanwhile
	wantEqual(t, other.Find(".diff ins").Text(), "typed in one tab")

	s.clock.now = s.clock.now.Add(time.Minute)
	key := domain.NewID()
	s.post("/drafts/"+string(key), "note", string(n.ID), "version", "1", "title", "Plan", "content", "typed in the other").
		wantStatus(http.StatusNoContent)
	s.post(noteURL(n), "title", "Plan", "content", "typed in the other", "version", "1", "draft", string(key)).wantRedirect(noteURL(n))
	wantEqual(t, s.get(noteURL(n)+"/edit").page().Find(".diff ins").Length() > 0, true)
	wantEqual(t, s.get(noteURL(n)).page().Find("#note .notice").Length(), 1)
}

func TestADraftOfANoteIsDiscarded(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	s.draft(n, "content", "other")
	discard := s.get(noteURL(n)+"/edit").page().Find("form[action$=discard]").AttrOr("action", "")
	form := s.after(s.post(discard).wantRedirect(noteURL(n) + "/edit"))
	wantEqual(t, form.text("[name=content]"), "text")
	s.post(discard).wantStatus(http.StatusNotFound)
}

func TestANoteThatWasNeverSavedIsOfferedAgain(t *testing.T) {
	s := newSite(t)
	key := s.get("/notes/new").field("draft")
	s.post("/drafts/"+key, "content", "# Letter\n\nDear", "tags", "mail").wantStatus(http.StatusNoContent)
	s.post("/drafts/"+string(domain.NewID()), "content", " ").wantStatus(http.StatusNoContent)

	page := s.get("/notes/new").wantStatus(http.StatusOK)
	wantEqual(t, page.page().Find(".drafts a").Length(), 1)
	wantEqual(t, page.text(".drafts a"), "Letter")
	if page.field("draft") == key {
		t.Error("the empty form would take the draft's place")
	}
	form := s.get(page.page().Find(".drafts a").AttrOr("href", "")).wantStatus(http.StatusOK)
	wantEqual(t, form.text("[name=content]"), "# Letter Dear")
	wantEqual(t, form.field("tags"), "mail")
	continues := form.field("continues")
	key = form.field("draft")

	url := s.post("/notes", "content", "# Letter\n\nDear Ada", "draft", key, "continues", continues).
		wantStatus(http.StatusSeeOther).Header.Get("Location")
	wantEqual(t, s.get("/notes/new").page().Find(".drafts").Length(), 0)
	s.post("/drafts/"+key, "content", "# Letter\n\nDear Ada").wantStatus(http.StatusNoContent) // by a script that was under way
	s.post("/drafts/"+key, "content", "typed after going back").wantStatus(http.StatusConflict)
	wantEqual(t, s.get("/notes/new").page().Find(".drafts").Length(), 0)

	s.post("/notes", "content", "# Letter\n\nDear Ada", "draft", key).wantRedirect(url) // sent twice
	wantEqual(t, s.titles(domain.Active), "Letter")
	s.post("/notes", "content", "# Another", "draft", key).wantStatus(http.StatusSeeOther) // after going back
	wantEqual(t, s.titles(domain.Active), "Another, Letter")
}

func TestCapturingBeginsAnotherDraft(t *testing.T) {
	s := newSite(t)
	key := s.get("/notes").page().Find("#capture [name=draft]").AttrOr("value", "")
	got := s.postWith("/notes", []option{htmx("capture")}, "content", "one", "draft", key).wantStatus(http.StatusOK)
	if again := got.field("draft"); again == key || again == "" {
		t.Errorf("the next draft has the key %q", again)
	}
}

func TestADraftThatCanNotBeKeptSaysWhyInJSON(t *testing.T) {
	s := newSite(t)
	inJSON := header("Accept", "application/json")
	for _, tt := range []struct {
		name, key, content, note string
		options                  []option
		status                   int
	}{
		{"too long", string(domain.NewID()), strings.Repeat("x", domain.MaxContent+1), "", nil, 422},
		{"no key", "x", "x", "", nil, 404},
		{"of no note", string(domain.NewID()), "x", "x", nil, 404},
		{"signed out", string(domain.NewID()), "x", "", []option{nobody}, 401},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			var problem struct{ Detail string }
			s.postWith("/drafts/"+tt.key, append(tt.options, inJSON), "content", tt.content, "note", tt.note, "version", "1").
				wantStatus(tt.status).wantHeader("Content-Type", "application/problem+json").decode(&problem)
			if problem.Detail == "" {
				t.Error("the problem has no detail")
			}
		})
	}
}

func TestASessionThatEndsWhileWritingKeepsTheTagsAndTheDraft(t *testing.T) {
	s := newSite(t)
	n := s.note("Old", "")
	key := string(domain.NewID())
	page := s.postWith(noteURL(n), []option{nobody}, "title", "T", "content", "text", "tags", "a b", "version", "1",
		"draft", key).wantStatus(http.StatusUnauthorized)
	wantEqual(t, page.field("tags"), "a b")
	wantEqual(t, page.field("draft"), key)
}

func TestWhatWasTypedIntoANoteThatHasGoneCanBecomeANewOne(t *testing.T) {
	s := newSite(t)
	gone := "/notes/" + string(domain.NewID())
	page := s.post(gone, "title", "T", "content", "text", "tags", "a b", "version", "1").wantStatus(http.StatusNotFound)
	wantEqual(t, page.text("[name=content]"), "text")
	wantEqual(t, page.page().Find("#editor").AttrOr("action", ""), "/notes")
	again := s.postWith(gone, []option{htmx("editor")}, "title", "T", "content", "text", "version", "1")
	again.wantStatus(http.StatusNotFound).wantHeader("HX-Retarget", "#editor")
	wantEqual(t, again.text("[name=content]"), "text")
	wantEqual(t, again.text("#editor h2"), "This note has been deleted for good")
}

func TestTwoTabsThatGoOnWithOneDraftLoseNothing(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	s.draft(n, "title", "Plan", "content", "begun")
	next := s.get(noteURL(n)+"/edit").page().Find("a.primary").AttrOr("href", "")
	one, two := s.get(next), s.get(next)
	keep := func(tab answer, content string) {
		s.clock.now = s.clock.now.Add(time.Second)
		s.post("/drafts/"+tab.field("draft"), "note", string(n.ID), "version", "1", "title", "Plan", "content", content,
			"continues", tab.field("continues")).wantStatus(http.StatusNoContent)
	}
	keep(one, "begun in one")
	keep(two, "begun in two")
	s.post(noteURL(n), "title", "Plan", "content", "begun in one", "version", "1", "draft", one.field("draft"),
		"continues", one.field("continues")).wantRedirect(noteURL(n))
	offer := s.get(noteURL(n) + "/edit").page()
	wantEqual(t, offer.Find(".diff ins").Text(), "two")
	wantEqual(t, strings.Contains(offer.Find(".offer").Text(), "more"), false)
}
