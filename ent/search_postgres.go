package ent

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/gen"
)

// postgresSearch is a tsvector for each note, which is only used as a set: of the words, of the words of the title with
// a = before them and once more with their place before that, and of the marks. Positions would take more room than all
// of that, and end at 16,383, so the candidates for a phrase are looked at one by one.
type postgresSearch struct{}

// maxLexemes is how many bytes of lexemes go into a tsvector, which has room for 1 MB. A note of more is marked as cut,
// and always a candidate.
const maxLexemes = 1<<20 - 1<<10

const (
	orReplaceTermsPostgres = ` ON CONFLICT (note_id) DO UPDATE SET
		space_id = excluded.space_id, updated_at = excluded.updated_at, version = excluded.version, cut = excluded.cut, terms = excluded.terms`

	selectCut = `SELECT 1 FROM note_search WHERE space_id = $1 AND cut LIMIT 1`
)

func (postgresSearch) put(ctx context.Context, r notes, list []indexed) error {
	rows := make([][]any, len(list))
	for i, n := range list {
		lexemes, cut := lexemesOf(n.entry)
		rows[i] = []any{string(n.ID), r.space, n.Created, n.Updated, n.Version, cut, lexemes}
	}
	return r.insertRowsAs(ctx, "note_search", "note_id, space_id, created_at, updated_at, version, cut, terms",
		"(?, ?, ?, ?, ?, ?, array_to_tsvector(?))", orReplaceTermsPostgres, rows)
}

// lexemesOf returns what the index knows a note by, and whether that isn't all.
func lexemesOf(e query.Entry) (lexemes []string, cut bool) {
	lexemes = slices.Concat(e.Marks, e.Title, e.Content)
	for i, word := range e.Title {
		lexemes = append(lexemes, inTitle+word)
		if i < query.MaxPhrase {
			lexemes = append(lexemes, placeInTitle(i)+word)
		}
	}
	slices.Sort(lexemes)
	lexemes = slices.Compact(lexemes)
	size := 0
	for i, lexeme := range lexemes {
		if size += len(lexeme); size > maxLexemes {
			return lexemes[:i], true
		}
	}
	return lexemes, false
}

// inTitle begins the lexeme of a word in the title.
const inTitle = "="

// placeInTitle begins the lexeme of a word as the i-th of the title, from 0 on.
func placeInTitle(i int) string { return "@" + strconv.Itoa(i) + inTitle }

// drop has nothing to do: the row refers to the note and goes with it.
func (postgresSearch) drop(context.Context, notes, []domain.ID) error { return nil }

func (p postgresSearch) hits(ctx context.Context, r notes, after *domain.SearchCursor, of ...query.Query) ([]hits, error) {
	var one int
	err := scanRow(ctx, r.read, selectCut, []any{r.space}, &one)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	all := make([]hits, len(of))
	for i, q := range of {
		all[i] = p.hitsOf(r.space, q, after, err == nil)
	}
	return all, nil
}

// hitsOf returns how to find what q finds in a space, which has notes that the index doesn't know all of if cut is true.
func (p postgresSearch) hitsOf(space string, q query.Query, after *domain.SearchCursor, cut bool) hits {
	t := newSearchTerms(p, q)
	match, args := "terms @@ CAST(? AS tsquery)", []any{space, p.match(t)}
	if len(t.leftOut) > 0 {
		// The index takes in the notes that have just been saved word by word, in the order of the words, and finds a
		// note that has got only as far as a word that is looked for, and not to the one that is left out. The row has
		// both. The trash needs no such look, since no word comes before its mark.
		match = "(" + match + " AND NOT terms @@ CAST(? AS tsquery))"
		args = append(args, strings.Join(t.leftOut, " | "))
	}
	if cut {
		match, t.check = "(cut OR "+match+")", &q
	}
	h := hits{check: t.check, args: append(args, t.args...)}
	h.query = "SELECT note_id, updated_at AS place FROM note_search WHERE space_id = CAST(? AS uuid) AND " + match
	for _, condition := range t.conditions {
		h.query += " AND " + condition
	}
	if after != nil {
		h.query += " AND (updated_at, note_id) < (?, CAST(? AS uuid))"
		h.args = append(h.args, after.Updated, string(after.ID))
	}
	h.query += " ORDER BY updated_at DESC, note_id DESC"
	return h
}

// match returns the tsquery for t, which has a term at least. All that comes from a query is quoted.
func (postgresSearch) match(t searchTerms) string {
	all := slices.Clone(t.all)
	for _, term := range t.none {
		all = append(all, "!"+term)
	}
	if len(t.except) > 0 {
		all = append(all, "!("+strings.Join(t.except, " & ")+")")
	}
	return strings.Join(all, " & ")
}

func (postgresSearch) term(c query.Clause) (text string, exact bool) {
	if c.Kind != query.TextClause {
		return quoteLexeme(c.Mark()), true
	}
	lexemes := make([]string, len(c.Words))
	for i, word := range c.Words {
		switch {
		case c.Start:
			word = placeInTitle(i) + word
		case c.Title:
			word = inTitle + word
		}
		lexemes[i] = quoteLexeme(word)
	}
	if c.Prefix {
		lexemes[len(lexemes)-1] += ":*"
	}
	return "(" + strings.Join(lexemes, " & ") + ")", len(lexemes) == 1 || c.Start
}

var lexemeQuoter = strings.NewReplacer(`'`, `''`, `\`, `\\`)

func quoteLexeme(text string) string { return "'" + lexemeQuoter.Replace(text) + "'" }

func (postgresSearch) prepare(context.Context, repos) error { return nil }

func (postgresSearch) atOnce() (drop, create, there string) {
	return "DROP INDEX IF EXISTS note_search_terms",
		"CREATE INDEX note_search_terms ON note_search USING gin (terms) WITH (gin_pending_list_limit = 256)",
		"SELECT COUNT(*) FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'note_search_terms'"
}

func (postgresSearch) stale() (query, begin string) { return staleRows + " OF n", beforeAll }

// known looks into the rows: the index follows those.
func (postgresSearch) known(ctx context.Context, r repos, list []*gen.Note) (map[string]bool, error) {
	ids, states, versions := make([]string, len(list)), make([]string, len(list)), make([]int64, len(list))
	for i, n := range list {
		ids[i], states[i], versions[i] = n.ID, n.State, int64(n.Version)
	}
	const query = `SELECT s.note_id FROM note_search s
		JOIN unnest(CAST(CAST($1 AS text[]) AS uuid[]), CAST($2 AS text[]), CAST($3 AS bigint[])) AS n (id, state, version)
			ON n.id = s.note_id AND n.version = s.version
		WHERE s.cut OR s.terms @@ CAST(quote_literal('!' || n.state) AS tsquery)`
	known := map[string]bool{}
	_, err := scanAll(ctx, r, query, []any{ids, states, versions}, func(row *sql.Rows) (none struct{}, err error) {
		var id string
		err = row.Scan(&id)
		known[id] = true
		return none, err
	})
	return known, err
}

func (postgresSearch) sweep(ctx context.Context, r repos, after, last string) (int, error) {
	return r.exec(ctx, withPlaceholders(r.text.dialect, lostTerms), after, last)
}

func (postgresSearch) flag(query.Clause) string { return "" }
