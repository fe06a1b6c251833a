package ent

import (
	"context"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/user"
)

// users is the domain.Users of a database.
type users struct{ repos }

func (r repos) Users() domain.Users { return users{r} }

func (r users) Add(ctx context.Context, u domain.User) error {
	return r.failure(ctx, r.write.User.Create().
		SetID(string(u.ID)).
		SetName(u.Name).
		SetCreatedAt(micros(u.Created)).
		Exec(ctx))
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

// lockUser has a user stay as they are until the transaction ends, if the user is there.
func (r repos) lockUser(ctx context.Context, id string) error {
	_, err := locked(r, r.read.User.Query().Where(user.ID(id))).IDs(ctx)
	return r.failure(ctx, err)
}

func userFromRow(row *gen.User) domain.User {
	return domain.User{ID: domain.ID(row.ID), Name: row.Name, Created: fromMicros(row.CreatedAt)}
}
