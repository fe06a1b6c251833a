package ent

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

// How SQLite's index of searches is asked.

const selectPlace = `SELECT d.number FROM search_docs d JOIN notes n ON n.id = d.note_id
		WHERE d.note_id = ? AND d.number >> 40 = ? AND n.updated_at = ?`

func (s sqliteSearch) hits(ctx context.Context, r notes, after *domain.SearchCursor, of ...query.Query) ([]hits, error) {
	space, err := searchSpaceOf(ctx, r)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // nobody has the number 0
		return nil, err
	}
	if s.ending, err = endings(ctx, r, of); err != nil {
		return nil, err
	}
	all := make([]hits, len(of))
	for i, q := range of {
		if all[i], err = s.hitsOf(ctx, r, space, q, after); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// hitsOf returns how to find what q finds in a space.
func (s sqliteSearch) hitsOf(ctx context.Context, r notes, space searchSpace, q query.Query, after *domain.SearchCursor) (_ hits, err error) {
	from, to := space.first(), space.last()
	var behind []any // the cursor's place, where no note is any more
	for _, c := range q.Clauses {
		if c.Kind != query.UpdatedClause || c.Not {
			continue
		}
		if !c.From.IsZero() {
			from = max(from, space.at(second(c.From)))
		}
		if !c.To.IsZero() {
			if to, err = lastUpTo(ctx, r, space, c.To, to); err != nil {
				return hits{}, err
			}
		}
	}
	if after != nil {
		var place int64
		err := scanRow(ctx, r.read, selectPlace, []any{string(after.ID), space.number, after.Updated}, &place)
		switch {
		case err == nil:
			to = min(to, place-1)
		case !errors.Is(err, sql.ErrNoRows):
			return hits{}, err
		default: // it has been changed or removed meanwhile
			if to, err = lastUpTo(ctx, r, space, after.Updated, to); err != nil {
				return hits{}, err
			}
			behind = []any{after.Updated, string(after.ID)}
		}
	}
	if s.few, err = hasFewFlagged(ctx, r, s, from, to, q); err != nil {
		return hits{}, err
	}
	h := s.between(from, to, q, behind)
	if s.hasManyEndings(q) {
		s.roughly = true
		sooner := s.between(from, to, q, behind)
		h.sooner = &sooner
	}
	return h, nil
}

// mostFlagged is of how many notes FTS5 is asked one by one whether they have a word, which takes it some 20 µs each.
const mostFlagged = 500

// hasFewFlagged reports whether a query is for notes of a kind that few are of, as those that are pinned, and FTS5 had
// better be asked for each of them. For beginnings of words it might put together the notes of all those words each
// time.
func hasFewFlagged(ctx context.Context, r notes, s sqliteSearch, from, to int64, q query.Query) (bool, error) {
	if len(beginnings([]query.Query{q})) > 0 {
		return false, nil
	}
	for _, c := range q.Clauses {
		flag := s.flag(c)
		if flag == "" || c.Not || c.State == query.Active {
			continue
		}
		found := 0
		count := "SELECT COUNT(*) FROM (SELECT 1 FROM search_docs d WHERE d.number BETWEEN ? AND ? AND " + flag + " LIMIT ?)"
		err := scanRow(ctx, r.read, count, []any{from, to, mostFlagged + 1}, &found)
		return found <= mostFlagged, err
	}
	return false, nil
}

// between returns how to find what q finds among the notes whose numbers are within bounds.
func (s sqliteSearch) between(from, to int64, q query.Query, behind []any) hits {
	t := newSearchTerms(s, q)
	if behind != nil {
		t.conditions, t.args = append(t.conditions, "(n.updated_at, n.id) < (?, ?)"), append(t.args, behind...)
	}
	h := hits{check: t.check}
	joined, order := "", "search_index.rowid"
	if len(t.conditions) > 0 {
		joined = " CROSS JOIN notes n ON n.id = d.note_id"
	}
	// A cross join is done in the order in which it is written.
	switch {
	case len(t.all)+len(t.none)+len(t.except) == 0:
		h.query = "SELECT d.note_id, d.number AS place FROM search_docs d" + joined + " WHERE d.number BETWEEN ? AND ?"
		order = "d.number"
	case s.few:
		h.query = `SELECT d.note_id, d.number AS place FROM search_docs d CROSS JOIN search_index ON search_index.rowid = d.number` +
			joined + ` WHERE search_index MATCH ? AND d.number BETWEEN ? AND ?`
		h.args, order = append(h.args, s.match(t)), "d.number"
	default:
		h.query = `SELECT d.note_id, d.number AS place FROM search_index CROSS JOIN search_docs d ON d.number = search_index.rowid` +
			joined + ` WHERE search_index MATCH ? AND search_index.rowid BETWEEN ? AND ?`
		h.args = append(h.args, s.match(t))
	}
	h.args = append(append(h.args, from, to), t.args...)
	for _, condition := range append(t.flags, t.conditions...) {
		h.query += " AND " + condition
	}
	h.query += " ORDER BY " + order + " DESC"
	return h
}

// lastUpTo returns the highest number that a note updated at that time or before may have, or to if that is lower.
func lastUpTo(ctx context.Context, r notes, space searchSpace, t time.Time, to int64) (int64, error) {
	number := space.first() - 1
	err := scanRow(ctx, r.read, selectUpTo, []any{space.number, second(t)}, &number)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	return min(to, number+space.slack), nil
}

// flag tells of what search_docs has: a word in the index would have to be written anew.
func (sqliteSearch) flag(c query.Clause) string {
	switch {
	case c.Kind == query.PinnedClause:
		return "d.pinned"
	case c.Kind != query.StateClause:
		return ""
	case c.State == query.Archived:
		return "d.state = 'archived'"
	case c.State == query.Trashed:
		return "d.state = 'trashed'"
	}
	return "d.state = 'active'"
}
