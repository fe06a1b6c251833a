package domain

import (
	"strings"
	"time"
)

// NoteState tells where a note is shown.
type NoteState string

// The states of a note.
const (
	Active   NoteState = "active"
	Archived NoteState = "archived"
	Trashed  NoteState = "trashed"
)

// Note is a piece of Markdown that somebody wants to find again.
type Note struct {
	ID      ID
	Title   string // 1 to MaxTitle characters on one line
	Content string // Markdown, at most MaxContent bytes, lines ended by \n
	Excerpt string // the beginning of the content as plain text, for lists
	Pinned  bool
	State   NoteState
	Created time.Time
	Updated time.Time // when title or content last changed
	Version int       // 1 when new, one more with each stored change
}

// NoteDraft is what a person types: the parts of a note that they choose.
type NoteDraft struct {
	Title   string // taken from the content's first line when blank
	Content string
}

// NewNote returns a new active note made of draft. It is Invalid when title and content are both blank, when either
// is too long, or when either can't be stored.
func NewNote(draft NoteDraft, now time.Time) (Note, error) {
	n := Note{ID: NewID(), State: Active, Created: now, Version: 1}
	if err := n.write(draft, now); err != nil {
		return Note{}, err
	}
	return n, nil
}

// Edited returns the note with draft in place of its title and content. base is the version that draft was written
// upon: ErrNoteChanged is returned when the note has moved on since, and ErrNoteTrashed when it is in the trash. A
// draft that says what the note says already, as one that is sent again, changes nothing and so can't be in conflict.
// Otherwise the errors are those of NewNote.
func (n Note) Edited(draft NoteDraft, base int, now time.Time) (Note, error) {
	edited := n
	if err := edited.write(draft, now); err != nil {
		return Note{}, err
	}
	switch {
	case edited.Title == n.Title && edited.Content == n.Content:
		return n, nil
	case n.State == Trashed:
		return Note{}, ErrNoteTrashed
	case base != n.Version:
		return Note{}, ErrNoteChanged
	}
	edited.Version++
	return edited, nil
}

// Draft returns the note as it is edited: with an empty title where the content's first line gives the same, so that
// the title goes on following that line.
func (n Note) Draft() NoteDraft {
	if n.Title == firstLine(n.Content) {
		return NoteDraft{Content: n.Content}
	}
	return NoteDraft{Title: n.Title, Content: n.Content}
}

// MovedToTrash returns the note in the trash, and whether that changes anything. Moving is not editing: Updated stays.
func (n Note) MovedToTrash() (moved Note, changed bool) {
	if n.State == Trashed {
		return n, false
	}
	n.State = Trashed
	n.Version++
	return n, true
}

// Restored returns the note back from the trash, and whether that changes anything: a note that isn't there stays
// where it is.
func (n Note) Restored() (restored Note, changed bool) {
	if n.State != Trashed {
		return n, false
	}
	n.State = Active
	n.Version++
	return n, true
}

// CanPurge returns nil when the note may be removed for good, which takes it to be in the trash, and a Conflict
// otherwise.
func (n Note) CanPurge() error {
	if n.State != Trashed {
		return NewError(Conflict, "Only a note in the trash can be deleted for good")
	}
	return nil
}

// write validates draft and puts it into the note.
func (n *Note) write(draft NoteDraft, now time.Time) error {
	title, wrong := cleanTitle(draft.Title)
	content, wrongContent := cleanContent(draft.Content)
	if wrong = append(wrong, wrongContent...); len(wrong) > 0 {
		return NewInvalid(wrong...)
	}
	if title == "" {
		title = firstLine(content)
	}
	if title == "" {
		return NewInvalid(FieldError{"title", "Write a title or some text."})
	}
	n.Title, n.Content, n.Updated = title, content, now
	n.Excerpt = plainText(n.Body(), maxExcerpt)
	return nil
}

// Body returns the content without its first line where that line only repeats the title, as when the title was taken
// from it: what is to be shown below the title.
func (n Note) Body() string {
	line, rest, _ := strings.Cut(strings.TrimLeft(n.Content, "\n"), "\n")
	if trimHeading(oneLine(line)) != n.Title {
		return n.Content
	}
	// The line may have been a heading underlined by = or -.
	if under, after, _ := strings.Cut(rest, "\n"); under != "" &&
		(strings.Trim(under, "=") == "" || strings.Trim(under, "-") == "") {
		rest = after
	}
	return strings.TrimLeft(rest, "\n")
}

// NoteSummary is what a list shows of a note.
type NoteSummary struct {
	ID      ID
	Title   string
	Excerpt string
	Pinned  bool
	Updated time.Time
	Version int
}

// Summary returns what a list shows of the note.
func (n Note) Summary() NoteSummary {
	return NoteSummary{n.ID, n.Title, n.Excerpt, n.Pinned, n.Updated, n.Version}
}
