package web

import (
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
func (s *server) routes(e *echo.Echo, cfg Config) *huma.OpenAPI {
	a := cfg.App
	cards := cards{s, a.Notes()}

	addHead(e)
	e.GET(route.Home(), func(c echo.Context) error { return s.redirect(c, s.base.Notes()) })
	signIn := signInHandler{s}
	e.GET(route.Open(), signIn.open)
	e.GET(route.SignIn(), signIn.askIn)
	e.POST(route.SignIn(), signIn.signIn, s.withForm)
	e.POST(route.SignInPasskey(), signIn.askPasskey, s.withForm)
	provider := providerHandler{signIn}
	e.GET(route.Leave(), provider.leave)
	e.GET(route.ComeBack(), provider.comeBack)
	e.POST(route.SignOut(), signIn.signOut)
	people := peopleHandler{s, a.People(s.accounts)}
	e.GET(route.Invitation(), people.welcome)
	e.POST(route.Invitation(), people.accept, s.withForm)
	sharing := a.Sharing(s.accounts)
	shared := sharedHandler{s, sharing}
	e.GET(route.Shared(":secret", ""), shared.opened(shared.show))
	e.GET(route.Shared(":secret", ":id"), shared.opened(shared.showNote))
	for _, id := range []string{"", ":id"} {
		e.POST(route.SharedTasks(":secret", id), shared.opened(shared.tick), s.withForm)
		e.POST(route.SharedLines(":secret", id), shared.opened(shared.add), s.withForm)
		e.GET(route.SharedFiles(":secret", id)+"/:hash", shared.opened(shared.file))
		e.GET(route.SharedFiles(":secret", id)+"/:hash/:name", shared.opened(shared.file))
	}
	e.POST(route.UnlockShared(":secret"), shared.unlock, s.withForm)
	health := healthHandler{a}
	e.GET(route.Health(), health.alive)
	e.GET(route.Ready(), health.ready)
	e.GET(static.Prefix+"*", func(c echo.Context) error {
		if !static.Serve(c.Response(), c.Request()) {
			return echo.ErrNotFound
		}
		return nil
	})

	e.GET(route.Favicon(), s.favicon)

	// Pages are for people: of tokens only one that is for everything opens them. What is in a space is found in each.
	signedIn := group{e, []echo.MiddlewareFunc{s.signedIn(domain.ScopeAdmin), s.withForm}, ownSpace}
	inSpace := group{e, signedIn.middleware, eachSpace}
	uploads := group{e, []echo.MiddlewareFunc{s.signedIn(domain.ScopeAdmin)}, eachSpace}
	ofFiles := group{e, []echo.MiddlewareFunc{s.signedIn(domain.ScopeFiles)}, eachSpace}
	anyToken := group{e, []echo.MiddlewareFunc{s.signedIn(domain.ScopeNone)}, ownSpace}
	// Who only reads in a space leaves it, too.
	members := group{e, []echo.MiddlewareFunc{s.member, s.withForm}, sharedSpaces}

	signedIn.GET(route.SignOut(), signIn.ask)

	notes := notesHandler{s, cards, a.Notes(), a.Tags()}
	inSpace.GET(route.Notes(), notes.list)
	search := searchHandler{s}
	bulk := bulkHandler{notes, search, a.Bulk()}
	inSpace.POST(route.ChangeNotes(), bulk.change)

	editor := editorHandler{s, cards, a.Notes(), a.Editing(), a.History(), a.Presences()}
	inSpace.GET(route.NewNote(), editor.new)
	inSpace.POST(route.Notes(), editor.create)
	inSpace.GET(route.EditNote(":id"), editor.edit)
	inSpace.POST(route.Note(":id"), editor.save)
	inSpace.POST(route.Presence(":id"), editor.meet)
	drafts := draftsHandler{s}
	inSpace.GET(route.Drafts(), drafts.list)
	inSpace.POST(route.DiscardDrafts(), drafts.discardAll)
	inSpace.POST(route.RestoreDrafts(":at", ""), drafts.restore)
	inSpace.POST(route.Draft(":id"), drafts.keep)
	inSpace.POST(route.CancelDraft(":id"), drafts.cancel)
	inSpace.POST(route.DiscardDraft(":id"), drafts.discard)
	preview := previewHandler{s, a.Links()}
	inSpace.POST(route.Preview(), preview.show)
	completion := completionHandler{s, a.Links(), a.Tags()}
	inSpace.GET(route.CompleteTitles(), completion.completeTitles)
	inSpace.GET(route.CompleteHeadings(), completion.completeHeadings)
	inSpace.GET(route.CompleteTags(), completion.completeTags)

	note := noteHandler{s, a.Notes(), a.Links(), a.Editing()}
	inSpace.GET(route.Note(":id"), note.show)
	inSpace.GET(route.Backlinks(":id"), note.backlinks)
	inSpace.POST(route.AppendToNote(":id"), note.append)
	tasks := tasksHandler{s, a.Notes(), a.Editing()}
	inSpace.POST(route.Tasks(":id"), tasks.toggle)
	inSpace.POST(route.Task(":id", ":n"), tasks.set)
	moves := movesHandler{s, cards, a.Notes()}
	inSpace.POST(route.PinNote(":id"), moves.pin(true))
	inSpace.POST(route.UnpinNote(":id"), moves.pin(false))
	inSpace.POST(route.ArchiveNote(":id"), moves.archive(true))
	inSpace.POST(route.UnarchiveNote(":id"), moves.archive(false))
	inSpace.POST(route.TrashNote(":id"), moves.trash)
	inSpace.POST(route.RestoreNote(":id"), moves.restore)
	inSpace.POST(route.PurgeNote(":id"), moves.purge)
	inSpace.POST(route.EmptyTrash(), moves.empty)
	moving := movingHandler{s, a.Notes()}
	inSpace.GET(route.MoveNote(":id"), moving.ask)
	inSpace.POST(route.MoveNote(":id"), moving.move)
	history := historyHandler{s, a.History(), a.Links()}
	inSpace.GET(route.History(":id"), history.list)
	inSpace.GET(route.Revision(":id", ":version"), history.show)
	inSpace.POST(route.RestoreRevision(":id", ":version"), history.restore)
	undo := undoHandler{s}
	inSpace.POST(route.Undo(":id"), undo.take)

	inSpace.GET(route.Search(), search.find)
	inSpace.POST(route.SavedSearches(), search.save)
	inSpace.POST(route.RemoveSearch(":id"), search.remove)
	confirmed := confirmHandler{s}
	shares := sharingHandler{s, sharing, a.Notes(), a.Tags()}
	inSpace.GET(route.Shares(), shares.list)
	inSpace.POST(route.RenewShare(":id"), confirmed.before(shares.renew))
	inSpace.POST(route.RevokeShare(":id"), shares.revoke)
	inSpace.GET(route.ShareNote(":id"), shares.listOfNote)
	inSpace.POST(route.ShareNote(":id"), shares.shareNote)
	tags := tagsHandler{s, a.Tags(), shares}
	inSpace.GET(route.Tags(), tags.list)
	inSpace.GET(route.Tags()+"/*", tags.ask)
	inSpace.POST(route.Tags()+"/*", tags.change)

	files := filesHandler{s, a.Files(), a.Notes()}
	ofFiles.POST(route.Files(), files.upload)
	uploads.POST(route.AttachToNew(), files.attach)
	uploads.POST(route.AttachToNote(":id"), files.attach)
	ofFiles.GET(route.Files()+"/:hash", files.serve)
	ofFiles.GET(route.Files()+"/:hash/:name", files.serve)
	ofFiles.GET(route.Thumbnail(":hash"), newThumbnailsHandler(files).serve)

	settings := settingsHandler{s}
	signedIn.GET(route.Settings(), settings.show)
	signedIn.POST(route.Password(), settings.choosePassword(confirmed))
	step := secondStepHandler{s}
	signedIn.GET(route.SecondStep(), step.show)
	signedIn.POST(route.SecondStep(), confirmed.before(step.turnOn))
	signedIn.POST(route.RecoveryCodes(), confirmed.before(step.renew))
	signedIn.POST(route.SecondStepOff(), confirmed.before(step.turnOff))
	memberships := a.Memberships(s.accounts)
	audit := auditHandler{s, people.people, memberships, a.Audit()}
	signedIn.GET(route.Audit(), audit.list)
	account := accountHandler{s, memberships}
	signedIn.GET(route.Account(), account.show)
	signedIn.POST(route.LeaveAccount(), confirmed.before(account.leave))
	signedIn.POST(route.KeepAccount(), account.keep)
	passkeys := passkeysHandler{s}
	signedIn.GET(route.Passkeys(), passkeys.list)
	signedIn.POST(route.Passkeys(), confirmed.before(passkeys.add))
	signedIn.POST(route.OfferPasskey(), passkeys.offer)
	signedIn.POST(route.AskPasskey(), passkeys.ask)
	signedIn.POST(route.RenamePasskey(), confirmed.before(passkeys.rename))
	signedIn.POST(route.RemovePasskey(), confirmed.before(passkeys.remove))
	signedIn.POST(route.Connect(), confirmed.before(provider.connect))
	signedIn.POST(route.Disconnect(), confirmed.before(provider.disconnect))
	sessions := sessionsHandler{s}
	signedIn.GET(route.Sessions(), sessions.list)
	signedIn.POST(route.Sessions(), sessions.end)
	signedIn.GET(route.People(), people.read(people.list))
	signedIn.POST(route.Invite(), confirmed.before(people.write(people.invite)))
	signedIn.POST(route.WithdrawInvitation(":id"), people.write(people.withdraw))
	signedIn.POST(route.RecoverPerson(":id"), confirmed.before(people.write(people.recover)))
	signedIn.POST(route.MakeAdmin(":id"), confirmed.before(people.write(people.setAdmin(true))))
	signedIn.POST(route.MakeMember(":id"), confirmed.before(people.write(people.setAdmin(false))))
	signedIn.POST(route.DisablePerson(":id"), confirmed.before(people.write(people.setDisabled(true))))
	signedIn.POST(route.EnablePerson(":id"), confirmed.before(people.write(people.setDisabled(false))))
	signedIn.POST(route.DeletePerson(":id"), confirmed.before(people.write(people.remove())))
	tokens := tokensHandler{s}
	signedIn.GET(route.Tokens(), tokens.list)
	signedIn.POST(route.Tokens(), confirmed.before(tokens.make))
	signedIn.POST(route.RevokeToken(), tokens.revoke)
	spaces := spacesHandler{s, memberships}
	signedIn.GET(route.Spaces(), spaces.list)
	signedIn.POST(route.Spaces(), spaces.create)
	signedIn.POST(route.KeepSpace(":id"), spaces.keep)
	members.GET(route.Members(), spaces.members)
	members.GET(route.SpaceAudit(), audit.listOfSpace)
	members.POST(route.RenameSpace(), spaces.administered(spaces.rename))
	members.POST(route.AddMember(), confirmed.before(spaces.administered(spaces.add)))
	members.POST(route.SetMember(), confirmed.before(spaces.administered(spaces.setRole)))
	members.POST(route.RemoveMember(), spaces.administered(spaces.remove))
	members.POST(route.LeaveSpace(), spaces.leave)
	members.POST(route.CloseSpace(), confirmed.before(spaces.administered(spaces.close)))

	// /records, /api/v1/notes and /api/v1/session, whose group is huma's, then /openapi.json and /docs, which describe them
	api := s.api(e, cfg.Version)
	recordsHandler{s, a.Records()}.register(api)
	notesAPI{s, a.Notes(), a.Editing(), a.Search()}.register(api)
	describeCodes(api.OpenAPI())
	signIn.register(api)
	docs := newDocsHandler(s, api.OpenAPI())
	anyToken.GET(route.OpenAPI(), docs.openAPI)
	signedIn.GET(route.Docs(), docs.show)
	return api.OpenAPI()
}

// group holds routes for people who have proved who they are, with middleware in common. Echo's own groups answer
// 404 where 405 is promised: they take every path and every method.
type group struct {
	e          *echo.Echo
	middleware []echo.MiddlewareFunc // of which signedIn is the first
	spaces     spaces
}

// spaces says in which spaces there is what a route leads to. What a path of somebody's own space leads to is at the same one
// below that of a shared space there.
type spaces string

const (
	ownSpace     spaces = "own"
	sharedSpaces spaces = "shared"
	eachSpace    spaces = "each"
)

// A reader answers a request that changes nothing, and a writer any other, for somebody who may do that in a space.
type (
	reader func(c echo.Context, access domain.ReadAccess) error
	writer func(c echo.Context, access domain.WriteAccess) error
)

func (g group) GET(path string, h reader) {
	g.add(echo.GET, path, func(c echo.Context) error { return h(c, admitted(c).read) })
}

func (g group) POST(path string, h writer) {
	g.add(echo.POST, path, func(c echo.Context) error { return h(c, admitted(c).write) })
}

func (g group) add(method, path string, h echo.HandlerFunc) {
	if g.spaces != sharedSpaces {
		g.e.Add(method, path, h, g.middleware...)
	}
	if g.spaces != ownSpace {
		g.e.Add(method, string(route.InSpace(":"+spaceParam))+path, h, g.middleware...)
	}
}
