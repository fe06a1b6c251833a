package app

import (
	"cmp"
	"context"
	"slices"

	"octavo/domain"
	"octavo/domain/query"
)

// FindEverywhere is Find in several spaces at once. Those of one rank that were updated at the same time come by their ids.
func (s *Search) FindEverywhere(ctx context.Context, in []domain.ReadAccess, text, after string, limit int) (Found, error) {
	found := Found{Query: query.Parse(text)}
	places := domain.SpacesCursor{} // in each space the last that has been shown
	if after != "" {
		var err error
		if places, err = domain.ParseSpacesCursor(after); err != nil {
			return Found{}, err
		}
	}
	var lists [][]rankedNote
	for _, access := range in {
		list, err := s.rankedIn(ctx, access, found.Query, places, limit+1)
		if err != nil {
			return Found{}, err
		}
		lists = append(lists, list)
	}
	for len(found.Notes) < limit {
		best := bestOf(lists)
		if best < 0 {
			break
		}
		n, space := lists[best][0], in[best].Space()
		lists[best] = lists[best][1:]
		places[space] = domain.SearchCursor{Rank: n.rank, Updated: n.Updated, ID: n.ID}
		found.Notes, found.In = append(found.Notes, n.Note), append(found.In, space)
	}
	if bestOf(lists) >= 0 {
		found.Next = places.String()
	}
	if err := s.complete(ctx, in, &found); err != nil {
		return Found{}, err
	}
	if after == "" && found.Next == "" {
		found.Count = countOf(found.Notes)
	}
	return found, nil
}

// rankedIn returns what ranked does of one space, without the contents of the notes.
func (s *Search) rankedIn(ctx context.Context, access domain.ReadAccess, q query.Query, places domain.SpacesCursor, limit int) ([]rankedNote, error) {
	index := s.index(access).Brief()
	if place, shown := places[access.Space()]; shown {
		return byRank(ctx, index, q, place.Rank, &place, limit)
	}
	return rankedFirst(ctx, index, q, limit)
}

// bestOf returns which of some lists begins with the note that comes first, or -1 where all are empty.
func bestOf(lists [][]rankedNote) int {
	best := -1
	for i, list := range lists {
		if len(list) > 0 && (best < 0 || comesFirst(list[0], lists[best][0])) {
			best = i
		}
	}
	return best
}

func comesFirst(a, b rankedNote) bool {
	return cmp.Or(cmp.Compare(a.rank, b.rank), b.Updated.Compare(a.Updated), cmp.Compare(b.ID, a.ID)) < 0
}

// complete puts the contents into the notes that have been found. Those that have gone since are left out.
func (s *Search) complete(ctx context.Context, in []domain.ReadAccess, found *Found) error {
	contents := map[domain.ID]domain.Note{}
	for _, access := range in {
		var ids []domain.ID
		for i, n := range found.Notes {
			if found.In[i] == access.Space() {
				ids = append(ids, n.ID)
			}
		}
		for slices.Sort(ids); len(ids) > 0; { // large ones don't come all at once
			some, err := s.notes(access).Many(ctx, ids)
			if err != nil {
				return err
			}
			if len(some) == 0 {
				break
			}
			for _, n := range some {
				contents[n.ID] = n
			}
			last := some[len(some)-1].ID
			ids = slices.DeleteFunc(ids, func(id domain.ID) bool { return id <= last })
		}
	}
	notes, spaces := found.Notes, found.In
	found.Notes, found.In = nil, nil
	for i, n := range notes {
		if whole, there := contents[n.ID]; there {
			found.Notes, found.In = append(found.Notes, whole), append(found.In, spaces[i])
		}
	}
	return nil
}

// CountEverywhere counts the notes that a query finds in several spaces, as Count does, but not their tags, of which each
// space tells the most frequent alone.
func (s *Search) CountEverywhere(ctx context.Context, in []domain.ReadAccess, text string) (count domain.SearchCount, err error) {
	for _, access := range in {
		if count.Notes > MaxCount {
			break
		}
		more, err := s.index(access).Count(ctx, query.Parse(text), MaxCount+1-count.Notes)
		if err != nil {
			return domain.SearchCount{}, err
		}
		count.Notes += more.Notes
	}
	return count, nil
}
