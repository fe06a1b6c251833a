package ent

import (
	"context"
	"errors"
	"time"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/presence"
	"octavo/ent/gen/user"
)

// presences is the domain.Presences of a database.
type presences struct {
	repos
	space, user string
}

func (r repos) Presences(a domain.WriteAccess) domain.Presences {
	return presences{r, string(a.Space()), string(a.User())}
}

func (r presences) At(ctx context.Context, note domain.ID, now time.Time) ([]domain.Present, error) {
	rows, err := r.read.Presence.Query().
		Where(presence.SpaceID(r.space), presence.NoteID(string(note)), presence.UntilGT(now)).
		Order(presence.ByUserID()).
		Limit(domain.MaxPresent + 1).
		WithUser(func(q *gen.UserQuery) { q.Select(user.FieldName) }).
		All(ctx)
	var list []domain.Present
	for _, row := range rows {
		list = append(list, domain.Present{User: domain.ID(row.UserID), Name: row.Edges.User.Name, Until: row.Until})
	}
	return list, r.listFailure(ctx, err)
}

func (r presences) Enter(ctx context.Context, note domain.ID, until time.Time) error {
	err := r.atomically(ctx, func(tx repos) error {
		if _, err := (notes{tx, r.space}).Version(ctx, note); err != nil {
			return err
		}
		return r.failure(ctx, tx.write.Presence.Create().
			SetSpaceID(r.space).
			SetNoteID(string(note)).
			SetUserID(r.user).
			SetUntil(until).
			OnConflictColumns(presence.FieldNoteID, presence.FieldUserID).
			Update(func(u *gen.PresenceUpsert) { u.UpdateUntil() }).
			Exec(ctx))
	})
	if errors.Is(err, domain.NotFound) {
		return domain.ErrNoteNotFound
	}
	return err
}

func (r repos) removePresences(ctx context.Context, now time.Time, limit int) (int, error) {
	ids, err := r.read.Presence.Query().Where(presence.UntilLTE(now)).Limit(limit).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Presence.Delete().Where(presence.IDIn(ids...)).Exec(ctx)
}
