package ent

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/revision"
)

// revisions is the domain.Revisions of a database.
type revisions struct {
	repos
	space string
}

func (r repos) ReadRevisions(a domain.ReadAccess) domain.RevisionReader {
	return revisions{r, string(a.Space())}
}

func (r repos) Revisions(a domain.WriteAccess) domain.Revisions {
	return revisions{r, string(a.Space())}
}

// insertRevision returns the statement that stores a revision if its note is in the space, as each save does. It takes
// 6 µs of CPU with SQLite instead of the 52 µs of Ent's own two statements, which look for the note and ask for the row's
// number. Ent's builder has an insertion of values only, and none of what is selected.
func insertRevision(name string) string {
	given := entsql.ExprFunc(func(b *entsql.Builder) { b.Args(slices.Repeat([]any{""}, len(revisionFields))...) })
	query, _ := entsql.Dialect(name).Expr(func(b *entsql.Builder) {
		b.WriteString("INSERT INTO ").Ident(revision.Table).Pad().Wrap(func(b *entsql.Builder) {
			b.IdentComma(append([]string{revision.FieldNoteID, revision.FieldSpaceID}, revisionFields...)...)
		}).Pad().Join(entsql.Dialect(name).
			Select(note.FieldID, note.FieldSpaceID).
			AppendSelectExpr(given).
			From(entsql.Table(note.Table)).
			Where(entsql.And(entsql.EQ(note.FieldID, ""), entsql.EQ(note.FieldSpaceID, ""))))
	}).Query()
	return query
}

func (r revisions) Add(ctx context.Context, rev domain.Revision) error {
	return r.atomically(ctx, func(tx repos) error {
		values := append(revisionValues(rev), string(rev.Note), r.space)
		if _, held := tx.holds(r.space, rev.Note); held {
			if err := tx.later(ctx, r.text.revision, values...); err != nil {
				return err
			}
			return tx.insertFileUses(ctx, fileUses(rev.Note, r.space, rev.Files()))
		}
		added, err := tx.exec(ctx, r.text.revision, values...)
		if errors.Is(err, domain.NotFound) || (err == nil && added == 0) {
			return domain.ErrNoteNotFound
		}
		if err != nil {
			return err
		}
		return tx.insertFileUses(ctx, fileUses(rev.Note, r.space, rev.Files()))
	})
}

func (r revisions) AddMany(ctx context.Context, list []domain.Revision) error {
	if len(list) == 1 {
		return r.Add(ctx, list[0])
	}
	of := map[string]bool{}
	for _, rev := range list {
		of[string(rev.Note)] = true
	}
	return r.atomically(ctx, func(tx repos) error {
		there := 0
		for ids := range slices.Chunk(slices.Collect(maps.Keys(of)), rowsPiece) {
			n, err := tx.read.Note.Query().
				Where(inSpace[predicate.Note](note.FieldSpaceID, r.space), anyOf[predicate.Note](note.FieldID, ids)).
				Count(ctx)
			if err != nil {
				return cmp.Or(r.listFailure(ctx, err), error(domain.ErrNoteNotFound))
			}
			there += n
		}
		if there < len(of) {
			return domain.ErrNoteNotFound
		}
		for piece := range inPieces(list, func(rev domain.Revision) int { return len(rev.Content) }) {
			err := r.failure(ctx, tx.write.Revision.MapCreateBulk(piece, func(row *gen.RevisionCreate, i int) {
				revisionRow(row, piece[i]).SetSpaceID(r.space)
			}).Exec(ctx))
			if errors.Is(err, domain.NotFound) {
				return domain.ErrNoteNotFound
			}
			if err != nil {
				return err
			}
			var uses [][]any
			for _, rev := range piece {
				uses = append(uses, fileUses(rev.Note, r.space, rev.Files())...)
			}
			if err := tx.insertFileUses(ctx, uses); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r revisions) At(ctx context.Context, id domain.ID, version int) (domain.Revision, error) {
	row, err := r.read.Revision.Query().
		Where(revision.NoteID(string(id)), revision.VersionLTE(version), revision.SpaceID(r.space)).
		Order(revision.ByVersion(entsql.OrderDesc())).
		First(ctx)
	if gen.IsNotFound(err) {
		return domain.Revision{}, domain.ErrRevisionNotFound
	}
	if err != nil {
		return domain.Revision{}, r.failure(ctx, err)
	}
	return revisionOf(row), nil
}

func (r revisions) Exactly(ctx context.Context, versions map[domain.ID]int) (map[domain.ID]domain.Revision, error) {
	found := map[domain.ID]domain.Revision{}
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(versions)), rowsPiece) {
		rows, err := r.read.Revision.Query().Where(revision.SpaceID(r.space), exactly(ids, versions)).All(ctx)
		if err := r.listFailure(ctx, err); err != nil {
			return nil, err
		}
		for _, row := range rows {
			found[domain.ID(row.NoteID)] = revisionOf(row)
		}
	}
	return found, nil
}

// exactly says that revisions are of some notes, and of the version that each has. PostgreSQL gets them as anyOf has it.
func exactly(ids []domain.ID, versions map[domain.ID]int) predicate.Revision {
	numbers := make([]int64, len(ids))
	for i, id := range ids {
		numbers[i] = int64(versions[id])
	}
	return func(s *entsql.Selector) {
		if s.Dialect() == dialect.Postgres {
			pairs := entsql.Dialect(s.Dialect()).Select().FromExpr(entsql.ExprFunc(func(b *entsql.Builder) {
				b.WriteString("unnest(CAST(CAST(").Arg(texts(ids)).WriteString(" AS text[]) AS uuid[]), CAST(").
					Arg(numbers).WriteString(" AS bigint[]))")
			}))
			s.Where(entsql.P(func(b *entsql.Builder) {
				b.Wrap(func(b *entsql.Builder) { b.IdentComma(s.C(revision.FieldNoteID), s.C(revision.FieldVersion)) })
				b.WriteOp(entsql.OpIn).Wrap(func(b *entsql.Builder) { b.Join(pairs) })
			}))
			return
		}
		each := make([]*entsql.Predicate, len(ids))
		for i, id := range ids {
			each[i] = entsql.And(entsql.EQ(s.C(revision.FieldNoteID), string(id)), entsql.EQ(s.C(revision.FieldVersion), numbers[i]))
		}
		s.Where(entsql.Or(each...))
	}
}

func (r revisions) List(ctx context.Context, id domain.ID, before, limit int) ([]domain.RevisionSummary, error) {
	older := []predicate.Revision{revision.NoteID(string(id)), revision.SpaceID(r.space)}
	if before != 0 {
		older = append(older, revision.VersionLT(before))
	}
	rows, err := r.read.Revision.Query().
		Where(older...).
		Order(revision.ByVersion(entsql.OrderDesc())).
		Limit(limit).
		Select(revision.FieldVersion, revision.FieldTitle, revision.FieldSize, revision.FieldSavedAt, revision.FieldAuthorID, revision.FieldShareID).
		All(ctx)
	var list []domain.RevisionSummary
	for _, row := range rows {
		list = append(list, domain.RevisionSummary{
			Version: row.Version, Title: row.Title, Size: row.Size, Saved: row.SavedAt, Author: orNone(row.AuthorID),
			Share: orNone(row.ShareID),
		})
	}
	return list, r.listFailure(ctx, err)
}
