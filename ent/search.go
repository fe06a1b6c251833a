package ent

import (
	"context"
	"slices"
	"strings"

	"entgo.io/ent/dialect"

	"octavo/domain"
	"octavo/domain/markup"
	"octavo/domain/query"
	"octavo/ent/gen"
)

// searchIndex is the full-text index of a database. Each database has its own kind, and they find the same: what
// query.Query.Matches says.
type searchIndex interface {
	// put makes the index know notes as they are, in place of what it knew before. They are as many as a statement takes at
	// most.
	put(ctx context.Context, r notes, list []indexed) error
	// drop makes the index forget notes, as many as a statement takes at most.
	drop(ctx context.Context, r notes, ids []domain.ID) error
	// hits returns how to find what each of some queries finds, beginning after the cursor unless that is nil.
	hits(ctx context.Context, r notes, after *domain.SearchCursor, of ...query.Query) ([]hits, error)
	// term returns what the index calls a clause, its Not aside. exact is false if that finds other notes as well. A
	// clause about times has no term.
	term(c query.Clause) (text string, exact bool)
	// flag returns a condition in SQL for a clause, its Not aside, of which the index has no term. Otherwise it is "".
	flag(c query.Clause) string

	// prepare makes an index that knows nothing yet ready for many notes.
	prepare(ctx context.Context, r repos) error
	// atOnce returns the statements that drop and create that part of the index which takes far less to make of many notes at
	// once than with each of them, and a query that counts it while it is there. They are "" where there is none.
	atOnce() (drop, create, there string)
	// stale returns a query for the next notes that the index doesn't know as they are, in the order in which they had
	// better be put: for what tells which are next, and staleColumns. Its arguments are where the piece before
	// ended, or begin, and a limit.
	stale() (query, begin string)
	// known returns which of some notes the index knows as they are, by their ids. Their ids, in ascending order, titles,
	// states and versions are enough.
	known(ctx context.Context, r repos, list []*gen.Note) (map[string]bool, error)
	// sweep makes the index forget what it knows of notes that aren't there, of ids after one and up to another.
	sweep(ctx context.Context, r repos, after, last string) (int, error)
}

func newSearchIndex(name string) searchIndex {
	switch name {
	case dialect.Postgres:
		return postgresSearch{}
	case dialect.MySQL:
		return mysqlSearch{}
	}
	return sqliteSearch{}
}

// indexed is a note, and what the index is to know of it.
type indexed struct {
	domain.Note
	entry query.Entry
}

// everyNote is a mark that all notes have, for indexes that need something to look for.
const everyNote = "!note"

// searchTerms is a query in the terms of an index.
type searchTerms struct {
	all, none  []string     // the terms that a note must have, and must not have
	leftOut    []string     // those of none that the query itself leaves out, which the trash isn't
	except     []string     // if not empty: terms of which a note mustn't have all
	flags      []string     // in SQL, of the index
	conditions []string     // in SQL, on created_at and updated_at
	args       []any        // of the conditions
	check      *query.Query // what all that can't say; nil if nothing
}

func newSearchTerms(index searchIndex, q query.Query) searchTerms {
	var t searchTerms
	var check query.Query
	for _, c := range q.Clauses {
		if c.Kind == query.CreatedClause || c.Kind == query.UpdatedClause {
			t.addTimes(c)
			continue
		}
		if flag := index.flag(c); flag != "" {
			t.addFlag(flag, c.Not)
			continue
		}
		term, exact := index.term(c)
		if !exact {
			check.Clauses = append(check.Clauses, c)
		}
		switch {
		case !c.Not:
			t.all = append(t.all, term)
		case exact:
			t.none = append(t.none, term)
		}
	}
	t.leftOut = t.none
	if !q.NamesState() {
		trash := query.Clause{Kind: query.StateClause, State: query.Trashed}
		if flag := index.flag(trash); flag != "" {
			t.addFlag(flag, true)
		} else {
			term, _ := index.term(trash)
			t.none = append(slices.Clip(t.none), term)
		}
	}
	for _, c := range q.Except {
		term, exact := "", false
		if !c.Not && c.Kind != query.CreatedClause && c.Kind != query.UpdatedClause {
			term, exact = index.term(c)
		}
		if !exact {
			t.except, check.Except = nil, q.Except
			break
		}
		t.except = append(t.except, term)
	}
	if len(check.Clauses)+len(check.Except) > 0 {
		for _, c := range q.Clauses {
			if c.Kind == query.StateClause { // without which it would leave out the trash
				check.Clauses = append(check.Clauses, c)
			}
		}
		t.check = &check
	}
	return t
}

func (t *searchTerms) addFlag(flag string, not bool) {
	if not {
		flag = "NOT " + flag
	}
	t.flags = append(t.flags, flag)
}

func (t *searchTerms) addTimes(c query.Clause) {
	column := "created_at"
	if c.Kind == query.UpdatedClause {
		column = "updated_at"
	}
	var parts []string
	if !c.From.IsZero() {
		parts, t.args = append(parts, column+" >= ?"), append(t.args, c.From)
	}
	if !c.To.IsZero() {
		parts, t.args = append(parts, column+" < ?"), append(t.args, c.To)
	}
	condition := strings.Join(parts, " AND ")
	switch {
	case len(parts) == 0 && c.Not:
		condition = "1 = 0"
	case len(parts) == 0:
		return
	case c.Not:
		condition = "NOT (" + condition + ")"
	}
	t.conditions = append(t.conditions, condition)
}

// index makes searches find notes as they are now. It belongs into the transaction that stores the notes.
func (r notes) index(ctx context.Context, list ...indexed) error {
	return r.text.search.put(ctx, r, list)
}

// unindex makes searches forget notes. It belongs into the transaction that removes them, before they are removed.
func (r notes) unindex(ctx context.Context, ids ...domain.ID) error {
	return r.failure(ctx, r.text.search.drop(ctx, r, ids))
}

// noteIndex finds notes.
type noteIndex struct {
	notes
	brief bool // they come without their contents
}

func (r noteIndex) Brief() domain.Index {
	r.brief = true
	return r
}

func (r noteIndex) Search(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) (
	[]domain.Note, error,
) {
	found := make([]domain.Note, 0, limit)
	err := r.search(ctx, q, after, limit, func(n domain.Note) bool {
		found = append(found, n)
		return len(found) < limit
	})
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	return found, nil
}

func (r noteIndex) Places(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int) (
	places []domain.SearchCursor, err error,
) {
	all, err := r.text.search.hits(ctx, r.notes, after, q)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	if all[0].check == nil {
		places, err = r.placesOf(ctx, all[0], limit)
		return places, r.failure(ctx, err)
	}
	err = r.search(ctx, q, after, limit, func(n domain.Note) bool {
		places = append(places, domain.SearchCursor{Updated: n.Updated, ID: n.ID})
		return len(places) < limit
	})
	return places, r.failure(ctx, err)
}

func (r noteIndex) SearchFirst(ctx context.Context, part, q query.Query, limit int) ([]domain.Note, error) {
	all, err := r.text.search.hits(ctx, r.notes, nil, part, q)
	if err != nil {
		return nil, r.failure(ctx, err)
	}
	if all[0].check == nil && all[1].check == nil && all[1].sooner == nil {
		list, err := r.readHits(ctx, firstHits(all[0], all[1], limit), limit)
		return list, r.failure(ctx, err)
	}
	found, err := r.Search(ctx, part, nil, limit) // which may be enough
	if err != nil || len(found) == limit {
		return found, err
	}
	others, err := r.Search(ctx, q, nil, limit)
	inPart := map[domain.ID]bool{}
	for _, n := range found {
		inPart[n.ID] = true
	}
	for _, n := range others {
		if len(found) < limit && !inPart[n.ID] {
			found = append(found, n)
		}
	}
	return found, err
}

const (
	searchBatch = 100 // how many notes are read at once where the index finds more than the query
	soonerBatch = 4   // times as many as are wanted are read where others are found sooner
)

// search calls yield with each note that q finds, the last updated first, until that returns false. About limit notes
// are expected.
func (r noteIndex) search(ctx context.Context, q query.Query, after *domain.SearchCursor, limit int,
	yield func(domain.Note) bool,
) error {
	for first := true; ; first = false {
		all, err := r.text.search.hits(ctx, r.notes, after, q)
		if err != nil {
			return err
		}
		h, batch := all[0], limit
		switch {
		case first && h.sooner != nil:
			h, batch = *h.sooner, soonerBatch*limit
		case h.check != nil:
			batch = searchBatch
		}
		list, err := r.readHits(ctx, h, batch)
		if err != nil {
			return err
		}
		for _, n := range list {
			if h.check != nil && !matches(*h.check, n) {
				continue
			}
			if r.brief {
				n.Content = ""
			}
			if limit--; !yield(n) {
				return nil
			}
		}
		if h.check == nil || len(list) < batch {
			return nil
		}
		last := list[len(list)-1]
		after = &domain.SearchCursor{Updated: last.Updated, ID: last.ID}
	}
}

// matches reports whether q finds the note.
func matches(q query.Query, n domain.Note) bool {
	asked := slices.Concat(q.Clauses, q.Except)
	inOutline := func(c query.Clause) bool { return c.Kind == query.TagClause || c.Kind == query.HasClause }
	inContent := func(c query.Clause) bool { return c.Kind == query.TextClause && !c.Title }
	var e query.Entry
	switch { // what takes less time where that is enough
	case slices.ContainsFunc(asked, inOutline):
		e = n.SearchEntry()
	case slices.ContainsFunc(asked, inContent):
		e = query.NewEntry(n.Title, markup.Visible(n.Content), nil, nil, n.Pinned, string(n.State))
	default:
		e = query.NewEntry(n.Title, "", nil, nil, n.Pinned, string(n.State))
	}
	return q.Matches(e, n.Created, n.Updated)
}

func (r noteIndex) Count(ctx context.Context, q query.Query, limit int) (domain.SearchCount, error) {
	all, err := r.text.search.hits(ctx, r.notes, nil, q)
	if err == nil && all[0].check != nil {
		all[0], err = r.checkedHits(ctx, q, limit)
	}
	if err != nil {
		return domain.SearchCount{}, r.failure(ctx, err)
	}
	h := all[0]
	count, err := r.countHits(ctx, h, limit)
	return count, r.failure(ctx, err)
}
