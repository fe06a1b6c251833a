package app

import (
	"context"
	"errors"

	"octavo/domain"
)

// History is what notes said before.
type History struct {
	notes     func(domain.ReadAccess) domain.NoteReader
	revisions func(domain.ReadAccess) domain.RevisionReader
	users     domain.Users
	editing   *Editing // saves what is brought back
}

// History returns the use cases of what notes said before.
func (a *App) History() *History {
	return &History{a.store.ReadNotes, a.store.ReadRevisions, a.store.Users(), a.Editing()}
}

// HistoryPage is one page of a note's revisions.
type HistoryPage struct {
	Note      domain.Note
	Revisions []domain.RevisionSummary // the newest first
	Next      int                      // what the next page begins before, 0 on the last one
	Names     map[domain.ID]string     // of those who saved them
}

// List returns at most limit revisions of a note, of versions below before or, when that is 0, the newest, of which
// the first is what the note says now.
func (s *History) List(ctx context.Context, access domain.ReadAccess, id domain.ID, before, limit int) (HistoryPage, error) {
	n, err := s.notes(access).Get(ctx, id)
	if err != nil {
		return HistoryPage{}, err
	}
	h := HistoryPage{Note: n}
	if before == 0 || before > n.Saved {
		h.Revisions = append(h.Revisions, n.Revision().Summary())
	}
	older, err := s.revisions(access).List(ctx, id, before, limit+1)
	if err != nil {
		return HistoryPage{}, err
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
func (s *History) Revision(ctx context.Context, access domain.ReadAccess, id domain.ID, version int) (Revision, error) {
	n, err := s.notes(access).Get(ctx, id)
	if err != nil {
		return Revision{}, err
	}
	r := Revision{Note: n}
	if r.Revision, err = exactly(ctx, s.revisions(access), n, version); err != nil {
		return Revision{}, err
	}
	switch before, err := s.revisions(access).At(ctx, id, version-1); {
	case err == nil:
		r.Before = &before
	case !errors.Is(err, domain.NotFound):
		return Revision{}, err
	}
	names, err := s.names(ctx, r.Summary())
	r.Name = names[r.Author]
	return r, err
}

// Restore puts what a note said in a version in place of what it says now, as its newest revision.
func (s *History) Restore(ctx context.Context, access domain.WriteAccess, id domain.ID, version int) (saved Saved, err error) {
	if err := access.MayEdit(); err != nil {
		return Saved{}, err
	}
	err = s.editing.transactions.Atomically(ctx, func(repos domain.Repos) error {
		n, err := repos.Notes(access).Get(ctx, id)
		if err != nil {
			return err
		}
		r, err := exactly(ctx, repos.Revisions(access), n, version)
		if err != nil {
			return err
		}
		draft := r.Draft()
		draft = access.Sign(draft)
		saved, err = s.editing.save(ctx, repos, access, id, Edit{NoteDraft: draft, Base: n.Version})
		return err
	})
	return s.editing.withRest(ctx, access, saved, err)
}

// exactly returns what the note said in a version, or NotFound where nothing was saved as that.
func exactly(ctx context.Context, revisions domain.RevisionReader, n domain.Note, version int) (domain.Revision, error) {
	r, err := revisionAt(ctx, revisions, n, version)
	if err == nil && r.Version != version {
		err = domain.ErrRevisionNotFound
	}
	return r, err
}

// names returns the names of those who saved revisions. Somebody who is gone has none.
func (s *History) names(ctx context.Context, revisions ...domain.RevisionSummary) (map[domain.ID]string, error) {
	names := map[domain.ID]string{}
	for _, r := range revisions {
		if _, known := names[r.Author]; known || r.Author == "" {
			continue
		}
		u, err := s.users.Get(ctx, r.Author)
		if err != nil && !errors.Is(err, domain.NotFound) {
			return nil, err
		}
		names[r.Author] = u.Name
	}
	return names, nil
}
