package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/jackc/pgx/v5"

	"octavo/ent/enttest"
)

// large are the tables that grow with the notes and records, of which nothing but what is looked for is to be read.
var large = []string{
	"notes", "note_tags", "note_links", "note_aliases", "note_search", "search_docs", "search_index", "revisions", "records",
}

// whole are the indexes by which all of a space may be read, and why.
var whole = map[string]string{
	"records_in_order": "a page of records is as long as its LIMIT",
	"records_pkey":     "so is a piece of all of them, which PostgreSQL reads by their ids while all are in one space",
	"note_search_cut":  "it has none but the few notes that are cut",
}

// isWhole reports whether a line of a plan reads by such an index.
func isWhole(line string) bool {
	for index := range whole {
		if strings.Contains(line, index) {
			return true
		}
	}
	return false
}

// isFound reports whether what is read by a name is what a part of the statement has found, which SQLite names, too.
func isFound(plan, read, name string) bool {
	return strings.HasPrefix(read, "SCAN ") &&
		(strings.Contains(plan, "CO-ROUTINE "+name+"\n") || strings.Contains(plan, "MATERIALIZE "+name+"\n"))
}

// A page costs the same however much there is: whatever a request has a database run is run along an index. Each statement
// of the requests whose work is counted is explained, on servers with 100,000 notes and what goes with them. SQLite knows
// nothing of how much there is, as nobody has it ANALYZE that, and plans alike for any number.
func TestRequestsReadAlongAnIndex(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		databaseURL := create(t)
		s := newSite(t, databaseURL)
		var asked []enttest.Statement
		by := map[string]string{}
		for _, c := range slices.Concat(reads, changes) {
			r := c.request(s)
			statements, _, _ := s.tally.during(func() { s.web.ServeHTTP(&answer{header: http.Header{}}, r) })
			for _, statement := range statements {
				if !strings.Contains(statement.Text, " ") || by[statement.Text] != "" { // BEGIN and the like
					continue
				}
				by[statement.Text] = s.routeOf(r) + " " + c.what
				asked = append(asked, statement)
			}
		}
		p := explain[filepath.Base(t.Name())](s, databaseURL)
		for _, statement := range asked {
			plan := p.plan(statement)
			for _, at := range p.scan.FindAllStringIndex(plan, -1) {
				found := p.scan.FindStringSubmatch(plan[at[0]:at[1]])
				line, _, _ := strings.Cut(plan[at[0]:], "\n")
				name := strings.Join(found[1:], "")
				if table := tableOf(statement.Text, name); slices.Contains(large, table) && !isWhole(line) && !isFound(plan, found[0], name) {
					t.Errorf("%s reads all of %s:\n%s\n%s", by[statement.Text], table, statement.Text, plan)
				}
			}
		}
	})
}

// tableOf returns the table that a statement calls by a name.
func tableOf(statement, name string) string {
	table := regexp.MustCompile("[`\"]?(\\w+)[`\"]?\\s+(?:(?i:AS)\\s+)?[`\"]?" + regexp.QuoteMeta(name) + "[`\"]?(?:\\s|,|\\)|$)")
	for _, found := range table.FindAllStringSubmatch(statement, -1) {
		if slices.Contains(large, found[1]) {
			return found[1]
		}
	}
	return name
}

// explainer explains statements.
type explainer struct {
	plan func(enttest.Statement) string
	scan *regexp.Regexp // finds the names of tables of which all is read, or all of a space
}

// explain opens what explains the statements of each database.
var explain = map[string]func(*site, string) explainer{
	"sqlite": func(s *site, databaseURL string) explainer {
		db := s.open("sqlite3", "file:"+strings.TrimPrefix(databaseURL, "sqlite:"))
		return explainer{
			func(asked enttest.Statement) string {
				return s.lines(db, "EXPLAIN QUERY PLAN "+asked.Text, values(asked)...)
			},
			// A virtual table is read by an index if something is said of it besides its number.
			regexp.MustCompile(`(?:SCAN|SEARCH) (\w+)(?: VIRTUAL TABLE INDEX \d+:)?(?: USING (?:COVERING )?INDEX \w+(?: \(space_id=\?\))?` +
				`| USING AUTOMATIC [^\n]*)?(?: LEFT-JOIN)?\n`), // an automatic one is made of all rows first
		}
	},
	"postgresql": func(s *site, databaseURL string) explainer {
		db := s.open("pgx", databaseURL)
		s.multiply(db, dropForeignKeys, "current_schema",
			"CAST(to_hex(k) || substr(CAST(%s AS text), 3) AS uuid)", "array_to_tsvector((tsvector_to_array(terms))[1:12])")
		// As the server does by itself after so many rows. Only then does it know that a count needs the index alone.
		s.exec(db, "VACUUM ANALYZE")
		s.exec(db, "SET plan_cache_mode = force_generic_plan") // as the program has it
		return explainer{
			func(asked enttest.Statement) string {
				args := values(asked)
				if len(args) > 0 && args[0] == any(pgx.QueryExecModeSimpleProtocol) { // with its values in its text
					return s.lines(db, "EXPLAIN "+asked.Text, args...)
				}
				s.exec(db, "PREPARE asked AS "+asked.Text)
				defer s.exec(db, "DEALLOCATE asked")
				execute := "EXPLAIN EXECUTE asked"
				if len(args) > 0 {
					execute += "(NULL" + strings.Repeat(", NULL", len(args)-1) + ")"
				}
				return s.lines(db, execute)
			},
			// What follows a scan is its condition, if it has one.
			regexp.MustCompile(`Seq Scan on (\w+)|Scan using \w+ on (\w+).*\n(?: +Index Cond: \(space_id = [^ ]+\)\n| *[^ I]|$)`),
		}
	},
	"mysql": func(s *site, databaseURL string) explainer {
		u, err := url.Parse(databaseURL)
		s.must(err)
		config := mysql.NewConfig()
		config.User = u.User.Username()
		config.Passwd, _ = u.User.Password()
		config.Net, config.Addr, config.DBName = "tcp", u.Host, strings.Trim(u.Path, "/")
		config.InterpolateParams, config.Collation = true, "utf8mb4_bin"
		config.Params = map[string]string{"optimizer_switch": "'exists_to_in=off'"} // as the program has it
		db := s.open("mysql", config.FormatDSN())
		s.multiply(db, "SET foreign_key_checks = 0, unique_checks = 0", "DATABASE()",
			"CONCAT(LOWER(HEX(k)), SUBSTR(%s, 3))", "SUBSTRING_INDEX(terms, ' ', 12)")
		s.exec(db, "ANALYZE TABLE "+strings.Join(filled, ", "))
		return explainer{
			func(asked enttest.Statement) string {
				return strings.TrimPrefix(s.lines(db, "EXPLAIN "+asked.Text, values(asked)...), "1 | INSERT | ") // which says ALL of new rows
			},
			regexp.MustCompile(`\d+ \| [A-Z ]+ \| (\w+) \| (?:(?:ALL|index) \||ref \| [^|]* \| \w+(?:_listed|_by_title|_by_id|_in_order) \| 144 \| )`),
		}
	},
}

// open opens a database beside the store, with one connection.
func (s *site) open(driver, dsn string) *sql.DB {
	s.Helper()
	db, err := sql.Open(driver, dsn)
	s.must(err)
	db.SetMaxOpenConns(1)
	s.Cleanup(func() { s.must(db.Close()) })
	return db
}

func (s *site) exec(db *sql.DB, statement string) {
	s.Helper()
	if _, err := db.ExecContext(context.WithoutCancel(s.Context()), statement); err != nil {
		s.Fatalf("%v:\n%s", err, statement)
	}
}

// dropForeignKeys is what makes filling quicker. Nothing is planned by them.
const dropForeignKeys = `DO $$ DECLARE statement text; BEGIN
	FOR statement IN SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
		FROM pg_constraint WHERE contype = 'f' LOOP EXECUTE statement; END LOOP; END $$`

// filled are the tables of servers that grow with the notes, each after those that it refers to.
var filled = []string{"notes", "note_tags", "note_links", "note_aliases", "note_search", "revisions", "records"}

// multiply puts a hundred thousand notes into the database, and as much more of what goes with them, in copies whose ids
// begin with another byte, without their contents. unchecked has the server not look for what they refer to, schema is
// where the tables are, id makes such an id, and terms makes less of what notes are searched by.
func (s *site) multiply(db *sql.DB, unchecked, schema, id, terms string) {
	s.Helper()
	s.exec(db, unchecked)
	s.exec(db, "INSERT INTO note_aliases (space_id, title_key, alias, note_id) SELECT space_id, title_key, title, id FROM notes"+
		" WHERE CAST(id AS char(36)) LIKE '%7'") // few notes have one
	const copies = "WITH RECURSIVE copies (k) AS (SELECT 16 UNION ALL SELECT k + 1 FROM copies WHERE k < 64)"
	for _, table := range filled {
		columns := strings.Fields(s.lines(db, fmt.Sprintf(
			"SELECT column_name FROM information_schema.columns WHERE table_name = '%s' AND table_schema = %s", table, schema)))
		values := slices.Clone(columns)
		for i, column := range columns {
			switch {
			case column == "note_id" || column == "id" && (table == "notes" || table == "records"):
				values[i] = fmt.Sprintf(id, column)
			case column == "id":
				values[i] = "id + 1000000 * k"
			case column == "content":
				values[i] = "''"
			case column == "terms":
				values[i] = terms
			}
		}
		s.exec(db, fmt.Sprintf("INSERT INTO %s (%s) %s SELECT %s FROM %s CROSS JOIN copies",
			table, strings.Join(columns, ", "), copies, strings.Join(values, ", "), table))
	}
}

// values returns the arguments of a statement.
func values(s enttest.Statement) (args []any) {
	for _, arg := range s.Args {
		args = append(args, arg.Value)
	}
	return args
}

// lines returns the rows that a statement finds, a line for each.
func (s *site) lines(db *sql.DB, query string, args ...any) string {
	s.Helper()
	rows, err := db.QueryContext(s.Context(), query, args...)
	if err != nil {
		s.Fatalf("%v:\n%s", err, query)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	s.must(err)
	var all strings.Builder
	for rows.Next() {
		cells, places := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range cells {
			places[i] = &cells[i]
		}
		s.must(rows.Scan(places...))
		texts := make([]string, len(cells))
		for i, cell := range cells {
			texts[i] = cell.String
		}
		all.WriteString(strings.Join(texts, " | ") + "\n")
	}
	s.must(rows.Err())
	return all.String()
}
