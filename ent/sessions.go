package ent

import (
	"context"
	"database/sql"
	"errors"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
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
		Exec(ctx))
}

// selectSession returns the statement that reads a session. Each request asks for one, and this takes 5 µs of CPU with
// SQLite instead of the 13 µs of Ent's own query.
func selectSession(name string) string {
	query, _ := entsql.Dialect(name).
		Select(session.FieldUserID, session.FieldCreatedAt, session.FieldSeenAt, session.FieldBrowser).
		From(entsql.Table(session.Table)).
		Where(entsql.EQ(session.FieldID, "")).
		Query()
	return query
}

func (r sessions) Get(ctx context.Context, token domain.TokenHash) (domain.Session, error) {
	row := &gen.Session{ID: string(token)}
	err := scanRow(ctx, r.read, r.text.session, []any{row.ID}, &row.UserID, &row.CreatedAt, &row.SeenAt, &row.Browser)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Session{}, domain.ErrSessionNotFound
	}
	if err != nil {
		return domain.Session{}, r.failure(ctx, err)
	}
	return sessionFromRow(row), nil
}

func sessionFromRow(row *gen.Session) domain.Session {
	return domain.Session{
		Token: domain.TokenHash(row.ID), User: domain.ID(row.UserID), Browser: row.Browser,
		Created: row.CreatedAt, Seen: row.SeenAt,
	}
}

func (r sessions) Touch(ctx context.Context, token domain.TokenHash, seen time.Time) error {
	return r.failure(ctx, r.write.Session.Update().
		Where(session.ID(string(token))).
		SetSeenAt(seen).
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
