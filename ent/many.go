package ent

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notealias"
	"octavo/ent/gen/notelink"
	"octavo/ent/gen/predicate"
)

// What is read and written of many notes at once: a statement takes up to rowsPiece of them, and no more bytes than
// bytesPiece but for a single one that has more.
const bytesPiece = 4 << 20

func (r notes) Many(ctx context.Context, ids []domain.ID) (found []domain.Note, err error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	size := 0
	for piece := range slices.Chunk(ids, rowsPiece) {
		// Ent would read all of them before it can be told that they are enough.
		selection := entsql.Dialect(r.text.dialect).Select(readFields...).From(entsql.Table(note.Table)).OrderBy(note.FieldID)
		inSpace[predicate.Note](note.FieldSpaceID, r.space)(selection)
		anyOf[predicate.Note](note.FieldID, texts(piece))(selection)
		if r.locks() {
			selection.ForUpdate()
		}
		query, args := selection.Query()
		some, err := scanUntil(ctx, r.repos, query, args, noteFromRow, func(n domain.Note) bool {
			size += len(n.Content)
			return size >= bytesPiece
		})
		if err != nil {
			return nil, err
		}
		found = append(found, some...)
		if size >= bytesPiece {
			break
		}
	}
	return found, nil
}

// inPieces parts a list into as many as a statement writes at once.
func inPieces[T any](list []T, sizeOf func(T) int) iter.Seq[[]T] {
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			count, size := 0, 0
			for count < min(len(list), rowsPiece) && size < bytesPiece {
				size += sizeOf(list[count])
				count++
			}
			if !yield(list[:count]) {
				return
			}
			list = list[count:]
		}
	}
}

func sizeOfNote(n domain.Note) int { return len(n.Content) }

func (r notes) UpdateMany(ctx context.Context, list []domain.Note) error {
	list = slices.SortedFunc(slices.Values(list), func(a, b domain.Note) int { return cmp.Compare(a.ID, b.ID) })
	return r.atomically(ctx, func(r notes) error {
		for piece := range inPieces(list, sizeOfNote) {
			if err := r.updatePiece(ctx, piece); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r notes) updatePiece(ctx context.Context, list []domain.Note) error {
	before, err := r.derivedOfMany(ctx, list)
	if err != nil {
		return err
	}
	now := make([]derived, len(list))
	rows := make([][]any, len(list))
	for i, n := range list {
		now[i] = derivedOf(n)
		rows[i] = r.addedValues(n, now[i])
	}
	if err := r.insert(ctx, note.Table, addedFields, rows, orReplace([]string{note.FieldID}, changedFields...)...); err != nil {
		return err
	}
	return r.store(ctx, list, before, now)
}

// derivedOfMany returns for each of the notes what derived returns. Nobody else changes them until the transaction ends.
func (r notes) derivedOfMany(ctx context.Context, updated []domain.Note) ([]derived, error) {
	at := make(map[string]int, len(updated))
	ids := make([]string, len(updated))
	for i, n := range updated {
		at[string(n.ID)], ids[i] = i, string(n.ID)
	}
	rows, err := locked(r.repos, r.read.Note.Query().
		Where(inSpace[predicate.Note](note.FieldSpaceID, r.space), anyOf[predicate.Note](note.FieldID, ids)).
		Order(note.ByID())).
		Select(note.FieldVersion, note.FieldTags, note.FieldState, note.FieldPinned, note.FieldListedAt).
		All(ctx)
	switch {
	case err != nil && r.listFailure(ctx, err) != nil:
		return nil, r.failure(ctx, err)
	case len(rows) != len(updated):
		return nil, domain.ErrNoteNotFound
	}
	all := make([]derived, len(updated))
	for _, row := range rows {
		i := at[row.ID]
		if row.Version != updated[i].Version-1 {
			return nil, domain.ErrNoteChanged
		}
		all[i] = derived{tags: row.Tags, state: row.State, pinned: row.Pinned, listed: row.ListedAt}
	}
	links, err := r.read.NoteLink.Query().
		Where(inSpace[predicate.NoteLink](notelink.FieldSpaceID, r.space), anyOf[predicate.NoteLink](notelink.FieldNoteID, ids)).
		All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	for _, l := range links {
		of := &all[at[l.NoteID]]
		of.links = append(of.links, link{l.TitleKey, l.WholeKey, l.ID})
	}
	aliases, err := r.read.NoteAlias.Query().
		Where(inSpace[predicate.NoteAlias](notealias.FieldSpaceID, r.space), anyOf[predicate.NoteAlias](notealias.FieldNoteID, ids)).
		All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	for _, l := range aliases {
		of := &all[at[l.NoteID]]
		of.alias = append(of.alias, link{l.TitleKey, l.Alias, l.ID})
	}
	for i := range all {
		all[i].sort()
	}
	return all, nil
}

func (r notes) Linked(ctx context.Context, keys []string) ([]string, error) {
	var linked []string
	for piece := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(keys))), rowsPiece) {
		asked := map[string]string{} // what is asked for, by what is stored
		for _, key := range piece {
			asked[storedKey(key)] = key
		}
		found, err := r.read.NoteLink.Query().
			Where(notelink.SpaceID(r.space), anyOf[predicate.NoteLink](notelink.FieldTitleKey, slices.Collect(maps.Keys(asked)))).
			Unique(true).
			Select(notelink.FieldTitleKey).
			Strings(ctx)
		if err := r.listFailure(ctx, err); err != nil {
			return nil, err
		}
		for _, key := range found {
			linked = append(linked, asked[key])
		}
	}
	slices.Sort(linked)
	return linked, nil
}
