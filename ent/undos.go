package ent

import (
	"context"
	"encoding/json"
	"errors"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/undo"
)

// undos is the domain.Undos of a database.
type undos struct {
	repos
	owner string
}

func (r repos) Undos(actor domain.Actor) domain.Undos { return undos{r, string(actor.User)} }

// undoNote is how a domain.UndoNote is stored.
type undoNote struct {
	ID      domain.ID        `json:"id"`
	Version int              `json:"version"`
	Saved   int              `json:"saved"`
	State   domain.NoteState `json:"state"`
	Pinned  bool             `json:"pinned"`
	Leads   bool             `json:"leads,omitempty"`
}

func (r undos) Add(ctx context.Context, u domain.Undo) error {
	stored := make([]undoNote, len(u.Notes))
	for i, n := range u.Notes {
		stored[i] = undoNote(n)
	}
	text, err := json.Marshal(stored)
	if err != nil {
		return err
	}
	return r.failure(ctx, r.write.Undo.Create().
		SetID(string(u.ID)).
		SetOwnerID(r.owner).
		SetText(u.Text).
		SetCreatedAt(micros(u.Created)).
		SetNotes(string(text)).
		Exec(ctx))
}

func (r undos) Get(ctx context.Context, id domain.ID) (domain.Undo, error) {
	row, err := r.read.Undo.Query().Where(undo.ID(string(id)), undo.OwnerID(r.owner)).Only(ctx)
	if gen.IsNotFound(err) {
		return domain.Undo{}, domain.ErrUndoNotFound
	}
	if err != nil {
		return domain.Undo{}, r.failure(ctx, err)
	}
	var stored []undoNote
	if err := json.Unmarshal([]byte(row.Notes), &stored); err != nil {
		return domain.Undo{}, err
	}
	u := domain.Undo{ID: id, Text: row.Text, Created: fromMicros(row.CreatedAt)}
	for _, n := range stored {
		u.Notes = append(u.Notes, domain.UndoNote(n))
	}
	return u, nil
}

func (r undos) Remove(ctx context.Context, id domain.ID) error {
	_, err := r.write.Undo.Delete().Where(undo.ID(string(id)), undo.OwnerID(r.owner)).Exec(ctx)
	if err = r.failure(ctx, err); errors.Is(err, domain.NotFound) {
		return nil
	}
	return err
}
