package app

import (
	"context"

	"octavo/domain"
)

// Drafts is what people are typing and haven't saved yet. Saving a note removes its draft.
type Drafts struct {
	store domain.Store
	clock domain.Clock
}

// Drafts returns the use cases of drafts.
func (a *App) Drafts() *Drafts { return &Drafts{store: a.store, clock: a.clock} }

// Keep stores what is being typed, over what was kept under the same key. The errors are those of domain.NewDraft, and
// NotFound when it is of a note that isn't there.
func (s *Drafts) Keep(ctx context.Context, actor domain.Actor, key domain.ID, base int, title, content, tags string) error {
	d, err := domain.NewDraft(key, base, title, content, tags, s.clock.Now())
	if err != nil {
		return err
	}
	return s.store.Drafts(actor).Put(ctx, d)
}

// Get returns a draft, or NotFound.
func (s *Drafts) Get(ctx context.Context, actor domain.Actor, key domain.ID) (domain.Draft, error) {
	return s.store.Drafts(actor).Get(ctx, key)
}

// ListNew returns at most limit drafts of notes that aren't there yet, the last saved first.
func (s *Drafts) ListNew(ctx context.Context, actor domain.Actor, limit int) ([]domain.Draft, error) {
	return s.store.Drafts(actor).ListNew(ctx, limit)
}

// Discard removes a draft, if it is there.
func (s *Drafts) Discard(ctx context.Context, actor domain.Actor, key domain.ID) error {
	return s.store.Drafts(actor).Remove(ctx, key)
}
