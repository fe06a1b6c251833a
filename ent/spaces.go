package ent

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/membership"
	"octavo/ent/gen/search"
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

// memberTables are what a membership is read from.
type memberTables struct {
	memberships             *entsql.SelectTable
	searches, open, expired *entsql.Selector
}

func newMemberTables(name string) memberTables {
	d := entsql.Dialect(name)
	m, saved := d.Table(membership.Table).As("m"), d.Table(search.Table).As("q")
	drafts := func(what string, ending domain.DraftEnding) *entsql.Selector {
		typed := d.Table(draft.Table).As("d")
		return d.SelectExpr(entsql.Raw(what)).From(typed).Where(entsql.And(
			entsql.ColumnsEQ(typed.C(draft.FieldSpaceID), m.C(membership.FieldSpaceID)),
			entsql.ColumnsEQ(typed.C(draft.FieldUserID), m.C(membership.FieldUserID)),
			entsql.P(func(b *entsql.Builder) {
				b.Ident(typed.C(draft.FieldEnding)).WriteString(" = '" + string(ending) + "'")
			}),
		))
	}
	return memberTables{
		memberships: m,
		searches: d.SelectExpr(allOf(saved.C(search.FieldID))).From(saved).
			Where(entsql.ColumnsEQ(saved.C(search.FieldSpaceID), m.C(membership.FieldSpaceID))),
		open:    drafts("count(*)", ""),
		expired: drafts("1", domain.DraftExpired),
	}
}

// allOf is one text of all values of a column, in their order.
func allOf(column string) entsql.Querier {
	return entsql.ExprFunc(func(b *entsql.Builder) {
		switch b.Dialect() {
		case dialect.Postgres:
			b.WriteString("string_agg(CAST(" + column + " AS text), '' ORDER BY " + column + ")")
		case dialect.MySQL:
			b.WriteString("GROUP_CONCAT(" + column + " ORDER BY " + column + " SEPARATOR '')")
		default:
			b.WriteString("GROUP_CONCAT(" + column + ", '' ORDER BY " + column + ")")
		}
	})
}

// columns returns those of a memberRow.
func (t memberTables) columns() []entsql.Querier {
	return []entsql.Querier{
		entsql.Raw(t.memberships.C(membership.FieldRole)),
		value(t.searches), value(t.open), entsql.Exists(t.expired),
	}
}

// value is the one value that a query finds.
func value(of *entsql.Selector) entsql.Querier {
	return entsql.ExprFunc(func(b *entsql.Builder) { b.Wrap(func(b *entsql.Builder) { b.Join(of) }) })
}

// memberRow is what is read of a membership, and where it is scanned into.
type memberRow struct {
	role     string
	searches sql.NullString // their ids: what is saved is never changed but by removing it
	drafts   int
	expired  bool
}

func (r *memberRow) into() []any { return []any{&r.role, &r.searches, &r.drafts, &r.expired} }

func (r *memberRow) membership(space, user domain.ID) (domain.Membership, error) {
	role, known := domain.ParseRole(r.role)
	if !known { // to this program, so it opens nothing here
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	m := domain.NewMembership(space, user, role)
	m.Beside = domain.Beside{Searches: r.searches.String, Drafts: r.drafts, Expired: r.expired}
	return m, nil
}

// selectMember returns the statement that reads what a user is in a space, the version of its saved searches, and which
// drafts they have there. Each request by the key asks for that, and Ent has no words for a row of several tables.
func selectMember(name string) string {
	t := newMemberTables(name)
	query, _ := entsql.Dialect(name).
		SelectExpr(t.columns()...).
		From(t.memberships).
		Where(entsql.And(
			entsql.EQ(t.memberships.C(membership.FieldSpaceID), ""), entsql.EQ(t.memberships.C(membership.FieldUserID), ""),
		)).
		Query()
	return query
}

func (r spaces) Membership(ctx context.Context, space, user domain.ID) (domain.Membership, error) {
	var row memberRow
	err := scanRow(ctx, r.read, r.text.member, []any{string(space), string(user)}, row.into()...)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	if err = r.failure(ctx, err); errors.Is(err, domain.NotFound) { // an id that is none
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	if err != nil {
		return domain.Membership{}, err
	}
	return row.membership(space, user)
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
