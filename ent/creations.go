package ent

import (
	"context"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/creation"
)

// creations is the domain.Creations of a database.
type creations struct {
	repos
	space string
}

func (r repos) Creations(a domain.WriteAccess) domain.Creations {
	return creations{r, string(a.Space())}
}

// insertCreation returns the statement that stores a creation, as each note that is made does. It takes 12 µs of CPU with
// SQLite instead of the 30 µs of Ent's own, which asks for the row's number.
func insertCreation(name string) string {
	query, _ := entsql.Dialect(name).
		Insert(creation.Table).
		Columns(creation.FieldSpaceID, creation.FieldRequestKey, creation.FieldRequestHash, creation.FieldNoteID,
			creation.FieldCreatedAt).
		Values("", "", "", "", 0).
		Query()
	return query
}

func (r creations) Add(ctx context.Context, c domain.Creation) error {
	_, err := r.exec(ctx, r.text.creation,
		r.space, requestKey(c.Key), string(c.Request), string(c.Note), micros(c.Created))
	return err
}

func (r creations) Get(ctx context.Context, key string) (domain.Creation, error) {
	row, err := r.read.Creation.Query().Where(creation.SpaceID(r.space), creation.RequestKey(requestKey(key))).Only(ctx)
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
