package web_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"octavo/domain"
	"octavo/domain/domaintest"
)

// Each field that a person chooses for a note goes through each way in and out.

// eachField runs a test with a note, and another one that differs in one field alone.
func eachField(t *testing.T, test func(t *testing.T, s *site, note, other domain.Note)) {
	t.Helper()
	for _, c := range domaintest.FieldChanges(t) {
		t.Run(c.Field, func(t *testing.T) {
			s := newSite(t)
			test(t, s, s.made(c.Before), s.made(c.After))
		})
	}
}

// made stores a note of a draft.
func (s *site) made(draft domain.NoteDraft) domain.Note {
	s.t.Helper()
	n, err := s.notes.Create(s.t.Context(), s.owner, draft)
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// fields returns what a browser sends of a form, but for its buttons.
func (a answer) fields(form string) (fields []string) {
	a.t.Helper()
	a.page().Find(form).Find("input, textarea, option[selected]").Each(func(_ int, field selection) {
		name, value := field.AttrOr("name", ""), field.AttrOr("value", "")
		switch {
		case field.Is("option"):
			name = field.Closest("select").AttrOr("name", "")
		case field.Is("textarea"):
			value = field.Text()
		case field.Is("[type=file], [type=radio]:not([checked])"):
			return
		}
		fields = append(fields, name, value)
	})
	return fields
}

func (s *site) wantFields(id domain.ID, want domain.Note) {
	s.t.Helper()
	if got := s.stored(id); !got.Equal(want.NoteFields) {
		s.t.Errorf("got  %+v\nwant %+v", got.NoteFields, want.NoteFields)
	}
}

func TestAFormHasEachFieldAndSavesIt(t *testing.T) {
	eachField(t, func(_ *testing.T, s *site, note, other domain.Note) {
		form := s.get(noteURL(other) + "/edit").wantStatus(http.StatusOK).fields("form#editor")
		s.post(noteURL(note), append(form, "draft", string(domain.NewID()))...).wantRedirect(noteURL(note))
		s.wantFields(note.ID, other)
	})
}

func TestADraftKeepsEachFieldOfAForm(t *testing.T) {
	eachField(t, func(_ *testing.T, s *site, note, other domain.Note) {
		form := s.get(noteURL(other) + "/edit").wantStatus(http.StatusOK).fields("form#editor")
		key := string(domain.NewID())
		s.post("/drafts/"+key, append(form, "note", string(note.ID))...).wantStatus(http.StatusNoContent)
		if offer := s.get(noteURL(note) + "/edit").wantStatus(http.StatusOK); offer.page().Find(".diff-field, .diff-lines").Length() != 1 {
			s.t.Errorf("the draft differs in %q", offer.texts(".diff"))
		}
		again := s.get(noteURL(note) + "/edit?draft=" + key).wantStatus(http.StatusOK).fields("form#editor")
		s.post(noteURL(note), again...).wantRedirect(noteURL(note))
		s.wantFields(note.ID, other)
	})
}

func TestAFormThatAFileIsAttachedToKeepsEachField(t *testing.T) {
	eachField(t, func(t *testing.T, s *site, note, other domain.Note) {
		form := s.get(noteURL(other) + "/edit").wantStatus(http.StatusOK).fields("form#editor")
		contentType, body := multipartForm(t, "file", "", "", form...)
		again := s.do(http.MethodPost, noteURL(note)+"/attach", contentType, body).wantStatus(http.StatusUnprocessableEntity)
		s.post(noteURL(note), again.fields("form#editor")...).wantRedirect(noteURL(note))
		s.wantFields(note.ID, other)
	})
}

func TestTheFormOfAMergeHasEachField(t *testing.T) {
	eachField(t, func(_ *testing.T, s *site, note, other domain.Note) {
		mine := s.get(noteURL(other) + "/edit").wantStatus(http.StatusOK).fields("form#editor")
		theirs := s.get(noteURL(note) + "/edit").wantStatus(http.StatusOK).fields("form#editor")
		s.post(noteURL(note), append(theirs, "title", "Theirs", "content", "Theirs")...).wantRedirect(noteURL(note))
		collides := s.post(noteURL(note), append(mine, "draft", string(domain.NewID()), "title", "Mine", "content", "Mine")...).wantStatus(http.StatusConflict)
		s.post(noteURL(note), append(collides.fields("form#merge"), "all", "mine")...).wantRedirect(noteURL(note))
		other.Title, other.Content = "Mine", "Mine"
		s.wantFields(note.ID, other)
	})
}

func TestTheHistoryShowsAChangeOfEachFieldAndBringsItBack(t *testing.T) {
	eachField(t, func(_ *testing.T, s *site, note, other domain.Note) {
		form := s.get(noteURL(other) + "/edit").wantStatus(http.StatusOK).fields("form#editor")
		s.post(noteURL(note), append(form, "draft", string(domain.NewID()))...).wantRedirect(noteURL(note))
		revision := s.get(noteURL(note) + "/history/2").wantStatus(http.StatusOK)
		if revision.page().Find(".diff-field, .diff-lines").Length() != 1 {
			s.t.Errorf("the revision differs in %q", revision.texts(".diff"))
		}
		s.post(noteURL(note) + "/history/1/restore").wantRedirect(noteURL(note))
		s.wantFields(note.ID, note)
	})
}

func TestJSONHasEachFieldAndStoresIt(t *testing.T) {
	eachField(t, func(t *testing.T, s *site, note, other domain.Note) {
		whole := s.json(http.MethodGet, "/api/v1/notes/"+string(other.ID), "").wantStatus(http.StatusOK).body
		s.json(http.MethodPut, "/api/v1/notes/"+string(note.ID), whole, header("If-Match", `"1"`)).wantStatus(http.StatusOK)
		s.wantFields(note.ID, other)

		created := s.json(http.MethodPost, "/api/v1/notes", whole).wantStatus(http.StatusCreated).body
		var made struct{ ID domain.ID }
		if err := json.Unmarshal([]byte(created), &made); err != nil {
			t.Fatal(err)
		}
		s.wantFields(made.ID, other)
	})
}
