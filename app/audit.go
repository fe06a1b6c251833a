package app

import (
	"context"

	"octavo/domain"
)

// Audit keeps what happened to access, for admins and the owners of spaces to look at.
type Audit struct {
	events domain.Audit
	clock  domain.Clock
}

// Audit returns the use cases over what has been kept.
func (a *App) Audit() *Audit { return &Audit{a.store.Audit(), a.clock} }

// Record keeps an event that has just happened.
func (s *Audit) Record(ctx context.Context, e domain.AuditEvent) error {
	return s.events.Add(ctx, domain.NewAuditEvent(e, s.clock.Now()))
}

// List returns at most limit events, the newest first, beginning after the one with an id or, when that is "", at the newest.
func (s *Audit) List(ctx context.Context, _ domain.AdminAccess, after domain.ID, limit int) ([]domain.AuditEvent, error) {
	return s.events.List(ctx, after, limit)
}

// ListIn is List of the events that concern one space, for its owners.
func (s *Audit) ListIn(ctx context.Context, access domain.AuditAccess, after domain.ID, limit int) ([]domain.AuditEvent, error) {
	return s.events.ListIn(ctx, access.Space(), after, limit)
}
