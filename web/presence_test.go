package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

func TestWhoEditsANoteSeesWhoElseDoes(t *testing.T) {
	s := newSharing(t)
	bo, cy := s.person("Bo"), s.person("Cy")
	s.give(bo, domain.RoleEditor)
	s.give(cy, domain.RoleEditor)
	note := s.shared("Shopping", "milk")
	others := func(options ...option) string {
		t.Helper()
		return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(s.get(note+"/edit", options...).wantStatus(http.StatusOK).text("#presence"))
	}
	poll := func(options ...option) (text string) {
		t.Helper()
		var met struct{ Text string }
		s.postWith(note+"/presence", options).wantStatus(http.StatusOK).decode(&met)
		return strings.NewReplacer("\u2068", "", "\u2069", "").Replace(met.Text)
	}
	wantEqual(t, others(), "")
	wantEqual(t, others(bo.cookie), "Owner is editing this note, too")
	wantEqual(t, poll(), "Bo is editing this note, too")
	wantEqual(t, poll(cy.cookie), "Owner, Bo are editing this note, too")
	s.clock.advance(domain.PresenceLife) // of those whose scripts said so last
	wantEqual(t, poll(), "Bo is editing this note, too")
	s.clock.advance(domain.PresencePlain)
	wantEqual(t, poll(), "")
	wantEqual(t, s.get(s.shared("Other", "")+"/edit", bo.cookie).text("#presence"), "")

	s.give(bo, domain.RoleReader)
	s.postWith(note+"/presence", []option{bo.cookie}).wantStatus(http.StatusForbidden)
	s.give(bo, "")
	s.postWith(note+"/presence", []option{bo.cookie}).wantStatus(http.StatusNotFound)
}

func TestNobodyIsAskedWhoElseEditsTheirOwnNotes(t *testing.T) {
	s := newSharing(t)
	n := s.note("Diary", "")
	wantEqual(t, s.get(noteURL(n)+"/edit").page().Find("#presence").Length(), 0)
	present, err := s.store.Presences(s.owner).At(t.Context(), n.ID, s.clock.Now().Add(-time.Hour))
	if err != nil || len(present) != 0 {
		t.Errorf("got %v, %v", present, err)
	}
}
