// Command bench measures Octavo beside bench/limit, the same pages written by hand, on equally filled databases:
//
//	go run -tags sqlite_fts5 ./bench -n 1000,100000
//
// It builds both programs, fills a database of each size with notes and records of about 1 KB, starts a server for each
// and sends them the same requests in short turns, so that whatever else the machine does meanwhile falls on all alike.
// Every answer is checked, and a wrong one is an error. It prints medians over the rounds and how they compare with the
// targets; a target that is missed is not an error.
//
// The figure to trust is the CPU time per request: it is that of the server alone. Requests per second and latencies
// include the load generator, which shares the machine. It takes Linux, whose /proc tells what a process uses.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	log.SetFlags(log.Ltime)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	o := options{sizes: sizes{1000, 100_000}}
	flag.Var(&o.sizes, "n", "how many `notes` the databases hold: numbers, separated by commas")
	flag.IntVar(&o.rounds, "rounds", 5, "how often each server takes its turn in each scenario")
	flag.IntVar(&o.requests, "requests", 3000, "how many requests make a turn")
	flag.StringVar(&o.postgres, "postgres", os.Getenv("OCTAVO_TEST_POSTGRES"),
		"`URL` of a PostgreSQL server on which to measure as well; its user may create databases")
	jsonPath := flag.String("json", "", "`file` to write the results to")
	flag.Parse()
	if err := o.check(flag.NArg()); err != nil {
		log.Print(err)
		flag.Usage()
		os.Exit(2)
	}
	if err := run(ctx, o, os.Stdout, *jsonPath); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, o options, table io.Writer, jsonPath string) error {
	r, err := bench(ctx, o)
	if err != nil {
		return err
	}
	if err := r.print(table); err != nil || jsonPath == "" {
		return err
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(jsonPath, append(text, '\n'), 0o644)
}

type options struct {
	sizes            sizes
	rounds, requests int
	postgres         string // URL of a server, or ""
}

func (o options) check(arguments int) error {
	if arguments > 0 || o.rounds < 1 || o.requests < 1 {
		return errors.New("bench takes no arguments, and positive numbers of rounds and requests")
	}
	return nil
}

// sizes are numbers of notes, the smallest first.
type sizes []int

func (s *sizes) String() string { return strings.Trim(fmt.Sprint([]int(*s)), "[]") }

func (s *sizes) Set(text string) error {
	*s = nil
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil || n <= 2*pageSize {
			return fmt.Errorf("%q is no number above %d", part, 2*pageSize)
		}
		*s = append(*s, n)
	}
	slices.Sort(*s)
	*s = slices.Compact(*s)
	return nil
}

// bench does it all, in a directory that it removes afterwards.
func bench(ctx context.Context, o options) (_ *report, err error) {
	dir, err := os.MkdirTemp("", "octavo-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &builder{dir: dir}
	defer func() { err = errors.Join(err, b.close()) }()

	log.Print("building")
	if err := b.build(ctx); err != nil {
		return nil, err
	}
	for _, n := range o.sizes {
		if err := b.addSQLite(ctx, n); err != nil {
			return nil, err
		}
	}
	if o.postgres != "" {
		if err := b.addPostgres(ctx, o.postgres, o.sizes[0]); err != nil {
			return nil, err
		}
	}
	r := &report{sizes: o.sizes, targets: b.targets}
	for _, s := range scenarios(o.requests) {
		log.Print("measuring: ", s.name)
		if err := r.measure(ctx, s, o.rounds); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// measure adds what the scenario shows of each target that takes part in it, in turns.
func (r *report) measure(ctx context.Context, s *scenario, rounds int) error {
	var results []*result
	for _, t := range r.targets {
		if t.takesPart(s) {
			results = append(results, &result{Scenario: s.name, target: t})
		}
	}
	if s.byHand && !s.writes {
		if err := sameSize(ctx, s, results); err != nil {
			return err
		}
	}
	for range rounds + 1 {
		for _, res := range results {
			m, err := round(ctx, res.target, s)
			if err != nil {
				return err
			}
			res.rounds = append(res.rounds, m)
		}
	}
	for _, res := range results {
		res.finish()
	}
	r.Results = append(r.Results, results...)
	return nil
}

// sameSize makes sure that what is compared does the same work: that the page by hand has as many bytes as Octavo's,
// within a tenth.
func sameSize(ctx context.Context, s *scenario, results []*result) error {
	for _, limit := range results {
		if limit.Program != limitName {
			continue
		}
		octavo := results[slices.IndexFunc(results, func(r *result) bool {
			return r.Program == octavoName && r.contents == limit.contents
		})]
		q := s.request(&client{target: octavo.target, random: rand.New(rand.NewPCG(1, 0))})
		want, err := bytesOf(ctx, octavo.target, s, q)
		if err != nil {
			return err
		}
		got, err := bytesOf(ctx, limit.target, s, q)
		if err != nil {
			return err
		}
		if 10*max(want-got, got-want) > want {
			return fmt.Errorf("bench/limit is no yardstick any more: %s has %d bytes there and %d in Octavo", q.path, got, want)
		}
	}
	return nil
}

// bytesOf returns how long the page is with which a server answers a request of the scenario.
func bytesOf(ctx context.Context, t *target, s *scenario, q request) (int64, error) {
	c, err := dial(ctx, t)
	if err != nil {
		return 0, err
	}
	defer func() { _ = c.conn.Close() }()
	resp, err := c.send(q)
	if err != nil {
		return 0, err
	}
	return resp.ContentLength, errors.Join(s.check(c, q, resp), resp.Body.Close())
}

const (
	octavoName = "octavo"
	limitName  = "limit"
	sqlite     = "sqlite"
	postgresql = "postgresql"
)

// target is a server that is measured, on a database of its own.
type target struct {
	Program  string  `json:"program"`
	Database string  `json:"database"`
	Notes    int     `json:"notes"`
	Ready    float64 `json:"ready_ms"` // after a start on the filled database

	contents *contents
	server   *process
}

func (t *target) name() string {
	return fmt.Sprintf("%s on %s with %d notes", t.Program, t.Database, t.Notes)
}

// takesPart tells whether the scenario is for the target: by hand there are but a few pages, and on PostgreSQL the
// program's part in reading is what is asked for.
func (t *target) takesPart(s *scenario) bool {
	switch {
	case t.Program == limitName:
		return s.byHand
	case t.Database == postgresql:
		return !s.writes && s.name != allRecords
	}
	return true
}

// builder makes what is measured, and takes it down.
type builder struct {
	dir     string
	targets []*target
	undo    []func() error
}

func (b *builder) close() error {
	var err error
	for _, undo := range slices.Backward(b.undo) {
		err = errors.Join(err, undo())
	}
	return err
}

func (b *builder) build(ctx context.Context) error {
	build := exec.CommandContext(ctx, "go", "build", "-tags", "sqlite_fts5",
		"-o", b.dir+string(filepath.Separator), "octavo", "octavo/bench/limit")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	return build.Run()
}

// addSQLite adds both programs, each on its own copy of one file with n notes.
func (b *builder) addSQLite(ctx context.Context, n int) error {
	log.Printf("filling SQLite with %d notes", n)
	dir := filepath.Join(b.dir, strconv.Itoa(n))
	file, copied := filepath.Join(dir, "octavo.db"), filepath.Join(dir, "limit.db")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	env := []string{"DB_BACKEND=sqlite", "SQLITE_PATH=" + file, "DATA_DIR=" + dir}
	if err := b.makeTables(ctx, dir, env); err != nil {
		return err
	}
	began := time.Now()
	c, err := fillSQLite(ctx, file, n)
	if err != nil {
		return err
	}
	if err := copyFile(copied, file); err != nil {
		return err
	}
	log.Printf("filled and copied in %s", time.Since(began).Round(100*time.Millisecond))
	return errors.Join(
		b.add(ctx, &target{Program: octavoName, Database: sqlite, Notes: n, contents: c}, dir, env),
		b.add(ctx, &target{Program: limitName, Database: sqlite, Notes: n, contents: c}, dir, []string{"SQLITE_PATH=" + copied}),
	)
}

// addPostgres adds Octavo on a new database of a server.
func (b *builder) addPostgres(ctx context.Context, server string, n int) error {
	log.Printf("filling PostgreSQL with %d notes", n)
	database, drop, err := createPostgres(ctx, server)
	if err != nil {
		return err
	}
	b.undo = append(b.undo, drop)
	dir := filepath.Join(b.dir, postgresql)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	env := []string{"DB_BACKEND=postgresql", "DATABASE_URL=" + database, "DATA_DIR=" + dir}
	if err := b.makeTables(ctx, dir, env); err != nil {
		return err
	}
	c, err := fillPostgres(ctx, database, n)
	if err != nil {
		return err
	}
	return b.add(ctx, &target{Program: octavoName, Database: postgresql, Notes: n, contents: c}, dir, env)
}

// makeTables has Octavo make its tables and its owner, as it does on its first start.
func (b *builder) makeTables(ctx context.Context, dir string, env []string) error {
	p, err := start(ctx, filepath.Join(b.dir, octavoName), dir, env...)
	if err != nil {
		return err
	}
	return p.stop()
}

// add starts the target's server, several times to see how long that takes, and leaves it running.
func (b *builder) add(ctx context.Context, t *target, dir string, env []string) error {
	const starts = 3
	var ready []float64
	for i := range starts {
		p, err := start(ctx, filepath.Join(b.dir, t.Program), dir, env...)
		if err != nil {
			return err
		}
		ready = append(ready, float64(p.ready)/float64(time.Millisecond))
		if i < starts-1 {
			if err := p.stop(); err != nil {
				return err
			}
			continue
		}
		t.server = p
		b.undo = append(b.undo, p.stop)
	}
	t.Ready = median(ready)
	b.targets = append(b.targets, t)
	return nil
}

// copyFile copies a file, and waits until both are on disk: writing them would disturb what is measured.
func copyFile(to, from string) (err error) {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := io.Copy(out, in); err != nil {
		return err
	}
	return errors.Join(in.Sync(), out.Sync())
}
