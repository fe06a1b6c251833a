package domain

import (
	"context"
	"time"
)

// Store is the port to a database. Each call on its repositories is a transaction of its own; Atomically makes one of
// several. Stores are safe for concurrent use.
//
// Every method of a store and its repositories may also return Unavailable when the database can't be reached or is
// too busy, StorageFull when a write finds no room, Damaged when what it reads can't be what was written and, from then
// on, whenever it is to write, and the context's cause when it ends first. A change whose confirmation is
// lost is Unknown, whatever the reason; in all other cases of an error nothing has been changed.
type Store interface {
	Repos
	// Atomically runs fn in one transaction: all that fn stores is kept if fn returns nil, none of it otherwise, and
	// the error is fn's own or that of the commit. fn may be run several times, when the database asks for that, so it
	// touches nothing but its Repos, which are its alone and end with it. It isn't run again when the outcome is Unknown.
	// Calls don't nest.
	Atomically(ctx context.Context, fn func(Repos) error) error
	// Ping returns nil when the database answers and isn't known to be damaged.
	Ping(ctx context.Context) error
	Close() error
}

// Repos gives the repositories. Those that hold a user's data are had for an actor and see that user's data alone:
// somebody else's id is an id that doesn't exist.
type Repos interface {
	Users() Users
	Sessions() Sessions
	Notes(Actor) Notes
	Revisions(Actor) Revisions
	Drafts(Actor) Drafts
	Searches(Actor) Searches
	Undos(Actor) Undos
	Files(Actor) Files
	Creations(Actor) Creations
	Records(Actor) Records
	Housekeeping() Housekeeping
}

// Users keeps those who have an account.
type Users interface {
	// Add stores a new user. It returns Conflict when the id is taken.
	Add(ctx context.Context, u User) error
	// Get returns a user, or NotFound.
	Get(ctx context.Context, id ID) (User, error)
}

// Sessions keeps who is signed in.
type Sessions interface {
	// Add stores a new session. It returns Conflict when its token is taken.
	Add(ctx context.Context, s Session) error
	// Get returns a session, or NotFound.
	Get(ctx context.Context, token TokenHash) (Session, error)
	// Touch sets when the session was last seen. It does nothing when there is no such session.
	Touch(ctx context.Context, token TokenHash, seen time.Time) error
	// List returns the sessions of a user, those that have ended too, the last seen first.
	List(ctx context.Context, user ID) ([]Session, error)
	// Remove ends a session. It does nothing when there is no such session.
	Remove(ctx context.Context, token TokenHash) error
	// RemoveOf ends the sessions of a user, all but the one with the token kept, and returns how many. Kept may be "".
	RemoveOf(ctx context.Context, user ID, kept TokenHash) (int, error)
	// UseTicket remembers, for UsedTicketLife, that a ticket has been used. It returns Conflict when it has been before.
	UseTicket(ctx context.Context, ticket TokenHash, now time.Time) error
}

// Notes keeps the notes of one user, and what can be told from them: their tags, their links, and what searches find.
// All of that follows each change of a note at once.
type Notes interface {
	// Add stores a new note. It returns Conflict when the id is taken, by whomever.
	Add(ctx context.Context, n Note) error
	// Get returns a note, or NotFound. Inside Atomically nobody else changes that note until the transaction ends.
	Get(ctx context.Context, id ID) (Note, error)
	// List returns at most limit notes, pinned ones first, then by Note.Listed, the latest first, then by the highest id,
	// beginning after the cursor or, when that is nil, at the first. It returns none when there are none.
	List(ctx context.Context, filter NoteFilter, after *NoteCursor, limit int) ([]NoteSummary, error)
	// Update stores a note over the version before it. It returns NotFound when there is no such note, and Conflict
	// when the stored version is not n.Version-1.
	Update(ctx context.Context, n Note) error
	// Many returns the notes with these ids, ordered by id, without those that aren't there. Of large ones it returns the
	// first few only, at least one of those there are. Inside Atomically nobody else changes any of them until the
	// transaction ends.
	Many(ctx context.Context, ids []ID) ([]Note, error)
	// UpdateMany stores each of the notes as Update does, all of them or none, with few statements. No note is among them
	// twice.
	UpdateMany(ctx context.Context, list []Note) error
	// Remove removes a note for good, with its revisions and its draft. It returns NotFound when there is no such note.
	Remove(ctx context.Context, id ID) error

	// Search returns at most limit notes that q finds, the last updated first, beginning after the cursor (of which
	// Rank means nothing here) or, when that is nil, at the first. Notes updated within the same second may come in any
	// order, but always in the same. It need not find what the same transaction has changed.
	Search(ctx context.Context, q Query, after *SearchCursor, limit int) ([]Note, error)
	// Count counts the notes that q finds, up to limit, and the tags of those that it has counted.
	Count(ctx context.Context, q Query, limit int) (SearchCount, error)

	// Titled returns, for each of the keys, the note to which a link to such a title leads: of the notes outside of the
	// trash that are so called the first one made, or else of those that have it for an alias. Keys that lead nowhere are
	// left out.
	Titled(ctx context.Context, keys ...string) (map[string]NoteTitle, error)
	// Titles returns at most limit titles of notes outside of the trash whose keys begin with prefix, ordered by key, and
	// their aliases that no note has for a title.
	Titles(ctx context.Context, prefix string, limit int) ([]NoteTitle, error)
	// Linking returns at most limit notes, in any state, that link to one of the titles with those keys, each once,
	// ordered by id, beginning after an id or, when that is "", at the first. A link with a path counts for its last part
	// while all of it leads nowhere, as Titled has it.
	Linking(ctx context.Context, keys []string, after ID, limit int) ([]NoteSummary, error)

	// Linked returns those of the keys that links of any note have, or the last parts of their paths, ordered.
	Linked(ctx context.Context, keys []string) ([]string, error)

	// Tags returns at most limit tags of notes outside of the trash whose keys begin with prefix, and the tags above them,
	// ordered by key.
	Tags(ctx context.Context, prefix string, limit int) ([]TagCount, error)
	// Tagged returns the ids of at most limit notes, in any state, that have the tag with that key or one below it,
	// ordered, beginning after an id or, when that is "", at the first.
	Tagged(ctx context.Context, key string, after ID, limit int) ([]ID, error)
}

// NoteFilter tells which notes a list shows.
type NoteFilter struct {
	State NoteState
	Tag   string // the key of a tag that they have, or one below it; "" for all
}

// Revisions keeps what the notes of one user said before. What a note says now is the note's own to tell.
type Revisions interface {
	// Add stores a revision of a note of that user. It returns Conflict when the note has one of that version.
	Add(ctx context.Context, r Revision) error
	// AddMany stores each of the revisions as Add does, all of them or none, with few statements.
	AddMany(ctx context.Context, list []Revision) error
	// Exactly returns revisions of just these versions, by note, without those that aren't there.
	Exactly(ctx context.Context, versions map[ID]int) (map[ID]Revision, error)
	// At returns the newest revision of a note whose version is at most that given, or NotFound.
	At(ctx context.Context, note ID, version int) (Revision, error)
	// List returns at most limit revisions of a note, the newest first, of versions below before or, when that is 0,
	// all of them. It returns none when there are none.
	List(ctx context.Context, note ID, before, limit int) ([]RevisionSummary, error)
}

// Drafts keeps what one user is typing.
type Drafts interface {
	// Put stores a draft over the one with its key, if there is one. It returns Conflict when the draft is of a new note
	// and its key is one of Creations: the note has been saved. It returns NotFound when it is of a note that isn't
	// there.
	Put(ctx context.Context, d Draft) error
	// Get returns a draft, or NotFound.
	Get(ctx context.Context, key ID) (Draft, error)
	// List returns at most limit drafts of a note, or of notes that aren't there yet when note is "", the last saved
	// first.
	List(ctx context.Context, note ID, limit int) ([]Draft, error)
	// Remove removes a draft. It does nothing when there is none.
	Remove(ctx context.Context, key ID) error
}

// Searches keeps the saved searches of one user.
type Searches interface {
	// Add stores a search.
	Add(ctx context.Context, s SavedSearch) error
	// List returns all searches, ordered by name, then by id.
	List(ctx context.Context) ([]SavedSearch, error)
	// Get returns a search, or NotFound.
	Get(ctx context.Context, id ID) (SavedSearch, error)
	// Remove removes a search. It returns NotFound when there is no such search.
	Remove(ctx context.Context, id ID) error
}

// Undos keeps what one user can take back, and what is left to do of it.
type Undos interface {
	// Add stores an undo.
	Add(ctx context.Context, u Undo) error
	// Get returns an undo, or NotFound. Inside Atomically nobody else changes it until the transaction ends.
	Get(ctx context.Context, id ID) (Undo, error)
	// Update stores an undo over the one there is, but for the time when it was created. It returns NotFound when there is
	// none.
	Update(ctx context.Context, u Undo) error
	// Remember adds notes to those of an undo. Of one that it has already only the version is changed. It returns NotFound
	// when there is no such undo.
	Remember(ctx context.Context, id ID, notes []UndoNote) error
	// Notes returns at most limit notes of an undo, ordered by id, beginning after one or, when that is "", at the first.
	Notes(ctx context.Context, id, after ID, limit int) ([]UndoNote, error)
	// Remove removes an undo with its notes. It does nothing when there is none.
	Remove(ctx context.Context, id ID) error
}

// UserUndo names an undo of a user.
type UserUndo struct{ User, Undo ID }

// Files keeps what one user has uploaded, but for the contents, which lie in Blobs.
type Files interface {
	// Add stores a file. When there is one with that hash, that stays as it is, but counts as created when f was, and is
	// found under both names.
	Add(ctx context.Context, f File) error
	// Get returns a file, under the name that it was first stored with, or NotFound.
	Get(ctx context.Context, hash FileHash) (File, error)
	// Used returns how many bytes the files have together. Inside Atomically nobody else adds any of that user's until the
	// transaction ends, who asks that as well.
	Used(ctx context.Context) (int64, error)
	// Named returns, for each of the keys that the name of a file has (see TitleKey), the file that was stored last under
	// such a name, and so called. Keys that no name has are left out.
	Named(ctx context.Context, keys ...string) (map[string]File, error)
}

// Creation remembers that a request to create a note has been carried out, so that it isn't when it is sent again.
type Creation struct {
	Key     string    // chosen by whoever sent it: an Idempotency-Key, or the key of a draft
	Request TokenHash // hash of what was sent
	Note    ID
	Created time.Time
}

// CreationLife is how long a creation is remembered.
const CreationLife = 48 * time.Hour

// Creations keeps which requests of one user have been carried out.
type Creations interface {
	// Add stores a creation. It returns Conflict when there is one with that key.
	Add(ctx context.Context, c Creation) error
	// Get returns a creation, or NotFound.
	Get(ctx context.Context, key string) (Creation, error)
}

// Housekeeping is what a store forgets with time, whoever's it is. Each method works on at most a few hundred things
// at once, so that nobody waits for it, and returns how many; whoever calls it goes on until none are left.
type Housekeeping interface {
	// Lease gives the job with that name to one of those who ask for it: it returns true, and remembers until, when the
	// time remembered before is not after now, or is after LeaseBound.
	Lease(ctx context.Context, job string, now, until time.Time) (bool, error)
	// Trust returns the Trust that was put last, or the zero Trust.
	Trust(ctx context.Context) (Trust, error)
	// PutTrust stores a Trust over the one there is. Of several at once it keeps one.
	PutTrust(ctx context.Context, t Trust) error
	// Check looks through the whole database, however long that takes, while others go on. It returns Damaged, as every
	// write does from then on, when something in it can't be what was written, and nil where the database looks after that
	// itself.
	Check(ctx context.Context) error
	// PurgeTrash removes notes that were put into the trash before a time, for good, as Notes.Remove does.
	PurgeTrash(ctx context.Context, before time.Time) (int, error)
	// Aging returns at most limit notes, ordered, beginning after an id or, when that is "", at the first, that have
	// revisions saved in a span of time, the end of which isn't part of it.
	Aging(ctx context.Context, from, to time.Time, after ID, limit int) ([]ID, error)
	// Saves returns the versions of a note's revisions and when they were saved, oldest first.
	Saves(ctx context.Context, note ID) (versions []int, saved []time.Time, err error)
	// RemoveRevisions removes revisions of a note.
	RemoveRevisions(ctx context.Context, note ID, versions []int) error
	// Unfinished returns at most limit undos of which something is left to do, ordered by id and so the oldest first,
	// beginning after an id or, when that is "", at the first.
	Unfinished(ctx context.Context, after ID, limit int) ([]UserUndo, error)
	// RemoveEnded removes the undos, creations, sessions and used tickets that have ended at now, but for undos that are
	// unfinished.
	RemoveEnded(ctx context.Context, now time.Time) (int, error)
	// Reindex compares what searches know with some notes, those after an id or, when that is "", the first. It makes
	// searches know them as they are where they don't, and forget notes that aren't there, and returns how many that were
	// and the id to go on after, which is "" when these were the last.
	Reindex(ctx context.Context, after ID) (mended int, next ID, err error)
	// RemoveUnusedFiles removes files, added before a time, that no note, revision or draft of their owner mentions, and
	// that no note of theirs links to by a name under which Named finds them. It
	// returns the hashes of those that nobody has any more, so that their contents can be removed: also beside an error.
	RemoveUnusedFiles(ctx context.Context, before time.Time) ([]FileHash, error)
}

// Records keeps the records of one user.
type Records interface {
	// Add stores a new record. It returns Conflict when the id is taken, by whomever.
	Add(ctx context.Context, r Record) error
	// Get returns a record, or NotFound. Inside Atomically nobody else changes that record until the transaction ends.
	Get(ctx context.Context, id ID) (Record, error)
	// List returns at most limit records, ordered by id and so by the time they were made, beginning after the
	// cursor or, when that is "", at the first. It returns none when there are none.
	List(ctx context.Context, after RecordCursor, limit int) ([]Record, error)
	// Update stores a record. It returns NotFound when there is no such record.
	Update(ctx context.Context, r Record) error
	// Remove removes a record. It returns NotFound when there is no such record.
	Remove(ctx context.Context, id ID) error
}

// What NotFound and Conflict say of each entity.
var (
	ErrUserNotFound     = NewError(NotFound, "user.not_found")
	ErrSessionNotFound  = NewError(NotFound, "session.not_found")
	ErrNoteNotFound     = NewError(NotFound, "note.not_found")
	ErrRevisionNotFound = NewError(NotFound, "revision.not_found")
	ErrDraftNotFound    = NewError(NotFound, "draft.not_found")
	ErrDraftSaved       = NewError(Conflict, "draft.saved")
	ErrSearchNotFound   = NewError(NotFound, "search.not_found")
	ErrUndoNotFound     = NewError(NotFound, "undo.too_late")
	ErrFileNotFound     = NewError(NotFound, "file.not_found")
	ErrCreationNotFound = NewError(NotFound, "creation.not_found")
	ErrRecordNotFound   = NewError(NotFound, "record.not_found")
	ErrExists           = NewError(Conflict, "database.exists")
)

// The Conflicts of a note and of a record.
var (
	ErrRecordChanged = NewError(Conflict, "record.changed")

	ErrNoteChanged = NewError(Conflict, "note.changed")
	ErrNoteTrashed = NewError(Conflict, "note.trashed")
)
