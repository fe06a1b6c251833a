package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
)

// bulkHandler does something with several notes at once.
type bulkHandler struct {
	notesHandler // which shows the list that they were chosen on
	bulk         *app.Bulk
}

// bulkForm says what is to be done with which notes.
type bulkForm struct {
	Back   string   `form:"back"` // the list that they were chosen on
	IDs    []string `form:"id"`
	Action app.Many `form:"action"`
	Tag    string   `form:"tag"`
}

func (f bulkForm) notes() (ids []domain.ID) {
	for _, text := range f.IDs {
		if id, ok := domain.ParseID(text); ok {
			ids = append(ids, id)
		}
	}
	return ids
}

func (f bulkForm) validate() error {
	if len(f.notes()) == 0 {
		return domain.NewInvalid(domain.NewFieldError("id", "bulk.none"))
	}
	return nil
}

// change does something with all notes that have been chosen on a list, and leads back to it.
func (h bulkHandler) change(c echo.Context, access domain.WriteAccess) error {
	form, err := read[bulkForm](c)
	list, ids := listOf(form.Back), form.notes()
	var changed app.Changed
	if err == nil {
		changed, err = h.bulk.Change(c.Request().Context(), access, form.Action, form.Tag, ids)
	}
	switch {
	case errors.Is(err, domain.Invalid):
		chosen := &choice{ids: form.IDs, tag: form.Tag, err: err}
		return h.show(c, access.Read(), http.StatusUnprocessableEntity, list, chosen)
	case err != nil:
		return err
	case changed.Notes == 0:
		h.setNotice(c, noticeUnchanged, ids[0])
	default:
		h.setUndo(c, changed.Undo)
	}
	return h.redirect(c, list.url(h.base, ""))
}

// listOf returns the page of a list that a path leads to, and the list of active notes for any other
// text: whoever wrote it, it leads nowhere else.
func listOf(path string) listQuery {
	u, err := url.Parse(path)
	if err != nil {
		return listQuery{state: domain.Active}
	}
	list, err := readListQuery(u.Query())
	if err != nil {
		return listQuery{state: domain.Active}
	}
	return list
}
