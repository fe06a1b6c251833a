package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"octavo/domain"
)

func TestANoteMovesIntoAnotherSpaceAndBack(t *testing.T) {
	s := newSharing(t)
	n := s.note("Shopping", "milk")
	page := s.get(noteURL(n))
	move := noteURL(n) + "/move"
	if page.page().Find(`.actions a[href="`+move+`"]`).Length() != 1 {
		t.Error("the note can't be moved from its page")
	}
	asked := s.get(move).wantStatus(http.StatusOK)
	wantEqual(t, strings.TrimSpace(asked.page().Find("#to option").Text()), "The family")
	s.post(move, "to", "").wantStatus(http.StatusUnprocessableEntity)
	s.post(move, "to", string(domain.OwnerID)).wantStatus(http.StatusUnprocessableEntity)

	list := s.after(s.post(move, "to", string(s.space)))
	wantEqual(t, strings.TrimSpace(list.text("#notices .notice p")), "1 note moved to The family.")
	s.get(noteURL(n)).wantStatus(http.StatusNotFound)
	s.get(s.base + noteURL(n)).wantStatus(http.StatusOK)
	s.get(s.base + noteURL(n) + "/history").wantStatus(http.StatusOK)
	s.undo(list)
	s.get(s.base + noteURL(n)).wantStatus(http.StatusNotFound)
	s.get(noteURL(n)).wantStatus(http.StatusOK)
}

func TestASpaceThatIsntTheirsLooksLikeNoneToWhoMovesNotes(t *testing.T) {
	s := newSharing(t)
	bo := s.person("Bo")
	foreign := s.newSpace("Bo's", bo.id)
	n := s.note("Shopping", "milk")
	for _, path := range []string{noteURL(n) + "/move", "/notes/bulk"} {
		with := func(to string) answer {
			return s.post(path, "to", to, "action", "move", "id", string(n.ID)).wantStatus(http.StatusNotFound)
		}
		never := with(string(domain.NewID()))
		wantSame(t, with(string(foreign)), never)
		wantSame(t, with(string(bo.id)), never)
		wantSame(t, with("none"), never)
	}
	s.get(noteURL(n)).wantStatus(http.StatusOK)
}

func TestOnlySpacesWhereSomebodyMayEditAreOffered(t *testing.T) {
	s := newSharing(t)
	bo := s.person("Bo")
	s.give(bo, domain.RoleReader)
	n, err := s.notes.Create(t.Context(), s.access(bo.id), domain.NoteDraft{Title: "Bo's"})
	if err != nil {
		t.Fatal(err)
	}
	asked := s.get(noteURL(n)+"/move", bo.cookie).wantStatus(http.StatusOK)
	if asked.page().Find("#to").Length() != 0 || !strings.Contains(asked.body, "You can’t change notes in any other space.") {
		t.Error("a space is offered in which they only read")
	}
	if s.get("/notes?select=1", bo.cookie).page().Find("#bulk-to").Length() != 0 {
		t.Error("and for several notes")
	}
	s.postWith(noteURL(n)+"/move", []option{bo.cookie}, "to", string(s.space)).wantStatus(http.StatusForbidden)
	s.give(bo, domain.RoleEditor)
	wantEqual(t, s.get("/notes?select=1", bo.cookie).page().Find("#bulk-to option").Length(), 2)
	wantEqual(t, s.get(s.base+"/notes?select=1", bo.cookie).page().Find("#bulk-to").Length(), 0) // there is no note
	shared := s.shared("Ours", "")
	wantEqual(t, strings.TrimSpace(s.get(shared+"/move", bo.cookie).page().Find("#to").Text()), "Personal")
}

func TestSeveralNotesMoveAtOnce(t *testing.T) {
	s := newSharing(t)
	one, other, stays := s.note("one", ""), s.note("other", ""), s.note("stays", "")
	wrong := s.post("/notes/bulk", "action", "move", "to", "", "id", string(one.ID)).wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, strings.TrimSpace(wrong.text("#bulk-error")), "Choose a space.")
	list := s.after(s.choose(url.Values{
		"action": {"move"}, "to": {string(s.space)}, "id": {string(one.ID), string(other.ID)}, "back": {"/notes"},
	}))
	wantEqual(t, strings.TrimSpace(list.text("#notices .notice p")), "2 notes moved to The family.")
	s.get(noteURL(stays)).wantStatus(http.StatusOK)
	s.get(s.base + noteURL(one)).wantStatus(http.StatusOK)
	s.undo(list)
	s.get(noteURL(other)).wantStatus(http.StatusOK)

	all := s.after(s.post("/notes/bulk", "action", "move", "to", string(s.space), "all", "1", "back", "/notes"))
	wantEqual(t, strings.TrimSpace(all.text("#notices .notice p")), "3 notes moved to The family.")
	s.get(s.base + noteURL(stays)).wantStatus(http.StatusOK)
}

func TestWhatIsInTheTrashIsntMoved(t *testing.T) {
	s := newSharing(t)
	n := s.note("Gone", "")
	s.post(noteURL(n) + "/trash")
	s.get(noteURL(n) + "/move").wantStatus(http.StatusConflict)
	s.post(noteURL(n)+"/move", "to", string(s.space)).wantStatus(http.StatusConflict)
	if s.get("/notes?view=trash&select=1").page().Find("#bulk-to").Length() != 0 {
		t.Error("notes can be moved out of the trash")
	}
}

func TestMovedNotesLeaveATraceInBothSpaces(t *testing.T) {
	s := newSharing(t)
	other := s.newSpace("Others", domain.OwnerID)
	s.post(s.shared("Plan", "of ours")+"/move", "to", string(other)).wantStatus(http.StatusSeeOther)
	for _, space := range []domain.ID{s.space, other} {
		log := s.get("/spaces/" + string(space) + "/settings/log").wantStatus(http.StatusOK)
		wantEqual(t, log.texts(".browsers li > div > p:first-child"), "Moved notes between spaces")
	}
}
