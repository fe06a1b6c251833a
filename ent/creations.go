package ent

import (
	"context"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/creation"
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
	// The row gets a number, so it is inserted by a query, of which only a transaction tells whether it has been stored.
	return r.atomically(ctx, func(r2 repos) error {
		return r.failure(ctx, r2.write.Creation.Create().
			SetOwnerID(r.owner).
			SetRequestKey(requestKey(c.Key)).
			SetRequestHash(string(c.Request)).
			SetNoteID(string(c.Note)).
			SetCreatedAt(micros(c.Created)).
			Exec(ctx))
	})
}

func (r creations) Get(ctx context.Context, key string) (domain.Creation, error) {
	row, err := r.read.Creation.Query().Where(creation.OwnerID(r.owner), creation.RequestKey(requestKey(key))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Creation{}, domain.ErrCreationNotFound
	}
	if err != nil {
		return domain.Creation{}, r.failure(ctx, err)
	}
	return domain.Creation{
		Key: key, Request: domain.TokenHash(row.RequestHash), Note: domain.ID(row.NoteID), Created: fromMicros(row.CreatedAt),
	}, nil
}

// requestKey returns the key of a creation as it is stored: MySQL would take no notice of a blank at its end.
func requestKey(key string) string { return string(domain.HashToken(key)) }
