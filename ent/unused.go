package ent

import (
	"context"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/file"
	"octavo/ent/gen/filename"
	"octavo/ent/gen/fileuse"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notelink"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/revision"
)

// filesPiece is how many files are looked for in texts at once, at most.
const filesPiece = 100

func (r housekeeping) RemoveUnusedFiles(ctx context.Context, before time.Time) (gone []domain.FileHash, err error) {
	for last := (&gen.File{OwnerID: beforeAll}); ; {
		page, err := r.read.File.Query().
			Where(
				file.CreatedAtLT(micros(before)),
				file.Or(file.OwnerIDGT(last.OwnerID), file.And(file.OwnerID(last.OwnerID), file.HashGT(last.Hash))),
			).
			Order(file.ByOwnerID(), file.ByHash()).
			Limit(filesPiece).
			Select(file.FieldOwnerID, file.FieldHash).
			All(ctx)
		if err != nil || len(page) == 0 {
			return gone, r.failure(ctx, err)
		}
		var removed []domain.FileHash
		err = r.atomically(ctx, func(r repos) (err error) {
			removed, err = r.removeUnused(ctx, page, before)
			return r.failure(ctx, err)
		})
		if err != nil {
			return gone, err
		}
		gone = append(gone, removed...)
		last = page[len(page)-1]
	}
}

// removeUnused removes those of some files that nothing mentions, and returns the hashes that nobody has any more.
func (r repos) removeUnused(ctx context.Context, files []*gen.File, before time.Time) ([]domain.FileHash, error) {
	of := map[string][]string{}
	left := map[string]bool{} // by hash
	for _, f := range files {
		of[f.OwnerID] = append(of[f.OwnerID], f.Hash)
		left[f.Hash] = false
	}
	for _, owner := range slices.Sorted(maps.Keys(of)) {
		hashes := of[owner]
		_, err := r.write.File.Delete().
			Where(file.OwnerID(owner), file.CreatedAtLT(micros(before)), anyOf[predicate.File](file.FieldHash, hashes), isUnused).
			Exec(ctx)
		if err != nil {
			return nil, err
		}
		_, err = r.write.FileUse.Delete().
			Where(fileuse.OwnerID(owner), anyOf[predicate.FileUse](fileuse.FieldHash, hashes), withoutFile).
			Exec(ctx)
		if err != nil {
			return nil, err
		}
		_, err = r.write.FileName.Delete().
			Where(filename.OwnerID(owner), anyOf[predicate.FileName](filename.FieldHash, hashes), withoutFile).
			Exec(ctx)
		if err != nil {
			return nil, err
		}
	}
	found, err := r.read.File.Query().
		Where(anyOf[predicate.File](file.FieldHash, slices.Collect(maps.Keys(left)))).
		Unique(true).
		Select(file.FieldHash).
		Strings(ctx)
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

// isUnused says of a file that its hash is in no text that may mention it, and that no link has its name.
func isUnused(s *entsql.Selector) {
	owner, hash := s.C(file.FieldOwnerID), s.C(file.FieldHash)
	// has says that there are rows of a table that belong to the file, joined with others as they say.
	has := func(table, ownerColumn, hashColumn string, more func(*entsql.Selector, *entsql.SelectTable)) {
		t := entsql.Table(table)
		rows := entsql.Select().From(t)
		rows.Where(entsql.ColumnsEQ(t.C(ownerColumn), owner))
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
	has(fileuse.Table, fileuse.FieldOwnerID, fileuse.FieldHash, func(rows *entsql.Selector, use *entsql.SelectTable) {
		n := entsql.Table(note.Table)
		rows.Join(n).On(n.C(note.FieldID), use.C(fileuse.FieldNoteID)).Where(mentioned(n.C(note.FieldContent)))
	})
	has(fileuse.Table, fileuse.FieldOwnerID, fileuse.FieldHash, func(rows *entsql.Selector, use *entsql.SelectTable) {
		r := entsql.Table(revision.Table)
		rows.Join(r).On(r.C(revision.FieldNoteID), use.C(fileuse.FieldNoteID)).Where(mentioned(r.C(revision.FieldContent)))
	})
	has(draft.Table, draft.FieldOwnerID, "", func(rows *entsql.Selector, d *entsql.SelectTable) {
		rows.Where(mentioned(d.C(draft.FieldContent)))
	})
	has(filename.Table, filename.FieldOwnerID, filename.FieldHash, func(rows *entsql.Selector, name *entsql.SelectTable) {
		l := entsql.Table(notelink.Table)
		rows.Join(l).OnP(entsql.And(
			entsql.ColumnsEQ(l.C(notelink.FieldOwnerID), name.C(filename.FieldOwnerID)),
			entsql.ColumnsEQ(l.C(notelink.FieldTitleKey), name.C(filename.FieldNameKey)),
		))
	})
}

// withoutFile says of a use or a name that its file has gone.
func withoutFile(s *entsql.Selector) {
	f := entsql.Table(file.Table)
	s.Where(entsql.NotExists(entsql.Select().From(f).Where(entsql.And(
		entsql.ColumnsEQ(f.C(file.FieldOwnerID), s.C(fileuse.FieldOwnerID)),
		entsql.ColumnsEQ(f.C(file.FieldHash), s.C(fileuse.FieldHash)),
	))))
}
