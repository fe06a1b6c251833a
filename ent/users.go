package ent

import (
	"context"
	"errors"
	"time"

	"octavo/domain"
	"octavo/domain/password"
	"octavo/ent/gen"
	"octavo/ent/gen/user"
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
			SetAdmin(u.Admin).
			SetDisabled(u.Disabled).
			SetCreatedAt(u.Created).
			Exec(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		return tx.addSpace(ctx, domain.PersonalSpace(u), u.ID)
	})
}

func (r users) Get(ctx context.Context, id domain.ID) (domain.User, error) {
	return r.only(ctx, r.read.User.Query().Where(user.ID(string(id))))
}

func (r users) Hold(ctx context.Context, id domain.ID) (domain.User, error) {
	return r.only(ctx, locked(r.repos, r.read.User.Query().Where(user.ID(string(id)))))
}

func (r users) ByLogin(ctx context.Context, login string) (domain.User, error) {
	return r.only(ctx, r.read.User.Query().Where(user.Login(login)))
}

func (r users) only(ctx context.Context, query *gen.UserQuery) (domain.User, error) {
	row, err := query.Only(ctx)
	if gen.IsNotFound(err) {
		return domain.User{}, domain.ErrUserNotFound
	}
	if err != nil {
		return domain.User{}, r.failure(ctx, err)
	}
	return userFromRow(row), nil
}

func userFromRow(row *gen.User) domain.User {
	u := domain.User{ID: domain.ID(row.ID), Name: row.Name, Admin: row.Admin, Disabled: row.Disabled, Created: row.CreatedAt}
	if row.Password != nil {
		u.Password = password.Hash(*row.Password)
	}
	if row.GoesAt != nil {
		u.Goes = *row.GoesAt
	}
	if row.LinksSince != nil {
		u.LinksSince = *row.LinksSince
	}
	return u
}

func (r users) SetPassword(ctx context.Context, u domain.User) error {
	update := r.write.User.Update().
		Where(user.ID(string(u.ID))).
		SetName(u.Name).
		SetLogin(u.Login())
	if u.Password != "" {
		update.SetPassword(string(u.Password))
	}
	n, err := update.Save(ctx)
	if err = r.failure(ctx, err); errors.Is(err, domain.Conflict) {
		return domain.ErrNameTaken
	}
	if err == nil && n == 0 {
		return domain.ErrUserNotFound
	}
	return err
}

func (r users) SetRights(ctx context.Context, u domain.User) error {
	change := r.write.User.Update().
		Where(user.ID(string(u.ID))).
		SetAdmin(u.Admin).
		SetDisabled(u.Disabled).
		SetNillableGoesAt(orNever(u.Goes))
	if u.Goes.IsZero() {
		change.ClearGoesAt()
	}
	n, err := change.Save(ctx)
	if err == nil && n == 0 {
		return domain.ErrUserNotFound
	}
	return r.failure(ctx, err)
}

func (r users) EndTickets(ctx context.Context, id domain.ID, now time.Time) error {
	return r.failure(ctx, r.write.User.Update().Where(user.ID(string(id))).SetLinksSince(now).Exec(ctx))
}

func (r users) List(ctx context.Context) ([]domain.User, error) {
	rows, err := r.read.User.Query().Order(user.ByCreatedAt(), user.ByID()).All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.User, len(rows))
	for i, row := range rows {
		list[i] = userFromRow(row)
	}
	return list, nil
}

func (r users) AnyPassword(ctx context.Context) (bool, error) {
	found, err := r.read.User.Query().Where(user.LoginNotNil()).Exist(ctx)
	return found, r.failure(ctx, err)
}
