package ent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
)

// derivedSince is the version of the schema that brought the rows which follow from a note's text.
const derivedSince = 2

// While notes from before derivedSince are without those rows, its negative is among the versions of the schema.
const (
	insertPending = "INSERT INTO octavo_schema (version) SELECT -%[1]d FROM users WHERE NOT EXISTS " +
		"(SELECT 1 FROM octavo_schema WHERE version = -%[1]d) LIMIT 1"
	selectPending = "SELECT COUNT(*) FROM octavo_schema WHERE version < 0"
	lockPending   = "SELECT version FROM octavo_schema WHERE version < 0"
	deletePending = "DELETE FROM octavo_schema WHERE version < 0"
)

// notePending notes that backfill has to run before the schema is complete, unless the database is empty.
func notePending(ctx context.Context, db entsql.ExecQuerier) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf(insertPending, derivedSince))
	return err
}

// pending tells whether backfill has to run.
func (s *Store) pending(ctx context.Context) (bool, error) {
	n := 0
	err := s.db.Reader.QueryRowContext(ctx, selectPending).Scan(&n)
	return n > 0, s.failure(ctx, err)
}

// backfillPiece is how many notes are worked on in one transaction.
const backfillPiece = 50

// backfill writes the rows that follow from the texts of notes which are older than those rows. It works in pieces, each
// a transaction of its own, so that one that is cut short goes on where it was. Instances that run it together take
// turns.
func (s *Store) backfill(ctx context.Context) error {
	now := domain.SystemClock{}.Now()
	last := domain.ID("")
	for more := true; more; {
		err := s.atomically(ctx, func(r repos) error {
			version := 0
			err := scanRow(ctx, r.read, r.text.pendingLocked, nil, &version)
			if errors.Is(err, sql.ErrNoRows) {
				more = false // another instance has done the rest
				return nil
			}
			if err != nil {
				return r.failure(ctx, err)
			}
			piece, err := scanAll(ctx, r, r.text.oldNotes, []any{after(last), backfillPiece}, oldNoteFromRow)
			if err != nil {
				return err
			}
			if len(piece) == 0 {
				more = false
				_, err := r.exec(ctx, deletePending)
				return err
			}
			for _, old := range piece {
				if err := (notes{r, old.owner}).bringUp(ctx, old.Note, now); err != nil {
					return fmt.Errorf("note %s: %w", old.ID, err)
				}
			}
			last = piece[len(piece)-1].ID
			return nil
		})
		if err != nil {
			return fmt.Errorf("write what follows from older notes: %w", err)
		}
	}
	return nil
}

type ownedNote struct {
	domain.Note
	owner string
}

func oldNoteFromRow(row *sql.Rows) (n ownedNote, err error) {
	var created, updated int64
	err = row.Scan((*string)(&n.ID), &n.owner, &n.Title, &n.Content, &n.Excerpt, &n.Pinned, (*string)(&n.State),
		&created, &updated, &n.Version)
	n.Created, n.Updated = fromMicros(created), fromMicros(updated)
	return n, err
}

// bringUp completes a note of a time when a note had no tags and nobody noted when it was moved. One in the trash
// counts as put there now, so that its time there is as long as that of others.
func (r notes) bringUp(ctx context.Context, n domain.Note, now time.Time) error {
	n.Saved, n.Moved = n.Version, n.Created
	if n.State == domain.Trashed {
		n.Moved = now
	}
	d := derivedOf(n)
	values := append(noteValues(n, d), string(n.ID), r.owner, n.Version)
	if _, err := r.exec(ctx, r.text.updateNote, values...); err != nil {
		return err
	}
	return r.storeDerived(ctx, n, derived{}, d)
}
