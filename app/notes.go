package app

import (
	"context"
	"errors"
	"time"

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

// ErrKeyUsed says that a key which may create one note has created another one.
var ErrKeyUsed = domain.NewError(domain.Conflict, "note.key_used")

// Create stores a new note made of draft. The errors of draft are those of domain.NewNote.
func (s *Notes) Create(ctx context.Context, actor domain.Actor, draft domain.NoteDraft) (domain.Note, error) {
	draft.Author = actor.User
	n, err := domain.NewNote(draft, s.clock.Now())
	if err != nil {
		return domain.Note{}, err
	}
	return n, s.store.Notes(actor).Add(ctx, n)
}

// CreateOnce stores a new note as Create does, unless key has created one already: then that note is returned if it
// was made of the same draft, and ErrKeyUsed otherwise. A Draft with that key is removed. It is only Unknown whether the
// note was created when the database doesn't answer for settleTime after it has failed to confirm that.
func (s *Notes) CreateOnce(ctx context.Context, actor domain.Actor, key string, draft domain.NoteDraft) (
	domain.Note, error,
) {
	draft.Author = actor.User
	created, err := s.createOnce(ctx, actor, key, draft)
	if !errors.Is(err, domain.Unknown) {
		return created, err
	}
	// Whatever has become of the first attempt, after a second one there is one note.
	again, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if settled, failed := s.createOnce(again, actor, key, draft); failed == nil {
		return settled, nil
	}
	return domain.Note{}, err
}

// settleTime is how long it may take to find out what became of a creation. It comes on top of a request's own time.
const settleTime = 2 * time.Second

func (s *Notes) createOnce(ctx context.Context, actor domain.Actor, key string, draft domain.NoteDraft) (
	created domain.Note, err error,
) {
	request := fingerprint(draft)
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		earlier, err := repos.Creations(actor).Get(ctx, key)
		switch {
		case err == nil && earlier.Request != request:
			return ErrKeyUsed
		case err == nil:
			created, err = repos.Notes(actor).Get(ctx, earlier.Note)
			return err
		case !errors.Is(err, domain.NotFound):
			return err
		}
		now := s.clock.Now()
		if created, err = domain.NewNote(draft, now); err != nil {
			return err
		}
		if err := repos.Notes(actor).Add(ctx, created); err != nil {
			return err
		}
		creation := domain.Creation{Key: key, Request: request, Note: created.ID, Created: now}
		if err := repos.Creations(actor).Add(ctx, creation); err != nil {
			return err
		}
		if id, ok := domain.ParseID(key); ok {
			return repos.Drafts(actor).Remove(ctx, id)
		}
		return nil
	})
	if errors.Is(err, domain.ErrExists) { // the same request is being carried out elsewhere
		earlier, again := s.store.Creations(actor).Get(ctx, key)
		switch {
		case again == nil && earlier.Request == request:
			return s.Get(ctx, actor, earlier.Note)
		case again == nil:
			return domain.Note{}, ErrKeyUsed
		}
	}
	return created, err
}

// fingerprint returns a hash of all that a person chose.
func fingerprint(draft domain.NoteDraft) domain.TokenHash {
	draft = draft.Cleaned()
	text := draft.Title + "\x00" + draft.Content
	for _, tag := range draft.Tags {
		text += "\x00" + tag
	}
	return domain.HashToken(text)
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

// List returns a page of at most limit notes. after is the Next of the page before, or "" for the first page; a cursor
// of another list is Invalid.
func (s *Notes) List(ctx context.Context, actor domain.Actor, filter domain.NoteFilter, after string, limit int) (
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
	list, err := s.store.Notes(actor).List(ctx, filter, cursor, limit+1)
	if err != nil || len(list) <= limit {
		return NotePage{Notes: list}, err
	}
	return NotePage{Notes: list[:limit], Next: list[limit-1].Cursor().String()}, nil
}

// Pin pins a note, or takes the pin off. A note that is so already stays as it is.
func (s *Notes) Pin(ctx context.Context, actor domain.Actor, id domain.ID, pinned bool) (domain.Note, error) {
	return s.change(ctx, actor, id, func(n domain.Note) (domain.Note, bool) { return n.WithPin(pinned) })
}

// Archive puts a note among the archived ones, or back. A note that is so already, or in the trash, stays as it is.
func (s *Notes) Archive(ctx context.Context, actor domain.Actor, id domain.ID, archived bool) (domain.Note, error) {
	from, to := domain.Archived, domain.Active
	if archived {
		from, to = to, from
	}
	return s.change(ctx, actor, id, func(n domain.Note) (domain.Note, bool) {
		if n.State != from {
			return n, false
		}
		return n.MovedTo(to, s.clock.Now())
	})
}

// Trash moves a note to the trash, and tells where it was. A note that is there already stays as it is.
func (s *Notes) Trash(ctx context.Context, actor domain.Actor, id domain.ID) (
	trashed domain.Note, was domain.NoteState, err error,
) {
	return s.TrashIf(ctx, actor, id, nil)
}

// TrashIf moves a note to the trash as Trash does, if it is as wanted or there already. Otherwise nothing changes, and the
// error is ErrNoteChanged.
func (s *Notes) TrashIf(ctx context.Context, actor domain.Actor, id domain.ID, wanted If[domain.Note]) (
	trashed domain.Note, was domain.NoteState, err error,
) {
	var refused bool
	trashed, err = s.change(ctx, actor, id, func(n domain.Note) (domain.Note, bool) {
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
func (s *Notes) Restore(ctx context.Context, actor domain.Actor, id domain.ID, to domain.NoteState) (domain.Note, error) {
	return s.change(ctx, actor, id, func(n domain.Note) (domain.Note, bool) { return n.Restored(to, s.clock.Now()) })
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

// TrashDays returns in how many days, a begun one counting as a whole one, a note in the trash is removed for good.
func (s *Notes) TrashDays(n domain.NoteSummary) int {
	const day = 24 * time.Hour
	left := n.Moved.Add(TrashLife).Sub(s.clock.Now())
	return int((max(left, 0) + day - 1) / day)
}

// change reads a note, lets fn change what isn't its text and stores it, in one transaction. It returns the note as it
// is afterwards.
func (s *Notes) change(ctx context.Context, actor domain.Actor, id domain.ID,
	fn func(domain.Note) (after domain.Note, changed bool),
) (after domain.Note, err error) {
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		notes := repos.Notes(actor)
		n, err := notes.Get(ctx, id)
		if err != nil {
			return err
		}
		var changed bool
		if after, changed = fn(n); !changed {
			return nil
		}
		return notes.Update(ctx, after)
	})
	return after, err
}
