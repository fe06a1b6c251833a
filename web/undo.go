package web

import (
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/views"
)

// setUndo has the next page say what an action did to several notes, and offer to take it back.
func (s *server) setUndo(c echo.Context, id domain.ID) { s.setNotice(c, noticeUndo, id) }

// undoNotice returns what can be taken back by an undo, or nil when it is too late.
func (s *server) undoNotice(c echo.Context, id domain.ID) *views.Notice {
	actor, ok := c.Get(actorName).(domain.Actor)
	if !ok {
		return nil
	}
	text, err := s.app.Notes().UndoText(c.Request().Context(), actor, id)
	if err != nil {
		return nil // the page is about something else
	}
	return &views.Notice{Text: text, Undo: s.base.Undo(string(id))}
}

// undo takes back an action that changed several notes.
func (s *server) undo(c echo.Context, actor domain.Actor) error {
	id, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return domain.ErrUndoNotFound
	}
	undone, err := s.app.Notes().Undo(c.Request().Context(), actor, id)
	if err != nil {
		return err
	}
	s.setNotice(c, noticeUndone, id, itoa(undone.Skipped))
	if undone.Leader != "" {
		return s.redirect(c, s.base.Note(string(undone.Leader)))
	}
	return s.back(c, s.base.Notes())
}

// undoneText says what came of undoing an action, after which some of the notes had been changed.
func undoneText(skipped int) string {
	if skipped == 0 {
		return "Done."
	}
	return plural(skipped, "Done; one note has been changed since and stays as it is.",
		"Done; %d notes have been changed since and stay as they are.")
}
