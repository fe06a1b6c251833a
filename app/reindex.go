package app

import (
	"context"
	"time"

	"octavo/domain"
)

// reindexingGap is how long it takes until the index of searches is compared with the notes again.
const reindexingGap = 24 * time.Hour

// Reindex compares what searches know with all notes, and has them know the notes as they are. It returns how many
// weren't known so, or weren't there. Any number of instances may do that together, while others write.
func (s *Housekeeping) Reindex(ctx context.Context) (mended int, err error) {
	for next := domain.ID(""); ; {
		n, last, err := s.jobs.Reindex(ctx, next)
		mended += n
		if next = last; err != nil || next == "" {
			return mended, err
		}
	}
}

// ReindexWhenDue does what Reindex does, once a day and in one of the instances.
func (s *Housekeeping) ReindexWhenDue(ctx context.Context) (mended int, err error) {
	now := s.clock.Now()
	mine, err := s.jobs.Lease(ctx, "reindex", now, now.Add(reindexingGap))
	if err != nil || !mine {
		return 0, err
	}
	return s.Reindex(ctx)
}
