package app

import (
	"context"
	"errors"
	"iter"
	"slices"

	"octavo/domain"
)

// changes are changes of notes within one transaction, with what they bring about: a revision of each text that is
// replaced, links that follow a title, and how to take all of it back. Where that is more than one transaction should
// do, the rest stays with the undo, and others go on with it.
type changes struct {
	repos  domain.Repos
	access domain.WriteAccess
	clock  domain.Clock

	undo  domain.Undo
	notes []domain.UndoNote // that this transaction adds to it
	at    map[domain.ID]int // where a note is among them
	// noRoom is why the last note that has no room for a change hasn't.
	noRoom error
	room   int // how many notes this transaction may still go through

	transfer domain.Transfer // of what moves notes into another space
	others   map[string]bool // the names of files there that stand in the way
	quota    domain.UploadQuota
}

// pieceSize is how many notes a transaction goes through, so that nobody waits for it, and how many ids are read at once
// of a list that is gone through whole.
const pieceSize = 200

// maxRetitled is how often a note's title is followed. A title can be made of links to other notes, and in a circle.
const maxRetitled = 2

// changer begins changes of notes, and goes on with those that one transaction shouldn't do alone.
type changer struct {
	transactions domain.Transactions
	clock        domain.Clock
	quota        domain.UploadQuota
}

// changer returns what begins changes in the store.
func (a *App) changer() changer { return changer{a.store, a.clock, a.quota} }

// changes returns the changes of one action.
func (s changer) changes(repos domain.Repos, access domain.WriteAccess) *changes {
	return s.goingOn(repos, access, domain.NewUndo(s.clock.Now()))
}

// goingOn returns the changes that go on with what is left to do.
func (s changer) goingOn(repos domain.Repos, access domain.WriteAccess, undo domain.Undo) *changes {
	if undo.Rest.Retitled == nil {
		undo.Rest.Retitled = map[domain.ID]int{}
	}
	return &changes{
		repos: repos, access: access, clock: s.clock, undo: undo, at: map[domain.ID]int{}, room: pieceSize, quota: s.quota,
	}
}

// change is a note before and after it is changed.
type change struct {
	before, after domain.Note
	between       []domain.Revision // what somebody wrote that was brought together into it, and that it hasn't said itself
}

// put is store for what somebody asks for. It is Forbidden where their role doesn't let them change a note so.
func (c *changes) put(ctx context.Context, list ...change) error {
	for _, n := range list {
		if err := c.access.MayChange(n.before, n.after); err != nil {
			return err
		}
		if share := c.access.Link(); share != "" && n.after.Version != n.before.Version {
			if err := c.repos.Shares(c.access).Changed(ctx, share); err != nil { // revoked, since a moment ago
				return err
			}
		}
	}
	return c.store(ctx, list...)
}

// store stores notes as they are after each change, unless that is as before, and keeps as revisions what they said if they
// say something else. No note is among them twice. Nobody's role is asked: whoever may do something may do what follows.
func (c *changes) store(ctx context.Context, list ...change) error {
	list = slices.DeleteFunc(list, func(n change) bool { return n.after.Version == n.before.Version })
	if len(list) == 0 {
		return nil
	}
	if c.undo.Rest.Moved != "" {
		return c.move(ctx, list)
	}
	steps, err := c.newTitles(ctx, list)
	if err != nil {
		return err
	}
	var said []domain.Revision
	var notes []domain.Note
	for _, n := range list {
		if n.after.Saved != n.before.Saved {
			said = append(said, n.before.Revision())
		}
		said = append(said, n.between...)
		notes = append(notes, n.after)
	}
	if len(notes) == 1 {
		err = c.repos.Notes(c.access).Update(ctx, notes[0], list[0].before.Version)
	} else {
		err = c.repos.Notes(c.access).UpdateMany(ctx, notes)
	}
	if err == nil && len(said) > 0 {
		err = c.repos.Revisions(c.access).AddMany(ctx, said)
	}
	if err != nil {
		return err
	}
	for _, n := range list {
		c.remember(n)
	}
	c.undo.Rest.Steps = append(c.undo.Rest.Steps, steps...)
	return nil
}

// remember records in the undo how a note was before.
func (c *changes) remember(n change) {
	if c.undo.Rest.Back {
		return
	}
	known := &c.undo.Leader
	if n.after.ID != known.ID {
		i, there := c.at[n.after.ID]
		if !there {
			i = len(c.notes)
			c.at[n.after.ID], c.notes = i, append(c.notes, domain.UndoNote{})
		}
		known = &c.notes[i]
	}
	if known.Version == 0 {
		*known = domain.NewUndoNote(n.before, n.after)
	}
	known.Version = n.after.Version
}

// newTitles returns the steps in which links follow those notes that have a new title.
func (c *changes) newTitles(ctx context.Context, list []change) (steps []domain.Step, err error) {
	var keys []string
	for _, n := range list {
		from := domain.TitleKey(n.before.Title)
		if from != domain.TitleKey(n.after.Title) && c.undo.Rest.Retitled[n.after.ID] < maxRetitled {
			keys = append(keys, from)
			steps = append(steps, domain.Step{Kind: domain.StepLinks, Note: n.after.ID, From: from})
		}
	}
	if len(steps) == 0 {
		return nil, nil
	}
	links := c.repos.Links(c.access.Read())
	titled, err := links.Titled(ctx, keys...)
	if err != nil {
		return nil, err
	}
	linked, err := links.Linked(ctx, keys)
	if err != nil {
		return nil, err
	}
	steps = slices.DeleteFunc(steps, func(step domain.Step) bool {
		_, found := slices.BinarySearch(linked, step.From)
		return !found || titled[step.From].ID != step.Note
	})
	for _, step := range steps {
		c.undo.Rest.Retitled[step.Note]++
	}
	return steps, nil
}

// leads reports whether links to the title with that key lead to the note.
func (c *changes) leads(ctx context.Context, key string, note domain.ID) (bool, error) {
	titled, err := c.repos.Links(c.access.Read()).Titled(ctx, key)
	return titled[key].ID == note, err
}

// changeAll changes each of some notes, and returns how many, and how many have no room for that. Those that are in the
// trash, where that can't be, stay as they are.
func (c *changes) changeAll(ctx context.Context, notes []domain.Note, as func(domain.Note) (domain.Note, error)) (
	changed, left int, err error,
) {
	if err := c.findOthers(ctx, notes); err != nil {
		return 0, 0, err
	}
	var list []change
	for _, n := range notes {
		after, err := as(n)
		switch {
		case errors.Is(err, domain.ErrNoteTrashed) || (err == nil && after.Version == n.Version):
		case errors.Is(err, domain.Invalid):
			left++
			c.noRoom = err
		case err != nil:
			return 0, 0, err
		default:
			list = append(list, change{before: n, after: after})
		}
	}
	changed = len(list)
	return changed, left, c.store(ctx, list...)
}

// keep stores how to take back what has been done, and what is left to do. An action that has been taken back is
// forgotten.
func (c *changes) keep(ctx context.Context, known bool) error {
	undos := c.repos.Undos(c.access)
	if c.undo.Rest.Back && !c.undo.Unfinished() {
		return undos.Remove(ctx, c.undo.ID)
	}
	c.undo.Said = saidOf(c.undo)
	store := undos.Add
	if known {
		store = undos.Update
	}
	if err := store(ctx, c.undo); err != nil {
		return err
	}
	return undos.Remember(ctx, c.undo.ID, c.notes)
}

// saidOf returns what has been done, for the one who did it.
func saidOf(u domain.Undo) []domain.Message {
	r := u.Rest
	said := []domain.Message{r.Said}
	if u.Leader.ID == "" {
		said[0] = r.Said.With("count", r.Notes)
		switch {
		case r.Left > 0 && r.Moved != "":
			said = append(said, domain.NewMessage("undo.not_moved", "count", r.Left))
		case r.Left > 0:
			said = append(said, domain.NewMessage("undo.no_room", "count", r.Left))
		}
		if r.Ended > 0 {
			said = append(said, domain.NewMessage("undo.links_ended", "count", r.Ended))
		}
		if r.Stopped {
			said = append(said, domain.NewMessage("undo.stopped"))
		}
	} else {
		if r.Followed > 0 {
			said = append(said, domain.NewMessage("undo.links_follow", "count", r.Followed))
		}
		if r.NotFollowed > 0 {
			said = append(said, domain.NewMessage("undo.no_room_to_follow", "count", r.NotFollowed))
		}
		if r.Taken {
			said = append(said, domain.NewMessage("undo.links_stay"))
		}
	}
	if u.Unfinished() {
		said = append(said, domain.NewMessage("undo.unfinished"))
	}
	return said
}

// pieces goes through a list, which read returns piece by piece: what follows one of it, or the first of all when that is
// the zero T. An error ends it.
func pieces[T any](read func(after T) ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var after T
		for {
			piece, err := read(after)
			if err != nil {
				yield(after, err)
				return
			}
			for _, one := range piece {
				if !yield(one, nil) {
					return
				}
			}
			if len(piece) < pieceSize {
				return
			}
			after = piece[len(piece)-1]
		}
	}
}
