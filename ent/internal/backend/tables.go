package backend

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"entgo.io/ent/dialect"

	"octavo/domain"
)

// versionTable is the table by which a database is known to be Octavo's: the first one that is made.
const versionTable = "octavo_schema"

// tableNames are queries for the names of all tables and views where new ones would be made, but for those that the
// database has by itself.
var tableNames = map[string]string{
	dialect.SQLite: `SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite|_%' ESCAPE '|'
		ORDER BY name`,
	dialect.Postgres: `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
			AND NOT EXISTS (SELECT FROM pg_depend d
				WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
		ORDER BY c.relname`,
	dialect.MySQL: "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY table_name",
}

// RefuseForeign returns nil for a database that has no tables, or Octavo's. Any other one is Invalid.
func (db *DB) RefuseForeign(ctx context.Context) error {
	names, err := texts(ctx, db.Reader, tableNames[db.Dialect])
	if err != nil {
		return err
	}
	return foreign("the database", names)
}

// foreign returns nil if these are no tables at all, or Octavo's.
func foreign(what string, tables []string) error {
	if len(tables) == 0 || slices.Contains(tables, versionTable) {
		return nil
	}
	const shown = 3
	examples := strings.Join(tables[:min(shown, len(tables))], ", ")
	if more := len(tables) - shown; more > 0 {
		examples += fmt.Sprintf(" and %d more", more)
	}
	return newUnusable(domain.Invalid,
		"%s holds tables of another program (%s), and nothing was changed in it; Octavo needs one of its own", what, examples)
}

// texts returns what a query for one column of text finds.
func texts(ctx context.Context, db *sql.DB, query string) (all []string, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, rows.Err()
}
