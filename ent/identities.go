package ent

import (
	"context"
	"time"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/identity"
	"octavo/ent/gen/user"
)

// identities is the domain.Identities of a database.
type identities struct{ repos }

func (r repos) Identities() domain.Identities { return identities{r} }

func (r identities) Add(ctx context.Context, i domain.Identity) error {
	return r.atomically(ctx, func(tx repos) error {
		there, err := tx.read.User.Query().Where(user.ID(string(i.User))).Exist(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		if !there {
			return domain.ErrUserNotFound
		}
		return r.failure(ctx, tx.write.Identity.Create().
			SetID(string(i.ID)).
			SetUserID(string(i.User)).
			SetName(i.Name).
			SetCreatedAt(i.Created).
			SetNillableUsedAt(orNever(i.Used)).
			Exec(ctx))
	})
}

func (r identities) Get(ctx context.Context, id domain.TokenHash) (domain.Identity, error) {
	row, err := r.read.Identity.Query().Where(identity.ID(string(id))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Identity{}, domain.ErrIdentityNotFound
	}
	if err != nil {
		return domain.Identity{}, r.failure(ctx, err)
	}
	return identityFromRow(row), nil
}

func identityFromRow(row *gen.Identity) domain.Identity {
	i := domain.Identity{ID: domain.TokenHash(row.ID), User: domain.ID(row.UserID), Name: row.Name, Created: row.CreatedAt}
	if row.UsedAt != nil {
		i.Used = *row.UsedAt
	}
	return i
}

func (r identities) Touch(ctx context.Context, id domain.TokenHash, now time.Time) error {
	return r.failure(ctx, r.write.Identity.Update().Where(identity.ID(string(id))).SetUsedAt(now).Exec(ctx))
}

func (r identities) List(ctx context.Context, id domain.ID) ([]domain.Identity, error) {
	rows, err := r.read.Identity.Query().
		Where(identity.UserID(string(id))).
		Order(identity.ByCreatedAt(), identity.ByID()).
		All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.Identity, len(rows))
	for i, row := range rows {
		list[i] = identityFromRow(row)
	}
	return list, nil
}

func (r identities) Remove(ctx context.Context, user domain.ID, id domain.TokenHash) error {
	n, err := r.write.Identity.Delete().Where(identity.ID(string(id)), identity.UserID(string(user))).Exec(ctx)
	if err == nil && n == 0 {
		return domain.ErrIdentityNotFound
	}
	return r.failure(ctx, err)
}
