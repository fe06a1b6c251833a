package backend

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/go-sql-driver/mysql"

	"octavo/domain"
)

// limitStatements is the end of a SET statement. MariaDB and MySQL know the time limit by different names, and each
// reads only the comment that is meant for it. What NOT EXISTS asks for is looked up row by row: when MariaDB's samples
// of a table fall badly, it would rather read all of the table once.
const limitStatements = " /*M!100108 , max_statement_time = %d, optimizer_switch = 'exists_to_in=off' */" +
	" /*!80000 , max_execution_time = %d */, innodb_lock_wait_timeout = 10" +
	", group_concat_max_len = 65536" // for the versions of a list's notes and of a space's saved searches, which are about a hundred at most

func openMySQL(ctx context.Context, u *url.URL) (*DB, error) {
	config, err := mysqlConfig(u)
	if err != nil {
		return nil, err
	}
	connector, err := mysql.NewConnector(config)
	if err != nil {
		return nil, newUnusable(domain.Invalid, "the database's URL can't be used: %v", err)
	}
	db := &DB{
		Dialect: dialect.MySQL,
		// As in PostgreSQL. The default locks more rows than it changes.
		Tx:          sql.TxOptions{Isolation: sql.LevelReadCommitted},
		exclusively: exclusivelyMySQL,
	}
	return openServer(ctx, db, mysqlConnector{connector},
		server{mysqlServer, config.Net, config.Addr, config.User, config.DBName})
}

func mysqlConfig(u *url.URL) (*mysql.Config, error) {
	config := mysql.NewConfig()
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.Net, config.Addr = "tcp", u.Host
	if u.Port() == "" {
		config.Addr = net.JoinHostPort(u.Hostname(), "3306")
	}
	config.DBName = strings.TrimPrefix(u.Path, "/")
	config.Timeout = connectTimeout
	config.TLSConfig = "preferred"  // like PostgreSQL's prefer: encrypted where the server can
	config.ClientFoundRows = true   // an update that changes nothing has still found its row
	config.InterpolateParams = true // one round trip instead of three; the driver quotes for utf8mb4
	config.Collation = "utf8mb4_bin"
	config.ParseTime = true            // in UTC, whatever the session's time zone is
	config.Logger = &mysql.NopLogger{} // what it would say is in the errors as well

	seconds := int(statementTimeout.Seconds())
	config.Params = map[string]string{
		"sql_mode": "'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'" +
			fmt.Sprintf(limitStatements, seconds, seconds*1000),
	}

	for key, values := range u.Query() {
		if key == "socket" {
			config.Net, config.Addr = "unix", values[len(values)-1]
			continue
		}
		if key != "sslmode" {
			return nil, newUnusable(domain.Invalid, "the database's URL has an unknown setting %q", key)
		}
		mode := values[len(values)-1]
		tls, ok := map[string]string{
			"disable": "false", "prefer": "preferred", "require": "skip-verify", "verify-full": "true",
		}[mode]
		if !ok {
			return nil, newUnusable(domain.Invalid,
				"sslmode is %q; for MySQL use disable, prefer, require or verify-full", mode)
		}
		config.TLSConfig = tls
	}
	return config, nil
}

// mysqlConnector opens connections whose commits end with the context of their transaction. Those of the driver wait
// for as long as it takes.
type mysqlConnector struct{ driver.Connector }

func (c mysqlConnector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return mysqlConn{opened.(driverConn)}, nil
}

type mysqlConn struct{ driverConn }

func (c mysqlConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if _, err := c.driverConn.BeginTx(ctx, opts); err != nil {
		return nil, err
	}
	return mysqlTx{ctx, c.driverConn}, nil
}

// IsValid implements driver.Validator.
func (c mysqlConn) IsValid() bool { return c.driverConn.(driver.Validator).IsValid() }

// CheckNamedValue implements driver.NamedValueChecker. The driver would send the zero time as a date that doesn't exist.
func (c mysqlConn) CheckNamedValue(v *driver.NamedValue) error {
	if t, ok := v.Value.(time.Time); ok && t.IsZero() {
		v.Value = t.Format(time.DateTime)
	}
	return c.driverConn.(driver.NamedValueChecker).CheckNamedValue(v)
}

type mysqlTx struct {
	ctx  context.Context //nolint:containedctx // as in pgx: a Commit has none of its own
	conn driver.ExecerContext
}

func (t mysqlTx) Commit() error {
	if t.ctx.Err() != nil {
		return driver.ErrBadConn // nothing has been sent: with the connection ends the transaction
	}
	_, err := t.conn.ExecContext(t.ctx, "COMMIT", nil)
	return err
}

func (t mysqlTx) Rollback() error {
	if _, err := t.conn.ExecContext(t.ctx, "ROLLBACK", nil); err != nil {
		return driver.ErrBadConn
	}
	return nil
}

func exclusivelyMySQL(ctx context.Context, conn *sql.Conn, fn func(entsql.ExecQuerier) error) error {
	defer discard(conn) // which ends the lock and the settings
	if _, err := conn.ExecContext(ctx, "SET sql_mode = @@sql_mode"+fmt.Sprintf(limitStatements, 0, 0)); err != nil {
		return err
	}
	// The name of a lock is known to the whole server, and may have 64 characters.
	const lock = "SELECT COALESCE(GET_LOCK(SHA1(CONCAT('octavo ', DATABASE())), ?), 0)"
	var locked bool
	if err := conn.QueryRowContext(ctx, lock, int(lockTimeout.Seconds())).Scan(&locked); err != nil {
		return err
	}
	if !locked {
		return errLocked
	}
	return fn(conn)
}
