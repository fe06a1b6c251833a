package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"octavo/domain"
)

func TestWhatMayHaveBeenDoneIsToldFromWhatHasNot(t *testing.T) {
	pg := func(severity, code string) error { return &pgconn.PgError{Severity: severity, Code: code} }
	my := func(code uint16) error { return &mysql.MySQLError{Number: code} }
	lite := func(code sqlite3.ErrNoExtended) error {
		return sqlite3.Error{Code: sqlite3.ErrNo(code & 0xff), ExtendedCode: code}
	}
	for _, c := range []struct {
		lost func(error) bool
		may  []error
		not  []error
	}{
		{
			lostByServer,
			[]error{
				io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, context.DeadlineExceeded, context.Canceled, mysql.ErrInvalidConn,
				&net.OpError{Op: "read", Err: errors.New("connection reset by peer")}, pgconn.ErrConnClosed,
				pg("FATAL", "57P01"), pg("PANIC", "XX000"), pg("ERROR", "08006"), pg("ERROR", "40003"),
				my(1053), my(1180), my(1927), my(2013),
			},
			[]error{
				driver.ErrBadConn, errors.New("can't encode an argument"),
				pg("ERROR", "40001"), pg("ERROR", "23505"), pg("ERROR", "53100"), pg("ERROR", "57014"),
				my(1062), my(1205), my(1213), my(1969),
			},
		},
		{
			lostBySQLite,
			[]error{lite(sqlite3.ErrIoErrFsync), lite(sqlite3.ErrIoErrTruncate), lite(sqlite3.ErrIoErrDirFsync)},
			[]error{
				lite(sqlite3.ErrIoErrWrite), lite(sqlite3.ErrBusySnapshot), lite(sqlite3.ErrConstraintUnique),
				sqlite3.Error{Code: sqlite3.ErrFull},
				context.Canceled,
			},
		},
	} {
		for _, err := range c.may {
			if !c.lost(fmt.Errorf("wrapped: %w", err)) {
				t.Errorf("%#v counts as an answer", err)
			}
		}
		for _, err := range c.not {
			if c.lost(fmt.Errorf("wrapped: %w", err)) {
				t.Errorf("%#v doesn't count as an answer", err)
			}
		}
	}
}

// brokenDriver opens connections to nothing: all that is sent fails with err or, without one, waits for its context.
type brokenDriver struct{ err error }

func (d brokenDriver) Connect(context.Context) (driver.Conn, error) { return d, nil }
func (d brokenDriver) Driver() driver.Driver                        { return nil }
func (d brokenDriver) Prepare(string) (driver.Stmt, error)          { return nil, errors.ErrUnsupported }

func (d brokenDriver) Begin() (driver.Tx, error)          { return nil, errors.ErrUnsupported }
func (d brokenDriver) Close() error                       { return nil }
func (d brokenDriver) ResetSession(context.Context) error { return nil }
func (d brokenDriver) Ping(ctx context.Context) error     { return d.fail(ctx) }

func (d brokenDriver) PrepareContext(context.Context, string) (driver.Stmt, error) {
	return nil, errors.ErrUnsupported
}

func (d brokenDriver) ExecContext(ctx context.Context, _ string, _ []driver.NamedValue) (driver.Result, error) {
	return nil, d.fail(ctx)
}

func (d brokenDriver) QueryContext(ctx context.Context, _ string, _ []driver.NamedValue) (driver.Rows, error) {
	return nil, d.fail(ctx)
}

func (d brokenDriver) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	return brokenTx{ctx, d}, nil
}

func (d brokenDriver) fail(ctx context.Context) error {
	if d.err != nil {
		return d.err
	}
	<-ctx.Done()
	return ctx.Err()
}

type brokenTx struct {
	ctx context.Context //nolint:containedctx // as drivers have it
	brokenDriver
}

func (t brokenTx) Commit() error   { return t.fail(t.ctx) }
func (t brokenTx) Rollback() error { return nil }

func TestCommitThatTheDiskDoesNotConfirmIsUnknown(t *testing.T) {
	err := sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrFsync}
	db := sql.OpenDB(connector{brokenDriver{err}, 0, lostBySQLite, nil, nil})
	tx, err2 := db.BeginTx(t.Context(), nil)
	if err2 != nil {
		t.Fatal(err2)
	}
	_, statement := tx.ExecContext(t.Context(), "INSERT")
	if kind, _ := Diagnose(statement); kind == domain.Unknown {
		t.Error("a statement of a transaction that isn't committed is unknown")
	}
	if kind, again := Diagnose(tx.Commit()); kind != domain.Unknown || again {
		t.Errorf("the commit has kind %q, again %v", kind, again)
	}
	_, alone := db.ExecContext(t.Context(), "INSERT")
	if kind, again := Diagnose(alone); kind != domain.Unknown || again {
		t.Errorf("a statement of its own has kind %q, again %v", kind, again)
	}
}

func TestWhatHasNoEndOfItsOwnHasALimit(t *testing.T) {
	db := sql.OpenDB(connector{brokenDriver{}, time.Millisecond, lostByServer, nil, nil})
	for what, do := range map[string]func(context.Context) error{
		"a statement": func(ctx context.Context) error { _, err := db.ExecContext(ctx, "INSERT"); return err },
		"a query": func(ctx context.Context) error {
			var n int
			return db.QueryRowContext(ctx, "SELECT").Scan(&n)
		},
		"a ping": db.PingContext,
		"a commit": func(ctx context.Context) error {
			tx, err := db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			return tx.Commit()
		},
	} {
		kind, again := Diagnose(do(t.Context()))
		if (kind != domain.Unavailable && kind != domain.Unknown) || again {
			t.Errorf("%s: kind %q, again %v", what, kind, again)
		}
	}
}

// endless is a context that may be cancelled one day, as that of what runs in the background. It knows how many others end
// with it.
type endless struct {
	context.Context //nolint:containedctx // it is one
	ending          atomic.Int64
}

func (e *endless) Done() <-chan struct{} { return make(chan struct{}) }

func (e *endless) AfterFunc(func()) (stop func() bool) {
	e.ending.Add(1)
	return func() bool {
		e.ending.Add(-1)
		return true
	}
}

func TestContextWithoutAnEndKeepsNothingOfWhatWasDoneInIt(t *testing.T) {
	db := sql.OpenDB(connector{brokenDriver{io.EOF}, time.Hour, lostByServer, nil, nil})
	ctx := &endless{Context: t.Context()}
	_, _ = db.ExecContext(ctx, "INSERT")
	_ = db.QueryRowContext(ctx, "SELECT").Scan()
	_ = db.PingContext(ctx)
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = tx.ExecContext(ctx, "INSERT")
	_ = tx.Commit()
	if n := ctx.ending.Load(); n != 0 {
		t.Errorf("it keeps %d contexts", n)
	}
}

func TestWhatIsToldOfAnErrorHasNoValuesInIt(t *testing.T) {
	state := func(text string) (s [5]byte) {
		copy(s[:], text)
		return s
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{
			&pgconn.PgError{
				Severity: "ERROR", Code: "23505", Message: `duplicate key value violates unique constraint "notes_pkey"`,
				Detail: "Key (id)=(secret) already exists.", Where: "secret", ConstraintName: "notes_pkey", Routine: "_bt_check_unique",
			},
			"ERROR: duplicate key value violates unique constraint … (SQLSTATE 23505, notes_pkey, _bt_check_unique)",
		},
		{
			&pgconn.PgError{Severity: "ERROR", Code: "42601", Message: `syntax error in tsquery: "'secret"`},
			"ERROR: syntax error in tsquery … (SQLSTATE 42601)",
		},
		{
			&pgconn.PgError{Severity: "ERROR", Code: "57014", Message: "canceling statement due to statement timeout"},
			"ERROR: canceling statement due to statement timeout (SQLSTATE 57014)",
		},
		{
			&mysql.MySQLError{Number: 1062, SQLState: state("23000"), Message: "Duplicate entry 'sec'ret' for key 'notes.PRIMARY'"},
			"MySQL error 1062 (23000): Duplicate entry … for key 'notes.PRIMARY'",
		},
		{
			&mysql.MySQLError{Number: 1064, SQLState: state("42000"), Message: "syntax error, unexpected $end near 'secret' at line 1"},
			"MySQL error 1064 (42000): syntax error, unexpected $end near …",
		},
		{errors.New("failed to encode args[0]: unable to encode secret"), "failed to encode an argument"},
		{io.ErrUnexpectedEOF, "unexpected EOF"},
	} {
		err := tell(c.err)
		if err.Error() != c.want || !errors.Is(err, c.err) {
			t.Errorf("got  %v\nwant %s", err, c.want)
		}
	}
	if tell(nil) != nil || !errors.Is(tell(io.EOF), io.EOF) || tell(io.EOF) != io.EOF { //nolint:errorlint // database/sql compares it
		t.Error("what isn't an error of a database is changed")
	}
}

func TestSQLiteTellsColumnsAndNoValues(t *testing.T) {
	db, err := Open(t.Context(), "sqlite::memory:")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	for _, c := range []struct{ statement, want string }{
		{"CREATE TABLE t (x text UNIQUE)", "<nil>"},
		{"INSERT INTO t VALUES ('secret'), ('secret')", "SQLite error 2067: UNIQUE constraint failed: t.x"},
		{"INSERT INTO t VALUES ('secret'), secret here", "SQLite error 1: near …"},
		{"SELECT secret", "SQLite error 1: no such column …"},
	} {
		if _, err := db.Writer.ExecContext(t.Context(), c.statement); fmt.Sprint(err) != c.want {
			t.Errorf("%s: got %v, want %s", c.statement, err, c.want)
		}
	}
}
