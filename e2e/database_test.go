package e2e

import (
	"database/sql"
	"net/url"
	"strings"
	"testing"
)

// openDatabase opens a database beside the program, through the driver that the program has registered for it.
func openDatabase(t *testing.T, databaseURL string) *sql.DB {
	t.Helper()
	driver, source := "pgx", databaseURL
	if path, ok := strings.CutPrefix(databaseURL, "sqlite:"); ok {
		driver, source = "sqlite3", path
	} else if rest, ok := strings.CutPrefix(databaseURL, "mysql://"); ok {
		u, err := url.Parse(databaseURL)
		if err != nil {
			t.Fatal(err)
		}
		credentials, _, _ := strings.Cut(rest, "@")
		driver, source = "mysql", credentials+"@tcp("+u.Host+")"+u.Path
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func execute(t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// query returns the rows of a query's only column.
func query(t *testing.T, db *sql.DB, text string) (values []string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			t.Fatal(err)
		}
		values = append(values, value)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return values
}
