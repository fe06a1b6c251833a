package ent

import (
	"context"
	"database/sql"
	"errors"

	"entgo.io/ent/dialect"

	"octavo/domain"
)

// reindexPiece is how many notes are compared with the index at once.
const reindexPiece = 200

// compared is a note, and whether the index knows it as it is.
type compared struct {
	id    domain.ID
	owner string
	known bool
}

// Reindex compares the index with some notes, as domain.Housekeeping says. What the index itself finds is asked as well:
// a server that was killed may have lost that, though the row is there.
func (r housekeeping) Reindex(ctx context.Context, from domain.ID) (mended int, next domain.ID, err error) {
	if from == "" {
		if err := r.atomically(ctx, func(r repos) error { return r.failure(ctx, r.text.search.prepare(ctx, r)) }); err != nil {
			return 0, "", err
		}
	}
	piece, err := r.text.search.compared(ctx, r.repos, "n.id > ? ORDER BY n.id LIMIT ?", after(from), reindexPiece)
	if err != nil {
		return 0, "", err
	}
	last := afterAll
	if len(piece) == reindexPiece {
		next = piece[len(piece)-1].id
		last = string(next)
	}
	// First of all, or what is indexed again might get their numbers.
	if mended, err = r.text.search.sweep(ctx, r.repos, after(from), last); err != nil {
		return 0, "", err
	}
	for _, c := range piece {
		if c.known {
			continue
		}
		again, err := r.indexAgain(ctx, c)
		if err != nil {
			return mended, "", err
		}
		if again {
			mended++
		}
	}
	return mended, next, nil
}

// afterAll is an id that nothing has and that comes after all that things have.
const afterAll = "ffffffff-ffff-ffff-ffff-ffffffffffff"

// indexAgain indexes a note unless it has gone, or has been indexed meanwhile.
func (r repos) indexAgain(ctx context.Context, c compared) (again bool, err error) {
	err = r.atomically(ctx, func(r repos) error {
		again = false
		notes := notes{r, c.owner}
		n, err := notes.Get(ctx, c.id)
		if errors.Is(err, domain.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		now, err := r.text.search.compared(ctx, r, "n.id = ?", string(c.id))
		if err != nil || len(now) == 0 || now[0].known {
			return err
		}
		again = true
		if r.text.dialect == dialect.MySQL { // which indexes no words of a row that doesn't change
			if _, err := r.exec(ctx, deleteTerms, string(c.id)); err != nil {
				return err
			}
		}
		return notes.index(ctx, indexed{n, n.SearchEntry()})
	})
	return again, err
}

// comparedFromRow reads an id, an owner and whether the note is known.
func comparedFromRow(row *sql.Rows) (c compared, err error) {
	err = row.Scan((*string)(&c.id), &c.owner, &c.known)
	return c, err
}

// Of note_search, which PostgreSQL and MySQL have.
const (
	staleRows = `SELECT n.id AS next, ` + staleColumns + ` FROM notes n LEFT JOIN note_search s ON s.note_id = n.id
		WHERE n.id > ? AND (s.version IS NULL OR s.version <> n.version) ORDER BY n.id LIMIT ? FOR UPDATE`
	deleteTerms = `DELETE FROM note_search WHERE note_id = ?`
	lostTerms   = `DELETE FROM note_search WHERE note_id > ? AND note_id <= ?
		AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.id = note_search.note_id)`
)
