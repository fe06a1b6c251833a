package web_test

import (
	"net/http"
	"strings"
	"testing"

	"octavo/domain"
)

func TestChangesInDifferentPlacesAreBroughtTogether(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "one\n\ntwo\n\nthree\n")
	url := noteURL(n)
	s.post(url, "title", "Plan", "content", "ONE\n\ntwo\n\nthree\n", "version", "1").wantRedirect(url)
	page := s.after(s.post(url, "title", "Plan", "content", "one\n\ntwo\n\nTHREE\n", "version", "1").wantRedirect(url))
	wantEqual(t, s.stored(n.ID).Content, "ONE\n\ntwo\n\nTHREE\n")
	wantEqual(t, page.page().Find("#notices a").AttrOr("href", ""), url+"/history")
}

// collide has somebody else save a note while it is being edited, and returns what the editor is answered.
func collide(s *site, n domain.Note, options ...option) answer {
	s.t.Helper()
	s.post(noteURL(n), "title", "Theirs", "content", "same\ntheirs\nsame\n\ntheir end\n", "version", "1").wantStatus(http.StatusSeeOther)
	return s.postWith(noteURL(n), options, "title", "Mine", "content", "same\nmine\nsame\n\nmy end\n", "tags", "work", "version", "1").
		wantStatus(http.StatusConflict)
}

// choose sends the form of a merge with a choice for each field, as a browser does.
func choose(s *site, page answer, choices ...string) answer {
	s.t.Helper()
	form := page.page().Find("form#merge")
	fields := choices
	form.Find("input[type=hidden]").Each(func(_ int, field selection) {
		fields = append(fields, field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	return s.post(form.AttrOr("action", ""), fields...)
}

func TestWhereTextsCollideBothSidesAreShownAndNothingIsStored(t *testing.T) {
	for _, options := range [][]option{nil, {htmx("editor")}} {
		s := newSite(t)
		n := s.note("Plan", "same\nbegun\nsame\n\nend\n")
		page := collide(s, n, options...)
		wantEqual(t, strings.Contains(page.body, "<html"), options == nil)
		var places []string
		page.page().Find("fieldset").Each(func(_ int, place selection) {
			places = append(places, place.Find("legend").Text()+": "+strings.Join(strings.Fields(place.Find(".lines").Text()), " "))
			wantEqual(t, place.Find("[checked]").Length(), 0)
		})
		wantEqual(t, strings.Join(places, "; "), "Title: MineTheirs; Conflict 1 of 2: mine theirs; Conflict 2 of 2: my end their end")
		wantEqual(t, page.text(".agreed"), "same")
		wantEqual(t, s.stored(n.ID).Content, "same\ntheirs\nsame\n\ntheir end\n")

		draft := s.get(page.page().Find("a.quiet").AttrOr("href", "")).wantStatus(http.StatusOK)
		wantEqual(t, draft.text("[name=content]"), "same mine same my end")
		wantEqual(t, draft.field("tags"), "work")
		wantEqual(t, draft.field("version"), "1")
	}
}

func TestWhatIsChosenIsSavedAndBothSidesAreInTheHistory(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "same\nbegun\nsame\n\nend\n")
	page := collide(s, n)
	choose(s, page, "choice-title", "theirs", "choice-1", "mine", "choice-2", "both").wantRedirect(noteURL(n))
	stored := s.stored(n.ID)
	wantEqual(t, stored.Title+"|"+stored.Content, "Theirs|same\nmine\nsame\n\ntheir end\nmy end\n")
	wantEqual(t, len(stored.Tags), 1)
	wantEqual(t, s.get(noteURL(n)).page().Find("#note .notice").Length(), 0) // the draft is gone
	history := s.get(noteURL(n) + "/history").page()
	wantEqual(t, history.Find(".revision").Length(), 4) // begun, theirs, mine, both
}

func TestOneSideIsTakenEverywhere(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "same\nbegun\nsame\n\nend\n")
	choose(s, collide(s, n), "all", "mine").wantRedirect(noteURL(n))
	wantEqual(t, s.stored(n.ID).Content, "same\nmine\nsame\n\nmy end\n")
	wantEqual(t, s.stored(n.ID).Title, "Mine")
}

func TestAMissingChoiceIsAskedForAgainWithTheOthersKept(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "same\nbegun\nsame\n\nend\n")
	page := collide(s, n)
	again := choose(s, page, "choice-title", "both", "choice-1", "theirs").wantStatus(http.StatusUnprocessableEntity)
	form := again.page().Find("form#merge")
	wantEqual(t, form.Find("[checked]").AttrOr("id", ""), "choice-1-theirs")
	wantEqual(t, form.Find("[autofocus]").Length(), 1)
	wantEqual(t, form.Find("[autofocus]").AttrOr("id", ""), "choice-title-mine")
	wantEqual(t, form.Find("#choice-2-error").Length(), 1)
	choose(s, again, "choice-title", "mine", "choice-1", "theirs", "choice-2", "mine").wantRedirect(noteURL(n))
	wantEqual(t, s.stored(n.ID).Content, "same\ntheirs\nsame\n\nmy end\n")
}

func TestANoteThatIsChangedOnceMoreIsChosenFromAgain(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "same\nbegun\nsame\n\nend\n")
	page := collide(s, n)
	s.post(noteURL(n), "title", "Theirs", "content", "same\nonce more\nsame\n\ntheir end\n", "version", "2").wantStatus(http.StatusSeeOther)
	again := choose(s, page, "choice-title", "mine", "choice-1", "mine", "choice-2", "mine").wantStatus(http.StatusConflict)
	if !strings.Contains(again.text("form h2"), "changed again") || !strings.Contains(again.text("fieldset .theirs .lines"), "Theirs") {
		t.Errorf("got %s", again.text("form"))
	}
	wantEqual(t, s.stored(n.ID).Content, "same\nonce more\nsame\n\ntheir end\n")
	choose(s, again, "choice-title", "mine", "choice-1", "both", "choice-2", "theirs").wantRedirect(noteURL(n))
	wantEqual(t, s.stored(n.ID).Content, "same\nonce more\nmine\nsame\n\ntheir end\n")
}

func TestAFormWhoseDraftWasDiscardedElsewhereIsMergedToo(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "same\nbegun\nsame\n\nend\n")
	url := s.draft(n, "title", "Mine", "content", "mine")
	s.post(url + "/discard").wantStatus(http.StatusSeeOther)
	s.post(noteURL(n), "title", "Plan", "content", "theirs", "version", "1").wantRedirect(noteURL(n))

	key := strings.TrimPrefix(url, "/drafts/")
	page := s.post(noteURL(n), "title", "Plan", "content", "mine", "version", "1", "draft", key).wantStatus(http.StatusConflict)
	kept := page.attr("#merge [name=draft]", "value")
	wantEqual(t, kept != key, true)
	wantEqual(t, cookieOf(page, sessionCookie+"_saved"), sessionCookie+"_saved="+key)
	wantEqual(t, s.get(noteURL(n)+"/edit?draft="+kept).text("#content"), "mine")
	choose(s, page, "all", "mine").wantRedirect(noteURL(n))
	wantEqual(t, s.stored(n.ID).Content, "mine")
	wantEqual(t, s.get("/drafts").page().Find(".drafts").Length(), 0)
}

func TestNonsenseInsteadOfChoicesIsRefused(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "same\nbegun\nsame\n\nend\n")
	page := collide(s, n)
	for _, count := range []string{"", "-1", "999999999", "x", "1"} {
		s.post(noteURL(n), "title", "Mine", "content", "same\nmine\nsame\n\nmy end\n", "version", "1", "theirs", "2",
			"collisions", count, "choice-title", "mine", "choice-1", "<b>", "choice-2", "mine").wantStatus(http.StatusUnprocessableEntity)
	}
	wantEqual(t, page.field("theirs"), "2")
	wantEqual(t, s.stored(n.ID).Version, 2)
}

func TestNotesThatLinkToANoteFollowItsTitleAndCanBeBroughtBack(t *testing.T) {
	s := newSite(t)
	n := s.note("Tea", "")
	other := s.note("Breakfast", "[[Tea]]")
	s.note("Lunch", "[[tea]]")
	page := s.after(s.post(noteURL(n), "title", "Green tea", "version", "1").wantRedirect(noteURL(n)))
	if !strings.Contains(page.text("#notices"), "Links in 2 notes now use the new title.") {
		t.Errorf("the notice says %q", page.text("#notices"))
	}
	wantEqual(t, s.stored(other.ID).Content, "[[Green tea]]")
	s.undo(page).wantStatus(http.StatusSeeOther)
	wantEqual(t, s.stored(other.ID).Content, "[[Tea]]")
	wantEqual(t, s.stored(n.ID).Title, "Tea")
}
