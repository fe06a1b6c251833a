package domain

import (
	"context"
	"slices"
	"time"

	"octavo/domain/markup"
)

// Import is one time that somebody brought notes in from elsewhere.
type Import struct {
	ID      ID
	User    ID // who did it
	Kind    ImportKind
	Name    string // of the file or the folder, for its reader
	State   ImportState
	Began   time.Time
	Changed time.Time // when it last went on
	Counts  ImportCounts
}

// ImportState is what has become of an import.
type ImportState string

// The states of an import. One that was cancelled, or came to an end before it was done, is taken back as one that is undone.
const (
	ImportRunning    ImportState = "running"
	ImportDone       ImportState = "done"
	ImportUndoing    ImportState = "undoing"
	ImportUndone     ImportState = "undone"
	ImportCancelling ImportState = "cancelling"
	ImportCancelled  ImportState = "cancelled"
)

// UnfinishedImports are the states of imports of which something is left to do.
func UnfinishedImports() []ImportState {
	return []ImportState{ImportRunning, ImportUndoing, ImportCancelling}
}

// ImportCounts are what has come of the things of a source, each of which counts once, and how much came along.
type ImportCounts struct {
	Added     int `json:"added"`
	Revised   int `json:"revised"`   // said something else at their source, and say that here now
	Same      int `json:"same"`      // were there already
	Differing int `json:"differing"` // said something else at their source, but have been edited here, and stay
	Left      int `json:"left"`      // couldn't be stored

	Tags    int `json:"tags"` // that the notes were given
	Files   int `json:"files"`
	Links   int `json:"links"`   // that lead to notes and files
	Missing int `json:"missing"` // links that lead nowhere
	Lost    int `json:"lost"`    // what couldn't be carried

	Kept int `json:"kept"` // notes that stayed when it was undone, as they were edited since
}

// Notes returns how many notes the source had.
func (c ImportCounts) Notes() int { return c.Added + c.Revised + c.Same + c.Differing + c.Left }

// NewImport returns an import that begins now.
func NewImport(user ID, kind ImportKind, name string, now time.Time) Import {
	return Import{
		ID: NewID(), User: user, Kind: kind, Name: markup.Truncate(markup.OneLine(storable(name)), MaxTitle),
		State: ImportRunning, Began: now, Changed: now,
	}
}

// Unfinished reports whether something is left to do.
func (i Import) Unfinished() bool { return slices.Contains(UnfinishedImports(), i.State) }

// Stopped reports whether something is left to do that nobody is doing any more.
func (i Import) Stopped(now time.Time) bool {
	return i.Unfinished() && now.Sub(i.Changed) >= ImportPause
}

// Undoing returns the import as it is being taken back. It is a Conflict where that has been done, or it is too late.
func (i Import) Undoing(now time.Time) (Import, error) {
	switch i.State {
	case ImportRunning:
		i.State = ImportCancelling
	case ImportDone:
		if i.Ended(now) {
			return i, ErrImportTooOld
		}
		i.State = ImportUndoing
	case ImportUndone, ImportCancelled:
		return i, ErrImportUndone
	}
	i.Changed = now
	return i, nil
}

// Undone returns the import that was being taken back, once it has been.
func (i Import) Undone(now time.Time) Import {
	switch i.State {
	case ImportCancelling:
		i.State = ImportCancelled
	case ImportUndoing:
		i.State = ImportUndone
	}
	i.Changed = now
	return i
}

// Ended reports whether an import is too old to be taken back, and forgotten.
func (i Import) Ended(now time.Time) bool { return now.Sub(i.Began) >= ImportLife }

// Imported remembers which note a thing of a source has become in an import, so that it doesn't become another one. It is kept
// when the import is forgotten.
type Imported struct {
	Import  ID
	Source  TokenHash // see ImportedSource
	Hash    string    // Incoming.Hash
	Note    ID
	Version int // Note.Saved as the import has left it
	Before  int // Note.Saved before that; 0 of a note that the import has added
}

// ImportedSource returns by what an incoming note is known. Sources that are to be told apart have different names.
func ImportedSource(kind ImportKind, name, id string) TokenHash {
	return HashToken(string(kind) + "\x00" + name + "\x00" + id)
}

// Fits reports whether a note says what the import had it say.
func (i Imported) Fits(n Note) bool { return n.Saved == i.Version }

// Note returns the note that an incoming one becomes, with the title and the content that it is to have, and what it said before.
// The errors are those of NewNote. What it said before and can't be stored is left out.
func (n Incoming) Note(access WriteAccess, title, content string, now time.Time) (Note, []Revision, error) {
	created, updated := n.Times(now)
	note, err := NewNote(access.Sign(NoteDraft{Title: title, Content: content, Tags: n.Tags}), updated)
	if err != nil {
		return Note{}, nil, err
	}
	note.Created, note.Pinned = created, n.Pinned
	if n.State != "" {
		note.State = n.State
	}
	if note.State != Active { // what is in the trash was put there now, or it would be gone at once
		note.Moved = now
	}
	var said []Revision
	for _, r := range n.Revisions {
		before, err := NewNote(access.Sign(NoteDraft{Title: r.Title, Content: r.Content, Tags: n.Tags}), earlier(r.Saved.UTC().Truncate(time.Microsecond), updated))
		if err != nil {
			continue
		}
		before.ID, before.Saved = note.ID, len(said)+1
		said = append(said, before.Revision())
	}
	note.Version = len(said) + 1
	note.Saved = note.Version
	return note, said, nil
}

// ImportReader reads the imports into one space.
type ImportReader interface {
	// Get returns an import, or NotFound. Inside Atomically nobody else changes it until the transaction ends.
	Get(ctx context.Context, id ID) (Import, error)
	// List returns at most limit imports, the newest first. It returns none when there are none.
	List(ctx context.Context, limit int) ([]Import, error)
	// Unfinished returns the imports of which something is left to do, the oldest first.
	Unfinished(ctx context.Context) ([]Import, error)
	// Known returns what has become of things of sources, by them: in the newest import that remembers them.
	Known(ctx context.Context, sources []TokenHash) (map[TokenHash]Imported, error)
	// Of returns at most limit of what an import remembers, ordered by the sources, beginning after one or, when that is "", at
	// the first.
	Of(ctx context.Context, id ID, after TokenHash, limit int) ([]Imported, error)
}

// Imports keeps the imports into one space.
type Imports interface {
	ImportReader
	// Add stores a new import. It returns Conflict when the id is taken.
	Add(ctx context.Context, i Import) error
	// Update stores the state, the counts and the time of an import's change. It returns NotFound when there is no such import.
	Update(ctx context.Context, i Import) error
	// Remember stores what has become of things of a source, over what the same import remembers of them.
	Remember(ctx context.Context, list []Imported) error
	// Forget removes what an import remembers of some things.
	Forget(ctx context.Context, id ID, sources []TokenHash) error
}

// StoppedImport is an import of which something is left to do that nobody is doing any more.
type StoppedImport struct {
	Import ID
	// Access takes it back as the user who began it.
	Access WriteAccess
}

// What keeps an import from being begun, gone on with or taken back.
var (
	ErrImportNotFound = NewError(NotFound, "import.not_found")
	ErrImportRunning  = NewError(Conflict, "import.running")
	ErrImportStopped  = NewError(Conflict, "import.stopped")
	ErrImportUndone   = NewError(Conflict, "import.undone")
	ErrImportTooOld   = NewError(Conflict, "import.too_old", "days", Days(ImportLife))
)
