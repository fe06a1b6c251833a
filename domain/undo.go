package domain

import (
	"context"
	"time"
)

// Undo remembers an action that changed several notes, so that it can be taken back: what is left to do of it, and beside
// it, in Undos, what becomes of each of the notes.
type Undo struct {
	ID      ID
	Said    []Message // what has been done, for the one who did it
	Created time.Time
	// Leader is the note with which alone the others make sense: they stay as they are when it can't come back. It has no
	// ID when there is none.
	Leader UndoNote
	Rest   Rest
}

// UndoNote is what becomes of one note when the action is undone.
type UndoNote struct {
	ID      ID
	Version int       // the note's version after the action
	Saved   int       // the version whose fields come back
	State   NoteState // where the note was
	Pinned  bool
}

// Rest is what is left to do of an action, or of taking it back, and what has come of it so far. One that changes more
// notes than a transaction should is done in pieces, between which others write, and which whoever finds the rest goes on
// with.
type Rest struct {
	Steps []Step        // in order; when there are none, all has been done
	After ID            // up to which note the first step has come
	Place *SearchCursor `json:",omitempty"` // the same, where the step goes through what a search finds
	Back  bool          // the action is being taken back
	Moved ID            `json:",omitempty"` // into which space it moves the notes, or "" where they stay

	Said        Message          // what it does, without how often
	Notes, Left int              // notes that have been changed, and that stay as they are
	Followed    int              // notes whose links follow a new title
	NotFollowed int              // notes that had no room for that
	Taken       bool             // links stay as they are, as another note has the new title, too
	Retitled    map[ID]int       // how often the links to a note followed its title
	Ended       int              `json:",omitempty"` // links that shared a note which has been moved
	Stopped     bool             `json:",omitempty"` // what was left of moving notes couldn't be done
	Shares      map[ID]TagChange `json:",omitempty"` // which shares have followed a tag
}

// TagChange is what a share was of, and is of since it has followed a tag.
type TagChange struct{ Was, Is Tag }

// StepKind is what is done to notes in a step.
type StepKind string

// What a step does.
const (
	StepLinks StepKind = "links" // has the links to the title with the key From follow that of Note
	StepTag   StepKind = "tag"   // renames the tag with the key From to To
	StepUntag StepKind = "untag" // removes the tag with the key From, and those below it
	StepFound StepKind = "found" // does something to all notes that the search From finds, with the tag To if it is about one
	StepBack  StepKind = "back"  // takes back what the action did
)

// Step is a part of an action that goes through many notes.
type Step struct {
	Kind     StepKind
	Note     ID
	From, To string
	Do       string `json:",omitempty"` // what StepFound does
}

// Fits reports whether the note is still as the action has left it, or says at least what the action had it say. A note
// that has moved on since is left alone.
func (u UndoNote) Fits(n Note) bool { return n.Version == u.Version || n.Saved == u.Version }

// NewUndo returns what takes back an action that is going to change notes.
func NewUndo(now time.Time) Undo { return Undo{ID: NewID(), Created: now} }

// NewUndoNote returns what becomes of a note that an action has changed.
func NewUndoNote(before, after Note) UndoNote {
	return UndoNote{ID: after.ID, Version: after.Version, Saved: before.Saved, State: before.State, Pinned: before.Pinned}
}

// Ended reports whether it is too late at now.
func (u Undo) Ended(now time.Time) bool { return now.Sub(u.Created) >= UndoLife }

// Unfinished reports whether something is left to do.
func (u Undo) Unfinished() bool { return len(u.Rest.Steps) > 0 }

// UndoReader reads what one user can take back in a space, and what is left to do of it.
type UndoReader interface {
	// Get returns an undo, or NotFound. Inside Atomically nobody else changes it until the transaction ends.
	Get(ctx context.Context, id ID) (Undo, error)
	// Notes returns at most limit notes of an undo, ordered by id, beginning after one or, when that is "", at the first.
	Notes(ctx context.Context, id, after ID, limit int) ([]UndoNote, error)
}

// Undos keeps what one user can take back in a space, and what is left to do of it.
type Undos interface {
	UndoReader
	// Add stores an undo.
	Add(ctx context.Context, u Undo) error
	// Update stores an undo over the one there is, but for the time when it was created. It returns NotFound when there is
	// none.
	Update(ctx context.Context, u Undo) error
	// Remember adds notes to those of an undo. Of one that it has already only the version is changed. It returns NotFound
	// when there is no such undo.
	Remember(ctx context.Context, id ID, notes []UndoNote) error
	// Remove removes an undo with its notes. It does nothing when there is none.
	Remove(ctx context.Context, id ID) error
}

// UnfinishedUndo is an undo of which something is left to do.
type UnfinishedUndo struct {
	Undo ID
	// Access goes on with it as the user who began it: whatever has become of them since, it isn't left half done.
	Access WriteAccess
}

// ErrUndoNotFound is returned for an action that can't be taken back any more.
var ErrUndoNotFound = NewError(NotFound, "undo.too_late")
