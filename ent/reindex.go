package ent

import (
	"context"
	"errors"

	"entgo.io/ent/dialect"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/schema"
)

// reindexPiece is how many notes are compared with the index at once.
const reindexPiece = 200

// Reindex compares the index with some notes, as domain.Housekeeping says. On servers it also asks what the index itself
// finds: one that was killed may have lost that, though the row is there.
func (r housekeeping) Reindex(ctx context.Context, from domain.ID) (mended int, next domain.ID, err error) {
	if from == "" {
		if err := r.atomically(ctx, func(r repos) error { return r.failure(ctx, r.text.search.prepare(ctx, r)) }); err != nil {
			return 0, "", err
		}
	}
	piece, err := r.read.Note.Query().
		Where(note.IDGT(after(from))).
		Order(note.ByID()).
		Limit(reindexPiece).
		Select(note.FieldSpaceID, note.FieldTitle, note.FieldState, note.FieldVersion).
		All(schema.AcrossSpaces(ctx))
	if err != nil {
		return 0, "", r.failure(ctx, err)
	}
	last := afterAll
	if len(piece) == reindexPiece {
		last = piece[len(piece)-1].ID
		next = domain.ID(last)
	}
	// First of all, or what is indexed again might get their numbers.
	if mended, err = r.text.search.sweep(ctx, r.repos, after(from), last); err != nil {
		return 0, "", err
	}
	known, err := r.text.search.known(ctx, r.repos, piece)
	if err != nil {
		return mended, "", err
	}
	for _, row := range piece {
		if known[row.ID] {
			continue
		}
		again, err := notes{r.repos, row.SpaceID}.indexAgain(ctx, domain.ID(row.ID))
		if err != nil {
			return mended, "", err
		}
		if again {
			mended++
		}
	}
	return mended, next, nil
}

// afterAll is an id that nothing has and that comes after all that things have.
const afterAll = "ffffffff-ffff-ffff-ffff-ffffffffffff"

// indexAgain indexes a note unless it has gone, or has been indexed meanwhile.
func (r notes) indexAgain(ctx context.Context, id domain.ID) (again bool, err error) {
	err = r.atomically(ctx, func(r notes) error {
		again = false
		n, err := r.Get(ctx, id)
		if errors.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		row := &gen.Note{ID: string(n.ID), Title: n.Title, State: string(n.State), Version: n.Version}
		known, err := r.text.search.known(ctx, r.repos, []*gen.Note{row})
		if err != nil || known[row.ID] {
			return err
		}
		again = true
		forget := map[string]string{
			dialect.MySQL:  deleteTerms, // it indexes no words of a row that doesn't change
			dialect.SQLite: doubtDoc,    // the words may be lost, though the row knows them
		}[r.text.dialect]
		if forget != "" {
			if _, err := r.exec(ctx, forget, row.ID); err != nil {
				return err
			}
		}
		return r.index(ctx, indexed{n, n.SearchEntry()})
	})
	return again, err
}
