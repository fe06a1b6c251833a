package ent

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"octavo/domain"
	"octavo/ent/gen/session"
)

// sessions is the domain.Sessions of a database.
type sessions struct{ repos }

func (r repos) Sessions() domain.Sessions { return sessions{r} }

func (r sessions) Add(ctx context.Context, s domain.Session) error {
	return r.failure(ctx, r.write.Session.Create().
		SetID(string(s.Token)).
		SetUserID(string(s.User)).
		SetCreatedAt(micros(s.Created)).
		SetSeenAt(micros(s.Seen)).
		Exec(ctx))
}

func (r sessions) Get(ctx context.Context, token domain.TokenHash) (domain.Session, error) {
	s := domain.Session{Token: token}
	var created, seen int64
	err := scanRow(ctx, r.read, r.text.session, []any{string(token)}, (*string)(&s.User), &created, &seen)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Session{}, domain.ErrSessionNotFound
	}
	if err != nil {
		return domain.Session{}, r.failure(ctx, err)
	}
	s.Created, s.Seen = fromMicros(created), fromMicros(seen)
	return s, nil
}

func (r sessions) Touch(ctx context.Context, token domain.TokenHash, seen time.Time) error {
	return r.failure(ctx, r.write.Session.Update().
		Where(session.ID(string(token))).
		SetSeenAt(micros(seen)).
		Exec(ctx))
}

func (r sessions) Remove(ctx context.Context, token domain.TokenHash) error {
	_, err := r.write.Session.Delete().Where(session.ID(string(token))).Exec(ctx)
	return r.failure(ctx, err)
}
