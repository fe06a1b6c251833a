package web

import (
	"strings"

	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/views"
)

// The codes of notices. A notice tells, on the page that follows an action, what has been done and offers to undo it.
// It travels in a cookie as a code and an id, so that it needs no script and no text from outside is ever shown.
const (
	noticeTrashed  = "trashed"
	noticeRestored = "restored"
	noticePurged   = "purged"
)

func (s *server) setNotice(c echo.Context, code string, id domain.ID) {
	c.SetCookie(s.cookie(s.cookies+"_notice", code+"."+string(id), 60))
}

// takeNotice returns the notice that waits to be shown, if any, and forgets it.
func (s *server) takeNotice(c echo.Context) *views.Notice {
	cookie, err := c.Cookie(s.cookies + "_notice")
	if err != nil {
		return nil
	}
	c.SetCookie(s.cookie(s.cookies+"_notice", "", -1))
	code, idText, _ := strings.Cut(cookie.Value, ".")
	id, ok := domain.ParseID(idText)
	if !ok {
		return nil
	}
	switch code {
	case noticeTrashed:
		return &views.Notice{Text: "The note is in the trash.", Undo: s.noteURL(id) + "/restore"}
	case noticeRestored:
		return &views.Notice{Text: "The note is back from the trash.", Undo: s.noteURL(id) + "/trash"}
	case noticePurged:
		return &views.Notice{Text: "The note has been deleted for good."}
	}
	return nil
}
