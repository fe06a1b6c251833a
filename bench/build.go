package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

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
	backends *backends // or nil
}

func (t *target) name() string {
	return fmt.Sprintf("%s on %s with %d notes", t.Program, t.Database, t.Notes)
}

// takesPart reports whether the scenario is for the target. The pages by hand are a yardstick on SQLite alone, where
// nothing but the program costs; on PostgreSQL it takes what searching and saving is compared with.
func (t *target) takesPart(s *scenario) bool {
	if t.Program == limitName {
		return s.byHand && (t.Database == sqlite || !s.octavo || s.writes)
	}
	return s.octavo
}

// filling is what filling a database has shown.
type filling struct {
	Database string  `json:"database"`
	Notes    int     `json:"notes"`
	Seconds  float64 `json:"seconds"` // to store the notes with all that follows from them
	Text     int64   `json:"text_bytes"`
	Index    int64   `json:"index_bytes"` // of full-text search
}

// builder makes what is measured, and takes it down.
type builder struct {
	dir      string
	targets  []*target
	fillings []*filling
	undo     []func() error
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

// fillSQLite fills a new SQLite file with n notes.
func (b *builder) fillSQLite(ctx context.Context, n int) (file string, c *contents, err error) {
	log.Printf("filling SQLite with %d notes", n)
	dir := filepath.Join(b.dir, strconv.Itoa(n))
	file = filepath.Join(dir, "octavo.db")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", nil, err
	}
	if err := b.makeTables(ctx, dir, onSQLite(file)); err != nil {
		return "", nil, err
	}
	c, err = fill(ctx, "sqlite:"+file, amountOf(n))
	return file, c, err
}

// onSQLite is the environment of a program upon a file.
func onSQLite(file string) []string {
	return []string{"DB_BACKEND=sqlite", "SQLITE_PATH=" + file, "DATA_DIR=" + filepath.Dir(file)}
}

// addSQLite adds both programs, each on its own copy of one file with n notes.
func (b *builder) addSQLite(ctx context.Context, n int) error {
	file, c, err := b.fillSQLite(ctx, n)
	if err != nil {
		return err
	}
	index, err := sqliteIndexSize(ctx, file)
	if err != nil {
		return err
	}
	b.filled(sqlite, c, index)
	dir := filepath.Dir(file)
	copied := filepath.Join(dir, "limit.db")
	if err := copyFile(copied, file); err != nil {
		return err
	}
	return errors.Join(
		b.add(ctx, &target{Program: octavoName, Database: sqlite, Notes: n, contents: c}, dir, onSQLite(file)),
		b.add(ctx, &target{Program: limitName, Database: sqlite, Notes: n, contents: c}, dir, []string{"SQLITE_PATH=" + copied}),
	)
}

// addPostgres adds both programs on a new database of a server with n notes, which they share.
func (b *builder) addPostgres(ctx context.Context, server string, n int) error {
	log.Printf("filling PostgreSQL with %d notes", n)
	database, drop, err := createPostgres(ctx, server)
	if err != nil {
		return err
	}
	b.undo = append(b.undo, drop)
	dir := filepath.Join(b.dir, postgresql+strconv.Itoa(n))
	if err := os.Mkdir(dir, 0o700); err != nil {
		return err
	}
	env := map[string][]string{}
	for _, program := range []string{octavoName, limitName} {
		own, err := named(database, program)
		if err != nil {
			return err
		}
		env[program] = []string{"DB_BACKEND=postgresql", "DATABASE_URL=" + own, "DATA_DIR=" + dir}
	}
	if err := b.makeTables(ctx, dir, env[octavoName]); err != nil {
		return err
	}
	c, err := fill(ctx, database, amountOf(n))
	if err != nil {
		return err
	}
	db, err := sql.Open("pgx", database)
	if err != nil {
		return err
	}
	b.undo = append(b.undo, db.Close)
	index, err := settlePostgres(ctx, db)
	if err != nil {
		return err
	}
	b.filled(postgresql, c, index)
	for _, program := range []string{octavoName, limitName} {
		t := &target{
			Program: program, Database: postgresql, Notes: n, contents: c, backends: &backends{db, program},
		}
		if err := b.add(ctx, t, dir, env[program]); err != nil {
			return err
		}
	}
	return nil
}

// filled takes down what filling a database has shown.
func (b *builder) filled(database string, c *contents, index int64) {
	log.Printf("filled in %s; the index is %.2f times the text", c.took.Round(100*time.Millisecond), float64(index)/float64(c.text))
	b.fillings = append(b.fillings, &filling{database, c.count.notes, c.took.Seconds(), c.text, index})
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
