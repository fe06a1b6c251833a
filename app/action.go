package app

import (
	"slices"

	"octavo/domain"
)

// action is what is done to each of several notes.
type action struct {
	what Many
	tag  domain.Tag // that ManyTag adds and ManyUntag removes
	to   domain.ID  // the space that ManyMove moves them into
}

// newAction returns an action. It is Invalid when there is none of that name, and when it needs a tag and with is none.
func newAction(what Many, with string) (did action, err error) {
	did.what = what
	switch what {
	case ManyTag, ManyUntag:
		did.tag, err = domain.NewTag(with)
		return did, err
	case ManyMove:
		did.to, err = spaceToMoveTo(with)
		return did, err
	}
	if _, known := actionsSaid[what]; !known {
		return action{}, domain.NewInvalid(domain.NewFieldError("action", "bulk.no_action"))
	}
	return did, nil
}

// actionsSaid is how to say what has been done.
var actionsSaid = map[Many]domain.Code{
	ManyPin: "undo.pinned", ManyUnpin: "undo.unpinned", ManyArchive: "undo.archived", ManyUnarchive: "undo.unarchived",
	ManyTrash: "undo.trashed", ManyRestore: "undo.restored", ManyTag: "undo.tagged", ManyUntag: "undo.untagged",
	ManyMove: "undo.moved_home",
}

// said says what has been done, without how often.
func (a action) said() domain.Message {
	if a.what != ManyUntag {
		return domain.Message{Code: actionsSaid[a.what]}
	}
	return domain.Message{Code: actionsSaid[a.what], Args: domain.Args{"tag": string(a.tag)}}
}

// doing returns what becomes of a note by an action.
func (c *changes) doing(did action) func(domain.Note) (domain.Note, error) {
	return func(n domain.Note) (domain.Note, error) {
		move := func(to domain.NoteState, from ...domain.NoteState) (domain.Note, error) {
			if slices.Contains(from, n.State) {
				n, _ = n.MovedTo(to, c.clock.Now())
			}
			return n, nil
		}
		switch did.what {
		case ManyPin, ManyUnpin:
			n, _ = n.WithPin(did.what == ManyPin)
			return n, nil
		case ManyArchive:
			return move(domain.Archived, domain.Active)
		case ManyUnarchive:
			return move(domain.Active, domain.Archived)
		case ManyTrash:
			return move(domain.Trashed, domain.Active, domain.Archived)
		case ManyRestore:
			return move(domain.Active, domain.Trashed)
		case ManyTag:
			return c.tagged(n, did.tag)
		case ManyMove:
			return c.transfer.Move(n, c.others)
		default: // ManyUntag
			return c.untagged(n, did.tag.Key())
		}
	}
}

// tagged returns a note with a tag added, unless it has it already.
func (c *changes) tagged(n domain.Note, tag domain.Tag) (domain.Note, error) {
	if slices.ContainsFunc(n.AllTags(), func(t domain.Tag) bool { return t.Key() == tag.Key() }) {
		return n, nil
	}
	draft := n.Draft()
	draft.Tags = append(draft.Tags, tag)
	return c.edited(n, draft)
}

// untagged returns a note without a tag, and those below it.
func (c *changes) untagged(n domain.Note, key string) (domain.Note, error) {
	return c.edited(n, n.Draft().WithoutTag(key))
}

// edited returns a note as whoever acts has edited it.
func (c *changes) edited(n domain.Note, draft domain.NoteDraft) (domain.Note, error) {
	return n.Edited(c.access.Sign(draft), n.Version, c.clock.Now())
}
