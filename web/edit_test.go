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
	s.post("/drafts/"+string(domain.NewID()), "title", "Plan", "content", "text", "note", string(n.ID), "version", "1").
		wantStatus(http.StatusResetContent)
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
	restored := s.post(form.page().Find(".notice form").AttrOr("action", "")).wantStatus(http.StatusSeeOther)
	wantEqual(t, s.get(restored.Header.Get("Location")).text("[name=content]"), "other")
}

func TestCancelDiscardsWhatIsTypedAndUndoBringsItBack(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	for url, leads := range map[string]string{"/notes/new": "/notes", noteURL(n) + "/edit": noteURL(n)} {
		form := s.get(url).wantStatus(http.StatusOK)
		cancel := form.page().Find("#editor .cancel")
		fields := []string{"note", cancel.AttrOr("value", "?"), "title", "Plan", "content", "typed, and never sent", "draft", form.field("draft")}
		if url != "/notes/new" {
			fields = append(fields, "version", "1")
		}
		page := s.after(s.post(cancel.AttrOr("formaction", ""), fields...).wantRedirect(leads))
		wantEqual(t, page.text("#notices .notice p"), "Draft discarded.")
		wantEqual(t, s.get("/drafts").page().Find(".drafts").Length(), 0)

		undo := page.attr("#notices .notice form", "action")
		again := s.post(undo).wantStatus(http.StatusSeeOther).Header.Get("Location")
		wantEqual(t, s.get(again).text("#content"), "typed, and never sent")
		wantEqual(t, s.get("/drafts").page().Find(".drafts li").Length(), 1)
		s.post(undo).wantStatus(http.StatusConflict)
		s.clock.advance(time.Second)
		s.post("/drafts/discard")
		s.get("/drafts") // takes the notice
		s.clock.advance(time.Second)
	}
}

func TestCancelBringsBackWhatWasTypedAfterItsDraftWasDiscardedElsewhere(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	url := s.draft(n, "title", "Plan", "content", "typed")
	s.get("/notes", header("Cookie", s.cookie.String()+"; "+cookieOf(s.post(url+"/discard"), sessionCookie+"_notice")))
	s.clock.advance(time.Second)
	page := s.after(s.post(url+"/cancel", "note", string(n.ID), "title", "Plan", "content", "typed on", "version", "1").wantRedirect(noteURL(n)))
	wantEqual(t, page.text("#notices .notice p"), "Draft discarded.")
	again := s.post(page.attr("#notices .notice form", "action")).wantStatus(http.StatusSeeOther).Header.Get("Location")
	wantEqual(t, s.get(again).text("#content"), "typed on")
}

func TestCancelOfWhatNobodyHasTypedSaysNothing(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	key := s.get("/notes/new").field("draft")
	page := s.after(s.post("/drafts/"+key+"/cancel", "note", "", "title", "", "content", "\n").wantRedirect("/notes"))
	wantEqual(t, page.page().Find("#notices .notice").Length(), 0)
	key = s.get(noteURL(n) + "/edit").field("draft")
	page = s.after(s.post("/drafts/"+key+"/cancel", "note", string(n.ID), "title", "Plan", "content", "text", "tags", "", "version", "1").wantRedirect(noteURL(n)))
	wantEqual(t, page.page().Find("#notices .notice").Length(), 0)

	long := strings.Repeat("x", domain.MaxContent+1)
	kept := s.post("/drafts/"+key+"/cancel", "note", string(n.ID), "title", "Plan", "content", long, "version", "1").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, kept.text("#content"), long)
}

func TestAllDraftsAreListedAndDiscardedTogether(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "text")
	wantEqual(t, s.get("/drafts").wantStatus(http.StatusOK).text(".empty-title"), "No unsaved drafts")
	s.draft(n, "title", "Plan", "content", "other")
	s.clock.advance(time.Hour)
	key := string(domain.NewID())
	s.post("/drafts/"+key, "content", "# Letter").wantStatus(http.StatusNoContent)
	wantEqual(t, s.get("/notes/new").text(".draft-hint a"), "2 unsaved drafts")

	page := s.get("/drafts").wantStatus(http.StatusOK)
	wantEqual(t, page.texts(".drafts a"), "Letter, Plan")
	wantEqual(t, page.texts(".drafts .hint"), "New note, changed 3 Feb 2026, 05:05 UTCWill be deleted on 5 Mar 2026, 05:05 UTC, "+
		"Changes to a note, made 3 Feb 2026, 04:05 UTCWill be deleted on 5 Mar 2026, 04:05 UTC")
	wantEqual(t, s.get(page.attr(".drafts li:first-child a", "href")).text("#content"), "# Letter")
	wantEqual(t, s.get(page.attr(".drafts li:last-child a", "href")).text("#content"), "other")

	fromList := header("Referer", "http://"+testHost+"/drafts")
	page = s.after(s.postWith(page.attr(".drafts li:last-child form", "action"), []option{fromList}).wantRedirect("/drafts"))
	wantEqual(t, page.texts(".drafts a"), "Letter")
	s.postWith(page.attr("#notices form", "action"), []option{fromList}).wantRedirect("/drafts")

	s.clock.advance(time.Second)
	page = s.after(s.post(s.get("/drafts").attr(".list-head form", "action")).wantRedirect("/drafts"))
	wantEqual(t, page.text("#notices .notice p"), "2 drafts discarded.")
	wantEqual(t, page.page().Find(".drafts").Length(), 0)
	wantEqual(t, s.get("/notes").page().Find(".draft-hint").Length(), 0)
	s.post(page.attr("#notices form", "action")).wantRedirect("/drafts")
	wantEqual(t, s.get("/drafts").texts(".drafts a"), "Letter, Plan")
}

func TestWhoeverForgetsADraftIsToldThatItHasGoneAndMayHaveItBack(t *testing.T) {
	s := newSite(t)
	s.post("/drafts/"+string(domain.NewID()), "content", "Forgotten").wantStatus(http.StatusNoContent)
	s.get("/notes")
	_, err := s.store.Housekeeping().ExpireDrafts(t.Context(), s.clock.Now().Add(time.Second), s.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	page := s.get("/tags")
	wantEqual(t, page.text("#notices .notice p"), "1 draft was deleted because you hadn’t changed it for 30 days.")
	wantEqual(t, s.get("/notes").page().Find("#notices .notice").Length(), 0) // it is told once
	s.post(page.attr("#notices form", "action")).wantRedirect("/drafts")
	wantEqual(t, s.get("/drafts").texts(".drafts a"), "Forgotten")
}

func TestANoteThatWasNeverSavedIsOfferedAgain(t *testing.T) {
	s := newSite(t)
	key := s.get("/notes/new").field("draft")
	s.post("/drafts/"+key, "content", "# Letter\n\nDear", "tags", "mail").wantStatus(http.StatusNoContent)
	s.post("/drafts/"+string(domain.NewID()), "content", " ").wantStatus(http.StatusResetContent)

	page := s.get("/notes/new").wantStatus(http.StatusOK)
	wantEqual(t, page.text(".draft-hint"), "1 unsaved draft")
	if page.field("draft") == key {
		t.Error("the empty form would take the draft's place")
	}
	list := s.get(page.attr(".draft-hint a", "href")).wantStatus(http.StatusOK)
	wantEqual(t, list.texts(".drafts a"), "Letter")
	form := s.get(list.attr(".drafts a", "href")).wantStatus(http.StatusOK)
	wantEqual(t, form.text("[name=content]"), "# Letter Dear")
	wantEqual(t, form.field("tags"), "mail")
	continues := form.field("continues")
	key = form.field("draft")

	url := s.post("/notes", "content", "# Letter\n\nDear Ada", "draft", key, "continues", continues).
		wantStatus(http.StatusSeeOther).Header.Get("Location")
	wantEqual(t, s.get("/notes/new").page().Find(".draft-hint").Length(), 0)
	s.post("/drafts/"+key, "content", "# Letter\n\nDear Ada").wantStatus(http.StatusResetContent) // by a script that was under way
	s.post("/drafts/"+key, "content", "typed after going back").wantStatus(http.StatusConflict)
	wantEqual(t, s.get("/notes/new").page().Find(".draft-hint").Length(), 0)

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
	wantEqual(t, again.text("#editor h2"), "This note has been deleted permanently")
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

func TestAFormThatIsToStayLeadsBackToItself(t *testing.T) {
	s := newSite(t)
	first := s.post("/notes", "content", "first", "stay", "1").wantStatus(http.StatusSeeOther).Header.Get("Location")
	if !strings.HasSuffix(first, "/edit") {
		t.Fatalf("a new note leads to %s", first)
	}
	note := strings.TrimSuffix(first, "/edit")
	second := s.post(note, "content", "second", "version", "1", "stay", "1").wantStatus(http.StatusSeeOther)
	wantEqual(t, second.Header.Get("Location"), first)
}

func TestTheTabOfAnEditorIsTitledByItsNote(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan & more", "first")
	if title := s.get("/notes/" + string(n.ID) + "/edit").page().Find("title").Text(); !strings.HasPrefix(title, "Editing “Plan & more”") {
		t.Errorf("it is titled %q", title)
	}
}
