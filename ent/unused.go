package ent

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/ent/gen"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/file"
	"octavo/ent/gen/filename"
	"octavo/ent/gen/fileuse"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notelink"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/revision"
	"octavo/ent/internal/backend"
	"octavo/ent/schema"
)

// filesPiece is how many files are looked for in texts at once, at most.
const filesPiece = 100

func (r housekeeping) RemoveUnusedFiles(ctx context.Context, before time.Time) (gone []domain.FileHash, err error) {
	unused, err := r.unusedFiles(ctx, before)
	if err != nil || len(unused) == 0 {
		return nil, err
	}
	e, err := r.embeddings(ctx, unused)
	if err == nil {
		err = e.readRevisions(ctx, r.repos)
	}
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	for piece := range slices.Chunk(unused, filesPiece) {
		var removed []domain.FileHash
		err = r.atomically(backend.Alone(ctx), func(r repos) error {
			// What has been typed or superseded meanwhile may have their names. A draft that is saved while this goes on
			// is a revision or the note by the time those are read.
			if err := errors.Join(e.readDrafts(ctx, r), e.readRevisions(ctx, r)); err != nil {
				return r.failure(ctx, err)
			}
			left := slices.DeleteFunc(slices.Clone(piece), func(f *gen.File) bool { return e.found[spaceText{f.SpaceID, f.Hash}] })
			removed, err = r.removeUnused(ctx, left, before)
			return r.failure(ctx, err)
		})
		if err != nil {
			return gone, err
		}
		gone = append(gone, removed...)
	}
	return gone, nil
}

// unusedFiles returns the files, added before a time, of which the database says that they are unused. It doesn't know
// which names revisions and drafts have in them.
func (r housekeeping) unusedFiles(ctx context.Context, before time.Time) (unused []*gen.File, err error) {
	for last := (&gen.File{SpaceID: beforeAll}); ; {
		page, err := r.read.File.Query().
			Where(
				file.CreatedAtLT(before),
				file.Or(file.SpaceIDGT(last.SpaceID), file.And(file.SpaceID(last.SpaceID), file.HashGT(last.Hash))),
			).
			Order(file.BySpaceID(), file.ByHash()).
			Limit(filesPiece).
			Select(file.FieldSpaceID, file.FieldHash).
			All(schema.AcrossSpaces(ctx))
		if err != nil || len(page) == 0 {
			return unused, r.failure(ctx, err)
		}
		last = page[len(page)-1]
		ids := make([]int, len(page))
		for i, f := range page {
			ids[i] = f.ID
		}
		some, err := r.read.File.Query().
			Where(file.IDIn(ids...), isUnused).
			Select(file.FieldSpaceID, file.FieldHash).
			All(schema.AcrossSpaces(ctx))
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		unused = append(unused, some...)
	}
}

// spaceText is a text in a space.
type spaceText struct{ space, text string }

// embeddings are those of some files that revisions or drafts embed, or link to, by their names.
type embeddings struct {
	spaces []string
	hashes map[spaceText]string // by name
	found  map[spaceText]bool   // by hash
	last   int                  // the last revision that has been read
}

func (r repos) embeddings(ctx context.Context, files []*gen.File) (*embeddings, error) {
	e := &embeddings{hashes: map[spaceText]string{}, found: map[spaceText]bool{}}
	of := map[string][]string{}
	for _, f := range files {
		of[f.SpaceID] = append(of[f.SpaceID], f.Hash)
	}
	e.spaces = slices.Sorted(maps.Keys(of))
	for _, space := range e.spaces {
		for hashes := range slices.Chunk(of[space], rowsPiece) {
			names, err := r.read.FileName.Query().
				Where(filename.SpaceID(space), anyOf[predicate.FileName](filename.FieldHash, hashes)).
				All(ctx)
			if err != nil {
				return nil, err
			}
			for _, name := range names {
				e.hashes[spaceText{space, name.NameKey}] = name.Hash
			}
		}
	}
	return e, nil
}

// read finds the names in a text.
func (e *embeddings) read(space, text string) {
	for _, key := range markup.NewOutline(text).FileNames() {
		if hash, named := e.hashes[spaceText{space, storedKey(key)}]; named {
			e.found[spaceText{space, hash}] = true
		}
	}
}

// textsPiece is how many texts are read at once to find the names of files in them.
const textsPiece = 50

// readRevisions reads the revisions that haven't been read.
func (e *embeddings) readRevisions(ctx context.Context, r repos) error {
	for len(e.hashes) > 0 {
		some, err := r.read.Revision.Query().
			Where(revision.IDGT(e.last), revision.SpaceIDIn(e.spaces...)).
			Order(revision.ByID()).
			Limit(textsPiece).
			Select(revision.FieldSpaceID, revision.FieldContent).
			All(schema.AcrossSpaces(ctx))
		if err != nil || len(some) == 0 {
			return err
		}
		for _, rev := range some {
			e.read(rev.SpaceID, rev.Content)
		}
		e.last = some[len(some)-1].ID
	}
	return nil
}

// readDrafts reads all drafts.
func (e *embeddings) readDrafts(ctx context.Context, r repos) error {
	for last := 0; len(e.hashes) > 0; {
		some, err := r.read.Draft.Query().
			Where(draft.IDGT(last), draft.SpaceIDIn(e.spaces...)).
			Order(draft.ByID()).
			Limit(textsPiece).
			Select(draft.FieldSpaceID, draft.FieldContent).
			All(schema.AcrossSpaces(ctx))
		if err != nil || len(some) == 0 {
			return err
		}
		for _, d := range some {
			e.read(d.SpaceID, d.Content)
		}
		last = some[len(some)-1].ID
	}
	return nil
}

// removeUnused removes those of some files that nothing mentions, and returns the hashes that nobody has any more.
func (r repos) removeUnused(ctx context.Context, files []*gen.File, before time.Time) ([]domain.FileHash, error) {
	of := map[string][]string{}
	left := map[string]bool{} // by hash
	for _, f := range files {
		of[f.SpaceID] = append(of[f.SpaceID], f.Hash)
		left[f.Hash] = false
	}
	for _, space := range slices.Sorted(maps.Keys(of)) {
		hashes := of[space]
		_, err := r.write.File.Delete().
			Where(file.SpaceID(space), file.CreatedAtLT(before), anyOf[predicate.File](file.FieldHash, hashes), isUnused).
			Exec(ctx)
		if err != nil {
			return nil, err
		}
		_, err = r.write.FileUse.Delete().
			Where(fileuse.SpaceID(space), anyOf[predicate.FileUse](fileuse.FieldHash, hashes), withoutFile).
			Exec(ctx)
		if err != nil {
			return nil, err
		}
		_, err = r.write.FileName.Delete().
			Where(filename.SpaceID(space), anyOf[predicate.FileName](filename.FieldHash, hashes), withoutFile).
			Exec(ctx)
		if err != nil {
			return nil, err
		}
	}
	found, err := r.read.File.Query().
		Where(anyOf[predicate.File](file.FieldHash, slices.Collect(maps.Keys(left)))).
		Unique(true).
		Select(file.FieldHash).
		Strings(schema.AcrossSpaces(ctx))
	if err != nil {
		return nil, err
	}
	for _, hash := range found {
		left[hash] = true
	}
	var gone []domain.FileHash
	for _, hash := range slices.Sorted(maps.Keys(left)) {
		if !left[hash] {
			gone = append(gone, domain.FileHash(hash))
		}
	}
	return gone, nil
}

// isUnused says of a file that its hash is in no text that may mention it, and that no link of a note has its name.
func isUnused(s *entsql.Selector) {
	space, hash := s.C(file.FieldSpaceID), s.C(file.FieldHash)
	// has says that there are rows of a table that belong to the file, joined with others as they say.
	has := func(table, spaceColumn, hashColumn string, more func(*entsql.Selector, *entsql.SelectTable)) {
		t := entsql.Table(table)
		rows := entsql.Select().From(t)
		rows.Where(entsql.ColumnsEQ(t.C(spaceColumn), space))
		if hashColumn != "" {
			rows.Where(entsql.ColumnsEQ(t.C(hashColumn), hash))
		}
		more(rows, t)
		s.Where(entsql.NotExists(rows))
	}
	mentioned := func(content string) *entsql.Predicate {
		return entsql.P(func(b *entsql.Builder) {
			position := "instr"
			if b.Dialect() == dialect.Postgres {
				position = "strpos"
			}
			b.WriteString(position)
			b.Wrap(func(b *entsql.Builder) { b.IdentComma(content, hash) }).WriteOp(entsql.OpGT).WriteByte('0')
		})
	}
	has(fileuse.Table, fileuse.FieldSpaceID, fileuse.FieldHash, func(rows *entsql.Selector, use *entsql.SelectTable) {
		n := entsql.Table(note.Table)
		rows.Join(n).On(n.C(note.FieldID), use.C(fileuse.FieldNoteID)).Where(mentioned(n.C(note.FieldContent)))
	})
	has(fileuse.Table, fileuse.FieldSpaceID, fileuse.FieldHash, func(rows *entsql.Selector, use *entsql.SelectTable) {
		r := entsql.Table(revision.Table)
		rows.Join(r).On(r.C(revision.FieldNoteID), use.C(fileuse.FieldNoteID)).Where(mentioned(r.C(revision.FieldContent)))
	})
	has(draft.Table, draft.FieldSpaceID, "", func(rows *entsql.Selector, d *entsql.SelectTable) {
		rows.Where(mentioned(d.C(draft.FieldContent)))
	})
	has(filename.Table, filename.FieldSpaceID, filename.FieldHash, func(rows *entsql.Selector, name *entsql.SelectTable) {
		l := entsql.Table(notelink.Table)
		rows.Join(l).OnP(entsql.And(
			entsql.ColumnsEQ(l.C(notelink.FieldSpaceID), name.C(filename.FieldSpaceID)),
			entsql.ColumnsEQ(l.C(notelink.FieldTitleKey), name.C(filename.FieldNameKey)),
		))
	})
}

// withoutFile says of a use or a name that its file has gone.
func withoutFile(s *entsql.Selector) {
	f := entsql.Table(file.Table)
	s.Where(entsql.NotExists(entsql.Select().From(f).Where(entsql.And(
		entsql.ColumnsEQ(f.C(file.FieldSpaceID), s.C(fileuse.FieldSpaceID)),
		entsql.ColumnsEQ(f.C(file.FieldHash), s.C(fileuse.FieldHash)),
	))))
}
