package app

import (
	"context"
	"slices"

	"octavo/domain"
)

// takeLeaderBack takes back the note that others follow, if there is one.
func (c *changes) takeLeaderBack(ctx context.Context) error {
	leader := c.undo.Leader
	if leader.ID == "" {
		return nil
	}
	found, err := c.repos.Notes(c.access).Many(ctx, []domain.ID{leader.ID})
	if err != nil {
		return err
	}
	if len(found) == 0 || !leader.Fits(found[0]) {
		return errLeaderChanged
	}
	return c.takeNotesBack(ctx, []domain.UndoNote{leader}, found)
}

// takeBack is the step that takes back what the action did.
func (c *changes) takeBack(ctx context.Context, limit int) (ended bool, err error) {
	list, err := c.repos.Undos(c.access).Notes(ctx, c.undo.ID, c.undo.Rest.After, limit)
	if err != nil {
		return false, err
	}
	ids := make([]domain.ID, len(list))
	for i, u := range list {
		ids[i] = u.ID
	}
	notes, ended, err := c.some(ctx, ids, limit)
	if err != nil {
		return false, err
	}
	list = slices.DeleteFunc(list, func(u domain.UndoNote) bool { return u.ID > c.undo.Rest.After })
	if c.undo.Rest.Moved != "" {
		return ended, c.moveBack(ctx, list, notes)
	}
	return ended, c.takeNotesBack(ctx, list, notes)
}

// takeNotesBack takes back what has become of notes, but for those that are gone or have been changed since.
func (c *changes) takeNotesBack(ctx context.Context, list []domain.UndoNote, notes []domain.Note) error {
	fitting := map[domain.ID]domain.Note{}
	versions := map[domain.ID]int{} // that are among the revisions
	byID := map[domain.ID]domain.Note{}
	for _, n := range notes {
		byID[n.ID] = n
	}
	for _, u := range list {
		n, there := byID[u.ID]
		if !there || !u.Fits(n) {
			continue
		}
		fitting[u.ID] = n
		if u.Saved < n.Saved {
			versions[u.ID] = u.Saved
		}
	}
	revisions, err := c.repos.Revisions(c.access).Exactly(ctx, versions)
	if err != nil {
		return err
	}
	var changed []change
	for _, u := range list {
		n, fits := fitting[u.ID]
		r, found := revisions[u.ID]
		if _, older := versions[u.ID]; !older {
			r, found = n.Revision(), true
		}
		if !fits || !found {
			c.undo.Rest.Left++
			continue
		}
		before, differs := n.TakenBack(u, r, c.clock.Now())
		if !differs {
			continue
		}
		if before.Saved != n.Saved {
			before.Author, before.Share = c.access.User(), c.access.Link()
		}
		changed = append(changed, change{before: n, after: before})
	}
	c.undo.Rest.Notes += len(changed)
	return c.store(ctx, changed...)
}

var errLeaderChanged = domain.NewError(domain.Conflict, "undo.note_changed")
