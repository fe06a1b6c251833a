package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// moveForm is the form of what is done with a note.
type moveForm struct {
	Back string `form:"back"` // "note" to be led to the note, wherever the form was sent from
	Undo string `form:"undo"` // not "" where it takes back what has just been done
}

func (s *server) pinNote(pinned bool) handler {
	notice, said := noticeUnpinned, domain.Code("notice.unpinned")
	if pinned {
		notice, said = noticePinned, "notice.pinned"
	}
	return func(c echo.Context, actor domain.Actor) error {
		id, err := noteID(c.Param("id"))
		if err != nil {
			return err
		}
		form, err := read[moveForm](c)
		if err != nil {
			return err
		}
		n, err := s.app.Notes().Pin(c.Request().Context(), actor, id, pinned)
		if err != nil {
			return err
		}
		if isFragment(c.Request()) {
			list := s.noteList([]domain.NoteSummary{n.Summary()}, n.State)
			list.Cards[0].Focus = true
			return s.render(c, http.StatusOK, views.ChangedCard(list, lang.T(c.Request().Context(), said)))
		}
		return s.moved(c, form, notice, id)
	}
}

func (s *server) archiveNote(archived bool) handler {
	notice, happened, undo := noticeUnarchived, "is back from the archive", s.base.ArchiveNote
	if archived {
		notice, happened, undo = noticeArchived, "is in the archive", s.base.UnarchiveNote
	}
	return func(c echo.Context, actor domain.Actor) error {
		id, err := noteID(c.Param("id"))
		if err != nil {
			return err
		}
		form, err := read[moveForm](c)
		if err != nil {
			return err
		}
		n, err := s.app.Notes().Archive(c.Request().Context(), actor, id, archived)
		switch {
		case err != nil:
			return err
		case n.State == domain.Trashed:
			return domain.ErrNoteTrashed
		case !isFragment(c.Request()):
			return s.moved(c, form, notice, id)
		case form.Undo != "": // the card takes its place again
			return s.render(c, http.StatusOK, views.Cards(s.noteList([]domain.NoteSummary{n.Summary()}, n.State)))
		}
		return s.render(c, http.StatusOK, views.MovedCard(undo(string(id)), string(id), n.Title, happened))
	}
}

// moved leads back to where a form was sent from, with a notice.
func (s *server) moved(c echo.Context, form moveForm, notice string, id domain.ID) error {
	s.setNotice(c, notice, id)
	note := s.base.Note(string(id))
	if form.Back == "note" {
		return s.redirect(c, note)
	}
	return s.back(c, s.base.Notes(), note)
}
