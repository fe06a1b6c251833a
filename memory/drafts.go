package memory

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
)

// Drafts implements domain.Repos.
func (s *Store) Drafts(a domain.Actor) domain.Drafts { return repos{s}.Drafts(a) }

func (r repos) Drafts(a domain.Actor) domain.Drafts { return drafts{r.access, a.User} }

type drafts struct {
	access
	owner domain.ID
}

func (r drafts) Put(ctx context.Context, d domain.Draft) error {
	return r.write(ctx, func(t *tables) error {
		if d.IsNew() {
			if _, saved := t.creations[own[string]{r.owner, string(d.Key)}]; saved {
				return domain.ErrDraftSaved
			}
		} else if _, err := t.notes.get(r.owner, d.Note, domain.ErrNoteNotFound); err != nil {
			return err
		}
		t.drafts[own[domain.ID]{r.owner, d.Key}] = d
		return nil
	})
}

func (r drafts) Get(ctx context.Context, key domain.ID) (d domain.Draft, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if d, ok = t.drafts[own[domain.ID]{r.owner, key}]; !ok {
			return domain.ErrDraftNotFound
		}
		return nil
	})
	return d, err
}

func (r drafts) List(ctx context.Context, note domain.ID, limit int) (list []domain.Draft, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, d := range t.drafts {
			if key.owner == r.owner && d.Note == note {
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
		delete(t.drafts, own[domain.ID]{r.owner, key})
		return nil
	})
}

// Creations implements domain.Repos.
func (s *Store) Creations(a domain.Actor) domain.Creations { return repos{s}.Creations(a) }

func (r repos) Creations(a domain.Actor) domain.Creations { return creations{r.access, a.User} }

type creations struct {
	access
	owner domain.ID
}

func (r creations) Add(ctx context.Context, c domain.Creation) error {
	return r.write(ctx, func(t *tables) error {
		key := own[string]{r.owner, c.Key}
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
		if c, ok = t.creations[own[string]{r.owner, key}]; !ok {
			return domain.ErrCreationNotFound
		}
		return nil
	})
	return c, err
}
