package ent

import (
	"context"
	"encoding/json"
	"time"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/importednote"
	"octavo/ent/gen/noteimport"
	"octavo/ent/gen/predicate"
	"octavo/ent/schema"
)

// imports is the domain.Imports of a database.
type imports struct {
	repos
	space string
}

func (r repos) ReadImports(a domain.ReadAccess) domain.ImportReader {
	return imports{r, string(a.Space())}
}

func (r repos) Imports(a domain.WriteAccess) domain.Imports { return imports{r, string(a.Space())} }

func (r imports) Add(ctx context.Context, i domain.Import) error {
	counts, err := json.Marshal(i.Counts)
	if err != nil {
		return err
	}
	return r.failure(ctx, r.write.NoteImport.Create().
		SetID(string(i.ID)).
		SetSpaceID(r.space).
		SetUserID(string(i.User)).
		SetKind(string(i.Kind)).
		SetName(i.Name).
		SetState(string(i.State)).
		SetCounts(string(counts)).
		SetCreatedAt(i.Began).
		SetChangedAt(i.Changed).
		Exec(ctx))
}

func (r imports) Get(ctx context.Context, id domain.ID) (domain.Import, error) {
	row, err := locked(r.repos, r.read.NoteImport.Query().Where(noteimport.ID(string(id)), noteimport.SpaceID(r.space))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Import{}, domain.ErrImportNotFound
	}
	if err != nil {
		return domain.Import{}, r.failure(ctx, err)
	}
	return importFromRow(row)
}

func (r imports) List(ctx context.Context, limit int) ([]domain.Import, error) {
	return r.list(ctx, r.read.NoteImport.Query().Where(noteimport.SpaceID(r.space)).Order(gen.Desc(noteimport.FieldID)).Limit(limit))
}

func (r imports) Unfinished(ctx context.Context) ([]domain.Import, error) {
	return r.list(ctx, r.read.NoteImport.Query().Where(noteimport.SpaceID(r.space), unfinishedImport()).Order(gen.Asc(noteimport.FieldID)))
}

func unfinishedImport() predicate.NoteImport {
	var states []string
	for _, state := range domain.UnfinishedImports() {
		states = append(states, string(state))
	}
	return noteimport.StateIn(states...)
}

func (r imports) list(ctx context.Context, query *gen.NoteImportQuery) (list []domain.Import, err error) {
	rows, err := query.All(ctx)
	if err := r.listFailure(ctx, err); err != nil {
		return nil, err
	}
	for _, row := range rows {
		i, err := importFromRow(row)
		if err != nil {
			return nil, err
		}
		list = append(list, i)
	}
	return list, nil
}

func importFromRow(row *gen.NoteImport) (domain.Import, error) {
	i := domain.Import{
		ID: domain.ID(row.ID), User: domain.ID(row.UserID), Kind: domain.ImportKind(row.Kind), Name: row.Name,
		State: domain.ImportState(row.State), Began: row.CreatedAt, Changed: row.ChangedAt,
	}
	return i, json.Unmarshal([]byte(row.Counts), &i.Counts)
}

func (r imports) Update(ctx context.Context, i domain.Import) error {
	counts, err := json.Marshal(i.Counts)
	if err != nil {
		return err
	}
	found, err := r.write.NoteImport.Update().
		Where(noteimport.ID(string(i.ID)), noteimport.SpaceID(r.space)).
		SetState(string(i.State)).
		SetCounts(string(counts)).
		SetChangedAt(i.Changed).
		Save(ctx)
	if err == nil && found == 0 {
		return domain.ErrImportNotFound
	}
	return r.failure(ctx, err)
}

var importedFields = []string{
	importednote.FieldSpaceID, importednote.FieldImportID, importednote.FieldSourceHash, importednote.FieldContentHash,
	importednote.FieldNoteID, importednote.FieldVersion, importednote.FieldVersionBefore,
}

func (r imports) Remember(ctx context.Context, list []domain.Imported) error {
	rows := make([][]any, len(list))
	for at, i := range list {
		rows[at] = []any{r.space, string(i.Import), string(i.Source), i.Hash, string(i.Note), i.Version, i.Before}
	}
	return r.atomically(ctx, func(tx repos) error {
		return tx.insert(ctx, importednote.Table, importedFields, rows, orReplace(
			[]string{importednote.FieldImportID, importednote.FieldSourceHash},
			importednote.FieldContentHash, importednote.FieldNoteID, importednote.FieldVersion, importednote.FieldVersionBefore,
		)...)
	})
}

func (r imports) Forget(ctx context.Context, id domain.ID, sources []domain.TokenHash) error {
	return r.atomically(ctx, func(tx repos) error {
		return inChunks(sources, func(some []domain.TokenHash) error {
			_, err := tx.write.ImportedNote.Delete().
				Where(
					importednote.SpaceID(r.space), importednote.ImportID(string(id)),
					anyOf[predicate.ImportedNote](importednote.FieldSourceHash, texts(some)),
				).
				Exec(ctx)
			return tx.failure(ctx, err)
		})
	})
}

func (r imports) Known(ctx context.Context, sources []domain.TokenHash) (map[domain.TokenHash]domain.Imported, error) {
	known := map[domain.TokenHash]domain.Imported{}
	return known, inChunks(sources, func(some []domain.TokenHash) error {
		rows, err := r.read.ImportedNote.Query().
			Where(importednote.SpaceID(r.space), anyOf[predicate.ImportedNote](importednote.FieldSourceHash, texts(some))).
			Order(gen.Asc(importednote.FieldImportID)).
			All(ctx)
		for _, row := range rows {
			known[domain.TokenHash(row.SourceHash)] = importedFromRow(row)
		}
		return r.listFailure(ctx, err)
	})
}

func (r imports) Of(ctx context.Context, id domain.ID, after domain.TokenHash, limit int) (list []domain.Imported, err error) {
	rows, err := r.read.ImportedNote.Query().
		Where(importednote.SpaceID(r.space), importednote.ImportID(string(id)), importednote.SourceHashGT(string(after))).
		Order(gen.Asc(importednote.FieldSourceHash)).
		Limit(limit).
		All(ctx)
	for _, row := range rows {
		list = append(list, importedFromRow(row))
	}
	return list, r.listFailure(ctx, err)
}

func importedFromRow(row *gen.ImportedNote) domain.Imported {
	return domain.Imported{
		Import: domain.ID(row.ImportID), Source: domain.TokenHash(row.SourceHash), Hash: row.ContentHash,
		Note: domain.ID(row.NoteID), Version: row.Version, Before: row.VersionBefore,
	}
}

func (r housekeeping) StoppedImports(ctx context.Context, since time.Time, limit int) (list []domain.StoppedImport, err error) {
	rows, err := r.read.NoteImport.Query().
		Where(unfinishedImport(), noteimport.ChangedAtLTE(since)).
		Order(gen.Asc(noteimport.FieldID)).
		Limit(limit).
		Select(noteimport.FieldID, noteimport.FieldSpaceID, noteimport.FieldUserID).
		All(schema.AcrossSpaces(ctx))
	for _, row := range rows {
		access, err := domain.NewMembership(domain.ID(row.SpaceID), domain.ID(row.UserID), domain.RoleEditor).Write()
		if err != nil {
			return nil, err
		}
		list = append(list, domain.StoppedImport{Import: domain.ID(row.ID), Access: access})
	}
	return list, r.listFailure(ctx, err)
}

func (r repos) removeImports(ctx context.Context, now time.Time, limit int) (int, error) {
	ended := noteimport.And(noteimport.CreatedAtLTE(now.Add(-domain.ImportLife)), noteimport.Not(unfinishedImport()))
	ids, err := r.read.NoteImport.Query().Where(ended).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.NoteImport.Delete().Where(noteimport.IDIn(ids...), ended).Exec(ctx)
}

func (r repos) removeImportedOf(ctx context.Context, in string) (int, error) {
	ids, err := r.read.ImportedNote.Query().Where(importednote.SpaceID(in)).Limit(endedPiece).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.ImportedNote.Delete().Where(importednote.SpaceID(in), importednote.IDIn(ids...)).Exec(ctx)
}
