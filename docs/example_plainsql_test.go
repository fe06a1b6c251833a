package docs_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	_ "github.com/mattn/go-sqlite3" // the driver

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// execQuerier is what *sql.DB and *sql.Tx have in common.
type execQuerier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// plainRecords is a domain.Records upon SQLite, by hand.
type plainRecords struct {
	db    execQuerier
	space domain.ID
}

var _ domain.Records = plainRecords{}

// plainRepos has the records of each space.
type plainRepos struct{ db execQuerier }

func (p plainRepos) ReadRecords(a domain.ReadAccess) domain.RecordReader {
	return plainRecords{p.db, a.Space()}
}

func (p plainRepos) Records(a domain.WriteAccess) domain.Records {
	return plainRecords{p.db, a.Space()}
}

// plainSchema is the table as SQLite has it. PostgreSQL and MySQL need their own.
const plainSchema = `CREATE TABLE IF NOT EXISTS records (
	id text NOT NULL PRIMARY KEY,
	space_id text NOT NULL,
	title text NOT NULL,
	created_at integer NOT NULL,
	updated_at integer NOT NULL,
	content text NOT NULL
);
CREATE INDEX IF NOT EXISTS records_in_order ON records (space_id, id);`

func (p plainRecords) Add(ctx context.Context, r domain.Record) error {
	_, err := p.db.ExecContext(ctx,
		`INSERT INTO records (id, space_id, title, created_at, updated_at, content) VALUES (?, ?, ?, ?, ?, ?)`,
		r.ID, p.space, r.Title, r.Created.UnixMicro(), r.Updated.UnixMicro(), r.Content)
	return err
}

func (p plainRecords) Get(ctx context.Context, id domain.ID) (domain.Record, error) {
	r, err := scanRecord(p.db.QueryRowContext(ctx,
		`SELECT id, title, created_at, updated_at, content FROM records WHERE id = ? AND space_id = ?`, id, p.space))
	if errors.Is(err, sql.ErrNoRows) {
		return domain.Record{}, domain.ErrRecordNotFound
	}
	return r, err
}

func (p plainRecords) List(ctx context.Context, after domain.RecordCursor, limit int) ([]domain.Record, error) {
	rows, err := p.db.QueryContext(ctx,
		`SELECT id, title, created_at, updated_at, content FROM records
			WHERE space_id = ? AND id > ? ORDER BY id LIMIT ?`, p.space, after, limit)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []domain.Record
	for rows.Next() {
		r, err := scanRecord(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

func (p plainRecords) Update(ctx context.Context, r domain.Record) error {
	return foundOne(p.db.ExecContext(ctx,
		`UPDATE records SET title = ?, updated_at = ?, content = ? WHERE id = ? AND space_id = ?`,
		r.Title, r.Updated.UnixMicro(), r.Content, r.ID, p.space))
}

func (p plainRecords) Remove(ctx context.Context, id domain.ID) error {
	return foundOne(p.db.ExecContext(ctx, `DELETE FROM records WHERE id = ? AND space_id = ?`, id, p.space))
}

func scanRecord(row interface{ Scan(dest ...any) error }) (r domain.Record, err error) {
	var created, updated int64
	err = row.Scan(&r.ID, &r.Title, &created, &updated, &r.Content)
	r.Created, r.Updated = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return r, err
}

func foundOne(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return domain.ErrRecordNotFound
}

// inTransaction runs fn in one transaction. Unlike Store.Atomically it doesn't try again when two of them collide.
func inTransaction(ctx context.Context, db *sql.DB, fn func(*sql.Tx) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	if err := fn(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// servePlainSQL serves the records of example 3 from a database without Ent.
func servePlainSQL(ctx context.Context, dir string) (err error) {
	db, err := sql.Open("sqlite3", filepath.Join(dir, "plain.db")+"?_txlock=immediate&_busy_timeout=5000")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, plainSchema); err != nil {
		return err
	}

	space := domain.NewID()
	server := newServer(func(*http.Request) domain.Records {
		return plainRecords{db, space}
	}, domain.SystemClock{})
	for _, request := range []struct{ method, path, body string }{
		{http.MethodPost, "/records", `{"title": "Groceries", "content": "milk"}`},
		{http.MethodGet, "/records", ""},
		{http.MethodGet, "/records/unknown", ""},
	} {
		status, answer, err := send(ctx, server, request.method, request.path, request.body)
		if err != nil {
			return err
		}
		fmt.Println(request.method, request.path, status, answer)
	}

	me, err := addOwner(ctx, memory.New()) // who may do what is kept elsewhere
	if err != nil {
		return err
	}
	return inTransaction(ctx, db, func(tx *sql.Tx) error {
		return useRecords(ctx, app.NewRecords(plainRepos{tx}, domain.SystemClock{}), me)
	})
}

func Example_plainSQL() {
	dir, err := os.MkdirTemp("", "plain")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := servePlainSQL(context.Background(), dir); err != nil {
		fmt.Println(err)
	}
	// Output:
	// POST /records 201 {"id":"…","title":"Groceries"}
	// GET /records 200 [{"id":"…","title":"Groceries"}]
	// GET /records/unknown 404 {"detail":"Record not found"}
	// Green tea, 70 °C
	// record.not_found
}
