package ent

import (
	"context"

	"octavo/domain"
	"octavo/ent/gen"
)

// users is the domain.Users of a database.
type users struct{ repos }

func (r repos) Users() domain.Users { return users{r} }

// Add adds the user's own space as well.
func (r users) Add(ctx context.Context, u domain.User) error {
	return r.atomically(ctx, func(tx repos) error {
		err := tx.write.User.Create().
			SetID(string(u.ID)).
			SetName(u.Name).
			SetCreatedAt(micros(u.Created)).
			Exec(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		own := domain.PersonalSpace(u)
		err = tx.write.Space.Create().
			SetID(string(own.ID)).
			SetName(own.Name).
			SetCreatedAt(micros(own.Created)).
			Exec(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		return r.failure(ctx, tx.write.Membership.Create().
			SetSpaceID(string(own.ID)).
			SetUserID(string(u.ID)).
			SetRole(string(domain.RoleOwner)).
			SetCreatedAt(micros(own.Created)).
			Exec(ctx))
	})
}

func (r users) Get(ctx context.Context, id domain.ID) (domain.User, error) {
	row, err := r.read.User.Get(ctx, string(id))
	if gen.IsNotFound(err) {
		return domain.User{}, domain.ErrUserNotFound
	}
	if err != nil {
		return domain.User{}, r.failure(ctx, err)
	}
	return userFromRow(row), nil
}

func userFromRow(row *gen.User) domain.User {
	return domain.User{ID: domain.ID(row.ID), Name: row.Name, Created: fromMicros(row.CreatedAt)}
}
