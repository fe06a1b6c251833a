package app

import (
	"context"
	"slices"
	"time"

	"octavo/domain"
)

// Notes is what people do with their notes.
//
// Its methods return NotFound for an id that no note of the space has, whether or not another has.
type Notes struct {
	changer
	read   func(domain.ReadAccess) domain.NoteReader
	write  func(domain.WriteAccess) domain.Notes
	links  *Links
	drafts *Drafts
}

// Notes returns the use cases of notes.
func (a *App) Notes() *Notes {
	return &Notes{a.changer(), a.store.ReadNotes, a.store.Notes, a.Links(), a.Drafts()}
}

// Create stores a new note made of draft. The errors of draft are those of domain.NewNote.
func (s *Notes) Create(ctx context.Context, access domain.WriteAccess, draft domain.NoteDraft) (domain.Note, error) {
	draft.Author = access.User()
	n, err := domain.NewNote(draft, s.clock.Now())
	if err != nil {
		return domain.Note{}, err
	}
	return n, s.write(access).Add(ctx, n)
}

// Get returns a note.
func (s *Notes) Get(ctx context.Context, access domain.ReadAccess, id domain.ID) (domain.Note, error) {
	return s.read(access).Get(ctx, id)
}

// Shown is a note with what its page shows beside it.
type Shown struct {
	domain.Note
	Targets       map[string]Target // where its links lead, by title
	Backlinks     []domain.NoteSummary
	MoreBacklinks bool
	HasDraft      bool // it is being edited and hasn't been saved
}

// Show returns a note with what its page shows beside it.
func (s *Notes) Show(ctx context.Context, access domain.ReadAccess, id domain.ID, backlinks int) (shown Shown, err error) {
	if shown.Note, err = s.read(access).Get(ctx, id); err != nil {
		return Shown{}, err
	}
	keys := shown.TitleKeys()
	targets, led, err := s.links.lookUp(ctx, access, shown.Content, keys...)
	if err != nil {
		return Shown{}, err
	}
	shown.Targets = targets
	// A link to a title that another note has leads there.
	keys = slices.DeleteFunc(keys, func(key string) bool { return led[key].ID != id })
	if shown.Backlinks, shown.MoreBacklinks, err = s.links.backlinks(ctx, access, id, keys, backlinks); err != nil {
		return Shown{}, err
	}
	ofNote, err := s.drafts.OfNote(ctx, access, shown.Note)
	shown.HasDraft = len(ofNote) > 0
	return shown, err
}

// NotePage is one page of a list of notes.
type NotePage struct {
	Notes []domain.NoteSummary
	Next  string // the cursor of the next page, "" on the last one
}

// List returns a page of at most limit notes. after is the Next of the page before, or "" for the first page; a cursor
// of another list is Invalid.
func (s *Notes) List(ctx context.Context, access domain.ReadAccess, filter domain.NoteFilter, after string, limit int) (
	NotePage, error,
) {
	var cursor *domain.NoteCursor
	if after != "" {
		c, err := domain.ParseNoteCursor(after, filter.State)
		if err != nil {
			return NotePage{}, err
		}
		cursor = &c
	}
	// One more than asked for tells whether there is a next page.
	list, err := s.read(access).List(ctx, filter, cursor, limit+1)
	if err != nil || len(list) <= limit {
		return NotePage{Notes: list}, err
	}
	return NotePage{Notes: list[:limit], Next: list[limit-1].Cursor().String()}, nil
}

// Pin pins a note, or takes the pin off. A note that is so already stays as it is.
func (s *Notes) Pin(ctx context.Context, access domain.WriteAccess, id domain.ID, pinned bool) (domain.Note, error) {
	return s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) { return n.WithPin(pinned) })
}

// Archive puts a note among the archived ones, or back. A note that is so already, or in the trash, stays as it is.
func (s *Notes) Archive(ctx context.Context, access domain.WriteAccess, id domain.ID, archived bool) (domain.Note, error) {
	from, to := domain.Archived, domain.Active
	if archived {
		from, to = to, from
	}
	return s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) {
		if n.State != from {
			return n, false
		}
		return n.MovedTo(to, s.clock.Now())
	})
}

// Trash moves a note to the trash if it is as wanted, and tells where it was. A note that is there already stays as it is.
// Where it isn't as wanted nothing changes, and the error is ErrNoteChanged.
func (s *Notes) Trash(ctx context.Context, access domain.WriteAccess, id domain.ID, wanted If[domain.Note]) (
	trashed domain.Note, was domain.NoteState, err error,
) {
	var refused bool
	trashed, err = s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) {
		was = n.State
		moved, changed := n.MovedTo(domain.Trashed, s.clock.Now())
		if refused = changed && !wanted.is(n); refused {
			return n, false
		}
		return moved, changed
	})
	if err == nil && refused {
		err = domain.ErrNoteChanged
	}
	return trashed, was, err
}

// Restore brings a note back from the trash, into a state. A note that isn't there stays as it is.
func (s *Notes) Restore(ctx context.Context, access domain.WriteAccess, id domain.ID, to domain.NoteState) (domain.Note, error) {
	return s.change(ctx, access, id, func(n domain.Note) (domain.Note, bool) { return n.Restored(to, s.clock.Now()) })
}

// Purge removes a note for good, and returns what it was. Only a note in the trash can be purged: another one is a
// Conflict.
func (s *Notes) Purge(ctx context.Context, access domain.WriteAccess, id domain.ID) (purged domain.Note, err error) {
	if err := access.MayEdit(); err != nil {
		return domain.Note{}, err
	}
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		notes := repos.Notes(access)
		if purged, err = notes.Get(ctx, id); err != nil {
			return err
		}
		if err := purged.CanPurge(); err != nil {
			return err
		}
		return notes.Remove(ctx, id)
	})
	return purged, err
}

// TrashDays returns in how many days, a begun one counting as a whole one, a note in the trash is removed for good.
func (s *Notes) TrashDays(n domain.NoteSummary) int {
	const day = 24 * time.Hour
	left := n.Moved.Add(domain.TrashLife).Sub(s.clock.Now())
	return int((max(left, 0) + day - 1) / day)
}

// change reads a note, lets fn change what isn't its text and stores it, in one transaction. It returns the note as it
// is afterwards.
func (s *Notes) change(ctx context.Context, access domain.WriteAccess, id domain.ID,
	fn func(domain.Note) (after domain.Note, changed bool),
) (after domain.Note, err error) {
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		n, err := repos.Notes(access).Get(ctx, id)
		if err != nil {
			return err
		}
		var changed bool
		if after, changed = fn(n); !changed {
			return nil
		}
		return s.changes(repos, access).put(ctx, change{before: n, after: after})
	})
	return after, err
}
