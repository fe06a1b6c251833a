package web

import (
	"cmp"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// editorHandler creates notes and saves them.
type editorHandler struct {
	*server
	cards   cards
	notes   *app.Notes
	editing *app.Editing
	history *app.History

	presences *app.Presences
}

// new shows the form of a new note: empty but for a title that the URL may give, or with a draft in it.
func (h editorHandler) new(c echo.Context, access domain.ReadAccess) error {
	if err := admitted(c).mayAdd(); err != nil {
		return err
	}
	if key := c.QueryParam("draft"); key != "" {
		return h.continueNew(c, access, key)
	}
	form := noteForm(c.Request().Context(), h.here(c), typed{}, nil)
	form.Title = strings.ToValidUTF8(c.QueryParam("title"), "\uFFFD")
	return h.renderForm(c, http.StatusOK, form)
}

func (h editorHandler) continueNew(c echo.Context, access domain.ReadAccess, keyText string) error {
	key, ok := domain.ParseID(keyText)
	if !ok {
		return domain.ErrDraftNotFound
	}
	d, err := h.drafts.Get(c.Request().Context(), access, key)
	if err != nil {
		return err
	}
	if !d.IsNew() {
		return h.redirect(c, h.here(c).EditNoteFrom(string(d.Note), string(d.Key)))
	}
	return h.renderForm(c, http.StatusOK, noteForm(c.Request().Context(), h.here(c), draftTyped(d), nil))
}

func (h editorHandler) create(c echo.Context, access domain.WriteAccess) error {
	form, err := read[noteFields](c)
	if err != nil {
		return err
	}
	t := form.typed()
	n, err := h.editing.Create(c.Request().Context(), access, t.edit(0))
	if err == nil {
		h.markSaved(c, t.Key)
	}
	captured := fromCapture(c.Request())
	switch {
	case errors.Is(err, domain.Invalid) && captured:
		return h.render(c, http.StatusUnprocessableEntity, views.CaptureForm(noteForm(c.Request().Context(), h.here(c), t, err)))
	case errors.Is(err, domain.Invalid):
		return h.renderForm(c, http.StatusUnprocessableEntity, noteForm(c.Request().Context(), h.here(c), t, err))
	case err != nil:
		return err
	case captured:
		fresh, order := noteForm(c.Request().Context(), h.here(c), typed{}, nil), h.orderOf(c)
		if order == domain.ByTitle {
			return h.render(c, http.StatusOK, views.CapturedElsewhere(fresh, h.here(c).Note(string(n.ID)), n.Title))
		}
		return h.render(c, http.StatusOK, views.Captured(fresh, h.cards.one(c, n, order)))
	}
	return h.redirect(c, h.after(c, form, n.ID))
}

// after returns where a form leads once it is saved.
func (h editorHandler) after(c echo.Context, form noteFields, id domain.ID) string {
	if form.Stay != "" {
		return h.here(c).EditNote(string(id))
	}
	return h.here(c).Note(string(id))
}

// fromCapture reports whether htmx sends the form on top of the list, which stays where it is.
func fromCapture(r *http.Request) bool {
	return isFragment(r) && strings.HasSuffix(r.Header.Get("HX-Target"), "#capture")
}

// edit shows the form of a note. Where a draft was kept that says something else, it first asks what is to become
// of that, so that nobody begins anew without knowing.
func (h editorHandler) edit(c echo.Context, access domain.ReadAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	n, err := h.notes.Get(c.Request().Context(), access, id)
	if err != nil {
		return err
	}
	if err := admitted(c).mayEdit(); err != nil {
		return err
	}
	if n.State == domain.Trashed {
		return h.redirect(c, h.here(c).Note(string(id))) // which offers to restore it
	}
	if key, ok := domain.ParseID(c.QueryParam("draft")); ok {
		d, err := h.drafts.Get(c.Request().Context(), access, key)
		if err == nil && d.Note == id {
			return h.open(c, draftTyped(d), id, d.Base)
		}
		if err != nil && !errors.Is(err, domain.NotFound) {
			return err
		}
	}
	drafts, err := h.drafts.OfNote(c.Request().Context(), access, n)
	if err != nil {
		return err
	}
	if len(drafts) == 0 {
		return h.open(c, typedFrom(n.Draft()), id, n.Version)
	}
	d := drafts[0]
	if err := h.takeText(c, len(d.Content)+len(n.Content)); err != nil {
		return err
	}
	v := views.NoteDraft{Base: h.here(c), ID: string(id), Key: string(d.Key), Stale: d.Base < n.Saved, More: len(drafts) - 1}
	t := lang.From(c.Request().Context())
	v.Date, v.DateTime = printDate(t, d.Saved)
	typed := domain.NoteFields(d.NoteDraft)
	typed.Title = draftTitle(t, d)
	v.Diff = diffView(t, n.NoteFields, typed)
	return h.render(c, http.StatusOK, views.NoteDraftPage(h.page(c, t.Text("page.edit_note"), ""), v))
}

// saveForm is the form of a note that is there.
type saveForm struct {
	Note noteFields
	Base baseVersion `form:"version"`
}

func (f saveForm) validate() error { return cmp.Or(f.Note.validate(), f.Base.validate()) }

// save puts what was typed into a note, brought together with what others have saved meanwhile. Whatever keeps it
// from being saved, it stays: in the form that comes back and, as far as it can be kept, as a draft.
func (h editorHandler) save(c echo.Context, access domain.WriteAccess) error {
	id, err := noteID(c.Param("id"))
	if err != nil {
		return err
	}
	sent, err := read[saveForm](c)
	if err != nil {
		return err
	}
	t, base := sent.Note.typed(), int(sent.Base)
	if t.Key == "" {
		t.Key = domain.NewID()
	}
	edit := t.edit(base)
	edit.Resolution = readResolution(c.Request())
	saved, err := h.editing.Save(c.Request().Context(), access, id, edit)
	if err == nil {
		switch {
		case saved.Undo != "":
			h.setUndo(c, saved.Undo)
		case saved.Merged:
			h.setNotice(c, noticeMerged, id)
		}
		h.markSaved(c, t.Key)
		return h.redirect(c, h.after(c, sent.Note, id))
	}
	form := editForm(c.Request().Context(), h.here(c), t, err, id, base)
	status := http.StatusConflict
	switch {
	case saved.Conflict != nil:
		if errors.Is(err, domain.Invalid) {
			status = http.StatusUnprocessableEntity
		}
		return h.renderMerge(c, access, status, form, saved, edit.Resolution, t)
	case errors.Is(err, domain.Invalid):
		return h.renderForm(c, http.StatusUnprocessableEntity, form)
	case errors.Is(err, domain.ErrNoteTrashed):
		if err := h.keep(c, access, id, base, t, &form); err != nil {
			return err
		}
		form.Trashed = true
		return h.renderForm(c, status, form)
	case errors.Is(err, domain.NotFound):
		form = noteForm(c.Request().Context(), h.here(c), t, nil)
		form.Gone = true
		c.Response().Header().Set("HX-Retarget", "#editor")
		return h.renderForm(c, http.StatusNotFound, form)
	}
	return err
}

// keep stores what was typed into the form of a note as its draft. One that has been discarded elsewhere stays so, and the form
// goes on with another. What is too long for a draft is in the form alone.
func (h editorHandler) keep(c echo.Context, access domain.WriteAccess, id domain.ID, base int, t typed, form *views.NoteForm) error {
	_, err := h.drafts.Keep(c.Request().Context(), access, t.draft(id, base), t.continues)
	if errors.Is(err, domain.ErrDraftEnded) {
		ended := t.Key
		t.Key = domain.NewID()
		form.Draft = string(t.Key)
		if _, err = h.drafts.Keep(c.Request().Context(), access, t.draft(id, base), t.continues); err == nil {
			h.markSaved(c, ended)
		}
	}
	if errors.Is(err, domain.Invalid) {
		return nil
	}
	return err
}
