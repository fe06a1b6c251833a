package ent

import (
	"context"
	"maps"
	"slices"
	"strings"

	"octavo/domain"
)

// AddNotes stores new notes of a user, all of them or none: the same as Notes.Add for each, with a few statements for
// many notes. It returns Conflict when an id is taken. Some thousands of notes are a good number.
func (s *Store) AddNotes(ctx context.Context, actor domain.Actor, list []domain.Note) error {
	return s.atomically(ctx, func(r repos) error { return notes{r, string(actor.User)}.addAll(ctx, list) })
}

const (
	// What insertNote has, in its order.
	noteColumns = `title, excerpt, tags, pinned, state, updated_at, moved_at, listed_at, version, saved, author_id,
		title_key, content, id, owner_id, created_at`

	insertTermsPostgres = `INSERT INTO note_search (note_id, owner_id, created_at, updated_at, cut, terms) VALUES `
	termsRowPostgres    = `(?, ?, ?, ?, ?, array_to_tsvector(?))`
)

// manyNotes is an index that takes many new notes at once.
type manyNotes interface {
	addAll(ctx context.Context, r notes, list []domain.Note) error
}

func (r notes) addAll(ctx context.Context, list []domain.Note) error {
	var rows, tags, links, files [][]any
	counts := map[string]*tagTotal{}
	for _, n := range list {
		d := derivedOf(n)
		id := string(n.ID)
		rows = append(rows, append(noteValues(n, d), id, r.owner, micros(n.Created)))
		names := taggings(d.tags)
		for _, key := range slices.Sorted(maps.Keys(names)) {
			tags = append(tags, []any{id, key, r.owner, d.state, d.pinned, d.listed})
			total := counts[key]
			if total == nil {
				total = &tagTotal{}
				counts[key] = total
			}
			total.name = names[key]
			if n.State != domain.Trashed {
				total.notes++
			}
		}
		for _, key := range d.links {
			links = append(links, []any{id, key, r.owner})
		}
		for _, hash := range filesOf(n) {
			files = append(files, []any{id, hash, r.owner})
		}
	}
	if err := r.insertRows(ctx, "notes", noteColumns, "", rows); err != nil {
		return err
	}
	const tagColumns = "note_id, tag_key, owner_id, state, pinned, listed_at"
	if err := r.insertRows(ctx, "note_tags", tagColumns, "", tags); err != nil {
		return err
	}
	var totals [][]any
	for _, key := range slices.Sorted(maps.Keys(counts)) { // so that transactions wait for one another, as in countTags
		totals = append(totals, []any{r.owner, key, counts[key].name, counts[key].notes})
	}
	if err := r.insertRows(ctx, "tags", "owner_id, tag_key, name, notes", r.text.countAndName, totals); err != nil {
		return err
	}
	if err := r.insertRows(ctx, "note_links", "note_id, title_key, owner_id", "", links); err != nil {
		return err
	}
	if err := r.insertRows(ctx, "file_uses", "note_id, hash, owner_id", r.text.orLeave, files); err != nil {
		return err
	}
	if index, ok := r.text.search.(manyNotes); ok {
		return r.failure(ctx, index.addAll(ctx, r, list))
	}
	for _, n := range list {
		if err := r.index(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// tagTotal is how a tag is written last among many notes, and how many of them count for it.
type tagTotal struct {
	name  string
	notes int
}

func (postgresSearch) addAll(ctx context.Context, r notes, list []domain.Note) error {
	for piece := range slices.Chunk(list, rowsPiece) {
		var args []any
		for _, n := range piece {
			lexemes, cut := lexemesOf(n.SearchEntry())
			args = append(args, string(n.ID), r.owner, micros(n.Created), micros(n.Updated), cut, lexemes)
		}
		rows := strings.TrimSuffix(strings.Repeat(termsRowPostgres+", ", len(piece)), ", ")
		if _, err := r.write.ExecContext(ctx, withPlaceholders(r.text.dialect, insertTermsPostgres+rows), args...); err != nil {
			return err
		}
	}
	return nil
}
