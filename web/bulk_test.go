package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"octavo/domain"
)

// many adds 25 notes, more than a page has.
func (s *site) many(tags ...domain.Tag) {
	for i := range 25 {
		s.tagged(fmt.Sprint("Note ", i), tags...)
	}
}

// sendChosen sends the form of a page on which notes are chosen, as a browser does.
func (s *site) sendChosen(page answer, action, tag string) answer {
	fields := url.Values{"action": {action}, "tag": {tag}}
	page.page().Find("#bulk input[type=hidden], #bulk [name=id][checked]:not([disabled])").Each(func(_ int, field selection) {
		fields.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	return s.choose(fields)
}

func TestAllNotesOfAListAreChosenAndNotThoseOnThePageAlone(t *testing.T) {
	s := newSite(t)
	s.many("work", "plan")
	other := s.note("Other", "")
	for _, tt := range []struct{ path, offers, says string }{
		{"/notes?select=all&tag=work", "Select all 25 notes in this list", "All 25 notes in this list are selected."},
		{"/search?select=all&q=note", "Select all 25 notes found", "All 25 notes found are selected."},
	} {
		page := s.get(tt.path)
		wantEqual(t, page.text(".every"), tt.offers)
		wantEqual(t, page.text(".chosen"), "20 selected")
		none := s.get(page.attr(".choose .all", "href")).wantStatus(http.StatusOK)
		wantEqual(t, page.text(".choose .all")+", "+none.text(".choose .all"), "Select none, Select all on this page")
		wantEqual(t, none.page().Find("[name=id][checked]").Length(), 0)
		wantEqual(t, none.page().Find(".chosen").Contents().Length(), 0) // or it would take room
		every := s.get(page.attr(".every a", "href")).wantStatus(http.StatusOK)
		wantEqual(t, every.text(".every"), tt.says)
		wantEqual(t, every.page().Find("[name=id][checked][disabled]").Length(), 20)
		next := s.get(every.attr(".more a", "href"), htmx(""))
		wantEqual(t, next.page().Find("[name=id][checked][disabled]").Length(), 5)

		done := s.sendChosen(every, "tag", "new")
		after := s.after(done)
		wantEqual(t, after.text("#notices p"), "25 notes tagged.")
		wantEqual(t, len(s.stored(other.ID).Tags), 0)
		s.undo(after)
		wantEqual(t, s.get("/notes?tag=new").page().Find(".card").Length(), 0)
	}
	wantEqual(t, s.get("/notes?select=all&tag=none").page().Find(".every").Length(), 0)
}

func TestWhatAllNotesCanNotBecomeKeepsThemChosen(t *testing.T) {
	s := newSite(t)
	s.many()
	page := s.sendChosen(s.get("/search?select=every&q=note"), "tag", "no tag").wantStatus(http.StatusUnprocessableEntity)
	wantEqual(t, page.attr("#bulk-tag", "value"), "no tag")
	wantEqual(t, page.text(".every"), "All 25 notes found are selected.")
	wantEqual(t, page.attr("#bulk [name=all]", "value"), "1")
}

func TestWhatASearchFindsIsChangedThere(t *testing.T) {
	s := newSite(t)
	river, sea := s.note("River", "water #blue"), s.note("Sea", "water")
	s.post(noteURL(sea) + "/archive")
	page := s.get(s.get("/search?q=water").attr(".select", "href"))
	wantEqual(t, page.texts(".bulk button"), "Add tag, Remove tag, Archive, Unarchive, Pin, Unpin, Move to trash")
	wantEqual(t, page.attr("#bulk-tags option", "value"), "blue")
	wantEqual(t, page.texts(".choice mark"), "water, water")
	back := page.attr("#bulk [name=back]", "value")
	fields := url.Values{"id": {string(river.ID), string(sea.ID)}, "action": {"untag"}, "tag": {"blue"}, "back": {back}}
	after := s.after(s.choose(fields).wantRedirect("/search?q=water"))
	wantEqual(t, after.text("#notices p"), "Removed #blue from 1 note.")
	wantEqual(t, s.stored(river.ID).Content, "water blue")

	fields.Set("action", "trash")
	s.choose(fields).wantRedirect("/search?q=water")
	wantEqual(t, s.get("/search?select=1&q=is:trashed").texts(".bulk button"), "Restore")
	wantEqual(t, s.get("/search?q=water").page().Find(".select").Length(), 0)
}

func TestWhereAllAreMeantTheIdsThatAreSentCountForNothing(t *testing.T) {
	s := newSite(t)
	meant, other := s.tagged("Meant", "work"), s.note("Other", "")
	s.choose(url.Values{"all": {"1"}, "id": {string(other.ID)}, "action": {"trash"}, "back": {"/notes?tag=work"}}).wantRedirect("/notes?tag=work")
	wantEqual(t, s.stored(meant.ID).State, domain.Trashed)
	wantEqual(t, s.stored(other.ID).State, domain.Active)
}

func TestWhereItIsNotKnownWhichListIsMeantNothingIsDoneWithAllOfIt(t *testing.T) {
	s := newSite(t)
	n := s.tagged("Not meant", "work")
	for _, back := range []string{"", "/elsewhere", "/notes?tag=%zz", "/notes?view=nowhere", "/notes?tag=a+b", "/search?q="} {
		s.choose(url.Values{"all": {"1"}, "action": {"trash"}, "back": {back}}).wantStatus(http.StatusUnprocessableEntity)
		wantEqual(t, s.stored(n.ID).State, domain.Active)
	}
}
