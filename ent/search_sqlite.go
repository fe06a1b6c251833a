package ent

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"slices"
	"strings"

	"octavo/domain"
	"octavo/domain/query"
	"octavo/ent/internal/backend"
)

// sqliteSearch is an FTS5 table that keeps no text. Its row of a note has a number by which the notes of each space are
// sorted by the time of their update, so that the first hits are found without looking at the others:
//
//	search_spaces   gives each space a number, the upper bits of those of its notes
//	search_docs     tells which note has which number, its state and whether it is pinned
//	search_index    the FTS5 table: the words of the title, those of the content, and the marks, among them again those of the
//	                title, and what it begins with
//	search_words    the words in search_index
//
// All in it is separated by blanks alone, which no word and no mark has: words.Split is the tokenizer. It has one column,
// since FTS5 notes for each word of a note in which other columns than the first it stands. What changes without the texts
// isn't in it, so that it stays as it is then.
//
// What is written is here, the numbers in search_sqlite_numbers.go, what a query is called in search_sqlite_terms.go, and how
// it is asked in search_sqlite_hits.go.
type sqliteSearch struct {
	// ending has, for beginnings of words, all words that begin so. Beginnings that it lacks are left to FTS5, which
	// puts the notes of all such words together before it gives the first of them.
	ending map[string][]string
	// roughly has the first letters stand for a beginning with many endings, of which FTS5 gives the last notes at once.
	roughly bool
	// few has FTS5 asked for each of the notes that are of a kind.
	few bool
}

const (
	selectDocsOf = `SELECT number FROM search_docs WHERE note_id IN `
	docColumns   = "number, note_id, second, version, digest, state, pinned"
	orRenewDoc   = ` ON CONFLICT (note_id) DO UPDATE SET number = excluded.number, second = excluded.second,
		version = excluded.version, digest = excluded.digest, state = excluded.state, pinned = excluded.pinned`
	// orKeepNumber leaves the indexes of search_docs alone.
	orKeepNumber = ` ON CONFLICT (note_id) DO UPDATE SET
		version = excluded.version, digest = excluded.digest, state = excluded.state, pinned = excluded.pinned`
	deleteDoc  = `DELETE FROM search_docs WHERE number = ?`
	deleteText = `DELETE FROM search_index WHERE rowid = ?`
	insertText = `INSERT INTO search_index (rowid, terms) VALUES (?, ?)`
)

// searchDoc is what is stored of a note, and its number.
type searchDoc struct {
	number int64
	domain.Note
	terms  string
	digest int64 // of terms
}

func newSearchDoc(n indexed) searchDoc {
	d := searchDoc{Note: n.Note, terms: termsOf(n.entry)}
	sum := sha256.Sum256([]byte(d.terms))
	d.digest = int64(binary.BigEndian.Uint64(sum[:]))
	return d
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
	var texts []int64
	var gone []any // numbers
	var same, kept, moved, others []searchDoc
	last := n.last
	for _, note := range slices.SortedStableFunc(slices.Values(list), func(a, b indexed) int {
		return cmp.Compare(second(a.Updated), second(b.Updated))
	}) {
		d := newSearchDoc(note)
		before, found := n.known[note.ID]
		stays := found && before.second == second(note.Updated)
		if stays && before.digest == d.digest {
			d.number = before.number
			same = append(same, d)
			continue
		}
		if found {
			texts = append(texts, before.number)
		}
		switch sec := second(note.Updated); {
		case stays:
			d.number = before.number
			kept = append(kept, d)
		case sec >= last.second:
			d.number = max(last.number+apart, n.space.at(sec))
			last = numberInTime{d.number, sec}
			moved = append(moved, d)
		default:
			if found {
				gone = append(gone, before.number)
			}
			others = append(others, d)
		}
	}
	for _, number := range texts {
		if _, err := r.exec(backend.AtLast(ctx), deleteText, number); err != nil {
			return err
		}
	}
	if err := deleteDocs(ctx, r, gone); err != nil {
		return err
	}
	if err := writeDocs(ctx, r, orKeepNumber, append(same, kept...)); err != nil {
		return err
	}
	if err := writeDocs(ctx, r, orRenewDoc, moved); err != nil {
		return err
	}
	if err := insertTexts(ctx, r, append(kept, moved...)); err != nil {
		return err
	}
	for _, d := range others {
		last, err := lastOfSpace(ctx, r, n.space) // room may have been made below it
		if err != nil {
			return r.failure(ctx, err)
		}
		d.number, err = placeAmongOthers(ctx, r, &n.space, second(d.Updated), last.number)
		if err != nil {
			return r.failure(ctx, err)
		}
		if err := writeDocs(ctx, r, orRenewDoc, []searchDoc{d}); err != nil {
			return err
		}
		if err := insertTexts(ctx, r, []searchDoc{d}); err != nil {
			return err
		}
	}
	return nil
}

func (sqliteSearch) drop(ctx context.Context, r notes, ids []domain.ID) error {
	numbers, err := scanAll(ctx, r.repos, selectDocsOf+"("+list("?", len(ids))+")", anys(texts(ids)), func(row *sql.Rows) (number any, err error) {
		err = row.Scan(&number)
		return number, err
	})
	if err != nil {
		return err
	}
	for _, number := range numbers {
		if _, err := r.write.ExecContext(backend.AtLast(ctx), deleteText, number); err != nil {
			return err
		}
	}
	return deleteDocs(ctx, r, numbers)
}

// writeDocs writes what search_docs has of notes.
func writeDocs(ctx context.Context, r notes, orChange string, docs []searchDoc) error {
	rows := make([][]any, len(docs))
	for i, d := range docs {
		rows[i] = []any{d.number, string(d.ID), second(d.Updated), d.Version, d.digest, string(d.State), d.Pinned}
	}
	return r.insertRows(ctx, "search_docs", docColumns, orChange, rows)
}

// insertTexts writes what search_index has of notes, of whose numbers it has nothing.
func insertTexts(ctx context.Context, r notes, docs []searchDoc) error {
	slices.SortFunc(docs, func(a, b searchDoc) int { return cmp.Compare(a.number, b.number) }) // in which FTS5 takes texts best
	for _, d := range docs {
		if _, err := r.exec(backend.AtLast(ctx), insertText, d.number, d.terms); err != nil {
			return err
		}
	}
	return nil
}

// deleteDocs deletes the rows of search_docs with these numbers.
func deleteDocs(ctx context.Context, r notes, numbers []any) error {
	if len(numbers) == 0 {
		return nil
	}
	_, err := r.exec(ctx, "DELETE FROM search_docs WHERE number IN ("+list("?", len(numbers))+")", numbers...)
	return err
}

// termsOf returns what search_index has of a note. The mark that all notes have keeps title and content apart, so that
// no phrase reaches from one into the other.
func termsOf(e query.Entry) string {
	list := make([]string, 0, 6+3*len(e.Title)+len(e.Marks))
	list = append(list, inText(e.Title), everyNote, inText(e.Content))
	for i, word := range e.Title {
		if i == 0 {
			const twice = firstMark + firstMark
			list = append(list, twice+beginningOf(word, 1), twice+beginningOf(word, indexedPrefix), firstMark+word)
		}
		list = append(list, titleMark+word)
	}
	for _, word := range e.Title { // behind the others, which stand one directly after the other as in the title
		list = append(list, titleMark+titleMark+beginningOf(word, 1))
	}
	for _, mark := range e.Marks {
		if !inDocs[mark] {
			list = append(list, mark)
		}
	}
	return strings.Join(list, " ")
}

// inDocs are the marks that search_docs has instead.
var inDocs = map[string]bool{
	query.Clause{Kind: query.PinnedClause}.Mark():                       true,
	query.Clause{Kind: query.StateClause, State: query.Active}.Mark():   true,
	query.Clause{Kind: query.StateClause, State: query.Archived}.Mark(): true,
	query.Clause{Kind: query.StateClause, State: query.Trashed}.Mark():  true,
}

// inText returns the words of a title or a content as search_index has them.
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
