package ent

import (
	"context"
	"errors"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/draft"
	"octavo/ent/gen/note"
	"octavo/ent/gen/predicate"
)

// drafts is the domain.Drafts of a database.
type drafts struct {
	repos
	space, user string
}

func (r repos) ReadDrafts(a domain.ReadAccess) domain.DraftReader {
	return drafts{r, string(a.Space()), string(a.User())}
}

func (r repos) Drafts(a domain.WriteAccess) domain.Drafts {
	return drafts{r, string(a.Space()), string(a.User())}
}

func (r drafts) Put(ctx context.Context, d domain.Draft) error {
	return r.atomically(ctx, func(r2 repos) error { return drafts{r2, r.space, r.user}.put(ctx, d) })
}

func (r drafts) put(ctx context.Context, d domain.Draft) error {
	if d.IsNew() {
		// The creation that ends this draft may be under way. It refers to the space, so one of the two waits here for the
		// other: either it is seen below, or it sees this draft when it removes it.
		if err := r.lockSpace(ctx, r.space); err != nil {
			return err
		}
		switch _, err := (creations{r.repos, r.space}).Get(ctx, string(d.Key)); {
		case err == nil:
			return domain.ErrDraftSaved
		case !errors.Is(err, domain.NotFound):
			return err
		}
	} else {
		found, err := r.read.Note.Query().Where(note.ID(string(d.Note)), note.SpaceID(r.space)).Exist(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		if !found {
			return domain.ErrNoteNotFound
		}
	}
	return r.failure(ctx, draftRow(r.write.Draft.Create(), d).
		SetSpaceID(r.space).
		SetUserID(r.user).
		OnConflictColumns(draft.FieldSpaceID, draft.FieldUserID, draft.FieldDraftKey).
		UpdateNewValues().
		UpdateNoteID(). // also when it has none any more
		Exec(ctx))
}

// theirs are the user's drafts in the space.
func (r drafts) theirs() predicate.Draft {
	return draft.And(draft.SpaceID(r.space), draft.UserID(r.user))
}

func (r drafts) Get(ctx context.Context, key domain.ID) (domain.Draft, error) {
	row, err := r.read.Draft.Query().Where(r.theirs(), draft.DraftKey(string(key))).Only(ctx)
	if err = r.failure(ctx, err); gen.IsNotFound(err) || errors.Is(err, domain.NotFound) {
		return domain.Draft{}, domain.ErrDraftNotFound
	}
	if err != nil {
		return domain.Draft{}, err
	}
	return draftOf(row), nil
}

func (r drafts) List(ctx context.Context, of domain.ID, limit int) ([]domain.Draft, error) {
	which := draft.NoteID(string(of))
	if of == "" {
		which = draft.NoteIDIsNil()
	}
	rows, err := r.read.Draft.Query().
		Where(r.theirs(), which).
		Order(draft.BySavedAt(entsql.OrderDesc()), draft.ByDraftKey(entsql.OrderDesc())).
		Limit(limit).
		All(ctx)
	var list []domain.Draft
	for _, row := range rows {
		list = append(list, draftOf(row))
	}
	return list, r.listFailure(ctx, err)
}

func (r drafts) Remove(ctx context.Context, key domain.ID) error {
	_, err := r.write.Draft.Delete().Where(r.theirs(), draft.DraftKey(string(key))).Exec(ctx)
	return r.listFailure(ctx, err)
}
