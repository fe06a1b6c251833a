package web

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// movesHandler pins notes and moves them to the archive, to the trash and out of both.
type movesHandler struct {
	*server
	cards cards
	notes *app.Notes
}

// moveForm is the form of what is done with a note.
type moveForm struct {
	Back string `form:"back"` // "note" to be led to the note, wherever the form was sent from
	Undo string `form:"undo"` // not "" where it takes back what has just been done
}

func (h movesHandler) pin(pinned bool) writer {
	notice, said := noticeUnpinned, domain.Code("notice.unpinned")
	if pinned {
		notice, said = noticePinned, "notice.pinned"
	}
	return func(c echo.Context, access domain.WriteAccess) error {
		id, err := noteID(c.Param("id"))
		if err != nil {
			return err
		}
		form, err := read[moveForm](c)
		if err != nil {
			return err
		}
		n, err := h.notes.Pin(c.Request().Context(), access, id, pinned)
		if err != nil {
			return err
		}
		if isFragment(c.Request()) {
			list := h.cards.one(c, n, h.orderOf(c))
			list.Cards[0].Focus = true
			return h.render(c, http.StatusOK, views.ChangedCard(list, lang.T(c.Request().Context(), said)))
		}
		return h.moved(c, form, notice, id)
	}
}

func (h movesHandler) archive(archived bool) writer {
	notice, card, undo := noticeUnarchived, views.UnarchivedCard, views.Base.ArchiveNote
	if archived {
		notice, card, undo = noticeArchived, views.ArchivedCard, views.Base.UnarchiveNote
	}
	return func(c echo.Context, access domain.WriteAccess) error {
		id, err := noteID(c.Param("id"))
		if err != nil {
			return err
		}
		form, err := read[moveForm](c)
		if err != nil {
			return err
		}
		n, err := h.notes.Archive(c.Request().Context(), access, id, archived)
		switch {
		case err != nil:
			return err
		case n.State == domain.Trashed:
			return domain.ErrNoteTrashed
		case !isFragment(c.Request()):
			return h.moved(c, form, notice, id)
		case form.Undo != "": // the card takes its place again
			return h.renderUndone(c, n)
		}
		return h.render(c, http.StatusOK, card(undo(h.here(c), string(id)), string(id), n.Title))
	}
}

// renderUndone answers with the card of a note that takes its place again.
func (h movesHandler) renderUndone(c echo.Context, n domain.Note) error {
	ctx := c.Request().Context()
	list := h.cards.one(c, n, h.orderOf(c))
	return h.render(c, http.StatusOK, views.ChangedCard(list, lang.T(ctx, "notice.undone")))
}

// moved leads back to where a form was sent from, with a notice.
func (h movesHandler) moved(c echo.Context, form moveForm, notice string, id domain.ID) error {
	h.setNotice(c, notice, id)
	note := h.here(c).Note(string(id))
	if form.Back == "note" {
		return h.redirect(c, note)
	}
	return h.back(c, h.here(c).Notes(), note)
}

func (h movesHandler) trash(c echo.Context, access domain.WriteAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, was, err := h.notes.Trash(c.Request().Context(), access, id, nil)
	if err != nil {
		return err
	}
	if isFragment(c.Request()) {
		return h.render(c, http.StatusOK, views.TrashedCard(restoreURL(h.here(c), id, was), string(id), n.Title))
	}
	h.setNotice(c, noticeTrashed, id, string(was))
	return h.back(c, h.here(c).Notes())
}

// restoreForm is the form that brings a note back from the trash.
type restoreForm struct {
	View string `form:"view"`          // "trash" where it is sent from there
	To   string `form:"to" query:"to"` // "archived" where the note is to go
}

func (h movesHandler) restore(c echo.Context, access domain.WriteAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	form, err := read[restoreForm](c)
	if err != nil {
		return err
	}
	to := domain.Active
	if form.To == string(domain.Archived) {
		to = domain.Archived
	}
	n, err := h.notes.Restore(c.Request().Context(), access, id, to)
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditNoteRestored, by(access.User()), slog.String("note", string(id)))
	switch {
	case !isFragment(c.Request()):
		h.setNotice(c, noticeRestored, id)
		return h.back(c, h.here(c).Notes(), h.here(c).Note(string(id)))
	case form.View == "trash":
		return h.render(c, http.StatusOK, views.RestoredCard(h.here(c), string(id), n.Title))
	}
	return h.renderUndone(c, n)
}

func (h movesHandler) purge(c echo.Context, access domain.WriteAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, err := h.notes.Purge(c.Request().Context(), access, id)
	if err != nil {
		return err
	}
	h.audit(c, domain.AuditNotesDeleted, by(access.User()), slog.Int("count", 1))
	if isFragment(c.Request()) {
		return h.render(c, http.StatusOK, views.PurgedCard(n.Title))
	}
	h.setNotice(c, noticePurged, id)
	return h.redirect(c, h.here(c).NotesWith(views.ListQuery{View: "trash"}))
}

// emptyForm is the form that empties the trash.
type emptyForm struct {
	Until int64 `form:"until"` // when the trash was shown, in microseconds since 1970
}

func (h movesHandler) empty(c echo.Context, access domain.WriteAccess) error {
	form, err := read[emptyForm](c)
	if err != nil {
		return err
	}
	n, all, err := h.notes.EmptyTrash(c.Request().Context(), access, time.UnixMicro(form.Until))
	if err != nil {
		return err
	}
	if n > 0 {
		h.audit(c, domain.AuditNotesDeleted, by(access.User()), slog.Int("count", n))
	}
	switch {
	case !all:
		h.setNotice(c, noticeEmptying, access.Space(), itoa(n))
	case n > 0:
		h.setNotice(c, noticeEmptied, access.Space(), itoa(n))
	}
	return h.redirect(c, h.here(c).NotesWith(views.ListQuery{View: "trash"}))
}
