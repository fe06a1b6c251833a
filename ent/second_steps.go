package ent

import (
	"context"
	"strings"

	"octavo/domain"
	"octavo/domain/onetime"
	"octavo/ent/gen"
	"octavo/ent/gen/secondstep"
	"octavo/ent/gen/user"
)

// secondSteps is the domain.SecondSteps of a database.
type secondSteps struct{ repos }

func (r repos) SecondSteps() domain.SecondSteps { return secondSteps{r} }

func (r secondSteps) Get(ctx context.Context, id domain.ID) (domain.SecondStep, error) {
	row, err := r.read.SecondStep.Query().Where(secondstep.UserID(string(id))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.SecondStep{}, nil
	}
	if err != nil {
		return domain.SecondStep{}, r.failure(ctx, err)
	}
	s := domain.SecondStep{
		User: domain.ID(row.UserID), Secret: onetime.Secret(row.Secret), Used: row.Used, Since: row.CreatedAt,
	}
	for hash := range strings.FieldsSeq(row.Recovery) {
		s.Recovery = append(s.Recovery, domain.TokenHash(hash))
	}
	return s, nil
}

func (r secondSteps) Put(ctx context.Context, s domain.SecondStep) error {
	return r.atomically(ctx, func(tx repos) error {
		there, err := tx.read.User.Query().Where(user.ID(string(s.User))).Exist(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		if !there {
			return domain.ErrUserNotFound
		}
		if err := (secondSteps{tx}).Remove(ctx, s.User); err != nil {
			return err
		}
		hashes := make([]string, len(s.Recovery))
		for i, hash := range s.Recovery {
			hashes[i] = string(hash)
		}
		return r.failure(ctx, tx.write.SecondStep.Create().
			SetUserID(string(s.User)).
			SetSecret(string(s.Secret)).
			SetUsed(s.Used).
			SetRecovery(strings.Join(hashes, " ")).
			SetCreatedAt(s.Since).
			Exec(ctx))
	})
}

func (r secondSteps) Remove(ctx context.Context, id domain.ID) error {
	_, err := r.write.SecondStep.Delete().Where(secondstep.UserID(string(id))).Exec(ctx)
	return r.failure(ctx, err)
}
