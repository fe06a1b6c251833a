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
	"octavo/ent/schema"
)

// backfill writes what follows from what is older than a version of the schema, after its migrations.
type backfill struct {
	since int // the version
	// begin and end come before and after the pieces, unless they are nil.
	begin, end func(*Store, context.Context) error
	// piece goes on where the one before has ended, which is "" for the first, and returns where it has: "" when nothing is
	// left.
	piece func(r repos, ctx context.Context, last string) (next string, err error)
}

// backfills are all that there are, in their order.
var backfills = []backfill{
	{since: 2, piece: repos.bringUp},   // which brought when a note was moved
	{since: 5, piece: repos.nameFiles}, // which brought the names of files
	{ // since when texts have meant what they mean, to searches and to the rows that follow from them
		since: meantSince, begin: (*Store).dropBeforeMany, piece: repos.readAnew, end: (*Store).createAfterMany,
	},
}

const meantSince = 13

// hasBackfill reports whether something is to be written after the migration to a version.
func hasBackfill(version int) bool {
	return slices.ContainsFunc(backfills, func(b backfill) bool { return b.since == version })
}

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

// fillIn runs the backfills that are pending. They work in pieces, each a transaction of its own, so that one that is cut
// short goes on where it was. Instances that run them together take turns.
func (s *Store) fillIn(ctx context.Context) error {
	for _, b := range backfills {
		if err := s.run(ctx, b); err != nil {
			return fmt.Errorf("write what follows from older notes: %w", err)
		}
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

// run runs a backfill if it is pending, and notes that it has been done.
func (s *Store) run(ctx context.Context, b backfill) error {
	if b.begin != nil {
		if err := b.begin(s, ctx); err != nil {
			return err
		}
	}
	for last, done := "", false; !done; {
		next := ""
		err := s.atomically(backend.Alone(ctx), func(r repos) error {
			if err := r.alongIndexes(ctx); err != nil {
				return err
			}
			found := 0
			err := scanRow(ctx, r.read, r.text.pendingLocked, []any{-b.since}, &found)
			if errors.Is(err, sql.ErrNoRows) { // another instance has done the rest
				done = true
				return nil
			}
			if err != nil {
				return r.failure(ctx, err)
			}
			if next, err = b.piece(r, ctx, last); err != nil {
				return err
			}
			if done = next == ""; done && b.end == nil {
				return r.isDone(ctx, b)
			}
			return nil
		})
		if err != nil {
			return err
		}
		last = next
	}
	if b.end == nil {
		return nil
	}
	if err := b.end(s, ctx); err != nil {
		return err
	}
	return s.isDone(ctx, b)
}

// isDone notes that a backfill isn't pending any more.
func (r repos) isDone(ctx context.Context, b backfill) error {
	_, err := r.exec(ctx, withPlaceholders(r.text.dialect, deletePending), -b.since)
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
func (r repos) bringUp(ctx context.Context, _ string) (next string, err error) {
	older, trashed := note.ListedAt(time.Unix(0, 0)), note.StateEQ(string(domain.Trashed))
	as := func(field string) entsql.Querier {
		return entsql.ExprFunc(func(b *entsql.Builder) { b.Ident(field) })
	}
	now := domain.SystemClock{}.Now()
	err = r.write.Note.Update().Where(older, trashed).SetMovedAt(now).SetListedAt(now).Modify(func(u *entsql.UpdateBuilder) {
		u.Set(note.FieldSaved, as(note.FieldVersion))
	}).Exec(schema.AcrossSpaces(ctx))
	if err != nil {
		return "", r.failure(ctx, err)
	}
	err = r.write.Note.Update().Where(older, note.Not(trashed)).Modify(func(u *entsql.UpdateBuilder) {
		u.Set(note.FieldSaved, as(note.FieldVersion)).
			Set(note.FieldMovedAt, as(note.FieldCreatedAt)).
			Set(note.FieldListedAt, as(note.FieldUpdatedAt))
	}).Exec(schema.AcrossSpaces(ctx))
	return "", r.failure(ctx, err)
}

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

// notesPiece is how many notes readAnew reads at most: SQLite writes a part of its index for each piece, and merges the
// parts.
const notesPiece = 1_000

// readAnew indexes the next notes that the index doesn't know as they are, and writes anew what follows from their
// texts. It returns where they end, "" when there are none.
func (r repos) readAnew(ctx context.Context, last string) (next string, err error) {
	query, begin := r.text.search.stale()
	if last == "" {
		last = begin
		if err := r.text.search.prepare(ctx, r); err != nil {
			return "", r.failure(ctx, err)
		}
	}
	size := 0
	piece, err := scanUntil(ctx, r, withPlaceholders(r.text.dialect, query), []any{last, notesPiece}, staleNoteFromRow, func(n staleNote) bool {
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
