package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// undoHandler takes back what was done to several notes.
type undoHandler struct{ *server }

// take takes back an action that changed several notes.
func (h undoHandler) take(c echo.Context, access domain.WriteAccess) error {
	id, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return domain.ErrUndoNotFound
	}
	undone, err := h.bulk.Undo(c.Request().Context(), access, id)
	if err != nil {
		return err
	}
	h.setNotice(c, noticeUndone, id, itoa(undone.Skipped))
	if undone.Leader != "" {
		return h.redirect(c, h.here(c).Note(string(undone.Leader)))
	}
	return h.back(c, h.here(c).Notes())
}

// setUndo makes the next page say what an action did to several notes, and offer to take it back.
func (s *server) setUndo(c echo.Context, id domain.ID) { s.setNotice(c, noticeUndo, id) }

// undoNotice returns what can be taken back by an undo, or nil when it is too late.
func (s *server) undoNotice(c echo.Context, id domain.ID) *views.Notice {
	access := admitted(c).read
	if access.Space() == "" {
		return nil
	}
	ctx := c.Request().Context()
	said, err := s.bulk.Undoable(ctx, access, id)
	if err != nil {
		return nil // the page is about something else
	}
	texts := make([]string, len(said))
	for i, m := range said {
		texts[i] = lang.Say(ctx, m)
	}
	return &views.Notice{Text: strings.Join(texts, " "), Undo: s.here(c).Undo(string(id))}
}
