package ent

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/accesstoken"
	"octavo/ent/gen/membership"
	"octavo/ent/schema"
)

// accessTokens is the domain.AccessTokens of a database.
type accessTokens struct{ repos }

func (r repos) AccessTokens() domain.AccessTokens { return accessTokens{r} }

func (r accessTokens) Add(ctx context.Context, t domain.AccessToken) error {
	return r.failure(ctx, r.write.AccessToken.Create().
		SetID(string(t.Hash)).
		SetUserID(string(t.User)).
		SetSpaceID(string(t.Space)).
		SetName(t.Name).
		SetScopes(t.Scopes.String()).
		SetTag(string(t.Tag)).
		SetCreatedAt(t.Created).
		SetNillableExpiresAt(orNever(t.Expires)).
		SetNillableUsedAt(orNever(t.Used)).
		Exec(ctx))
}

// selectToken returns the statement that reads a token and what selectMember reads of its user in its space, as each request
// by a token asks for.
func selectToken(name string) string {
	t, member := entsql.Dialect(name).Table(accesstoken.Table).As("t"), newMemberTables(name)
	query, _ := entsql.Dialect(name).
		Select(t.Columns(accesstoken.FieldUserID, accesstoken.FieldSpaceID, accesstoken.FieldName, accesstoken.FieldScopes, accesstoken.FieldTag,
			accesstoken.FieldCreatedAt, accesstoken.FieldExpiresAt, accesstoken.FieldUsedAt)...).
		AppendSelectExpr(member.columns()...).
		From(t).
		Join(member.memberships).OnP(entsql.And(
		entsql.ColumnsEQ(member.memberships.C(membership.FieldSpaceID), t.C(accesstoken.FieldSpaceID)),
		entsql.ColumnsEQ(member.memberships.C(membership.FieldUserID), t.C(accesstoken.FieldUserID)),
		isOpen(member.memberships),
	)).
		Where(entsql.EQ(t.C(accesstoken.FieldID), "")).
		Query()
	return query
}

func (r accessTokens) Admit(ctx context.Context, hash domain.TokenHash) (domain.AccessToken, domain.Membership, error) {
	row, member := &gen.AccessToken{ID: string(hash)}, memberRow{}
	err := scanRow(ctx, r.read, r.text.token, []any{row.ID}, append([]any{
		&row.UserID, &row.SpaceID, &row.Name, &row.Scopes, &row.Tag, &row.CreatedAt, &row.ExpiresAt, &row.UsedAt,
	}, member.into()...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.AccessToken{}, domain.Membership{}, domain.ErrTokenNotFound
	}
	if err != nil {
		return domain.AccessToken{}, domain.Membership{}, r.failure(ctx, err)
	}
	m, err := member.membership(domain.ID(row.SpaceID), domain.ID(row.UserID))
	if errors.Is(err, domain.NotFound) {
		return domain.AccessToken{}, domain.Membership{}, domain.ErrTokenNotFound
	}
	return tokenFromRow(row), m, err
}

func tokenFromRow(row *gen.AccessToken) domain.AccessToken {
	t := domain.AccessToken{
		Hash: domain.TokenHash(row.ID), User: domain.ID(row.UserID), Space: domain.ID(row.SpaceID), Name: row.Name,
		Scopes: domain.ParseScopes(row.Scopes), Tag: domain.Tag(row.Tag), Created: row.CreatedAt,
	}
	if row.ExpiresAt != nil {
		t.Expires = *row.ExpiresAt
	}
	if row.UsedAt != nil {
		t.Used = *row.UsedAt
	}
	return t
}

// orNever is how a time is stored that may not come.
func orNever(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (r accessTokens) Touch(ctx context.Context, used map[domain.TokenHash]time.Time) error {
	return r.atomically(ctx, func(tx repos) error {
		for _, hash := range slices.Sorted(maps.Keys(used)) {
			at := used[hash]
			_, err := tx.write.AccessToken.Update().
				Where(accesstoken.ID(string(hash)), accesstoken.Or(accesstoken.UsedAtIsNil(), accesstoken.UsedAtLT(at))).
				SetUsedAt(at).
				Save(schema.AcrossSpaces(ctx))
			if err != nil {
				return r.failure(ctx, err)
			}
		}
		return nil
	})
}

func (r accessTokens) List(ctx context.Context, user domain.ID) ([]domain.AccessToken, error) {
	rows, err := r.read.AccessToken.Query().
		Where(accesstoken.UserID(string(user))).
		Order(accesstoken.ByCreatedAt(entsql.OrderDesc()), accesstoken.ByID()).
		All(schema.AcrossSpaces(ctx))
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.AccessToken, len(rows))
	for i, row := range rows {
		list[i] = tokenFromRow(row)
	}
	return list, nil
}

func (r accessTokens) Remove(ctx context.Context, user domain.ID, hash domain.TokenHash) error {
	n, err := r.write.AccessToken.Delete().
		Where(accesstoken.ID(string(hash)), accesstoken.UserID(string(user))).
		Exec(schema.AcrossSpaces(ctx))
	if err == nil && n == 0 {
		return domain.ErrTokenNotFound
	}
	return r.failure(ctx, err)
}

func (r accessTokens) RemoveOf(ctx context.Context, user domain.ID) error {
	_, err := r.write.AccessToken.Delete().Where(accesstoken.UserID(string(user))).Exec(schema.AcrossSpaces(ctx))
	return r.failure(ctx, err)
}

func (r accessTokens) RemoveIn(ctx context.Context, user, space domain.ID) error {
	_, err := r.write.AccessToken.Delete().
		Where(accesstoken.UserID(string(user)), accesstoken.SpaceID(string(space))).
		Exec(ctx)
	return r.failure(ctx, err)
}
