package web

import (
	"cmp"
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/lang"
	"octavo/views"
)

// draftsHandler keeps what is being typed.
type draftsHandler struct {
	*server
	drafts *app.Drafts
}

// draftForm is what is being typed, into the form of a note or of a new one.
type draftForm struct {
	Typed noteFields
	Note  string      `form:"note"` // its id, or "" for a new one
	Base  baseVersion `form:"version"`
}

func (f draftForm) validate() error {
	if f.Note == "" {
		return f.Typed.validate()
	}
	return cmp.Or(f.Typed.validate(), f.Base.validate())
}

// keep stores what is being typed.
func (h draftsHandler) keep(c echo.Context, access domain.WriteAccess) error {
	key, err := draftKey(c)
	if err != nil {
		return err
	}
	form, err := read[draftForm](c)
	if err != nil {
		return err
	}
	t := form.Typed.typed()
	t.Key = key
	var note domain.ID
	if form.Note != "" {
		if note, err = noteID(form.Note); err != nil {
			return err
		}
	}
	if err := h.drafts.Keep(c.Request().Context(), access, t.draft(note, int(form.Base)), t.continues); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (h draftsHandler) discard(c echo.Context, access domain.WriteAccess) error {
	key, err := draftKey(c)
	if err != nil {
		return err
	}
	d, err := h.drafts.Get(c.Request().Context(), access.Read(), key)
	if err != nil {
		return err
	}
	if err := h.drafts.Discard(c.Request().Context(), access, key); err != nil {
		return err
	}
	h.setNotice(c, noticeDiscarded, key)
	h.markSaved(c, key)
	if d.IsNew() {
		return h.back(c, h.base.NewNote(), h.base.NewNote())
	}
	return h.redirect(c, h.base.EditNote(string(d.Note)))
}

func draftKey(c echo.Context) (domain.ID, error) {
	key, ok := domain.ParseID(c.Param("id"))
	if !ok {
		return "", domain.ErrDraftNotFound
	}
	return key, nil
}

// markSaved tells the scripts of the next page, in a cookie that they can read, that the browser needn't keep its own copy
// of a draft any more.
func (s *server) markSaved(c echo.Context, key domain.ID) {
	if key == "" {
		return
	}
	cookie := s.cookie(s.cookies+"_saved", string(key), 60)
	cookie.HttpOnly = false
	c.SetCookie(cookie)
}

// maxNewDrafts is how many drafts of new notes are offered at once.
const maxNewDrafts = 30

// newDrafts returns what the actor was typing into forms of new notes, for views.DraftOffer.
func newDrafts(ctx context.Context, drafts *app.Drafts, access domain.ReadAccess) ([]views.Draft, error) {
	kept, err := drafts.ListNew(ctx, access, maxNewDrafts)
	list := make([]views.Draft, 0, len(kept))
	t := lang.From(ctx)
	for _, d := range kept {
		v := views.Draft{Key: string(d.Key), Title: draftTitle(t, d)}
		v.Date, v.DateTime = printDate(t, d.Saved)
		list = append(list, v)
	}
	return list, err
}

// draftTitle returns what a note that is made of the draft is called.
func draftTitle(t *lang.Language, d domain.Draft) string {
	if title := d.Called(); title != "" {
		return title
	}
	return t.Text("draft.untitled")
}
