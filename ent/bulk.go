package ent

import (
	"context"

	"octavo/domain"
)

// AddNotes stores new notes of a user, all of them or none: the same as Notes.Add for each, with a few statements for
// many notes. It returns Conflict when an id is taken. Some thousands of notes are a good number.
func (s *Store) AddNotes(ctx context.Context, actor domain.Actor, list []domain.Note) error {
	return s.atomically(ctx, func(r repos) error { return notes{r, string(actor.User)}.addAll(ctx, list) })
}

func (r notes) addAll(ctx context.Context, list []domain.Note) error {
	for piece := range inPieces(list, contentOf) {
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
		rows[i] = append(noteValues(n, now[i]), string(n.ID), r.owner, micros(n.Created))
	}
	if err := r.insertRows(ctx, "notes", noteColumns, "", rows); err != nil {
		return err
	}
	return r.storeMany(ctx, list, make([]derived, len(list)), now)
}
