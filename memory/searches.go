package memory

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
)

// ReadSearches implements domain.Repos.
func (r repos) ReadSearches(a domain.ReadAccess) domain.SearchReader { return searches{r.in(a)} }

// Searches implements domain.Repos.
func (r repos) Searches(a domain.WriteAccess) domain.Searches { return searches{r.in(a.Read())} }

type searches struct{ inSpace }

func (r searches) Add(ctx context.Context, s domain.SavedSearch) error {
	return r.write(ctx, func(t *tables) error { return t.searches.add(r.space, s.ID, s) })
}

func (r searches) List(ctx context.Context) (list []domain.SavedSearch, err error) {
	err = r.read(ctx, func(t *tables) error {
		list = t.searches.of(r.space)
		return nil
	})
	slices.SortFunc(list, func(a, b domain.SavedSearch) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

func (r searches) Get(ctx context.Context, id domain.ID) (s domain.SavedSearch, err error) {
	err = r.read(ctx, func(t *tables) error {
		s, err = t.searches.get(r.space, id, domain.ErrSearchNotFound)
		return err
	})
	return s, err
}

func (r searches) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error { return t.searches.remove(r.space, id, domain.ErrSearchNotFound) })
}
