package ent

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/membership"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/search"
	"octavo/ent/gen/share"
	"octavo/ent/gen/space"
	"octavo/ent/schema"
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
	memberships                     *entsql.SelectTable
	searches, open, expired, shared *entsql.Selector
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
	others, spaces := d.Table(membership.Table).As("o"), d.Table(space.Table).As("p")
	return memberTables{
		memberships: m,
		shared: d.SelectExpr(spaceLines(spaces.C(space.FieldID), spaces.C(space.FieldName))).
			From(others).
			Join(spaces).On(spaces.C(space.FieldID), others.C(membership.FieldSpaceID)).
			Where(entsql.And(
				entsql.ColumnsEQ(others.C(membership.FieldUserID), m.C(membership.FieldUserID)),
				isOpen(others),
				entsql.ColumnsNEQ(others.C(membership.FieldSpaceID), others.C(membership.FieldUserID)),
			)),
		searches: d.SelectExpr(allOf(saved.C(search.FieldID))).From(saved).
			Where(entsql.ColumnsEQ(saved.C(search.FieldSpaceID), m.C(membership.FieldSpaceID))),
		open:    drafts("count(*)", ""),
		expired: drafts("1", domain.DraftExpired),
	}
}

// isOpen is for memberships of spaces that stay.
func isOpen(m *entsql.SelectTable) *entsql.Predicate {
	return entsql.P(func(b *entsql.Builder) { b.WriteString("NOT ").Ident(m.C(membership.FieldClosed)) })
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

// spaceLines is one text of all spaces, each as domain.SpaceLine has it, in the order of their ids.
func spaceLines(id, name string) entsql.Querier {
	return entsql.ExprFunc(func(b *entsql.Builder) {
		switch b.Dialect() {
		case dialect.Postgres:
			b.WriteString("string_agg(CAST(" + id + " AS text) || ' ' || " + name + " || chr(10), '' ORDER BY " + id + ")")
		case dialect.MySQL:
			b.WriteString("GROUP_CONCAT(CONCAT(" + id + ", ' ', " + name + ", CHAR(10)) ORDER BY " + id + " SEPARATOR '')")
		default:
			b.WriteString("GROUP_CONCAT(" + id + " || ' ' || " + name + " || char(10), '' ORDER BY " + id + ")")
		}
	})
}

// columns returns those of a memberRow.
func (t memberTables) columns() []entsql.Querier {
	return []entsql.Querier{
		entsql.Raw(t.memberships.C(membership.FieldRole)),
		value(t.searches), value(t.open), entsql.Exists(t.expired), value(t.shared),
	}
}

// value is the one value that a query finds.
func value(of *entsql.Selector) entsql.Querier {
	return entsql.ExprFunc(func(b *entsql.Builder) { b.Wrap(func(b *entsql.Builder) { b.Join(of) }) })
}

// memberRow is what is read of a membership, and where it is scanned into.
type memberRow struct {
	role     sql.NullString // of none, where they are no member
	searches sql.NullString // their ids: what is saved is never changed but by removing it
	drafts   int
	expired  bool
	shared   sql.NullString
}

func (r *memberRow) into() []any {
	return []any{&r.role, &r.searches, &r.drafts, &r.expired, &r.shared}
}

func (r *memberRow) membership(space, user domain.ID) (domain.Membership, error) {
	role, known := domain.ParseRole(r.role.String)
	if !known { // to this program, so it opens nothing here
		return domain.Membership{}, domain.ErrSpaceNotFound
	}
	m := domain.NewMembership(space, user, role)
	m.Beside = domain.Beside{Searches: r.searches.String, Drafts: r.drafts, Expired: r.expired, Spaces: r.shared.String}
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
			isOpen(t.memberships),
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

func (r spaces) Hold(ctx context.Context, id domain.ID) (domain.Space, error) {
	row, err := locked(r.repos, r.read.Space.Query().Where(space.ID(string(id)))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Space{}, domain.ErrSpaceNotFound
	}
	if err != nil {
		return domain.Space{}, r.failure(ctx, err)
	}
	return spaceFromRow(row), nil
}

func spaceFromRow(row *gen.Space) domain.Space {
	s := domain.Space{ID: domain.ID(row.ID), Name: row.Name, Created: row.CreatedAt}
	if row.GoesAt != nil {
		s.Goes = *row.GoesAt
	}
	return s
}

func (r spaces) SetName(ctx context.Context, s domain.Space) error {
	return r.failure(ctx, r.write.Space.Update().Where(space.ID(string(s.ID))).SetName(s.Name).Exec(ctx))
}

func (r spaces) SetGoes(ctx context.Context, s domain.Space) error {
	return r.atomically(ctx, func(tx repos) error {
		change := tx.write.Space.Update().Where(space.ID(string(s.ID))).SetNillableGoesAt(orNever(s.Goes))
		if s.Goes.IsZero() {
			change.ClearGoesAt()
		}
		if err := change.Exec(ctx); err != nil {
			return r.failure(ctx, err)
		}
		return r.failure(ctx, tx.write.Membership.Update().
			Where(membership.SpaceID(string(s.ID))).
			SetClosed(!s.Goes.IsZero()).
			Exec(ctx))
	})
}

func (r spaces) SharedBy(ctx context.Context, user domain.ID) ([]domain.SharedSpace, error) {
	return r.sharedBy(ctx, user, membership.Closed(false))
}

func (r spaces) Closed(ctx context.Context, owner domain.ID) (list []domain.Space, err error) {
	found, err := r.sharedBy(ctx, owner, membership.Closed(true), membership.Role(string(domain.RoleOwner)))
	for _, s := range found {
		list = append(list, s.Space)
	}
	return list, err
}

// sharedBy returns the spaces that a user shares with others, of which some are asked for.
func (r spaces) sharedBy(ctx context.Context, user domain.ID, which ...predicate.Membership) ([]domain.SharedSpace, error) {
	rows, err := r.read.Membership.Query().
		Where(membership.UserID(string(user)), membership.SpaceIDNEQ(string(user)), membership.And(which...)).
		WithSpace().
		All(schema.AcrossSpaces(ctx))
	var list []domain.SharedSpace
	for _, row := range rows {
		if role, known := domain.ParseRole(row.Role); known {
			list = append(list, domain.SharedSpace{Space: spaceFromRow(row.Edges.Space), Role: role})
		}
	}
	slices.SortFunc(list, func(a, b domain.SharedSpace) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, r.listFailure(ctx, err)
}

func (r spaces) Members(ctx context.Context, id domain.ID) ([]domain.Member, error) {
	rows, err := r.read.Membership.Query().
		Where(membership.SpaceID(string(id))).
		Order(membership.ByCreatedAt(), membership.ByUserID()).
		WithUser().
		All(ctx)
	var list []domain.Member
	for _, row := range rows {
		list = append(list, memberFromRow(row))
	}
	return list, r.listFailure(ctx, err)
}

// memberFromRow returns a member from a row that has been read with its user.
func memberFromRow(row *gen.Membership) domain.Member {
	who := userFromRow(row.Edges.User)
	return domain.Member{User: who.ID, Name: who.Name, Role: domain.Role(row.Role), Since: row.CreatedAt, Away: who.Away()}
}

func (r spaces) SetMember(ctx context.Context, id, user domain.ID, role domain.Role, since time.Time) error {
	return r.atomically(ctx, func(tx repos) error {
		if err := tx.checkOwners(ctx, id, user, role); err != nil {
			return err
		}
		stays, err := tx.read.Space.Query().Where(space.ID(string(id)), space.GoesAtIsNil()).Exist(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		if !stays {
			return domain.ErrSpaceNotFound
		}
		if err := tx.setMember(ctx, id, user, role, since); err != nil || role.Edits() {
			return err
		}
		return tx.endShares(ctx, id, user)
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
		if err != nil {
			return r.failure(ctx, err)
		}
		return tx.endShares(ctx, space, user)
	})
	if errors.Is(err, domain.NotFound) { // an id that is none
		return nil
	}
	return err
}

// endShares removes the shares of a user in a space.
func (r repos) endShares(ctx context.Context, space, user domain.ID) error {
	_, err := r.write.Share.Delete().Where(share.SpaceID(string(space)), share.UserID(string(user))).Exec(ctx)
	return r.failure(ctx, err)
}

// checkOwners is domain.CheckOwners, of owners that stay so until the transaction ends.
func (r repos) checkOwners(ctx context.Context, space, member domain.ID, role domain.Role) error {
	found, err := locked(r, r.read.Membership.Query().
		Where(membership.SpaceID(string(space)), membership.Role(string(domain.RoleOwner))).
		Order(membership.ByUserID())).
		WithUser().
		All(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	owners := make([]domain.Member, len(found))
	for i, row := range found {
		owners[i] = memberFromRow(row)
	}
	return domain.CheckOwners(space, owners, member, role)
}
