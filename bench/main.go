// Command bench measures Octavo beside bench/limit, the same pages written by hand, on equally filled databases:
//
//	go run -tags sqlite_fts5 ./bench -n 1000,100000
//
// It builds both programs, fills databases of each size with notes and records of about 1 KB, starts a server for each
// and sends them the same requests in short turns, so that whatever else the machine does meanwhile falls on all alike.
// Every answer is checked, and a wrong one is an error. It prints medians over the rounds and how they compare with the
// targets; a target that is missed is not an error.
//
// The figure to trust is the CPU time per request: it is that of the server alone and, in a column of its own, that of
// the processes of PostgreSQL that work for it. Requests per second and latencies include the load generator, which
// shares the machine. It takes Linux, whose /proc tells what a process uses.
//
// The time that filling takes is that of domain.Notes.AddMany, which stores the notes. They have tags, of which few are
// frequent, links to other notes, and tasks. Some words are planted into as many of them as searches are to
// find. What a search costs is compared with GET /ids of bench/limit: the session, a bare query of the same index for
// the words that begin alike, and nothing but the ids of all notes that the search counts, or of those alone that its
// first page shows. A search of Octavo's makes two such queries for a page (for titles, and for the rest), reads the notes
// and shows what was found in them; where it counts all of them, one more.
//
// The limit has its own copy of an SQLite file. On PostgreSQL both programs share a database.
//
// With -compare A,B it sets two commits side by side instead, each on its own copy of one SQLite file.
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
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
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
	flag.BoolVar(&o.sqlite, "sqlite", true, "measure on SQLite")
	flag.Func("only", "which `scenarios` are measured, separated by commas: list,search-rare-word (default all)", func(text string) error {
		o.only = strings.Split(text, ",")
		return nil
	})
	flag.StringVar(&o.history, "history", "", "`file` to which a line about the run is appended")
	flag.Func("compare", "two `commits`, A,B, to set side by side on SQLite; what benchstat reads is written to standard output", func(text string) error {
		o.compare = strings.Split(text, ",")
		return nil
	})
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
	if o.compare != nil {
		if jsonPath != "" || o.history != "" {
			return errors.New("-compare writes what benchstat reads, and nothing else: leave out -json and -history")
		}
		return compare(ctx, o, table)
	}
	r, err := bench(ctx, o)
	if err != nil {
		return err
	}
	if o.history != "" {
		if err := remember(ctx, o.history, o, r); err != nil {
			return err
		}
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
	sqlite           bool
	only             []string // the scenarios to measure, or nil for all
	history          string   // the file of the history, or ""
	compare          []string // commits to set side by side, or nil
}

func (o options) check(arguments int) error {
	switch {
	case arguments > 0 || o.rounds < 1 || o.requests < 1:
		return errors.New("bench takes no arguments, and positive numbers of rounds and requests")
	case o.compare != nil && len(o.compare) != 2:
		return errors.New("two commits are compared")
	case !o.sqlite && o.postgres == "":
		return errors.New("there is no database to measure on")
	}
	_, err := o.scenarios()
	return err
}

// scenarios returns those that are to be measured.
func (o options) scenarios() (chosen []*scenario, err error) {
	all := scenarios(o.requests)
	if o.only == nil {
		return all, nil
	}
	var names []string
	for _, s := range all {
		names = append(names, s.short())
		if slices.Contains(o.only, s.short()) {
			chosen = append(chosen, s)
		}
	}
	for _, name := range o.only {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("%q is no scenario; there are %s", name, strings.Join(names, ", "))
		}
	}
	return chosen, nil
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
		if o.sqlite {
			if err := b.addSQLite(ctx, n); err != nil {
				return nil, err
			}
		}
		if o.postgres != "" {
			if err := b.addPostgres(ctx, o.postgres, n); err != nil {
				return nil, err
			}
		}
	}
	r := &report{Fillings: b.fillings, sizes: o.sizes, targets: b.targets}
	chosen, err := o.scenarios()
	if err != nil {
		return nil, err
	}
	for _, s := range chosen {
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
	if s.octavo && s.byHand && !s.writes {
		if err := sameSize(ctx, s, results); err != nil {
			return err
		}
	}
	turns := slices.Clone(results)
	for range rounds + 1 {
		slices.Reverse(turns) // whoever comes after whom
		for _, res := range turns {
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
	c, err := dial(ctx, t, 0)
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
