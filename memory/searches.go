package memory

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
)

// Searches implements domain.Repos.
func (s *Store) Searches(a domain.Actor) domain.Searches { return repos{s}.Searches(a) }

func (r repos) Searches(a domain.Actor) domain.Searches { return searches{r.access, a.User} }

type searches struct {
	access
	owner domain.ID
}

func (r searches) Add(ctx context.Context, s domain.SavedSearch) error {
	return r.write(ctx, func(t *tables) error { return t.searches.add(r.owner, s.ID, s) })
}

func (r searches) List(ctx context.Context) (list []domain.SavedSearch, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.searches.of(r.owner)
		return nil
	})
	slices.SortFunc(list, func(a, b domain.SavedSearch) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

func (r searches) Get(ctx context.Context, id domain.ID) (s domain.SavedSearch, err error) {
	err = r.read(ctx, func(t *tables) error {
		s, err = t.searches.get(r.owner, id, domain.ErrSearchNotFound)
		return err
	})
	return s, err
}

func (r searches) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error { return t.searches.remove(r.owner, id, domain.ErrSearchNotFound) })
}
