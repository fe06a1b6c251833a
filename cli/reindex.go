package cli

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/ent"
)

type reindexCommand struct{}

// Run compares the index of searches with the notes at once, beside a server that runs too.
func (reindexCommand) Run(p *program) error {
	return p.onSchema(func(store *ent.Store) error {
		if err := store.CheckSchema(p.ctx); err != nil {
			return err
		}
		mended, err := app.New(store, nil, domain.SystemClock{}).Housekeeping().Reindex(p.ctx)
		switch {
		case err != nil:
			return err
		case mended == 0:
			_, err = fmt.Fprintln(p.stdout, "the index of searches is complete; nothing had to be mended")
		default:
			_, err = fmt.Fprintf(p.stdout, "notes indexed again: %d\n", mended)
		}
		return err
	})
}

// reindexingGap is how often reindex asks whether the index is due to be compared again.
const reindexingGap = time.Hour

// reindex compares what searches know with the notes, at the start, as a database that was killed may have lost something,
// and then when it is due, until ctx ends.
func reindex(ctx context.Context, log *slog.Logger, housekeeping *app.Housekeeping) {
	ticker := time.NewTicker(reindexingGap)
	defer ticker.Stop()
	for compare := housekeeping.Reindex; ; compare = housekeeping.ReindexWhenDue {
		mended, err := compare(ctx)
		if mended > 0 {
			log.WarnContext(ctx, "the index of searches had lost notes; they have been indexed again", slog.Int("notes", mended))
		}
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "comparing the index of searches with the notes failed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
