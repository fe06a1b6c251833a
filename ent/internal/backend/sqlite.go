package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/mattn/go-sqlite3"

	"octavo/domain"
)

const (
	inMemory = ":memory:"
	readers  = 4
	// mmapSize is how much of the file is read through the page cache of the system instead of a copy.
	mmapSize = 256 << 20
)

func openSQLite(ctx context.Context, path string) (*DB, error) {
	if !hasFTS5 {
		return nil, errors.New("this program was built without SQLite's full-text search: build it with `make build`, " +
			"or with `go build -tags sqlite_fts5`")
	}
	db := &DB{Dialect: dialect.SQLite, exclusively: exclusivelySQLite}
	switch path {
	case "":
		return nil, newUnusable(domain.Invalid, "the database's URL names no file")
	case inMemory:
		// Each connection would have a database of its own, so there is one.
		db.Writer = sqlitePool(ctx, path, 1, statementTimeout, nil)
		db.Reader = db.Writer
	default:
		if err := createFile(path); err != nil {
			return nil, fmt.Errorf("the database file can't be used: %w", err)
		}
		if err := refuseForeign(ctx, path); err != nil {
			return nil, fileError(path, err)
		}
		db.path = path
		shared := newSharedWriter(toSQLite(path, nil), statementTimeout)
		db.Writer = sql.OpenDB(connector{shared, statementTimeout, lostBySQLite, watchOf(ctx), nil})
		db.Writer.SetMaxIdleConns(mostTogether) // they cost nothing
		db.Reader = sqlitePool(ctx, path, readers, statementTimeout, url.Values{"_query_only": {"true"}})
	}
	_, err := db.Reader.ExecContext(ctx, "SELECT count(*) FROM sqlite_schema")
	if err == nil && db.path != "" {
		err = db.quickCheck(ctx, path)
	}
	if err != nil {
		_ = db.Close()
		return nil, fileError(path, err)
	}
	return db, nil
}

// fileError says which file it is that can't be used, and what to do about one that is damaged.
func fileError(path string, err error) error {
	var damage *Damage
	switch kind, _ := Diagnose(err); {
	case errors.Is(err, domain.Invalid):
		return err
	case errors.As(err, &damage):
		return newUnusable(domain.Damaged, "the database file %s is damaged, restore a backup: %s", path, damage.Text)
	case kind == domain.Damaged:
		return newUnusable(domain.Damaged, "the database file %s is damaged, restore a backup: %v", path, err)
	}
	return fmt.Errorf("the database file %s can't be used: %w", path, err)
}

// createFile makes an empty file, readable by nobody else, where there is none.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

// sqlitePool returns a pool of up to n connections, which stay open. What takes longer than limit is ended, unless that
// is 0.
func sqlitePool(ctx context.Context, path string, n int, limit time.Duration, extra url.Values) *sql.DB {
	pool := sql.OpenDB(connector{toSQLite(path, extra), limit, lostBySQLite, watchOf(ctx), nil})
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool
}

func toSQLite(path string, extra url.Values) sqliteConnector {
	settings := url.Values{
		"_synchronous":     {"FULL"}, // what is answered is on disk
		"_foreign_keys":    {"on"},
		"_busy_timeout":    {"5000"}, // ms; another process may be writing
		"_txlock":          {"immediate"},
		"_stmt_cache_size": {"64"},
		"_mutex":           {"no"}, // a connection is used by one goroutine at a time
	}
	for key, values := range extra {
		settings[key] = values
	}
	return sqliteConnector{fileURL(path, settings)}
}

// sqliteConnector opens connections with settings that a data source name can't express.
type sqliteConnector struct{ dsn string }

func init() {
	// How times are written, and read first: as texts that sort, which SQLite's own functions read.
	sqlite3.SQLiteTimestampFormats = slices.Insert(sqlite3.SQLiteTimestampFormats, 0, "2006-01-02 15:04:05.000000")
}

var sqliteDriver = &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
	_, err := conn.Exec(fmt.Sprintf("PRAGMA mmap_size = %d", mmapSize), nil)
	return err
}}

func (c sqliteConnector) Connect(context.Context) (driver.Conn, error) {
	runtime.LockOSThread() // which knows what has been opened
	defer runtime.UnlockOSThread()
	conn, err := sqliteDriver.Open(c.dsn)
	if err != nil {
		return nil, err
	}
	return sqliteConn{conn.(*sqlite3.SQLiteConn), lastOpened()}, nil
}

func (c sqliteConnector) Driver() driver.Driver { return sqliteDriver }

// sqliteConn is a connection that outlives a transaction whose context ends. database/sql closes those of a driver that
// can't tell whether they are still good, and a database in memory would go with its connection.
type sqliteConn struct {
	*sqlite3.SQLiteConn
	handle
}

// ResetSession refuses a connection that is still in a transaction.
func (c sqliteConn) ResetSession(context.Context) error {
	if !c.AutoCommit() {
		return driver.ErrBadConn
	}
	return nil
}

// IsValid tells that the connection may go back to the pool, where ResetSession looks at it.
func (c sqliteConn) IsValid() bool { return true }

// UseWAL switches an SQLite file to write-ahead logging, so that readers and the writer don't wait for one another.
// The file remembers it. Other databases are left as they are.
func (db *DB) UseWAL(ctx context.Context) error {
	if db.Dialect != dialect.SQLite {
		return nil
	}
	var mode string
	if err := retryBusy(ctx, func() error {
		return db.Writer.QueryRowContext(ctx, "PRAGMA journal_mode = WAL").Scan(&mode)
	}); err != nil {
		return err
	}
	if mode != "wal" && mode != "memory" {
		return fmt.Errorf("the file's journal stays in mode %s; keep it on a local disk", mode)
	}
	return nil
}

// exclusivelySQLite takes the write lock of the file. Foreign keys are off meanwhile: to rebuild a table means to drop
// the old one, and that would take along the rows that refer to it.
func exclusivelySQLite(ctx context.Context, conn *sql.Conn, fn func(entsql.ExecQuerier) error) (err error) {
	if _, err := conn.ExecContext(ctx, "PRAGMA foreign_keys = off"); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			discard(conn)
			return
		}
		_, err = conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA foreign_keys = on")
	}()
	var tx *sql.Tx
	if err := retryBusy(ctx, func() (err error) {
		tx, err = conn.BeginTx(ctx, nil)
		return err
	}); err != nil {
		return err
	}
	return transact(tx, fn)
}

// retryBusy runs fn until another process no longer holds a lock that SQLite's busy timeout doesn't wait for, or not
// for long enough.
func retryBusy(ctx context.Context, fn func() error) error {
	for deadline := time.Now().Add(lockTimeout); ; {
		err := fn()
		if _, again := Diagnose(err); !again || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
}
