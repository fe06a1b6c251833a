package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// maxCompletions is how many ways to go on an editor is offered.
const maxCompletions = 10

// titleCompletion is a title as it is written in a link.
type titleCompletion struct {
	Title string `json:"title"`
}

func (s *server) completeTitles(c echo.Context, actor domain.Actor) error {
	found, err := s.app.Links().CompleteTitle(c.Request().Context(), actor, c.QueryParam("q"), maxCompletions)
	if err != nil {
		return err
	}
	titles := make([]titleCompletion, len(found))
	for i, t := range found {
		titles[i] = titleCompletion{domain.LinkTitle(t.Title)}
	}
	return sendJSON(c, http.StatusOK, echo.MIMEApplicationJSON, titles)
}

type tagCompletion struct {
	Tag   string `json:"tag"`
	Notes int    `json:"notes"`
}

func (s *server) completeTags(c echo.Context, actor domain.Actor) error {
	found, err := s.app.Tags().Complete(c.Request().Context(), actor, c.QueryParam("q"), maxCompletions)
	if err != nil {
		return err
	}
	tags := make([]tagCompletion, len(found))
	for i, t := range found {
		tags[i] = tagCompletion{string(t.Tag), t.Notes}
	}
	return sendJSON(c, http.StatusOK, echo.MIMEApplicationJSON, tags)
}
