package domain

import (
	"context"
	"strconv"
	"strings"

	"octavo/domain/words"
)

// NoteReader reads the notes of one space.
type NoteReader interface {
	// Get returns a note, or NotFound. Inside Atomically nobody else changes that note until the transaction ends.
	Get(ctx context.Context, id ID) (Note, error)
	// Version returns the Version of a note without reading the rest of it, or NotFound.
	Version(ctx context.Context, id ID) (int, error)
	// List returns at most limit notes, pinned ones first, then in the filter's order, beginning after the cursor, which is
	// one of that order, or, when that is nil, at the first. It returns none when there are none.
	List(ctx context.Context, filter NoteFilter, after *NoteCursor, limit int) ([]NoteSummary, error)
	// ListVersion returns the ListVersion of what List returns from the first note on, without reading what is in the notes.
	// It may return another text than that where the database can't put all of it together, but never that of another list.
	ListVersion(ctx context.Context, filter NoteFilter, limit int) (string, error)
	// ListCount returns how many notes List returns from the first one on, whatever their order.
	ListCount(ctx context.Context, filter NoteFilter, limit int) (int, error)
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

// NoteFilter tells which notes a list shows, and in which order.
type NoteFilter struct {
	State NoteState
	Tag   string // the key of a tag that they have, or one below it; "" for all
	Order NoteOrder
}

// Search returns the text of a search that finds the same notes.
func (f NoteFilter) Search() string {
	search := "is:" + string(f.State)
	if f.Tag != "" {
		search += " tag:" + f.Tag
	}
	return search
}

// NoteOrder is what a list of notes is sorted by, the pinned ones and the others apart.
type NoteOrder string

// The orders.
const (
	ByEdited  NoteOrder = ""        // by Note.Listed, the latest first, then by the highest id
	ByCreated NoteOrder = "created" // by when they were made, the latest first, then by the highest id
	ByTitle   NoteOrder = "title"   // by TitlePlace, then by the lowest id
)

// ParseNoteOrder reads an order by its name, which is edited, created or title. For any other text it returns ByEdited, and
// ok is false.
func ParseNoteOrder(name string) (order NoteOrder, ok bool) {
	if name == ByEdited.Name() {
		return ByEdited, true
	}
	if order = NoteOrder(name); order == ByCreated || order == ByTitle {
		return order, true
	}
	return ByEdited, false
}

// Name returns what ParseNoteOrder reads.
func (o NoteOrder) Name() string {
	if o == ByEdited {
		return "edited"
	}
	return string(o)
}

// TitlePlace returns the key of a note's place in a list that is sorted by titles, as words.Order has it: the pinned ones
// first.
func TitlePlace(pinned bool, title string) string {
	if pinned {
		return words.Order("0", title)
	}
	return words.Order("1", title)
}

// ListVersion returns a text that says which versions of which notes a list shows, in its order: it is another one whenever
// the list shows anything else.
func ListVersion(list []NoteSummary) string {
	var b strings.Builder
	b.Grow(len(list) * 42)
	for i, n := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(string(n.ID))
		b.WriteByte('.')
		b.WriteString(strconv.Itoa(n.Version))
	}
	return b.String()
}

// What keeps a note from being found or changed.
var (
	ErrNoteNotFound = NewError(NotFound, "note.not_found")
	ErrNoteChanged  = NewError(Conflict, "note.changed")
	ErrNoteTrashed  = NewError(Conflict, "note.trashed")
)
