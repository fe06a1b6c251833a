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
	space string
}

func (r repos) Creations(a domain.WriteAccess) domain.Creations {
	return creations{r, string(a.Space())}
}

var creationFields = []string{
	creation.FieldSpaceID, creation.FieldRequestKey, creation.FieldRequestHash, creation.FieldNoteID, creation.FieldCreatedAt,
}

func (r creations) Add(ctx context.Context, c domain.Creation) error {
	row := []any{r.space, requestKey(c.Key), string(c.Request), string(c.Note), c.Created}
	return r.insert(ctx, creation.Table, creationFields, [][]any{row})
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
		Key: key, Request: domain.TokenHash(row.RequestHash), Note: domain.ID(row.NoteID), Created: row.CreatedAt,
	}, nil
}

// requestKey returns the key of a creation as it is stored: MySQL would take no notice of a blank at its end.
func requestKey(key string) string { return string(domain.HashToken(key)) }
