// Package scratch makes throw-away databases on a server, for tests and for the making of migrations.
package scratch

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"entgo.io/ent/dialect"

	"octavo/ent/internal/backend"
)

// Create makes an empty database beside the one at serverURL. It returns the URL of it and a function that drops it,
// whoever is connected.
func Create(ctx context.Context, serverURL string) (databaseURL string, drop func(context.Context) error, err error) {
	u, err := url.Parse(serverURL)
	if err != nil {
		return "", nil, err
	}
	name := "octavo_" + strings.ToLower(rand.Text())
	if err := execute(ctx, serverURL, "CREATE DATABASE "+name, ""); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func(ctx context.Context) error { return dropDatabase(ctx, serverURL, name) }, nil
}

// dropDatabase tries for some seconds: the server's own housekeeping may be at work in the database for a moment, and
// PostgreSQL lets nobody but its superuser interrupt that.
func dropDatabase(ctx context.Context, serverURL, name string) (err error) {
	for range 50 {
		if err = execute(ctx, serverURL, "DROP DATABASE "+name, " WITH (FORCE)"); err == nil {
			return nil
		}
		time.Sleep(200 * time.Millisecond)
	}
	return err
}

// execute runs a statement on the server, with an ending for PostgreSQL.
func execute(ctx context.Context, serverURL, statement, onPostgres string) error {
	db, err := backend.Open(ctx, serverURL)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	if db.Dialect == dialect.Postgres {
		statement += onPostgres
	}
	if _, err := db.Writer.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
