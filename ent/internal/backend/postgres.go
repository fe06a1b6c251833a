package backend

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"strconv"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"octavo/domain"
)

// advisoryLock is the key of the lock that a migration holds: "octavo" in ASCII.
const advisoryLock = 0x6f637461766f

func openPostgres(ctx context.Context, databaseURL string) (*DB, error) {
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, domain.NewError(domain.Invalid, fmt.Sprintf("the database's URL can't be used: %v", err))
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectTimeout
	}
	for name, value := range map[string]string{
		"application_name":  "octavo",
		"statement_timeout": strconv.FormatInt(statementTimeout.Milliseconds(), 10),
		// Nearly all statements read or write along an index, whatever they are given: to plan them anew for each tag takes
		// longer than to run them.
		"plan_cache_mode": "force_generic_plan",
		// What pgx wants to see where values are sent within the text of a search.
		"standard_conforming_strings": "on",
		"client_encoding":             "UTF8",
	} {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	address := net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port)))
	db := &DB{Dialect: dialect.Postgres, exclusively: exclusivelyPostgres}
	return openServer(ctx, db, stdlib.GetConnector(*config), "PostgreSQL at "+address)
}

func exclusivelyPostgres(ctx context.Context, conn *sql.Conn, fn func(entsql.ExecQuerier) error) error {
	defer discard(conn) // which ends the lock and the settings
	if _, err := conn.ExecContext(ctx, "SET statement_timeout = 0"); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	if _, err := conn.ExecContext(wait, "SELECT pg_advisory_lock($1)", advisoryLock); err != nil {
		if wait.Err() != nil && ctx.Err() == nil {
			return errLocked
		}
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	return transact(tx, fn)
}
