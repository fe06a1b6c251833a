package ent

import (
	"cmp"
	"context"
	"database/sql"
	"iter"
	"maps"
	"slices"
	"strings"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen/note"
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
	return r.storeMany(ctx, list, before, now)
}

// derivedOfMany returns for each of the notes what derived returns. Nobody else changes them until the transaction ends.
func (r notes) derivedOfMany(ctx context.Context, updated []domain.Note) ([]derived, error) {
	at := make(map[domain.ID]int, len(updated))
	ids := make([]string, len(updated))
	for i, n := range updated {
		at[n.ID], ids[i] = i, string(n.ID)
	}
	those, args := r.among("id", ids...)
	all := make([]derived, len(updated))
	moved := false
	found, err := scanAll(ctx, r.repos, withPlaceholders(r.text.dialect, selectManyDerived+those+" ORDER BY id"+r.text.forUpdate),
		append([]any{r.space}, args...), func(row *sql.Rows) (id domain.ID, err error) {
			var d derived
			version := 0
			err = row.Scan((*string)(&id), &version, &d.tags, &d.state, &d.pinned, &d.listed)
			all[at[id]] = d
			moved = moved || version != updated[at[id]].Version-1
			return id, err
		})
	switch {
	case err != nil:
		return nil, err
	case len(found) != len(updated):
		return nil, domain.ErrNoteNotFound
	case moved:
		return nil, domain.ErrNoteChanged
	}
	those, args = r.among("note_id", ids...)
	links := strings.ReplaceAll(selectManyLinks, "{those}", those)
	_, err = scanAll(ctx, r.repos, withPlaceholders(r.text.dialect, links), slices.Repeat(args, 2),
		func(row *sql.Rows) (id domain.ID, err error) {
			var kind string
			var l link
			err = row.Scan((*string)(&id), &kind, &l.row, &l.key, &l.more)
			all[at[id]].addLink(kind, l)
			return id, err
		})
	for i := range all {
		all[i].sort()
	}
	return all, err
}

// storeMany does for many notes what storeDerived does for one.
func (r notes) storeMany(ctx context.Context, list []domain.Note, before, now []derived) error {
	if err := r.storeManyTags(ctx, list, before, now); err != nil {
		return err
	}
	if err := r.storeLinks(ctx, list, before, now); err != nil {
		return err
	}
	var files [][]any
	entries := make([]indexed, len(list))
	for i, n := range list {
		files = append(files, fileUses(n.ID, r.space, now[i].files)...)
		entries[i] = indexed{n, now[i].entry}
	}
	if err := r.insertRows(ctx, "file_uses", fileUseColumns, r.text.orLeave, files); err != nil {
		return err
	}
	return r.index(ctx, entries...)
}

func (r notes) storeManyTags(ctx context.Context, list []domain.Note, before, now []derived) error {
	var lost [][2]string
	var rows [][]any
	counts := tagCounts{}
	for i, n := range list {
		was, is := before[i], now[i]
		moved := was.state != is.state || was.pinned != is.pinned || was.listed != is.listed
		if was.tags == is.tags && !moved {
			continue
		}
		had, has := taggings(was.tags), taggings(is.tags)
		for key := range had {
			if has[key] == "" {
				lost = append(lost, [2]string{string(n.ID), key})
			}
		}
		for _, key := range slices.Sorted(maps.Keys(has)) {
			if moved || had[key] == "" {
				rows = append(rows, []any{string(n.ID), key, r.space, is.state, is.pinned, is.listed})
			}
		}
		counts.add(had, has, was, is)
	}
	if err := r.deletePairs(ctx, "note_tags", "tag_key", lost); err != nil {
		return err
	}
	const columns = "note_id, tag_key, space_id, state, pinned, listed_at"
	if err := r.insertRows(ctx, "note_tags", columns, r.text.orMoveTag, rows); err != nil {
		return err
	}
	if err := r.countTags(ctx, counts); err != nil {
		return err
	}
	keys := map[string]bool{}
	for _, pair := range lost {
		keys[pair[1]] = true
	}
	return r.forgetTags(ctx, slices.Sorted(maps.Keys(keys)))
}

// deletePairs deletes the rows of a table that have these note ids and keys: with a statement for each key, as many notes
// mostly lose few of them, or else for each note.
func (r repos) deletePairs(ctx context.Context, table, column string, pairs [][2]string) error {
	notesOf, keysOf := map[string][]string{}, map[string][]string{}
	for _, pair := range pairs {
		notesOf[pair[1]] = append(notesOf[pair[1]], pair[0])
		keysOf[pair[0]] = append(keysOf[pair[0]], pair[1])
	}
	one, others, of := column, "note_id", notesOf
	if len(keysOf) < len(notesOf) {
		one, others, of = "note_id", column, keysOf
	}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		err := r.execAmong(ctx, "DELETE FROM "+table+" WHERE "+one+" = ? AND ", []any{key}, others, of[key], "")
		if err != nil {
			return err
		}
	}
	return nil
}

func (r notes) Linked(ctx context.Context, keys []string) ([]string, error) {
	var linked []string
	for piece := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(keys))), rowsPiece) {
		asked := map[string]string{} // what is asked for, by what is stored
		for _, key := range piece {
			asked[storedKey(key)] = key
		}
		those, args := r.among("title_key", slices.Collect(maps.Keys(asked))...)
		query := withPlaceholders(r.text.dialect, selectLinked+those)
		found, err := scanAll(ctx, r.repos, query, append([]any{r.space}, args...), textFromRow)
		if err != nil {
			return nil, err
		}
		for _, key := range found {
			linked = append(linked, asked[key])
		}
	}
	slices.Sort(linked)
	return linked, nil
}
