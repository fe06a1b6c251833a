package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/markup"
	"octavo/web/markdown"
)

// completionHandler tells editors how to go on with what is being typed.
type completionHandler struct {
	*server
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
	if err := take(c, h.searches); err != nil {
		return err
	}
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

// headingCompletion is a heading as it is written in a link, behind the title and a #.
type headingCompletion struct {
	Heading string `json:"heading"`
}

// completeHeadings answers with the headings of the note that a title leads to which have what has been typed in them. A link
// by a heading's text leads to the first of those that are called the same.
func (h completionHandler) completeHeadings(c echo.Context, access domain.ReadAccess) error {
	list := []headingCompletion{}
	n, err := h.links.Titled(c.Request().Context(), access, c.QueryParam("note"))
	if err != nil && !errors.Is(err, domain.NotFound) {
		return err
	}
	if err := h.takeText(c, len(n.Content)); err != nil {
		return err
	}
	typed := domain.TitleKey(c.QueryParam("q"))
	for _, heading := range markdown.Headings(n.Content) {
		text := headingCompletion{markup.LinkTitle(heading)}
		if len(list) < maxCompletions && strings.Contains(domain.TitleKey(heading), typed) && !slices.Contains(list, text) {
			list = append(list, text)
		}
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
