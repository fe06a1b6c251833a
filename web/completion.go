package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/markup"
)

// completionHandler tells editors how to go on with what is being typed.
type completionHandler struct {
	links *app.Links
	tags  *app.Tags
}

// maxCompletions is how many ways to go on an editor is offered.
const maxCompletions = 10

// titleCompletion is a title as it is written in a link.
type titleCompletion struct {
	Title string `json:"title"`
}

func (h completionHandler) completeTitles(c echo.Context, access domain.ReadAccess) error {
	found, err := h.links.CompleteTitle(c.Request().Context(), access, c.QueryParam("q"), maxCompletions)
	if err != nil {
		return err
	}
	list := make([]titleCompletion, len(found))
	for i, t := range found {
		list[i] = titleCompletion{markup.LinkTitle(t.Title)}
	}
	return sendJSON(c, http.StatusOK, echo.MIMEApplicationJSON, list)
}

type tagCompletion struct {
	Tag   string `json:"tag"`
	Notes int    `json:"notes"`
}

func (h completionHandler) completeTags(c echo.Context, access domain.ReadAccess) error {
	found, err := h.tags.Complete(c.Request().Context(), access, c.QueryParam("q"), maxCompletions)
	if err != nil {
		return err
	}
	list := make([]tagCompletion, len(found))
	for i, t := range found {
		list[i] = tagCompletion{string(t.Tag), t.Notes}
	}
	return sendJSON(c, http.StatusOK, echo.MIMEApplicationJSON, list)
}
