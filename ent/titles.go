package ent

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

	"entgo.io/ent/dialect"

	"octavo/domain"
)

func (r notes) Titled(ctx context.Context, keys ...string) (map[string]domain.NoteTitle, error) {
	titles := make(map[string]domain.NoteTitle, len(keys))
	for _, part := range []string{r.text.titled, r.text.aliased} {
		var missing []string
		for _, key := range keys {
			if _, found := titles[key]; !found {
				missing = append(missing, key)
			}
		}
		found, err := r.firstOf(ctx, part, missing)
		if err != nil {
			return nil, err
		}
		maps.Copy(titles, found)
	}
	return titles, nil
}

// titledPiece is how many titles are looked for by one query at most, if it has a part for each.
const titledPiece = 100

// firstOf returns what part finds for each key.
func (r notes) firstOf(ctx context.Context, part string, keys []string) (map[string]domain.NoteTitle, error) {
	titles := map[string]domain.NoteTitle{}
	size := titledPiece
	if r.text.dialect == dialect.Postgres {
		size *= 100
	}
	for piece := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(keys))), size) {
		asked := map[string]string{} // what is asked for, by what is stored
		for _, key := range piece {
			asked[storedKey(key)] = key
		}
		query, args := r.forEach(part, slices.Collect(maps.Keys(asked)))
		_, err := scanAll(ctx, r.repos, withPlaceholders(r.text.dialect, query), args, func(row *sql.Rows) (none struct{}, err error) {
			var key string
			var t domain.NoteTitle
			err = row.Scan(&key, (*string)(&t.ID), &t.Title, &t.Excerpt)
			titles[asked[key]] = t
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	return titles, nil
}

// forEach returns a query for what part finds for each key, and its arguments. PostgreSQL's is the same for any number of
// keys, as in among.
func (r notes) forEach(part string, keys []string) (query string, args []any) {
	if r.text.dialect == dialect.Postgres {
		return "SELECT found.* FROM unnest(CAST(? AS text[])) AS asked (key) CROSS JOIN LATERAL (" +
			strings.ReplaceAll(part, "{key}", "asked.key") + ") AS found", []any{keys, r.space}
	}
	part = "SELECT * FROM (" + strings.ReplaceAll(part, "{key}", "?") + ") AS found"
	for _, key := range keys {
		args = append(args, r.space, key)
	}
	return strings.TrimSuffix(strings.Repeat(part+" UNION ALL ", len(keys)), " UNION ALL "), args
}

func (r notes) Titles(ctx context.Context, prefix string, limit int) (list []domain.NoteTitle, err error) {
	from, to := keyRange(prefix)
	for _, query := range []string{r.text.titles, r.text.aliases} {
		found, err := scanAll(ctx, r.repos, query, []any{r.space, from, to, limit},
			func(row *sql.Rows) (t domain.NoteTitle, err error) {
				err = row.Scan((*string)(&t.ID), &t.Title)
				return t, err
			})
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	if from != prefix {
		list = slices.DeleteFunc(list, func(t domain.NoteTitle) bool {
			return !strings.HasPrefix(domain.TitleKey(t.Title), prefix)
		})
	}
	slices.SortFunc(list, func(a, b domain.NoteTitle) int {
		return cmp.Or(cmp.Compare(domain.TitleKey(a.Title), domain.TitleKey(b.Title)), cmp.Compare(a.ID, b.ID))
	})
	return list[:min(limit, len(list))], nil
}

func (r notes) Linking(ctx context.Context, keys []string, id domain.ID, limit int) ([]domain.NoteSummary, error) {
	var parts []string
	var args []any
	for _, key := range keys {
		parts = append(parts, r.text.linking)
		args = append(args, r.space, storedKey(key), after(id), limit)
	}
	switch len(parts) {
	case 0:
		return nil, nil
	case 1:
		return scanAll(ctx, r.repos, r.text.linkingOne, append(args, limit), summaryFromRow)
	}
	query := r.text.summariesOf + "SELECT note_id FROM (" + strings.Join(parts, ") AS part UNION SELECT note_id FROM (") +
		") AS part" + itsSummaries
	return scanAll(ctx, r.repos, withPlaceholders(r.text.dialect, query), append(args, limit), summaryFromRow)
}
