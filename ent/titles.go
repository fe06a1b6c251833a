package ent

import (
	"cmp"
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"

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

// titledPiece is how many titles are looked for by one query at most: it has a part for each.
const titledPiece = 100

// firstOf returns what part finds for each key.
func (r notes) firstOf(ctx context.Context, part string, keys []string) (map[string]domain.NoteTitle, error) {
	titles := map[string]domain.NoteTitle{}
	for piece := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(keys))), titledPiece) {
		asked := map[string]string{} // what is asked for, by what is stored
		var args []any
		for _, key := range piece {
			stored := storedKey(key)
			asked[stored] = key
			args = append(args, r.owner, stored)
		}
		query := strings.Repeat(part+" UNION ALL ", len(piece)-1) + part
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

func (r notes) Titles(ctx context.Context, prefix string, limit int) (list []domain.NoteTitle, err error) {
	from, to := keyRange(prefix)
	for _, query := range []string{r.text.titles, r.text.aliases} {
		found, err := scanAll(ctx, r.repos, query, []any{r.owner, from, to, limit},
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
		for _, part := range []string{r.text.linking, r.text.paths} {
			parts = append(parts, "SELECT note_id FROM ("+part+") AS part")
			args = append(args, r.owner, storedKey(key), after(id), limit)
		}
	}
	if len(parts) == 0 {
		return nil, nil
	}
	query := r.text.summariesOf + strings.Join(parts, " UNION ") + ")" + itsSummaries
	return scanAll(ctx, r.repos, withPlaceholders(r.text.dialect, query), append(args, limit), summaryFromRow)
}
