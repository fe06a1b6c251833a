package ent

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"octavo/domain"
	"octavo/ent/internal/backend"
)

// The numbers of notes in SQLite's index of searches.

const (
	// spaceBits is how many bits of a number tell notes of one space from each other.
	spaceBits = 40
	maxSecond = 1<<36 - 1
	// Numbers are by some minutes apart where notes are: the closer they are, the shorter FTS5 writes from which note to which
	// it goes. With seconds, as they once were, the index took a fifth more.
	secondBits = 8
	// apart is how far numbers are apart at least when they are given, so that those of others find room between them.
	apart = 4

	selectSearchSpace = `SELECT number, slack FROM search_spaces WHERE space_id = ?`
	insertSearchSpace = `INSERT INTO search_spaces (space_id, number, slack)
		SELECT ?, COALESCE(MAX(number), 0) + 1, 0 FROM search_spaces`
	raiseSlack = `UPDATE search_spaces SET slack = slack + ? WHERE number = ?`

	selectNumbers = `SELECT s.number, s.slack, l.number,
			(SELECT second FROM search_docs WHERE number >> 40 = +s.number ORDER BY second DESC LIMIT 1),
			d.note_id, d.number, d.second, d.digest FROM search_spaces s
		LEFT JOIN search_docs l ON l.number = (SELECT number FROM search_docs
			WHERE number BETWEEN s.number << 40 AND (s.number + 1 << 40) - 1 ORDER BY number DESC LIMIT 1)
		LEFT JOIN search_docs d ON d.note_id IN (%s) WHERE s.space_id = ?`

	selectLastDoc = `SELECT number, second FROM search_docs WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT 1`
	selectUpTo    = `SELECT number FROM search_docs WHERE number >> 40 = ? AND second <= ?
		ORDER BY second DESC, number DESC LIMIT 1`
	selectBeyond = `SELECT number FROM search_docs WHERE number >> 40 = ? AND second > ? ORDER BY second, number LIMIT 1`
	selectFree   = `SELECT MIN(number) FROM (SELECT ? AS number WHERE NOT EXISTS (SELECT 1 FROM search_docs WHERE number = ?)
		UNION ALL SELECT * FROM (SELECT d.number + 1 FROM search_docs d WHERE d.number >= ?
			AND NOT EXISTS (SELECT 1 FROM search_docs e WHERE e.number = d.number + 1) ORDER BY d.number LIMIT 1))`
	selectDocs = `SELECT number, note_id FROM search_docs WHERE number BETWEEN ? AND ? ORDER BY number LIMIT ?`
	updateDoc  = `UPDATE search_docs SET number = ? WHERE number = ?`
)

// searchSpace is what search_spaces has of a space.
type searchSpace struct {
	number int64
	// slack is how far a note may be, at most, above the highest of those that were updated within any one second after it.
	slack int64
}

// first and last are the ends of what numbers the space's notes may have.
func (s searchSpace) first() int64 { return s.number << spaceBits }
func (s searchSpace) last() int64  { return s.first() + 1<<spaceBits - 1 }

// at returns the lowest number that a note updated at that second may have.
func (s searchSpace) at(second int64) int64 { return s.first() + second>>secondBits }

func second(t time.Time) int64 { return min(max(t.Unix(), 0), maxSecond) }

// numberInTime is the number of a note that was updated in that second.
type numberInTime struct{ number, second int64 }

// knownDoc is what is stored of a note.
type knownDoc struct {
	numberInTime
	digest int64
}

// numbers is what put has to know.
type numbers struct {
	space searchSpace
	last  numberInTime           // the highest number and the latest second in the space, or what is lower than all
	known map[domain.ID]knownDoc // of the notes that have a number
}

// numbersOf returns the numbers of some notes and of their space, which it gives one.
func numbersOf(ctx context.Context, r notes, of []indexed) (numbers, error) {
	args := make([]any, 0, len(of)+1)
	for _, n := range of {
		args = append(args, string(n.ID))
	}
	n := numbers{known: make(map[domain.ID]knownDoc, len(of))}
	query := fmt.Sprintf(selectNumbers, list("?", len(of)))
	for range 2 {
		rows, err := scanAll(ctx, r.repos, query, append(args, r.space), func(row *sql.Rows) (none struct{}, err error) {
			var last, lastSecond, number, numberSecond, digest sql.NullInt64
			var id sql.NullString
			err = row.Scan(&n.space.number, &n.space.slack, &last, &lastSecond, &id, &number, &numberSecond, &digest)
			if n.last = (numberInTime{n.space.first() - 1, -1}); last.Valid {
				n.last = numberInTime{last.Int64, lastSecond.Int64}
			}
			if id.Valid {
				n.known[domain.ID(id.String)] = knownDoc{numberInTime{number.Int64, numberSecond.Int64}, digest.Int64}
			}
			return none, err
		})
		if err != nil || len(rows) > 0 {
			return n, err
		}
		if _, err := r.exec(ctx, insertSearchSpace, r.space); err != nil {
			return n, err
		}
	}
	return n, sql.ErrNoRows
}

// lastOfSpace returns the highest number that a note of the space has, or one that is lower than all when there is none.
func lastOfSpace(ctx context.Context, r notes, space searchSpace) (numberInTime, error) {
	last := numberInTime{space.first() - 1, -1}
	err := scanRow(ctx, r.write, selectLastDoc, []any{space.first(), space.last()}, &last.number, &last.second)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return last, err
}

// placeAmongOthers returns a free number for a note that was updated in a second before that of the last number.
func placeAmongOthers(ctx context.Context, r notes, space *searchSpace, sec, last int64) (int64, error) {
	below, above := space.first()-1, last+1
	err := scanRow(ctx, r.write, selectUpTo, []any{space.number, sec}, &below)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	err = scanRow(ctx, r.write, selectBeyond, []any{space.number, sec}, &above)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	place := max(below+1, space.at(sec)) // at most above, unless there was no room before
	free, err := freeFrom(ctx, r, place)
	if err != nil || free < above {
		return free, err
	}
	if place == above && free > place {
		moved, err := moveUp(ctx, r, above, space.last())
		switch {
		case err != nil:
			return 0, err
		case moved && space.slack > 0: // what is out of order already may be further above what stays where it is
			return place, space.raise(ctx, r, roomMade)
		case moved:
			return place, nil
		}
	}
	// What is updated later may be lower than above, by the slack that there is.
	return free, space.raise(ctx, r, free-above+1)
}

func (s *searchSpace) raise(ctx context.Context, r notes, by int64) error {
	s.slack += by
	_, err := r.write.ExecContext(ctx, raiseSlack, by, s.number)
	return err
}

// freeFrom returns the lowest number from place on that no note has.
func freeFrom(ctx context.Context, r notes, place int64) (int64, error) {
	var free int64
	err := scanRow(ctx, r.write, selectFree, []any{place, place, place}, &free)
	return free, err
}

const (
	roomMade = 64   // how many numbers become free where there was no room
	maxMoved = 1000 // how many notes are moved at most for that
)

// moveUp makes room from the number first on, which a note has, by giving that note and those behind it higher numbers.
// It returns false when that would be too many.
func moveUp(ctx context.Context, r notes, first, last int64) (bool, error) {
	type doc struct {
		number int64
		id     domain.ID
	}
	docs, err := scanAll(ctx, r.repos, selectDocs, []any{first, last, maxMoved + 1}, func(row *sql.Rows) (d doc, err error) {
		err = row.Scan(&d.number, (*string)(&d.id))
		return d, err
	})
	if err != nil {
		return false, err
	}
	count := 0
	for count < len(docs) && docs[count].number < first+roomMade+int64(count) {
		count++
	}
	if count > maxMoved {
		return false, nil
	}
	for i := count - 1; i >= 0; i-- {
		n, err := r.Get(ctx, docs[i].id)
		if err != nil {
			return false, err
		}
		to := first + roomMade + int64(i)
		if _, err := r.write.ExecContext(backend.AtLast(ctx), deleteText, docs[i].number); err != nil {
			return false, err
		}
		if _, err := r.write.ExecContext(ctx, updateDoc, to, docs[i].number); err != nil {
			return false, err
		}
		d := newSearchDoc(indexed{n, n.SearchEntry()})
		d.number = to
		if err := insertTexts(ctx, r, []searchDoc{d}); err != nil {
			return false, err
		}
	}
	return true, nil
}

// searchSpaceOf returns the space of r, or sql.ErrNoRows when none of its notes has been indexed.
func searchSpaceOf(ctx context.Context, r notes) (s searchSpace, err error) {
	err = scanRow(ctx, r.read, selectSearchSpace, []any{r.space}, &s.number, &s.slack)
	return s, err
}
