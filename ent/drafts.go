package ent

import (
	"context"
	"database/sql"
	"errors"

	"octavo/domain"
)

// drafts is the domain.Drafts of a database.
type drafts struct {
	repos
	owner string
}

func (r repos) Drafts(actor domain.Actor) domain.Drafts { return drafts{r, string(actor.User)} }

func (r drafts) Put(ctx context.Context, d domain.Draft) error {
	return r.atomically(ctx, func(r2 repos) error { return drafts{r2, r.owner}.put(ctx, d) })
}

func (r drafts) put(ctx context.Context, d domain.Draft) error {
	var note any
	if d.IsNew() {
		// The creation that ends this draft may be under way. It refers to the user, so one of the two waits here for the
		// other: either it is seen below, or it sees this draft when it removes it.
		var user string
		err := scanRow(ctx, r.read, r.text.userLocked, []any{r.owner}, &user)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return failure(ctx, err)
		}
	} else {
		note = string(d.Key)
	}
	var notes, creations int
	args := []any{string(d.Key), r.owner, r.owner, requestKey(string(d.Key))}
	if err := scanRow(ctx, r.read, r.text.draftAllowed, args, &notes, &creations); err != nil {
		return failure(ctx, err)
	}
	switch {
	case creations > 0:
		return nil
	case notes == 0 && !d.IsNew():
		return domain.ErrNoteNotFound
	}
	_, err := r.exec(ctx, r.text.putDraft,
		r.owner, string(d.Key), note, d.Base, d.Title, d.Tags, micros(d.Saved), d.Content)
	return err
}

func (r drafts) Get(ctx context.Context, key domain.ID) (domain.Draft, error) {
	d := domain.Draft{Key: key}
	var saved int64
	err := scanRow(ctx, r.read, r.text.draft, []any{r.owner, string(key)},
		&d.Base, &d.Title, &d.Content, &d.Tags, &saved)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Draft{}, domain.ErrDraftNotFound
	}
	if err != nil {
		return domain.Draft{}, failure(ctx, err)
	}
	d.Saved = fromMicros(saved)
	return d, nil
}

func (r drafts) ListNew(ctx context.Context, limit int) ([]domain.Draft, error) {
	return scanAll(ctx, r.repos, r.text.newDrafts, []any{r.owner, limit}, func(row *sql.Rows) (d domain.Draft, err error) {
		var saved int64
		err = row.Scan((*string)(&d.Key), &d.Base, &d.Title, &d.Content, &d.Tags, &saved)
		d.Saved = fromMicros(saved)
		return d, err
	})
}

func (r drafts) Remove(ctx context.Context, key domain.ID) error {
	_, err := r.exec(ctx, r.text.removeDraft, r.owner, string(key))
	if errors.Is(err, domain.NotFound) {
		return nil
	}
	return err
}
