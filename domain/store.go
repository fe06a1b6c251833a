package domain

import (
	"context"
	"time"
)

// Store is the port to a database. Each call on its repositories is a transaction of its own; Atomically makes one of
// several. Stores are safe for concurrent use.
//
// Every method of a store and its repositories may also return Unavailable when the database can't be reached or is
// too busy, StorageFull when a write finds no room, and the context's error when it ends first.
type Store interface {
	Repos
	// Atomically runs fn in one transaction: all that fn stores is kept if fn returns nil, none of it otherwise, and
	// the error is fn's own or that of the commit. fn may be run several times, when the database asks for that, so it
	// touches nothing but its Repos, which are its alone and end with it. Calls don't nest.
	Atomically(ctx context.Context, fn func(Repos) error) error
	// Ping returns nil when the database answers.
	Ping(ctx context.Context) error
	Close() error
}

// Repos gives the repositories. Those that hold a user's data are had for an actor and see that user's data alone:
// somebody else's id is an id that doesn't exist.
type Repos interface {
	Users() Users
	Sessions() Sessions
	Notes(Actor) Notes
	Records(Actor) Records
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
	// Remove ends a session. It does nothing when there is no such session.
	Remove(ctx context.Context, token TokenHash) error
	// RemoveEnded removes every session that has ended at now.
	RemoveEnded(ctx context.Context, now time.Time) error
}

// Notes keeps the notes of one user.
type Notes interface {
	// Add stores a new note. It returns Conflict when the id is taken, by whomever.
	Add(ctx context.Context, n Note) error
	// Get returns a note, or NotFound. Inside Atomically nobody else changes that note until the transaction ends.
	Get(ctx context.Context, id ID) (Note, error)
	// List returns at most limit notes in state, pinned ones first, then the last updated, then the highest id,
	// beginning after the cursor or, when that is nil, at the first. It returns none when there are none.
	List(ctx context.Context, state NoteState, after *NoteCursor, limit int) ([]NoteSummary, error)
	// Update stores a note over the version before it. It returns NotFound when there is no such note, and Conflict
	// when the stored version is not n.Version-1.
	Update(ctx context.Context, n Note) error
	// Remove removes a note for good. It returns NotFound when there is no such note.
	Remove(ctx context.Context, id ID) error
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
	ErrUserNotFound    = NewError(NotFound, "User not found")
	ErrSessionNotFound = NewError(NotFound, "Session not found")
	ErrNoteNotFound    = NewError(NotFound, "Note not found")
	ErrRecordNotFound  = NewError(NotFound, "Record not found")
	ErrExists          = NewError(Conflict, "This exists already")
)

// The Conflicts of a note.
var (
	ErrNoteChanged = NewError(Conflict, "This note has been changed since you opened it")
	ErrNoteTrashed = NewError(Conflict, "This note is in the trash: restore it to change it")
)
