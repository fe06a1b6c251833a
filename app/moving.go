package app

import (
	"context"
	"errors"

	"octavo/domain"
)

// spaceToMoveTo reads which space notes are to be moved into. It is Invalid where none has been chosen, and NotFound where there
// can't be such a one.
func spaceToMoveTo(text string) (domain.ID, error) {
	if text == "" {
		return "", domain.NewInvalid(domain.NewFieldError("to", "move.choose"))
	}
	id, ok := domain.ParseID(text)
	if !ok {
		return "", domain.ErrSpaceNotFound
	}
	return id, nil
}

// Destinations returns the spaces that somebody shares and may move notes into from one in which they may edit.
func (s *Bulk) Destinations(ctx context.Context, access domain.ReadAccess) ([]domain.SharedSpace, error) {
	shared, err := s.spaces.SharedBy(ctx, access.User())
	return access.Destinations(shared), err
}

// intend has the changes be those of an action.
func (c *changes) intend(ctx context.Context, did action) error {
	c.undo.Rest.Said, c.undo.Rest.Moved = did.said(), did.to
	return c.open(ctx)
}

// open finds out whether the user may move notes between the space and the one that the action is about, if there is one. It is
// NotFound when they aren't a member there, and what WriteAccess.MoveTo says.
func (c *changes) open(ctx context.Context) error {
	rest := &c.undo.Rest
	if rest.Moved == "" || c.transfer != (domain.Transfer{}) {
		return nil
	}
	m, err := c.repos.Spaces().Membership(ctx, rest.Moved, c.access.User())
	if err != nil {
		return err
	}
	if c.transfer, err = c.access.MoveTo(m); err != nil {
		return err
	}
	if rest.Back {
		c.transfer = c.transfer.Back()
		return nil
	}
	for _, space := range m.Beside.SharedSpaces() {
		if space.ID == rest.Moved {
			rest.Said = domain.Message{Code: "undo.moved", Args: domain.Args{"space": space.Name}}
		}
	}
	return nil
}

// openAgain is open for what goes on with an action. Where the user has lost their right in one of the spaces meanwhile the rest
// stays where it is.
func (c *changes) openAgain(ctx context.Context) error {
	rest := c.undo.Rest
	goesOn := rest.Moved != "" && !rest.Back && c.transfer == (domain.Transfer{})
	err := c.open(ctx)
	if err == nil && goesOn {
		err = c.mayStillEdit(ctx)
	}
	if errors.Is(err, domain.NotFound) || errors.Is(err, domain.Forbidden) {
		c.undo.Rest.Steps, c.undo.Rest.Stopped = nil, true
		return nil
	}
	return err
}

// mayStillEdit returns NotFound or Forbidden where the user may not edit in the space any more.
func (c *changes) mayStillEdit(ctx context.Context) error {
	m, err := c.repos.Spaces().Membership(ctx, c.access.Space(), c.access.User())
	if err != nil {
		return err
	}
	now, err := m.Write()
	if err != nil {
		return err
	}
	return now.MayEdit()
}

// noWayBack is why notes can't be brought back: whether there is still such a space isn't told.
func noWayBack(err error) error {
	if errors.Is(err, domain.NotFound) || errors.Is(err, domain.Forbidden) {
		return errNoWayBack
	}
	return err
}

var errNoWayBack = domain.NewError(domain.Conflict, "undo.no_way_back")

// from returns the right to change what the action goes through.
func (c *changes) from() domain.WriteAccess {
	if c.undo.Rest.Moved != "" {
		return c.transfer.From()
	}
	return c.access
}

// findOthers finds out which names of files in some notes mean other ones where they are to be moved.
func (c *changes) findOthers(ctx context.Context, notes []domain.Note) error {
	if c.undo.Rest.Moved == "" {
		return nil
	}
	var keys []string
	for _, n := range notes {
		keys = append(keys, n.FileNames()...)
	}
	c.others = nil
	if len(keys) == 0 {
		return nil
	}
	here, err := c.repos.Files(c.transfer.From()).Named(ctx, keys...)
	if err != nil || len(here) == 0 {
		return err
	}
	there, err := c.repos.Files(c.transfer.To()).Named(ctx, keys...)
	c.others = domain.OtherFiles(here, there)
	return err
}

// move stores notes in the other space, with their files. It is TooLarge when the quota has no room for those there.
func (c *changes) move(ctx context.Context, list []change) error {
	notes, ids := make([]domain.Note, len(list)), make([]domain.ID, len(list))
	for i, n := range list {
		notes[i], ids[i] = n.after, n.after.ID
	}
	moving := c.repos.Moving(c.transfer)
	files, err := moving.Files(ctx, ids)
	if err != nil {
		return err
	}
	if err := c.admit(ctx, files); err != nil {
		return err
	}
	for i := range files {
		files[i].Created = c.clock.Now()
	}
	ended, err := moving.Move(ctx, notes, files)
	if err != nil {
		return err
	}
	c.undo.Rest.Ended += ended
	for _, n := range list {
		c.remember(n)
	}
	return nil
}

// admit returns TooLarge when the quota has no room for those of some files that the other space doesn't have. What is brought
// back has been there.
func (c *changes) admit(ctx context.Context, list []domain.File) error {
	if c.quota <= 0 || len(list) == 0 || c.undo.Rest.Back {
		return nil
	}
	there := c.repos.Files(c.transfer.To())
	used, err := there.Used(ctx)
	if err != nil {
		return err
	}
	hashes := make([]domain.FileHash, len(list))
	for i, f := range list {
		hashes[i] = f.Hash
	}
	known, err := there.Find(ctx, hashes...)
	if err != nil {
		return err
	}
	size := int64(0)
	for _, f := range list {
		if _, has := known[f.Hash]; !has {
			known[f.Hash] = f // which may have several names
			size += f.Size
		}
	}
	if size == 0 {
		return nil
	}
	return c.quota.Check(used, size)
}

// moveBack moves notes back, but for those that are gone or have been changed since.
func (c *changes) moveBack(ctx context.Context, list []domain.UndoNote, notes []domain.Note) error {
	if err := c.findOthers(ctx, notes); err != nil {
		return err
	}
	at := map[domain.ID]domain.Note{}
	for _, n := range notes {
		at[n.ID] = n
	}
	var moved []change
	for _, u := range list {
		n, there := at[u.ID]
		back, err := c.transfer.Move(n, c.others)
		if !there || !u.Fits(n) || err != nil {
			c.undo.Rest.Left++
			continue
		}
		moved = append(moved, change{before: n, after: back})
	}
	c.undo.Rest.Notes += len(moved)
	return c.store(ctx, moved...)
}
