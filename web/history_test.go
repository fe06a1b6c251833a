package web_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// saved saves a note's content and returns the version that it has then.
func (s *site) saved(id domain.ID, content string) int {
	s.t.Helper()
	n := s.stored(id)
	s.post(noteURL(n), "title", n.Title, "content", content, "version", fmt.Sprint(n.Version)).wantStatus(http.StatusSeeOther)
	return s.stored(id).Version
}

func TestTheHistoryListsWhatWasSavedTogetherAsOne(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "one")
	s.saved(n.ID, "one two")
	s.clock.advance(domain.SessionGap + time.Second)
	s.saved(n.ID, "one two three")
	page := s.get(noteURL(n) + "/history").wantStatus(http.StatusOK).page()
	var sessions []string
	page.Find(".history > li").Each(func(_ int, session selection) {
		var links []string
		session.Find(".revision a").Each(func(_ int, a selection) {
			links = append(links, strings.TrimPrefix(a.AttrOr("href", ""), noteURL(n)+"/history/"))
		})
		sessions = append(sessions, strings.Join(links, ","))
	})
	wantEqual(t, strings.Join(sessions, " "), "3 2,1")
	wantEqual(t, page.Find(".history .now").Length(), 1)
	if text := page.Find(".history > li").First().Text(); !strings.Contains(text, "Owner") || !strings.Contains(text, "13 bytes") {
		t.Errorf("a revision shows %q", text)
	}
}

func TestALongHistoryIsPaged(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "0")
	for i := range 60 {
		s.saved(n.ID, fmt.Sprint(i+1))
	}
	seen := 0
	url := noteURL(n) + "/history"
	for url != "" {
		page := s.get(url).wantStatus(http.StatusOK).page()
		seen += page.Find(".revision").Length()
		url = page.Find(".older a").AttrOr("href", "")
	}
	wantEqual(t, seen, 61)
	s.get(noteURL(n) + "/history?before=x").wantStatus(http.StatusUnprocessableEntity)
}

func TestARevisionShowsWhatItChangedAndItsText(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "one **two** three")
	s.post(noteURL(n), "title", "Plans", "content", "one **2** three", "tags", "work", "version", "1").wantStatus(http.StatusSeeOther)
	page := s.get(noteURL(n) + "/history/2").wantStatus(http.StatusOK)
	wantEqual(t, page.text(".diff-lines del"), "two")
	wantEqual(t, page.text(".diff-lines ins"), "2")
	wantEqual(t, page.text(".diff-field del"), "Plan")
	wantEqual(t, page.page().Find(".diff-field ins").Text(), "Planswork")
	if !strings.Contains(page.body, "1 word added, 1 word removed") {
		t.Error("the words aren't counted")
	}
	first := s.get(noteURL(n) + "/history/1").wantStatus(http.StatusOK)
	wantEqual(t, first.text(".diff-lines .added ins"), "one **two** three")
	text := s.get(noteURL(n) + "/history/1?view=text").wantStatus(http.StatusOK)
	wantEqual(t, text.text(".prose strong"), "two")
	wantEqual(t, text.text("h2"), "Plan")
	for _, version := range []string{"0", "3", "x", "-1"} {
		s.get(noteURL(n) + "/history/" + version).wantStatus(http.StatusNotFound)
	}
}

func TestARevisionIsBroughtBackAndThatIsUndone(t *testing.T) {
	s := newSite(t)
	n := s.note("Plan", "old")
	s.saved(n.ID, "new")
	revision := s.get(noteURL(n) + "/history/1").page()
	page := s.after(s.post(revision.Find("form[action$=restore]").AttrOr("action", "")).wantRedirect(noteURL(n)))
	wantEqual(t, s.stored(n.ID).Content, "old")
	s.undo(page).wantRedirect(noteURL(n))
	wantEqual(t, s.stored(n.ID).Content, "new")
	wantEqual(t, s.get(noteURL(n)+"/history").page().Find(".revision").Length(), 4)
	s.post(noteURL(n) + "/history/9/restore").wantStatus(http.StatusNotFound)
	if s.get(noteURL(n)+"/history/4").page().Find("form[action$=restore]").Length() > 0 {
		t.Error("what the note says now is offered to be brought back")
	}
}

func TestALongDifferenceIsCutAndSaysSo(t *testing.T) {
	s := newSite(t)
	n := s.note("Long", "")
	version := s.saved(n.ID, strings.Repeat("line\n", 10_000))
	page := s.get(noteURL(n) + "/history/" + fmt.Sprint(version)).wantStatus(http.StatusOK)
	wantEqual(t, page.page().Find(".diff .line").Length(), 2000)
	if !strings.Contains(page.text(".diff-lines"), "8000 more lines not shown") {
		t.Errorf("the end says %q", page.text(".diff .gap"))
	}
}
