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
			return r.failure(ctx, err)
		}
		switch _, err := creations(r).Get(ctx, string(d.Key)); {
		case err == nil:
			return domain.ErrDraftSaved
		case !errors.Is(err, domain.NotFound):
			return err
		}
	} else {
		var notes int
		if err := scanRow(ctx, r.read, r.text.noteCounted, []any{string(d.Note), r.owner}, &notes); err != nil {
			return r.failure(ctx, err)
		}
		if notes == 0 {
			return domain.ErrNoteNotFound
		}
		note = string(d.Note)
	}
	_, err := r.exec(ctx, r.text.putDraft,
		r.owner, string(d.Key), note, d.Base, d.Title, d.Tags, micros(d.Saved), d.Content)
	return err
}

func (r drafts) Get(ctx context.Context, key domain.ID) (domain.Draft, error) {
	list, err := r.list(ctx, r.text.draft, r.owner, string(key))
	if err == nil && len(list) == 0 {
		err = domain.ErrDraftNotFound
	}
	if err != nil {
		return domain.Draft{}, err
	}
	return list[0], nil
}

func (r drafts) List(ctx context.Context, note domain.ID, limit int) ([]domain.Draft, error) {
	if note == "" {
		return r.list(ctx, r.text.newDrafts, r.owner, limit)
	}
	return r.list(ctx, r.text.noteDrafts, r.owner, string(note), limit)
}

func (r drafts) list(ctx context.Context, query string, args ...any) ([]domain.Draft, error) {
	return scanAll(ctx, r.repos, query, args, func(row *sql.Rows) (d domain.Draft, err error) {
		var note sql.NullString
		var saved int64
		err = row.Scan((*string)(&d.Key), &note, &d.Base, &d.Title, &d.Content, &d.Tags, &saved)
		d.Note, d.Saved = domain.ID(note.String), fromMicros(saved)
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
