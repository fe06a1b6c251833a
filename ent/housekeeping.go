package ent

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/lease"
	"octavo/ent/gen/trust"
)

// housekeeping is the domain.Housekeeping of a database.
type housekeeping struct{ repos }

func (r repos) Housekeeping() domain.Housekeeping { return housekeeping{r} }

// At most so many things are worked on at once.
const (
	purgePiece = 100 // notes, with their revisions
	endedPiece = 300
	filesPiece = 100 // files that are looked for in texts
)

func (r housekeeping) Lease(ctx context.Context, job string, now, until time.Time) (bool, error) {
	// Whoever waits here for another one's change then looks at the time again.
	taken, err := r.write.Lease.Update().
		Where(lease.ID(job), lease.Or(lease.UntilLTE(micros(now)), lease.UntilGT(micros(domain.LeaseBound(now, until))))).
		SetUntil(micros(until)).
		Save(ctx)
	if err != nil || taken > 0 {
		return taken > 0, r.failure(ctx, err)
	}
	held, err := r.write.Lease.Query().Where(lease.ID(job)).Exist(ctx)
	if err != nil || held {
		return false, r.failure(ctx, err)
	}
	err = r.failure(ctx, r.write.Lease.Create().SetID(job).SetUntil(micros(until)).Exec(ctx))
	if errors.Is(err, domain.Conflict) { // another one was faster
		return false, nil
	}
	return err == nil, err
}

// clockName is the one row of trusts.
const clockName = "clock"

func (r housekeeping) Trust(ctx context.Context) (domain.Trust, error) {
	row, err := r.read.Trust.Get(ctx, clockName)
	if gen.IsNotFound(err) {
		return domain.Trust{}, nil
	}
	if err != nil {
		return domain.Trust{}, r.failure(ctx, err)
	}
	return domain.Trust{
		Seen: fromMicros(row.SeenAt), Time: fromMicros(row.BelievedAt), Next: fromMicros(row.NextAt),
		Ran: time.Duration(row.Ran) * time.Microsecond,
	}, nil
}

func (r housekeeping) PutTrust(ctx context.Context, t domain.Trust) error {
	seen, believed, next, ran := micros(t.Seen), micros(t.Time), micros(t.Next), t.Ran.Microseconds()
	found, err := r.write.Trust.Update().Where(trust.ID(clockName)).
		SetSeenAt(seen).SetBelievedAt(believed).SetNextAt(next).SetRan(ran).Save(ctx)
	if err != nil || found > 0 {
		return r.failure(ctx, err)
	}
	err = r.failure(ctx, r.write.Trust.Create().SetID(clockName).
		SetSeenAt(seen).SetBelievedAt(believed).SetNextAt(next).SetRan(ran).Exec(ctx))
	if errors.Is(err, domain.Conflict) { // another one was faster
		return nil
	}
	return err
}

func (r housekeeping) Check(ctx context.Context) error { return r.failure(ctx, r.db.Check(ctx)) }

func (r housekeeping) PurgeTrash(ctx context.Context, before time.Time) (n int, err error) {
	err = r.atomically(ctx, func(r repos) error {
		type row struct{ id, owner string }
		trash, err := scanAll(ctx, r, r.text.trashLocked, []any{micros(before), purgePiece},
			func(rows *sql.Rows) (found row, err error) {
				err = rows.Scan(&found.id, &found.owner)
				return found, err
			})
		if err != nil {
			return err
		}
		n = len(trash)
		of := map[string][]domain.ID{}
		for _, found := range trash {
			of[found.owner] = append(of[found.owner], domain.ID(found.id))
		}
		for owner, ids := range of {
			if err := (notes{r, owner}).purge(ctx, ids); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// purge removes notes that are in the trash, where they don't count for their tags.
func (r notes) purge(ctx context.Context, ids []domain.ID) error {
	those, args := r.among("note_id", texts(ids)...)
	query := withPlaceholders(r.text.dialect, "SELECT DISTINCT tag_key FROM note_tags WHERE "+those)
	keys, err := scanAll(ctx, r.repos, query, args, textFromRow)
	if err != nil {
		return err
	}
	if err := r.unindex(ctx, ids...); err != nil {
		return err
	}
	if err := r.execAmong(ctx, "DELETE FROM notes WHERE ", nil, "id", texts(ids), ""); err != nil {
		return err
	}
	slices.Sort(keys)
	return r.forgetTags(ctx, keys)
}

func (r housekeeping) Aging(ctx context.Context, from, to time.Time, id domain.ID, limit int) ([]domain.ID, error) {
	return scanAll(ctx, r.repos, r.text.aging, []any{micros(from), micros(to), after(id), limit}, idFromRow)
}

func (r housekeeping) Saves(ctx context.Context, note domain.ID) (versions []int, saved []time.Time, err error) {
	_, err = scanAll(ctx, r.repos, r.text.saves, []any{string(note)}, func(row *sql.Rows) (struct{}, error) {
		var version int
		var at int64
		err := row.Scan(&version, &at)
		versions, saved = append(versions, version), append(saved, fromMicros(at))
		return struct{}{}, err
	})
	return versions, saved, err
}

func (r housekeeping) RemoveRevisions(ctx context.Context, note domain.ID, versions []int) error {
	return r.atomically(ctx, func(r repos) error {
		for piece := range slices.Chunk(versions, rowsPiece) {
			args := []any{string(note)}
			for _, version := range piece {
				args = append(args, version)
			}
			statement := "DELETE FROM revisions WHERE note_id = ? AND version IN (" + list("?", len(piece)) + ")"
			if _, err := r.exec(ctx, withPlaceholders(r.text.dialect, statement), args...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r housekeeping) RemoveEnded(ctx context.Context, now time.Time) (n int, err error) {
	err = r.atomically(ctx, func(r repos) error {
		n = 0
		for _, remove := range []struct {
			statement string
			ended     []any
		}{
			{r.text.endedUndos, []any{micros(now.Add(-domain.UndoLife))}},
			{r.text.endedCreations, []any{micros(now.Add(-domain.CreationLife))}},
			{r.text.endedSessions, []any{micros(now.Add(-domain.SessionIdle)), micros(now.Add(-domain.SessionLife))}},
			{r.text.endedTickets, []any{micros(now.Add(-domain.UsedTicketLife))}},
		} {
			removed, err := r.exec(ctx, remove.statement, append(remove.ended, endedPiece-n)...)
			if err != nil {
				return err
			}
			n += removed
		}
		return nil
	})
	return n, err
}

// fileRow names a file.
type fileRow struct{ owner, hash string }

func (r housekeeping) RemoveUnusedFiles(ctx context.Context, before time.Time) (gone []domain.FileHash, err error) {
	for last := (fileRow{owner: beforeAll}); ; {
		args := []any{micros(before), last.owner, last.owner, last.hash, filesPiece}
		page, err := scanAll(ctx, r.repos, r.text.oldFiles, args, func(row *sql.Rows) (f fileRow, err error) {
			err = row.Scan(&f.owner, &f.hash)
			return f, err
		})
		if err != nil || len(page) == 0 {
			return gone, err
		}
		var removed []domain.FileHash
		err = r.atomically(ctx, func(r repos) (err error) {
			removed, err = r.removeUnused(ctx, page, before)
			return err
		})
		if err != nil {
			return gone, err
		}
		gone = append(gone, removed...)
		last = page[len(page)-1]
	}
}

// removeUnused removes those of some files that nothing mentions, and returns the hashes that nobody has any more.
func (r repos) removeUnused(ctx context.Context, files []fileRow, before time.Time) ([]domain.FileHash, error) {
	of := map[string][]string{}
	left := map[string]bool{} // by hash
	for _, f := range files {
		of[f.owner] = append(of[f.owner], f.hash)
		left[f.hash] = false
	}
	for _, owner := range slices.Sorted(maps.Keys(of)) {
		if err := r.execAmong(ctx, "DELETE FROM files WHERE owner_id = ? AND created_at < ? AND ",
			[]any{owner, micros(before)}, "hash", of[owner], r.text.unusedFile); err != nil {
			return nil, err
		}
		for _, table := range []string{"file_uses", "file_names"} {
			if err := r.execAmong(ctx, "DELETE FROM "+table+" WHERE owner_id = ? AND ",
				[]any{owner}, "hash", of[owner], strings.ReplaceAll(withoutFile, "{table}", table)); err != nil {
				return nil, err
			}
		}
	}
	those, args := r.among("hash", slices.Collect(maps.Keys(left))...)
	found, err := scanAll(ctx, r, withPlaceholders(r.text.dialect, "SELECT DISTINCT hash FROM files WHERE "+those), args, textFromRow)
	if err != nil {
		return nil, err
	}
	for _, hash := range found {
		left[hash] = true
	}
	var gone []domain.FileHash
	for _, hash := range slices.Sorted(maps.Keys(left)) {
		if !left[hash] {
			gone = append(gone, domain.FileHash(hash))
		}
	}
	return gone, nil
}
