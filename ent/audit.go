package ent

import (
	"context"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/auditevent"
)

// audit is the domain.Audit of a database.
type audit struct{ repos }

func (r repos) Audit() domain.Audit { return audit{r} }

func (r audit) Add(ctx context.Context, e domain.AuditEvent) error {
	row := r.write.AuditEvent.Create().
		SetID(string(e.ID)).
		SetHappenedAt(e.At).
		SetAction(string(e.Action)).
		SetDetail(e.Detail).
		SetAddress(e.Address)
	if e.User != "" {
		row.SetUserID(string(e.User))
	}
	if e.To != "" {
		row.SetTargetID(string(e.To))
	}
	if e.Space != "" {
		row.SetConcernsID(string(e.Space))
	}
	return r.failure(ctx, row.Exec(ctx))
}

func (r audit) List(ctx context.Context, after domain.ID, limit int) ([]domain.AuditEvent, error) {
	return r.page(ctx, r.read.AuditEvent.Query(), after, limit)
}

func (r audit) ListIn(ctx context.Context, space, after domain.ID, limit int) ([]domain.AuditEvent, error) {
	return r.page(ctx, r.read.AuditEvent.Query().Where(auditevent.ConcernsID(string(space))), after, limit)
}

func (r audit) page(ctx context.Context, query *gen.AuditEventQuery, after domain.ID, limit int) ([]domain.AuditEvent, error) {
	query.Order(auditevent.ByID(entsql.OrderDesc())).Limit(limit)
	if after != "" {
		query.Where(auditevent.IDLT(string(after)))
	}
	rows, err := query.All(ctx)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	list := make([]domain.AuditEvent, len(rows))
	for i, row := range rows {
		list[i] = auditEventFromRow(row)
	}
	return list, nil
}

func auditEventFromRow(row *gen.AuditEvent) domain.AuditEvent {
	e := domain.AuditEvent{
		ID: domain.ID(row.ID), At: row.HappenedAt, Action: domain.Code(row.Action), Detail: row.Detail, Address: row.Address,
	}
	if row.UserID != nil {
		e.User = domain.ID(*row.UserID)
	}
	if row.TargetID != nil {
		e.To = domain.ID(*row.TargetID)
	}
	if row.ConcernsID != nil {
		e.Space = domain.ID(*row.ConcernsID)
	}
	return e
}

func (r repos) removeAudit(ctx context.Context, now time.Time, limit int) (int, error) {
	ids, err := r.read.AuditEvent.Query().Where(auditevent.HappenedAtLTE(now.Add(-domain.AuditLife))).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.AuditEvent.Delete().Where(auditevent.IDIn(ids...)).Exec(ctx)
}
