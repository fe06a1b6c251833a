package backend

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"

	"octavo/domain"
)

// advisoryLock is the key of the lock that a migration holds: "octavo" in ASCII.
const advisoryLock = 0x6f637461766f

func openPostgres(ctx context.Context, databaseURL string) (*DB, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		if cause := errors.Unwrap(err); cause != nil {
			err = cause // without the URL, which would be printed in pieces
		}
		return nil, newUnusable(domain.Invalid, "the database's URL can't be used: %v", err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	set, err := prepareSessions(config)
	if err != nil {
		return nil, err
	}
	setUp := func(ctx context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return set(ctx, conn)
	}
	network, address := pgconn.NetworkAddress(config.Host, config.Port)
	db := &DB{Dialect: dialect.Postgres, exclusively: exclusivelyPostgres, sendAll: sendAllPostgres}
	return openServer(ctx, db, stdlib.GetConnector(*config, stdlib.OptionAfterConnect(setUp)),
		server{postgresServer, network, address, config.User, config.Database})
}

// prepareSessions completes config, and returns what makes the other settings of a session once that is connected:
// PgBouncer refuses to connect with settings that it doesn't know.
//
// prepared=false in the URL is for PgBouncer where it gives a server to one transaction after the other. Statements are
// then not prepared, and sessions have no settings, which others would find. That a statement may take only so long is
// up to its context and the role.
func prepareSessions(config *pgx.ConnConfig) (setUp func(context.Context, *pgx.Conn) error, err error) {
	given := config.RuntimeParams
	for name, value := range map[string]string{
		"application_name": "octavo",
		// What pgx wants to see where values are sent within the text of a search.
		"standard_conforming_strings": "on",
		"client_encoding":             "UTF8",
		// What pgx can read where values are sent as texts.
		"datestyle": "ISO",
	} {
		if _, set := given[name]; !set {
			given[name] = value
		}
	}
	prepared := true
	if text, set := given["prepared"]; set {
		if prepared, err = strconv.ParseBool(text); err != nil {
			return nil, newUnusable(domain.Invalid, "prepared is %q in the database's URL; use true or false", text)
		}
		delete(given, "prepared")
	}
	if !prepared {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		return func(context.Context, *pgx.Conn) error { return nil }, nil
	}
	var settings []string
	for _, setting := range []struct{ name, value string }{
		{"statement_timeout", strconv.FormatInt(statementTimeout.Milliseconds(), 10)},
		// Nearly all statements read or write along an index, whatever they are given: to plan them anew for each tag takes
		// longer than to run them.
		{"plan_cache_mode", "force_generic_plan"},
	} {
		if _, set := given[setting.name]; !set {
			settings = append(settings, "SET "+setting.name+" = "+setting.value)
		}
	}
	return func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, strings.Join(settings, "; "))
		return err
	}, nil
}

// exclusivelyPostgres holds its lock and has its settings for as long as its transaction lasts: behind PgBouncer another
// transaction may run on another server.
func exclusivelyPostgres(ctx context.Context, conn *sql.Conn, fn func(entsql.ExecQuerier) error) error {
	tx, err := conn.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted}) // it sees what others did meanwhile
	if err != nil {
		return err
	}
	return transact(tx, func(db entsql.ExecQuerier) error {
		for _, statement := range []string{
			"SET LOCAL statement_timeout = 0",
			fmt.Sprintf("SET LOCAL lock_timeout = %d", lockTimeout.Milliseconds()),
			fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", advisoryLock),
			"SET LOCAL lock_timeout = 0",
		} {
			var refused *pgconn.PgError
			if _, err := db.ExecContext(ctx, statement); errors.As(err, &refused) && refused.Code == "55P03" {
				return errLocked // lock_not_available
			} else if err != nil {
				return err
			}
		}
		return fn(db)
	})
}
