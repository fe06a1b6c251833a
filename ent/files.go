package ent

import (
	"context"
	"database/sql"
	"errors"

	"octavo/domain"
)

// files is the domain.Files of a database.
type files struct {
	repos
	owner string
}

func (r repos) Files(actor domain.Actor) domain.Files { return files{r, string(actor.User)} }

func (r files) Add(ctx context.Context, f domain.File) error {
	_, err := r.exec(ctx, r.text.insertFile, r.owner, string(f.Hash), f.Name, f.Type, f.Size, micros(f.Created))
	return err
}

func (r files) Get(ctx context.Context, hash domain.FileHash) (domain.File, error) {
	f := domain.File{Hash: hash}
	var created int64
	err := scanRow(ctx, r.read, r.text.file, []any{r.owner, string(hash)}, &f.Name, &f.Type, &f.Size, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.File{}, domain.ErrFileNotFound
	}
	if err != nil {
		return domain.File{}, failure(ctx, err)
	}
	f.Created = fromMicros(created)
	return f, nil
}
