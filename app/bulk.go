package app

import (
	"context"
	"slices"

	"octavo/domain"
	"octavo/domain/query"
)

// Bulk is what is done to several notes at once, and taken back.
type Bulk struct {
	changer
	undos func(domain.ReadAccess) domain.UndoReader
	index func(domain.ReadAccess) domain.Index
	tags  func(domain.ReadAccess) domain.Tags
	links func(domain.ReadAccess) domain.Links

	spaces domain.Spaces
}

// Bulk returns the use cases of several notes at once.
func (a *App) Bulk() *Bulk {
	return &Bulk{a.changer(), a.store.ReadUndos, a.store.Index, a.store.Tags, a.store.Links, a.store.Spaces()}
}

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
	ManyUntag     Many = "untag"
	ManyMove      Many = "move" // into another space
)

// MaxMany is how many notes can be chosen at once.
const MaxMany = 1000

// Changed is what an action did that changed several notes.
type Changed struct {
	Notes int
	Left  int       // notes that had no room for the change, and stay as they are
	Undo  domain.ID // "" when nothing has been changed
}

// Change does something to each of the notes, all in one transaction. with is the name of the tag to add or to remove, or the
// id of the space to move them into, which is NotFound where there is none that the user is in.
// Notes that aren't there, or to which it doesn't apply, are left out, as are those that have no room for it; when
// these are all, the error is Invalid.
func (s *Bulk) Change(ctx context.Context, access domain.WriteAccess, what Many, with string, ids []domain.ID) (Changed, error) {
	if err := access.MayEdit(); err != nil {
		return Changed{}, err
	}
	if len(ids) > MaxMany {
		return Changed{}, domain.NewInvalid(domain.NewFieldError("id", "bulk.too_many", "limit", MaxMany))
	}
	did, err := newAction(what, with)
	if err != nil {
		return Changed{}, err
	}
	var undo domain.Undo
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		c := s.changes(repos, access)
		if err := c.intend(ctx, did); err != nil {
			return err
		}
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
			changed, full, err := c.changeAll(ctx, notes, c.doing(did))
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

// ChangeFound does something to all notes that a search finds, as Change does, but in pieces. Which those are is told
// as it goes along: notes that are written or changed meanwhile stay as they are. A search for nothing is Invalid, as
// is one of which a part would be left out because it is too long.
func (s *Bulk) ChangeFound(ctx context.Context, access domain.WriteAccess, what Many, with, search string) (Changed, error) {
	if err := access.MayEdit(); err != nil {
		return Changed{}, err
	}
	did, err := newAction(what, with)
	if err != nil {
		return Changed{}, err
	}
	if len(search) > query.MaxLength {
		return Changed{}, domain.NewInvalid(domain.NewFieldError("id", "query.too_long"))
	}
	if len(query.Parse(search).Clauses) == 0 {
		return Changed{}, domain.NewInvalid(domain.NewFieldError("id", "bulk.none"))
	}
	var undo domain.Undo
	err = s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		c := s.changes(repos, access)
		if err := c.intend(ctx, did); err != nil {
			return err
		}
		c.undo.Rest.Steps = []domain.Step{{Kind: domain.StepFound, From: search, To: string(did.tag), Do: string(what)}}
		undo, err = c.begin(ctx)
		return err
	})
	if err != nil {
		return Changed{}, err
	}
	return changedBy(s.finishRest(ctx, access, undo)), nil
}

// changedBy returns what an action did, of which there is nothing to take back where it found nothing to do.
func changedBy(undo domain.Undo) Changed {
	if undo.Rest.Notes == 0 && !undo.Unfinished() {
		return Changed{Left: undo.Rest.Left}
	}
	return Changed{Notes: undo.Rest.Notes, Left: undo.Rest.Left, Undo: undo.ID}
}

// Undoable returns what can be taken back, for the one who did it. It is NotFound when it is too late.
func (s *Bulk) Undoable(ctx context.Context, access domain.ReadAccess, id domain.ID) (said []domain.Message, err error) {
	undo, err := s.undos(access).Get(ctx, id)
	switch {
	case err != nil:
		return nil, err
	case undo.Ended(s.clock.Now()):
		return nil, domain.ErrUndoNotFound
	case !undo.Unfinished():
		return undo.Said, nil
	}
	left, err := s.toCome(ctx, access, undo)
	if err != nil {
		return nil, err
	}
	said = slices.Clip(undo.Said[:len(undo.Said)-1]) // but that some are left
	switch {
	case left > maxToCome:
		return append(said, domain.NewMessage("undo.many_to_come", "limit", maxToCome)), nil
	case left > 0:
		return append(said, domain.NewMessage("undo.to_come", "count", left)), nil
	}
	return undo.Said, nil
}

// maxToCome is up to how many notes that are left to change are counted.
const maxToCome = 1000

// toCome returns how many notes an action has still to go through, up to one more than maxToCome, and 0 for one that is being
// taken back.
func (s *Bulk) toCome(ctx context.Context, access domain.ReadAccess, undo domain.Undo) (n int, err error) {
	after, place := undo.Rest.After, undo.Rest.Place // where the first step has come
	for _, step := range undo.Rest.Steps {
		limit, found := maxToCome+1-n, 0
		switch step.Kind {
		case domain.StepFound:
			var places []domain.SearchCursor
			places, err = s.index(access).Places(ctx, query.Parse(step.From).UpdatedBy(undo.Created), place, limit)
			found = len(places)
		case domain.StepTag, domain.StepUntag:
			var ids []domain.ID
			ids, err = s.tags(access).Tagged(ctx, step.From, after, limit)
			found = len(ids)
		case domain.StepLinks:
			var linking []domain.NoteSummary
			linking, err = s.links(access).Linking(ctx, []string{step.From}, after, limit)
			found = len(linking)
		case domain.StepBack:
		}
		if n += found; err != nil || n > maxToCome {
			break
		}
		after, place = "", nil
	}
	return n, err
}

// Undone is what came of taking an action back.
type Undone struct {
	Notes   int       // that are as they were
	Skipped int       // that have been changed since, or removed, and stay as they are
	Leader  domain.ID // the note that the others followed, or ""
}

// Undo takes back an action that changed several notes: the note that others follow at once, the others in pieces. It is
// NotFound when it is too late, and Conflict when the note that the others follow has been changed since, or when notes are in a
// space that the user may no longer take them from. Called again, it goes on.
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
			c.undo.Rest = domain.Rest{
				Back: true, Moved: undo.Rest.Moved, Retitled: map[domain.ID]int{}, Steps: []domain.Step{{Kind: domain.StepBack}},
			}
			if err := c.open(ctx); err != nil {
				return noWayBack(err)
			}
			if err := c.takeLeaderBack(ctx); err != nil {
				return err
			}
			if err := c.shareBack(ctx, undo.Rest.Shares); err != nil {
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
