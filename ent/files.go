package ent

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"

	"octavo/domain"
)

// files is the domain.Files of a database.
type files struct {
	repos
	owner string
}

func (r repos) Files(actor domain.Actor) domain.Files { return files{r, string(actor.User)} }

func (r files) Add(ctx context.Context, f domain.File) error {
	return r.atomically(ctx, func(tx repos) error {
		_, err := tx.exec(ctx, r.text.insertFile, r.owner, string(f.Hash), f.Name, f.Type, f.Size, micros(f.Created))
		if err == nil {
			_, err = tx.exec(ctx, r.text.nameFile, r.owner, nameKey(f.Name), f.Name, string(f.Hash))
		}
		return err
	})
}

// nameKey returns the stored key of a file's name, which is what a link to it would have.
func nameKey(name string) string { return storedKey(domain.TitleKey(name)) }

func (r files) Get(ctx context.Context, hash domain.FileHash) (domain.File, error) {
	f := domain.File{Hash: hash}
	var created int64
	err := scanRow(ctx, r.read, r.text.file, []any{r.owner, string(hash)}, &f.Name, &f.Type, &f.Size, &created)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.File{}, domain.ErrFileNotFound
	}
	if err != nil {
		return domain.File{}, r.failure(ctx, err)
	}
	f.Created = fromMicros(created)
	return f, nil
}

func (r files) Used(ctx context.Context) (used int64, err error) {
	if r.within {
		var id string
		err := scanRow(ctx, r.read, r.text.userLocked, []any{r.owner}, &id)
		if err != nil && !errors.Is(err, sql.ErrNoRows) { // somebody who isn't there has no files
			return 0, r.failure(ctx, err)
		}
	}
	err = scanRow(ctx, r.read, withPlaceholders(r.text.dialect, selectUsed), []any{r.owner}, &used)
	return used, r.failure(ctx, err)
}

func (r files) Named(ctx context.Context, keys ...string) (map[string]domain.File, error) {
	named := map[string]domain.File{}
	for piece := range slices.Chunk(keys, rowsPiece) {
		asked := map[string]string{} // what is asked for, by what is stored
		for _, key := range piece {
			asked[storedKey(key)] = key
		}
		those, args := r.among("name_key", slices.Collect(maps.Keys(asked))...)
		query := withPlaceholders(r.text.dialect, selectNamedFiles+those)
		_, err := scanAll(ctx, r.repos, query, append([]any{r.owner}, args...), func(row *sql.Rows) (none struct{}, err error) {
			var key string
			var created int64
			var f domain.File
			err = row.Scan(&key, &f.Name, (*string)(&f.Hash), &f.Type, &f.Size, &created)
			f.Created = fromMicros(created)
			named[asked[key]] = f
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	return named, nil
}

// nameFiles gives each file that is older than the table of names the name that it has, the oldest file first.
func (r repos) nameFiles(ctx context.Context) error {
	type file struct{ owner, hash, name string }
	files, err := scanAll(ctx, r, selectFileNames, nil, func(row *sql.Rows) (f file, err error) {
		err = row.Scan(&f.owner, &f.hash, &f.name)
		return f, err
	})
	for _, f := range files {
		if err == nil {
			_, err = r.exec(ctx, r.text.nameFile, f.owner, nameKey(f.name), f.name, f.hash)
		}
	}
	return err
}
