package app

import (
	"context"
	"errors"
	"maps"
	"slices"

	"octavo/domain"
)

// maxTags is how many tags a page shows. Those beyond are still found by completion and search.
const maxTags = 5000

// Tags is what people do with the tags of their notes.
type Tags struct {
	changer
	tags func(domain.ReadAccess) domain.Tags
	jobs domain.Housekeeping // tells what has been begun and isn't done yet
}

// Tags returns the use cases of tags.
func (a *App) Tags() *Tags { return &Tags{a.changer(), a.store.Tags, a.store.Housekeeping()} }

// List returns the tags of the notes outside of the trash, ordered by key, each after the one above it.
func (s *Tags) List(ctx context.Context, access domain.ReadAccess) ([]domain.TagCount, error) {
	return s.tags(access).Beginning(ctx, "", maxTags)
}

// Complete returns at most limit tags that begin with what has been typed.
func (s *Tags) Complete(ctx context.Context, access domain.ReadAccess, typed string, limit int) ([]domain.TagCount, error) {
	if !canBegin(typed, domain.MaxTag) {
		return nil, nil
	}
	return s.tags(access).Beginning(ctx, domain.Tag(typed).Key(), limit)
}

// Get returns how many notes outside of the trash have a tag, and how it is written, or NotFound.
func (s *Tags) Get(ctx context.Context, access domain.ReadAccess, tag domain.Tag) (domain.TagCount, error) {
	return tagCount(ctx, s.tags(access), tag)
}

func tagCount(ctx context.Context, tags domain.Tags, tag domain.Tag) (domain.TagCount, error) {
	// Of the tags that begin like it, it comes first.
	found, err := tags.Beginning(ctx, tag.Key(), 1)
	if err != nil {
		return domain.TagCount{}, err
	}
	if len(found) == 0 || found[0].Tag.Key() != tag.Key() {
		return domain.TagCount{}, ErrTagUnused
	}
	return found[0], nil
}

// Rename gives a tag another name, on the notes and within their texts, together with the tags below it, in pieces. Links that
// share its notes go on doing so.
// Where there is a tag of that name already, the two become one if merge says so; otherwise the error is ErrTagExists.
// Notes in the trash keep theirs. A name that isn't one is Invalid, a tag that no note has NotFound. It is Unavailable
// while the notes of another rename are still being changed.
func (s *Tags) Rename(ctx context.Context, access domain.WriteAccess, from domain.Tag, to string, merge bool) (Changed, error) {
	if err := access.MayEdit(); err != nil {
		return Changed{}, err
	}
	name, err := domain.NewTag(to)
	if err != nil {
		return Changed{}, renamed("to", err)
	}
	if name == from {
		return Changed{}, nil
	}
	said := domain.Message{Code: "undo.renamed", Args: domain.Args{"from": string(from), "to": string(name)}}
	step := domain.Step{Kind: domain.StepTag, From: from.Key(), To: string(name)}
	return s.changeAll(ctx, access, said, step, func(tags domain.Tags) error {
		if merge || name.Key() == from.Key() {
			return nil
		}
		switch _, err := tagCount(ctx, tags, name); {
		case err == nil:
			return ErrTagExists
		case !errors.Is(err, domain.NotFound):
			return err
		}
		return nil
	})
}

// Delete removes a tag from the notes, together with the tags below it, as Rename renames it: what texts mention stays there as
// a word, and the notes themselves stay.
func (s *Tags) Delete(ctx context.Context, access domain.WriteAccess, tag domain.Tag) (Changed, error) {
	if err := access.MayEdit(); err != nil {
		return Changed{}, err
	}
	step := domain.Step{Kind: domain.StepUntag, From: tag.Key()}
	return s.changeAll(ctx, access, action{what: ManyUntag, tag: tag}.said(), step, func(domain.Tags) error { return nil })
}

// changeAll has a step change all notes with the tag that it is from, in pieces, unless check has something against it.
func (s *Tags) changeAll(ctx context.Context, access domain.WriteAccess, said domain.Message, step domain.Step,
	check func(domain.Tags) error,
) (Changed, error) {
	if err := s.finishOthers(ctx, s.jobs, access); err != nil {
		return Changed{}, err
	}
	var undo domain.Undo
	err := s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		tags := repos.Tags(access.Read())
		ids, err := tags.Tagged(ctx, step.From, "", 1)
		if err == nil && len(ids) == 0 {
			err = errNoTag
		}
		if err == nil {
			err = check(tags)
		}
		if err != nil {
			return err
		}
		c := s.changes(repos, access)
		c.undo.Rest.Said = said
		c.undo.Rest.Steps = []domain.Step{step}
		if step.Kind == domain.StepTag {
			if err := c.shareRenamed(ctx, tags, step.From, domain.Tag(step.To)); err != nil {
				return err
			}
		}
		undo, err = c.begin(ctx)
		return err
	})
	if err != nil {
		return Changed{}, err
	}
	return changedBy(s.finishRest(ctx, access, undo)), nil
}

// shareRenamed has the shares of a tag, and of those below it, be of what it is called from now on. Where it becomes one with
// another tag they stay: nobody has shared the notes of that.
func (c *changes) shareRenamed(ctx context.Context, tags domain.Tags, from string, to domain.Tag) error {
	switch _, err := tagCount(ctx, tags, to); {
	case errors.Is(err, domain.NotFound), to.Key() == from:
	default:
		return err
	}
	shares := c.repos.Shares(c.access)
	list, err := shares.List(ctx)
	if err != nil {
		return err
	}
	for _, s := range list {
		renamed := s.Tag.Renamed(from, to)
		if s.Tag == "" || renamed == s.Tag {
			continue
		}
		if c.undo.Rest.Shares == nil {
			c.undo.Rest.Shares = map[domain.ID]domain.TagChange{}
		}
		c.undo.Rest.Shares[s.ID] = domain.TagChange{Was: s.Tag, Is: renamed}
		if err := shares.SetTag(ctx, s.ID, renamed); err != nil {
			return err
		}
	}
	return nil
}

// shareBack has shares be of the tags again that they were of before, but for those that have been revoked or have followed
// another name since.
func (c *changes) shareBack(ctx context.Context, followed map[domain.ID]domain.TagChange) error {
	shares := c.repos.Shares(c.access)
	for _, id := range slices.Sorted(maps.Keys(followed)) {
		s, err := shares.Get(ctx, id)
		if errors.Is(err, domain.NotFound) || err == nil && s.Tag != followed[id].Is {
			continue
		}
		if err == nil {
			err = shares.SetTag(ctx, id, followed[id].Was)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// What keeps a tag from being found or renamed.
var (
	ErrTagUnused = domain.NewError(domain.NotFound, "tag.unused")    // no note outside of the trash has it
	ErrTagExists = domain.NewError(domain.Conflict, "tag.exists")    // another tag has the name
	errNoTag     = domain.NewError(domain.NotFound, "tag.not_found") // no note has it
)

// renamed returns an Invalid error as one about the field with that name.
func renamed(field string, err error) error {
	fields := domain.FieldErrors(err)
	for i := range fields {
		fields[i].Field = field
	}
	return domain.NewInvalid(fields...)
}
