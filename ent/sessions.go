package ent

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"maps"
	"net/netip"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/membership"
	"octavo/ent/gen/session"
)

// sessions is the domain.Sessions of a database.
type sessions struct{ repos }

func (r repos) Sessions() domain.Sessions { return sessions{r} }

func (r sessions) Add(ctx context.Context, s domain.Session) error {
	return r.failure(ctx, r.write.Session.Create().
		SetID(string(s.Token)).
		SetUserID(string(s.User)).
		SetCreatedAt(s.Created).
		SetSeenAt(s.Seen).
		SetBrowser(s.Browser).
		SetAddress(addressText(s.Address)).
		SetNillableConfirmedAt(orNever(s.Confirmed)).
		Exec(ctx))
}

func (r sessions) Get(ctx context.Context, token domain.TokenHash) (domain.Session, error) {
	row, err := r.read.Session.Query().Where(session.ID(string(token))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Session{}, domain.ErrSessionNotFound
	}
	if err != nil {
		return domain.Session{}, r.failure(ctx, err)
	}
	return sessionFromRow(row), nil
}

// selectSession returns the statement that reads a session and what selectMember reads of its user in their own space. Each
// request of a browser asks for one, and Ent has no words for a row of several tables.
func selectSession(name string) string {
	s, member := newSessionTables(name)
	query, _ := s.
		Join(member.memberships).OnP(entsql.And(
		entsql.ColumnsEQ(member.memberships.C(membership.FieldSpaceID), s.C(session.FieldUserID)),
		entsql.ColumnsEQ(member.memberships.C(membership.FieldUserID), s.C(session.FieldUserID)),
		isOpen(member.memberships),
	)).
		Where(entsql.EQ(s.C(session.FieldID), "")).
		Query()
	return query
}

// selectSessionTo is selectSession for a space of some id, which is given first. Whoever isn't a member has no role in it.
func selectSessionTo(name string) string {
	s, member := newSessionTables(name)
	query, _ := s.
		LeftJoin(member.memberships).OnP(entsql.And(
		entsql.EQ(member.memberships.C(membership.FieldSpaceID), ""),
		entsql.ColumnsEQ(member.memberships.C(membership.FieldUserID), s.C(session.FieldUserID)),
		isOpen(member.memberships),
	)).
		Where(entsql.EQ(s.C(session.FieldID), "")).
		Query()
	return query
}

// newSessionTables returns the sessions that both read, and what their users are members of.
func newSessionTables(name string) (*entsql.Selector, memberTables) {
	s, member := entsql.Dialect(name).Table(session.Table).As("s"), newMemberTables(name)
	return entsql.Dialect(name).
		Select(s.Columns(session.FieldUserID, session.FieldCreatedAt, session.FieldSeenAt, session.FieldBrowser, session.FieldAddress)...).
		AppendSelectExpr(member.columns()...).
		From(s), member
}

func (r sessions) Admit(ctx context.Context, token domain.TokenHash) (domain.Session, domain.Membership, error) {
	return r.admit(ctx, token, "", r.text.session, string(token))
}

func (r sessions) AdmitTo(ctx context.Context, token domain.TokenHash, space domain.ID) (domain.Session, domain.Membership, error) {
	return r.admit(ctx, token, space, r.text.sessionTo, string(space), string(token))
}

// admit returns what a statement finds by a token, of a space or, when that is "", of their own.
func (r sessions) admit(ctx context.Context, token domain.TokenHash, space domain.ID, statement string, args ...any) (
	domain.Session, domain.Membership, error,
) {
	row, member := &gen.Session{ID: string(token)}, memberRow{}
	err := scanRow(ctx, r.read, statement, args,
		append([]any{&row.UserID, &row.CreatedAt, &row.SeenAt, &row.Browser, &row.Address}, member.into()...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Session{}, domain.Membership{}, domain.ErrSessionNotFound
	}
	if err != nil {
		return domain.Session{}, domain.Membership{}, r.failure(ctx, err)
	}
	m, err := member.membership(cmp.Or(space, domain.ID(row.UserID)), domain.ID(row.UserID))
	return sessionFromRow(row), m, err
}

func sessionFromRow(row *gen.Session) domain.Session {
	s := domain.Session{
		Token: domain.TokenHash(row.ID), User: domain.ID(row.UserID), Browser: row.Browser,
		Created: row.CreatedAt, Seen: row.SeenAt,
	}
	if row.ConfirmedAt != nil {
		s.Confirmed = *row.ConfirmedAt
	}
	s.Address, _ = netip.ParseAddr(row.Address) // "" is none
	return s
}

// addressText returns how an address is stored: one that isn't known as "".
func addressText(a netip.Addr) string {
	if !a.IsValid() {
		return ""
	}
	return a.String()
}

func (r sessions) Touch(ctx context.Context, used map[domain.TokenHash]domain.SessionUse) error {
	return r.atomically(ctx, func(tx repos) error {
		for _, token := range slices.Sorted(maps.Keys(used)) { // in one order, whoever else does so at once
			err := tx.write.Session.Update().
				Where(session.ID(string(token))).
				SetSeenAt(used[token].Seen).
				SetAddress(addressText(used[token].Address)).
				Exec(ctx)
			if err != nil {
				return r.failure(ctx, err)
			}
		}
		return nil
	})
}

func (r sessions) Confirm(ctx context.Context, token domain.TokenHash, now time.Time) error {
	return r.failure(ctx, r.write.Session.Update().
		Where(session.ID(string(token))).
		SetConfirmedAt(now).
		Exec(ctx))
}

func (r sessions) List(ctx context.Context, user domain.ID) ([]domain.Session, error) {
	rows, err := r.read.Session.Query().
		Where(session.UserID(string(user))).
		Order(session.BySeenAt(entsql.OrderDesc()), session.ByID()).
		All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.Session, len(rows))
	for i, row := range rows {
		list[i] = sessionFromRow(row)
	}
	return list, nil
}

func (r sessions) Remove(ctx context.Context, token domain.TokenHash) error {
	_, err := r.write.Session.Delete().Where(session.ID(string(token))).Exec(ctx)
	return r.failure(ctx, err)
}

func (r sessions) RemoveOf(ctx context.Context, user domain.ID, kept domain.TokenHash) (int, error) {
	n, err := r.write.Session.Delete().
		Where(session.UserID(string(user)), session.IDNEQ(string(kept))).
		Exec(ctx)
	return n, r.failure(ctx, err)
}

func (r sessions) UseTicket(ctx context.Context, ticket domain.TokenHash, now time.Time) error {
	return r.failure(ctx, r.write.UsedTicket.Create().
		SetID(string(ticket)).
		SetUsedAt(now).
		Exec(ctx))
}
