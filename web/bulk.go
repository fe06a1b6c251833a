package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
)

// changeMany does something with all notes that have been chosen on a list, and leads back to it.
func (s *server) changeMany(c echo.Context, actor domain.Actor) error {
	form := c.Request().PostForm
	list := listOf(form.Get("back"))
	var ids []domain.ID
	for _, text := range form["id"] {
		if id, ok := domain.ParseID(text); ok {
			ids = append(ids, id)
		}
	}
	var changed app.Changed
	var err error
	if len(ids) == 0 {
		err = domain.NewInvalid(domain.NewFieldError("id", "bulk.none"))
	} else {
		changed, err = s.app.Notes().ChangeMany(c.Request().Context(), actor, app.Many(form.Get("action")), form.Get("tag"), ids)
	}
	switch {
	case errors.Is(err, domain.Invalid):
		chosen := &choice{ids: form["id"], tag: form.Get("tag"), err: err}
		return s.showList(c, actor, http.StatusUnprocessableEntity, list, chosen)
	case err != nil:
		return err
	case changed.Notes == 0:
		s.setNotice(c, noticeUnchanged, ids[0])
	default:
		s.setUndo(c, changed.Undo)
	}
	return s.redirect(c, list.url(s.base, ""))
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
