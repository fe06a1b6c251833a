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

// The versions of the schema since which a note has had rows that follow from its text, and since which it has had more
// of them than before: aliases, paths, and the tags of front matter.
const (
	derivedSince = 2
	aliasesSince = 7
)

// While notes from before one of these are without those rows, its negative is among the versions of the schema.
const (
	insertPending = "INSERT INTO octavo_schema (version) SELECT -%[1]d FROM users WHERE NOT EXISTS " +
		"(SELECT 1 FROM octavo_schema WHERE version = -%[1]d) LIMIT 1"
	selectPending = "SELECT COUNT(*) FROM octavo_schema WHERE version < 0"
	lockPending   = "SELECT version FROM octavo_schema WHERE version < 0 ORDER BY version DESC"
	deletePending = "DELETE FROM octavo_schema WHERE version = ?"
)

// notePending notes that backfill has to run for a version before the schema is complete, unless the database is empty.
func notePending(ctx context.Context, db entsql.ExecQuerier, since int) error {
	_, err := db.ExecContext(ctx, fmt.Sprintf(insertPending, since))
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
	last, worked := domain.ID(""), 0
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
			if version != worked {
				last, worked = "", version
			}
			query := r.text.oldNotes
			if version != -derivedSince {
				query = r.text.allNotes
			}
			piece, err := scanAll(ctx, r, query, []any{after(last), backfillPiece}, ownedNoteFromRow)
			if err != nil {
				return err
			}
			if len(piece) == 0 {
				_, err := r.exec(ctx, withPlaceholders(r.text.dialect, deletePending), version)
				return err
			}
			for _, old := range piece {
				r := notes{r, old.owner}
				if version == -derivedSince {
					err = r.bringUp(ctx, old.Note, now)
				} else {
					err = r.deriveAnew(ctx, old.Note)
				}
				if err != nil {
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

func ownedNoteFromRow(row *sql.Rows) (n ownedNote, err error) {
	var tags string
	var created, updated, moved int64
	var author sql.NullString
	err = row.Scan((*string)(&n.ID), &n.owner, &n.Title, &n.Content, &n.Excerpt, &tags, &n.Pinned, (*string)(&n.State),
		&created, &updated, &moved, &n.Version, &n.Saved, &author)
	n.Tags, n.TextTags = ownTags(tags)
	n.Author = domain.ID(author.String)
	n.Created, n.Updated, n.Moved = fromMicros(created), fromMicros(updated), fromMicros(moved)
	return n, err
}

// deriveAnew brings what is stored beside a note's text to what follows from it now.
func (r notes) deriveAnew(ctx context.Context, n domain.Note) error {
	next := n
	next.Version++
	was, err := r.derived(ctx, next)
	if errors.Is(err, domain.NotFound) || errors.Is(err, domain.ErrNoteChanged) {
		return nil // it has been removed, or stored anew
	}
	if err != nil {
		return err
	}
	n = n.Reread()
	d := derivedOf(n)
	values := append(noteValues(n, d), string(n.ID), r.owner, n.Version)
	if found, err := r.exec(ctx, r.text.updateNote, values...); err != nil || found == 0 {
		return err
	}
	return r.storeDerived(ctx, n, was, d)
}

// bringUp completes a note of a time when a note had no tags and nobody noted when it was moved. One in the trash
// counts as put there now, so that its time there is as long as that of others.
func (r notes) bringUp(ctx context.Context, n domain.Note, now time.Time) error {
	n.Saved, n.Moved = n.Version, n.Created
	if n.State == domain.Trashed {
		n.Moved = now
	}
	n = n.Reread()
	d := derivedOf(n)
	values := append(noteValues(n, d), string(n.ID), r.owner, n.Version)
	if _, err := r.exec(ctx, r.text.updateNote, values...); err != nil {
		return err
	}
	return r.storeDerived(ctx, n, derived{}, d)
}
