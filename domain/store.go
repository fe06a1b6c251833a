package domain

import "context"

// Store is the port to a database. Each call on its repositories is a transaction of its own; Atomically makes one of
// several. Stores are safe for concurrent use.
//
// Every method of a store and its repositories may also return Unavailable when the database can't be reached or is
// too busy, StorageFull when a write finds no room, Damaged when what it reads can't be what was written and, from then
// on, whenever it is to write, and the context's cause when it ends first. A change whose confirmation is
// lost is Unknown, whatever the reason; in all other cases of an error nothing has been changed.
type Store interface {
	Repos
	Transactions
	// Ping returns nil when the database answers and isn't known to be damaged.
	Ping(ctx context.Context) error
	Close() error
}

// Transactions is the port to what makes one transaction of several calls.
type Transactions interface {
	// Atomically runs fn in one transaction: all that fn stores is kept if fn returns nil, none of it otherwise, and
	// the error is fn's own or that of the commit. fn may be run several times, when the database asks for that, so it
	// touches nothing but its Repos, which are its alone and end with it. It isn't run again when the outcome is Unknown.
	// Calls don't nest. Why something can't be stored within fn may be told by a later call, or by Atomically itself.
	Atomically(ctx context.Context, fn func(Repos) error) error
}

// Repos gives the repositories. Those of what is in a space are had for an access to it, and see that space alone: an id of
// another one is an id that doesn't exist. What may only read is had by those who may only read.
type Repos interface {
	Users() Users
	Sessions() Sessions
	SecondSteps() SecondSteps
	Passkeys() Passkeys
	Identities() Identities
	AccessTokens() AccessTokens
	Attempts() Attempts
	Invitations() Invitations
	Audit() Audit
	ShareLinks() ShareLinks
	Spaces() Spaces
	Housekeeping() Housekeeping

	ReadNotes(ReadAccess) NoteReader
	ReadRevisions(ReadAccess) RevisionReader
	ReadDrafts(ReadAccess) DraftReader
	ReadSearches(ReadAccess) SearchReader
	ReadUndos(ReadAccess) UndoReader
	ReadFiles(ReadAccess) FileReader
	ReadRecords(ReadAccess) RecordReader
	ReadShares(ReadAccess) ShareReader
	ReadImports(ReadAccess) ImportReader
	Tags(ReadAccess) Tags
	Links(ReadAccess) Links
	Index(ReadAccess) Index

	Notes(WriteAccess) Notes
	Revisions(WriteAccess) Revisions
	Drafts(WriteAccess) Drafts
	Searches(WriteAccess) Searches
	Undos(WriteAccess) Undos
	Files(WriteAccess) Files
	Creations(WriteAccess) Creations
	Records(WriteAccess) Records
	Shares(WriteAccess) Shares
	Imports(WriteAccess) Imports

	Presences(WriteAccess) Presences

	Moving(Transfer) Moving
}

// ErrExists is returned for something stored as new that is there already.
var ErrExists = NewError(Conflict, "database.exists")
