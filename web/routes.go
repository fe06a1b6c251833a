package web

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"octavo/domain"
	"octavo/static"
	"octavo/views"
)

// route has the path of each route, as views.Base makes it of ":id" for an id. The base itself is none of a route: guard
// takes it from the front of what is asked for.
const route = views.Base("")

// routes is the table of every URL. A slash at a URL's end makes no difference. It returns the description of those
// that are for programs.
func (s *server) routes(e *echo.Echo, version string) *huma.OpenAPI {
	addHead(e)
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

	signedIn := group{e, []echo.MiddlewareFunc{s.signedIn, s.withForm}}
	uploads := group{e, []echo.MiddlewareFunc{s.signedIn}}

	signedIn.GET(route.Notes(), s.listNotes)
	signedIn.GET(route.NewNote(), s.newNote)
	signedIn.POST(route.Notes(), s.createNote)
	signedIn.POST(route.ChangeNotes(), s.changeMany)
	uploads.POST(route.AttachToNew(), s.attachFile)
	signedIn.GET(route.Note(":id"), s.showNote)
	signedIn.GET(route.EditNote(":id"), s.editNote)
	signedIn.POST(route.Note(":id"), s.saveNote)
	uploads.POST(route.AttachToNote(":id"), s.attachFile)
	signedIn.POST(route.Tasks(":id"), s.toggleTask)
	signedIn.POST(route.Task(":id", ":n"), s.setTask)
	signedIn.POST(route.PinNote(":id"), s.pinNote(true))
	signedIn.POST(route.UnpinNote(":id"), s.pinNote(false))
	signedIn.POST(route.ArchiveNote(":id"), s.archiveNote(true))
	signedIn.POST(route.UnarchiveNote(":id"), s.archiveNote(false))
	signedIn.POST(route.TrashNote(":id"), s.trashNote)
	signedIn.POST(route.RestoreNote(":id"), s.restoreNote)
	signedIn.POST(route.PurgeNote(":id"), s.purgeNote)
	signedIn.GET(route.History(":id"), s.listHistory)
	signedIn.GET(route.Revision(":id", ":version"), s.showRevision)
	signedIn.POST(route.RestoreRevision(":id", ":version"), s.restoreRevision)

	signedIn.GET(route.Search(), s.search)
	signedIn.POST(route.SavedSearches(), s.saveSearch)
	signedIn.POST(route.RemoveSearch(":id"), s.removeSearch)
	signedIn.GET(route.Tags(), s.listTags)
	signedIn.GET(route.Tags()+"/*", s.editTag)
	signedIn.POST(route.Tags()+"/*", s.renameTag)
	signedIn.GET(route.CompleteTitles(), s.completeTitles)
	signedIn.GET(route.CompleteTags(), s.completeTags)

	signedIn.POST(route.Undo(":id"), s.undo)
	signedIn.POST(route.Draft(":id"), s.keepDraft)
	signedIn.POST(route.DiscardDraft(":id"), s.discardDraft)
	signedIn.POST(route.Preview(), s.preview)
	uploads.POST(route.Files(), s.uploadFile)
	signedIn.GET(route.Files()+"/:hash", s.serveFile)
	signedIn.GET(route.Files()+"/:hash/:name", s.serveFile)

	signedIn.GET(route.Sessions(), s.listSessions)
	signedIn.POST(route.Sessions(), s.endSession)

	// /records and /api/v1/notes, whose group is huma's, then /openapi.json and /docs, which describe them
	api := s.api(e, version)
	s.recordsAPI(api)
	s.notesAPI(api)
	s.describe(signedIn, api.OpenAPI())
	return api.OpenAPI()
}

// group is of routes for people who have proved who they are, which have middleware in common. Echo's own groups answer
// 404 where 405 is promised: they take every path and every method.
type group struct {
	e          *echo.Echo
	middleware []echo.MiddlewareFunc // of which signedIn is the first
}

// handler answers a request of somebody who has proved who they are.
type handler func(c echo.Context, actor domain.Actor) error

func (g group) GET(path string, h handler)  { g.add(http.MethodGet, path, h) }
func (g group) POST(path string, h handler) { g.add(http.MethodPost, path, h) }

func (g group) add(method, path string, h handler) {
	g.e.Add(method, path, func(c echo.Context) error { return h(c, c.Get(actorName).(domain.Actor)) }, g.middleware...)
}
