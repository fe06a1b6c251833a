package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// createPostgres makes a new database on a server, and returns its URL and how to drop it.
func createPostgres(ctx context.Context, server string) (database string, drop func() error, err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, errors.New("the URL of the PostgreSQL server can't be read")
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("octavo_bench_%016x", rand.Uint64())
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+name); err != nil {
		return "", nil, errors.Join(err, admin.Close())
	}
	u.Path = "/" + name
	return u.String(), func() error {
		_, err := admin.ExecContext(context.WithoutCancel(ctx), "DROP DATABASE "+name)
		return errors.Join(err, admin.Close())
	}, nil
}

// named returns the URL of a database for a program that the server is to know by a name.
func named(database, program string) (string, error) {
	u, err := url.Parse(database)
	if err != nil {
		return "", err
	}
	q := u.Query()
	q.Set("application_name", program)
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// backends are the processes of a PostgreSQL server on this machine that serve a program. None serve one without.
type backends struct {
	db      *sql.DB // to ask who they are
	program string  // as named says
}

// cpu returns the time that each of them has run so far, by its id.
func (b *backends) cpu(ctx context.Context) (map[int]time.Duration, error) {
	if b == nil {
		return nil, nil
	}
	rows, err := b.db.QueryContext(ctx,
		"SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1", b.program)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	times := map[int]time.Duration{}
	for rows.Next() {
		var pid int
		if err := rows.Scan(&pid); err != nil {
			return nil, err
		}
		if times[pid], err = cpuOf(pid); err != nil {
			return nil, err
		}
	}
	return times, rows.Err()
}

// since returns how long processes have run between two measurements.
func since(before, after map[int]time.Duration) time.Duration {
	var sum time.Duration
	for pid, t := range after {
		sum += t - before[pid]
	}
	return sum
}
