package ent

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notetag"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/tag"
)

// notes is the domain.Notes of a database, and what can be told from them: the domain.Tags, Links and Index.
type notes struct {
	repos
	space string
}

func (r repos) ReadNotes(a domain.ReadAccess) domain.NoteReader { return notes{r, string(a.Space())} }

func (r repos) Notes(a domain.WriteAccess) domain.Notes { return notes{r, string(a.Space())} }

func (r repos) Tags(a domain.ReadAccess) domain.Tags { return notes{r, string(a.Space())} }

func (r repos) Links(a domain.ReadAccess) domain.Links { return notes{r, string(a.Space())} }

func (r repos) Index(a domain.ReadAccess) domain.Index { return notes{r, string(a.Space())} }

// atomically runs fn in a transaction, as repos.atomically does.
func (r notes) atomically(ctx context.Context, fn func(notes) error) error {
	return r.repos.atomically(ctx, func(tx repos) error { return fn(notes{tx, r.space}) })
}

func (r notes) Add(ctx context.Context, n domain.Note) error {
	return r.atomically(ctx, func(r notes) error {
		now := derivedOf(n)
		if err := r.insert(ctx, note.Table, addedFields, [][]any{r.addedValues(n, now)}); err != nil {
			return err
		}
		return r.store(ctx, []domain.Note{n}, []derived{{}}, []derived{now})
	})
}

func (r notes) Get(ctx context.Context, id domain.ID) (domain.Note, error) {
	query := r.text.note
	if r.within {
		query = r.text.noteLocked
	}
	var row gen.Note
	err := scanRow(ctx, r.read, query, []any{string(id), r.space}, intoNote(&row)...)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Note{}, domain.ErrNoteNotFound
	}
	if err != nil {
		return domain.Note{}, r.failure(ctx, err)
	}
	return noteOf(&row), nil
}

func (r notes) List(ctx context.Context, filter domain.NoteFilter, after *domain.NoteCursor, limit int) (
	[]domain.NoteSummary, error,
) {
	query := r.read.Note.Query()
	order := []string{note.FieldPinned, note.FieldListedAt, note.FieldID}
	if filter.Tag == "" {
		query.Where(note.SpaceID(r.space), note.StateEQ(string(filter.State))).Modify(along("notes_listed"))
	} else {
		t := entsql.Dialect(r.text.dialect).Table(notetag.Table).As("t")
		query.Where(inSpace[predicate.Note](note.FieldSpaceID, r.space), r.tagged(t, filter))
		order = t.Columns(notetag.FieldPinned, notetag.FieldListedAt, notetag.FieldNoteID)
	}
	if after != nil {
		query.Where(behind[predicate.Note](order, placeOf(*after)))
	}
	rows, err := query.Order(lastFirst[note.OrderOption](order...)).Limit(limit).Select(summaryFields...).All(ctx)
	if err := r.listFailure(ctx, err); err != nil {
		return nil, err
	}
	return summariesOf(rows), nil
}

// tagged has a query find the notes of a tag by t, the rows that have them in order.
func (r notes) tagged(t *entsql.SelectTable, filter domain.NoteFilter) predicate.Note {
	return func(s *entsql.Selector) {
		s.Join(t).On(t.C(notetag.FieldNoteID), s.C(note.FieldID)).Where(entsql.And(
			entsql.EQ(t.C(notetag.FieldSpaceID), r.space),
			entsql.EQ(t.C(notetag.FieldTagKey), storedKey(filter.Tag)),
			entsql.EQ(t.C(notetag.FieldState), string(filter.State)),
		))
	}
}

// placeOf returns where a list is continued.
func placeOf(c domain.NoteCursor) []any { return []any{c.Pinned, c.Listed, string(c.ID)} }

func (r notes) Update(ctx context.Context, n domain.Note, over int) error {
	return r.atomically(ctx, func(r notes) error {
		was, err := r.derived(ctx, n.ID, over)
		if err != nil {
			return err
		}
		now := derivedOf(n)
		found, err := r.exec(ctx, r.text.updateNote, append(changedValues(n, now), string(n.ID), r.space, over)...)
		if err != nil {
			return err
		}
		if found == 0 { // another one was faster, since a moment ago
			_, err := r.derived(ctx, n.ID, over)
			return err
		}
		return r.store(ctx, []domain.Note{n}, []derived{was}, []derived{now})
	})
}

func (r notes) Remove(ctx context.Context, id domain.ID) error {
	return r.atomically(ctx, func(r notes) error {
		row, err := locked(r.repos, r.read.Note.Query().Where(note.ID(string(id)), note.SpaceID(r.space))).
			Select(note.FieldTags, note.FieldState).
			Only(ctx)
		if gen.IsNotFound(err) {
			return domain.ErrNoteNotFound
		}
		if err != nil {
			return r.failure(ctx, err)
		}
		if err := r.unindex(ctx, id); err != nil {
			return err
		}
		if _, err := r.write.Note.Delete().Where(note.ID(row.ID), note.SpaceID(r.space)).Exec(ctx); err != nil {
			return r.failure(ctx, err)
		}
		before := taggings(row.Tags)
		counts := tagCounts{}
		counts.add(before, nil, derived{tags: row.Tags, state: row.State}, derived{})
		if err := r.countTags(ctx, counts); err != nil {
			return err
		}
		return r.forgetTags(ctx, slices.Sorted(maps.Keys(before)))
	})
}

func (r notes) Beginning(ctx context.Context, prefix string, limit int) ([]domain.TagCount, error) {
	from, to := keyRange(prefix)
	rows, err := r.read.Tag.Query().
		Where(tag.SpaceID(r.space), tag.TagKeyGTE(from), tag.TagKeyLTE(to), tag.NotesGT(0)).
		Order(tag.ByTagKey()).
		Limit(limit).
		Select(tag.FieldName, tag.FieldNotes).
		All(ctx)
	if err != nil {
		return nil, r.listFailure(ctx, err)
	}
	var list []domain.TagCount
	for _, row := range rows {
		if c := (domain.TagCount{Tag: domain.Tag(row.Name), Notes: row.Notes}); from == prefix || strings.HasPrefix(c.Tag.Key(), prefix) {
			list = append(list, c)
		}
	}
	return list, nil
}

func (r notes) Tagged(ctx context.Context, key string, id domain.ID, limit int) ([]domain.ID, error) {
	rows, err := r.read.NoteTag.Query().
		Where(notetag.SpaceID(r.space), notetag.TagKey(storedKey(key)), notetag.NoteIDGT(after(id))).
		Order(firstFirst[notetag.OrderOption](notetag.FieldNoteID)).
		Limit(limit).
		Modify(along("tagged_by_id")).
		Select(notetag.FieldNoteID).
		All(ctx)
	var ids []domain.ID
	for _, row := range rows {
		ids = append(ids, domain.ID(row.NoteID))
	}
	return ids, r.listFailure(ctx, err)
}

func textFromRow(row *sql.Rows) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}
