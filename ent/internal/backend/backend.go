// Package backend holds what differs between SQLite, PostgreSQL and MySQL: how to connect, how to be alone while the
// schema changes, and what the drivers' errors mean. MySQL stands for MariaDB as well.
package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net/url"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
)

const (
	connectTimeout   = 5 * time.Second
	statementTimeout = 10 * time.Second
	answerTimeout    = statementTimeout + 2*time.Second // for a server to answer, if only that it took too long
	closeTimeout     = 5 * time.Second
	lockTimeout      = time.Minute // for another instance to finish its migration
)

// DB is a connected database.
type DB struct {
	Dialect string // as Ent calls it
	Reader  *sql.DB
	Writer  *sql.DB // the same as Reader, but for SQLite files
	Tx      sql.TxOptions

	path        string  // of an SQLite file
	sendAll     sendAll // or nil
	exclusively func(ctx context.Context, conn *sql.Conn, fn func(entsql.ExecQuerier) error) error
}

// Open connects to the database at an URL, as described at ent.Open. An URL that can't be read is domain.Invalid, a
// server that can't be reached domain.Unavailable; neither text has a password in it.
func Open(ctx context.Context, databaseURL string) (*DB, error) {
	scheme, rest, _ := strings.Cut(databaseURL, ":")
	if scheme == "sqlite" {
		return openSQLite(ctx, strings.TrimPrefix(rest, "//"))
	}
	u, err := url.Parse(databaseURL)
	if err != nil || cutInTwo(databaseURL) {
		return nil, newUnusable(domain.Invalid, "the database's URL can't be read; "+
			"special characters in a password must be percent-encoded")
	}
	switch u.Scheme {
	case "postgres", "postgresql":
		return openPostgres(ctx, u.String()) // pgx would have a password end at its first @
	case "mysql", "mariadb":
		return openMySQL(ctx, u)
	}
	return nil, newUnusable(domain.Invalid,
		"the database's URL must begin with sqlite:, postgres:// or mysql://, or be memory:")
}

// cutInTwo reports whether a password with a slash, a question mark or a number sign in it has ended the part of an URL in
// which it stands. What follows, and what would be taken for a host or a port, must not be printed.
func cutInTwo(databaseURL string) bool {
	_, rest, _ := strings.Cut(databaseURL, "://")
	end := strings.IndexAny(rest, "/?#")
	return end >= 0 && strings.Contains(rest[end:], "@")
}

// server is what is connected to.
type server struct {
	kind             string // postgresServer or mysqlServer
	network, address string
	user, database   string
}

// String names the server to people.
func (s server) String() string { return s.kind + " at " + s.address }

// openServer completes db for a server that answers.
func openServer(ctx context.Context, db *DB, to driver.Connector, at server) (*DB, error) {
	pool := sql.OpenDB(connector{to, answerTimeout, lostByServer, watchOf(ctx), db.sendAll})
	// As many idle as open: the default of two would connect anew for most requests under load.
	pool.SetMaxOpenConns(8)
	pool.SetMaxIdleConns(8)
	pool.SetConnMaxLifetime(30 * time.Minute)
	db.Reader, db.Writer = pool, pool

	ping, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	if err := pool.PingContext(ping); err != nil {
		_ = pool.Close()
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, unconnected(ctx, at, err)
	}
	return db, nil
}

// Close closes all connections.
func (db *DB) Close() error {
	if db.Dialect != dialect.SQLite {
		closed := make(chan error, 1)
		go func() { closed <- db.Writer.Close() }()
		select {
		case err := <-closed:
			return err
		case <-time.After(closeTimeout):
			return nil // a server that doesn't hear a farewell finds the connections closed when the program has ended
		}
	}
	if db.Reader == db.Writer {
		return db.Writer.Close()
	}
	// The writer is the last, so that SQLite can fold its log into the file.
	return errors.Join(db.Reader.Close(), db.Writer.Close())
}

// errLocked says that a migration has waited in vain for another one.
var errLocked = errors.New("another instance is still changing the schema")

// Exclusively runs fn on a connection without time limits while no other instance of the program runs its own. What fn
// does is one transaction, except on MySQL, which can't undo changes of a schema.
func (db *DB) Exclusively(ctx context.Context, fn func(entsql.ExecQuerier) error) error {
	pool := db.Writer
	if db.path != "" {
		pool = sqlitePool(ctx, db.path, 1, 0, nil) // that of the writer is shared
		defer func() { _ = pool.Close() }()
	}
	conn, err := pool.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	limit, err := setLimit(conn, 0)
	if err != nil {
		return err
	}
	defer func() { _, _ = setLimit(conn, limit) }() // in vain if it has been discarded
	return db.exclusively(ctx, conn, fn)
}

// setLimit sets the time limit of a connection, and returns the one before.
func setLimit(c *sql.Conn, limit time.Duration) (before time.Duration, err error) {
	err = c.Raw(func(dc any) error {
		c := dc.(*conn)
		before, c.limit = c.limit, limit
		return nil
	})
	return before, err
}

// transact runs fn in a transaction of tx.
func transact(tx *sql.Tx, fn func(entsql.ExecQuerier) error) error {
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// discard closes the connection for good instead of giving it back to the pool.
func discard(conn *sql.Conn) { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }
