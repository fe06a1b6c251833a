package ent

import (
	"context"
	"database/sql"
	"errors"

	"octavo/domain"
	"octavo/ent/gen/note"
)

// notes is the domain.Notes of a database.
type notes struct {
	repos
	owner string
}

func (r repos) Notes(actor domain.Actor) domain.Notes { return notes{r, string(actor.User)} }

func (r notes) Add(ctx context.Context, n domain.Note) error {
	return failure(ctx, r.write.Note.Create().
		SetID(string(n.ID)).
		SetOwnerID(r.owner).
		SetTitle(n.Title).
		SetContent(n.Content).
		SetExcerpt(n.Excerpt).
		SetPinned(n.Pinned).
		SetState(string(n.State)).
		SetCreatedAt(micros(n.Created)).
		SetUpdatedAt(micros(n.Updated)).
		SetVersion(n.Version).
		Exec(ctx))
}

func (r notes) Get(ctx context.Context, id domain.ID) (domain.Note, error) {
	query := r.text.note
	if r.lock {
		query = r.text.noteLocked
	}
	n := domain.Note{ID: id}
	var created, updated int64
	err := scanRow(ctx, r.read, query, []any{string(id), r.owner},
		&n.Title, &n.Content, &n.Excerpt, &n.Pinned, (*string)(&n.State), &created, &updated, &n.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Note{}, domain.ErrNoteNotFound
	}
	if err != nil {
		return domain.Note{}, failure(ctx, err)
	}
	n.Created, n.Updated = fromMicros(created), fromMicros(updated)
	return n, nil
}

func (r notes) List(ctx context.Context, state domain.NoteState, after *domain.NoteCursor, limit int) (
	[]domain.NoteSummary, error,
) {
	query, args := r.text.notesFirst, []any{r.owner, string(state)}
	if after != nil {
		query, args = r.text.notesAfter, append(args, r.placeOf(*after)...)
	}
	rows, err := r.read.QueryContext(ctx, query, append(args, limit)...)
	if err != nil {
		return nil, failure(ctx, err)
	}
	defer func() { _ = rows.Close() }()
	list := make([]domain.NoteSummary, 0, limit)
	for rows.Next() {
		n, err := summaryFromRow(rows)
		if err != nil {
			return nil, failure(ctx, err)
		}
		list = append(list, n)
	}
	return list, failure(ctx, rows.Err())
}

// placeOf returns the arguments of a cursor.
func (r notes) placeOf(c domain.NoteCursor) []any {
	updated := micros(c.Updated)
	if r.text.placeApart {
		return []any{c.Pinned, c.Pinned, updated, updated, string(c.ID)}
	}
	return []any{c.Pinned, updated, string(c.ID)}
}

func (r notes) Update(ctx context.Context, n domain.Note) error {
	found, err := r.write.Note.Update().
		Where(note.ID(string(n.ID)), note.OwnerID(r.owner), note.Version(n.Version-1)).
		SetTitle(n.Title).
		SetContent(n.Content).
		SetExcerpt(n.Excerpt).
		SetPinned(n.Pinned).
		SetState(string(n.State)).
		SetUpdatedAt(micros(n.Updated)).
		SetVersion(n.Version).
		Save(ctx)
	if err != nil {
		return failure(ctx, err)
	}
	if found == 0 {
		return r.whyNotUpdated(ctx, n.ID)
	}
	return nil
}

// whyNotUpdated tells a note that has moved on from one that isn't there.
func (r notes) whyNotUpdated(ctx context.Context, id domain.ID) error {
	exists, err := r.read.Note.Query().Where(note.ID(string(id)), note.OwnerID(r.owner)).Exist(ctx)
	if err != nil {
		return failure(ctx, err)
	}
	if !exists {
		return domain.ErrNoteNotFound
	}
	return domain.ErrNoteChanged
}

func (r notes) Remove(ctx context.Context, id domain.ID) error {
	found, err := r.write.Note.Delete().Where(note.ID(string(id)), note.OwnerID(r.owner)).Exec(ctx)
	if err != nil {
		return failure(ctx, err)
	}
	if found == 0 {
		return domain.ErrNoteNotFound
	}
	return nil
}

// summaryFromRow reads a row of selectNotes.
func summaryFromRow(row *sql.Rows) (domain.NoteSummary, error) {
	var n domain.NoteSummary
	var updated int64
	err := row.Scan((*string)(&n.ID), &n.Title, &n.Excerpt, &n.Pinned, &updated, &n.Version)
	n.Updated = fromMicros(updated)
	return n, err
}
