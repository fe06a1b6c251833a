package app

import (
	"context"
	"errors"

	"octavo/domain"
)

// History is one page of a note's revisions.
type History struct {
	Note      domain.Note
	Revisions []domain.RevisionSummary // the newest first
	Next      int                      // what the next page begins before, 0 on the last one
	Names     map[domain.ID]string     // of those who saved them
}

// History returns at most limit revisions of a note, of versions below before or, when that is 0, the newest, of which
// the first is what the note says now.
func (s *Notes) History(ctx context.Context, actor domain.Actor, id domain.ID, before, limit int) (History, error) {
	n, err := s.store.Notes(actor).Get(ctx, id)
	if err != nil {
		return History{}, err
	}
	h := History{Note: n}
	if before == 0 || before > n.Saved {
		h.Revisions = append(h.Revisions, n.Revision().Summary())
	}
	older, err := s.store.Revisions(actor).List(ctx, id, before, limit+1)
	if err != nil {
		return History{}, err
	}
	if h.Revisions = append(h.Revisions, older...); len(h.Revisions) > limit {
		h.Revisions = h.Revisions[:limit]
		h.Next = h.Revisions[limit-1].Version
	}
	h.Names, err = s.names(ctx, h.Revisions...)
	return h, err
}

// Revision is what a note said once, beside what it said before that.
type Revision struct {
	domain.Revision
	Note   domain.Note
	Before *domain.Revision // nil for the first one
	Name   string           // of who saved it
}

// Revision returns the revision of a note that has the version.
func (s *Notes) Revision(ctx context.Context, actor domain.Actor, id domain.ID, version int) (Revision, error) {
	n, err := s.store.Notes(actor).Get(ctx, id)
	if err != nil {
		return Revision{}, err
	}
	r := Revision{Note: n}
	if r.Revision, err = exactly(ctx, s.store, actor, n, version); err != nil {
		return Revision{}, err
	}
	switch before, err := s.store.Revisions(actor).At(ctx, id, version-1); {
	case err == nil:
		r.Before = &before
	case !errors.Is(err, domain.NotFound):
		return Revision{}, err
	}
	names, err := s.names(ctx, r.Summary())
	r.Name = names[r.Author]
	return r, err
}

// RestoreRevision has a note say again what it said in a version, which becomes its newest revision.
func (s *Notes) RestoreRevision(ctx context.Context, actor domain.Actor, id domain.ID, version int) (saved Saved, err error) {
	err = s.store.Atomically(ctx, func(repos domain.Repos) error {
		n, err := repos.Notes(actor).Get(ctx, id)
		if err != nil {
			return err
		}
		r, err := exactly(ctx, repos, actor, n, version)
		if err != nil {
			return err
		}
		draft := r.Draft()
		draft.Author = actor.User
		saved, err = s.save(ctx, repos, actor, id, Edit{NoteDraft: draft, Base: n.Version})
		return err
	})
	return s.withRest(ctx, actor, saved, err)
}

// exactly returns what the note said in a version, or NotFound where nothing was saved as that.
func exactly(ctx context.Context, repos domain.Repos, actor domain.Actor, n domain.Note, version int) (domain.Revision, error) {
	r, err := revisionAt(ctx, repos, actor, n, version)
	if err == nil && r.Version != version {
		err = domain.ErrRevisionNotFound
	}
	return r, err
}

// names returns what those are called who saved revisions. Somebody who is gone has no name.
func (s *Notes) names(ctx context.Context, revisions ...domain.RevisionSummary) (map[domain.ID]string, error) {
	names := map[domain.ID]string{}
	for _, r := range revisions {
		if _, known := names[r.Author]; known || r.Author == "" {
			continue
		}
		u, err := s.store.Users().Get(ctx, r.Author)
		if err != nil && !errors.Is(err, domain.NotFound) {
			return nil, err
		}
		names[r.Author] = u.Name
	}
	return names, nil
}
