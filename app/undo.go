package app

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"octavo/domain"
)

// Undone is what came of taking an action back.
type Undone struct {
	Notes   int       // that are as they were
	Skipped int       // that have been changed since, or removed, and stay as they are
	Leader  domain.ID // the note that the others followed, or ""
}

// Undo takes back an action that changed several notes, all in one transaction. It is NotFound when it is too late, and
// Conflict when the note that the others follow has been changed since.
func (s *Notes) Undo(ctx context.Context, actor domain.Actor, id domain.ID) (undone Undone, err error) {
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		undone = Undone{}
		undo, err := repos.Undos(actor).Get(ctx, id)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		if undo.Ended(now) {
			return domain.ErrUndoNotFound
		}
		c := s.changes(repos, actor)
		for _, u := range undo.Notes {
			n, err := repos.Notes(actor).Get(ctx, u.ID)
			if errors.Is(err, domain.NotFound) || (err == nil && !u.Fits(n)) {
				if u.Leads {
					return errLeaderChanged
				}
				undone.Skipped++
				continue
			}
			if err != nil {
				return err
			}
			r, err := revisionAt(ctx, repos, actor, n, u.Saved)
			if err != nil {
				return err
			}
			before, changed := n.TakenBack(u, r, now)
			if !changed {
				continue
			}
			if before.Saved != n.Saved {
				before.Author = actor.User
			}
			if err := c.put(ctx, n, before); err != nil {
				return err
			}
			undone.Notes++
			if u.Leads {
				undone.Leader = u.ID
			}
		}
		if err := c.follow(ctx); err != nil {
			return err
		}
		if undone.Leader != "" { // what has been changed since has its links follow back, and keeps the rest
			undone.Skipped = c.left
		}
		return repos.Undos(actor).Remove(ctx, id)
	})
	return undone, err
}

var errLeaderChanged = domain.NewError(domain.Conflict,
	"The note says something else by now. To bring the old title back, give it that title again: the links follow.")

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

// ChangeMany does something to each of the notes, all in one transaction. tag is the name of the tag to add. Notes that
// aren't there, or to which it doesn't apply, are left out, as are those that have no room for it; when these are all,
// the error is Invalid.
func (s *Notes) ChangeMany(ctx context.Context, actor domain.Actor, what Many, tag string, ids []domain.ID) (Changed, error) {
	if len(ids) > MaxMany {
		return Changed{}, domain.NewInvalid(domain.FieldError{Field: "id", Text: fmt.Sprintf("Choose at most %d notes.", MaxMany)})
	}
	change, done, err := s.changeOf(what, tag, actor)
	if err != nil {
		return Changed{}, err
	}
	chosen := func(yield func(domain.ID, error) bool) {
		for _, id := range ids {
			if !yield(id, nil) {
				return
			}
		}
	}
	return s.changeAll(ctx, actor, done, func(domain.Notes) iter.Seq2[domain.ID, error] { return chosen }, change)
}

// changeAll changes each of the notes whose ids it is given, in one transaction, and remembers how to take that back.
// Notes that aren't there or that can't be changed, as they are in the trash or have too many tags, stay as they are.
func (s *Notes) changeAll(ctx context.Context, actor domain.Actor, done string,
	ids func(domain.Notes) iter.Seq2[domain.ID, error], change func(domain.Note) (domain.Note, error),
) (changed Changed, err error) {
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		notes, c := repos.Notes(actor), s.changes(repos, actor)
		changed = Changed{}
		var noRoom error
		for id, err := range ids(notes) {
			if err != nil {
				return err
			}
			n, err := notes.Get(ctx, id)
			if errors.Is(err, domain.NotFound) {
				continue
			}
			if err != nil {
				return err
			}
			after, err := change(n)
			switch {
			case errors.Is(err, domain.ErrNoteTrashed) || (err == nil && after.Version == n.Version):
				continue
			case errors.Is(err, domain.Invalid):
				changed.Left++
				noRoom = err
				continue
			}
			if err == nil {
				err = c.put(ctx, n, after)
			}
			if err != nil {
				return err
			}
			changed.Notes++
		}
		if changed.Notes == 0 {
			return noRoom
		}
		if err := c.follow(ctx); err != nil {
			return err
		}
		changed.Undo = c.undo.ID
		c.undo.Text = fmt.Sprintf("%s: %s.", done, countNotes(changed.Notes))
		if changed.Left > 0 {
			c.undo.Text += fmt.Sprintf(" No room for that: %s.", countNotes(changed.Left))
		}
		return repos.Undos(actor).Add(ctx, c.undo)
	})
	return changed, err
}

func countNotes(n int) string {
	if n == 1 {
		return "one note"
	}
	return fmt.Sprintf("%d notes", n)
}

// UndoText returns what can be taken back, for the one who did it. It is NotFound when it is too late.
func (s *Notes) UndoText(ctx context.Context, actor domain.Actor, id domain.ID) (string, error) {
	undo, err := s.store.Undos(actor).Get(ctx, id)
	if err == nil && undo.Ended(s.clock.Now()) {
		return "", domain.ErrUndoNotFound
	}
	return undo.Text, err
}

// changeOf returns what is done to each note, and how to say so.
func (s *Notes) changeOf(what Many, tag string, actor domain.Actor) (
	change func(domain.Note) (domain.Note, error), done string, err error,
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
		done = map[bool]string{true: "Pinned", false: "Took the pin off"}[pin]
		return quiet(func(n domain.Note) (domain.Note, bool) { return n.WithPin(pin) }), done, nil
	case ManyArchive:
		return move(domain.Archived, domain.Active), "Archived", nil
	case ManyUnarchive:
		return move(domain.Active, domain.Archived), "Took out of the archive", nil
	case ManyTrash:
		return move(domain.Trashed, domain.Active, domain.Archived), "Moved to the trash", nil
	case ManyRestore:
		return move(domain.Active, domain.Trashed), "Restored", nil
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
			draft.Author, draft.Tags = actor.User, append(draft.Tags, string(name))
			return n.Edited(draft, n.Version, s.clock.Now())
		}, "Tagged", nil
	}
	return nil, "", domain.NewInvalid(domain.FieldError{Field: "action", Text: "Choose what to do with the notes."})
}
