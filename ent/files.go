package ent

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/file"
	"octavo/ent/gen/filename"
	"octavo/ent/gen/predicate"
	"octavo/ent/schema"
)

// files is the domain.Files of a database.
type files struct {
	repos
	space string
}

func (r repos) ReadFiles(a domain.ReadAccess) domain.FileReader { return files{r, string(a.Space())} }

func (r repos) Files(a domain.WriteAccess) domain.Files { return files{r, string(a.Space())} }

func (r files) Add(ctx context.Context, f domain.File) error {
	return r.atomically(ctx, func(tx repos) error {
		err := tx.write.File.Create().
			SetSpaceID(r.space).
			SetHash(string(f.Hash)).
			SetName(f.Name).
			SetType(f.Type).
			SetSize(f.Size).
			SetWidth(f.Width).
			SetHeight(f.Height).
			SetMeasured(f.Measured).
			SetCreatedAt(f.Created).
			OnConflict(
				entsql.ConflictColumns(file.FieldSpaceID, file.FieldHash),
				entsql.ResolveWith(func(u *entsql.UpdateSet) { // what is immutable otherwise, or was unknown
					u.SetExcluded(file.FieldCreatedAt).SetExcluded(file.FieldWidth).SetExcluded(file.FieldHeight).SetExcluded(file.FieldMeasured)
				}),
			).
			Exec(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		return tx.nameFile(ctx, r.space, f.Name, string(f.Hash))
	})
}

// nameFile has a name mean a file.
func (r repos) nameFile(ctx context.Context, space, name, hash string) error {
	return r.failure(ctx, r.write.FileName.Create().
		SetSpaceID(space).
		SetNameKey(nameKey(name)).
		SetName(name).
		SetHash(hash).
		OnConflictColumns(filename.FieldSpaceID, filename.FieldNameKey).
		Update(func(u *gen.FileNameUpsert) { u.UpdateName().UpdateHash() }).
		Exec(ctx))
}

// nameKey returns the stored key of a file's name, which is what a link to it would have.
func nameKey(name string) string { return storedKey(domain.TitleKey(name)) }

func (r files) Get(ctx context.Context, hash domain.FileHash) (domain.File, error) {
	row, err := r.read.File.Query().Where(file.SpaceID(r.space), file.Hash(string(hash))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.File{}, domain.ErrFileNotFound
	}
	if err != nil {
		return domain.File{}, r.failure(ctx, err)
	}
	return fileFromRow(row), nil
}

func fileFromRow(row *gen.File) domain.File {
	return domain.File{
		Hash: domain.FileHash(row.Hash), Name: row.Name, Type: row.Type, Size: row.Size, Created: row.CreatedAt,
		Width: row.Width, Height: row.Height, Measured: row.Measured,
	}
}

func (r files) Find(ctx context.Context, hashes ...domain.FileHash) (map[domain.FileHash]domain.File, error) {
	found := map[domain.FileHash]domain.File{}
	texts := make([]string, len(hashes))
	for i, hash := range hashes {
		texts[i] = string(hash)
	}
	for piece := range slices.Chunk(texts, rowsPiece) {
		rows, err := r.read.File.Query().
			Where(file.SpaceID(r.space), anyOf[predicate.File](file.FieldHash, piece)).
			All(ctx)
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		for _, row := range rows {
			found[domain.FileHash(row.Hash)] = fileFromRow(row)
		}
	}
	return found, nil
}

func (r files) Used(ctx context.Context) (int64, error) {
	if r.within {
		if err := r.lockSpace(ctx, r.space); err != nil { // a space that isn't there has no files
			return 0, err
		}
	}
	var sums []struct{ Sum sql.NullInt64 } // of no files there is none
	err := r.read.File.Query().Where(file.SpaceID(r.space)).Aggregate(gen.Sum(file.FieldSize)).Scan(ctx, &sums)
	if err != nil {
		return 0, r.failure(ctx, err)
	}
	return sums[0].Sum.Int64, nil
}

func (r files) Named(ctx context.Context, keys ...string) (map[string]domain.File, error) {
	named := map[string]domain.File{}
	for piece := range slices.Chunk(keys, rowsPiece) {
		asked := map[string]string{} // what is asked for, by what is stored
		for _, key := range piece {
			asked[storedKey(key)] = key
		}
		var rows []struct {
			domain.File
			Created time.Time `sql:"created_at"`
			Key     string    `sql:"name_key"`
		}
		err := r.read.FileName.Query().
			Where(filename.SpaceID(r.space), anyOf[predicate.FileName](filename.FieldNameKey, slices.Collect(maps.Keys(asked)))).
			Modify(func(s *entsql.Selector) {
				f := entsql.Table(file.Table)
				s.Join(f).OnP(entsql.And(
					entsql.ColumnsEQ(f.C(file.FieldSpaceID), s.C(filename.FieldSpaceID)),
					entsql.ColumnsEQ(f.C(file.FieldHash), s.C(filename.FieldHash)),
				))
				s.Select(s.C(filename.FieldNameKey), s.C(filename.FieldName), s.C(filename.FieldHash))
				s.AppendSelect(f.Columns(
					file.FieldType, file.FieldSize, file.FieldCreatedAt, file.FieldWidth, file.FieldHeight, file.FieldMeasured)...)
			}).
			Scan(ctx, &rows)
		if err != nil {
			return nil, r.failure(ctx, err)
		}
		for _, row := range rows {
			row.File.Created = row.Created
			named[asked[row.Key]] = row.File
		}
	}
	return named, nil
}

// nameFiles gives each file that is older than the table of names the name that it has, the oldest file first.
func (r repos) nameFiles(ctx context.Context, _ string) (next string, err error) {
	files, err := r.read.File.Query().
		Order(file.ByCreatedAt()).
		Select(file.FieldSpaceID, file.FieldHash, file.FieldName).
		All(schema.AcrossSpaces(ctx))
	if err != nil {
		return "", r.failure(ctx, err)
	}
	for _, f := range files {
		if err := r.nameFile(ctx, f.SpaceID, f.Name, f.Hash); err != nil {
			return "", err
		}
	}
	return "", nil
}
