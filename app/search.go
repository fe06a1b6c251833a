package app

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
	"octavo/domain/query"
)

// MaxCount is up to how many notes a search counts exactly.
const MaxCount = 1000

// Found is one page of what a search finds.
type Found struct {
	Query query.Query
	Notes []domain.Note
	Next  string // the cursor of the next page, "" on the last one
	// Count is how many notes there are in all, and their tags, on the first page only. There are more than MaxCount
	// when it says so many.
	Count domain.SearchCount
}

// Search finds notes by what they say, and keeps the searches that people save.
type Search struct {
	index        func(domain.ReadAccess) domain.Index
	read         func(domain.ReadAccess) domain.SearchReader
	write        func(domain.WriteAccess) domain.Searches
	transactions domain.Transactions
	clock        domain.Clock
}

// Search returns the use cases of searches.
func (a *App) Search() *Search {
	return &Search{a.store.Index, a.store.ReadSearches, a.store.Searches, a.store, a.clock}
}

// Find returns a page of at most limit notes that the query finds, the best query.Rank first, and the last updated
// first among those of each rank. after is the Next of the page before, or "" for the first page; any other text is
// Invalid.
func (s *Search) Find(ctx context.Context, access domain.ReadAccess, text, after string, limit int) (Found, error) {
	found := Found{Query: query.Parse(text)}
	index := s.index(access)
	if after == "" {
		var err error
		if found.Count, err = index.Count(ctx, found.Query, MaxCount+1); err != nil || found.Count.Notes == 0 {
			return found, err
		}
	}
	// One more than asked for tells whether there is a next page.
	list, err := ranked(ctx, index, found, after, limit+1)
	if err != nil {
		return Found{}, err
	}
	if len(list) > limit {
		last := list[limit-1]
		found.Next = domain.SearchCursor{Rank: last.rank, Updated: last.Updated, ID: last.ID}.String()
		list = list[:limit]
	}
	for _, n := range list {
		found.Notes = append(found.Notes, n.Note)
	}
	return found, nil
}

type rankedNote struct {
	domain.Note
	rank query.Rank
}

// ranked returns at most limit notes, beginning after a cursor. Notes that are few are read together and ranked here,
// rather than looked for rank by rank: most searches have no note of most ranks.
func ranked(ctx context.Context, index domain.Index, found Found, after string, limit int) ([]rankedNote, error) {
	q := found.Query
	if after != "" {
		cursor, err := domain.ParseSearchCursor(after)
		if err != nil {
			return nil, err
		}
		return byRank(ctx, index, q, cursor.Rank, &cursor, limit)
	}
	if found.Count.Notes < limit {
		all, err := together(ctx, index, q, q, limit)
		if err != nil || len(all) < limit {
			return all, err
		}
	}
	begin, ok := q.UpTo(query.TitleBegins)
	if !ok {
		return byRank(ctx, index, q, query.TitleIs, nil, limit)
	}
	inTitle, split := q.UpTo(query.TitleHas)
	if !split {
		inTitle = q
	}
	say, _ := q.UpTo(query.TitleSays)
	parts := []struct {
		query  query.Query
		behind query.Rank // the next after those that it finds
	}{{inTitle, query.TextHas}, {begin, query.TitleHas}, {say, query.TitleBegins}}
	if q.BeginsMany() {
		parts = parts[1:]
	}
	var all []rankedNote
	for i, part := range parts {
		better, err := together(ctx, index, part.query, q, limit)
		if err != nil {
			return nil, err
		}
		switch {
		case len(better) == limit: // there may be older ones of better ranks
			all = better
			continue
		case i == 0:
			all, err = byRank(ctx, index, q, part.behind, nil, limit-len(better))
		default: // the others are among those that were read before
			all = slices.DeleteFunc(all, func(n rankedNote) bool { return n.rank < part.behind })
		}
		return append(better, all[:min(len(all), limit-len(better))]...), err
	}
	return byRank(ctx, index, q, query.TitleIs, nil, limit)
}

// together returns at most limit notes that part finds, which is q or a part of it. They are all there are, and sorted by
// rank, if they are fewer.
func together(ctx context.Context, index domain.Index, part, q query.Query, limit int) ([]rankedNote, error) {
	list, err := index.Search(ctx, part, nil, limit)
	all := make([]rankedNote, len(list))
	for i, n := range list {
		all[i] = rankedNote{n, q.RankOf(n.Title)}
	}
	slices.SortStableFunc(all, func(a, b rankedNote) int { return cmp.Compare(a.rank, b.rank) })
	return all, err
}

// byRank returns at most limit notes of the rank first and those behind it, of the first beginning after place.
func byRank(ctx context.Context, index domain.Index, q query.Query, first query.Rank, place *domain.SearchCursor, limit int,
) ([]rankedNote, error) {
	var all []rankedNote
	for i, part := range q.Ranked() {
		rank := query.Rank(i)
		if part == nil || rank < first || len(all) == limit {
			continue
		}
		if rank > first {
			place = nil
		}
		list, err := index.Search(ctx, *part, place, limit-len(all))
		if err != nil {
			return nil, err
		}
		for _, n := range list {
			all = append(all, rankedNote{n, rank})
		}
	}
	return all, nil
}

// Save keeps a query under a name. The errors are those of domain.NewSavedSearch, and Conflict when there are too many.
func (s *Search) Save(ctx context.Context, access domain.WriteAccess, name, query string) (saved domain.SavedSearch, err error) {
	if err := access.MayEdit(); err != nil {
		return domain.SavedSearch{}, err
	}
	if saved, err = domain.NewSavedSearch(name, query, s.clock.Now()); err != nil {
		return domain.SavedSearch{}, err
	}
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		all, err := repos.Searches(access).List(ctx)
		if err != nil {
			return err
		}
		if len(all) >= domain.MaxSavedSearches {
			return errTooManySearches
		}
		return repos.Searches(access).Add(ctx, saved)
	})
	return saved, err
}

var errTooManySearches = domain.NewError(domain.Conflict, "search.too_many")

// Saved returns the saved searches by name.
func (s *Search) Saved(ctx context.Context, access domain.ReadAccess) ([]domain.SavedSearch, error) {
	return s.read(access).List(ctx)
}

// Remove removes a saved search and returns what it was.
func (s *Search) Remove(ctx context.Context, access domain.WriteAccess, id domain.ID) (removed domain.SavedSearch, err error) {
	if err := access.MayEdit(); err != nil {
		return domain.SavedSearch{}, err
	}
	if removed, err = s.write(access).Get(ctx, id); err != nil {
		return domain.SavedSearch{}, err
	}
	return removed, s.write(access).Remove(ctx, id)
}
