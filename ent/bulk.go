package ent

import (
	"context"

	"octavo/domain"
	"octavo/ent/gen/note"
)

func (r notes) AddMany(ctx context.Context, list []domain.Note, said []domain.Revision) error {
	return r.atomically(ctx, func(r notes) error {
		if err := r.addAll(ctx, list); err != nil || len(said) == 0 {
			return err
		}
		return revisions(r).AddMany(ctx, said)
	})
}

func (r notes) addAll(ctx context.Context, list []domain.Note) error {
	for piece := range inPieces(list, sizeOfNote) {
		if err := r.addPiece(ctx, piece); err != nil {
			return err
		}
	}
	return nil
}

func (r notes) addPiece(ctx context.Context, list []domain.Note) error {
	now := make([]derived, len(list))
	rows := make([][]any, len(list))
	for i, n := range list {
		now[i] = derivedOf(n)
		rows[i] = r.addedValues(n, now[i])
	}
	if err := r.insert(ctx, note.Table, addedFields, rows); err != nil {
		return err
	}
	return r.store(ctx, list, make([]derived, len(list)), now)
}
