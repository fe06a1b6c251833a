package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// compare measures two commits side by side, in turns, on copies of one database with n notes, and writes what each round
// has shown as benchstat reads it. The database is filled by the store as it is now, so that a commit with an older schema
// refuses it.
func compare(ctx context.Context, o options, out io.Writer) (err error) {
	dir, err := os.MkdirTemp("", "octavo-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b := &builder{dir: dir}
	defer func() { err = errors.Join(err, b.close()) }()
	chosen, err := o.scenarios()
	if err != nil {
		return err
	}

	log.Print("building")
	if err := b.build(ctx); err != nil {
		return err
	}
	for i, commit := range o.compare {
		if err := b.buildCommit(ctx, commit, side(i)); err != nil {
			return err
		}
	}
	for _, n := range o.sizes {
		if err := b.addSides(ctx, n, len(o.compare)); err != nil {
			return err
		}
	}
	r := &report{sizes: o.sizes, targets: b.targets}
	for _, s := range chosen {
		log.Print("measuring: ", s.name)
		if err := r.measure(ctx, s, o.rounds); err != nil {
			return err
		}
	}
	return r.benchmarks(out, o.compare)
}

// side is what the program of one of the commits is called.
func side(i int) string { return "commit" + strconv.Itoa(i+1) }

// buildCommit builds the program as it was at a commit.
func (b *builder) buildCommit(ctx context.Context, commit, name string) error {
	tree, archive := filepath.Join(b.dir, "tree-"+name), filepath.Join(b.dir, name+".tar")
	if err := os.Mkdir(tree, 0o700); err != nil {
		return err
	}
	for _, command := range []*exec.Cmd{
		exec.CommandContext(ctx, "git", "archive", "-o", archive, commit),
		exec.CommandContext(ctx, "tar", "-xf", archive, "-C", tree),
		exec.CommandContext(ctx, "go", "build", "-C", tree, "-tags", "sqlite_fts5", "-o", filepath.Join(b.dir, name), "."),
	} {
		command.Stdout, command.Stderr = os.Stderr, os.Stderr
		if err := command.Run(); err != nil {
			return fmt.Errorf("%s of %s: %w", filepath.Base(command.Path), commit, err)
		}
	}
	return nil
}

// addSides adds the programs of all commits, each with its own copy of one SQLite file with n notes.
func (b *builder) addSides(ctx context.Context, n, commits int) error {
	file, c, err := b.fillSQLite(ctx, n)
	if err != nil {
		return err
	}
	for i := range commits {
		own := filepath.Join(filepath.Dir(file), side(i)+".db")
		if err := copyFile(own, file); err != nil {
			return err
		}
		t := &target{Program: side(i), Database: sqlite, Notes: n, contents: c.apart()}
		if err := b.add(ctx, t, filepath.Dir(file), onSQLite(own)); err != nil {
			return err
		}
	}
	return nil
}

// apart returns the same contents for another copy of the database, whose notes others don't change.
func (c *contents) apart() *contents {
	other := *c
	for i, notes := range c.own {
		other.own[i] = nil
		for _, n := range notes {
			another := *n
			other.own[i] = append(other.own[i], &another)
		}
	}
	return &other
}

// benchmarks writes what each round has shown in the format of Go's benchmarks: the CPU time of a request.
func (r *report) benchmarks(out io.Writer, commits []string) error {
	for i, commit := range commits {
		if _, err := fmt.Fprintf(out, "commit: %s\n", commit); err != nil {
			return err
		}
		for _, res := range r.Results {
			if res.Program != side(i) {
				continue
			}
			for _, m := range res.rounds {
				if _, err := fmt.Fprintf(out, "Benchmark/%s/notes=%d 1 %.0f cpu-ns/op\n", short(res.Scenario), res.Notes, m.CPU*1000); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
