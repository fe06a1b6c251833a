package app

import (
	"context"
	"errors"
	"iter"

	"octavo/domain"
)

// changes are changes of notes within one transaction, with what they bring about: a revision of each text that is
// replaced, links that follow a title, and how to take all of it back.
type changes struct {
	repos domain.Repos
	actor domain.Actor
	clock domain.Clock

	undo     domain.Undo
	at       map[domain.ID]int // where undo remembers a note
	titles   []newTitle        // that links don't follow yet
	retitled map[domain.ID]int // how often a note was
	followed int               // notes whose links follow a new title
	left     int               // notes that had no room for what they were to say
	taken    bool              // links stay as they are, as another note has the new title, too
}

// newTitle is a title that a note has, and the key of the one it had.
type newTitle struct {
	note     domain.ID
	from, to string
}

// maxRetitled is how often a note's title is followed. A title can be made of links to other notes, and in a circle.
const maxRetitled = 2

func (s *Notes) changes(repos domain.Repos, actor domain.Actor) *changes {
	return &changes{
		repos: repos, actor: actor, clock: s.clock, undo: domain.NewUndo("", s.clock.Now()),
		at: map[domain.ID]int{}, retitled: map[domain.ID]int{},
	}
}

// put stores after over before, unless that is the same, and keeps before as a revision if after says something else.
func (c *changes) put(ctx context.Context, before, after domain.Note) error {
	if after.Version == before.Version {
		return nil
	}
	from, to := domain.TitleKey(before.Title), domain.TitleKey(after.Title)
	led := false
	if from != to && c.retitled[after.ID] < maxRetitled {
		var err error
		if led, err = c.leads(ctx, from, before.ID); err != nil {
			return err
		}
	}
	if after.Saved != before.Saved {
		if err := c.repos.Revisions(c.actor).Add(ctx, before.Revision()); err != nil {
			return err
		}
	}
	if err := c.repos.Notes(c.actor).Update(ctx, after); err != nil {
		return err
	}
	if i, remembered := c.at[after.ID]; remembered {
		c.undo.Notes[i].Version = after.Version
	} else {
		c.at[after.ID] = len(c.undo.Notes)
		c.undo.Remember(before, after)
	}
	if led {
		c.retitled[after.ID]++
		c.titles = append(c.titles, newTitle{after.ID, from, after.Title})
	}
	return nil
}

// leads tells whether links to the title with that key lead to the note.
func (c *changes) leads(ctx context.Context, key string, note domain.ID) (bool, error) {
	titled, err := c.repos.Notes(c.actor).Titled(ctx, key)
	return titled[key].ID == note, err
}

// follow has the links of other notes lead to the new titles of those that have been put, unless they would then lead to
// another note.
func (c *changes) follow(ctx context.Context) error {
	for len(c.titles) > 0 {
		title := c.titles[0]
		c.titles = c.titles[1:]
		leads, err := c.leads(ctx, domain.TitleKey(title.to), title.note)
		if err != nil {
			return err
		}
		for id, err := range allLinking(ctx, c.repos.Notes(c.actor), title.from) {
			if err != nil {
				return err
			}
			if !leads {
				c.taken = true
				break
			}
			if err := c.relink(ctx, id, title); err != nil {
				return err
			}
		}
	}
	return nil
}

// relink has the links of one note follow a title. Those of notes in the trash stay.
func (c *changes) relink(ctx context.Context, id domain.ID, title newTitle) error {
	n, err := c.repos.Notes(c.actor).Get(ctx, id)
	if err != nil {
		return err
	}
	draft := n.Draft()
	draft.Author = c.actor.User
	draft.Content, _ = domain.RenameLinks(n.Content, title.from, title.to)
	after, err := n.Edited(draft, n.Version, c.clock.Now())
	switch {
	case errors.Is(err, domain.ErrNoteTrashed) || (err == nil && after.Version == n.Version):
		return nil
	case errors.Is(err, domain.Invalid):
		c.left++
		return nil
	case err != nil:
		return err
	}
	if id != title.note {
		c.followed++
	}
	return c.put(ctx, n, after)
}

// pieceSize is how many ids are read at once of a list that is gone through whole.
const pieceSize = 200

// allLinking returns the ids of all notes that link to a title.
func allLinking(ctx context.Context, notes domain.Notes, key string) iter.Seq2[domain.ID, error] {
	return pieces(func(after domain.ID) ([]domain.ID, error) {
		list, err := notes.Linking(ctx, []string{key}, after, pieceSize)
		ids := make([]domain.ID, len(list))
		for i, n := range list {
			ids[i] = n.ID
		}
		return ids, err
	})
}

// pieces goes through a list of ids, which read returns piece by piece: what follows an id. An error ends it.
func pieces(read func(after domain.ID) ([]domain.ID, error)) iter.Seq2[domain.ID, error] {
	return func(yield func(domain.ID, error) bool) {
		var after domain.ID
		for {
			ids, err := read(after)
			if err != nil {
				yield("", err)
				return
			}
			for _, id := range ids {
				if !yield(id, nil) {
					return
				}
			}
			if len(ids) < pieceSize {
				return
			}
			after = ids[len(ids)-1]
		}
	}
}
