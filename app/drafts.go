package app

import (
	"context"
	"errors"
	"slices"
	"time"

	"octavo/domain"
)

// Drafts is what people are typing and haven't saved yet. Saving a form removes its draft.
type Drafts struct {
	read         func(domain.ReadAccess) domain.DraftReader
	write        func(domain.WriteAccess) domain.Drafts
	transactions domain.Transactions
	clock        domain.Clock
}

// Drafts returns the use cases of drafts.
func (a *App) Drafts() *Drafts {
	return &Drafts{a.store.ReadDrafts, a.store.Drafts, a.store, a.clock}
}

// Keep stores what is being typed, over what was kept under the same key, and removes the draft that its form began with
// and others of the note that say what it says by now. What is said by the note already, or nothing at all, needs no keeping; what was typed for a note that has gone becomes
// the draft of a new one. The errors are those of domain.NewDraft, and Conflict when its form has made a note that says
// something else.
func (s *Drafts) Keep(ctx context.Context, access domain.WriteAccess, typed domain.Draft, continues Continued) error {
	typed, err := domain.NewDraft(typed, s.clock.Now())
	if err != nil {
		return err
	}
	return s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		if err := keepDraft(ctx, repos, access, typed); err != nil {
			return err
		}
		return continues.drop(ctx, repos.Drafts(access), typed.Key)
	})
}

func keepDraft(ctx context.Context, repos domain.Repos, access domain.WriteAccess, d domain.Draft) error {
	needless := d.IsBlank()
	if !d.IsNew() {
		switch n, err := repos.Notes(access).Get(ctx, d.Note); {
		case err == nil:
			if err := dropSaid(ctx, repos.Drafts(access), n); err != nil {
				return err
			}
			needless = !d.Changes(n)
		case errors.Is(err, domain.NotFound):
			d.Note, d.Base = "", 0
		default:
			return err
		}
	}
	if needless {
		return repos.Drafts(access).Remove(ctx, d.Key)
	}
	unsaved := repos.Drafts(access).Put(ctx, d)
	if !errors.Is(unsaved, domain.ErrDraftSaved) {
		return unsaved
	}
	switch made, err := hasMade(ctx, repos, access, d); {
	case err != nil:
		return err
	case made:
		return nil
	}
	return unsaved
}

// hasMade reports whether the form of a draft has made a note of what it says.
func hasMade(ctx context.Context, repos domain.Repos, access domain.WriteAccess, d domain.Draft) (bool, error) {
	made, err := repos.Creations(access).Get(ctx, string(d.Key))
	if err == nil && made.Request != d.Fingerprint() {
		return false, nil
	}
	if err == nil {
		_, err = repos.Notes(access).Get(ctx, made.Note)
	}
	if errors.Is(err, domain.NotFound) { // the note has gone
		return false, nil
	}
	return err == nil, err
}

// Get returns a draft, or NotFound.
func (s *Drafts) Get(ctx context.Context, access domain.ReadAccess, key domain.ID) (domain.Draft, error) {
	return s.read(access).Get(ctx, key)
}

// ListNew returns at most limit drafts of notes that aren't there yet, the last saved first.
func (s *Drafts) ListNew(ctx context.Context, access domain.ReadAccess, limit int) ([]domain.Draft, error) {
	return s.read(access).List(ctx, "", limit)
}

// OfNote returns the drafts that would have the note say something else, the last saved first.
func (s *Drafts) OfNote(ctx context.Context, access domain.ReadAccess, n domain.Note) ([]domain.Draft, error) {
	drafts, err := s.read(access).List(ctx, n.ID, maxNoteDrafts)
	return slices.DeleteFunc(drafts, func(d domain.Draft) bool { return !d.Changes(n) }), err
}

// dropSaid removes the drafts of a note that say what it says by now.
func dropSaid(ctx context.Context, drafts domain.Drafts, n domain.Note) error {
	list, err := drafts.List(ctx, n.ID, maxNoteDrafts)
	for _, d := range list {
		if err == nil && !d.Changes(n) {
			err = drafts.Remove(ctx, d.Key)
		}
	}
	return err
}

// maxNoteDrafts is how many drafts of one note are looked at. Few people type the same note into more forms.
const maxNoteDrafts = 5

// Continued is the draft that a form began with, and when that had been saved. A form that began without has the zero one.
type Continued struct {
	Key   domain.ID
	Saved time.Time
}

// drop removes the draft once what is typed is stored elsewhere, as under a key of its own. One that has been saved again
// stays: the form that went on with it has a draft of its own then, or has been saved.
func (c Continued) drop(ctx context.Context, drafts domain.Drafts, key domain.ID) error {
	if c.Key == "" || c.Key == key {
		return nil
	}
	d, err := drafts.Get(ctx, c.Key)
	if errors.Is(err, domain.NotFound) || (err == nil && d.Saved.After(c.Saved)) {
		return nil
	}
	if err != nil {
		return err
	}
	return drafts.Remove(ctx, c.Key)
}

// Discard removes a draft, if it is there.
func (s *Drafts) Discard(ctx context.Context, access domain.WriteAccess, key domain.ID) error {
	return s.write(access).Remove(ctx, key)
}
