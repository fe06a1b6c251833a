package backend_test

import (
	"database/sql"
	"errors"
	"testing"

	"github.com/mattn/go-sqlite3"
)

func TestSQLitePlansAQueryOnceWhateverItIsGiven(t *testing.T) {
	planned := 0
	sql.Register("sqlite3 whose plans are counted", &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		conn.RegisterAuthorizer(func(int, string, string, string) int {
			planned++
			return sqlite3.SQLITE_OK
		})
		return nil
	}})
	db, err := sql.Open("sqlite3 whose plans are counted", ":memory:")
	must(t, err)
	defer func() { must(t, db.Close()) }()
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(t.Context(), "CREATE TABLE things (owner text, place integer)")
	must(t, err)
	query, err := db.PrepareContext(t.Context(), "SELECT DISTINCT place FROM things WHERE owner = ? ORDER BY place LIMIT ?")
	must(t, err)
	defer func() { must(t, query.Close()) }()
	before := planned
	for limit, owner := range []string{"a", "b", "c"} {
		if err := query.QueryRowContext(t.Context(), owner, limit).Scan(new(int)); !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("got error %v, want none to be found", err)
		}
	}
	if before == 0 || planned != before {
		t.Errorf("to ask three times took %d steps of planning besides the first %d", planned-before, before)
	}
}
