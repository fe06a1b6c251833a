package ent

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/search"
)

// searches is the domain.Searches of a database.
type searches struct {
	repos
	space string
}

func (r repos) ReadSearches(a domain.ReadAccess) domain.SearchReader {
	return searches{r, string(a.Space())}
}

func (r repos) Searches(a domain.WriteAccess) domain.Searches { return searches{r, string(a.Space())} }

func (r searches) Add(ctx context.Context, s domain.SavedSearch) error {
	return r.failure(ctx, r.write.Search.Create().
		SetID(string(s.ID)).
		SetSpaceID(r.space).
		SetName(s.Name).
		SetQuery(s.Query).
		SetCreatedAt(s.Created).
		Exec(ctx))
}

func (r searches) List(ctx context.Context) ([]domain.SavedSearch, error) {
	rows, err := r.read.Search.Query().Where(search.SpaceID(r.space)).All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.SavedSearch, len(rows))
	for i, row := range rows {
		list[i] = searchFromRow(row)
	}
	// Databases have their own ideas of the order of letters.
	slices.SortFunc(list, func(a, b domain.SavedSearch) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

func (r searches) Get(ctx context.Context, id domain.ID) (domain.SavedSearch, error) {
	row, err := r.read.Search.Query().Where(search.ID(string(id)), search.SpaceID(r.space)).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.SavedSearch{}, domain.ErrSearchNotFound
	}
	if err != nil {
		return domain.SavedSearch{}, r.failure(ctx, err)
	}
	return searchFromRow(row), nil
}

func (r searches) Remove(ctx context.Context, id domain.ID) error {
	found, err := r.write.Search.Delete().Where(search.ID(string(id)), search.SpaceID(r.space)).Exec(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	if found == 0 {
		return domain.ErrSearchNotFound
	}
	return nil
}

func searchFromRow(row *gen.Search) domain.SavedSearch {
	return domain.SavedSearch{
		ID:      domain.ID(row.ID),
		Name:    row.Name,
		Query:   row.Query,
		Created: row.CreatedAt,
	}
}
