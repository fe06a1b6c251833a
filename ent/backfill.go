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
	"octavo/domain/markup"
	"octavo/ent/gen"
	"octavo/ent/gen/fileuse"
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
	{since: 2, piece: repos.fillInMoves}, // which brought when a note was moved
	{since: 5, piece: repos.nameFiles},   // which brought the names of files
	{ // since when texts have meant what they mean, to searches and to the rows that follow from them
		since: meantSince, begin: (*Store).dropSearchIndex, piece: repos.readAnew, end: (*Store).createSearchIndex,
	},
	{since: 19, piece: repos.fillInPlaces},   // which brought lists that are sorted by titles
	{since: 24, piece: repos.fillInPictures}, // which brought pictures to lists
}

const meantSince = 17

// hasBackfill reports whether something is to be written after the migration to a version.
func hasBackfill(version int) bool {
	return slices.ContainsFunc(backfills, func(b backfill) bool { return b.since == version })
}

// While a step is left to do, the negative of its version is among the versions of the schema. There is none in a
// database without users.
const (
	insertPending = "INSERT INTO octavo_schema (version) SELECT -%[1]d FROM users WHERE NOT EXISTS " +
		"(SELECT 1 FROM octavo_schema WHERE version = -%[1]d) LIMIT 1"
	selectPending   = "SELECT -version FROM octavo_schema WHERE version < 0"
	lockPending     = "SELECT version FROM octavo_schema WHERE version = ?"
	selectUnindexed = "SELECT COUNT(*) FROM octavo_schema WHERE version = -%d AND EXISTS (SELECT 1 FROM notes) " +
		"AND NOT EXISTS (SELECT 1 FROM note_search)"
	deletePending = "DELETE FROM octavo_schema WHERE version >= ? AND version < 0" // of steps that it takes in as well
)

// pending returns the versions whose backfill has to run.
func (s *Store) pending(ctx context.Context) ([]int, error) {
	versions, err := scanAll(ctx, s.repos, selectPending, nil, func(row *sql.Rows) (version int, err error) {
		err = row.Scan(&version)
		return version, err
	})
	if backend.MissingTable(err) { // the database is empty
		return nil, nil
	}
	return versions, err
}

// runBackfills runs the backfills that are pending. They work in pieces, each a transaction of its own, so that one that is
// cut short goes on where it was. Instances that run them together take turns.
func (s *Store) runBackfills(ctx context.Context) error {
	pending, err := s.pending(ctx)
	if err != nil || len(pending) == 0 {
		return err
	}
	for _, b := range backfills {
		if err := s.run(ctx, b); err != nil {
			return fmt.Errorf("write what follows from older notes: %w", err)
		}
	}
	return nil
}

// run runs a backfill if it is pending, and marks it as done.
func (s *Store) run(ctx context.Context, b backfill) error {
	if b.begin != nil {
		if err := b.begin(s, ctx); err != nil {
			return err
		}
	}
	for last, done := "", false; !done; {
		next := ""
		err := s.atomically(backend.Alone(ctx), func(r repos) error {
			if err := r.avoidTableScans(ctx); err != nil {
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
				return r.markDone(ctx, b)
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
	return s.markDone(ctx, b)
}

// markDone has a backfill be pending no more.
func (r repos) markDone(ctx context.Context, b backfill) error {
	_, err := r.exec(ctx, withPlaceholders(r.text.dialect, deletePending), -b.since)
	return err
}

// dropSearchIndex drops the part of the index of searches that is made faster of all notes at once, if there is such a part
// and the index knows no note yet. Where it knows some, this goes on with what was cut short, and another instance may be
// about to create that part. A user of the database who may change rows only leaves it there.
func (s *Store) dropSearchIndex(ctx context.Context) error {
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

// createSearchIndex creates what dropSearchIndex drops, unless it is there.
func (s *Store) createSearchIndex(ctx context.Context) error {
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

// avoidTableScans has PostgreSQL read along indexes until the transaction ends. It knows nothing yet of the tables that
// are filled, and would rather read all of their rows for each piece than those of some notes.
func (r repos) avoidTableScans(ctx context.Context) error {
	if r.text.dialect != dialect.Postgres {
		return nil
	}
	_, err := r.exec(ctx, "SET LOCAL enable_seqscan = off")
	return err
}

// fillInMoves completes notes from before it was kept when a note was moved. One in the trash counts as put there now, so
// that its time there is as long as that of others.
func (r repos) fillInMoves(ctx context.Context, _ string) (next string, err error) {
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

// fillInPlaces stores where the next notes come in lists that are sorted by titles. It returns where they end, "" when there
// are none.
func (r repos) fillInPlaces(ctx context.Context, last string) (next string, err error) {
	rows, err := r.read.Note.Query().
		Where(note.IDGT(after(domain.ID(last)))).
		Order(note.ByID()).
		Limit(notesPiece).
		Select(note.FieldID, note.FieldTitle, note.FieldPinned, note.FieldTitlePlace).
		All(schema.AcrossSpaces(ctx))
	if err != nil || len(rows) == 0 {
		return "", r.failure(ctx, err)
	}
	d := entsql.Dialect(r.text.dialect)
	for _, row := range rows {
		place := domain.TitlePlace(row.Pinned, row.Title)
		if place == row.TitlePlace {
			continue
		}
		update, args := d.Update(note.Table).Set(note.FieldTitlePlace, place).Where(entsql.EQ(note.FieldID, row.ID)).Query()
		if err := r.later(ctx, update, args...); err != nil {
			return "", err
		}
	}
	return rows[len(rows)-1].ID, r.send(ctx)
}

// fillInPictures stores which pictures the next notes show that mention files. It returns where they end, "" when there are
// none.
func (r repos) fillInPictures(ctx context.Context, last string) (next string, err error) {
	ids, err := r.read.FileUse.Query().
		Where(fileuse.NoteIDGT(after(domain.ID(last)))).
		Order(fileuse.ByNoteID()).
		Limit(picturesPiece).
		Unique(true).
		Select(fileuse.FieldNoteID).
		Strings(schema.AcrossSpaces(ctx))
	if err != nil || len(ids) == 0 {
		return "", r.failure(ctx, err)
	}
	rows, err := r.read.Note.Query().
		Where(note.IDIn(ids...)).
		Select(note.FieldID, note.FieldContent, note.FieldPicture).
		All(schema.AcrossSpaces(ctx))
	if err != nil {
		return "", r.failure(ctx, err)
	}
	d := entsql.Dialect(r.text.dialect)
	for _, row := range rows {
		picture := markup.NewOutline(row.Content).Picture
		if picture == row.Picture {
			continue
		}
		update, args := d.Update(note.Table).Set(note.FieldPicture, picture).Where(entsql.EQ(note.FieldID, row.ID)).Query()
		if err := r.later(ctx, update, args...); err != nil {
			return "", err
		}
	}
	return ids[len(ids)-1], r.send(ctx)
}

// picturesPiece is how many notes fillInPictures reads at once, of which each may be as large as notes are.
const picturesPiece = 100

// staleColumns are what readAnew wants to know of a note.
var staleColumns = fieldsOf("n", append(readFields[:len(readFields):len(readFields)], note.FieldSpaceID, note.FieldTitleKey,
	note.FieldTitlePlace)...)

// staleNote is a note that the index doesn't know as it is.
type staleNote struct {
	domain.Note
	space    string
	titleKey string // as it is stored, like the place
	place    string
	next     string // tells which notes are next
}

func staleNoteFromRow(rows *sql.Rows) (n staleNote, err error) {
	var row gen.Note
	err = rows.Scan(slices.Concat([]any{&n.next}, intoNote(&row), []any{&n.space, &n.titleKey, &n.place})...)
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
		if before[i].tags != now[i].tags || stale[i].Excerpt != n.Excerpt || stale[i].Picture != n.Picture || stale[i].place != now[i].place ||
			stale[i].titleKey != storedKey(domain.TitleKey(n.Title)) {
			changed = append(changed, r.addedValues(n, now[i]))
		}
	}
	if err := r.insert(ctx, note.Table, addedFields, changed, orReplace([]string{note.FieldID}, changedFields...)...); err != nil {
		return err
	}
	return r.store(ctx, list, before, now)
}
