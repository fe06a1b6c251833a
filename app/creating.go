package app

import (
	"context"
	"errors"
	"time"

	"octavo/domain"
)

// Create makes one note of what was typed into a form, however often that is sent. A form that was changed after it had
// made a note, as after going back to it, makes another, and so does one whose note has been deleted since. The drafts
// that edit was kept in and began with are removed. The errors are those of domain.NewNote, and Unknown as of CreateOnce.
func (s *Editing) Create(ctx context.Context, access domain.WriteAccess, edit Edit) (domain.Note, error) {
	edit.NoteDraft = access.Sign(edit.NoteDraft)
	if edit.Key == "" {
		n, err := domain.NewNote(edit.NoteDraft, s.clock.Now())
		if err != nil {
			return domain.Note{}, err
		}
		return n, s.transactions.Atomically(ctx, func(repos domain.Repos) error {
			if err := repos.Notes(access).Add(ctx, n); err != nil {
				return err
			}
			return edit.Continues.drop(ctx, repos.Drafts(access), "")
		})
	}
	changed := string(edit.Key) + "\x00" + string(edit.Fingerprint())
	for key := string(edit.Key); ; key = string(domain.HashToken(changed)) {
		n, err := s.once(ctx, access, key, edit)
		deleted := errors.Is(err, domain.ErrNoteNotFound) || err == nil && n.State == domain.Trashed
		if !deleted && !errors.Is(err, ErrKeyUsed) {
			return n, err
		}
		if key != string(edit.Key) {
			changed = key
		}
	}
}

// ErrKeyUsed says that a key which may create one note has created another one.
var ErrKeyUsed = domain.NewError(domain.Conflict, "note.key_used")

// CreateOnce stores a new note as Notes.Create does, unless key has created one already: then that note is returned if it
// was made of the same draft, and ErrKeyUsed otherwise. A Draft with that key has ended then. It is only Unknown whether the
// note was created when the database doesn't answer for settleTime after it has failed to confirm that.
func (s *Editing) CreateOnce(ctx context.Context, access domain.WriteAccess, key string, draft domain.NoteDraft) (
	domain.Note, error,
) {
	draft = access.Sign(draft)
	form, _ := domain.ParseID(key)
	return s.once(ctx, access, key, Edit{NoteDraft: draft, Key: form})
}

// once creates a note of an edit, and finds out what became of it.
func (s *Editing) once(ctx context.Context, access domain.WriteAccess, key string, edit Edit) (domain.Note, error) {
	created, err := s.createOnce(ctx, access, key, edit)
	if !errors.Is(err, domain.Unknown) {
		return created, err
	}
	// Whatever has become of the first attempt, after a second one there is one note.
	again, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTime)
	defer cancel()
	if settled, failed := s.createOnce(again, access, key, edit); failed == nil {
		return settled, nil
	}
	return domain.Note{}, err
}

// settleTime is how long it may take to find out what became of a creation. It comes on top of a request's own time.
const settleTime = 2 * time.Second

func (s *Editing) createOnce(ctx context.Context, access domain.WriteAccess, key string, edit Edit) (
	created domain.Note, err error,
) {
	request := edit.Fingerprint()
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		earlier, err := repos.Creations(access).Get(ctx, key)
		switch {
		case err == nil && earlier.Request != request:
			return ErrKeyUsed
		case err == nil:
			if created, err = repos.Notes(access).Get(ctx, earlier.Note); err != nil {
				return err
			}
			return edit.Continues.drop(ctx, repos.Drafts(access), edit.Key)
		case !errors.Is(err, domain.NotFound):
			return err
		}
		now := s.clock.Now()
		if created, err = domain.NewNote(edit.NoteDraft, now); err != nil {
			return err
		}
		if err := repos.Notes(access).Add(ctx, created); err != nil {
			return err
		}
		creation := domain.Creation{Key: key, Request: request, Note: created.ID, Created: now}
		if err := repos.Creations(access).Add(ctx, creation); err != nil {
			return err
		}
		if edit.Key != "" {
			if err := repos.Drafts(access).End(ctx, edit.Key, now); err != nil {
				return err
			}
		}
		return edit.Continues.drop(ctx, repos.Drafts(access), edit.Key)
	})
	if errors.Is(err, domain.ErrExists) { // the same request is being carried out elsewhere
		earlier, again := s.creations(access).Get(ctx, key)
		switch {
		case again == nil && earlier.Request == request:
			return s.notes(access).Get(ctx, earlier.Note)
		case again == nil:
			return domain.Note{}, ErrKeyUsed
		}
	}
	return created, err
}
