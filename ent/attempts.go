package ent

import (
	"context"
	"time"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/attempt"
)

// attempts is the domain.Attempts of a database.
type attempts struct{ repos }

func (r repos) Attempts() domain.Attempts { return attempts{r} }

func (r attempts) Try(ctx context.Context, key domain.TokenHash, limit int, now time.Time) (wait time.Duration, err error) {
	// Who has to wait writes nothing, however often they try.
	row, err := r.read.Attempt.Query().Where(attempt.ID(string(key))).Only(ctx)
	if err != nil && !gen.IsNotFound(err) {
		return 0, r.failure(ctx, err)
	}
	if err == nil {
		if _, wait = triesOf(row).Again(limit, now); wait > 0 {
			return wait, nil
		}
	}
	err = r.atomically(ctx, func(r repos) error {
		// So that there is a row to wait for. One that is there stays as it is.
		err := r.write.Attempt.Create().
			SetID(string(key)).
			SetBeganAt(now).
			SetTries(0).
			OnConflictColumns(attempt.FieldID).
			Ignore().
			Exec(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		row, err := locked(r, r.read.Attempt.Query().Where(attempt.ID(string(key)))).Only(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		var after domain.Tries
		if after, wait = triesOf(row).Again(limit, now); wait > 0 {
			return nil
		}
		return r.failure(ctx, r.write.Attempt.UpdateOneID(string(key)).
			SetBeganAt(after.Began).
			SetTries(after.Count).
			Exec(ctx))
	})
	return wait, err
}

func triesOf(row *gen.Attempt) domain.Tries {
	return domain.Tries{Began: row.BeganAt, Count: row.Tries}
}

func (r attempts) TakeBack(ctx context.Context, key domain.TokenHash) error {
	return r.failure(ctx, r.write.Attempt.Update().
		Where(attempt.ID(string(key)), attempt.TriesGT(0)).
		AddTries(-1).
		Exec(ctx))
}
