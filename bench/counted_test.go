package main

import (
	"bufio"
	"cmp"
	"flag"
	"fmt"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"octavo/ent/enttest"
)

var update = flag.Bool("update", false, "have the tables of counted work say what is counted")

// What each request takes is what a table says, one for each database: nobody has a page take more without a word, and
// what somebody has gained isn't lost again unseen.
func TestCountedWork(t *testing.T) {
	enttest.Each(t, func(t *testing.T, create func(testing.TB) string) {
		path := filepath.Join("testdata", "work", filepath.Base(t.Name())+".txt")
		table := readTable(t, path)
		s := newSite(t, create(t))
		var counted []row
		for _, c := range slices.Concat(reads, changes) {
			counted = append(counted, s.count(c))
		}
		s.wantAllRoutes(counted)
		if *update {
			table.renew(t, path, counted)
			return
		}
		for _, r := range counted {
			if wrong := table.differs(r); wrong != "" {
				t.Errorf("%s: %s", r.name, wrong)
			}
			delete(table, r.name)
		}
		for name := range table {
			t.Errorf("%s is in the table and is no request", name)
		}
		if t.Failed() {
			t.Logf("Where this is meant, say so in bench/%s, and in the commit's message why it takes more, or what brought it down:\n%s",
				path, renewing)
		}
	})
}

// renewing is how the tables are renewed: each of a database that the environment names.
const renewing = "\tgo test -tags sqlite_fts5 ./bench -run CountedWork -update"

// wantAllRoutes makes sure that there is no route without a request whose work is counted.
func (s *site) wantAllRoutes(counted []row) {
	s.Helper()
	for _, r := range s.web.Routes() {
		route := r.Method + " " + r.Path
		is := func(c row) bool { return c.name == route || strings.HasPrefix(c.name, route+": ") }
		if own := strings.Replace(r.Path, "/spaces/:space", "", 1); own != r.Path && hasRoute(s.web, r.Method, own) {
			continue // which does the same as in somebody's own space
		}
		if r.Method != http.MethodHead && !slices.Contains(uncounted, route) && !slices.ContainsFunc(counted, is) {
			s.Errorf("%s has no request whose work is counted", route)
		}
	}
}

func hasRoute(e *echo.Echo, method, path string) bool {
	return slices.ContainsFunc(e.Routes(), func(r *echo.Route) bool { return r.Method == method && r.Path == path })
}

// row says what a request takes.
type row struct {
	name string
	work
	statements []string // that were counted
	waits      int      // for an answer of the database
}

// work is what the table says of a request.
type work [len(columns)]int

// columns are what is counted, and how far it may differ from the table either way. What a database does is the same each
// time. What the program allocates differs by up to a hundredth, as by the order in which a map is gone through.
var columns = [...]struct {
	name      string
	tolerance float64
	least     int // by which it may differ, however little there is
}{
	{"statements", 0, 0}, // with those that begin and end a transaction
	{"rows", 0, 0},
	{"bytes", 0, 0}, // of those rows
	{"allocations", 0.02, 20},
	{"allocated", 0.03, 2048}, // bytes
}

// count returns what it takes to answer a request.
func (s *site) count(c counting) (counted row) {
	s.Helper()
	ask := func(during func(func())) {
		s.Helper()
		r := c.request(s)
		counted.name = s.routeOf(r)
		if c.what != "" {
			counted.name += ": " + c.what
		}
		a := &answer{header: http.Header{}, status: http.StatusOK}
		during(func() { s.web.ServeHTTP(a, r) })
		if a.status != c.status {
			s.Fatalf("%s: status %d instead of %d", counted.name, a.status, c.status)
		}
	}
	const warm, times = 2, 9
	for range warm { // a program that has run for a while has at hand what it keeps
		ask(func(answer func()) { answer() })
	}
	ask(func(answer func()) {
		statements, rows, size := s.tally.during(answer)
		counted.waits = s.tally.waits
		counted.work = work{len(statements), rows, size, math.MaxInt, math.MaxInt}
		for _, statement := range statements {
			counted.statements = append(counted.statements, statement.Text)
		}
	})
	// No collection but those of allocated: of two in a row the second empties the pools, each time if it comes each time.
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for range times { // the least is what it takes: whatever is by chance comes on top
		ask(func(answer func()) {
			objects, size := allocated(answer)
			counted.work[3], counted.work[4] = min(counted.work[3], objects), min(counted.work[4], size)
		})
	}
	return counted
}

// allocated returns how much the program allocates while fn runs: how often, and how many bytes.
func allocated(fn func()) (objects, bytes int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	fn()
	runtime.ReadMemStats(&after)
	return int(after.Mallocs - before.Mallocs), int(after.TotalAlloc - before.TotalAlloc)
}

// table says by the names of requests what they take.
type table map[string]work

// readTable reads a table, which may not be there yet.
func readTable(t *testing.T, path string) table {
	t.Helper()
	file, err := os.Open(path)
	if os.IsNotExist(err) {
		return table{}
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	all := table{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		name, figures, ok := strings.Cut(lines.Text(), " | ")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		var w work
		for i, figure := range strings.Fields(figures) {
			if w[i], err = strconv.Atoi(figure); err != nil {
				t.Fatalf("%s: %v", path, err)
			}
		}
		all[strings.TrimSpace(name)] = w
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// differs says how what is counted differs from the table, or "".
func (t table) differs(r row) string {
	was, ok := t[r.name]
	if !ok {
		return "it isn't in the table"
	}
	var wrong []string
	for i, c := range columns {
		if d := r.work[i] - was[i]; !near(i, was[i], r.work[i]) {
			wrong = append(wrong, fmt.Sprintf("%d %s instead of %d (%+d)", r.work[i], c.name, was[i], d))
		}
	}
	text := strings.Join(wrong, ", ")
	if r.work[0] != was[0] {
		text += "; the statements are\n\t" + strings.Join(r.statements, "\n\t")
	}
	return text
}

// near reports whether two figures of a column are the same, as far as they can be.
func near(column, was, is int) bool {
	c := columns[column]
	return max(is-was, was-is) <= max(c.least, int(c.tolerance*float64(was)))
}

// renew writes the table anew. What is near to what it said stays, so that it doesn't change, and creep, for nothing.
func (t table) renew(tb testing.TB, path string, counted []row) {
	tb.Helper()
	var b strings.Builder
	b.WriteString(`# What requests take, on a database that is filled as in counted_test.go: how many statements they have it run, how many
# rows and bytes these give back, and how often the program allocates memory for an answer, and how many bytes of it.
# Statements, rows and their bytes are the same each time. Renew this with
#` + renewing + `
# and say in the commit's message why something takes more, or what brought it down.
`)
	width := 0
	for _, r := range counted {
		width = max(width, len(r.name))
	}
	fmt.Fprintf(&b, "%-*s |", width, "#")
	for _, c := range columns {
		fmt.Fprintf(&b, " %11s", c.name)
	}
	for _, r := range counted {
		fmt.Fprintf(&b, "\n%-*s |", width, r.name)
		for i, is := range r.work {
			if was, ok := t[r.name]; ok && near(i, was[i], is) {
				is = was[i]
			}
			fmt.Fprintf(&b, " %11d", is)
		}
	}
	b.WriteByte('\n')
	if err := cmp.Or(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(b.String()), 0o644)); err != nil {
		tb.Fatal(err)
	}
}
