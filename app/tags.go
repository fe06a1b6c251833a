package app

import (
	"context"

	"octavo/domain"
)

// maxTags is how many tags a page shows. Those beyond are still found by completion and search.
const maxTags = 5000

// Tags returns the tags of the actor's notes outside of the trash, ordered by key, each after the one above it.
func (s *Notes) Tags(ctx context.Context, actor domain.Actor) ([]domain.TagCount, error) {
	return s.store.Tags(actor).Beginning(ctx, "", maxTags)
}

// CompleteTag returns at most limit tags that begin with what has been typed.
func (s *Notes) CompleteTag(ctx context.Context, actor domain.Actor, typed string, limit int) ([]domain.TagCount, error) {
	return s.store.Tags(actor).Beginning(ctx, domain.Tag(typed).Key(), limit)
}

// RenameTag gives a tag another name, on the notes and within their texts, together with the tags below it, in pieces.
// Where there is a tag of that name already, the two become one. Notes in the trash keep theirs. A name that isn't one is
// Invalid, a tag that no note has NotFound. It is Unavailable while the notes of another rename are still being changed.
func (s *Notes) RenameTag(ctx context.Context, actor domain.Actor, tag, to string) (Changed, error) {
	from := domain.Tag(tag)
	name, err := domain.NewTag(to)
	if err != nil {
		return Changed{}, renamed("to", err)
	}
	if name == from {
		return Changed{}, nil
	}
	if err := s.finishOthers(ctx, actor); err != nil {
		return Changed{}, err
	}
	var undo domain.Undo
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		ids, err := repos.Tags(actor).Tagged(ctx, from.Key(), "", 1)
		if err == nil && len(ids) == 0 {
			err = errNoTag
		}
		if err != nil {
			return err
		}
		c := s.changes(repos, actor)
		c.undo.Rest.Said = domain.Message{Code: "undo.renamed", Args: domain.Args{"from": tag, "to": string(name)}}
		c.undo.Rest.Steps = []domain.Step{{Kind: domain.StepTag, From: from.Key(), To: string(name)}}
		if err := c.carryOut(ctx); err != nil {
			return err
		}
		if undo = c.undo; undo.Rest.Notes == 0 && !undo.Unfinished() {
			undo = domain.Undo{}
			return c.noRoom
		}
		return c.keep(ctx, false)
	})
	if err != nil {
		return Changed{}, err
	}
	return changedBy(s.finishRest(ctx, actor, undo)), nil
}

var errNoTag = domain.NewError(domain.NotFound, "tag.not_found")

// renamed returns an Invalid error as one about the field with that name.
func renamed(field string, err error) error {
	fields := domain.FieldErrors(err)
	for i := range fields {
		fields[i].Field = field
	}
	return domain.NewInvalid(fields...)
}
