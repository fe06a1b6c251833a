package backend

import (
	"context"
	"database/sql/driver"
	"io"
	"time"
)

// driverConn is what the connections of all drivers can do.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
}

// connector opens connections on which nothing waits without an end, and whose errors tell when it isn't known whether
// something was changed.
type connector struct {
	driver.Connector
	limit time.Duration // of what is done in a context without an end of its own
	// lost tells of an error that came instead of a confirmation whether what was to be confirmed may have happened.
	lost    func(error) bool
	watch   *Watch  // or nil
	sendAll sendAll // how what may wait is sent, or nil
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{driverConn: opened.(driverConn), limit: c.limit, lost: c.lost, watch: c.watch, sendAll: c.sendAll}, nil
}

// Close closes what the connections have in common, when database/sql has closed them.
func (c connector) Close() error {
	if common, ok := c.Connector.(io.Closer); ok {
		return common.Close()
	}
	return nil
}

// conn is a connection of a connector.
type conn struct {
	driverConn
	limit   time.Duration // 0 for none
	lost    func(error) bool
	within  bool   // a transaction, so that only its commit has to be confirmed
	watch   *Watch // or nil
	sendAll sendAll
	waiting waiting
}

// Unconfirmed is the error that came instead of a confirmation: what was to be stored has been, or it hasn't.
type Unconfirmed struct{ err error }

func (e *Unconfirmed) Error() string { return "not confirmed: " + e.err.Error() }

// Unwrap returns the driver's own error.
func (e *Unconfirmed) Unwrap() error { return e.err }

// confirmed returns the error of what stores something for good.
func (c *conn) confirmed(err error) error {
	if err != nil && c.lost(err) {
		return &Unconfirmed{tell(err)}
	}
	return tell(err)
}

// ending returns ctx, if it ends by itself, or else one that also ends by the limit. stop ends that one at once.
func (c *conn) ending(ctx context.Context) (_ context.Context, stop func()) {
	if _, ends := ctx.Deadline(); ends || c.limit == 0 {
		return ctx, func() {}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(c.limit, func() { cancel(context.DeadlineExceeded) })
	return ctx, func() {
		timer.Stop()
		cancel(nil) // or a context that lives as long as the program would keep each of these
	}
}

func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err // and nothing has been sent
	}
	if query != Send {
		c.watch.asked(query, args)
	}
	ctx, stop := c.ending(ctx)
	defer stop()
	if result, done, err := c.execLater(ctx, Statement{query, args}); done {
		return result, err
	}
	c.watch.waited()
	result, err := c.driverConn.ExecContext(ctx, query, args)
	if c.within {
		return result, tell(err)
	}
	return result, c.confirmed(err)
}

func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.watch.asked(query, args)
	ctx, stop := c.ending(ctx)
	if _, err := c.sendWaiting(ctx); err != nil {
		stop()
		return nil, err
	}
	c.watch.waited()
	found, err := c.driverConn.QueryContext(ctx, query, args)
	if err != nil {
		stop()
		return nil, tell(err)
	}
	return &rows{found, stop, c.watch}, nil
}

// rows are what a query finds. Its limit holds until the last one has been read.
type rows struct {
	driver.Rows
	stop  func()
	watch *Watch
}

func (r *rows) Next(dest []driver.Value) error {
	err := r.Rows.Next(dest)
	if err == nil {
		r.watch.found(dest)
	}
	return tell(err)
}

func (r *rows) Close() error {
	defer r.stop()
	return tell(r.Rows.Close())
}

func (c *conn) Ping(ctx context.Context) error {
	ctx, stop := c.ending(ctx)
	defer stop()
	return c.driverConn.Ping(ctx)
}

func (c *conn) ResetSession(ctx context.Context) error {
	ctx, stop := c.ending(ctx)
	defer stop()
	return c.driverConn.ResetSession(ctx)
}

// IsValid implements driver.Validator.
func (c *conn) IsValid() bool {
	v, ok := c.driverConn.(driver.Validator)
	return !ok || v.IsValid()
}

// The earliest and the latest time that all databases know.
var (
	earliest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	latest   = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
)

// CheckNamedValue implements driver.NamedValueChecker. Times are UTC and in whole microseconds from here on. One that no
// database can store, as somebody might ask for, becomes the nearest that they can.
func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if t, ok := v.Value.(time.Time); ok {
		t = t.UTC().Truncate(time.Microsecond)
		if t.Before(earliest) {
			t = earliest
		} else if t.After(latest) {
			t = latest
		}
		v.Value = t
	}
	if checker, ok := c.driverConn.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// BeginTx begins a transaction. A connection that breaks before it has begun is a bad one, for which database/sql takes
// another.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	c.watch.asked("BEGIN", nil)
	c.watch.waited()
	t := &tx{conn: c}
	t.ctx, t.cancel = context.WithCancelCause(ctx) // drivers end the transaction in the context that it was begun in
	stop := t.limited()
	var err error
	t.Tx, err = c.driverConn.BeginTx(t.ctx, opts)
	stop()
	if err != nil {
		t.cancel(nil)
		if isBroken(err) {
			err = driver.ErrBadConn
		}
		return nil, tell(err)
	}
	c.within = true
	return t, nil
}

// tx is a transaction on a conn.
type tx struct {
	driver.Tx
	conn   *conn
	ctx    context.Context //nolint:containedctx // it is how drivers are told that a commit takes too long
	cancel context.CancelCauseFunc
}

// limited ends the transaction's context by the limit, if it has no end of its own, unless stop is called before.
func (t *tx) limited() (stop func()) {
	if _, ends := t.ctx.Deadline(); ends || t.conn.limit == 0 {
		return func() {}
	}
	timer := time.AfterFunc(t.conn.limit, func() { t.cancel(context.DeadlineExceeded) })
	return func() { timer.Stop() }
}

func (t *tx) Commit() error {
	return t.end("COMMIT", func() error {
		// What waits is sent before the commit: whatever breaks then has stored nothing, and may be run again.
		if _, err := t.conn.sendWaiting(t.ctx); err != nil {
			t.conn.waiting = waiting{}
			_ = t.Tx.Rollback() // or else the connection is closed
			return err
		}
		t.conn.watch.waited()
		return t.conn.confirmed(t.Tx.Commit())
	})
}

func (t *tx) Rollback() error {
	t.conn.waiting = waiting{}
	t.conn.watch.waited()
	return t.end("ROLLBACK", t.Tx.Rollback)
}

func (t *tx) end(statement string, how func() error) error {
	t.conn.watch.asked(statement, nil)
	defer t.cancel(nil)
	defer t.limited()()
	t.conn.within = false
	return how()
}
