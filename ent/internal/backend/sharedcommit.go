package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"slices"
	"sync"
	"time"
)

// sharedWriter opens connections that share one: the only one that writes into an SQLite file. What costs most of a small
// transaction is its commit, for which the disk is waited for, so transactions that wait for one another share one.
//
// They take turns, first come, first served. When a turn ends and somebody waits for the next one, nothing is committed yet:
// the next transaction is run behind it, in a savepoint. When nobody waits, or enough is done, all of it is committed, and
// only then does anybody learn what became of their transaction: whoever succeeded, and whoever failed, too, by what they
// had seen of the others. A transaction that nobody waits behind is committed at once.
//
// One that fails is taken back to its savepoint and leaves the others alone. What is interrupted might take all of them back
// with it, so a statement isn't interrupted when those end who wait for it, but by its time limit. Sometimes SQLite takes
// back the whole itself, as when the disk is full: then the others are told errTakenBack, and may simply be run again.
type sharedWriter struct {
	driver.Connector               // to the file
	limit            time.Duration // of a statement
	long             time.Duration // how long transactions have been done together when no other joins them

	mu     sync.Mutex
	taken  bool            // whether it is somebody's turn
	queue  []chan struct{} // those who wait for theirs, which has come when this is closed
	closed bool

	// What only they use whose turn it is.
	conn     sqliteConn // the zero one before it is needed
	tx       driver.Tx  // what is being done, or nil
	done     *together  // those of it that have ended their turns
	indexing timeLimit  // of what they write last
}

// together are transactions that are committed together.
type together struct {
	began time.Time
	count int
	alone bool          // whether no other may join
	last  lastWrites    // what they write last
	ended chan struct{} // closed when err is known
	err   error
}

// mostTogether is how many transactions are committed together.
const mostTogether = 64

func newSharedWriter(to driver.Connector, limit time.Duration) *sharedWriter {
	return &sharedWriter{Connector: to, limit: limit, long: 20 * time.Millisecond}
}

// errTakenBack says that nothing has become of a transaction because of another one.
var errTakenBack = errors.New("taken back together with another transaction")

// IsTakenBack reports whether nothing has become of a transaction, and what it has read may never have been so, because of
// another one that it would have been committed with. Run again, it had better be Alone: the other one may be, too.
func IsTakenBack(err error) bool { return errors.Is(err, errTakenBack) }

type aloneKey struct{}

// Alone returns a context for a transaction that shares its commit with nobody: as it may take long, so that nobody who is
// done waits for it.
func Alone(ctx context.Context) context.Context { return context.WithValue(ctx, aloneKey{}, true) }

func (s *sharedWriter) Connect(context.Context) (driver.Conn, error) {
	return &sharedConn{sharedWriter: s}, nil
}

// Close closes the connection once nobody uses it.
func (s *sharedWriter) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if err := s.take(ctx); err != nil {
		return err
	}
	defer s.pass()
	if s.tx != nil {
		s.commit()
	}
	s.closed = true
	return s.disconnect()
}

// take waits for a turn. Whoever has it passes it on.
func (s *sharedWriter) take(ctx context.Context) error {
	s.mu.Lock()
	if !s.taken {
		s.taken = true
		s.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	s.queue = append(s.queue, mine)
	s.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.queue, mine); i >= 0 {
		s.queue = slices.Delete(s.queue, i, i+1)
		return ctx.Err()
	}
	return nil // it has just come, and others may depend on its being passed on
}

// pass ends a turn, and commits what has been done unless the next one joins it.
func (s *sharedWriter) pass() {
	s.mu.Lock()
	if s.tx != nil && (len(s.queue) == 0 || s.done.alone || s.done.count >= mostTogether || time.Since(s.done.began) > s.long) {
		s.mu.Unlock()
		s.commit()
		s.mu.Lock()
	}
	defer s.mu.Unlock()
	if s.taken = len(s.queue) > 0; s.taken {
		close(s.queue[0])
		s.queue = slices.Delete(s.queue, 0, 1)
	}
}

// begin begins what transactions are to be done in.
func (s *sharedWriter) begin(ctx context.Context, alone bool) error {
	if err := s.connect(ctx); err != nil {
		return err
	}
	tx, err := s.conn.BeginTx(ctx, driver.TxOptions{})
	if err != nil {
		return err
	}
	s.tx, s.done = tx, &together{began: time.Now(), alone: alone, ended: make(chan struct{})}
	return nil
}

// commit commits all that has been done. Where what they write last can't be written, whose that is isn't known: they may
// be run again, and then whoever is alone gets the error.
func (s *sharedWriter) commit() {
	s.end(func() error {
		s.indexing.begin(s.limit, func() { s.conn.interrupt() })
		err := s.done.last.run(s.conn)
		s.indexing.end()
		if err == nil {
			return s.tx.Commit()
		}
		s.undo()
		if s.done.count > 1 {
			return errTakenBack
		}
		return &uncommitted{err}
	})
}

// uncommitted is an error by which something has ended before its commit, so that nothing has become of it.
type uncommitted struct{ error }

func (e *uncommitted) Unwrap() error { return e.error }

// takeBack undoes all that has been done.
func (s *sharedWriter) takeBack() {
	s.end(func() error {
		s.undo()
		return errTakenBack
	})
}

// undo ends what is being done without a trace. The connection is of no use if that fails.
func (s *sharedWriter) undo() {
	if !s.conn.AutoCommit() {
		_ = s.tx.Rollback()
	}
}

func (s *sharedWriter) end(how func() error) {
	s.done.err = how()
	if !s.conn.AutoCommit() {
		_ = s.disconnect()
	}
	close(s.done.ended)
	s.tx, s.done = nil, nil
}

func (s *sharedWriter) connect(ctx context.Context) error {
	if s.closed {
		return sql.ErrConnDone
	}
	if s.conn.SQLiteConn != nil {
		return nil
	}
	opened, err := s.Connector.Connect(ctx)
	if err != nil {
		return err
	}
	s.conn = opened.(sqliteConn)
	// What a savepoint keeps goes into no file. The log is folded into the database less often, with fewer pages twice in it:
	// it still has as many as one piece of its index, so that nobody who reads looks at more.
	_, err = s.conn.ExecContext(context.Background(), "PRAGMA temp_store = memory; PRAGMA wal_autocheckpoint = 4000", nil)
	if err != nil {
		_ = s.disconnect()
	}
	return err
}

func (s *sharedWriter) disconnect() error {
	if s.conn.SQLiteConn == nil {
		return nil
	}
	conn := s.conn
	s.conn = sqliteConn{}
	return conn.Close()
}

// timeLimit interrupts what takes too long.
type timeLimit struct {
	timer *time.Timer
	begun bool
	fired chan struct{} // gets one when the timer has interrupted something
}

// begin begins the time of something. What interrupts it is always the same.
func (l *timeLimit) begin(limit time.Duration, interrupt func()) {
	l.end() // as of rows that are still being read
	l.begun = true
	if l.timer != nil {
		l.timer.Reset(limit)
		return
	}
	l.fired = make(chan struct{}, 1)
	l.timer = time.AfterFunc(limit, func() {
		interrupt()
		l.fired <- struct{}{}
	})
}

// end ends the time. From then on nothing is interrupted because of it.
func (l *timeLimit) end() {
	if l.begun && !l.timer.Stop() {
		<-l.fired
	}
	l.begun = false
}
