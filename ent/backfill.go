package ent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/gen/note"
	"octavo/ent/internal/backend"
)

// What follows from what is older than a version of the schema has to be written, by steps that come after the migrations.
const (
	derivedSince = 2  // which brought the rows that follow from a note's text
	namesSince   = 5  // which brought the names of files
	meantSince   = 13 // since when texts have meant what they mean, to searches and to those rows
)

// backfills are the versions that have such a step.
var backfills = []int{derivedSince, namesSince, meantSince}

// While a step is left to do, the negative of its version is among the versions of the schema. There is none in a
// database without users.
const (
	insertPending = "INSERT INTO octavo_schema (version) SELECT -%[1]d FROM users WHERE NOT EXISTS " +
		"(SELECT 1 FROM octavo_schema WHERE version = -%[1]d) LIMIT 1"
	selectPending   = "SELECT COUNT(*) FROM octavo_schema WHERE version < 0"
	lockPending     = "SELECT version FROM octavo_schema WHERE version = ?"
	selectUnindexed = "SELECT COUNT(*) FROM octavo_schema WHERE version = -%d AND EXISTS (SELECT 1 FROM notes) " +
		"AND NOT EXISTS (SELECT 1 FROM note_search)"
	deletePending = "DELETE FROM octavo_schema WHERE version >= ? AND version < 0" // of steps that it takes in as well
)

// pending reports whether backfill has to run.
func (s *Store) pending(ctx context.Context) (bool, error) {
	n := 0
	err := s.db.Reader.QueryRowContext(ctx, selectPending).Scan(&n)
	return n > 0, s.failure(ctx, err)
}

// backfill writes the rows that follow from the texts of notes which are older than those rows, or than what the texts
// mean now. It works in pieces, each a transaction of its own, so that one that is cut short goes on where it was.
// Instances that run it together take turns.
func (s *Store) backfill(ctx context.Context) error {
	err := s.step(ctx, derivedSince, beforeAll, nil, func(r repos, _ string) (string, error) {
		now := domain.SystemClock{}.Now()
		_, err := r.exec(ctx, withPlaceholders(r.text.dialect, bringUp), now, now, time.Unix(0, 0))
		return "", err
	})
	if err == nil {
		err = s.step(ctx, namesSince, beforeAll, nil, func(r repos, _ string) (string, error) { return "", r.nameFiles(ctx) })
	}
	if err == nil {
		err = s.dropBeforeMany(ctx)
	}
	if err == nil {
		_, begin := s.text.search.stale()
		err = s.step(ctx, meantSince, begin, s.createAfterMany, func(r repos, last string) (string, error) {
			if last == begin {
				if err := r.text.search.prepare(ctx, r); err != nil {
					return "", r.failure(ctx, err)
				}
			}
			return r.readAnew(ctx, last)
		})
	}
	if err != nil {
		return fmt.Errorf("write what follows from older notes: %w", err)
	}
	return nil
}

// dropBeforeMany drops what is created after the backfill, where that is to be: of an index that knows no note yet. Whoever
// finds some of them in it may be going on with what was cut short, beside an instance that is at its end. Who may change
// rows only leaves it there.
func (s *Store) dropBeforeMany(ctx context.Context) error {
	drop, _, _ := s.text.search.atOnce()
	if drop == "" {
		return nil
	}
	err := s.db.Exclusively(ctx, func(db entsql.ExecQuerier) error {
		empty, err := queryInt(ctx, db, fmt.Sprintf(selectUnindexed, meantSince))
		if err != nil || empty == 0 {
			return err
		}
		_, err = db.ExecContext(ctx, drop)
		return err
	})
	if backend.IsDone(err) || backend.IsForbidden(err) {
		return nil
	}
	return s.failure(ctx, err)
}

// createAfterMany creates what dropBeforeMany drops, unless it is there.
func (s *Store) createAfterMany(ctx context.Context) error {
	_, create, there := s.text.search.atOnce()
	if create == "" {
		return nil
	}
	return s.failure(ctx, s.db.Exclusively(ctx, func(db entsql.ExecQuerier) error {
		known, err := queryInt(ctx, db, there)
		if err != nil || known > 0 {
			return err
		}
		_, err = db.ExecContext(ctx, create)
		return err
	}))
}

// step runs piece until it returns "", each time with what it returned before, and finish unless that is nil, and notes
// that this has been done.
func (s *Store) step(ctx context.Context, version int, begin string, finish func(context.Context) error,
	piece func(r repos, last string) (string, error),
) error {
	for last := begin; last != ""; {
		next := ""
		err := s.atomically(ctx, func(r repos) error {
			if err := r.alongIndexes(ctx); err != nil {
				return err
			}
			found := 0
			err := scanRow(ctx, r.read, r.text.pendingLocked, []any{-version}, &found)
			if errors.Is(err, sql.ErrNoRows) { // another instance has done the rest
				next = ""
				return nil
			}
			if err != nil {
				return r.failure(ctx, err)
			}
			if next, err = piece(r, last); err != nil {
				return err
			}
			if next == "" && finish == nil {
				if _, err := r.exec(ctx, withPlaceholders(r.text.dialect, deletePending), -version); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		last = next
	}
	if finish == nil {
		return nil
	}
	if err := finish(ctx); err != nil {
		return err
	}
	_, err := s.exec(ctx, withPlaceholders(s.text.dialect, deletePending), -version)
	return err
}

// alongIndexes has PostgreSQL read along indexes until the transaction ends. It knows nothing yet of the tables that are
// filled, and would rather read all of their rows for each piece than those of some notes.
func (r repos) alongIndexes(ctx context.Context) error {
	if r.text.dialect != dialect.Postgres {
		return nil
	}
	_, err := r.exec(ctx, "SET LOCAL enable_seqscan = off")
	return err
}

type spaceNote struct {
	domain.Note
	space string
}

// bringUp completes notes of a time when nobody noted when a note was moved. One in the trash counts as put there now, so
// that its time there is as long as that of others.
const bringUp = `UPDATE notes SET saved = version, moved_at = CASE WHEN state = 'trashed' THEN ? ELSE created_at END,
	listed_at = CASE WHEN state = 'trashed' THEN ? ELSE updated_at END WHERE listed_at = ?`

// staleColumns are what readAnew wants to know of a note.
var staleColumns = fieldsOf("n", append(readFields[:len(readFields):len(readFields)], note.FieldSpaceID, note.FieldTitleKey)...)

// staleNote is a note that the index doesn't know as it is.
type staleNote struct {
	spaceNote
	next     string // tells which notes are next
	titleKey string // as it is stored
}

func staleNoteFromRow(rows *sql.Rows) (n staleNote, err error) {
	var row gen.Note
	err = rows.Scan(slices.Concat([]any{&n.next}, intoNote(&row), []any{&n.space, &n.titleKey})...)
	n.Note = noteOf(&row)
	return n, err
}

// readAnew indexes the next notes that the index doesn't know as they are, and writes anew what follows from their
// texts. It returns where they end, "" when there are none.
func (r repos) readAnew(ctx context.Context, last string) (next string, err error) {
	query, _ := r.text.search.stale()
	size := 0
	piece, err := scanUntil(ctx, r, withPlaceholders(r.text.dialect, query), []any{last, rowsPiece}, staleNoteFromRow, func(n staleNote) bool {
		size += len(n.Content)
		return size >= bytesPiece
	})
	if err != nil || len(piece) == 0 {
		return "", err
	}
	of := map[string][]staleNote{}
	for _, n := range piece {
		of[n.space] = append(of[n.space], n)
	}
	for _, space := range slices.Sorted(maps.Keys(of)) {
		if err := (notes{r, space}).deriveAnew(ctx, of[space]); err != nil {
			return "", err
		}
	}
	return piece[len(piece)-1].next, nil
}

// deriveAnew brings what is stored beside the texts of notes to what follows from them now.
func (r notes) deriveAnew(ctx context.Context, stale []staleNote) error {
	list, versions := make([]domain.Note, len(stale)), make([]domain.Note, len(stale))
	for i, n := range stale {
		list[i] = n.Reread()
		versions[i] = domain.Note{ID: n.ID, Version: n.Version + 1}
	}
	before, err := r.derivedOfMany(ctx, versions)
	if err != nil {
		return err
	}
	now := make([]derived, len(list))
	var changed [][]any
	for i, n := range list {
		now[i] = derivedOf(n)
		if before[i].tags != now[i].tags || stale[i].Excerpt != n.Excerpt || stale[i].titleKey != storedKey(domain.TitleKey(n.Title)) {
			changed = append(changed, r.addedValues(n, now[i]))
		}
	}
	if err := r.insert(ctx, note.Table, addedFields, changed, orReplace([]string{note.FieldID}, changedFields...)...); err != nil {
		return err
	}
	return r.store(ctx, list, before, now)
}
