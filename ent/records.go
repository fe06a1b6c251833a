package ent

import (
	"context"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/record"
)

// records is the domain.Records of a database.
type records struct {
	repos
	space string
}

func (r repos) ReadRecords(a domain.ReadAccess) domain.RecordReader {
	return records{r, string(a.Space())}
}
func (r repos) Records(a domain.WriteAccess) domain.Records { return records{r, string(a.Space())} }

func (r records) Add(ctx context.Context, rec domain.Record) error {
	return r.failure(ctx, r.write.Record.Create().
		SetID(string(rec.ID)).
		SetSpaceID(r.space).
		SetTitle(rec.Title).
		SetContent(rec.Content).
		SetCreatedAt(rec.Created).
		SetUpdatedAt(rec.Updated).
		Exec(ctx))
}

func (r records) Get(ctx context.Context, id domain.ID) (domain.Record, error) {
	row, err := locked(r.repos, r.read.Record.Query().Where(record.ID(string(id)), record.SpaceID(r.space))).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Record{}, domain.ErrRecordNotFound
	}
	if err != nil {
		return domain.Record{}, r.failure(ctx, err)
	}
	return recordFromRow(row), nil
}

func (r records) List(ctx context.Context, after domain.RecordCursor, limit int) ([]domain.Record, error) {
	query := r.read.Record.Query().Where(record.SpaceID(r.space))
	if after != "" {
		query.Where(record.IDGT(string(after)))
	}
	rows, err := query.Order(record.ByID()).Limit(limit).All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.Record, len(rows))
	for i, row := range rows {
		list[i] = recordFromRow(row)
	}
	return list, nil
}

func (r records) Update(ctx context.Context, rec domain.Record) error {
	found, err := r.write.Record.Update().
		Where(record.ID(string(rec.ID)), record.SpaceID(r.space)).
		SetTitle(rec.Title).
		SetContent(rec.Content).
		SetUpdatedAt(rec.Updated).
		Save(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	if found == 0 {
		return domain.ErrRecordNotFound
	}
	return nil
}

func (r records) Remove(ctx context.Context, id domain.ID) error {
	found, err := r.write.Record.Delete().Where(record.ID(string(id)), record.SpaceID(r.space)).Exec(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	if found == 0 {
		return domain.ErrRecordNotFound
	}
	return nil
}

func recordFromRow(row *gen.Record) domain.Record {
	return domain.Record{
		ID:      domain.ID(row.ID),
		Title:   row.Title,
		Content: row.Content,
		Created: row.CreatedAt,
		Updated: row.UpdatedAt,
	}
}
