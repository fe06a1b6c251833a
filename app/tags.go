package app

import (
	"context"
	"iter"

	"octavo/domain"
)

// maxTags is how many tags a page shows. Those beyond are still found by completion and search.
const maxTags = 5000

// Tags returns the tags of the actor's notes outside of the trash, ordered by key, each after the one above it.
func (s *Notes) Tags(ctx context.Context, actor domain.Actor) ([]domain.TagCount, error) {
	return s.store.Notes(actor).Tags(ctx, "", maxTags)
}

// CompleteTag returns at most limit tags that begin with what has been typed.
func (s *Notes) CompleteTag(ctx context.Context, actor domain.Actor, typed string, limit int) ([]domain.TagCount, error) {
	return s.store.Notes(actor).Tags(ctx, domain.Tag(typed).Key(), limit)
}

// RenameTag gives a tag another name, on the notes and within their texts, together with the tags below it: all in one
// transaction. Where there is a tag of that name already, the two become one. Notes in the trash keep theirs. A name
// that isn't one is Invalid, a tag that no note has NotFound.
func (s *Notes) RenameTag(ctx context.Context, actor domain.Actor, tag, to string) (Changed, error) {
	from := domain.Tag(tag)
	name, err := domain.NewTag(to)
	if err != nil {
		return Changed{}, renamed("to", err)
	}
	if name == from {
		return Changed{}, nil
	}
	found := false
	all := func(notes domain.Notes) iter.Seq2[domain.ID, error] {
		return pieces(func(after domain.ID) ([]domain.ID, error) {
			ids, err := notes.Tagged(ctx, from.Key(), after, pieceSize)
			found = found || len(ids) > 0
			return ids, err
		})
	}
	changed, err := s.changeAll(ctx, actor, "Renamed #"+tag+" to #"+string(name), all, func(n domain.Note) (domain.Note, error) {
		draft := n.Draft()
		draft.Author = actor.User
		draft.Content, _ = domain.RenameTag(draft.Content, from.Key(), name)
		for i, t := range draft.Tags {
			draft.Tags[i] = string(domain.Tag(t).Renamed(from.Key(), name))
		}
		return n.Edited(draft, n.Version, s.clock.Now())
	})
	if err == nil && !found {
		err = errNoTag
	}
	return changed, err
}

var errNoTag = domain.NewError(domain.NotFound, "There is no such tag")

// renamed returns an Invalid error as one about the field with that name.
func renamed(field string, err error) error {
	fields := domain.FieldErrors(err)
	for i := range fields {
		fields[i].Field = field
	}
	return domain.NewInvalid(fields...)
}
