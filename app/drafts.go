package app

import (
	"context"
	"errors"

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
// at all, needs no keeping. The errors are those of domain.NewDraft, NotFound when the draft is of a note that isn't
// there, and Conflict when its form has made a note that says something else.
func (s *Drafts) Keep(ctx context.Context, actor domain.Actor, typed domain.Draft) error {
	d, err := domain.NewDraft(typed, s.clock.Now())
	if err != nil {
		return err
	}
	needless := d.IsBlank()
	if !d.IsNew() {
		n, err := s.store.Notes(actor).Get(ctx, d.Note)
		if err != nil {
			return err
		}
		needless = !d.Changes(n)
	}
	if needless {
		return s.Discard(ctx, actor, d.Key)
	}
	err = s.store.Drafts(actor).Put(ctx, d)
	if errors.Is(err, domain.ErrDraftSaved) {
		made, again := s.store.Creations(actor).Get(ctx, string(d.Key))
		if again == nil && made.Request == fingerprint(d.NoteDraft()) {
			return nil
		}
	}
	return err
}

// Get returns a draft, or NotFound.
func (s *Drafts) Get(ctx context.Context, actor domain.Actor, key domain.ID) (domain.Draft, error) {
	return s.store.Drafts(actor).Get(ctx, key)
}

// ListNew returns at most limit drafts of notes that aren't there yet, the last saved first.
func (s *Drafts) ListNew(ctx context.Context, actor domain.Actor, limit int) ([]domain.Draft, error) {
	return s.store.Drafts(actor).List(ctx, "", limit)
}

// OfNote returns the last saved draft that would have the note say something else, or NotFound.
func (s *Drafts) OfNote(ctx context.Context, actor domain.Actor, n domain.Note) (domain.Draft, error) {
	drafts, err := s.store.Drafts(actor).List(ctx, n.ID, maxNoteDrafts)
	if err != nil {
		return domain.Draft{}, err
	}
	for _, d := range drafts {
		if d.Changes(n) {
			return d, nil
		}
	}
	return domain.Draft{}, domain.ErrDraftNotFound
}

// maxNoteDrafts is how many drafts of one note are looked at. Few people type the same note into more forms.
const maxNoteDrafts = 20

// Discard removes a draft, if it is there.
func (s *Drafts) Discard(ctx context.Context, actor domain.Actor, key domain.ID) error {
	return s.store.Drafts(actor).Remove(ctx, key)
}
