package ent

import (
	"cmp"
	"context"
	"maps"
	"slices"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/file"
	"octavo/ent/gen/filename"
	"octavo/ent/gen/fileuse"
	"octavo/ent/gen/membership"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notelink"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/presence"
	"octavo/ent/gen/revision"
	"octavo/ent/gen/share"
)

// moving is the domain.Moving of a database.
type moving struct {
	notes // of the space that they are in
	to    string
}

func (r repos) Moving(t domain.Transfer) domain.Moving {
	return moving{notes{r, string(t.From().Space())}, string(t.To().Space())}
}

func (r moving) Files(ctx context.Context, ids []domain.ID) ([]domain.File, error) {
	hashes, keys := map[string]bool{}, map[string]bool{}
	for piece := range slices.Chunk(texts(ids), rowsPiece) {
		mentioned, err := r.read.FileUse.Query().
			Where(fileuse.SpaceID(r.space), anyOf[predicate.FileUse](fileuse.FieldNoteID, piece)).
			Unique(true).
			Select(fileuse.FieldHash).
			Strings(ctx)
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		typed, err := r.read.Draft.Query().
			Where(draft.SpaceID(r.space), anyOf[predicate.Draft](draft.FieldNoteID, piece)).
			Select(draft.FieldContent).
			Strings(ctx)
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		names := func(text string) {
			for _, key := range markup.NewOutline(text).FileNames() {
				keys[storedKey(key)] = true
			}
		}
		for _, content := range typed {
			mentioned = append(mentioned, markup.FilesIn(content)...)
			names(content)
		}
		if err := r.said(ctx, piece, names); err != nil {
			return nil, err
		}
		for _, hash := range mentioned {
			hashes[hash] = true
		}
		named, err := r.read.NoteLink.Query().
			Where(
				inSpace[predicate.NoteLink](notelink.FieldSpaceID, r.space),
				anyOf[predicate.NoteLink](notelink.FieldNoteID, piece),
				isFileName,
			).
			Unique(true).
			Select(notelink.FieldTitleKey).
			Strings(ctx)
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		for _, key := range named {
			keys[key] = true
		}
	}
	of := files{r.repos, r.space}
	named, err := of.Named(ctx, slices.Sorted(maps.Keys(keys))...)
	if err != nil {
		return nil, err
	}
	asked := make([]domain.FileHash, 0, len(hashes))
	for hash := range hashes {
		asked = append(asked, domain.FileHash(hash))
	}
	found, err := of.Find(ctx, asked...)
	if err != nil {
		return nil, err
	}
	var list []domain.File
	for _, key := range slices.Sorted(maps.Keys(named)) {
		list = append(list, named[key])
		delete(found, named[key].Hash)
	}
	return slices.AppendSeq(list, maps.Values(found)), nil
}

// said goes through the texts of the revisions of some notes.
func (r moving) said(ctx context.Context, notes []string, each func(text string)) error {
	ids, err := r.read.Revision.Query().
		Where(revision.SpaceID(r.space), anyOf[predicate.Revision](revision.FieldNoteID, notes)).
		IDs(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	for some := range slices.Chunk(ids, textsPiece) {
		texts, err := r.read.Revision.Query().
			Where(revision.SpaceID(r.space), revision.IDIn(some...)).
			Select(revision.FieldContent).
			Strings(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		for _, text := range texts {
			each(text)
		}
	}
	return nil
}

// isFileName says of a link that it has the name of a file.
func isFileName(s *entsql.Selector) {
	name := entsql.Dialect(s.Dialect()).Table(filename.Table)
	s.Where(entsql.Exists(entsql.Dialect(s.Dialect()).Select(name.C(filename.FieldID)).From(name).Where(entsql.And(
		entsql.ColumnsEQ(name.C(filename.FieldSpaceID), s.C(notelink.FieldSpaceID)),
		entsql.ColumnsEQ(name.C(filename.FieldNameKey), s.C(notelink.FieldTitleKey)),
	))))
}

func (r moving) Move(ctx context.Context, list []domain.Note, brought []domain.File) (ended int, err error) {
	list = slices.SortedFunc(slices.Values(list), func(a, b domain.Note) int { return cmp.Compare(a.ID, b.ID) })
	err = r.repos.atomically(ctx, func(tx repos) error {
		ended = 0
		r := moving{notes{tx, r.space}, r.to}
		if err := r.bring(ctx, brought); err != nil {
			return err
		}
		for piece := range inPieces(list, sizeOfNote) {
			n, err := r.movePiece(ctx, piece)
			if err != nil {
				return err
			}
			ended += n
		}
		return r.send(ctx)
	})
	return ended, err
}

// movePiece moves some notes. What follows from them is removed here and stored there; what else there is of them goes along.
func (r moving) movePiece(ctx context.Context, list []domain.Note) (ended int, err error) {
	before, err := r.derivedOfMany(ctx, list)
	if err != nil {
		return 0, err
	}
	there, nothing := notes{r.repos, r.to}, make([]derived, len(list))
	now, rows := make([]derived, len(list)), make([][]any, len(list))
	ids, gone := make([]string, len(list)), make([]domain.ID, len(list))
	for i, n := range list {
		now[i], ids[i], gone[i] = derivedOf(n), string(n.ID), n.ID
		rows[i] = there.addedValues(n, now[i])
		delete(r.held, [2]string{r.space, ids[i]})
	}
	if err := r.unindex(ctx, gone...); err != nil {
		return 0, err
	}
	if err := r.storeLinks(ctx, list, before, nothing); err != nil {
		return 0, err
	}
	if err := r.storeTags(ctx, list, before, nothing); err != nil {
		return 0, err
	}
	for _, table := range []string{revision.Table, fileuse.Table} {
		err := r.change(ctx, table, func(u *entsql.UpdateBuilder) { u.Set(note.FieldSpaceID, r.to) },
			anyOf[func(*entsql.Selector)](fileuse.FieldNoteID, ids))
		if err != nil {
			return 0, err
		}
	}
	if err := r.moveDrafts(ctx, ids); err != nil {
		return 0, err
	}
	ended, err = r.write.Share.Delete().Where(share.SpaceID(r.space), anyOf[predicate.Share](share.FieldNoteID, ids)).Exec(ctx)
	if err != nil {
		return 0, r.failure(ctx, err)
	}
	if err := r.remove(ctx, presence.Table, anyOf[func(*entsql.Selector)](presence.FieldNoteID, ids)); err != nil {
		return 0, err
	}
	replacing := orReplace([]string{note.FieldID}, append(slices.Clip(changedFields), note.FieldSpaceID)...)
	if err := r.insert(ctx, note.Table, addedFields, rows, replacing...); err != nil {
		return 0, err
	}
	return ended, there.store(ctx, list, nothing, now)
}

// change changes those rows of a table that are in the space, and that a condition finds. What is in a space stays there as
// long as Ent's client changes it.
func (r moving) change(ctx context.Context, table string, set func(*entsql.UpdateBuilder), where func(*entsql.Selector)) error {
	s := entsql.Dialect(r.text.dialect).Select().From(entsql.Table(table))
	inSpace[func(*entsql.Selector)](note.FieldSpaceID, r.space)(s)
	where(s)
	update := entsql.Dialect(r.text.dialect).Update(table).FromSelect(s)
	set(update)
	statement, args := update.Query()
	return r.later(ctx, statement, args...)
}

// moveDrafts moves what is typed into some notes by those who may write there. Others go on typing into a new note, as does
// whoever types something there under the same key.
func (r moving) moveDrafts(ctx context.Context, notes []string) error {
	typed, err := r.read.Draft.Query().
		Where(draft.SpaceID(r.space), anyOf[predicate.Draft](draft.FieldNoteID, notes)).
		Select(draft.FieldUserID, draft.FieldDraftKey).
		All(ctx)
	if err != nil || len(typed) == 0 {
		return r.failure(ctx, err)
	}
	members, err := r.read.Membership.Query().Where(membership.SpaceID(r.to)).All(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	comes := map[string]bool{} // by user
	for _, m := range members {
		_, err := domain.NewMembership(domain.ID(r.to), domain.ID(m.UserID), domain.Role(m.Role)).Write()
		comes[m.UserID] = err == nil
	}
	keys := make([]string, len(typed))
	for i, d := range typed {
		keys[i] = d.DraftKey
	}
	taken := map[[2]string]bool{} // by user and key
	for piece := range slices.Chunk(keys, rowsPiece) {
		there, err := r.read.Draft.Query().Where(draft.SpaceID(r.to), draft.DraftKeyIn(piece...)).
			Select(draft.FieldUserID, draft.FieldDraftKey).
			All(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		for _, d := range there {
			taken[[2]string{d.UserID, d.DraftKey}] = true
		}
	}
	var moved, left []int
	for _, d := range typed {
		if comes[d.UserID] && !taken[[2]string{d.UserID, d.DraftKey}] {
			moved = append(moved, d.ID)
		} else {
			left = append(left, d.ID)
		}
	}
	err = inChunks(moved, func(ids []int) error {
		return r.change(ctx, draft.Table, func(u *entsql.UpdateBuilder) { u.Set(draft.FieldSpaceID, r.to) }, draft.IDIn(ids...))
	})
	if err != nil {
		return err
	}
	return inChunks(left, func(ids []int) error {
		return r.change(ctx, draft.Table, func(u *entsql.UpdateBuilder) { u.SetNull(draft.FieldNoteID).Set(draft.FieldBase, 0) }, draft.IDIn(ids...))
	})
}

// bring stores files there, where a name that means another one goes on meaning that.
func (r moving) bring(ctx context.Context, list []domain.File) error {
	there := files{r.repos, r.to}
	keys := make([]string, len(list))
	for i, f := range list {
		keys[i] = domain.TitleKey(f.Name)
	}
	named, err := there.Named(ctx, keys...)
	if err != nil {
		return err
	}
	var rows, names [][]any
	listed := map[domain.FileHash]bool{} // PostgreSQL takes no statement that changes a row twice
	for i, f := range list {
		if !listed[f.Hash] {
			listed[f.Hash] = true
			rows = append(rows, []any{r.to, string(f.Hash), f.Name, f.Type, f.Size, f.Width, f.Height, f.Measured, f.Created})
		}
		if _, taken := named[keys[i]]; !taken {
			named[keys[i]] = f
			names = append(names, []any{r.to, nameKey(f.Name), f.Name, string(f.Hash)})
		}
	}
	err = r.insert(ctx, file.Table, []string{
		file.FieldSpaceID, file.FieldHash, file.FieldName, file.FieldType, file.FieldSize, file.FieldWidth, file.FieldHeight, file.FieldMeasured,
		file.FieldCreatedAt,
	}, rows, orReplace([]string{file.FieldSpaceID, file.FieldHash}, file.FieldCreatedAt)...)
	if err != nil {
		return err
	}
	return r.insert(ctx, filename.Table, []string{filename.FieldSpaceID, filename.FieldNameKey, filename.FieldName, filename.FieldHash}, names,
		orReplace([]string{filename.FieldSpaceID, filename.FieldNameKey}, filename.FieldName, filename.FieldHash)...)
}
