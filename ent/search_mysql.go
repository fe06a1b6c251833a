package ent

import (
	"context"
	"database/sql"
	"slices"
	"strconv"
	"strings"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/gen"
)

// mysqlSearch is a column with a FULLTEXT index for each note, which is only used as a set: of the words, of the words
// of the title once more, and of the marks. What a word is, which words are worth nothing and whether case counts are
// the server's to say, so each term is written in letters and digits that it can't mistake: encodeTerm.
//
// While InnoDB moves what its cache has of the index into its tables, each innodb_ft_cache_size / 5 bytes of words, a query
// misses some of them for milliseconds. There is no telling when it does.
type mysqlSearch struct{}

const (
	orReplaceTermsMySQL = ` ON DUPLICATE KEY UPDATE space_id = VALUES(space_id), updated_at = VALUES(updated_at), version = VALUES(version),
		terms = VALUES(terms)`

	// What terms begin with. No stop word does, and with it each is as long as InnoDB wants words to be.
	wordTerm  = "qw"
	titleTerm = "qt"
	placeTerm = "qp" // and the place in the title
	markTerm  = "qm"

	// maxTerm is the length in bytes above which InnoDB leaves out a word.
	maxTerm = 84
)

func (mysqlSearch) put(ctx context.Context, r notes, list []indexed) error {
	rows := make([][]any, len(list))
	for i, n := range list {
		rows[i] = []any{string(n.ID), r.space, n.Created, n.Updated, n.Version, termsMySQL(n.entry)}
	}
	return r.insertRows(ctx, "note_search", "note_id, space_id, created_at, updated_at, version, terms", orReplaceTermsMySQL, rows)
}

// termsMySQL returns what the index knows a note by.
func termsMySQL(e query.Entry) string {
	var terms []string
	add := func(kind string, texts []string) {
		for _, text := range texts {
			term, _ := encodeTerm(kind, text)
			terms = append(terms, term)
		}
	}
	add(wordTerm, e.Title)
	add(wordTerm, e.Content)
	add(titleTerm, e.Title)
	for i, word := range e.Title[:min(len(e.Title), query.MaxPhrase)] {
		add(placeInTitleTerm(i), []string{word})
	}
	add(markTerm, append(e.Marks, everyNote))
	slices.Sort(terms)
	return strings.Join(slices.Compact(terms), " ")
}

// placeInTitleTerm begins the term of a word as the i-th of the title, from 0 on.
func placeInTitleTerm(i int) string { return placeTerm + strconv.FormatInt(int64(i), 36) }

// encodeTerm returns text in a to z and 0 to 9, so that the terms of different texts differ and what a text begins with
// begins its term. whole is false if the term had to be cut.
func encodeTerm(kind, text string) (term string, whole bool) {
	var b [maxTerm]byte
	end := copy(b[:], kind)
	for _, r := range text {
		var next [5]byte
		n := 1
		if r >= 'a' && r < 'z' || r >= '0' && r <= '9' {
			next[0] = byte(r)
		} else {
			n = copy(next[:], "z0000")
			for i := n - 1; r > 0; i, r = i-1, r/36 { // of which a rune takes at most 4
				next[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[r%36]
			}
		}
		if end+n > maxTerm {
			return string(b[:end]), false
		}
		end += copy(b[end:], next[:n])
	}
	return string(b[:end]), true
}

// drop has nothing to do: the row refers to the note and goes with it.
func (mysqlSearch) drop(context.Context, notes, []domain.ID) error { return nil }

func (m mysqlSearch) hits(_ context.Context, r notes, after *domain.SearchCursor, of ...query.Query) ([]hits, error) {
	all := make([]hits, len(of))
	for i, q := range of {
		all[i] = m.hitsOf(r.space, q, after)
	}
	return all, nil
}

// hitsOf returns how to find what q finds in a space.
func (m mysqlSearch) hitsOf(space string, q query.Query, after *domain.SearchCursor) hits {
	t := newSearchTerms(m, q)
	const match = "MATCH (terms) AGAINST (? IN BOOLEAN MODE)"
	h := hits{check: t.check, args: []any{m.match(t), space}}
	h.query = "SELECT note_id, updated_at AS place FROM note_search WHERE " + match + " AND space_id = ?"
	if len(t.except) > 0 {
		h.query += " AND NOT " + match
		h.args = append(h.args, "+"+strings.Join(t.except, " +"))
	}
	for _, condition := range t.conditions {
		h.query += " AND " + condition
	}
	h.args = append(h.args, t.args...)
	if after != nil {
		h.query += " AND (updated_at < ? OR updated_at = ? AND note_id < ?)"
		h.args = append(h.args, after.Updated, after.Updated, string(after.ID))
	}
	h.query += " ORDER BY updated_at DESC, note_id DESC"
	return h
}

// match returns what InnoDB is to look for.
func (mysqlSearch) match(t searchTerms) string {
	all := t.all
	if len(all) == 0 {
		every, _ := encodeTerm(markTerm, everyNote)
		all = []string{every}
	}
	expression := "+" + strings.Join(all, " +")
	for _, term := range t.none {
		expression += " -" + term
	}
	return expression
}

func (mysqlSearch) term(c query.Clause) (text string, exact bool) {
	if c.Kind != query.TextClause {
		return encodeTerm(markTerm, c.Mark())
	}
	kind := wordTerm
	if c.Title {
		kind = titleTerm
	}
	terms := make([]string, len(c.Words))
	exact = len(c.Words) == 1 || c.Start
	for i, word := range c.Words {
		var whole bool
		if c.Start {
			kind = placeInTitleTerm(i)
		}
		terms[i], whole = encodeTerm(kind, word)
		exact = exact && whole
	}
	if c.Prefix {
		terms[len(terms)-1] += "*"
	}
	text = strings.Join(terms, " +")
	if len(terms) > 1 && exact {
		text = "(+" + text + ")"
	}
	return text, exact
}

func (mysqlSearch) prepare(context.Context, repos) error { return nil }

func (mysqlSearch) atOnce() (drop, create, there string) {
	return "ALTER TABLE note_search DROP INDEX note_search_terms",
		"ALTER TABLE note_search ADD FULLTEXT INDEX note_search_terms (terms)",
		`SELECT COUNT(*) FROM information_schema.statistics
			WHERE table_schema = DATABASE() AND table_name = 'note_search' AND index_name = 'note_search_terms'`
}

func (mysqlSearch) stale() (query, begin string) { return staleRows, beforeAll }

// askedAtOnce is how many notes the index is asked for by one query.
const askedAtOnce = 50

// known asks the index itself for a term of each note: what InnoDB has of the words of a row may be lost when the server
// is killed, while the row is there.
func (mysqlSearch) known(ctx context.Context, r repos, list []*gen.Note) (map[string]bool, error) {
	known := map[string]bool{}
	for piece := range slices.Chunk(list, askedAtOnce) {
		version := map[string]int{}
		terms := make([]string, len(piece))
		for i, n := range piece {
			version[n.ID] = n.Version
			terms[i], _ = encodeTerm(markTerm, query.TitleMark(n.Title))
		}
		_, err := scanAll(ctx, r, `SELECT note_id, version FROM note_search
			WHERE MATCH (terms) AGAINST (? IN BOOLEAN MODE) AND note_id BETWEEN ? AND ?`,
			[]any{strings.Join(terms, " "), piece[0].ID, piece[len(piece)-1].ID}, func(row *sql.Rows) (none struct{}, err error) {
				var id string
				var indexed int
				err = row.Scan(&id, &indexed)
				known[id] = indexed == version[id]
				return none, err
			})
		if err != nil {
			return nil, err
		}
	}
	return known, nil
}

func (mysqlSearch) sweep(ctx context.Context, r repos, after, last string) (int, error) {
	return r.exec(ctx, lostTerms, after, last)
}

func (mysqlSearch) flag(query.Clause) string { return "" }
