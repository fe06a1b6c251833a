package web

import (
	"strings"
	"time"

	"octavo/domain"
	"octavo/views"
)

// How a date looks without scripts, which replace it by the reader's own way and time zone.
const dateLayout = "2 Jan 2006, 15:04 UTC"

func printDate(t time.Time) (forPeople, forPrograms string) {
	return t.Format(dateLayout), t.Format(time.RFC3339)
}

func notePath(id domain.ID) string { return "/notes/" + string(id) }

func (s *server) noteURL(id domain.ID) string { return s.base + notePath(id) }

func (s *server) noteList(notes []domain.NoteSummary, state domain.NoteState) views.NoteList {
	cards := make([]views.Card, len(notes))
	for i, n := range notes {
		date, dateTime := printDate(n.Updated)
		cards[i] = views.Card{
			ID: string(n.ID), Title: n.Title, Excerpt: n.Excerpt, Pinned: n.Pinned, Date: date, DateTime: dateTime,
		}
	}
	return views.NoteList{Base: s.base, Trash: state == domain.Trashed, Cards: cards}
}

func (s *server) noteView(n domain.Note, html string) views.Note {
	v := views.Note{
		Base: s.base, ID: string(n.ID), Title: n.Title, HTML: html, Pinned: n.Pinned, Trashed: n.State == domain.Trashed,
	}
	v.Date, v.DateTime = printDate(n.Updated)
	v.Created, v.CreatedDateTime = printDate(n.Created)
	return v
}

// noteForm returns the form with what was typed in it, and what err says of its fields.
func (s *server) noteForm(typed domain.NoteDraft, err error) views.NoteForm {
	// What isn't valid UTF-8 is what err is about; a page can only show the rest.
	form := views.NoteForm{
		Base:    s.base,
		Title:   strings.ToValidUTF8(typed.Title, "\uFFFD"),
		Content: strings.ToValidUTF8(typed.Content, "\uFFFD"),
	}
	for _, f := range domain.FieldErrors(err) {
		switch f.Field {
		case "title":
			form.TitleError = f.Text
		case "content":
			form.ContentError = f.Text
		}
	}
	return form
}

func (s *server) theirs(n domain.Note) *views.Theirs {
	v := &views.Theirs{Title: n.Title, Content: n.Content}
	v.Date, v.DateTime = printDate(n.Updated)
	return v
}
