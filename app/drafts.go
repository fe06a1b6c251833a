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
// and others of the note that say what it says by now. What is said by the note already, or nothing at all, needs no
// keeping; what was typed for a note that has gone becomes the draft of a new one. It reports whether there is a draft of
// it now. The errors are those of domain.NewDraft, and ErrDraftEnded when the draft has been discarded or its form sent,
// unless that has made a note that says the same.
func (s *Drafts) Keep(
	ctx context.Context, access domain.WriteAccess, typed domain.Draft, continues Continued,
) (kept bool, err error) {
	if typed, err = domain.NewDraft(typed, s.clock.Now()); err != nil {
		return false, err
	}
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) (err error) {
		if kept, err = keepDraft(ctx, repos, access, typed); err != nil {
			return err
		}
		return continues.drop(ctx, repos.Drafts(access), typed.Key)
	})
	return kept && err == nil, err
}

// keepDraft reports whether there is a draft of what is typed now.
func keepDraft(ctx context.Context, repos domain.Repos, access domain.WriteAccess, d domain.Draft) (bool, error) {
	needless := d.IsBlank()
	if !d.IsNew() {
		switch n, err := repos.Notes(access).Get(ctx, d.Note); {
		case err == nil:
			if err := dropSaid(ctx, repos.Drafts(access), n); err != nil {
				return false, err
			}
			needless = !d.Changes(n)
		case errors.Is(err, domain.NotFound):
			d.Note, d.Base = "", 0
		default:
			return false, err
		}
	}
	if needless {
		return false, repos.Drafts(access).Remove(ctx, d.Key)
	}
	unsaved := repos.Drafts(access).Put(ctx, d)
	if !errors.Is(unsaved, domain.ErrDraftEnded) {
		return unsaved == nil, unsaved
	}
	switch made, err := hasMade(ctx, repos, access, d); {
	case err != nil:
		return false, err
	case made:
		return false, nil
	}
	return false, unsaved
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

// List returns at most limit drafts, the last saved first.
func (s *Drafts) List(ctx context.Context, access domain.ReadAccess, limit int) ([]domain.Draft, error) {
	return s.read(access).All(ctx, limit)
}

// Captured returns what was typed last into the form on top of the list, or NotFound.
func (s *Drafts) Captured(ctx context.Context, access domain.ReadAccess) (domain.Draft, error) {
	return s.read(access).Captured(ctx)
}

// OfNote returns the drafts that would have the note say something else, the last saved first.
func (s *Drafts) OfNote(ctx context.Context, access domain.ReadAccess, n domain.Note) ([]domain.Draft, error) {
	drafts, err := s.read(access).List(ctx, n.ID, maxNoteDrafts)
	return changing(drafts, n), err
}

// changing returns those drafts of a note that would have it say something else.
func changing(drafts []domain.Draft, n domain.Note) []domain.Draft {
	return slices.DeleteFunc(drafts, func(d domain.Draft) bool { return !d.Changes(n) })
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

// Cancelled is the draft that what was typed has been discarded as, and when, for Restore.
type Cancelled struct {
	Key domain.ID
	At  time.Time
}

// Cancel discards what has been typed into a form, be it a draft yet or not, and the draft that the form began with. It
// returns as what, or the zero Cancelled when it says nothing that would be missed: what was typed after the form's draft has
// ended elsewhere is a draft of its own. The errors are those of domain.NewDraft: nothing is discarded then.
func (s *Drafts) Cancel(
	ctx context.Context, access domain.WriteAccess, typed domain.Draft, continues Continued,
) (as Cancelled, err error) {
	now := s.clock.Now()
	if typed, err = domain.NewDraft(typed, now); err != nil {
		return Cancelled{}, err
	}
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		as = Cancelled{}
		d := typed
		_, err := keepDraft(ctx, repos, access, d)
		if errors.Is(err, domain.ErrDraftEnded) {
			d.Key = domain.NewID()
			_, err = keepDraft(ctx, repos, access, d)
		}
		if err != nil {
			return err
		}
		found, err := repos.Drafts(access).Discard(ctx, d.Key, now)
		if err != nil {
			return err
		}
		if found {
			as = Cancelled{d.Key, now}
		} else if err := endUnkept(ctx, repos.Drafts(access), typed.Key, now); err != nil {
			return err
		}
		return continues.drop(ctx, repos.Drafts(access), typed.Key)
	})
	return as, err
}

// endUnkept ends a draft that was never put, so that nothing that is still on its way is put. One that has ended stays
// as it is.
func endUnkept(ctx context.Context, drafts domain.Drafts, key domain.ID, now time.Time) error {
	err := drafts.Put(ctx, domain.Draft{Key: key, Saved: now})
	if err == nil {
		return drafts.End(ctx, key, now)
	}
	if errors.Is(err, domain.ErrDraftEnded) {
		return nil
	}
	return err
}

// Discard discards a draft, and returns when, for Restore, or the zero time when there is none.
func (s *Drafts) Discard(ctx context.Context, access domain.WriteAccess, key domain.ID) (at time.Time, err error) {
	now := s.clock.Now()
	found, err := s.write(access).Discard(ctx, key, now)
	if found {
		at = now
	}
	return at, err
}

// DiscardAll discards all drafts. It returns how many they were and when, for Restore.
func (s *Drafts) DiscardAll(ctx context.Context, access domain.WriteAccess) (n int, at time.Time, err error) {
	at = s.clock.Now()
	n, err = s.write(access).DiscardAll(ctx, at)
	return n, at, err
}

// TellExpired returns how many drafts have gone as nobody has changed them, which it tells once, and when to name to Restore.
func (s *Drafts) TellExpired(ctx context.Context, access domain.WriteAccess) (n int, at time.Time, err error) {
	at = s.clock.Now()
	n, err = s.write(access).TellExpired(ctx, at)
	return n, at, err
}

// Restore brings back what was discarded at a time. It is ErrDraftsGone when nothing of that is left.
func (s *Drafts) Restore(ctx context.Context, access domain.WriteAccess, discarded time.Time) error {
	n, err := s.write(access).Restore(ctx, discarded, s.clock.Now())
	if err == nil && n == 0 {
		return ErrDraftsGone
	}
	return err
}

// ErrDraftsGone says that drafts can't be brought back, as they have been, or as it is too late.
var ErrDraftsGone = domain.NewError(domain.Conflict, "draft.gone")
