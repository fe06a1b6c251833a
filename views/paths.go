package views

import "net/url"

// Base is what every path begins with: "" or, on a sub-path, for example "/octavo". What is in a shared space is the same
// path below that of the space. Its methods are the paths of the app, which are made nowhere else. The routes are registered
// with the same methods, given ":id" for an id.
type Base string

// InSpace returns what paths begin with of what is in a shared space.
func (b Base) InSpace(id string) Base { return b.Site() + spaces + Base(id) }

const (
	spaces   = "/spaces/"
	idLength = len("00000000-0000-0000-0000-000000000000")
)

// Site returns what paths begin with outside of shared spaces.
func (b Base) Site() Base {
	if b.IsShared() {
		return b[:len(b)-idLength-len(spaces)]
	}
	return b
}

// IsShared reports whether paths lead to what is in a shared space.
func (b Base) IsShared() bool {
	at := len(b) - idLength
	return at >= len(spaces) && b[at-len(spaces):at] == spaces
}

// Path returns what is below the base, as static.URL gives it, and In what is below that of the space, as domain.File.Path.
func (b Base) Path(below string) string { return string(b.Site()) + below }
func (b Base) In(below string) string   { return string(b) + below }

// Who somebody is, and what asks how the program is. OpenWith is the link that signs in whoever opens it.

func (b Base) Home() string                  { return string(b.Site()) + "/" }
func (b Base) Favicon() string               { return string(b.Site()) + "/favicon.ico" }
func (b Base) Open() string                  { return string(b.Site()) + "/open" }
func (b Base) OpenWith(ticket string) string { return query(b.Open(), "key", ticket) }
func (b Base) SignIn() string                { return string(b.Site()) + "/login" }
func (b Base) SignInPasskey() string         { return string(b.Site()) + "/login/passkey" }
func (b Base) Leave() string                 { return string(b.Site()) + "/login/oidc" }
func (b Base) LeaveFrom(back string) string  { return query(b.Leave(), "back", back) }
func (b Base) ComeBack() string              { return b.Leave() + "/callback" }
func (b Base) SignOut() string               { return string(b.Site()) + "/logout" }

// SignOutAsking is the question whether somebody means to sign out, of one session or of several, as the form of the sessions
// names them.
func (b Base) SignOutAsking(session string) string { return query(b.SignOut(), "session", session) }

func (b Base) Settings() string    { return string(b.Site()) + "/settings" }
func (b Base) Password() string    { return string(b.Site()) + "/settings/password" }
func (b Base) Sessions() string    { return string(b.Site()) + "/settings/sessions" }
func (b Base) Tokens() string      { return string(b.Site()) + "/settings/tokens" }
func (b Base) RevokeToken() string { return b.Tokens() + "/revoke" }

// Account is where somebody says whether their account goes or stays.

func (b Base) Account() string      { return string(b.Site()) + "/settings/account" }
func (b Base) LeaveAccount() string { return b.Account() + "/leave" }
func (b Base) KeepAccount() string  { return b.Account() + "/keep" }

func (b Base) SecondStep() string    { return string(b.Site()) + "/settings/two-step" }
func (b Base) SecondStepOff() string { return b.SecondStep() + "/off" }
func (b Base) RecoveryCodes() string { return b.SecondStep() + "/codes" }
func (b Base) Connect() string       { return string(b.Site()) + "/settings/identities" }
func (b Base) Disconnect() string    { return b.Connect() + "/remove" }
func (b Base) Passkeys() string      { return string(b.Site()) + "/settings/passkeys" }
func (b Base) OfferPasskey() string  { return b.Passkeys() + "/offer" }
func (b Base) AskPasskey() string    { return b.Passkeys() + "/ask" }
func (b Base) RenamePasskey() string { return b.Passkeys() + "/rename" }
func (b Base) RemovePasskey() string { return b.Passkeys() + "/remove" }
func (b Base) Health() string        { return string(b.Site()) + "/healthz" }
func (b Base) Ready() string         { return string(b.Site()) + "/readyz" }

func (b Base) Audit() string { return string(b.Site()) + "/settings/audit" }

// AuditAfter is the page of what happened before an event, and SpaceAuditAfter of what did in a space.
func (b Base) AuditAfter(id string) string      { return query(b.Audit(), "after", id) }
func (b Base) SpaceAuditAfter(id string) string { return query(b.SpaceAudit(), "after", id) }

// People, and what admins do with one of them. InvitationWith is the link of somebody who has been invited.

func (b Base) People() string { return string(b.Site()) + "/settings/people" }
func (b Base) Invite() string { return b.People() + "/invite" }
func (b Base) WithdrawInvitation(id string) string {
	return b.People() + "/invitations/" + id + "/withdraw"
}
func (b Base) RecoverPerson(id string) string      { return b.person(id, "/recover") }
func (b Base) MakeAdmin(id string) string          { return b.person(id, "/admin") }
func (b Base) MakeMember(id string) string         { return b.person(id, "/member") }
func (b Base) DisablePerson(id string) string      { return b.person(id, "/disable") }
func (b Base) EnablePerson(id string) string       { return b.person(id, "/enable") }
func (b Base) DeletePerson(id string) string       { return b.person(id, "/remove") }
func (b Base) person(id, below string) string      { return b.People() + "/" + id + below }
func (b Base) Invitation() string                  { return string(b.Site()) + "/invitation" }
func (b Base) InvitationWith(secret string) string { return query(b.Invitation(), "key", secret) }

// Spaces are those that somebody shares with others. A new one is posted there. The others are of the space that paths lead to.

func (b Base) KeepSpace(id string) string { return b.Spaces() + "/" + id + "/keep" }

func (b Base) Spaces() string       { return string(b.Site()) + "/settings/spaces" }
func (b Base) Members() string      { return string(b) + "/settings" }
func (b Base) RenameSpace() string  { return b.Members() + "/name" }
func (b Base) AddMember() string    { return b.Members() + "/members" }
func (b Base) SetMember() string    { return b.Members() + "/members/role" }
func (b Base) RemoveMember() string { return b.Members() + "/members/remove" }
func (b Base) LeaveSpace() string   { return b.Members() + "/leave" }
func (b Base) CloseSpace() string   { return b.Members() + "/delete" }
func (b Base) SpaceAudit() string   { return b.Members() + "/log" }

// Lists of notes. A new note is posted to Notes, and what is to be done with those chosen on a list to ChangeNotes.

func (b Base) Notes() string                 { return string(b) + "/notes" }
func (b Base) NotesTagged(tag string) string { return b.NotesWith(ListQuery{Tag: tag}) }
func (b Base) ChangeNotes() string           { return string(b) + "/notes/bulk" }

// NotesWith is a page of a list of notes.
func (b Base) NotesWith(q ListQuery) string {
	return query(b.Notes(), "after", q.After, "as", q.As, "count", q.Count, "pages", q.Pages, "select", q.Select, "sort", q.Sort, "tag", q.Tag, "view", q.View)
}

// ListQuery says which page of which list of notes is meant.
type ListQuery struct {
	View   string // "archived", "trash", or "" for the active notes
	Tag    string // that they have, or "" for all of them
	After  string // where the page begins, or "" for the first
	Count  string // "true" where the list's notes are counted, or ""
	Pages  string // how many pages are shown as one, or "" for one
	Sort   string // what it is sorted by, or "" for what was chosen last
	As     string // "cards", "lines", or "" for what was chosen last
	Select string // "1" where notes can be chosen, "all" where all on the page are, "every" where all that there are, or ""
}

// Forms of notes. Attach takes the form together with a file.

func (b Base) NewNote() string                      { return string(b) + "/notes/new" }
func (b Base) NewNoteTitled(title string) string    { return query(b.NewNote(), "title", title) }
func (b Base) NewNoteFrom(draft string) string      { return query(b.NewNote(), "draft", draft) }
func (b Base) AttachToNew() string                  { return string(b) + "/notes" + AttachSuffix }
func (b Base) EditNote(id string) string            { return b.note(id, "/edit") }
func (b Base) EditNoteFrom(id, draft string) string { return query(b.EditNote(id), "draft", draft) }
func (b Base) AppendToNote(id string) string        { return b.note(id, "/append") }
func (b Base) AttachToNote(id string) string        { return b.note(id, AttachSuffix) }
func (b Base) Preview() string                      { return string(b) + "/preview" }
func (b Base) Draft(key string) string              { return string(b) + "/drafts/" + key }
func (b Base) CancelDraft(key string) string        { return b.Draft(key) + "/cancel" }
func (b Base) DiscardDraft(key string) string       { return b.Draft(key) + "/discard" }
func (b Base) Drafts() string                       { return string(b) + "/drafts" }
func (b Base) DiscardDrafts() string                { return string(b) + "/drafts/discard" }

// RestoreDrafts brings back what was discarded at a time, and leads to the draft with a key if that isn't "".
func (b Base) RestoreDrafts(at, key string) string {
	return query(string(b)+"/drafts/restore/"+at, "draft", key)
}

// A note, to which what was edited is posted, and what can be done with it.

func (b Base) Note(id string) string             { return b.note(id, "") }
func (b Base) PinNote(id string) string          { return b.note(id, "/pin") }
func (b Base) UnpinNote(id string) string        { return b.note(id, "/unpin") }
func (b Base) ArchiveNote(id string) string      { return b.note(id, "/archive") }
func (b Base) UnarchiveNote(id string) string    { return b.note(id, "/unarchive") }
func (b Base) TrashNote(id string) string        { return b.note(id, "/trash") }
func (b Base) RestoreNote(id string) string      { return b.note(id, "/restore") }
func (b Base) MoveNote(id string) string         { return b.note(id, "/move") }
func (b Base) RestoreToArchive(id string) string { return b.note(id, "/restore?to=archived") }
func (b Base) PurgeNote(id string) string        { return b.note(id, "/purge") }
func (b Base) EmptyTrash() string                { return string(b) + "/notes/purge" }
func (b Base) Tasks(id string) string            { return b.note(id, "/tasks") }
func (b Base) Presence(id string) string         { return b.note(id, "/presence") }
func (b Base) Task(id, n string) string          { return b.note(id, "/tasks/"+n) }

func (b Base) note(id, below string) string { return string(b) + "/notes/" + id + below }

// What a note has said.

func (b Base) Backlinks(id string) string         { return b.note(id, "/backlinks") }
func (b Base) History(id string) string           { return b.note(id, "/history") }
func (b Base) Revision(id, version string) string { return b.note(id, "/history/"+version) }

// RevisionText is what it said in a version, rather than what was changed.
func (b Base) RevisionText(id, version string) string {
	return b.Revision(id, version) + "?view=text"
}

// RestoreRevision is where a POST has it say that again.
func (b Base) RestoreRevision(id, version string) string {
	return b.Revision(id, version) + "/restore"
}

// HistoryBefore is the part of a note's history that is older than a version.
func (b Base) HistoryBefore(id, version string) string {
	return query(b.History(id), "before", version)
}

// Searches. A search is saved by a POST to SavedSearches.

func (b Base) Search() string                { return string(b) + "/search" }
func (b Base) SearchFor(q string) string     { return b.SearchAfter(q, "") }
func (b Base) SavedSearches() string         { return string(b) + "/searches" }
func (b Base) RemoveSearch(id string) string { return b.SavedSearches() + "/" + id + "/remove" }

// SearchCounted is the page of what a search finds that begins at a cursor, or the first, and says how many notes there are.
func (b Base) SearchCounted(q, cursor string) string {
	return query(b.Search(), "after", cursor, "count", "true", "q", q)
}

// SearchAfter is the page of what a search finds that begins at a cursor.
func (b Base) SearchAfter(q, cursor string) string {
	return query(b.Search(), "after", cursor, "q", q)
}

// SearchEverywhere is the page of what a search finds in all spaces that begins at a cursor, or the first. count is "true" where
// it says how many notes there are, or "".
func (b Base) SearchEverywhere(q, cursor, count string) string {
	return query(b.Search(), "after", cursor, "count", count, "in", "all", "q", q)
}

// SelectFound is such a page where notes can be chosen, as ListQuery.Select has it.
func (b Base) SelectFound(q, cursor, choose string) string {
	return query(b.Search(), "after", cursor, "q", q, "select", choose)
}

// SaveSearch is where a POST without a form saves a search.
func (b Base) SaveSearch(name, q string) string {
	return query(b.SavedSearches(), "name", name, "q", q)
}

// Tags, and what completes what is being typed.

func (b Base) Tags() string             { return string(b) + "/tags" }
func (b Base) Complete() string         { return string(b) + "/complete/" }
func (b Base) CompleteTags() string     { return b.Complete() + "tags" }
func (b Base) CompleteTitles() string   { return b.Complete() + "titles" }
func (b Base) CompleteHeadings() string { return b.Complete() + "headings" }

// FoldTags is the page of all tags, and folds up what is below "all" of them, or "none".
func (b Base) FoldTags(which string) string { return query(b.Tags(), "fold", which) }

// RenameTag is the form that renames a tag, and where it is posted to. The slashes of a tag are those of the path: encoded
// ones are refused.
func (b Base) RenameTag(tag string) string {
	return (&url.URL{Path: b.Tags() + "/" + tag + RenameSuffix}).EscapedPath()
}

// DeleteTag is the question whether to delete a tag, and where the answer is posted to.
func (b Base) DeleteTag(tag string) string {
	return (&url.URL{Path: b.Tags() + "/" + tag + DeleteSuffix}).EscapedPath()
}

// AttachSuffix is how the paths end that take a file with the form of a note.
const AttachSuffix = "/attach"

// What follows the tag there. A route can't say so, since a tag may have slashes.
const (
	RenameSuffix = "/rename"
	DeleteSuffix = "/delete"
	ShareSuffix  = "/share"
)

// What is shared by links, and what is done with one of them. What is shared is added to by a POST to ShareNote or ShareTag.

func (b Base) Shares() string               { return string(b) + "/settings/shares" }
func (b Base) RenewShare(id string) string  { return b.Shares() + "/" + id + "/renew" }
func (b Base) RevokeShare(id string) string { return b.Shares() + "/" + id + "/revoke" }
func (b Base) ShareNote(id string) string   { return b.note(id, ShareSuffix) }
func (b Base) ShareTag(tag string) string {
	return (&url.URL{Path: b.Tags() + "/" + tag + ShareSuffix}).EscapedPath()
}

// What whoever has a link sees, by its secret: a note, or a list of notes and each of them by its id, which is "" for the first.

func (b Base) Shared(secret, note string) string {
	if note == "" {
		return string(b.Site()) + "/s/" + secret
	}
	return string(b.Site()) + "/s/" + secret + "/notes/" + note
}

func (b Base) SharedAfter(secret, cursor string) string {
	return query(b.Shared(secret, ""), "after", cursor)
}

func (b Base) SharedDone(secret, note, what string) string {
	return query(b.Shared(secret, note), "done", what)
}
func (b Base) SharedTasks(secret, note string) string { return b.Shared(secret, note) + "/tasks" }
func (b Base) SharedLines(secret, note string) string { return b.Shared(secret, note) + "/lines" }
func (b Base) SharedFiles(secret, note string) string { return b.Shared(secret, note) + "/files" }
func (b Base) UnlockShared(secret string) string      { return b.Shared(secret, "") + "/password" }

func (b Base) Undo(id string) string { return string(b) + "/undo/" + id }

// Files. The path of each is domain.File's, for it stands in texts.

func (b Base) Files() string                { return string(b) + "/files" }
func (b Base) Thumbnail(hash string) string { return string(b) + "/thumbnails/" + hash }

// For programs.

func (b Base) Records() string          { return string(b.Site()) + "/records" }
func (b Base) Record(id string) string  { return string(b.Site()) + "/records/" + id }
func (b Base) API() string              { return string(b.Site()) + "/api/" }
func (b Base) APISession() string       { return b.API() + "v1/session" }
func (b Base) APINotes() string         { return b.API() + "v1/notes" }
func (b Base) APINote(id string) string { return b.APINotes() + "/" + id }
func (b Base) OpenAPI() string          { return string(b.Site()) + "/openapi.json" }
func (b Base) Docs() string             { return string(b.Site()) + "/docs" }

// query returns a path with a query that gives each name its value, but for those whose value is "".
func query(path string, pairs ...string) string {
	var buffer [128]byte
	all, mark := append(buffer[:0], path...), byte('?')
	for i := 0; i < len(pairs); i += 2 {
		if name, value := pairs[i], pairs[i+1]; value != "" {
			all = append(append(append(append(all, mark), name...), '='), url.QueryEscape(value)...)
			mark = '&'
		}
	}
	return string(all)
}
