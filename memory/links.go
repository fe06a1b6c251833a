package memory

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"octavo/domain"
	"octavo/domain/markup"
)

// Links implements domain.Repos.
func (r repos) Links(a domain.ReadAccess) domain.Links { return notes{r.in(a)} }

func (r notes) Titled(ctx context.Context, keys ...string) (titles map[string]domain.NoteTitle, err error) {
	err = r.read(ctx, func(t *tables) error {
		titles = t.titled(r.space, keys)
		return nil
	})
	return titles, err
}

func (r notes) Around(ctx context.Context, keys []string, linked string, limit int) (
	titles map[string]domain.NoteTitle, linking []domain.NoteSummary, err error,
) {
	if titles, err = r.Titled(ctx, keys...); err != nil || limit == 0 {
		return titles, nil, err
	}
	list, err := r.Linking(ctx, []string{linked}, "", limit)
	for _, n := range list {
		linking = append(linking, domain.NoteSummary{ID: n.ID, Title: n.Title, State: n.State, Version: n.Version})
	}
	return titles, linking, err
}

func (r notes) AroundVersion(ctx context.Context, id domain.ID, limit, typed int) (string, error) {
	n, err := r.Get(ctx, id)
	if err != nil {
		return "", err
	}
	outline := markup.NewOutline(n.Content)
	keys := append(n.TitleKeys(), outline.TitleKeys()...)
	for _, path := range outline.PathLinks() {
		keys = append(keys, path.Title)
	}
	titles, linking, err := r.Around(ctx, keys, domain.TitleKey(n.Title), limit)
	if err != nil {
		return "", err
	}
	list, err := drafts(r).List(ctx, id, typed)
	return domain.AroundVersion(n.Version, titles, linking, list), err
}

func (t *tables) titled(space domain.ID, keys []string) map[string]domain.NoteTitle {
	asked := map[string]bool{}
	for _, key := range keys {
		asked[key] = true
	}
	list := slices.DeleteFunc(t.notes.of(space), func(s *storedNote) bool { return s.State == domain.Trashed })
	slices.SortFunc(list, byID)
	titles := map[string]domain.NoteTitle{}
	add := func(key string, s *storedNote) {
		if _, older := titles[key]; asked[key] && !older {
			titles[key] = domain.NoteTitle{ID: s.ID, Title: s.Title, Excerpt: s.Excerpt, Version: s.Version}
		}
	}
	for _, s := range list {
		add(s.titleKey, s)
	}
	for _, s := range list {
		for _, alias := range s.follows.Aliases {
			add(domain.TitleKey(alias), s)
		}
	}
	return titles
}

func (r notes) Titles(ctx context.Context, prefix string, limit int) (titles []domain.NoteTitle, err error) {
	err = r.read(ctx, func(t *tables) error {
		taken := map[string]bool{}
		list := slices.DeleteFunc(t.notes.of(r.space), func(s *storedNote) bool { return s.State == domain.Trashed })
		for _, s := range list {
			titles = append(titles, domain.NoteTitle{ID: s.ID, Title: s.Title})
			taken[s.titleKey] = true
		}
		for _, s := range list {
			for _, alias := range s.follows.Aliases {
				if !taken[domain.TitleKey(alias)] {
					titles = append(titles, domain.NoteTitle{ID: s.ID, Title: alias})
				}
			}
		}
		return nil
	})
	titles = slices.DeleteFunc(titles, func(t domain.NoteTitle) bool {
		return !strings.HasPrefix(domain.TitleKey(t.Title), prefix)
	})
	slices.SortFunc(titles, func(a, b domain.NoteTitle) int {
		return cmp.Or(cmp.Compare(domain.TitleKey(a.Title), domain.TitleKey(b.Title)), cmp.Compare(a.ID, b.ID))
	})
	return first(titles, limit), err
}

func (r notes) Linking(ctx context.Context, keys []string, after domain.ID, limit int) (
	found []domain.NoteSummary, err error,
) {
	err = r.read(ctx, func(t *tables) error {
		list := t.notes.of(r.space)
		slices.SortFunc(list, byID)
		list = slices.DeleteFunc(list, func(s *storedNote) bool { return s.ID <= after || !t.links(r.space, s, keys) })
		found = summaries(first(list, limit))
		return nil
	})
	return found, err
}

// links reports whether a note links to one of the titles with those keys.
func (t *tables) links(space domain.ID, s *storedNote, keys []string) bool {
	for _, key := range s.follows.Links {
		if slices.Contains(keys, key) {
			return true
		}
	}
	for _, path := range s.follows.Paths {
		if slices.Contains(keys, path.Title) && len(t.titled(space, []string{path.Whole})) == 0 {
			return true
		}
	}
	return false
}

func (r notes) Linked(ctx context.Context, keys []string) (linked []string, err error) {
	err = r.read(ctx, func(t *tables) error {
		for _, s := range t.notes.of(r.space) {
			linked = append(linked, s.follows.Links...)
			for _, path := range s.follows.Paths {
				linked = append(linked, path.Title)
			}
		}
		return nil
	})
	linked = slices.DeleteFunc(linked, func(key string) bool { return !slices.Contains(keys, key) })
	slices.Sort(linked)
	return slices.Compact(linked), err
}
