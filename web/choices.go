package web

import (
	"net/url"

	"github.com/labstack/echo/v4"

	"octavo/domain"
)

// What somebody has chosen to see is remembered by the browser, each choice in a cookie of its own. None of them is a
// secret, and what one says counts only if it is among what there is to choose.
const (
	tagsChoice = "_tags" // which tags are folded up
	sortChoice = "_sort" // what lists are sorted by
	viewChoice = "_as"   // whether they show cards or lines
)

// choiceLife is how long a choice is remembered after it was made, in seconds: about as long as browsers keep cookies.
const choiceLife = 400 * 24 * 60 * 60

// chosen returns what has been chosen, or "".
func (s *server) chosen(c echo.Context, choice string) string {
	cookie, err := c.Cookie(s.cookies + choice)
	if err != nil {
		return ""
	}
	return cookie.Value
}

// choose has the browser remember a choice, which its scripts may read and change.
func (s *server) choose(c echo.Context, choice, value string) {
	cookie := s.cookie(s.cookies+choice, value, choiceLife)
	cookie.HttpOnly = false
	c.SetCookie(cookie)
}

// orderOf returns the order that somebody has chosen for lists, among them the one that htmx sends a request from.
func (s *server) orderOf(c echo.Context) domain.NoteOrder {
	if shown, err := url.Parse(c.Request().Header.Get("HX-Current-URL")); err == nil {
		if order, ok := domain.ParseNoteOrder(shown.Query().Get("sort")); ok {
			return order
		}
	}
	order, _ := domain.ParseNoteOrder(s.chosen(c, sortChoice))
	return order
}
