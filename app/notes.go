package app

import (
	"context"

	"octavo/domain"
)

// Notes is what people do with their notes.
//
// Its methods return NotFound for an id that the actor has no note of, whether or not anybody else has.
type Notes struct {
	store domain.Store
	clock domain.Clock
}

// Notes returns the use cases of notes.
func (a *App) Notes() *Notes { return &Notes{store: a.store, clock: a.clock} }

// Create stores a new note made of draft. The errors of draft are those of domain.NewNote.
func (s *Notes) Create(ctx context.Context, actor domain.Actor, draft domain.NoteDraft) (domain.Note, error) {
	n, err := domain.NewNote(draft, s.clock.Now())
	if err != nil {
		return domain.Note{}, err
	}
	return n, s.store.Notes(actor).Add(ctx, n)
}

// Get returns a note.
func (s *Notes) Get(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Note, error) {
	return s.store.Notes(actor).Get(ctx, id)
}

// NotePage is one page of a list of notes.
type NotePage struct {
	Notes []domain.NoteSummary
	Next  string // the cursor of the next page, "" on the last one
}

// List returns a page of at most limit notes in state. after is the Next of the page before, or "" for the first page;
// a cursor of another list is Invalid.
func (s *Notes) List(ctx context.Context, actor domain.Actor, state domain.NoteState, after string, limit int) (
	NotePage, error,
) {
	var cursor *domain.NoteCursor
	if after != "" {
		c, err := domain.ParseNoteCursor(after, state)
		if err != nil {
			return NotePage{}, err
		}
		cursor = &c
	}
	// One more than asked for tells whether there is a next page.
	list, err := s.store.Notes(actor).List(ctx, state, cursor, limit+1)
	if err != nil || len(list) <= limit {
		return NotePage{Notes: list}, err
	}
	last := list[limit-1]
	next := domain.NoteCursor{State: state, Pinned: last.Pinned, Updated: last.Updated, ID: last.ID}
	return NotePage{Notes: list[:limit], Next: next.String()}, nil
}

// Update puts draft in place of the note's title and content. base is the version that draft was written upon; when
// it can't be put there, nothing changes, and the note as it is now is returned beside the error, which is one of
// domain.Note.Edited.
func (s *Notes) Update(ctx context.Context, actor domain.Actor, id domain.ID, base int, draft domain.NoteDraft) (
	domain.Note, error,
) {
	return s.change(ctx, actor, id, func(n domain.Note) (domain.Note, bool, error) {
		edited, err := n.Edited(draft, base, s.clock.Now())
		return edited, edited.Version != n.Version, err
	})
}

// Trash moves a note to the trash. A note that is there already stays as it is.
func (s *Notes) Trash(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Note, error) {
	return s.move(ctx, actor, id, domain.Note.MovedToTrash)
}

// Restore brings a note back from the trash. A note that isn't there stays as it is.
func (s *Notes) Restore(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Note, error) {
	return s.move(ctx, actor, id, domain.Note.Restored)
}

// Purge removes a note for good, and returns what it was. Only a note in the trash can be purged: another one is a
// Conflict.
func (s *Notes) Purge(ctx context.Context, actor domain.Actor, id domain.ID) (purged domain.Note, err error) {
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		notes := repos.Notes(actor)
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

func (s *Notes) move(ctx context.Context, actor domain.Actor, id domain.ID,
	to func(domain.Note) (moved domain.Note, changed bool),
) (domain.Note, error) {
	return s.change(ctx, actor, id, func(n domain.Note) (domain.Note, bool, error) {
		moved, changed := to(n)
		return moved, changed, nil
	})
}

// change reads a note, lets fn change it and stores it, in one transaction. It returns the note as it is afterwards,
// and as it was when fn fails.
func (s *Notes) change(ctx context.Context, actor domain.Actor, id domain.ID,
	fn func(domain.Note) (after domain.Note, changed bool, err error),
) (result domain.Note, err error) {
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		notes := repos.Notes(actor)
		if result, err = notes.Get(ctx, id); err != nil {
			return err
		}
		after, changed, err := fn(result)
		if err != nil || !changed {
			return err
		}
		result = after
		return notes.Update(ctx, after)
	})
	return result, err
}
