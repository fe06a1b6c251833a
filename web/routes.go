package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"octavo/static"
)

// routes is the table of every URL. A slash at a URL's end makes no difference.
func (s *server) routes(e *echo.Echo, version string) {
	e.GET("/", func(c echo.Context) error { return s.redirect(c, "/notes") })
	e.GET("/open", s.open)
	e.POST("/logout", s.signOut)
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", s.ready)
	e.GET(static.Prefix+"*", func(c echo.Context) error {
		if !static.Serve(c.Response(), c.Request()) {
			return echo.ErrNotFound
		}
		return nil
	})

	e.GET("/notes", s.signedIn(s.listNotes))
	e.GET("/notes/new", s.signedIn(s.newNote))
	e.POST("/notes", s.signedIn(s.createNote))
	e.GET("/notes/:id", s.signedIn(s.showNote))
	e.GET("/notes/:id/edit", s.signedIn(s.editNote))
	e.POST("/notes/:id", s.signedIn(s.updateNote))
	e.POST("/notes/:id/trash", s.signedIn(s.trashNote))
	e.POST("/notes/:id/restore", s.signedIn(s.restoreNote))
	e.POST("/notes/:id/purge", s.signedIn(s.purgeNote))

	// /openapi.json and /docs, then the JSON that they describe: /records and /api/v1/notes
	api := s.api(e, version)
	s.recordsAPI(api)
	s.notesAPI(api)
}
