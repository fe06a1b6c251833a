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
			_, err = fmt.Fprintln(p.stdout, "searches know all notes as they are; nothing had to be mended")
		default:
			_, err = fmt.Fprintf(p.stdout, "mended %d that searches didn't know as they are\n", mended)
		}
		return err
	})
}

// reindexingGap is how often it is asked whether the index is to be compared again.
const reindexingGap = time.Hour

// reindex compares what searches know with the notes, at the start, as a database that was killed may have lost something,
// and then when it is due, until ctx ends.
func reindex(ctx context.Context, log *slog.Logger, housekeeping *app.Housekeeping) {
	ticker := time.NewTicker(reindexingGap)
	defer ticker.Stop()
	for compare := housekeeping.Reindex; ; compare = housekeeping.ReindexWhenDue {
		mended, err := compare(ctx)
		if mended > 0 {
			log.WarnContext(ctx, "searches didn't know all notes as they are; that is mended", slog.Int("notes", mended))
		}
		if err != nil && ctx.Err() == nil {
			log.ErrorContext(ctx, "comparing the search index with the notes failed", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}
