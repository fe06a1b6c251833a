package enttest

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ariga.io/atlas/sql/migrate"
	"ariga.io/atlas/sql/mysql"
	"ariga.io/atlas/sql/postgres"
	"ariga.io/atlas/sql/schema"
	"ariga.io/atlas/sql/sqlite"
	"entgo.io/ent/dialect"

	"octavo/domain"
	"octavo/ent/internal/backend"
	tables "octavo/ent/schema"
)

// TableRows are the rows of a table, by the names of their columns.
type TableRows []map[string]string

// Rows returns all rows of all tables but those of searches, and of what is told about the schema. Times are given in
// microseconds, as they were stored once.
func Rows(t testing.TB, url string) map[string]TableRows {
	t.Helper()
	all := map[string]TableRows{}
	_, found := Inspect(t, url)
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	for _, table := range found.Tables {
		if tables.IsFullText(table.Name) || table.Name == "octavo_schema" {
			continue
		}
		all[table.Name] = rowsOf(t, db, table.Name)
	}
	return all
}

func rowsOf(t testing.TB, db *backend.DB, table string) (all TableRows) {
	t.Helper()
	rows, err := db.Reader.QueryContext(t.Context(), "SELECT * FROM "+table)
	must(t, err)
	defer func() { must(t, rows.Close()) }()
	columns, err := rows.Columns()
	must(t, err)
	for rows.Next() {
		values, places := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			places[i] = &values[i]
		}
		must(t, rows.Scan(places...))
		row := map[string]string{}
		for i, column := range columns {
			row[column] = plain(values[i])
		}
		all = append(all, row)
	}
	must(t, rows.Err())
	return all
}

// plain returns a value as text, the same for each type that it may have.
func plain(value any) string {
	switch value := value.(type) {
	case []byte:
		return string(value)
	case time.Time:
		return fmt.Sprint(value.UnixMicro())
	case bool:
		return map[bool]string{false: "0", true: "1"}[value]
	}
	return fmt.Sprint(value)
}

// WantRows checks that two databases have the same rows, as far as the same columns go. A number that is the id of a row
// is nobody's concern.
func WantRows(t testing.TB, when string, got, want map[string]TableRows) {
	t.Helper()
	for table, rows := range want {
		if len(rows) == 0 {
			continue
		}
		if len(got[table]) != len(rows) {
			t.Errorf("%s: %d rows in %s, want %d", when, len(got[table]), table, len(rows))
			continue
		}
		lines := func(rows TableRows) (lines []string) {
			for _, row := range rows {
				var line strings.Builder
				for _, column := range slices.Sorted(maps.Keys(want[table][0])) {
					if _, both := got[table][0][column]; both && (column != "id" || len(row[column]) == 36) {
						fmt.Fprintf(&line, "%s=%s ", column, row[column])
					}
				}
				lines = append(lines, line.String())
			}
			slices.Sort(lines)
			return lines
		}
		are := lines(got[table])
		for i, line := range lines(rows) {
			if are[i] != line {
				t.Errorf("%s: in %s there is\n%s\nwant\n%s", when, table, are[i], line)
				break
			}
		}
	}
}

// Fill adds n rows to each table, of any version of the schema.
func Fill(t testing.TB, url string, n int) {
	t.Helper()
	_, found := Inspect(t, url)
	filled := map[string]TableRows{}
	var add func(table *schema.Table)
	add = func(table *schema.Table) {
		if _, done := filled[table.Name]; done || tables.IsFullText(table.Name) || table.Name == "octavo_schema" {
			return
		}
		filled[table.Name] = nil
		for _, key := range table.ForeignKeys {
			add(key.RefTable)
		}
		for i := range n {
			row := map[string]string{}
			for _, column := range table.Columns {
				if value := sample(column, i); value != "" {
					row[column.Name] = value
				}
			}
			for _, key := range table.ForeignKeys {
				row[key.Columns[0].Name] = filled[key.RefTable.Name][i][key.RefColumns[0].Name]
			}
			filled[table.Name] = append(filled[table.Name], row)
		}
	}
	for _, table := range found.Tables {
		add(table)
	}
	insert(t, url, filled, found)
}

// CopyRows adds rows of another database.
func CopyRows(t testing.TB, url string, rows map[string]TableRows) {
	t.Helper()
	_, found := Inspect(t, url)
	insert(t, url, rows, found)
}

// insert adds rows, those first that others refer to.
func insert(t testing.TB, url string, rows map[string]TableRows, into *schema.Schema) {
	t.Helper()
	var script strings.Builder
	done := map[string]bool{}
	var add func(table *schema.Table)
	add = func(table *schema.Table) {
		if done[table.Name] {
			return
		}
		done[table.Name] = true
		for _, key := range table.ForeignKeys {
			add(key.RefTable)
		}
		for _, row := range rows[table.Name] {
			columns := slices.Sorted(maps.Keys(row))
			values := make([]string, len(columns))
			for i, name := range columns {
				column, _ := table.Column(name)
				values[i] = literal(url, column, row[name])
			}
			fmt.Fprintf(&script, "INSERT INTO %s (%s) VALUES (%s);\n", table.Name, strings.Join(columns, ", "), strings.Join(values, ", "))
		}
	}
	for _, table := range into.Tables {
		add(table)
		if id, ok := table.Column("id"); ok && strings.HasPrefix(url, "postgres") && len(rows[table.Name]) > 0 {
			if _, number := id.Type.Type.(*schema.IntegerType); number { // so that the next row gets a number of its own
				fmt.Fprintf(&script, "SELECT setval(pg_get_serial_sequence('%s', 'id'), (SELECT max(id) FROM %[1]s));\n", table.Name)
			}
		}
	}
	Run(t, url, script.String())
}

var samples atomic.Int64 // of all tests, which run side by side

// sample returns a value for a column, and "" for one that the database gives it.
func sample(column *schema.Column, i int) string {
	number := samples.Add(1)
	switch kind := column.Type.Type.(type) {
	case *schema.IntegerType:
		if column.Name == "id" {
			return ""
		}
		return fmt.Sprint(1_700_000_000_123_456 + number)
	case *schema.BoolType:
		return fmt.Sprint(i % 2)
	case *schema.TimeType:
		if column.Type.Null && i%2 == 1 {
			return "<nil>"
		}
		return fmt.Sprint(1_700_000_000_123_456 + number)
	case *schema.UUIDType:
		return string(domain.NewID())
	case *schema.StringType:
		if column.Type.Null && i%2 == 1 {
			return "<nil>"
		}
		if column.Name == "id" || strings.HasSuffix(column.Name, "_id") || column.Name == "draft_key" || kind.T == "char" {
			return string(domain.NewID())
		}
		if column.Name == "rest" || column.Name == "notes" {
			return "[]"
		}
		return fmt.Sprintf("ä'%d", number)
	}
	panic(fmt.Sprintf("column %s has a type that no sample is known for: %T", column.Name, column.Type.Type))
}

// Time writes a time in SQL.
func Time(url string, t time.Time) string {
	layout := "'2006-01-02 15:04:05.000000'"
	if strings.HasPrefix(url, "postgres") {
		layout = "'2006-01-02 15:04:05.000000Z'"
	}
	return t.UTC().Format(layout)
}

// literal writes a value of Rows in SQL.
func literal(url string, column *schema.Column, value string) string {
	if value == "<nil>" {
		return "NULL"
	}
	switch column.Type.Type.(type) {
	case *schema.IntegerType:
		return value
	case *schema.BoolType:
		return map[string]string{"0": "FALSE", "1": "TRUE"}[value]
	case *schema.TimeType:
		micros, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			panic(err)
		}
		return Time(url, time.UnixMicro(micros))
	}
	return "'" + strings.ReplaceAll(value, "'", "''") + "'"
}

// Run runs statements as a database's own client would.
func Run(t testing.TB, url, script string) {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	pool := db.Writer
	if path, lite := strings.CutPrefix(url, "sqlite:"); lite { // whose writer is told of transactions by database/sql alone
		pool, err = sql.Open("sqlite3", path)
		must(t, err)
		defer func() { must(t, pool.Close()) }()
	}
	conn, err := pool.Conn(t.Context())
	must(t, err)
	defer func() { _ = conn.Close() }()
	statements, err := migrate.Stmts(script)
	must(t, err)
	for _, statement := range statements {
		if _, err := conn.ExecContext(t.Context(), statement.Text); err != nil {
			t.Fatalf("%v, of %s", err, statement.Text)
		}
	}
}

// Inspect returns the whole schema of a database, and a driver to compare it with.
func Inspect(t testing.TB, url string) (migrate.Driver, *schema.Schema) {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	open := map[string]func(schema.ExecQuerier) (migrate.Driver, error){
		dialect.SQLite: sqlite.Open, dialect.Postgres: postgres.Open, dialect.MySQL: mysql.Open,
	}[db.Dialect]
	driver, err := open(db.Writer)
	must(t, err)
	found, err := driver.InspectSchema(t.Context(), "", nil)
	must(t, err)
	return driver, found
}

// Query returns the only column of a query's rows, asked behind the back of any store.
func Query(t testing.TB, url, query string) (texts []string) {
	t.Helper()
	db, err := backend.Open(t.Context(), url)
	must(t, err)
	defer func() { must(t, db.Close()) }()
	rows, err := db.Reader.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var text string
		must(t, rows.Scan(&text))
		texts = append(texts, text)
	}
	must(t, rows.Err())
	return texts
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
