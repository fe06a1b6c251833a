package backend_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"

	"octavo/domain"
	"octavo/ent/enttest"
	"octavo/ent/internal/backend"
)

func TestEachSQLiteConnectionHasItsSettings(t *testing.T) {
	// With characters that mean something in an URL.
	path := filepath.Join(t.TempDir(), "a dir", "what?#%41.db")
	db := open(t, "sqlite:"+path)
	must(t, db.UseWAL(t.Context()))
	if _, err := os.Stat(path); err != nil {
		t.Errorf("the file isn't where it was asked for: %v", err)
	}

	want := map[string]string{
		"journal_mode": "wal",
		"synchronous":  "2", // FULL
		"foreign_keys": "1",
		"busy_timeout": "5000",
		"mmap_size":    "268435456",
	}
	for _, pool := range []struct {
		name      string
		db        *sql.DB
		size      int // 1 for those of the writer, which share one
		queryOnly string
	}{{"reader", db.Reader, 4, "1"}, {"writer", db.Writer, 1, "0"}} {
		if n := pool.db.Stats().MaxOpenConnections; pool.size > 1 && n != pool.size {
			t.Errorf("%s: at most %d connections, want %d", pool.name, n, pool.size)
		}
		want["query_only"] = pool.queryOnly
		for i := range pool.size {
			conn, err := pool.db.Conn(t.Context())
			must(t, err)
			defer func() { must(t, conn.Close()) }()                   // so that each time round has another connection
			queryString(t, conn, "SELECT count(*) FROM sqlite_schema") // it sees the mode of the file when it reads
			for name, value := range want {
				if got := queryString(t, conn, "PRAGMA "+name); got != value {
					t.Errorf("%s connection %d: %s is %s, want %s", pool.name, i, name, got, value)
				}
			}
		}
	}
}

func TestNewSQLiteFileIsForItsOwnerOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "octavo.db")
	open(t, "sqlite:"+path)
	for file, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700 | os.ModeDir} {
		info, err := os.Stat(file)
		must(t, err)
		if info.Mode() != want {
			t.Errorf("%s has mode %v, want %v", file, info.Mode(), want)
		}
	}
}

func TestSQLiteTransactionTakesTheWriteLockAtOnce(t *testing.T) {
	url := enttest.SQLite(t)
	db, other := open(t, url), open(t, url)
	must(t, db.UseWAL(t.Context()))
	tx, err := db.Writer.BeginTx(t.Context(), nil)
	must(t, err)
	defer func() { must(t, tx.Rollback()) }()

	conn, err := other.Writer.Conn(t.Context())
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	_, err = conn.ExecContext(t.Context(), "PRAGMA busy_timeout = 0")
	must(t, err)
	_, err = conn.BeginTx(t.Context(), nil)
	if kind, again := backend.Diagnose(err); kind != domain.Unavailable || !again {
		t.Errorf("a second transaction got error %v, want one that says busy", err)
	}
}

func TestFileThatCannotBeUsedIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, []byte(strings.Repeat("This is no database. ", 100)), 0o600))
	for name, path := range map[string]string{"not a database": file, "not in a directory": filepath.Join(file, "x.db")} {
		_, err := backend.Open(t.Context(), "sqlite:"+path)
		if err == nil || !strings.Contains(err.Error(), file) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: got error %v, want one line that names %s", name, err, file)
		}
	}
}

func TestPostgresHasItsSettings(t *testing.T) {
	db := open(t, enttest.Postgres(t))
	wantEightConnections(t, db)
	conn, err := db.Writer.Conn(t.Context())
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	if got := queryString(t, conn, "SHOW statement_timeout"); got != "10s" {
		t.Errorf("statement_timeout is %s, want 10s", got)
	}
}

func TestMySQLHasItsSettings(t *testing.T) {
	db := open(t, enttest.MySQL(t))
	wantEightConnections(t, db)
	conn, err := db.Writer.Conn(t.Context())
	must(t, err)
	defer func() { must(t, conn.Close()) }()
	settings := map[string]string{
		"SELECT @@collation_connection":         "utf8mb4_bin",
		"SELECT @@character_set_results":        "utf8mb4",
		"SELECT @@sql_mode LIKE '%STRICT_ALL%'": "1",
	}
	if strings.Contains(queryString(t, conn, "SELECT VERSION()"), "MariaDB") {
		settings["SELECT @@max_statement_time"] = "10.0000"
		settings["SELECT @@optimizer_switch LIKE '%exists_to_in=off%'"] = "1"
	} else {
		settings["SELECT @@max_execution_time / 1000"] = "10.0000"
	}
	for query, want := range settings {
		if got := queryString(t, conn, query); !strings.HasPrefix(want, strings.TrimRight(got, "0")) {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func wantEightConnections(t *testing.T, db *backend.DB) {
	t.Helper()
	var conns []*sql.Conn
	for range 8 {
		conn, err := db.Reader.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
	}
	for _, conn := range conns {
		must(t, conn.Close())
	}
	if s := db.Reader.Stats(); s.MaxOpenConnections != 8 || s.Idle != 8 {
		t.Errorf("%d connections at most and %d kept, want 8 and 8", s.MaxOpenConnections, s.Idle)
	}
}

func TestFullSQLiteIsStorageFull(t *testing.T) {
	db := open(t, enttest.SQLite(t))
	for _, statement := range []string{"CREATE TABLE t (x blob)", "PRAGMA max_page_count = 4"} {
		_, err := db.Writer.ExecContext(t.Context(), statement)
		must(t, err)
	}
	_, err := db.Writer.ExecContext(t.Context(), "INSERT INTO t VALUES (zeroblob(100000))")
	if kind, again := backend.Diagnose(err); kind != domain.StorageFull || again {
		t.Errorf("got error %v of kind %q, want %q", err, kind, domain.StorageFull)
	}
}

func TestErrorsOfDriversAreToldByTheirCodes(t *testing.T) {
	pg := func(code string) error { return &pgconn.PgError{Code: code} }
	my := func(code uint16) error { return &mysql.MySQLError{Number: code} }
	for _, test := range []struct {
		err   error
		kind  domain.Kind
		again bool
	}{
		{sqlite3.Error{Code: sqlite3.ErrBusy}, domain.Unavailable, true},
		{sqlite3.Error{Code: sqlite3.ErrLocked}, domain.Unavailable, true},
		{sqlite3.Error{Code: sqlite3.ErrFull}, domain.StorageFull, false},
		{sqlite3.Error{Code: sqlite3.ErrCorrupt}, domain.Damaged, false},
		{sqlite3.Error{Code: sqlite3.ErrCorrupt, ExtendedCode: sqlite3.ErrCorruptVTab}, domain.Damaged, false},
		{sqlite3.Error{Code: sqlite3.ErrNotADB}, domain.Damaged, false},
		{pg("XX001"), domain.Damaged, false},
		{pg("XX002"), domain.Damaged, false},
		{my(126), domain.Damaged, false},
		{my(1034), domain.Damaged, false},
		{my(1194), domain.Damaged, false},
		{my(1712), domain.Damaged, false},
		{my(1877), domain.Damaged, false},
		{my(1932), domain.Damaged, false},
		{&mysql.MySQLError{Number: 1030, Message: `Got error 180 "Index corrupted" from storage engine InnoDB`}, domain.Damaged, false},
		{&mysql.MySQLError{Number: 1030, Message: `Got error 28 "No space left on device" from storage engine InnoDB`}, domain.StorageFull, false},
		{sqlite3.Error{Code: sqlite3.ErrInterrupt}, domain.Unavailable, false},
		{sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrWrite, SystemErrno: syscall.EDQUOT}, domain.StorageFull, false},
		{sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrSHMSize, SystemErrno: syscall.ENOSPC}, domain.StorageFull, false},
		{sqlite3.Error{Code: sqlite3.ErrCantOpen, SystemErrno: syscall.ENOSPC}, domain.StorageFull, false},
		{sqlite3.Error{Code: sqlite3.ErrIoErr, ExtendedCode: sqlite3.ErrIoErrRead, SystemErrno: syscall.EIO}, "", false},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintUnique}, domain.Conflict, false},
		{sqlite3.Error{Code: sqlite3.ErrConstraint, ExtendedCode: sqlite3.ErrConstraintNotNull}, "", false},
		{pg("23505"), domain.Conflict, false},
		{pg("23503"), domain.NotFound, false},
		{pg("40001"), domain.Unavailable, true},
		{pg("40P01"), domain.Unavailable, true},
		{pg("57014"), domain.Unavailable, false},
		{pg("53100"), domain.StorageFull, false},
		{pg("25006"), domain.Unavailable, false},
		{pg("53300"), domain.Unavailable, true},
		{pg("57P01"), domain.Unavailable, true},
		{pg("57P03"), domain.Unavailable, true},
		{pg("08006"), domain.Unavailable, true},
		{my(1062), domain.Conflict, false},
		{my(1205), domain.Unavailable, true},
		{my(1213), domain.Unavailable, true},
		{my(1114), domain.StorageFull, false},
		{my(1969), domain.Unavailable, false},
		{my(1040), domain.Unavailable, true},
		{my(1053), domain.Unavailable, true},
		{my(1927), domain.Unavailable, true},
		{my(2006), domain.Unavailable, true},
		{my(2013), domain.Unavailable, true},
		{my(1146), "", false},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, domain.Unavailable, true},
		{mysql.ErrInvalidConn, domain.Unavailable, true},
		{pgconn.ErrConnClosed, domain.Unavailable, true},
		{driver.ErrBadConn, domain.Unavailable, true},
		{io.EOF, domain.Unavailable, true},
		{io.ErrUnexpectedEOF, domain.Unavailable, true},
		{context.DeadlineExceeded, domain.Unavailable, false},
		{errors.New("database is locked"), "", false},
		{nil, "", false},
	} {
		wrapped := test.err
		if wrapped != nil {
			wrapped = fmt.Errorf("wrapped: %w", wrapped)
		}
		if kind, again := backend.Diagnose(wrapped); kind != test.kind || again != test.again {
			t.Errorf("%#v: got %q, %v; want %q, %v", test.err, kind, again, test.kind, test.again)
		}
	}
}

func open(t *testing.T, url string) *backend.DB {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

func queryString(t *testing.T, conn *sql.Conn, query string) (s string) {
	t.Helper()
	must(t, conn.QueryRowContext(context.Background(), query).Scan(&s))
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
