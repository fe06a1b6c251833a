package ent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"octavo/ent/gen"
	"octavo/ent/internal/backend"
)

const (
	// Notes of spaces that have none in the index are numbered by the time of their update, as sqliteSearch.put would number
	// them if they came in that order.
	hasNoDocs = `NOT EXISTS (SELECT 1 FROM search_docs d
		WHERE d.number BETWEEN s.number << 40 AND (s.number + 1 << 40) - 1)`
	resetSlack   = `UPDATE search_spaces AS s SET slack = 0 WHERE ` + hasNoDocs
	numberSpaces = `INSERT INTO search_spaces (space_id, number, slack)
		SELECT space_id, (SELECT COALESCE(MAX(number), 0) FROM search_spaces) + ROW_NUMBER() OVER (ORDER BY space_id), 0
		FROM (SELECT DISTINCT space_id FROM notes WHERE space_id NOT IN (SELECT space_id FROM search_spaces))`
	numberNotes = `INSERT INTO search_docs (number, note_id, second, version, digest, state, pinned)
		SELECT (number << 40) + nth + MAX((second >> 8) - nth) OVER (PARTITION BY number ORDER BY nth), id, second, 0, 0, state, pinned
		FROM (SELECT s.number, n.id, n.state, n.pinned, MIN(MAX(unixepoch(substr(n.updated_at, 1, 19)), 0), ?) AS second,
				4 * ROW_NUMBER() OVER (PARTITION BY s.number ORDER BY n.updated_at, n.id) AS nth
			FROM search_spaces s JOIN notes n ON n.space_id = s.space_id WHERE ` + hasNoDocs + `)`

	// FTS5 merges pieces of its index once a level has so many of them: with half as many, as it does by itself, a save took a
	// fifth more among 100,000 notes. It goes about that in small steps, unless a level has as many as a crisis takes: then
	// everybody waits until all of them are one, which with 16, as it has by itself, took a quarter of a second now and then.
	mergeLess = `INSERT INTO search_index (search_index, rank)
		SELECT column1, column2 FROM (VALUES ('automerge', 8), ('crisismerge', 64))
		WHERE NOT EXISTS (SELECT 1 FROM search_index_config WHERE k = column1 AND v = column2)`

	doubtDoc = `UPDATE search_docs SET digest = 0 WHERE note_id = ?`

	selectKnown = `WITH n (id, version) AS (VALUES %s)
		SELECT d.note_id FROM n CROSS JOIN search_docs d ON d.note_id = n.id AND d.version = n.version
		WHERE EXISTS (SELECT 1 FROM search_index_docsize t WHERE t.id = d.number)`

	selectLostDocs = `SELECT number FROM search_docs d WHERE d.note_id > ? AND d.note_id <= ?
		AND NOT EXISTS (SELECT 1 FROM notes n WHERE n.id = d.note_id)`
	selectLostTexts = `SELECT i.rowid FROM search_index i
		WHERE NOT EXISTS (SELECT 1 FROM search_docs d WHERE d.number = i.rowid)`
	selectNoteOfDoc = `SELECT n.id FROM search_docs d JOIN notes n ON n.id = d.note_id WHERE d.number = ?`
)

func (sqliteSearch) atOnce() (drop, create, there string) { return "", "", "" }

func (sqliteSearch) prepare(ctx context.Context, r repos) error {
	for _, statement := range []string{mergeLess, resetSlack, numberSpaces} {
		if _, err := r.write.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	_, err := r.write.ExecContext(ctx, numberNotes, maxSecond)
	return err
}

// stale sorts by number, which is how FTS5 takes texts best.
func (sqliteSearch) stale() (query, begin string) {
	return `SELECT CAST(d.number AS text) AS next, ` + staleColumns + ` FROM search_docs d CROSS JOIN notes n ON n.id = d.note_id
		WHERE d.number > CAST(? AS integer) AND d.version <> n.version ORDER BY d.number LIMIT ?`, "0"
}

// known looks whether there are texts with the numbers, and not for what is in them: both change in one transaction of one
// file. To look for a word of each title takes as long as a search, and each start does it for all notes.
func (sqliteSearch) known(ctx context.Context, r repos, of []*gen.Note) (map[string]bool, error) {
	args := make([]any, 0, 2*len(of))
	for _, n := range of {
		args = append(args, n.ID, n.Version)
	}
	known := map[string]bool{}
	if len(of) == 0 {
		return known, nil
	}
	query := fmt.Sprintf(selectKnown, list("(?, ?)", len(of)))
	_, err := scanAll(ctx, r, query, args, func(row *sql.Rows) (none struct{}, err error) {
		var id string
		err = row.Scan(&id)
		known[id] = true
		return none, err
	})
	return known, err
}

// sweep begins with texts without a number, for which it takes a look at the numbers of all texts.
func (sqliteSearch) sweep(ctx context.Context, r repos, after, last string) (swept int, err error) {
	fromRow := func(row *sql.Rows) (number int64, err error) {
		err = row.Scan(&number)
		return number, err
	}
	lost, err := scanAll(ctx, r, selectLostDocs, []any{after, last}, fromRow)
	if err == nil && after == beforeAll {
		var texts []int64
		texts, err = scanAll(ctx, r, selectLostTexts, nil, fromRow)
		lost = append(lost, texts...)
	}
	if err != nil || len(lost) == 0 {
		return 0, err
	}
	err = r.atomically(backend.Alone(ctx), func(r repos) error {
		swept = 0
		for _, number := range lost {
			var id string
			err := scanRow(ctx, r.read, selectNoteOfDoc, []any{number}, &id)
			if err == nil { // it has come meanwhile
				continue
			}
			if !errors.Is(err, sql.ErrNoRows) {
				return r.failure(ctx, err)
			}
			for _, statement := range []string{deleteText, deleteDoc} {
				if _, err := r.exec(ctx, statement, number); err != nil {
					return err
				}
			}
			swept++
		}
		return nil
	})
	return swept, err
}
