package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/static"
)

// routes is the table of every URL. A slash at a URL's end makes no difference. It returns the description of those
// that are for programs.
func (s *server) routes(e *echo.Echo, version string) *huma.OpenAPI {
	e.GET("/", func(c echo.Context) error { return s.redirect(c, "/notes") })
	e.GET(openPath, s.open)
	e.POST("/logout", s.signOut)
	e.GET(healthPath, func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET(readyPath, s.ready)
	e.GET(static.Prefix+"*", func(c echo.Context) error {
		if !static.Serve(c.Response(), c.Request()) {
			return echo.ErrNotFound
		}
		return nil
	})

	e.GET("/notes", s.signedIn(s.listNotes))
	e.GET("/notes/new", s.signedIn(s.newNote))
	e.POST("/notes", s.signedIn(s.createNote))
	e.POST("/notes/bulk", s.signedIn(s.changeMany))
	e.POST("/notes/attach", s.signedInUpload(s.attachFile))
	e.GET("/notes/:id", s.signedIn(s.showNote))
	e.GET("/notes/:id/edit", s.signedIn(s.editNote))
	e.POST("/notes/:id", s.signedIn(s.saveNote))
	e.POST("/notes/:id/attach", s.signedInUpload(s.attachFile))
	e.POST("/notes/:id/tasks", s.signedIn(s.toggleTask))
	e.POST("/notes/:id/tasks/:n", s.signedIn(s.setTask))
	e.POST("/notes/:id/pin", s.signedIn(s.pinNote(true)))
	e.POST("/notes/:id/unpin", s.signedIn(s.pinNote(false)))
	e.POST("/notes/:id/archive", s.signedIn(s.archiveNote(true)))
	e.POST("/notes/:id/unarchive", s.signedIn(s.archiveNote(false)))
	e.POST("/notes/:id/trash", s.signedIn(s.trashNote))
	e.POST("/notes/:id/restore", s.signedIn(s.restoreNote))
	e.POST("/notes/:id/purge", s.signedIn(s.purgeNote))
	e.GET("/notes/:id/history", s.signedIn(s.listHistory))
	e.GET("/notes/:id/history/:version", s.signedIn(s.showRevision))
	e.POST("/notes/:id/history/:version/restore", s.signedIn(s.restoreRevision))

	e.GET("/search", s.signedIn(s.search))
	e.POST("/searches", s.signedIn(s.saveSearch))
	e.POST("/searches/:id/remove", s.signedIn(s.removeSearch))
	e.GET("/tags", s.signedIn(s.listTags))
	e.GET("/tags/*", s.signedIn(s.editTag))
	e.POST("/tags/*", s.signedIn(s.renameTag))
	e.GET("/complete/titles", s.signedIn(s.completeTitles))
	e.GET("/complete/tags", s.signedIn(s.completeTags))

	e.POST("/undo/:id", s.signedIn(s.undo))
	e.POST("/drafts/:id", s.signedIn(s.keepDraft))
	e.POST("/drafts/:id/discard", s.signedIn(s.discardDraft))
	e.POST("/preview", s.signedIn(s.preview))
	e.POST(filesPath, s.signedInUpload(s.uploadFile))
	e.GET(filesPath+"/:hash", s.signedIn(s.serveFile))
	e.GET(filesPath+"/:hash/:name", s.signedIn(s.serveFile))

	e.GET(sessionsPath, s.signedIn(s.listSessions))
	e.POST(sessionsPath, s.signedIn(s.endSession))

	// /records and /api/v1/notes, then /openapi.json and /docs, which describe them
	api := s.api(e, version)
	s.recordsAPI(api)
	s.notesAPI(api)
	s.describe(e, api.OpenAPI())
	return api.OpenAPI()
}
