package backend

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"octavo/domain"
)

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
