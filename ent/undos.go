package ent

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/predicate"
	"octavo/ent/gen/undo"
	"octavo/ent/gen/undonote"
	"octavo/ent/schema"
)

// undos is the domain.Undos of a database.
type undos struct {
	repos
	space, user string
}

func (r repos) ReadUndos(a domain.ReadAccess) domain.UndoReader {
	return undos{r, string(a.Space()), string(a.User())}
}

func (r repos) Undos(a domain.WriteAccess) domain.Undos {
	return undos{r, string(a.Space()), string(a.User())}
}

// own says that an undo is one of the user's.
func (r undos) own(id domain.ID) predicate.Undo {
	return undo.And(undo.ID(string(id)), undo.SpaceID(r.space), undo.UserID(r.user))
}

// oldUndoNote is how the notes of undos were stored before they had a table of their own.
type oldUndoNote struct {
	ID      domain.ID        `json:"id"`
	Version int              `json:"version"`
	Saved   int              `json:"saved"`
	State   domain.NoteState `json:"state"`
	Pinned  bool             `json:"pinned"`
	Leads   bool             `json:"leads,omitempty"`
}

func (n oldUndoNote) note() domain.UndoNote {
	return domain.UndoNote{ID: n.ID, Version: n.Version, Saved: n.Saved, State: n.State, Pinned: n.Pinned}
}

// undoRest is how what an undo has besides its text and its notes is stored.
type undoRest struct {
	Leader domain.UndoNote `json:"leader"`
	Rest   domain.Rest     `json:"rest"`
}

// undoTexts returns what an undo says, and all else that isn't in columns or in a table of its own, as they are stored.
func undoTexts(u domain.Undo) (said, rest string, err error) {
	saidJSON, err := json.Marshal(u.Said)
	if err != nil {
		return "", "", err
	}
	restJSON, err := json.Marshal(undoRest{u.Leader, u.Rest})
	return string(saidJSON), string(restJSON), err
}

// readUndoTexts reads what undoTexts has made, and what was stored when what is said still had its words.
func readUndoTexts(u *domain.Undo, said, rest string) error {
	if json.Unmarshal([]byte(said), &u.Said) != nil {
		u.Said = []domain.Message{domain.NewMessage("undo.text", "text", said)}
	}
	if rest == "" {
		return nil
	}
	var stored struct {
		Leader domain.UndoNote `json:"leader"`
		Rest   struct {
			domain.Rest
			Said json.RawMessage
		} `json:"rest"`
	}
	if err := json.Unmarshal([]byte(rest), &stored); err != nil {
		return err
	}
	u.Leader, u.Rest = stored.Leader, stored.Rest.Rest
	if len(stored.Rest.Said) == 0 {
		return nil
	}
	var words string
	if json.Unmarshal(stored.Rest.Said, &words) != nil {
		return json.Unmarshal(stored.Rest.Said, &u.Rest.Said)
	}
	u.Rest.Said = domain.NewMessage("undo.text", "text", words)
	if u.Leader.ID == "" {
		u.Rest.Said = domain.Message{Code: "undo.counted", Args: domain.Args{"text": words}}
	}
	return nil
}

func (r undos) Add(ctx context.Context, u domain.Undo) error {
	said, rest, err := undoTexts(u)
	if err != nil {
		return err
	}
	return r.failure(ctx, r.write.Undo.Create().
		SetID(string(u.ID)).
		SetSpaceID(r.space).
		SetUserID(r.user).
		SetText(said).
		SetCreatedAt(u.Created).
		SetNotes("").
		SetRest(rest).
		SetSteps(len(u.Rest.Steps)).
		Exec(ctx))
}

func (r undos) Get(ctx context.Context, id domain.ID) (domain.Undo, error) {
	row, err := locked(r.repos, r.read.Undo.Query().Where(r.own(id))).Only(ctx)
	if err = r.failure(ctx, err); gen.IsNotFound(err) || errors.Is(err, domain.NotFound) {
		return domain.Undo{}, domain.ErrUndoNotFound
	}
	if err != nil {
		return domain.Undo{}, err
	}
	u := domain.Undo{ID: id, Created: row.CreatedAt}
	if err := readUndoTexts(&u, row.Text, row.Rest); err != nil || row.Rest != "" {
		return u, err
	}
	list, err := oldUndoNotes(row.Notes)
	if i := slices.IndexFunc(list, func(n oldUndoNote) bool { return n.Leads }); i >= 0 {
		u.Leader = list[i].note()
	}
	return u, err
}

// oldUndoNotes reads the notes of an undo that was stored before they had a table, ordered by id.
func oldUndoNotes(text string) (list []oldUndoNote, err error) {
	if text == "" {
		return nil, nil
	}
	err = json.Unmarshal([]byte(text), &list)
	slices.SortFunc(list, func(a, b oldUndoNote) int { return cmp.Compare(a.ID, b.ID) })
	return list, err
}

func (r undos) Update(ctx context.Context, u domain.Undo) error {
	said, rest, err := undoTexts(u)
	if err != nil {
		return err
	}
	changed, err := r.write.Undo.Update().
		Where(r.own(u.ID)).
		SetText(said).
		SetRest(rest).
		SetSteps(len(u.Rest.Steps)).
		Save(ctx)
	if err == nil && changed == 0 {
		return domain.ErrUndoNotFound
	}
	return r.failure(ctx, err)
}

func (r undos) Remember(ctx context.Context, id domain.ID, notes []domain.UndoNote) error {
	if len(notes) == 0 {
		return nil
	}
	return r.atomically(ctx, func(tx repos) error {
		there, err := tx.read.Undo.Query().Where(r.own(id)).Exist(ctx)
		if err != nil {
			return r.failure(ctx, err)
		}
		if !there {
			return domain.ErrUndoNotFound
		}
		for piece := range slices.Chunk(notes, rowsPiece) {
			err := tx.write.UndoNote.MapCreateBulk(piece, func(row *gen.UndoNoteCreate, i int) {
				n := piece[i]
				row.SetUndoID(string(id)).
					SetNoteID(string(n.ID)).
					SetVersion(n.Version).
					SetSaved(n.Saved).
					SetState(string(n.State)).
					SetPinned(n.Pinned)
			}).
				OnConflictColumns(undonote.FieldUndoID, undonote.FieldNoteID).
				Update(func(u *gen.UndoNoteUpsert) { u.UpdateVersion() }).
				Exec(ctx)
			if err != nil {
				return r.failure(ctx, err)
			}
		}
		return nil
	})
}

func (r undos) Notes(ctx context.Context, id, beyond domain.ID, limit int) (list []domain.UndoNote, err error) {
	row, err := r.read.Undo.Query().Where(r.own(id)).Select(undo.FieldNotes).Only(ctx)
	if gen.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	if row.Notes != "" {
		all, err := oldUndoNotes(row.Notes)
		for _, n := range all {
			if n.ID > beyond && !n.Leads && len(list) < limit {
				list = append(list, n.note())
			}
		}
		return list, err
	}
	rows, err := r.read.UndoNote.Query().
		Where(undonote.UndoID(string(id)), undonote.NoteIDGT(after(beyond))).
		Order(undonote.ByNoteID()).
		Limit(limit).
		All(ctx)
	for _, row := range rows {
		list = append(list, domain.UndoNote{
			ID: domain.ID(row.NoteID), Version: row.Version, Saved: row.Saved, State: domain.NoteState(row.State), Pinned: row.Pinned,
		})
	}
	return list, r.listFailure(ctx, err)
}

func (r undos) Remove(ctx context.Context, id domain.ID) error {
	_, err := r.write.Undo.Delete().Where(r.own(id)).Exec(ctx)
	if err = r.failure(ctx, err); errors.Is(err, domain.NotFound) {
		return nil
	}
	return err
}

func (r housekeeping) Unfinished(ctx context.Context, beyond domain.ID, limit int) ([]domain.UnfinishedUndo, error) {
	rows, err := r.read.Undo.Query().Where(undo.StepsGT(0), undo.IDGT(after(beyond))).Order(gen.Asc(undo.FieldID)).Limit(limit).
		Select(undo.FieldID, undo.FieldSpaceID, undo.FieldUserID).All(schema.AcrossSpaces(ctx))
	var list []domain.UnfinishedUndo
	for _, row := range rows {
		access, err := domain.NewMembership(domain.ID(row.SpaceID), orNone(row.UserID), domain.RoleEditor).Write()
		if err != nil {
			return nil, err
		}
		list = append(list, domain.UnfinishedUndo{Undo: domain.ID(row.ID), Access: access})
	}
	return list, r.failure(ctx, err)
}
