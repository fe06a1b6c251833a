package ent

import (
	"context"
	"database/sql"
	"errors"

	"octavo/domain"
)

// creations is the domain.Creations of a database.
type creations struct {
	repos
	owner string
}

func (r repos) Creations(actor domain.Actor) domain.Creations {
	return creations{r, string(actor.User)}
}

func (r creations) Add(ctx context.Context, c domain.Creation) error {
	_, err := r.exec(ctx, r.text.insertCreation,
		r.owner, requestKey(c.Key), string(c.Request), string(c.Note), micros(c.Created))
	return err
}

func (r creations) Get(ctx context.Context, key string) (domain.Creation, error) {
	c := domain.Creation{Key: key}
	var created int64
	err := scanRow(ctx, r.read, r.text.creation, []any{r.owner, requestKey(key)},
		(*string)(&c.Request), (*string)(&c.Note), &created)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Creation{}, domain.ErrCreationNotFound
	}
	if err != nil {
		return domain.Creation{}, r.failure(ctx, err)
	}
	c.Created = fromMicros(created)
	return c, nil
}

// requestKey returns the key of a creation as it is stored: MySQL would take no notice of a blank at its end.
func requestKey(key string) string { return string(domain.HashToken(key)) }
