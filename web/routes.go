package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/static"
	"octavo/views"
)

// route has the path of each route, as views.Base makes it of ":id" for an id. The base itself is none of a route: guard
// takes it from the front of what is asked for.
const route = views.Base("")

// routes is the table of every URL. A slash at a URL's end makes no difference. It returns the description of those
// that are for programs.
func (s *server) routes(e *echo.Echo, version string) *huma.OpenAPI {
	e.GET(route.Home(), func(c echo.Context) error { return s.redirect(c, s.base.Notes()) })
	e.GET(route.Open(), s.open)
	e.POST(route.SignOut(), s.signOut)
	e.GET(route.Health(), func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET(route.Ready(), s.ready)
	e.GET(static.Prefix+"*", func(c echo.Context) error {
		if !static.Serve(c.Response(), c.Request()) {
			return echo.ErrNotFound
		}
		return nil
	})

	e.GET(route.Notes(), s.signedIn(s.listNotes))
	e.GET(route.NewNote(), s.signedIn(s.newNote))
	e.POST(route.Notes(), s.signedIn(s.createNote))
	e.POST(route.ChangeNotes(), s.signedIn(s.changeMany))
	e.POST(route.AttachToNew(), s.signedInUpload(s.attachFile))
	e.GET(route.Note(":id"), s.signedIn(s.showNote))
	e.GET(route.EditNote(":id"), s.signedIn(s.editNote))
	e.POST(route.Note(":id"), s.signedIn(s.saveNote))
	e.POST(route.AttachToNote(":id"), s.signedInUpload(s.attachFile))
	e.POST(route.Tasks(":id"), s.signedIn(s.toggleTask))
	e.POST(route.Task(":id", ":n"), s.signedIn(s.setTask))
	e.POST(route.PinNote(":id"), s.signedIn(s.pinNote(true)))
	e.POST(route.UnpinNote(":id"), s.signedIn(s.pinNote(false)))
	e.POST(route.ArchiveNote(":id"), s.signedIn(s.archiveNote(true)))
	e.POST(route.UnarchiveNote(":id"), s.signedIn(s.archiveNote(false)))
	e.POST(route.TrashNote(":id"), s.signedIn(s.trashNote))
	e.POST(route.RestoreNote(":id"), s.signedIn(s.restoreNote))
	e.POST(route.PurgeNote(":id"), s.signedIn(s.purgeNote))
	e.GET(route.History(":id"), s.signedIn(s.listHistory))
	e.GET(route.Revision(":id", ":version"), s.signedIn(s.showRevision))
	e.POST(route.RestoreRevision(":id", ":version"), s.signedIn(s.restoreRevision))

	e.GET(route.Search(), s.signedIn(s.search))
	e.POST(route.SavedSearches(), s.signedIn(s.saveSearch))
	e.POST(route.RemoveSearch(":id"), s.signedIn(s.removeSearch))
	e.GET(route.Tags(), s.signedIn(s.listTags))
	e.GET(route.Tags()+"/*", s.signedIn(s.editTag))
	e.POST(route.Tags()+"/*", s.signedIn(s.renameTag))
	e.GET(route.CompleteTitles(), s.signedIn(s.completeTitles))
	e.GET(route.CompleteTags(), s.signedIn(s.completeTags))

	e.POST(route.Undo(":id"), s.signedIn(s.undo))
	e.POST(route.Draft(":id"), s.signedIn(s.keepDraft))
	e.POST(route.DiscardDraft(":id"), s.signedIn(s.discardDraft))
	e.POST(route.Preview(), s.signedIn(s.preview))
	e.POST(route.Files(), s.signedInUpload(s.uploadFile))
	e.GET(route.Files()+"/:hash", s.signedIn(s.serveFile))
	e.GET(route.Files()+"/:hash/:name", s.signedIn(s.serveFile))

	e.GET(route.Sessions(), s.signedIn(s.listSessions))
	e.POST(route.Sessions(), s.signedIn(s.endSession))

	// /records and /api/v1/notes, then /openapi.json and /docs, which describe them
	api := s.api(e, version)
	s.recordsAPI(api)
	s.notesAPI(api)
	s.describe(e, api.OpenAPI())
	return api.OpenAPI()
}
