package app

import (
	"context"
	"errors"
	"time"

	"octavo/domain"
)

// Drafts is what people are typing and haven't saved yet. Saving a form removes its draft.
type Drafts struct {
	store domain.Store
	clock domain.Clock
}

// Drafts returns the use cases of drafts.
func (a *App) Drafts() *Drafts { return &Drafts{store: a.store, clock: a.clock} }

// Keep stores what is being typed, over what was kept under the same key. What is said by the note already, or nothing
// at all, needs no keeping; what was typed for a note that has gone becomes the draft of a new one. The errors are those
// of domain.NewDraft, and Conflict when its form has made a note that says something else.
func (s *Drafts) Keep(ctx context.Context, actor domain.Actor, typed domain.Draft) error {
	typed, err := domain.NewDraft(typed, s.clock.Now())
	if err != nil {
		return err
	}
	return s.store.Atomically(ctx, func(repos domain.Repos) error {
		d := typed
		needless := d.IsBlank()
		if !d.IsNew() {
			switch n, err := repos.Notes(actor).Get(ctx, d.Note); {
			case err == nil:
				needless = !d.Changes(n)
			case errors.Is(err, domain.NotFound):
				d.Note, d.Base = "", 0
			default:
				return err
			}
		}
		if needless {
			return repos.Drafts(actor).Remove(ctx, d.Key)
		}
		err := repos.Drafts(actor).Put(ctx, d)
		if errors.Is(err, domain.ErrDraftSaved) && hasMade(ctx, repos, actor, d) {
			return nil
		}
		return err
	})
}

// hasMade tells whether the form of a draft has made a note of what it says.
func hasMade(ctx context.Context, repos domain.Repos, actor domain.Actor, d domain.Draft) bool {
	made, err := repos.Creations(actor).Get(ctx, string(d.Key))
	if err != nil || made.Request != fingerprint(d.NoteDraft()) {
		return false
	}
	_, err = repos.Notes(actor).Get(ctx, made.Note)
	return err == nil
}

// Get returns a draft, or NotFound.
func (s *Drafts) Get(ctx context.Context, actor domain.Actor, key domain.ID) (domain.Draft, error) {
	return s.store.Drafts(actor).Get(ctx, key)
}

// ListNew returns at most limit drafts of notes that aren't there yet, the last saved first.
func (s *Drafts) ListNew(ctx context.Context, actor domain.Actor, limit int) ([]domain.Draft, error) {
	return s.store.Drafts(actor).List(ctx, "", limit)
}

// OfNote returns the drafts that would have the note say something else, the last saved first. Others of it, which say
// what the note says by now, are removed.
func (s *Drafts) OfNote(ctx context.Context, actor domain.Actor, n domain.Note) ([]domain.Draft, error) {
	drafts, err := s.store.Drafts(actor).List(ctx, n.ID, maxNoteDrafts)
	if err != nil {
		return nil, err
	}
	changing := drafts[:0]
	for _, d := range drafts {
		if d.Changes(n) {
			changing = append(changing, d)
		} else {
			_ = s.Supersede(ctx, actor, d.Key, d.Saved) // it can wait: what is read goes on when nothing can be stored
		}
	}
	return changing, nil
}

// maxNoteDrafts is how many drafts of one note are looked at. Few people type the same note into more forms.
const maxNoteDrafts = 5

// Supersede removes a draft unless it has been saved again since a time: the form that went on with it then has a draft
// of its own, or has been saved.
func (s *Drafts) Supersede(ctx context.Context, actor domain.Actor, key domain.ID, saved time.Time) error {
	return s.store.Atomically(ctx, func(repos domain.Repos) error {
		d, err := repos.Drafts(actor).Get(ctx, key)
		if errors.Is(err, domain.NotFound) || (err == nil && d.Saved.After(saved)) {
			return nil
		}
		if err != nil {
			return err
		}
		return repos.Drafts(actor).Remove(ctx, key)
	})
}

// Discard removes a draft, if it is there.
func (s *Drafts) Discard(ctx context.Context, actor domain.Actor, key domain.ID) error {
	return s.store.Drafts(actor).Remove(ctx, key)
}
