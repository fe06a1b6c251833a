package ent

import (
	"context"
	"database/sql"
	"slices"
	"strings"

	"entgo.io/ent/dialect"
	"github.com/jackc/pgx/v5"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/gen/note"
)

// hits is a query for the notes that a search finds.
type hits struct {
	query string // gives note_id and place, sorted by place and note_id, the last first; a LIMIT can be appended
	args  []any
	parts bool         // it gives a part besides, by which it is sorted before
	check *query.Query // what the notes must match besides, in Go; nil if the query finds nothing else
	// sooner finds others as well, and takes far less time where most of the last ones match. nil if there is none.
	sooner *hits
}

// briefFields are the columns of notes without contents.
var briefFields = strings.Replace(fieldsOf("n", readFields...), "n."+note.FieldContent, "''", 1)

// readHits reads the first notes of h, at most limit.
func (r noteIndex) readHits(ctx context.Context, h hits, limit int) ([]domain.Note, error) {
	order := "h.place DESC, h.note_id DESC"
	if h.parts {
		order = "h.part, " + order
	}
	fields := fieldsOf("n", readFields...)
	if r.brief && h.check == nil {
		fields = briefFields
	}
	rows, err := r.queryHits(ctx, `SELECT `+fields+` FROM (`+h.query+` LIMIT ?) h JOIN notes n ON n.id = h.note_id ORDER BY `+order,
		append(h.args, limit)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	list := make([]domain.Note, 0, limit)
	for rows.Next() {
		n, err := noteFromRow(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}

// placesOf returns where the first notes of h stand, at most limit.
func (r notes) placesOf(ctx context.Context, h hits, limit int) (places []domain.SearchCursor, err error) {
	rows, err := r.queryHits(ctx, `SELECT n.id, n.updated_at FROM (`+h.query+` LIMIT ?) h JOIN notes n ON n.id = h.note_id
		ORDER BY h.place DESC, h.note_id DESC`, append(h.args, limit)...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var place domain.SearchCursor
		if err := rows.Scan(&place.ID, &place.Updated); err != nil {
			return nil, err
		}
		places = append(places, place)
	}
	return places, rows.Err()
}

// firstHits returns the hits of a part, and then the others of the whole. No more than limit are to be read.
func firstHits(part, whole hits, limit int) hits {
	return hits{
		query: `WITH p AS (` + part.query + ` LIMIT ?), w AS (` + whole.query + ` LIMIT ?)
			SELECT note_id, place, 0 AS part FROM p
			UNION ALL SELECT note_id, place, 1 AS part FROM w WHERE note_id NOT IN (SELECT note_id FROM p)
			ORDER BY part, place DESC, note_id DESC`,
		args:  slices.Concat(part.args, []any{limit}, whole.args, []any{limit}),
		parts: true,
	}
}

// checkedHits returns the first notes that q finds, at most limit, where the index alone can't tell them.
func (r noteIndex) checkedHits(ctx context.Context, q query.Query, limit int) (hits, error) {
	found := hits{query: "SELECT id AS note_id, updated_at AS place FROM notes WHERE id IN (NULL"}
	err := r.search(ctx, q, nil, limit, func(n domain.Note) bool {
		found.query += ", ?"
		found.args = append(found.args, string(n.ID))
		return len(found.args) < limit
	})
	found.query += ")"
	return found, err
}

// countHits counts the first notes of h, at most limit, and their tags: in the first row the notes, then the tags.
func (r notes) countHits(ctx context.Context, h hits, limit int) (domain.SearchCount, error) {
	join := " JOIN "
	if r.text.dialect == dialect.SQLite {
		join = " CROSS JOIN " // in this order: it can't know that there are few hits
	}
	rows, err := r.queryHits(ctx, `WITH h AS (`+h.query+` LIMIT ?)
		SELECT '' AS tag_key, '' AS name, COUNT(*) AS notes, 0 AS is_tag FROM h
		UNION ALL SELECT f.tag_key, g.name, f.notes, 1 AS is_tag
			FROM (SELECT t.space_id, t.tag_key, COUNT(*) AS notes FROM h`+join+`note_tags t ON t.note_id = h.note_id
				GROUP BY t.space_id, t.tag_key ORDER BY COUNT(*) DESC, t.tag_key LIMIT ?) AS f
			`+join+`tags g ON g.space_id = f.space_id AND g.tag_key = f.tag_key
		ORDER BY is_tag, notes DESC, tag_key`, append(h.args, limit, domain.MaxFacets)...)
	if err != nil {
		return domain.SearchCount{}, err
	}
	defer func() { _ = rows.Close() }()
	var count domain.SearchCount
	for rows.Next() {
		var key, name string
		var notes int
		var isTag bool
		if err := rows.Scan(&key, &name, &notes, &isTag); err != nil {
			return domain.SearchCount{}, err
		}
		if isTag {
			count.Tags = append(count.Tags, domain.TagCount{Tag: domain.Tag(name), Notes: notes})
		} else {
			count.Notes = notes
		}
	}
	return count, rows.Err()
}

// queryHits runs a query whose plan depends on the values in it.
func (r notes) queryHits(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if r.text.dialect == dialect.Postgres {
		// A plan that is made before the values are known knows nothing of how many notes have a word.
		args = append([]any{pgx.QueryExecModeSimpleProtocol}, args...)
	}
	return r.read.QueryContext(ctx, withPlaceholders(r.text.dialect, query), args...)
}
