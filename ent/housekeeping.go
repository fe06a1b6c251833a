package ent

import (
	"context"
	"errors"
	"slices"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/attempt"
	"octavo/ent/gen/creation"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/file"
	"octavo/ent/gen/lease"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notetag"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/revision"
	"octavo/ent/gen/session"
	"octavo/ent/gen/space"
	"octavo/ent/gen/trust"
	"octavo/ent/gen/undo"
	"octavo/ent/gen/usedticket"
	"octavo/ent/internal/backend"
	"octavo/ent/schema"
)

// housekeeping is the domain.Housekeeping of a database.
type housekeeping struct{ repos }

func (r repos) Housekeeping() domain.Housekeeping { return housekeeping{r} }

// At most so many things are worked on at once.
const (
	purgePiece = 100 // notes, with their revisions
	endedPiece = 300
)

func (r housekeeping) Lease(ctx context.Context, job string, now, until time.Time) (bool, error) {
	// Whoever waits here for another one's change then looks at the time again.
	taken, err := r.write.Lease.Update().
		Where(lease.ID(job), lease.Or(lease.UntilLTE(now), lease.UntilGT(domain.LeaseBound(now, until)))).
		SetUntil(until).
		Save(ctx)
	if err != nil || taken > 0 {
		return taken > 0, r.failure(ctx, err)
	}
	held, err := r.write.Lease.Query().Where(lease.ID(job)).Exist(ctx)
	if err != nil || held {
		return false, r.failure(ctx, err)
	}
	err = r.failure(ctx, r.write.Lease.Create().SetID(job).SetUntil(until).Exec(ctx))
	if errors.Is(err, domain.Conflict) { // another one was faster
		return false, nil
	}
	return err == nil, err
}

// clockName is the one row of trusts.
const clockName = "clock"

func (r housekeeping) Trust(ctx context.Context) (domain.Trust, error) {
	row, err := r.read.Trust.Get(ctx, clockName)
	if gen.IsNotFound(err) {
		return domain.Trust{}, nil
	}
	if err != nil {
		return domain.Trust{}, r.failure(ctx, err)
	}
	t := domain.Trust{Seen: row.SeenAt, Next: row.NextAt, Ran: time.Duration(row.Ran) * time.Microsecond}
	if row.BelievedAt != nil {
		t.Time = *row.BelievedAt
	}
	return t, nil
}

func (r housekeeping) PutTrust(ctx context.Context, t domain.Trust) error {
	// It is an insertion that asks for the row's key, of which only a transaction tells whether it has been stored.
	return r.atomically(backend.Alone(ctx), func(r repos) error {
		row := r.write.Trust.Create().
			SetID(clockName).
			SetSeenAt(t.Seen).
			SetNextAt(t.Next).
			SetRan(t.Ran.Microseconds())
		if !t.Time.IsZero() {
			row.SetBelievedAt(t.Time)
		}
		return r.failure(ctx, row.
			OnConflictColumns(trust.FieldID).
			Update(func(u *gen.TrustUpsert) { u.UpdateSeenAt().UpdateBelievedAt().UpdateNextAt().UpdateRan() }).
			Exec(ctx))
	})
}

func (r housekeeping) Check(ctx context.Context) error { return r.failure(ctx, r.db.Check(ctx)) }

func (r housekeeping) PurgeTrash(ctx context.Context, before time.Time) (n int, err error) {
	err = r.atomically(backend.Alone(ctx), func(r repos) error {
		// Which space a note is in and whether it is pinned are spelled out to get along the index from the state to the time.
		trash, err := locked(r, r.read.Note.Query().
			Where(
				func(s *entsql.Selector) {
					s.Where(entsql.In(s.C(note.FieldSpaceID), entsql.Select(space.FieldID).From(entsql.Table(space.Table))))
				},
				note.State(string(domain.Trashed)),
				predicate.Note(entsql.FieldIn(note.FieldPinned, false, true)),
				note.ListedAtLT(before),
			).
			Limit(purgePiece)).
			Select(note.FieldID, note.FieldSpaceID).
			All(schema.AcrossSpaces(ctx))
		if err != nil {
			return r.failure(ctx, err)
		}
		n = len(trash)
		of := map[string][]domain.ID{}
		for _, found := range trash {
			of[found.SpaceID] = append(of[found.SpaceID], domain.ID(found.ID))
		}
		for in, ids := range of {
			if err := (notes{r, in}).purge(ctx, ids); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// purge removes notes that are in the trash, where they don't count for their tags.
func (r notes) purge(ctx context.Context, ids []domain.ID) error {
	keys, err := r.read.NoteTag.Query().
		Where(inSpace[predicate.NoteTag](notetag.FieldSpaceID, r.space), anyOf[predicate.NoteTag](notetag.FieldNoteID, texts(ids))).
		Unique(true).
		Select(notetag.FieldTagKey).
		Strings(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	if err := r.unindex(ctx, ids...); err != nil {
		return err
	}
	_, err = r.write.Note.Delete().
		Where(inSpace[predicate.Note](note.FieldSpaceID, r.space), anyOf[predicate.Note](note.FieldID, texts(ids))).
		Exec(ctx)
	if err != nil {
		return r.failure(ctx, err)
	}
	slices.Sort(keys)
	return r.forgetTags(ctx, keys)
}

func (r housekeeping) Aging(ctx context.Context, from, to time.Time, id domain.ID, limit int) ([]domain.ID, error) {
	ids, err := r.read.Revision.Query().
		Where(
			revision.NoteIDGT(after(id)),
			// In these words databases can't look for the times first, and so for all of them again for each page.
			func(s *entsql.Selector) {
				saved := s.C(revision.FieldSavedAt)
				s.Where(entsql.P(func(b *entsql.Builder) {
					b.Wrap(func(b *entsql.Builder) { b.Join(entsql.And(entsql.GTE(saved, from), entsql.LT(saved, to))) }).WriteString(" IS TRUE")
				}))
			},
		).
		Order(revision.ByNoteID()).
		Limit(limit).
		Unique(true).
		Select(revision.FieldNoteID).
		Strings(schema.AcrossSpaces(ctx))
	list := make([]domain.ID, len(ids))
	for i, id := range ids {
		list[i] = domain.ID(id)
	}
	return list, r.failure(ctx, err)
}

func (r housekeeping) Saves(ctx context.Context, id domain.ID) (versions []int, saved []time.Time, err error) {
	rows, err := r.read.Revision.Query().
		Where(revision.NoteID(string(id))).
		Order(revision.ByVersion()).
		Select(revision.FieldVersion, revision.FieldSavedAt).
		All(schema.AcrossSpaces(ctx))
	for _, row := range rows {
		versions, saved = append(versions, row.Version), append(saved, row.SavedAt)
	}
	return versions, saved, r.listFailure(ctx, err)
}

func (r housekeeping) RemoveRevisions(ctx context.Context, id domain.ID, versions []int) error {
	return r.atomically(backend.Alone(ctx), func(r repos) error {
		for piece := range slices.Chunk(versions, rowsPiece) {
			_, err := r.write.Revision.Delete().
				Where(revision.NoteID(string(id)), revision.VersionIn(piece...)).
				Exec(schema.AcrossSpaces(ctx))
			if err != nil {
				return r.failure(ctx, err)
			}
		}
		return nil
	})
}

func (r housekeeping) ExpireDrafts(ctx context.Context, before, now time.Time) (n int, err error) {
	err = r.atomically(backend.Alone(ctx), func(r repos) error {
		ctx := schema.AcrossSpaces(ctx)
		old := draft.And(draft.Ending(""), draft.SavedAtLT(before))
		ids, err := r.read.Draft.Query().Where(old).Limit(endedPiece).IDs(ctx)
		if n = 0; err != nil || len(ids) == 0 {
			return r.failure(ctx, err)
		}
		n, err = r.write.Draft.Update().
			Where(draft.IDIn(ids...), old).
			SetEnding(string(domain.DraftExpired)).
			SetEndedAt(now).
			Save(ctx)
		return r.failure(ctx, err)
	})
	return n, err
}

func (r housekeeping) RemoveEnded(ctx context.Context, now time.Time) (n int, err error) {
	err = r.atomically(backend.Alone(ctx), func(r repos) error {
		ctx := schema.AcrossSpaces(ctx)
		n = 0
		for _, remove := range []func(ctx context.Context, now time.Time, limit int) (int, error){
			r.removeUndos, r.removeCreations, r.removeSessions, r.removeTickets, r.removeDrafts, r.removeAttempts,
			r.removeInvitations, r.removeAudit, r.removePresences, r.removeImports,
		} {
			removed, err := remove(ctx, now, endedPiece-n)
			if err != nil {
				return r.failure(ctx, err)
			}
			n += removed
		}
		return nil
	})
	return n, err
}

func (r housekeeping) Unmeasured(ctx context.Context, after domain.FileHash, limit int) ([]domain.FileHash, error) {
	found, err := r.read.File.Query().
		Where(file.Measured(false), file.TypeIn(domain.InlineTypes()...), file.HashGT(string(after))).
		Order(file.ByHash()).
		Limit(limit).
		Unique(true).
		Select(file.FieldHash).
		Strings(schema.AcrossSpaces(ctx))
	hashes := make([]domain.FileHash, len(found))
	for i, hash := range found {
		hashes[i] = domain.FileHash(hash)
	}
	return hashes, r.failure(ctx, err)
}

func (r housekeeping) Measure(ctx context.Context, hash domain.FileHash, width, height int) error {
	_, err := r.write.File.Update().
		Where(file.Hash(string(hash))).
		SetWidth(width).
		SetHeight(height).
		SetMeasured(true).
		Save(schema.AcrossSpaces(ctx))
	return r.failure(ctx, err)
}

// No database but MySQL takes a limit in the deletion itself, so each of these asks first what there is to delete.

func (r repos) removeUndos(ctx context.Context, now time.Time, limit int) (int, error) {
	ended := undo.And(undo.CreatedAtLTE(now.Add(-domain.UndoLife)), undo.Steps(0))
	ids, err := r.read.Undo.Query().Where(ended).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Undo.Delete().Where(anyOf[predicate.Undo](undo.FieldID, ids), ended).Exec(ctx)
}

func (r repos) removeCreations(ctx context.Context, now time.Time, limit int) (int, error) {
	ended := creation.CreatedAtLTE(now.Add(-domain.CreationLife))
	ids, err := r.read.Creation.Query().Where(ended).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Creation.Delete().Where(creation.IDIn(ids...)).Exec(ctx)
}

func (r repos) removeDrafts(ctx context.Context, now time.Time, limit int) (int, error) {
	ended := draft.And(
		draft.EndedAtLTE(now.Add(-domain.UndoLife)), draft.EndingIn(string(domain.DraftSaved), string(domain.DraftDiscarded)),
	)
	ids, err := r.read.Draft.Query().Where(ended).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Draft.Delete().Where(draft.IDIn(ids...), ended).Exec(ctx)
}

func (r repos) removeSessions(ctx context.Context, now time.Time, limit int) (int, error) {
	ended := session.Or(
		session.SeenAtLTE(now.Add(-domain.SessionIdle)),
		session.CreatedAtLTE(now.Add(-domain.SessionLife)),
	)
	ids, err := r.read.Session.Query().Where(ended).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Session.Delete().Where(session.IDIn(ids...), ended).Exec(ctx)
}

func (r repos) removeTickets(ctx context.Context, now time.Time, limit int) (int, error) {
	ended := usedticket.UsedAtLTE(now.Add(-domain.UsedTicketLife))
	ids, err := r.read.UsedTicket.Query().Where(ended).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.UsedTicket.Delete().Where(usedticket.IDIn(ids...)).Exec(ctx)
}

func (r repos) removeAttempts(ctx context.Context, now time.Time, limit int) (int, error) {
	ended := attempt.BeganAtLTE(now.Add(-domain.TriesWindow))
	ids, err := r.read.Attempt.Query().Where(ended).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Attempt.Delete().Where(attempt.IDIn(ids...), ended).Exec(ctx)
}
