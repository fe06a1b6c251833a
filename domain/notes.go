package domain

import "context"

// NoteReader reads the notes of one space.
type NoteReader interface {
	// Get returns a note, or NotFound. Inside Atomically nobody else changes that note until the transaction ends.
	Get(ctx context.Context, id ID) (Note, error)
	// List returns at most limit notes, pinned ones first, then by Note.Listed, the latest first, then by the highest id,
	// beginning after the cursor or, when that is nil, at the first. It returns none when there are none.
	List(ctx context.Context, filter NoteFilter, after *NoteCursor, limit int) ([]NoteSummary, error)
	// Many returns the notes with these ids, ordered by id, without those that aren't there. Of large ones it returns the
	// first few only, at least one of those there are. Inside Atomically nobody else changes any of them until the
	// transaction ends.
	Many(ctx context.Context, ids []ID) ([]Note, error)
}

// Notes keeps the notes of one space. What can be told from them follows each change at once: their Tags, their Links, and
// what the Index finds.
type Notes interface {
	NoteReader
	// Add stores a new note. It returns Conflict when the id is taken, by whomever.
	Add(ctx context.Context, n Note) error
	// AddMany stores new notes as Add does, with the tags, times and versions that they have, and what they said before: all
	// of it or nothing, with few statements. Each of the revisions is of one of the notes. Some thousands of notes are a good
	// number.
	AddMany(ctx context.Context, list []Note, said []Revision) error
	// Update stores a note over an earlier version of it, nearly always the one before. It returns NotFound when there is
	// no such note, and Conflict when the stored version is another.
	Update(ctx context.Context, n Note, over int) error
	// UpdateMany stores each of the notes as Update does over the version before, all of them or none, with few statements.
	// No note is among them twice.
	UpdateMany(ctx context.Context, list []Note) error
	// Remove removes a note for good, with its revisions and its draft. It returns NotFound when there is no such note.
	Remove(ctx context.Context, id ID) error
}

// NoteFilter tells which notes a list shows.
type NoteFilter struct {
	State NoteState
	Tag   string // the key of a tag that they have, or one below it; "" for all
}

// What keeps a note from being found or changed.
var (
	ErrNoteNotFound = NewError(NotFound, "note.not_found")
	ErrNoteChanged  = NewError(Conflict, "note.changed")
	ErrNoteTrashed  = NewError(Conflict, "note.trashed")
)
