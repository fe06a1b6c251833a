package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"octavo/domain"
)

// sharing is a file whose writers share commits, which are counted.
type sharing struct {
	*testing.T
	*sql.DB
	path    string
	shared  *sharedWriter
	commits atomic.Int32
	refuse  atomic.Bool    // whether commits fail
	paused  func()         // what pause() does in a statement
	running sync.WaitGroup // of transactions
	told    atomic.Bool    // whether a transaction of inTurn has succeeded
}

func newSharing(t *testing.T) *sharing {
	t.Helper()
	s := &sharing{T: t, path: filepath.Join(t.TempDir(), "octavo.db")}
	s.shared = newSharedWriter(counting{toSQLite(s.path, nil), s}, time.Hour)
	s.shared.long = time.Hour
	s.DB = sql.OpenDB(connector{s.shared, time.Hour, lostBySQLite, nil, nil})
	t.Cleanup(func() { s.must(s.Close()) })
	var mode string
	s.must(s.QueryRowContext(t.Context(), "PRAGMA journal_mode = WAL").Scan(&mode))
	_, err := s.ExecContext(t.Context(), "CREATE TABLE t (number integer PRIMARY KEY, name text UNIQUE)")
	s.must(err)
	s.commits.Store(0)
	return s
}

func (s *sharing) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// counting counts the commits of a connection.
type counting struct {
	driver.Connector
	*sharing
}

func (c counting) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn := opened.(sqliteConn)
	conn.RegisterCommitHook(func() int {
		if c.refuse.Load() {
			return 1
		}
		if c.commits.Add(1) == 1 && c.told.Load() {
			c.Error("somebody was told before the commit")
		}
		return 0
	})
	return conn, conn.RegisterFunc("pause", func() int { c.paused(); return 0 }, false)
}

func insert(name string) work {
	return func(in turn) error { return in.run("INSERT INTO t (name) VALUES (?)", name) }
}

// turn is a transaction under way.
type turn struct {
	*sql.Tx
	ctx    context.Context //nolint:containedctx // in which it was begun
	cancel func()
}

// run runs a statement.
func (t turn) run(statement string, args ...any) error {
	_, err := t.ExecContext(t.ctx, statement, args...)
	return err
}

type work func(turn) error

// transact does work in a transaction.
func (s *sharing) transact(ctx context.Context, fn work) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := s.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := fn(turn{tx, ctx, cancel}); err != nil {
		if ended := tx.Rollback(); IsTakenBack(ended) {
			return ended
		}
		return err
	}
	return tx.Commit()
}

// inTurn has transactions wait for one that is under way, in their order, and then lets them go. It returns what became of
// each.
func (s *sharing) inTurn(first work, others ...work) []error {
	s.Helper()
	all := slices.Insert(slices.Clone(others), 0, first)
	errs := make([]error, len(all))
	wait := make(chan struct{})
	for i, fn := range all {
		s.running.Go(func() {
			errs[i] = s.transact(s.Context(), func(in turn) error {
				if i == 0 {
					<-wait
				}
				return fn(in)
			})
			if errs[i] == nil {
				s.told.Store(true)
			}
		})
		s.await(func() bool { return s.shared.taken && len(s.shared.queue) == i })
	}
	close(wait)
	s.running.Wait()
	return errs
}

// await waits until something is so.
func (s *sharing) await(so func() bool) {
	s.Helper()
	for {
		s.shared.mu.Lock()
		is := so()
		s.shared.mu.Unlock()
		if is {
			return
		}
		runtime.Gosched()
	}
}

// names returns what is stored, in the order in which it was.
func (s *sharing) names() (names []string) {
	s.Helper()
	names, err := texts(context.Background(), s.DB, "SELECT name FROM t ORDER BY number")
	s.must(err)
	return names
}

func (s *sharing) want(names ...string) {
	s.Helper()
	if got := s.names(); !slices.Equal(got, names) {
		s.Errorf("got %q, want %q", got, names)
	}
}

func (s *sharing) wantCommits(n int32) {
	s.Helper()
	if got := s.commits.Load(); got != n {
		s.Errorf("there were %d commits, want %d", got, n)
	}
}

func TestThoseWhoWaitForOneAnotherShareACommitInTheirOrder(t *testing.T) {
	s := newSharing(t)
	var want []string
	var all []work
	for i := range mostTogether {
		want = append(want, fmt.Sprint("name ", i))
		all = append(all, insert(want[i]))
	}
	for i, err := range s.inTurn(all[0], all[1:]...) {
		if err != nil {
			t.Errorf("transaction %d: %v", i, err)
		}
	}
	s.wantCommits(1)
	s.want(want...)
}

func TestNoMoreShareACommitThanMay(t *testing.T) {
	s := newSharing(t)
	var all []work
	for i := range mostTogether + 1 {
		all = append(all, insert(fmt.Sprint("name ", i)))
	}
	s.must(errors.Join(s.inTurn(all[0], all[1:]...)...))
	s.wantCommits(2)

	s.shared.long = -1 // that has passed when a turn ends
	s.told.Store(false)
	s.must(errors.Join(s.inTurn(insert("a"), insert("b"), insert("c"))...))
	s.wantCommits(5)
}

func TestALoneWriterIsCommittedAtOnce(t *testing.T) {
	s := newSharing(t)
	for i := range 3 {
		s.must(s.transact(t.Context(), insert(fmt.Sprint(i))))
		s.wantCommits(int32(i + 1))
	}
	_, err := s.ExecContext(t.Context(), "INSERT INTO t (name) VALUES ('alone')")
	s.must(err)
	s.wantCommits(4)
	s.want("0", "1", "2", "alone")
}

func TestOneThatFailsLeavesTheOthersAlone(t *testing.T) {
	fails := errors.New("fails")
	panics := func(in turn) (err error) {
		defer func() { err = errors.Join(recover().(error), in.Rollback()) }()
		s := insert("of one that panics")(in)
		panic(errors.Join(fails, s))
	}
	cancelled := func(in turn) error {
		return errors.Join(insert("of one that fails")(in), fails)
	}
	twice := func(in turn) error {
		_ = insert("more of one that fails")(in)
		return insert("first")(in)
	}
	s := newSharing(t)
	errs := s.inTurn(insert("first"), cancelled, insert("second"), panics, twice, insert("third"), cancelled)
	for i, failed := range []bool{false, true, false, true, true, false, true} {
		if (errs[i] != nil) != failed {
			t.Errorf("transaction %d: got error %v", i, errs[i])
		}
	}
	if kind, _ := Diagnose(errs[4]); kind != domain.Conflict {
		t.Errorf("got %v, want a conflict", errs[4])
	}
	s.wantCommits(1)
	s.want("first", "second", "third")
}

func TestTheFirstThatFailsLeavesTheOthersAlone(t *testing.T) {
	s := newSharing(t)
	fails := errors.New("fails")
	errs := s.inTurn(func(in turn) error {
		return errors.Join(insert("of the first")(in), fails)
	}, insert("second"), insert("third"))
	if !errors.Is(errs[0], fails) || errs[1] != nil || errs[2] != nil {
		t.Errorf("got %v", errs)
	}
	s.wantCommits(1)
	s.want("second", "third")
}

func TestOneWhoseContextEndsLeavesTheOthersAlone(t *testing.T) {
	for when, cancelled := range map[string]func(*sharing, turn) error{
		"between two statements": func(_ *sharing, in turn) error {
			err := insert("cancelled")(in)
			in.cancel()
			return errors.Join(err, insert("later")(in))
		},
		"in a statement that would take all back": func(s *sharing, in turn) error {
			s.paused = in.cancel
			return in.run("INSERT INTO t (name) VALUES ('cancelled'), ('later' || pause())")
		},
		"before the commit": func(_ *sharing, in turn) error {
			err := insert("cancelled")(in)
			in.cancel()
			return err
		},
	} {
		t.Run(when, func(t *testing.T) {
			s := newSharing(t)
			errs := s.inTurn(insert("first"), func(in turn) error { return cancelled(s, in) }, insert("third"))
			ended := errors.Is(errs[1], context.Canceled) || errors.Is(errs[1], sql.ErrTxDone)
			if !ended || errs[0] != nil || errs[2] != nil {
				t.Errorf("got errors %v", errs)
			}
			s.wantCommits(1)
			s.want("first", "third")
		})
	}
}

func TestWhoeverStopsWaitingLeavesTheOthersAlone(t *testing.T) {
	s := newSharing(t)
	ctx, cancel := context.WithCancel(t.Context())
	waited := make(chan error, 1)
	s.must(s.transact(t.Context(), func(in turn) error {
		go func() { waited <- s.transact(ctx, insert("of one that has gone")) }()
		s.await(func() bool { return len(s.shared.queue) == 1 })
		cancel()
		if err := <-waited; !errors.Is(err, context.Canceled) {
			t.Errorf("got error %v, want %v", err, context.Canceled)
		}
		return insert("first")(in)
	}))
	s.wantCommits(1)
	s.want("first")
}

func TestACommitThatFailsFailsForAll(t *testing.T) {
	s := newSharing(t)
	s.refuse.Store(true)
	for i, err := range s.inTurn(insert("first"), insert("second"), insert("third")) {
		var refused sqlite3.Error
		if !errors.As(err, &refused) || refused.ExtendedCode != sqlite3.ErrConstraintCommitHook {
			t.Errorf("transaction %d: got error %v", i, err)
		}
	}
	s.want()
	s.refuse.Store(false)
	s.must(s.transact(t.Context(), insert("later")))
	s.want("later")
}

func TestWhatSQLiteTakesBackWithAnotherMayBeRunAgain(t *testing.T) {
	full := func(in turn) error {
		err := in.run("INSERT INTO t (name) VALUES (zeroblob(10000000))")
		if insert("on its own")(in) == nil {
			t.Error("a statement was run outside of the transaction that there isn't any more")
		}
		return err
	}
	damaged := func(in turn) error {
		return in.run("INSERT INTO damaged VALUES (1)")
	}
	endless := func(in turn) error {
		return in.run(`INSERT INTO t (number) WITH RECURSIVE n (x) AS (VALUES (1) UNION ALL SELECT x + 1 FROM n)
			SELECT count(*) FROM n`)
	}
	for name, c := range map[string]struct {
		fails work
		kind  domain.Kind
	}{"a full disk": {full, domain.StorageFull}, "damage": {damaged, domain.Damaged}, "a time limit": {endless, domain.Unavailable}} {
		t.Run(name, func(t *testing.T) {
			s := newSharing(t)
			for _, statement := range []string{
				"CREATE TABLE damaged (x)", "PRAGMA writable_schema = on",
				"UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name LIKE '%index%') WHERE name = 'damaged'",
			} {
				_, err := s.ExecContext(t.Context(), statement)
				s.must(err)
			}
			s.must(s.shared.disconnect()) // it is read anew
			_, err := s.ExecContext(t.Context(), "PRAGMA max_page_count = 100")
			s.must(err)
			s.commits.Store(0)
			fails := c.fails
			if name == "a time limit" {
				fails = func(in turn) error {
					s.shared.limit = 10 * time.Millisecond
					return c.fails(in)
				}
			}
			errs := s.inTurn(insert("first"), insert("second"), func(in turn) error {
				return errors.Join(insert("second")(in), errors.New("fails by what was taken back"))
			}, fails, insert("last"))
			for i := range 3 {
				if kind, again := Diagnose(errs[i]); kind != domain.Unavailable || !again || !IsTakenBack(errs[i]) {
					t.Errorf("transaction %d: got error %v", i, errs[i])
				}
			}
			if kind, _ := Diagnose(errs[3]); kind != c.kind {
				t.Errorf("got error %v, want %q", errs[3], c.kind)
			}
			s.must(errs[4])
			s.want("last")
		})
	}
}

func TestAStatementThatIsTakenBackWithOthersIsRunAgain(t *testing.T) {
	s := newSharing(t)
	_, err := s.ExecContext(t.Context(), "PRAGMA max_page_count = 100")
	s.must(err)
	alone := make(chan error, 1)
	errs := s.inTurn(func(in turn) error {
		go func() {
			_, err := s.ExecContext(t.Context(), "INSERT INTO t (name) VALUES ('of its own')")
			alone <- err
		}()
		s.await(func() bool { return len(s.shared.queue) == 1 })
		s.running.Go(func() {
			err := s.transact(t.Context(), func(in turn) error {
				return in.run("INSERT INTO t (name) VALUES (zeroblob(10000000))")
			})
			if kind, _ := Diagnose(err); kind != domain.StorageFull {
				t.Errorf("got error %v, want %q", err, domain.StorageFull)
			}
		})
		s.await(func() bool { return len(s.shared.queue) == 2 })
		return insert("first")(in)
	})
	if !IsTakenBack(errs[0]) {
		t.Errorf("got error %v", errs[0])
	}
	s.must(<-alone)
	s.want("of its own")
}

func TestNobodyWaitsForOneThatIsAlone(t *testing.T) {
	s := newSharing(t)
	told := make(chan error, 1)
	s.must(s.transact(t.Context(), func(in turn) error {
		s.running.Go(func() { told <- s.transact(t.Context(), insert("second")) })
		s.await(func() bool { return len(s.shared.queue) == 1 })
		s.running.Go(func() {
			if err := s.transact(Alone(t.Context()), func(in turn) error {
				return errors.Join(<-told, insert("alone")(in))
			}); err != nil {
				t.Error(err)
			}
		})
		s.await(func() bool { return len(s.shared.queue) == 2 })
		s.running.Go(func() {
			if err := s.transact(t.Context(), insert("last")); err != nil {
				t.Error(err)
			}
		})
		s.await(func() bool { return len(s.shared.queue) == 3 })
		return insert("first")(in)
	}))
	s.running.Wait()
	s.wantCommits(3)
	s.want("first", "second", "alone", "last")
}
