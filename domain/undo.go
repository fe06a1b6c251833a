package domain

import "time"

// UndoLife is how long an action that changed several notes can be undone.
const UndoLife = 24 * time.Hour

// Undo remembers what an action that changed several notes has done, so that it can be taken back.
type Undo struct {
	ID      ID
	Text    string // what has been done, for the one who did it
	Created time.Time
	Notes   []UndoNote
}

// UndoNote is what becomes of one note when the action is undone.
type UndoNote struct {
	ID      ID
	Version int       // the note's version after the action
	Saved   int       // the version whose title, content and tags come back
	State   NoteState // where the note was
	Pinned  bool
	Leads   bool // the others only make sense with this one, and stay as they are when it can't come back
}

// Fits tells whether the note is still as the action has left it, or says at least what the action had it say. A note
// that has moved on since is left alone.
func (u UndoNote) Fits(n Note) bool { return n.Version == u.Version || n.Saved == u.Version }

// NewUndo returns what takes back an action that is going to change notes.
func NewUndo(text string, now time.Time) Undo { return Undo{ID: NewID(), Text: text, Created: now} }

// Remember adds a note that the action has changed.
func (u *Undo) Remember(before, after Note) {
	u.Notes = append(u.Notes, UndoNote{
		ID: after.ID, Version: after.Version, Saved: before.Saved, State: before.State, Pinned: before.Pinned,
	})
}

// Ended tells whether it is too late at now.
func (u Undo) Ended(now time.Time) bool { return now.Sub(u.Created) >= UndoLife }
