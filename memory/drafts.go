package memory

import (
	"cmp"
	"context"
	"slices"
	"time"

	"octavo/domain"
)

// ReadDrafts implements domain.Repos.
func (r repos) ReadDrafts(a domain.ReadAccess) domain.DraftReader { return drafts{r.in(a)} }

// Drafts implements domain.Repos.
func (r repos) Drafts(a domain.WriteAccess) domain.Drafts { return drafts{r.in(a.Read())} }

type drafts struct{ inSpace }

// draftKey is the key of a draft, which is its user's alone.
type draftKey struct{ space, user, key domain.ID }

// storedDraft is a draft, and how it has come to its end if it has.
type storedDraft struct {
	domain.Draft
	ending domain.DraftEnding
	ended  time.Time
}

func (r drafts) Put(ctx context.Context, d domain.Draft) error {
	return r.write(ctx, func(t *tables) error {
		if !d.IsNew() {
			if _, err := t.notes.get(r.space, d.Note, domain.ErrNoteNotFound); err != nil {
				return err
			}
		}
		key := draftKey{r.space, r.user, d.Key}
		if t.drafts[key].ending != "" {
			return domain.ErrDraftEnded
		}
		t.drafts[key] = storedDraft{Draft: d}
		return nil
	})
}

func (r drafts) Get(ctx context.Context, key domain.ID) (found domain.Draft, err error) {
	err = r.read(ctx, func(t *tables) error {
		d, ok := t.drafts[draftKey{r.space, r.user, key}]
		if !ok || d.ending != "" {
			return domain.ErrDraftNotFound
		}
		found = d.Draft
		return nil
	})
	return found, err
}

func (r drafts) List(ctx context.Context, note domain.ID, limit int) ([]domain.Draft, error) {
	return r.list(ctx, limit, func(d domain.Draft) bool { return d.Note == note })
}

func (r drafts) All(ctx context.Context, limit int) ([]domain.Draft, error) {
	return r.list(ctx, limit, func(domain.Draft) bool { return true })
}

func (r drafts) Captured(ctx context.Context) (domain.Draft, error) {
	list, err := r.list(ctx, 1, func(d domain.Draft) bool { return d.Captured })
	if err == nil && len(list) == 0 {
		err = domain.ErrDraftNotFound
	}
	if err != nil {
		return domain.Draft{}, err
	}
	return list[0], nil
}

func (r drafts) list(ctx context.Context, limit int, which func(domain.Draft) bool) (list []domain.Draft, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, d := range t.drafts {
			if key.space == r.space && key.user == r.user && d.ending == "" && which(d.Draft) {
				list = append(list, d.Draft)
			}
		}
		return nil
	})
	slices.SortFunc(list, func(a, b domain.Draft) int {
		return cmp.Or(b.Saved.Compare(a.Saved), cmp.Compare(b.Key, a.Key))
	})
	return first(list, limit), err
}

func (r drafts) Remove(ctx context.Context, key domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		if of := (draftKey{r.space, r.user, key}); t.drafts[of].ending == "" {
			delete(t.drafts, of)
		}
		return nil
	})
}

func (r drafts) End(ctx context.Context, key domain.ID, now time.Time) error {
	return r.write(ctx, func(t *tables) error {
		t.drafts[draftKey{r.space, r.user, key}] = storedDraft{ending: domain.DraftSaved, ended: now}
		return nil
	})
}

func (r drafts) Discard(ctx context.Context, key domain.ID, now time.Time) (bool, error) {
	n, err := r.change(ctx, func(d *storedDraft) bool { return d.Key == key && d.end("", domain.DraftDiscarded, now) })
	return n > 0, err
}

func (r drafts) DiscardAll(ctx context.Context, now time.Time) (int, error) {
	return r.change(ctx, func(d *storedDraft) bool { return d.end("", domain.DraftDiscarded, now) })
}

func (r drafts) Restore(ctx context.Context, discarded, now time.Time) (int, error) {
	return r.change(ctx, func(d *storedDraft) bool {
		if d.ending != domain.DraftDiscarded || !d.ended.Equal(discarded) {
			return false
		}
		d.ending, d.ended = "", time.Time{}
		if !d.Expires().After(now) {
			d.Saved = now
		}
		return true
	})
}

func (r drafts) TellExpired(ctx context.Context, now time.Time) (int, error) {
	return r.change(ctx, func(d *storedDraft) bool { return d.end(domain.DraftExpired, domain.DraftDiscarded, now) })
}

// end gives a draft that has one ending another. It reports whether it had the one.
func (d *storedDraft) end(from, to domain.DraftEnding, now time.Time) bool {
	had := d.ending == from
	if had {
		d.ending, d.ended = to, now
	}
	return had
}

// change changes the user's drafts, and returns how many change reports to have changed.
func (r drafts) change(ctx context.Context, change func(*storedDraft) bool) (n int, err error) {
	err = r.write(ctx, func(t *tables) error {
		n = 0
		for key, d := range t.drafts {
			if key.space == r.space && key.user == r.user && change(&d) {
				t.drafts[key] = d
				n++
			}
		}
		return nil
	})
	return n, err
}

// Creations implements domain.Repos.
func (r repos) Creations(a domain.WriteAccess) domain.Creations { return creations{r.in(a.Read())} }

type creations struct{ inSpace }

func (r creations) Add(ctx context.Context, c domain.Creation) error {
	return r.write(ctx, func(t *tables) error {
		key := own[string]{r.space, c.Key}
		if _, taken := t.creations[key]; taken {
			return domain.ErrExists
		}
		t.creations[key] = c
		return nil
	})
}

func (r creations) Get(ctx context.Context, key string) (c domain.Creation, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if c, ok = t.creations[own[string]{r.space, key}]; !ok {
			return domain.ErrCreationNotFound
		}
		return nil
	})
	return c, err
}
