package ent

import (
	"context"
	"database/sql"
	"errors"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/membership"
)

// spaces is the domain.Spaces of a database.
type spaces struct{ repos }

func (r repos) Spaces() domain.Spaces { return spaces{r} }

func (r spaces) Add(ctx context.Context, s domain.Space, owner domain.ID) error {
	return r.atomically(ctx, func(tx repos) error { return tx.addSpace(ctx, s, owner) })
}

// addSpace adds a space with its owner.
func (r repos) addSpace(ctx context.Context, s domain.Space, owner domain.ID) error {
	err := r.write.Space.Create().
		SetID(string(s.ID)).
		SetName(s.Name).
		SetCreatedAt(s.Created).
		Exec(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	return r.setMember(ctx, s.ID, owner, domain.RoleOwner, s.Created)
}

func (r repos) setMember(ctx context.Context, space, user domain.ID, role domain.Role, since time.Time) error {
	return r.failure(ctx, r.write.Membership.Create().
		SetSpaceID(string(space)).
		SetUserID(string(user)).
		SetRole(string(role)).
		SetCreatedAt(since).
		OnConflictColumns(membership.FieldSpaceID, membership.FieldUserID).
		Update(func(u *gen.MembershipUpsert) { u.UpdateRole() }).
		Exec(ctx))
}

// selectRole returns the statement that reads a member's role. Each request asks for one, and this takes 12 µs of CPU with
// SQLite instead of the 30 µs of Ent's own query.
func selectRole(name string) string {
	query, _ := entsql.Dialect(name).
		Select(membership.FieldRole).
		From(entsql.Table(membership.Table)).
		Where(entsql.And(entsql.EQ(membership.FieldSpaceID, ""), entsql.EQ(membership.FieldUserID, ""))).
		Query()
	return query
}

func (r spaces) Membership(ctx context.Context, space, user domain.ID) (domain.Membership, error) {
	var text string
	err := scanRow(ctx, r.read, r.text.role, []any{string(space), string(user)}, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	err = r.failure(ctx, err)
	role, known := domain.ParseRole(text)
	switch {
	case errors.Is(err, domain.NotFound): // an id that is none
		return domain.Membership{}, domain.ErrSpaceNotFound
	case err != nil:
		return domain.Membership{}, err
	case !known: // to this program, so it opens nothing here
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	return domain.NewMembership(space, user, role), nil
}

func (r spaces) SetMember(ctx context.Context, space, user domain.ID, role domain.Role, since time.Time) error {
	return r.atomically(ctx, func(tx repos) error {
		if err := tx.checkOwners(ctx, space, user, role); err != nil {
			return err
		}
		return tx.setMember(ctx, space, user, role, since)
	})
}

func (r spaces) RemoveMember(ctx context.Context, space, user domain.ID) error {
	err := r.atomically(ctx, func(tx repos) error {
		if err := tx.checkOwners(ctx, space, user, ""); err != nil {
			return err
		}
		_, err := tx.write.Membership.Delete().
			Where(membership.SpaceID(string(space)), membership.UserID(string(user))).
			Exec(ctx)
		return r.failure(ctx, err)
	})
	if errors.Is(err, domain.NotFound) { // an id that is none
		return nil
	}
	return err
}

// checkOwners is domain.CheckOwners, of owners that stay so until the transaction ends.
func (r repos) checkOwners(ctx context.Context, space, user domain.ID, role domain.Role) error {
	found, err := locked(r, r.read.Membership.Query().
		Where(membership.SpaceID(string(space)), membership.Role(string(domain.RoleOwner))).
		Order(membership.ByUserID())).
		Select(membership.FieldUserID).
		Strings(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	owners := make([]domain.ID, len(found))
	for i, id := range found {
		owners[i] = domain.ID(id)
	}
	return domain.CheckOwners(space, owners, user, role)
}
