package ent

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"entgo.io/ent/dialect"

	"octavo/domain"
	"octavo/ent/gen"
	"octavo/ent/internal/backend"
)

// statements are the texts of the hot reads and writes in one dialect.
type statements struct {
	dialect         string
	search          searchIndex
	session, member string
	sessionTo       string
	token           string
	revision        string

	note, noteLocked string
	derived          string
	updateNote       string
	updateKept       string // updateNote without keptFields
	around           string
	aroundVersion    string
	pendingLocked    string
}

// beforeAll is an id that nothing has and that comes before all that things have.
const beforeAll = "00000000-0000-0000-0000-000000000000"

// after returns id, or for "" what comes before all ids.
func after(id domain.ID) string {
	if id == "" {
		return beforeAll
	}
	return string(id)
}

func newStatements(name string) *statements {
	forUpdate := " FOR UPDATE"
	if name == dialect.SQLite {
		forUpdate = "" // a transaction is the only writer from its beginning
	}
	return &statements{
		dialect:    name,
		search:     newSearchIndex(name),
		session:    selectSession(name),
		sessionTo:  selectSessionTo(name),
		member:     selectMember(name),
		token:      selectToken(name),
		revision:   insertRevision(name),
		note:       selectNote(name, false),
		noteLocked: selectNote(name, name != dialect.SQLite),
		updateNote: updateNote(name, changedFields),
		updateKept: updateNote(name, changedFields[:len(changedFields)-keptFields]),
		derived:    selectDerived(name),
		around:     selectAround(name),

		aroundVersion: selectAroundVersion(name),
		pendingLocked: withPlaceholders(name, lockPending+forUpdate),
	}
}

// scanRow runs a query for one row, and scans it into dest. It returns sql.ErrNoRows when there is none.
func scanRow(ctx context.Context, client *gen.Client, query string, args []any, dest ...any) error {
	rows, err := client.QueryContext(ctx, query, args...)
	if err != nil {
		return running(query, err)
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return running(query, err)
		}
		return sql.ErrNoRows
	}
	if err := rows.Scan(dest...); err != nil {
		return running(query, err)
	}
	return running(query, rows.Close())
}

// running names what came of a statement by its beginning.
func running(statement string, err error) error {
	if err == nil {
		return nil
	}
	words := strings.Fields(statement)
	return named(err, "run", strings.Join(words[:min(len(words), 10)], " "))
}

// scanAll runs a query and returns what scan makes of each row. An id that is none has no rows.
func scanAll[T any](ctx context.Context, r repos, query string, args []any, scan func(*sql.Rows) (T, error)) ([]T, error) {
	return scanUntil(ctx, r, query, args, scan, func(T) bool { return false })
}

// scanUntil does what scanAll does, and reads no row behind one that is enough.
func scanUntil[T any](ctx context.Context, r repos, query string, args []any, scan func(*sql.Rows) (T, error),
	enough func(T) bool,
) ([]T, error) {
	rows, err := r.read.QueryContext(ctx, query, args...)
	if err == nil {
		defer func() { _ = rows.Close() }()
	}
	var all []T
	for ended := false; err == nil && !ended && rows.Next(); {
		var one T
		if one, err = scan(rows); err == nil {
			all, ended = append(all, one), enough(one)
		}
	}
	if err == nil {
		err = rows.Err()
	}
	if err = r.failure(ctx, running(query, err)); err != nil && !errors.Is(err, domain.NotFound) {
		return nil, err
	}
	return all, nil
}

// exec runs a statement and returns how many rows it has found.
func (r repos) exec(ctx context.Context, statement string, args ...any) (int, error) {
	if err := r.mayWrite(); err != nil {
		return 0, err
	}
	result, err := r.write.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, r.failure(ctx, running(statement, err))
	}
	found, err := result.RowsAffected()
	return int(found), r.failure(ctx, err)
}

// later runs a statement of a transaction of which nothing needs to be known but that it hasn't failed. Its error may be that
// of a later one, of send or of the commit.
func (r repos) later(ctx context.Context, statement string, args ...any) error {
	if err := r.mayWrite(); err != nil {
		return err
	}
	_, err := r.write.ExecContext(backend.Later(ctx), statement, args...)
	return r.failure(ctx, running(statement, err))
}

// send has what was left for later done by now. What says of itself whether it could be stored ends with it.
func (r repos) send(ctx context.Context) error {
	if r.text.dialect != dialect.Postgres {
		return nil
	}
	_, err := r.write.ExecContext(ctx, backend.Send)
	return r.failure(ctx, err)
}

// rowsPiece is how many rows are inserted, or keys named, by one statement at most.
const rowsPiece = 200
