package backend

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"

	"octavo/domain"
)

// sharedConn is what database/sql takes for a connection of its own. It is a driver.Tx as well, while it is in one.
type sharedConn struct {
	*sharedWriter
	within bool
	ctx    context.Context //nolint:containedctx // of the transaction that it is in
	joined *together       // what that is done in
	lost   error           // why there is nothing left of it
	last   lastWrites      // what it writes last
	ahead  bool            // whether all that was to be written last has been, but for last

	running timeLimit // of a statement
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
	c.last, c.ahead = lastWrites{}, false
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
		return &uncommitted{c.lost}
	}
	c.done.count++
	if c.ahead {
		c.done.last = lastWrites{}
	}
	c.done.last.join(c.last)
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
	if IsTakenBack(c.lost) {
		return errTakenBack
	}
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
	defer c.running.end()
	if ctx.Value(atLastKey{}) != nil {
		c.last.add(query, args)
		if c.last.size+c.done.last.size < mostLast {
			return driver.RowsAffected(0), nil
		}
		return driver.RowsAffected(0), c.seen(c.catchUp())
	}
	if err := c.before(query); err != nil {
		return nil, c.seen(err)
	}
	result, err := c.conn.ExecContext(context.Background(), query, args)
	return result, c.seen(err)
}

// before has a statement see what was to be written last.
func (c *sharedConn) before(query string) error {
	if !looksIntoLast(query) {
		return nil
	}
	return c.catchUp()
}

// catchUp writes what was to be written last so far. The others' stays remembered, too, in case that this is taken back.
func (c *sharedConn) catchUp() error {
	var all lastWrites
	if !c.ahead {
		all.join(c.done.last)
	}
	others := len(all.rows) > 0
	all.join(c.last)
	c.last, c.ahead = lastWrites{}, true
	c.lost = all.run(c.conn) // what isn't written is forgotten, the others' too, so that nothing may be committed after it
	if c.lost != nil && others {
		c.lost = errTakenBack // it may be theirs that can't be written
	}
	return c.lost
}

func (c *sharedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if !c.within {
		return c.queryAlone(ctx, query, args)
	}
	if err := c.mayRun(ctx); err != nil {
		return nil, err
	}
	err := c.before(query)
	var found driver.Rows
	if err == nil {
		found, err = c.conn.QueryContext(context.Background(), query, args)
	}
	if err != nil {
		c.running.end()
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
	c.running.begin(c.limit, func() { c.conn.interrupt() })
	return nil
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
	defer r.conn.running.end()
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
		} else {
			err = &uncommitted{err}
		}
		if !IsTakenBack(err) || attempt == MaxAttempts {
			return result, err
		}
		ctx = Alone(ctx)
	}
}

func (c *sharedConn) queryAlone(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.takeAlone(ctx); err != nil {
		return nil, err
	}
	found, err := c.conn.QueryContext(ctx, query, args)
	if err != nil {
		c.pass()
		return nil, err
	}
	return &rows{found, sync.OnceFunc(c.pass), nil}, nil
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
