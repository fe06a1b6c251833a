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
			SetCreatedAt(u.Created).
			Exec(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		return tx.addSpace(ctx, domain.PersonalSpace(u), u.ID)
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
	return domain.User{ID: domain.ID(row.ID), Name: row.Name, Created: row.CreatedAt}
}
