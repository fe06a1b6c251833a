package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"octavo/domain"
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
	conn sqliteConn // the zero one before it is needed
	tx   driver.Tx  // what is being done, or nil
	done *together  // those of it that have ended their turns
}

// together are transactions that are committed together.
type together struct {
	began time.Time
	count int
	alone bool          // whether no other may join
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
// another one that it would have been committed with.
func IsTakenBack(err error) bool { return errors.Is(err, errTakenBack) }

type aloneKey struct{}

// Alone returns a context for a transaction that may take long, so that nobody who is done waits for it.
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

func (s *sharedWriter) commit() { s.end(s.tx.Commit) }

// takeBack undoes all that has been done.
func (s *sharedWriter) takeBack() {
	s.end(func() error {
		if !s.conn.AutoCommit() {
			_ = s.tx.Rollback() // the connection is of no use if that fails
		}
		return errTakenBack
	})
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

// sharedConn is what database/sql takes for a connection of its own. It is a driver.Tx as well, while it is in one.
type sharedConn struct {
	*sharedWriter
	within bool
	ctx    context.Context //nolint:containedctx // of the transaction that it is in
	joined *together       // what that is done in
	lost   error           // why there is nothing left of it

	timer *time.Timer   // interrupts a statement that takes too long
	timed bool          // whether there is one
	fired chan struct{} // gets one when the timer has interrupted it
}

func (c *sharedConn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	if err := c.take(ctx); err != nil {
		return nil, err
	}
	alone := ctx.Value(aloneKey{}) != nil
	if alone && c.tx != nil {
		c.commit()
	}
	var err error
	if c.tx == nil {
		err = c.begin(ctx, alone)
	} else {
		err = c.do("SAVEPOINT turn")
	}
	if err != nil {
		c.pass()
		return nil, err
	}
	c.within, c.ctx, c.joined, c.lost = true, ctx, c.done, nil
	return c, nil
}

func (c *sharedConn) do(statement string) error {
	_, err := c.conn.ExecContext(context.Background(), statement, nil)
	return err
}

// isFirst reports whether nobody's turn has come before in what is being done, so that there is no savepoint.
func (c *sharedConn) isFirst() bool { return c.done.count == 0 }

func (c *sharedConn) Commit() error {
	if c.lost == nil && !c.isFirst() {
		c.lost = c.do("RELEASE turn")
	}
	if c.lost != nil {
		c.takeBack()
		_ = c.leave()
		return c.lost
	}
	c.done.count++
	return c.leave()
}

// Rollback returns errTakenBack when what the transaction has read of others has been taken back, too.
func (c *sharedConn) Rollback() error {
	failed, first := c.lost != nil, c.isFirst()
	if !failed && !first {
		c.lost = c.do("ROLLBACK TO turn; RELEASE turn")
	}
	if first || c.lost != nil {
		c.takeBack()
	}
	ended := c.leave()
	if unknown := (*Unconfirmed)(nil); failed || first || ended == nil || errors.As(ended, &unknown) {
		return nil
	}
	return errTakenBack
}

// leave ends the turn, and returns what became of all that has been done, or Unconfirmed when the transaction's context
// ends before that is known.
func (c *sharedConn) leave() error {
	c.within = false
	c.pass()
	select {
	case <-c.joined.ended:
		return c.joined.err
	default:
	}
	select {
	case <-c.joined.ended:
		return c.joined.err
	case <-c.ctx.Done():
		return &Unconfirmed{context.Cause(c.ctx)}
	}
}

func (c *sharedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if !c.within {
		return c.execAlone(ctx, query, args)
	}
	if err := c.mayRun(ctx); err != nil {
		return nil, err
	}
	result, err := c.conn.ExecContext(context.Background(), query, args)
	c.hasRun()
	return result, c.seen(err)
}

func (c *sharedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !c.within {
		return c.queryAlone(ctx, query, args)
	}
	if err := c.mayRun(ctx); err != nil {
		return nil, err
	}
	found, err := c.conn.QueryContext(context.Background(), query, args)
	if err != nil {
		c.hasRun()
		return nil, c.seen(err)
	}
	return &sharedRows{found, c}, nil
}

// mayRun returns nil if a statement may be run, whose time begins. It has no context: for one that ends the driver would
// have each statement run by a goroutine of its own, which takes a tenth of what a save does.
func (c *sharedConn) mayRun(ctx context.Context) error {
	if c.lost != nil {
		return c.lost
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	c.hasRun() // if rows of another are still being read
	c.timed = true
	if c.timer != nil {
		c.timer.Reset(c.limit)
		return nil
	}
	c.fired = make(chan struct{}, 1)
	c.timer = time.AfterFunc(c.limit, func() {
		c.conn.interrupt()
		c.fired <- struct{}{}
	})
	return nil
}

// hasRun ends the time of a statement. From then on nothing is interrupted because of it.
func (c *sharedConn) hasRun() {
	if c.timed && !c.timer.Stop() {
		<-c.fired
	}
	c.timed = false
}

// seen returns the error of a statement, and remembers one after which there is nothing left of what was being done, or had
// better not be.
func (c *sharedConn) seen(err error) error {
	if err == nil || errors.Is(err, io.EOF) || c.lost != nil {
		return err
	}
	if kind, _ := Diagnose(err); kind == domain.Damaged || c.conn.AutoCommit() {
		c.lost = err
	}
	return err
}

// sharedRows are the rows of a query in a transaction.
type sharedRows struct {
	driver.Rows
	conn *sharedConn
}

func (r *sharedRows) Next(dest []driver.Value) error { return r.conn.seen(r.Rows.Next(dest)) }

func (r *sharedRows) Close() error {
	defer r.conn.hasRun()
	return r.Rows.Close()
}

// execAlone runs a statement that is in no transaction. What changes rows becomes one, so that it shares its commit.
func (c *sharedConn) execAlone(ctx context.Context, query string, args []driver.NamedValue) (result driver.Result, err error) {
	if !slices.ContainsFunc([]string{"INSERT ", "UPDATE ", "DELETE "}, func(verb string) bool { return strings.HasPrefix(query, verb) }) {
		if err := c.takeAlone(ctx); err != nil {
			return nil, err
		}
		defer c.pass()
		return c.conn.ExecContext(ctx, query, args)
	}
	for attempt := 1; ; attempt++ {
		if _, err = c.BeginTx(ctx, driver.TxOptions{}); err != nil {
			return nil, err
		}
		if result, err = c.ExecContext(ctx, query, args); err == nil {
			err = c.Commit()
		} else if ended := c.Rollback(); ended != nil {
			err = ended
		}
		if !IsTakenBack(err) || attempt == mostAttempts {
			return result, err
		}
	}
}

// mostAttempts is how often a statement is run that is taken back with others.
const mostAttempts = 8

func (c *sharedConn) queryAlone(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.takeAlone(ctx); err != nil {
		return nil, err
	}
	found, err := c.conn.QueryContext(ctx, query, args)
	if err != nil {
		c.pass()
		return nil, err
	}
	return &rows{found, sync.OnceFunc(c.pass)}, nil
}

// takeAlone waits for a turn outside of what others are doing.
func (c *sharedConn) takeAlone(ctx context.Context) error {
	if err := c.take(ctx); err != nil {
		return err
	}
	if c.tx != nil {
		c.commit()
	}
	if err := c.connect(ctx); err != nil {
		c.pass()
		return err
	}
	return nil
}

func (c *sharedConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *sharedConn) Prepare(string) (driver.Stmt, error) { return nil, errors.ErrUnsupported }

func (c *sharedConn) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, errors.ErrUnsupported // a statement would outlive its turn, and SQLite's driver remembers those that it has prepared
}

func (c *sharedConn) Ping(context.Context) error         { return nil }
func (c *sharedConn) ResetSession(context.Context) error { return nil }

// Close leaves open what is the others', too.
func (c *sharedConn) Close() error {
	if c.within {
		return c.Rollback()
	}
	return nil
}
