package domain

import (
	"context"
	"time"

	"octavo/domain/markup"
)

// Revision is what a note said from one save to the next, or what somebody typed that was brought together into it. The
// newest revision of a note is the note itself; the store keeps those before it.
type Revision struct {
	Note    ID
	Version int // the note's version that said so first
	NoteFields
	Saved time.Time
}

// Revision returns what the note says now.
func (n Note) Revision() Revision {
	return Revision{n.ID, n.Saved, n.NoteFields, n.Updated}
}

// Files returns the hashes of the files that the revision mentions.
func (r Revision) Files() (files []FileHash) {
	for _, hash := range markup.FilesIn(r.Content) {
		files = append(files, FileHash(hash))
	}
	return files
}

// Draft returns what brings the revision back when a note is edited by it.
func (r Revision) Draft() NoteDraft {
	return Note{NoteFields: r.NoteFields}.Draft()
}

// RevisionSummary is what a list shows of a revision.
type RevisionSummary struct {
	Version int
	Title   string
	Size    int // of the content, in bytes
	Saved   time.Time
	Author  ID
	Share   ID // as NoteFields.Share
}

// Summary returns what a list shows of the revision.
func (r Revision) Summary() RevisionSummary {
	return RevisionSummary{r.Version, r.Title, len(r.Content), r.Saved, r.Author, r.Share}
}

// SessionGap is the longest pause within what a list of revisions shows as one: what one person saved within it, or came in by
// one link.
const SessionGap = 10 * time.Minute

// SameSession reports whether a list shows the revision, which is older, together with newer.
func (r RevisionSummary) SameSession(newer RevisionSummary) bool {
	return r.Author == newer.Author && r.Share == newer.Share && newer.Saved.Sub(r.Saved) <= SessionGap
}

// RevisionReader reads what the notes of one space said before. What a note says now is the note's own to tell.
type RevisionReader interface {
	// Exactly returns revisions of just these versions, by note, without those that aren't there.
	Exactly(ctx context.Context, versions map[ID]int) (map[ID]Revision, error)
	// At returns the newest revision of a note whose version is at most that given, or NotFound.
	At(ctx context.Context, note ID, version int) (Revision, error)
	// List returns at most limit revisions of a note, the newest first, of versions below before or, when that is 0,
	// all of them. It returns none when there are none.
	List(ctx context.Context, note ID, before, limit int) ([]RevisionSummary, error)
}

// Revisions keeps what the notes of one space said before.
type Revisions interface {
	RevisionReader
	// Add stores a revision of a note of that space. It returns Conflict when the note has one of that version.
	Add(ctx context.Context, r Revision) error
	// AddMany stores each of the revisions as Add does, all of them or none, with few statements.
	AddMany(ctx context.Context, list []Revision) error
}

// ErrRevisionNotFound is returned for a version that no revision has.
var ErrRevisionNotFound = NewError(NotFound, "revision.not_found")
