package backend

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"octavo/domain"
)

// newIndexed returns a file with an index of texts, in which "old" is the first.
func newIndexed(t *testing.T) *sharing {
	t.Helper()
	s := newSharing(t)
	for _, statement := range []string{
		"CREATE VIRTUAL TABLE search_index USING fts5(content, content = '', contentless_delete = 1)",
		"INSERT INTO search_index (rowid, content) VALUES (1, 'old')",
	} {
		_, err := s.ExecContext(t.Context(), statement)
		s.must(err)
	}
	s.commits.Store(0)
	return s
}

func (t turn) insertText(number int, text string) error {
	_, err := t.ExecContext(AtLast(t.ctx), "INSERT INTO search_index (rowid, content) VALUES (?, ?)", number, text)
	return err
}

func (t turn) deleteText(number int) error {
	_, err := t.ExecContext(AtLast(t.ctx), "DELETE FROM search_index WHERE rowid = ?", number)
	return err
}

// found returns how many texts have a word.
func (t turn) found(word string) (n int, err error) {
	err = t.QueryRowContext(t.ctx, "SELECT COUNT(*) FROM search_index WHERE search_index MATCH ?", word).Scan(&n)
	return n, err
}

func (s *sharing) wantTexts(word string, want int) {
	s.Helper()
	s.must(s.transact(s.Context(), func(in turn) error {
		n, err := in.found(word)
		if n != want {
			s.Errorf("%d texts have %s, want %d", n, word, want)
		}
		return err
	}))
}

func insertText(number int, text string) work {
	return func(in turn) error { return in.insertText(number, text) }
}

// replaceOld puts another text in place of the first one.
func replaceOld(in turn) error { return errors.Join(in.deleteText(1), in.insertText(1, "new")) }

func TestTextsThatAreCommittedTogetherAreOnePieceOfTheIndex(t *testing.T) {
	s := newIndexed(t)
	pieces := func() (n int) {
		s.must(s.QueryRowContext(t.Context(), "SELECT COUNT(DISTINCT segid) FROM search_index_idx").Scan(&n))
		return n
	}
	before := pieces()
	for _, err := range s.inTurn(replaceOld, insertText(3, "new"), insertText(2, "new"), insertText(4, "new")) {
		s.must(err)
	}
	if s.commits.Load() != 1 {
		t.Fatalf("%d commits, want 1", s.commits.Load())
	}
	if added := pieces() - before; added != 1 {
		t.Errorf("the index has %d pieces more, want 1", added)
	}
	s.wantTexts("new", 4)
	s.wantTexts("old", 0)
}

func TestTheLastThatIsWrittenOfATextHolds(t *testing.T) {
	s := newIndexed(t)
	for _, err := range s.inTurn(
		replaceOld,
		func(in turn) error { return errors.Join(in.insertText(2, "new"), in.deleteText(2)) },
		insertText(3, "new"),
		func(in turn) error {
			return errors.Join(in.deleteText(3), in.insertText(3, "newest"), in.deleteText(1), in.insertText(1, "newest"))
		},
	) {
		s.must(err)
	}
	s.wantTexts("new", 0)
	s.wantTexts("newest", 2)
	s.wantTexts("old", 0)
}

func TestATextGoesWithTheTransactionThatFails(t *testing.T) {
	s := newIndexed(t)
	errFailed := errors.New("failed")
	errs := s.inTurn(insertText(2, "new"), func(in turn) error { return errors.Join(replaceOld(in), errFailed) }, insertText(3, "new"))
	s.must(errors.Join(errs[0], errs[2]))
	if !errors.Is(errs[1], errFailed) {
		t.Errorf("what failed ended with %v", errs[1])
	}
	s.wantTexts("old", 1)
	s.wantTexts("new", 2)
}

// Whoever looks into the index finds what those before have written, and what they have written themselves. What the others
// have written stays, whatever becomes of the one that looked.
func TestATransactionFindsTheTextsBeforeIt(t *testing.T) {
	for _, failing := range []error{nil, errors.New("failed")} {
		s := newIndexed(t)
		var seen int
		errs := s.inTurn(insertText(2, "new"), func(in turn) (err error) {
			if err := replaceOld(in); err != nil {
				return err
			}
			if seen, err = in.found("new"); err != nil {
				return err
			}
			return errors.Join(in.insertText(3, "new"), failing)
		}, insertText(4, "new"))
		s.must(errors.Join(errs[0], errs[2]))
		if seen != 2 {
			t.Errorf("%d texts were found, want 2", seen)
		}
		if failing == nil {
			s.wantTexts("new", 4)
			s.wantTexts("old", 0)
		} else {
			s.wantTexts("new", 2)
			s.wantTexts("old", 1)
		}
	}
}

// unstorable is a text that the index doesn't take.
func unstorable(in turn) error {
	_, err := in.ExecContext(AtLast(in.ctx), "INSERT INTO search_index (rowid, nothing) VALUES (?, ?)", 2, "new")
	return err
}

func TestATextThatCannotBeStoredFailsAloneInTheEnd(t *testing.T) {
	looking := func(in turn) error {
		_, err := in.found("new")
		return err
	}
	for _, c := range []struct {
		when   string
		others []work
	}{
		{"at the commit", []work{unstorable, insertText(3, "new")}},
		{"before somebody looks into the index", []work{unstorable, looking, insertText(3, "new")}},
	} {
		t.Run(c.when, func(t *testing.T) {
			s := newIndexed(t)
			all := append([]work{insert("first")}, c.others...)
			again := 0
			for i, err := range s.inTurn(all[0], all[1:]...) {
				if err == nil {
					continue
				}
				if kind, may := Diagnose(err); kind != domain.Unavailable || !may || !IsTakenBack(err) {
					t.Errorf("transaction %d ended with %v", i+1, err)
				}
				again++
				err = s.transact(Alone(t.Context()), all[i])
				if failed := i == 1; failed != (err != nil) || IsTakenBack(err) {
					t.Errorf("transaction %d, alone, ended with %v", i+1, err)
				}
			}
			if again < 2 {
				t.Errorf("%d transactions were to be run again", again)
			}
			s.wantTexts("new", 1)
			s.want("first")
		})
	}
}

func TestWhatEndsBeforeItsCommitIsKnownToHaveChangedNothing(t *testing.T) {
	s := newIndexed(t)
	err := s.transact(t.Context(), unstorable)
	if before := (*uncommitted)(nil); !errors.As(err, &before) {
		t.Errorf("got error %v", err)
	}
	sync := sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}
	if !lostBySQLite(sync) || lostBySQLite(tell(&uncommitted{sync})) {
		t.Error("only what the disk hasn't confirmed may have been stored")
	}
	s.wantTexts("new", 0)
	s.must(s.transact(t.Context(), insertText(2, "new"))) // the next one finds nothing of it
	s.wantTexts("new", 1)
}

func TestWritingTheIndexHasATimeLimit(t *testing.T) {
	s := newIndexed(t)
	s.shared.limit = 10 * time.Millisecond
	const endless = `INSERT INTO search_index (rowid, content) WITH RECURSIVE n (x) AS (VALUES (?1) UNION ALL SELECT x + 1 FROM n)
		SELECT count(*), ?2 FROM n`
	err := s.transact(t.Context(), func(in turn) error {
		_, err := in.ExecContext(AtLast(in.ctx), endless, 2, "new")
		return err
	})
	if kind, _ := Diagnose(err); kind != domain.Unavailable {
		t.Errorf("got error %v, want %q", err, domain.Unavailable)
	}
	s.wantTexts("new", 0)
}

func TestManyTextsAreWrittenBeforeTheEnd(t *testing.T) {
	s := newIndexed(t)
	long := strings.Repeat("words ", mostLast/15)
	for _, err := range s.inTurn(insertText(2, "new "+long), insertText(3, "new "+long), func(in turn) error {
		return errors.Join(in.insertText(4, "new "+long), in.insertText(5, "new "+long))
	}, insertText(6, "new")) {
		s.must(err)
	}
	s.wantTexts("new", 5)
}

func TestNothingIsCommittedBehindWritesThatWereLost(t *testing.T) {
	s := newIndexed(t)
	for _, err := range s.inTurn(insertText(5, "new"), func(in turn) error {
		_, err := in.ExecContext(AtLast(in.ctx), "INSERT INTO search_index (rowid, nothing) VALUES (?, ?)", 3, "x")
		s.must(err)
		if _, err := in.found("new"); err == nil {
			t.Error("the index was written")
		}
		return nil // as if it had been
	}) {
		if err == nil {
			t.Error("it was committed")
		}
	}
	s.wantTexts("new", 0)
}
