package memory

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"octavo/domain"
)

// ReadRevisions implements domain.Repos.
func (r repos) ReadRevisions(a domain.ReadAccess) domain.RevisionReader { return revisions{r.in(a)} }

// Revisions implements domain.Repos.
func (r repos) Revisions(a domain.WriteAccess) domain.Revisions { return revisions{r.in(a.Read())} }

type revisions struct{ inSpace }

// of returns the revisions of a note in the space, oldest first.
func (r revisions) of(ctx context.Context, note domain.ID) (list []domain.Revision, err error) {
	err = r.read(ctx, func(t *tables) error {
		if _, err := t.notes.get(r.space, note, domain.ErrNoteNotFound); err == nil {
			list = t.revisions[note]
		}
		return nil
	})
	return list, err
}

// atVersion finds the place of a version in a list of revisions, for the functions of slices that search.
func atVersion(r domain.Revision, version int) int { return cmp.Compare(r.Version, version) }

func (r revisions) Add(ctx context.Context, rev domain.Revision) error {
	return r.write(ctx, func(t *tables) error {
		if _, err := t.notes.get(r.space, rev.Note, domain.ErrNoteNotFound); err != nil {
			return err
		}
		list := t.revisions[rev.Note]
		i, taken := slices.BinarySearchFunc(list, rev.Version, atVersion)
		if taken {
			return domain.ErrExists
		}
		rev.Tags = slices.Clone(rev.Tags)
		t.revisions[rev.Note] = slices.Insert(slices.Clone(list), i, rev)
		return nil
	})
}

func (r revisions) AddMany(ctx context.Context, list []domain.Revision) error {
	return r.write(ctx, func(t *tables) error {
		tx := revisions{inSpace{inTx{t}, r.space, r.user}}
		for i, rev := range list {
			if err := tx.Add(ctx, rev); err != nil {
				for _, added := range list[:i] {
					t.revisions[added.Note] = slices.DeleteFunc(slices.Clone(t.revisions[added.Note]),
						func(old domain.Revision) bool { return old.Version == added.Version })
				}
				return err
			}
		}
		return nil
	})
}

func (r revisions) Exactly(ctx context.Context, versions map[domain.ID]int) (map[domain.ID]domain.Revision, error) {
	found := map[domain.ID]domain.Revision{}
	for note, version := range versions {
		rev, err := r.At(ctx, note, version)
		switch {
		case err == nil && rev.Version == version:
			found[note] = rev
		case err != nil && !errors.Is(err, domain.NotFound):
			return nil, err
		}
	}
	return found, nil
}

func (r revisions) At(ctx context.Context, note domain.ID, version int) (domain.Revision, error) {
	list, err := r.of(ctx, note)
	if err != nil {
		return domain.Revision{}, err
	}
	end, _ := slices.BinarySearchFunc(list, version+1, atVersion)
	if end == 0 {
		return domain.Revision{}, domain.ErrRevisionNotFound
	}
	rev := list[end-1]
	rev.Tags = slices.Clone(rev.Tags)
	return rev, nil
}

func (r revisions) List(ctx context.Context, note domain.ID, before, limit int) (
	shown []domain.RevisionSummary, err error,
) {
	list, err := r.of(ctx, note)
	for _, rev := range slices.Backward(list) {
		if len(shown) < limit && (before == 0 || rev.Version < before) {
			shown = append(shown, rev.Summary())
		}
	}
	return shown, err
}

// ReadUndos implements domain.Repos.
func (r repos) ReadUndos(a domain.ReadAccess) domain.UndoReader { return undos{r.in(a)} }

// Undos implements domain.Repos.
func (r repos) Undos(a domain.WriteAccess) domain.Undos { return undos{r.in(a.Read())} }

type undos struct{ inSpace }

// storedUndo is an undo with its notes, by their ids, and whose it is.
type storedUndo struct {
	domain.Undo
	user  domain.ID
	notes map[domain.ID]domain.UndoNote
}

// undoCopy returns the undo, for the caller to keep.
func undoCopy(u domain.Undo) domain.Undo {
	u.Said = slices.Clone(u.Said)
	u.Rest.Steps, u.Rest.Retitled = slices.Clone(u.Rest.Steps), maps.Clone(u.Rest.Retitled)
	return u
}

// own returns an undo of the user's.
func (r undos) own(t *tables, id domain.ID) (storedUndo, error) {
	stored, err := t.undos.get(r.space, id, domain.ErrUndoNotFound)
	if err == nil && stored.user != r.user {
		err = domain.ErrUndoNotFound
	}
	return stored, err
}

func (r undos) Add(ctx context.Context, u domain.Undo) error {
	return r.write(ctx, func(t *tables) error { return t.undos.add(r.space, u.ID, storedUndo{Undo: undoCopy(u), user: r.user}) })
}

func (r undos) Get(ctx context.Context, id domain.ID) (u domain.Undo, err error) {
	err = r.read(ctx, func(t *tables) error {
		stored, err := r.own(t, id)
		u = undoCopy(stored.Undo)
		return err
	})
	return u, err
}

func (r undos) Update(ctx context.Context, u domain.Undo) error {
	return r.change(ctx, u.ID, func(stored *storedUndo) {
		u.Created = stored.Created
		stored.Undo = undoCopy(u)
	})
}

func (r undos) Remember(ctx context.Context, id domain.ID, notes []domain.UndoNote) error {
	return r.change(ctx, id, func(stored *storedUndo) {
		all := maps.Clone(stored.notes)
		if all == nil {
			all = map[domain.ID]domain.UndoNote{}
		}
		for _, n := range notes {
			if known, ok := all[n.ID]; ok {
				known.Version = n.Version
				n = known
			}
			all[n.ID] = n
		}
		stored.notes = all
	})
}

func (r undos) change(ctx context.Context, id domain.ID, change func(*storedUndo)) error {
	return r.write(ctx, func(t *tables) error {
		stored, err := r.own(t, id)
		if err == nil {
			change(&stored)
			t.undos[id] = owned[storedUndo]{r.space, stored}
		}
		return err
	})
}

func (r undos) Notes(ctx context.Context, id, after domain.ID, limit int) (list []domain.UndoNote, err error) {
	err = r.read(ctx, func(t *tables) error {
		stored, err := r.own(t, id)
		if err != nil {
			return nil // it has none
		}
		for _, note := range slices.Sorted(maps.Keys(stored.notes)) {
			if note > after && len(list) < limit {
				list = append(list, stored.notes[note])
			}
		}
		return nil
	})
	return list, err
}

func (r undos) Remove(ctx context.Context, id domain.ID) error {
	return r.write(ctx, func(t *tables) error {
		if _, err := r.own(t, id); err == nil {
			delete(t.undos, id)
		}
		return nil
	})
}
