package ent

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/domain/words"
)

// sqliteSearch is an FTS5 table that keeps no text. Its row of a note has a number by which the notes of each space are
// sorted by the time of their update, so that the first hits are found without looking at the others:
//
//	search_spaces   gives each space a number, the upper bits of those of its notes
//	search_docs     tells which note has which number
//	search_index    the FTS5 table: the words of title and content, and the marks, among them again those of the title,
//	                and what it begins with
//	search_words    the words in search_index
//
// All in it is separated by blanks alone, which no word and no mark has: words.Split is the tokenizer.
type sqliteSearch struct {
	// ending has, for beginnings of words, all words that begin so. Beginnings that it lacks are left to FTS5, which
	// puts the notes of all such words together before it gives the first of them.
	ending map[string][]string
}

const (
	// spaceBits is how many bits of a number tell notes of one space from each other. Seconds since 1970 take 31.
	spaceBits = 40
	maxSecond = 1<<36 - 1

	selectSearchSpace = `SELECT number, slack FROM search_spaces WHERE space_id = ?`
	insertSearchSpace = `INSERT INTO search_spaces (space_id, number, slack)
		SELECT ?, COALESCE(MAX(number), 0) + 1, 0 FROM search_spaces`
	updateSlack = `UPDATE search_spaces SET slack = MAX(slack, ?) WHERE number = ?`

	selectDoc     = `SELECT number FROM search_docs WHERE note_id = ?`
	selectNumbers = `SELECT s.number, s.slack, l.number, l.second, d.note_id, d.number, d.second FROM search_spaces s
		LEFT JOIN search_docs l ON l.number = (SELECT number FROM search_docs
			WHERE number BETWEEN s.number << 40 AND (s.number + 1 << 40) - 1 ORDER BY number DESC LIMIT 1)
		LEFT JOIN search_docs d ON d.note_id IN (%s) WHERE s.space_id = ?`
	orRenewDoc = ` ON CONFLICT (note_id)
		DO UPDATE SET number = excluded.number, second = excluded.second, version = excluded.version`
	deleteDoc  = `DELETE FROM search_docs WHERE number = ?`
	deleteText = `DELETE FROM search_index WHERE rowid = ?`

	selectLastDoc = `SELECT number, second FROM search_docs WHERE number BETWEEN ? AND ? ORDER BY number DESC LIMIT 1`
	selectUpTo    = `SELECT number FROM search_docs WHERE number >> 40 = ? AND second <= ?
		ORDER BY second DESC, number DESC LIMIT 1`
	selectBeyond = `SELECT number FROM search_docs WHERE number >> 40 = ? AND second > ? ORDER BY second, number LIMIT 1`
	selectFree   = `SELECT MIN(number) FROM (SELECT ? AS number WHERE NOT EXISTS (SELECT 1 FROM search_docs WHERE number = ?)
		UNION ALL SELECT * FROM (SELECT d.number + 1 FROM search_docs d WHERE d.number >= ?
			AND NOT EXISTS (SELECT 1 FROM search_docs e WHERE e.number = d.number + 1) ORDER BY d.number LIMIT 1))`
	selectDocs  = `SELECT number, note_id FROM search_docs WHERE number BETWEEN ? AND ? ORDER BY number LIMIT ?`
	updateDoc   = `UPDATE search_docs SET number = ? WHERE number = ?`
	selectPlace = `SELECT d.number FROM search_docs d JOIN notes n ON n.id = d.note_id
		WHERE d.note_id = ? AND d.number >> 40 = ? AND n.updated_at = ?`
)

// searchSpace is what search_spaces has of a space.
type searchSpace struct {
	number int64
	slack  int64 // how far a note may be, at most, above the notes that were updated within the same second
}

// first and last are the ends of what numbers the space's notes may have.
func (s searchSpace) first() int64 { return s.number << spaceBits }
func (s searchSpace) last() int64  { return s.first() + 1<<spaceBits - 1 }

// at returns the lowest number that a note updated at that second may have.
func (s searchSpace) at(second int64) int64 { return s.first() + second }

func second(t time.Time) int64 { return min(max(t.Unix(), 0), maxSecond) }

// searchDoc is a note and its number.
type searchDoc struct {
	number int64
	note   indexed
}

// put writes notes that keep their numbers first: those that others make room for are read again. Notes get free numbers:
// each above those of notes updated before and in the same second, below those of notes updated later, for which it makes
// room. A number is at least at(second); hits relies on that. When it would have to move more notes than a few, as when
// thousands with the time of one second are imported among others, it is the next number that is free.
func (sqliteSearch) put(ctx context.Context, r notes, list []indexed) error {
	n, err := numbersOf(ctx, r, list)
	if err != nil {
		return err
	}
	var texts, gone []any // numbers
	var written []searchDoc
	var others []indexed
	last := n.last
	for _, note := range slices.SortedStableFunc(slices.Values(list), func(a, b indexed) int {
		return cmp.Compare(second(a.Updated), second(b.Updated))
	}) {
		before, found := n.known[note.ID]
		if found {
			texts = append(texts, before.number)
		}
		switch sec := second(note.Updated); {
		case found && before.second == sec:
			written = append(written, searchDoc{before.number, note})
		case sec >= last.second:
			last = numberInTime{max(last.number+1, n.space.at(sec)), sec}
			written = append(written, searchDoc{last.number, note})
		default:
			if found {
				gone = append(gone, before.number)
			}
			others = append(others, note)
		}
	}
	if err := deleteNumbers(ctx, r, "search_index WHERE rowid", texts); err != nil {
		return err
	}
	if err := deleteNumbers(ctx, r, "search_docs WHERE number", gone); err != nil {
		return err
	}
	if err := insertDocs(ctx, r, written); err != nil {
		return err
	}
	for _, note := range others {
		last, err := lastOfSpace(ctx, r, n.space) // room may have been made below it
		if err != nil {
			return r.failure(ctx, err)
		}
		number, err := placeAmongOthers(ctx, r, n.space, second(note.Updated), last.number)
		if err != nil {
			return r.failure(ctx, err)
		}
		if err := insertDocs(ctx, r, []searchDoc{{number, note}}); err != nil {
			return err
		}
	}
	return nil
}

// numberInTime is the number of a note that was updated in that second.
type numberInTime struct{ number, second int64 }

// numbers is what put has to know.
type numbers struct {
	space searchSpace
	last  numberInTime               // the highest one in the space, or one that is lower than all
	known map[domain.ID]numberInTime // those of the notes that have one
}

// numbersOf returns the numbers of some notes and of their space, which it gives one.
func numbersOf(ctx context.Context, r notes, of []indexed) (numbers, error) {
	args := make([]any, 0, len(of)+1)
	for _, n := range of {
		args = append(args, string(n.ID))
	}
	n := numbers{known: make(map[domain.ID]numberInTime, len(of))}
	query := fmt.Sprintf(selectNumbers, list("?", len(of)))
	for range 2 {
		rows, err := scanAll(ctx, r.repos, query, append(args, r.space), func(row *sql.Rows) (none struct{}, err error) {
			var last, lastSecond, number, numberSecond sql.NullInt64
			var id sql.NullString
			err = row.Scan(&n.space.number, &n.space.slack, &last, &lastSecond, &id, &number, &numberSecond)
			if n.last = (numberInTime{n.space.first() - 1, -1}); last.Valid {
				n.last = numberInTime{last.Int64, lastSecond.Int64}
			}
			if id.Valid {
				n.known[domain.ID(id.String)] = numberInTime{number.Int64, numberSecond.Int64}
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

// deleteNumbers deletes the rows of a table where a column is one of these numbers.
func deleteNumbers(ctx context.Context, r notes, tableWhereColumn string, numbers []any) error {
	if len(numbers) == 0 {
		return nil
	}
	_, err := r.exec(ctx, "DELETE FROM "+tableWhereColumn+" IN ("+list("?", len(numbers))+")", numbers...)
	return err
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
func placeAmongOthers(ctx context.Context, r notes, space searchSpace, sec, last int64) (int64, error) {
	below, above := space.first()-1, last+1
	err := scanRow(ctx, r.write, selectUpTo, []any{space.number, sec}, &below)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	err = scanRow(ctx, r.write, selectBeyond, []any{space.number, sec}, &above)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	place := max(below+1, space.at(sec))
	if below+1 < above {
		place = min(place, above-1)
	}
	free, err := freeFrom(ctx, r, place)
	if err != nil || free == place {
		return free, err
	}
	if place == above {
		if moved, err := moveUp(ctx, r, above, space.last()); moved || err != nil {
			return place, err
		}
	}
	_, err = r.write.ExecContext(ctx, updateSlack, free-place, space.number)
	return free, err
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
		if _, err := r.write.ExecContext(ctx, deleteText, docs[i].number); err != nil {
			return false, err
		}
		if _, err := r.write.ExecContext(ctx, updateDoc, to, docs[i].number); err != nil {
			return false, err
		}
		if err := insertDocs(ctx, r, []searchDoc{{to, indexed{n, n.SearchEntry()}}}); err != nil {
			return false, err
		}
	}
	return true, nil
}

// insertDocs writes what search_docs and search_index have of notes. The texts of their numbers aren't there.
func insertDocs(ctx context.Context, r notes, docs []searchDoc) error {
	slices.SortFunc(docs, func(a, b searchDoc) int { return cmp.Compare(a.number, b.number) }) // in which FTS5 takes texts best
	rows, texts := make([][]any, len(docs)), make([][]any, len(docs))
	for i, d := range docs {
		rows[i] = []any{d.number, string(d.note.ID), second(d.note.Updated), d.note.Version}
		texts[i] = textOf(d.number, d.note.entry)
	}
	err := r.insertRows(ctx, "search_docs", "number, note_id, second, version", orRenewDoc, rows)
	if err != nil {
		return err
	}
	return r.insertRows(ctx, "search_index", "rowid, title, content, marks", "", texts)
}

// textOf returns the row of search_index.
func textOf(number int64, e query.Entry) []any {
	marks := make([]string, 0, 2*len(e.Title)+len(e.Marks)+4)
	for i, word := range e.Title {
		if i == 0 {
			const twice = firstMark + firstMark
			marks = append(marks, twice+beginningOf(word, 1), twice+beginningOf(word, indexedPrefix), firstMark+word)
		}
		marks = append(marks, titleMark+word)
	}
	for _, word := range e.Title { // behind the others, which stand one directly after the other as in the title
		marks = append(marks, titleMark+titleMark+beginningOf(word, 1))
	}
	marks = append(append(marks, e.Marks...), everyNote)
	return []any{number, inText(e.Title), inText(e.Content), strings.Join(marks, " ")}
}

// inText returns words as the columns of texts have them.
func inText(list []string) string {
	var b strings.Builder
	size := 0
	for _, word := range list {
		size += len(" "+plainMark) + len(word)
	}
	b.Grow(size)
	for i, word := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(markOf(word))
		b.WriteString(word)
	}
	return b.String()
}

// markOf returns what a word begins with in the columns of texts.
func markOf(word string) string {
	if first, _ := utf8.DecodeRuneInString(word); words.IsDense(first) {
		return ""
	}
	return plainMark
}

// searchSpaceOf returns the space of r, or sql.ErrNoRows when none of its notes has been indexed.
func searchSpaceOf(ctx context.Context, r notes) (s searchSpace, err error) {
	err = scanRow(ctx, r.read, selectSearchSpace, []any{r.space}, &s.number, &s.slack)
	return s, err
}

const (
	// titleMark begins the mark that a note has for each word of its title. For the title's own column FTS5 would look
	// at all notes that have a word anywhere. Twice it begins that of the first letter of that word.
	titleMark = "^"
	// firstMark begins the mark of the first word, before those of the title. FTS5 would look at all titles that have a
	// word anywhere to find those that begin with it. Twice it begins those of the first letter of that word, and of the
	// first two.
	firstMark = "<"

	// plainMark begins, in texts, the words that aren't of a script without blanks. Those of such scripts are pairs of
	// characters, which so are shorter than the beginnings that search_index has by themselves: it would have each pair
	// twice otherwise, and a text has as many as characters.
	plainMark = "~"

	indexedPrefix = 2  // letters of a plain word of which search_index knows the notes for beginnings of words
	maxEndings    = 12 // beyond which FTS5 is faster

	selectEndings = `WITH RECURSIVE w (term) AS (
			SELECT (SELECT term FROM search_words WHERE term >= ?1)
			UNION ALL SELECT (SELECT term FROM search_words WHERE term >= w.term || char(0)) FROM w
				WHERE substr(w.term, 1, length(?1)) = ?1)
		SELECT term FROM w WHERE substr(term, 1, length(?1)) = ?1 LIMIT ?2`
)

// endings returns the words that begin as those do of which q has the beginning alone, if they are few.
func endings(ctx context.Context, r notes, q query.Query) (map[string][]string, error) {
	known := map[string][]string{}
	for _, c := range slices.Concat(q.Clauses, q.Except) {
		if c.Kind != query.TextClause || !c.Prefix {
			continue
		}
		beginning := lastOf(indexedWords(c))
		word := strings.TrimLeft(beginning, titleMark+firstMark+plainMark)
		mark := strings.TrimSuffix(beginning, word)
		switch {
		case known[beginning] != nil:
			continue
		case len(mark) > 1: // all that begins so is indexed as one
			known[beginning] = []string{beginning}
			continue
		case utf8.RuneCountInString(word) <= indexedPrefix:
			continue
		}
		if all, found := known[markOf(word)+word]; found && mark != plainMark { // no word is marked that isn't in a text too
			for _, w := range all {
				known[beginning] = append(known[beginning], mark+strings.TrimPrefix(w, plainMark))
			}
			continue
		}
		found, err := scanAll(ctx, r.repos, selectEndings, []any{beginning, maxEndings + 1}, textFromRow)
		switch {
		case err != nil:
			return nil, err
		case len(found) == 0:
			known[beginning] = []string{beginning}
		case len(found) <= maxEndings:
			known[beginning] = found
		}
	}
	return known, nil
}

// indexedWords returns the words of a clause as search_index has them, one directly after the other.
func indexedWords(c query.Clause) []string {
	var words []string
	if c.Start {
		first := c.Words[0]
		if len(c.Words) == 1 {
			if c.Prefix && utf8.RuneCountInString(first) <= indexedPrefix {
				return []string{firstMark + firstMark + first}
			}
			return []string{firstMark + first}
		}
		words = append(words, firstMark+first)
	}
	if c.Title && !c.Start && c.Prefix && len(c.Words) == 1 && utf8.RuneCountInString(c.Words[0]) == 1 {
		return []string{titleMark + titleMark + c.Words[0]}
	}
	for _, word := range c.Words {
		if c.Title {
			word = titleMark + word
		} else {
			word = markOf(word) + word
		}
		words = append(words, word)
	}
	return words
}

// beginningOf returns at most n letters of a word, the first.
func beginningOf(word string, n int) string {
	letters := []rune(word)
	return string(letters[:min(len(letters), n)])
}

func lastOf(words []string) string { return words[len(words)-1] }

func (sqliteSearch) drop(ctx context.Context, r notes, id domain.ID) error {
	var number int64
	err := scanRow(ctx, r.write, selectDoc, []any{string(id)}, &number)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := r.write.ExecContext(ctx, deleteText, number); err != nil {
		return err
	}
	_, err = r.write.ExecContext(ctx, deleteDoc, number)
	return err
}

func (s sqliteSearch) hits(ctx context.Context, r notes, q query.Query, after *domain.SearchCursor) (hits, error) {
	space, err := searchSpaceOf(ctx, r)
	if err != nil && !errors.Is(err, sql.ErrNoRows) { // nobody has the number 0
		return hits{}, err
	}
	if s.ending, err = endings(ctx, r, q); err != nil {
		return hits{}, err
	}
	t := newSearchTerms(s, q)
	from, to := space.first(), space.last()
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
			t.conditions = append(t.conditions, "(n.updated_at, n.id) < (?, ?)")
			t.args = append(t.args, after.Updated, string(after.ID))
		}
	}

	h := hits{check: t.check, args: append([]any{s.match(t), from, to}, t.args...)}
	joined := ""
	if len(t.conditions) > 0 {
		joined = " CROSS JOIN notes n ON n.id = d.note_id"
	}
	// A cross join is done in the order in which it is written.
	h.query = `SELECT d.note_id, d.number AS place FROM search_index CROSS JOIN search_docs d ON d.number = search_index.rowid` +
		joined + ` WHERE search_index MATCH ? AND search_index.rowid BETWEEN ? AND ?`
	for _, condition := range t.conditions {
		h.query += " AND " + condition
	}
	h.query += " ORDER BY search_index.rowid DESC"
	return h, nil
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

// match returns what FTS5 is to look for. All that comes from a query is quoted.
func (s sqliteSearch) match(t searchTerms) string {
	all := t.all
	if len(all) == 0 {
		all = []string{quoteFTS(everyNote)}
	}
	expression := strings.Join(all, " AND ")
	if len(t.none) > 0 {
		expression = fmt.Sprintf("(%s) NOT (%s)", expression, strings.Join(t.none, " OR "))
	}
	if len(t.except) > 0 {
		expression = fmt.Sprintf("(%s) NOT (%s)", expression, strings.Join(t.except, " AND "))
	}
	return expression
}

func (s sqliteSearch) term(c query.Clause) (text string, exact bool) {
	if c.Kind != query.TextClause {
		return quoteFTS(wholeMark(c.Mark())), true
	}
	words := indexedWords(c)
	phrase := quoteFTS(strings.Join(words, " "))
	if !c.Prefix {
		return phrase, true
	}
	last := lastOf(words)
	ending, known := s.ending[last]
	if !known && strings.HasPrefix(last, titleMark) && utf8.RuneCountInString(last) == len(titleMark)+indexedPrefix {
		phrase = "title : "
		if c.Start {
			phrase = quoteFTS(words[0]) + " AND title : ^ "
		}
		return "(" + phrase + quoteFTS(inText(c.Words)) + " *)", true
	}
	if !known {
		return phrase + " *", true
	}
	phrases := make([]string, len(ending))
	for i, word := range ending {
		words[len(words)-1] = word
		phrases[i] = quoteFTS(strings.Join(words, " "))
	}
	return "(" + strings.Join(phrases, " OR ") + ")", true
}

// wholeMark puts something that no mark has in place of what parts texts in search_index: FTS5 would look for the rest.
func wholeMark(mark string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == '\x7f' || strings.ContainsRune("'`\"\\", r) {
			return '!'
		}
		return r
	}, mark)
}

// quoteFTS returns text as one string of FTS5, which parts it at blanks.
func quoteFTS(text string) string { return `"` + strings.ReplaceAll(text, `"`, `""`) + `"` }
