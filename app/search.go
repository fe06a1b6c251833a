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
	In    []domain.ID // the space of each of the notes, where several have been searched
	Next  string      // the cursor of the next page, "" on the last one
	// Count is how many notes there are in all, and their tags, where the first page has all of them. Otherwise it is nil,
	// and Search.Count tells.
	Count *domain.SearchCount
}

// Search finds notes by what they say, and keeps the searches that people save.
type Search struct {
	index        func(domain.ReadAccess) domain.Index
	notes        func(domain.ReadAccess) domain.NoteReader
	read         func(domain.ReadAccess) domain.SearchReader
	write        func(domain.WriteAccess) domain.Searches
	transactions domain.Transactions
	clock        domain.Clock
}

// Search returns the use cases of searches.
func (a *App) Search() *Search {
	return &Search{a.store.Index, a.store.ReadNotes, a.store.ReadSearches, a.store.Searches, a.store, a.clock}
}

// Find returns a page of at most limit notes that the query finds, the best query.Rank first, and the last updated
// first among those of each rank. after is the Next of the page before, or "" for the first page; any other text is
// Invalid.
func (s *Search) Find(ctx context.Context, access domain.ReadAccess, text, after string, limit int) (Found, error) {
	found := Found{Query: query.Parse(text)}
	// One more than asked for tells whether there is a next page.
	list, err := ranked(ctx, s.index(access), found.Query, after, limit+1)
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
	if after == "" && found.Next == "" {
		found.Count = countOf(found.Notes)
	}
	return found, nil
}

// Count counts the notes that a query finds, and their tags. There are more than MaxCount when it says so many.
func (s *Search) Count(ctx context.Context, access domain.ReadAccess, text string) (domain.SearchCount, error) {
	return s.index(access).Count(ctx, query.Parse(text), MaxCount+1)
}

// countOf counts notes as domain.Index does.
func countOf(notes []domain.Note) *domain.SearchCount {
	count := &domain.SearchCount{Notes: len(notes)}
	at := map[string]int{} // where in count.Tags a tag is, by its key
	for _, n := range notes {
		seen := map[string]bool{}
		for _, tag := range n.AllTags() {
			for _, t := range append(tag.Above(), tag) {
				key := t.Key()
				if seen[key] {
					continue
				}
				seen[key] = true
				i, known := at[key]
				if !known {
					i = len(count.Tags)
					at[key], count.Tags = i, append(count.Tags, domain.TagCount{Tag: t})
				}
				count.Tags[i].Notes++
			}
		}
	}
	slices.SortFunc(count.Tags, func(a, b domain.TagCount) int {
		return cmp.Or(cmp.Compare(b.Notes, a.Notes), cmp.Compare(a.Tag.Key(), b.Tag.Key()))
	})
	count.Tags = count.Tags[:min(len(count.Tags), domain.MaxFacets)]
	return count
}

type rankedNote struct {
	domain.Note
	rank query.Rank
}

// ranked returns at most limit notes, beginning after a cursor.
func ranked(ctx context.Context, index domain.Index, q query.Query, after string, limit int) ([]rankedNote, error) {
	if after != "" {
		cursor, err := domain.ParseSearchCursor(after)
		if err != nil {
			return nil, err
		}
		return byRank(ctx, index, q, cursor.Rank, &cursor, limit)
	}
	return rankedFirst(ctx, index, q, limit)
}

// rankedFirst is ranked for the first page. There few notes are read together and ranked here, rather than looked for rank by
// rank: most searches have no note of most ranks.
func rankedFirst(ctx context.Context, index domain.Index, q query.Query, limit int) ([]rankedNote, error) {
	wholes := []query.Query{q} // each a part of the one before
	ranks := []query.Rank{query.TextHas}
	if inTitle, _, split := q.TitleFirst(); split {
		wholes, ranks = append(wholes, inTitle), append(ranks, query.TitleHas)
	}
	for _, rank := range []query.Rank{query.TitleBegins, query.TitleSays} {
		if best, ok := q.UpTo(rank); ok {
			wholes, ranks = append(wholes, best), append(ranks, rank)
		}
	}
	// A part is asked for with the whole that it is of, the widest first, up to one in which better ranks leave room. Where
	// the best are likely to fill the page, they are asked for before.
	var asked []int
	for i := range len(wholes) - 1 {
		asked = append(asked, i)
	}
	narrowest := len(asked) - 1
	if q.BeginsMany() {
		asked = append([]int{narrowest}, asked[:narrowest]...)
	}
	rankOf := q.RankOf()
	for nth, i := range asked {
		list, err := index.SearchFirst(ctx, wholes[i+1], wholes[i], limit)
		if err != nil {
			return nil, err
		}
		all, best := make([]rankedNote, len(list)), 0
		for j, n := range list {
			if all[j] = (rankedNote{n, rankOf(n.Title)}); all[j].rank <= ranks[i+1] {
				best++
			}
		}
		full := best == limit // there may be older ones of better ranks
		fewer := nth == 0 && i > 0 && len(list) < limit
		if !full && !fewer {
			slices.SortStableFunc(all, func(a, b rankedNote) int { return cmp.Compare(a.rank, b.rank) })
			return all, nil
		}
		if full && i == narrowest {
			break // and so is each wider one
		}
	}
	return byRank(ctx, index, q, query.TitleIs, nil, limit)
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
