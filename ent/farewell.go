package ent

import (
	"context"
	"time"

	"octavo/domain"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/file"
	"octavo/ent/gen/note"
	"octavo/ent/gen/record"
	"octavo/ent/gen/space"
	"octavo/ent/gen/user"
	"octavo/ent/internal/backend"
)

func (r housekeeping) Gone(ctx context.Context, now time.Time) (users, spaces []domain.ID, err error) {
	gone, err := r.read.User.Query().Where(user.GoesAtLTE(now)).Order(user.ByID()).IDs(ctx)
	if err != nil {
		return nil, nil, r.failure(ctx, err)
	}
	closed, err := r.read.Space.Query().Where(space.GoesAtLTE(now)).Order(space.ByID()).IDs(ctx)
	if err != nil {
		return nil, nil, r.failure(ctx, err)
	}
	for _, id := range gone {
		users = append(users, domain.ID(id))
	}
	for _, id := range closed {
		spaces = append(spaces, domain.ID(id))
	}
	return users, spaces, nil
}

func (r housekeeping) PurgeSpace(ctx context.Context, id domain.ID, now time.Time) (n int, err error) {
	err = r.atomically(backend.Alone(ctx), func(r repos) error {
		n = 0
		gone, err := r.isGone(ctx, string(id), now)
		if err != nil || !gone {
			return r.failure(ctx, err)
		}
		for _, remove := range []func(context.Context, string) (int, error){
			r.removeNotesOf, r.removeRecordsOf, r.removeDraftsOf, r.removeImportedOf, r.removeSpaceItself,
		} {
			if n, err = remove(ctx, string(id)); err != nil || n > 0 {
				return r.failure(ctx, err)
			}
		}
		return nil
	})
	return n, err
}

// isGone reports whether a space, or the user whose own it is, is gone, which nobody changes until the transaction ends.
func (r repos) isGone(ctx context.Context, id string, now time.Time) (bool, error) {
	closed, err := locked(r, r.read.Space.Query().Where(space.ID(id), space.GoesAtLTE(now))).IDs(ctx)
	if err != nil || len(closed) > 0 {
		return err == nil, err
	}
	left, err := locked(r, r.read.User.Query().Where(user.ID(id), user.GoesAtLTE(now))).IDs(ctx)
	return len(left) > 0, err
}

func (r repos) removeNotesOf(ctx context.Context, in string) (int, error) {
	found, err := r.read.Note.Query().Where(note.SpaceID(in)).Limit(purgePiece).IDs(ctx)
	if err != nil || len(found) == 0 {
		return 0, err
	}
	ids := make([]domain.ID, len(found))
	for i, id := range found {
		ids[i] = domain.ID(id)
	}
	return len(ids), notes{r, in}.purge(ctx, ids)
}

func (r repos) removeRecordsOf(ctx context.Context, in string) (int, error) {
	ids, err := r.read.Record.Query().Where(record.SpaceID(in)).Limit(endedPiece).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Record.Delete().Where(record.SpaceID(in), record.IDIn(ids...)).Exec(ctx)
}

func (r repos) removeDraftsOf(ctx context.Context, in string) (int, error) {
	ids, err := r.read.Draft.Query().Where(draft.SpaceID(in)).Limit(endedPiece).IDs(ctx)
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return r.write.Draft.Delete().Where(draft.SpaceID(in), draft.IDIn(ids...)).Exec(ctx)
}

// removeSpaceItself removes a space that no file is in any more, and the user whose own it is: with all that goes with them.
func (r repos) removeSpaceItself(ctx context.Context, id string) (int, error) {
	left, err := r.read.File.Query().Where(file.SpaceID(id)).Exist(ctx)
	if err != nil || left {
		return 0, err
	}
	n, err := r.write.Space.Delete().Where(space.ID(id)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	_, err = r.write.User.Delete().Where(user.ID(id)).Exec(ctx)
	return n, err
}
