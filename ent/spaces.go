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
	if err = r.failure(ctx, err); errors.Is(err, domain.NotFound) { // an id that is none
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	role, known := domain.ParseRole(text)
	if err == nil && !known { // to this program, so it opens nothing here
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	return domain.NewMembership(space, user, role), err
}

func (r spaces) SetMember(ctx context.Context, space, user domain.ID, role domain.Role, since time.Time) error {
	return r.setMember(ctx, space, user, role, since)
}

func (r spaces) RemoveMember(ctx context.Context, space, user domain.ID) error {
	_, err := r.write.Membership.Delete().
		Where(membership.SpaceID(string(space)), membership.UserID(string(user))).
		Exec(ctx)
	return r.listFailure(ctx, err)
}
