package app

import (
	"context"
	"slices"

	"octavo/domain"
)

// Bulk is what is done to several notes at once, and taken back.
type Bulk struct {
	changer
	undos func(domain.ReadAccess) domain.UndoReader
}

// Bulk returns the use cases of several notes at once.
func (a *App) Bulk() *Bulk { return &Bulk{a.changer(), a.store.ReadUndos} }

// Many is something that is done to several notes at once.
type Many string

// What can be done to several notes at once.
const (
	ManyPin       Many = "pin"
	ManyUnpin     Many = "unpin"
	ManyArchive   Many = "archive"
	ManyUnarchive Many = "unarchive"
	ManyTrash     Many = "trash"
	ManyRestore   Many = "restore"
	ManyTag       Many = "tag"
)

// MaxMany is how many notes can be chosen at once.
const MaxMany = 1000

// Changed is what an action did that changed several notes.
type Changed struct {
	Notes int
	Left  int       // notes that had no room for the change, and stay as they are
	Undo  domain.ID // "" when nothing has been changed
}

// Change does something to each of the notes, all in one transaction. tag is the name of the tag to add. Notes that
// aren't there, or to which it doesn't apply, are left out, as are those that have no room for it; when these are all,
// the error is Invalid.
func (s *Bulk) Change(ctx context.Context, access domain.WriteAccess, what Many, tag string, ids []domain.ID) (Changed, error) {
	if err := access.MayEdit(); err != nil {
		return Changed{}, err
	}
	if len(ids) > MaxMany {
		return Changed{}, domain.NewInvalid(domain.NewFieldError("id", "bulk.too_many", "limit", MaxMany))
	}
	change, done, err := s.changeOf(what, tag, access)
	if err != nil {
		return Changed{}, err
	}
	var undo domain.Undo
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		c := s.changes(repos, access)
		c.undo.Rest.Said = domain.Message{Code: done}
		for left := slices.Sorted(slices.Values(ids)); len(left) > 0; {
			notes, err := repos.Notes(access).Many(ctx, left[:min(pieceSize, len(left))])
			if err != nil {
				return err
			}
			last := left[min(pieceSize, len(left))-1]
			if len(notes) > 0 {
				last = notes[len(notes)-1].ID // the last ones may be too large to come along
			}
			left = slices.DeleteFunc(left, func(id domain.ID) bool { return id <= last })
			changed, full, err := c.changeAll(ctx, notes, change)
			if err != nil {
				return err
			}
			c.undo.Rest.Notes += changed
			c.undo.Rest.Left += full
		}
		if c.undo.Rest.Notes == 0 {
			undo = domain.Undo{}
			return c.noRoom
		}
		if err := c.carryOut(ctx); err != nil {
			return err
		}
		undo = c.undo
		return c.keep(ctx, false)
	})
	if err != nil {
		return Changed{}, err
	}
	return changedBy(s.finishRest(ctx, access, undo)), nil
}

// changedBy returns what an action did.
func changedBy(undo domain.Undo) Changed {
	return Changed{Notes: undo.Rest.Notes, Left: undo.Rest.Left, Undo: undo.ID}
}

// changeOf returns what is done to each note, and how to say so.
func (s *Bulk) changeOf(what Many, tag string, access domain.WriteAccess) (
	change func(domain.Note) (domain.Note, error), done domain.Code, err error,
) {
	quiet := func(fn func(domain.Note) (domain.Note, bool)) func(domain.Note) (domain.Note, error) {
		return func(n domain.Note) (domain.Note, error) {
			after, _ := fn(n)
			return after, nil
		}
	}
	move := func(to domain.NoteState, from ...domain.NoteState) func(domain.Note) (domain.Note, error) {
		return quiet(func(n domain.Note) (domain.Note, bool) {
			if !slices.Contains(from, n.State) {
				return n, false
			}
			return n.MovedTo(to, s.clock.Now())
		})
	}
	switch what {
	case ManyPin, ManyUnpin:
		pin := what == ManyPin
		done = map[bool]domain.Code{true: "undo.pinned", false: "undo.unpinned"}[pin]
		return quiet(func(n domain.Note) (domain.Note, bool) { return n.WithPin(pin) }), done, nil
	case ManyArchive:
		return move(domain.Archived, domain.Active), "undo.archived", nil
	case ManyUnarchive:
		return move(domain.Active, domain.Archived), "undo.unarchived", nil
	case ManyTrash:
		return move(domain.Trashed, domain.Active, domain.Archived), "undo.trashed", nil
	case ManyRestore:
		return move(domain.Active, domain.Trashed), "undo.restored", nil
	case ManyTag:
		name, err := domain.NewTag(tag)
		if err != nil {
			return nil, "", err
		}
		return func(n domain.Note) (domain.Note, error) {
			if slices.ContainsFunc(n.AllTags(), func(t domain.Tag) bool { return t.Key() == name.Key() }) {
				return n, nil
			}
			draft := n.Draft()
			draft.Author, draft.Tags = access.User(), append(draft.Tags, name)
			return n.Edited(draft, n.Version, s.clock.Now())
		}, "undo.tagged", nil
	}
	return nil, "", domain.NewInvalid(domain.NewFieldError("action", "bulk.no_action"))
}

// Undoable returns what can be taken back, for the one who did it. It is NotFound when it is too late.
func (s *Bulk) Undoable(ctx context.Context, access domain.ReadAccess, id domain.ID) (said []domain.Message, err error) {
	undo, err := s.undos(access).Get(ctx, id)
	if err == nil && undo.Ended(s.clock.Now()) {
		return nil, domain.ErrUndoNotFound
	}
	return undo.Said, err
}

// Undone is what came of taking an action back.
type Undone struct {
	Notes   int       // that are as they were
	Skipped int       // that have been changed since, or removed, and stay as they are
	Leader  domain.ID // the note that the others followed, or ""
}

// Undo takes back an action that changed several notes: the note that others follow at once, the others in pieces. It is
// NotFound when it is too late, and Conflict when the note that the others follow has been changed since. Called again, it
// goes on.
func (s *Bulk) Undo(ctx context.Context, access domain.WriteAccess, id domain.ID) (Undone, error) {
	if err := access.MayEdit(); err != nil {
		return Undone{}, err
	}
	var undo domain.Undo
	err := s.transactions.Atomically(ctx, func(repos domain.Repos) (err error) {
		undo, err = repos.Undos(access).Get(ctx, id)
		if err != nil {
			return err
		}
		c := s.goingOn(repos, access, undo)
		if !undo.Rest.Back {
			if undo.Ended(s.clock.Now()) {
				return domain.ErrUndoNotFound
			}
			// What is left of the action isn't done any more.
			c.undo.Rest = domain.Rest{Back: true, Retitled: map[domain.ID]int{}, Steps: []domain.Step{{Kind: domain.StepBack}}}
			if err := c.takeLeaderBack(ctx); err != nil {
				return err
			}
		}
		if err := c.carryOut(ctx); err != nil {
			return err
		}
		undo = c.undo
		return c.keep(ctx, true)
	})
	if err != nil {
		return Undone{}, err
	}
	undo = s.finishRest(ctx, access, undo)
	undone := Undone{Notes: undo.Rest.Notes, Skipped: undo.Rest.Left, Leader: undo.Leader.ID}
	if undone.Leader != "" { // what has been changed since has its links follow back, and keeps the rest
		undone.Skipped = undo.Rest.NotFollowed
	}
	return undone, nil
}
