package app

import (
	"context"
	"errors"
	"time"

	"octavo/domain"
)

// How often each job is done.
const (
	housekeepingGap = time.Hour
	thinningGap     = 24 * time.Hour
	filesGap        = 24 * time.Hour
	measuringGap    = 24 * time.Hour
	checkingGap     = 24 * time.Hour
)

// Housekeeping removes what has had its time. Any number of instances may run it: one of them does each job.
type Housekeeping struct {
	changer
	jobs    domain.Housekeeping
	imports *Importing
	users   domain.Users
	audit   domain.Audit
	blobs   domain.Blobs
	checked bool // whether the database has been looked through since the start
}

// Housekeeping returns the use cases of tidying up.
func (a *App) Housekeeping() *Housekeeping {
	return &Housekeeping{
		changer: a.changer(), jobs: a.store.Housekeeping(), imports: a.Importing(nil), users: a.store.Users(), audit: a.store.Audit(), blobs: a.blobs,
	}
}

// Run has the database looked through, at first and then once a day, and does nothing more with one that is damaged. Then
// it does the jobs that are due and that no other instance has taken: it empties the trash of what has been there for
// domain.TrashLife, has drafts expire, thins out old revisions, removes what has ended, accounts and spaces that are gone, and
// files that nothing mentions, and finds out how large pictures are. What removes goes by domain.Trust and not by the clock, so Run wants to be called again well within
// domain.TrustGap.
func (s *Housekeeping) Run(ctx context.Context) error {
	believed, err := s.look(ctx)
	if err != nil {
		return err
	}
	unsound := s.check(ctx)
	if errors.Is(unsound, domain.Damaged) {
		return unsound
	}
	return errors.Join(unsound, s.tidy(ctx, believed))
}

// tidy does what Run promises, in a database that is sound.
func (s *Housekeeping) tidy(ctx context.Context, believed time.Time) error {
	for _, job := range []struct {
		name string
		gap  time.Duration
		run  func(context.Context, time.Time) error
	}{
		{"sweep", housekeepingGap, s.sweep},
		{"remove gone", housekeepingGap, s.removeGone},
		{"thin revisions", thinningGap, s.thin},
		{"remove files", filesGap, s.removeFiles},
		{"measure pictures", measuringGap, s.measure},
	} {
		now := s.clock.Now()
		mine, err := s.jobs.Lease(ctx, job.name, now, now.Add(job.gap))
		if err != nil {
			return err
		}
		if !mine {
			continue
		}
		if err := job.run(ctx, believed); err != nil {
			return err
		}
	}
	return nil
}

// Finish goes on with what has been begun and changes many notes, where whoever began it has come to an end before. Imports
// that have stopped are taken back. What fails is left for the next time, and keeps nothing else from going on.
func (s *Housekeeping) Finish(ctx context.Context) (failed error) {
	for u, err := range unfinished(ctx, s.jobs) {
		if err == nil {
			err = s.finish(ctx, u)
		}
		failed = errors.Join(failed, err)
	}
	return errors.Join(failed, s.imports.takeBackStopped(ctx))
}

func (s *Housekeeping) finish(ctx context.Context, u domain.UnfinishedUndo) error {
	for {
		undo, err := s.piece(ctx, u.Access, u.Undo)
		switch {
		case errors.Is(err, domain.NotFound): // another one was faster
			return nil
		case err != nil || !undo.Unfinished():
			return err
		}
	}
}

func (s *Housekeeping) check(ctx context.Context) error {
	now := s.clock.Now()
	mine, err := s.jobs.Lease(ctx, "check", now, now.Add(checkingGap))
	if err != nil || !mine && s.checked {
		return err
	}
	err = s.jobs.Check(ctx)
	s.checked = ctx.Err() == nil
	return err
}

// look looks at the clock and returns the time that is believed.
func (s *Housekeeping) look(ctx context.Context) (time.Time, error) {
	trust, err := s.jobs.Trust(ctx)
	if err != nil {
		return time.Time{}, err
	}
	trust = trust.Looked(s.clock.Now())
	return trust.Time, s.jobs.PutTrust(ctx, trust)
}

func (s *Housekeeping) sweep(ctx context.Context, now time.Time) error {
	if err := untilNone(func() (int, error) { return s.jobs.PurgeTrash(ctx, now.Add(-domain.TrashLife)) }); err != nil {
		return err
	}
	expire := func() (int, error) { return s.jobs.ExpireDrafts(ctx, now.Add(-domain.DraftLife), now) }
	if err := untilNone(expire); err != nil {
		return err
	}
	return untilNone(func() (int, error) { return s.jobs.RemoveEnded(ctx, now) })
}

// removeFiles removes files that nothing mentions. It may read the whole history, for files that are mentioned by their
// names alone.
func (s *Housekeeping) removeFiles(ctx context.Context, now time.Time) error {
	// Only what this database has known is removed: the directory may be another one's as well, as of a restored copy.
	old := now.Add(-domain.UnusedFileLife)
	gone, err := s.jobs.RemoveUnusedFiles(ctx, old)
	for _, hash := range gone {
		err = errors.Join(err, s.blobs.Remove(ctx, hash, old))
	}
	return err
}

// measure finds out how large the pictures are that were stored before that was. One whose content isn't there stays
// without a size until it is uploaded again, and one that can't be read keeps no others from being measured.
func (s *Housekeeping) measure(ctx context.Context, _ time.Time) error {
	var failed error
	var last domain.FileHash
	err := untilNone(func() (int, error) {
		hashes, err := s.jobs.Unmeasured(ctx, last, pieceSize)
		if err != nil {
			return 0, err
		}
		for _, hash := range hashes {
			last = hash
			width, height, err := measure(ctx, s.blobs, hash)
			if err != nil && !errors.Is(err, domain.NotFound) {
				failed = errors.Join(failed, err)
				continue
			}
			if err := s.jobs.Measure(ctx, hash, width, height); err != nil {
				return 0, err
			}
		}
		return len(hashes), nil
	})
	return errors.Join(failed, err)
}

func untilNone(remove func() (int, error)) error {
	for {
		n, err := remove()
		if err != nil || n == 0 {
			return err
		}
	}
}

// thin goes through all notes that have revisions old enough to be thinned out.
func (s *Housekeeping) thin(ctx context.Context, now time.Time) error {
	aging := pieces(func(after domain.ID) ([]domain.ID, error) {
		return s.jobs.Aging(ctx, time.Time{}, now.Add(-domain.KeepAll), after, pieceSize)
	})
	for id, err := range aging {
		if err != nil {
			return err
		}
		versions, saved, err := s.jobs.Saves(ctx, id)
		if err != nil {
			return err
		}
		var drop []int
		for _, i := range domain.Thin(saved, now) {
			drop = append(drop, versions[i])
		}
		if len(drop) == 0 {
			continue
		}
		if err := s.jobs.RemoveRevisions(ctx, id, drop); err != nil {
			return err
		}
	}
	return nil
}
