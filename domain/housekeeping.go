package domain

import (
	"context"
	"time"
)

// Housekeeping is what a store forgets with time, in all spaces. Each method works on at most a few hundred things
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
	// Gone returns the users whose accounts, and the spaces, that are gone at a time.
	Gone(ctx context.Context, now time.Time) (users, spaces []ID, err error)
	// PurgeSpace removes what is in a space, for good, which is gone at a time, or whose user's account is, and in the end the space itself and, with a personal one, its user. Files
	// go before that by RemoveUnusedFiles, so for them it has to be called again some time after it has returned 0.
	PurgeSpace(ctx context.Context, space ID, now time.Time) (int, error)
	// Aging returns at most limit notes, ordered, beginning after an id or, when that is "", at the first, that have
	// revisions saved in a span of time, the end of which isn't part of it.
	Aging(ctx context.Context, from, to time.Time, after ID, limit int) ([]ID, error)
	// Saves returns the versions of a note's revisions and when they were saved, oldest first.
	Saves(ctx context.Context, note ID) (versions []int, saved []time.Time, err error)
	// RemoveRevisions removes revisions of a note.
	RemoveRevisions(ctx context.Context, note ID, versions []int) error
	// Unfinished returns at most limit undos of which something is left to do, ordered by id and so the oldest first,
	// beginning after an id or, when that is "", at the first.
	Unfinished(ctx context.Context, after ID, limit int) ([]UnfinishedUndo, error)
	// StoppedImports returns at most limit imports that are unfinished and haven't gone on since a time, ordered by id.
	StoppedImports(ctx context.Context, since time.Time, limit int) ([]StoppedImport, error)
	// ExpireDrafts ends drafts as DraftExpired that were last saved before a time.
	ExpireDrafts(ctx context.Context, before, now time.Time) (int, error)
	// RemoveEnded removes the undos, creations, sessions, used tickets, invitations, imports, tries and audit events that have ended at
	// now, but for undos and imports that are unfinished, and drafts that have ended for UndoLife, but for those whose owner hasn't been
	// told.
	RemoveEnded(ctx context.Context, now time.Time) (int, error)
	// Reindex compares what searches know with some notes, those after an id or, when that is "", the first. It makes
	// searches know them as they are where they don't, and forget notes that aren't there, and returns how many that were
	// and the id to go on after, which is "" when these were the last.
	Reindex(ctx context.Context, after ID) (mended int, next ID, err error)
	// Unmeasured returns the contents of at most limit pictures (see File.Inline) that aren't Measured, whoever has them,
	// ordered, beginning after a hash or, when that is "", at the first.
	Unmeasured(ctx context.Context, after FileHash, limit int) ([]FileHash, error)
	// Measure has all files with a content be as large as is said, and Measured.
	Measure(ctx context.Context, hash FileHash, width, height int) error
	// RemoveUnusedFiles removes files, added before a time, that no note, revision or draft of their space mentions, or
	// links to by a name under which Named finds them. It returns the hashes of those that no space has any more, so that
	// their contents can be removed: also beside an error.
	RemoveUnusedFiles(ctx context.Context, before time.Time) ([]FileHash, error)
}
