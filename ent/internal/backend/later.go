package backend

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// What is sent together. A save has some ten statements of which nothing needs to be known but that they haven't failed, and
// to send each by itself and wait for its answer takes PostgreSQL, and the program, more than to run it.

type laterKey struct{}

// Later returns a context for a statement of a transaction of which nothing needs to be known but that it hasn't failed. A
// server that can be sent several is sent it with the next statement of another kind, or at the end of the transaction: that
// has its error. Elsewhere it is run at once.
func Later(ctx context.Context) context.Context { return context.WithValue(ctx, laterKey{}, true) }

// Send is a statement that has all that waits to be sent at once, and tells its error.
const Send = "-- send"

// How much waits at most.
const (
	mostWaiting      = 64
	mostBytesWaiting = 1 << 20
)

// sendAll sends statements at once, and returns how many rows the last of them has found. Behind one that fails none is run.
type sendAll func(ctx context.Context, conn driverConn, list []Statement) (found int64, err error)

// waiting are the statements that a transaction hasn't sent yet.
type waiting struct {
	list   []Statement
	size   int   // of their texts and arguments, more or less
	failed error // of those sent before, which all that follows in the transaction has, too
}

func (w *waiting) add(s Statement) {
	w.list = append(w.list, s)
	w.size += len(s.Text)
	for _, arg := range s.Args {
		switch value := arg.Value.(type) {
		case string:
			w.size += len(value)
		case []string:
			for _, text := range value {
				w.size += len(text)
			}
		}
	}
}

func (w *waiting) isFull() bool { return len(w.list) >= mostWaiting || w.size >= mostBytesWaiting }

// sendWaiting sends what waits, and returns how many rows the last of it has found.
func (c *conn) sendWaiting(ctx context.Context) (found int64, err error) {
	if len(c.waiting.list) == 0 || c.waiting.failed != nil {
		return 0, c.waiting.failed
	}
	list := c.waiting.list
	c.watch.waited()
	found, err = c.sendAll(ctx, c.driverConn, list)
	c.waiting = waiting{failed: err}
	return found, err
}

// execLater does what ExecContext does where statements wait, or one that may. done is false where there are none.
func (c *conn) execLater(ctx context.Context, s Statement) (result driver.Result, done bool, err error) {
	later := ctx.Value(laterKey{}) != nil
	if c.waiting.failed != nil {
		return nil, true, c.waiting.failed
	}
	if !c.within || c.sendAll == nil || !later && len(c.waiting.list) == 0 {
		return driver.ResultNoRows, s.Text == Send, nil
	}
	if s.Text != Send {
		c.waiting.add(s)
	}
	if later && !c.waiting.isFull() {
		return driver.ResultNoRows, true, nil
	}
	found, err := c.sendWaiting(ctx)
	return driver.RowsAffected(found), true, err
}

func sendAllPostgres(ctx context.Context, conn driverConn, list []Statement) (found int64, err error) {
	var batch pgx.Batch
	for _, s := range list {
		args := make([]any, len(s.Args))
		for i, arg := range s.Args {
			args[i] = arg.Value
		}
		batch.Queue(s.Text, args...)
	}
	results := conn.(*stdlib.Conn).Conn().SendBatch(ctx, &batch)
	for _, s := range list {
		tag, err := results.Exec()
		if err != nil {
			_ = results.Close() // which says the same
			if strings.HasPrefix(err.Error(), "error preprocessing batch") {
				return 0, tell(err) // of whichever of them: none has been run
			}
			return 0, &ofStatement{beginning(s.Text), tell(err)}
		}
		found = tag.RowsAffected()
	}
	return found, tell(results.Close())
}

// ofStatement is the error of a statement that was sent with others.
type ofStatement struct {
	begins string
	err    error
}

func (e *ofStatement) Error() string { return fmt.Sprintf("of %q: %v", e.begins, e.err) }

// Unwrap returns the error itself.
func (e *ofStatement) Unwrap() error { return e.err }

func beginning(statement string) string {
	words := strings.Fields(statement)
	return strings.Join(words[:min(len(words), 3)], " ")
}
