package memory

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
)

// ReadDrafts implements domain.Repos.
func (r repos) ReadDrafts(a domain.ReadAccess) domain.DraftReader { return drafts{r.in(a)} }

// Drafts implements domain.Repos.
func (r repos) Drafts(a domain.WriteAccess) domain.Drafts { return drafts{r.in(a.Read())} }

type drafts struct{ inSpace }

// draftKey is the key of a draft, which is its user's alone.
type draftKey struct{ space, user, key domain.ID }

func (r drafts) Put(ctx context.Context, d domain.Draft) error {
	return r.write(ctx, func(t *tables) error {
		if d.IsNew() {
			if _, saved := t.creations[own[string]{r.space, string(d.Key)}]; saved {
				return domain.ErrDraftSaved
			}
		} else if _, err := t.notes.get(r.space, d.Note, domain.ErrNoteNotFound); err != nil {
			return err
		}
		t.drafts[draftKey{r.space, r.user, d.Key}] = d
		return nil
	})
}

func (r drafts) Get(ctx context.Context, key domain.ID) (d domain.Draft, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if d, ok = t.drafts[draftKey{r.space, r.user, key}]; !ok {
			return domain.ErrDraftNotFound
		}
		return nil
	})
	return d, err
}

func (r drafts) List(ctx context.Context, note domain.ID, limit int) (list []domain.Draft, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, d := range t.drafts {
			if key.space == r.space && key.user == r.user && d.Note == note {
				list = append(list, d)
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
		delete(t.drafts, draftKey{r.space, r.user, key})
		return nil
	})
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
