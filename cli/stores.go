package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"octavo/domain"
	"octavo/ent"
	"octavo/files"
	"octavo/memory"
)

// OpenStore opens the store that the environment and the .env in dir name, as the program itself does: with its schema up to
// date, or with nothing in it when it is new. What is wrong with a setting is said in one line.
func OpenStore(ctx context.Context, dir string) (domain.Store, error) {
	s, err := (&program{environ: os.Environ(), dir: dir}).settings()
	if err != nil {
		return nil, err
	}
	return s.openStore(ctx)
}

// openStore opens the store that the settings name, with its schema up to date.
func (s *settings) openStore(ctx context.Context) (domain.Store, error) {
	if s.inMemory() {
		return memory.New(), nil
	}
	store, err := s.openSQL(ctx)
	if err != nil {
		return nil, err
	}
	prepare := store.CheckSchema
	if s.AutoMigrate {
		prepare = store.Migrate
	}
	if err := prepare(ctx); err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return store, nil
}

// inMemory reports whether everything is kept in the program's memory.
func (s *settings) inMemory() bool {
	databaseURL, _ := s.database()
	return databaseURL == "memory:"
}

// openBlobs opens what keeps the contents of files: a directory in DATA_DIR, or the memory for a store in memory.
func (s *settings) openBlobs() (blobs domain.Blobs, closeBlobs func() error, err error) {
	if s.inMemory() {
		return &memory.Blobs{}, func() error { return nil }, nil
	}
	dir, err := files.Open(filepath.Join(s.DataDir, "files"))
	if err != nil {
		return nil, nil, fmt.Errorf("DATA_DIR: the directory of files can't be used: %w", err)
	}
	return dir, dir.Close, nil
}

// checkFile checks that the database is there, if it is a file.
func (s *settings) checkFile() error {
	databaseURL, keys := s.database()
	path, isFile := strings.CutPrefix(databaseURL, "sqlite:")
	if !isFile || path == ":memory:" {
		return nil
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return wrongSetting(keys, "there is no database file %q; octavo migrate up, or a start, makes one", path)
	}
	return nil
}

// openSQL opens the SQL database that the settings name, whatever its schema.
func (s *settings) openSQL(ctx context.Context) (*ent.Store, error) {
	databaseURL, keys := s.database()
	if s.inMemory() {
		return nil, wrongSetting(keys, "memory has no schema; use sqlite, postgresql or mysql")
	}
	store, err := ent.Open(ctx, databaseURL)
	var refusal *ent.Refusal
	switch {
	case errors.As(err, &refusal) && keys != "DATABASE_URL":
		return nil, fmt.Errorf("%s: %w", settingsAbout(refusal, keys), err)
	case errors.Is(err, domain.Invalid) && keys == "DATABASE_URL":
		return nil, wrongSetting(keys, "%v", err)
	case errors.Is(err, domain.Invalid):
		return nil, fmt.Errorf("%s: %w", keys, err) // a file, say, that holds something else
	case errors.Is(err, ent.ErrNewerSchema), errors.Is(err, domain.Damaged):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w (see %s)", err, keys)
	}
	return store, nil
}

// settingsAbout returns those of the keys of a server that a refusal is about.
func settingsAbout(refusal *ent.Refusal, keys string) string {
	prefix, _, _ := strings.Cut(keys, "_")
	switch refusal.About {
	case ent.Address:
		return prefix + "_HOST, " + prefix + "_PORT"
	case ent.Login:
		return prefix + "_USER, " + prefix + "_PASSWORD"
	case ent.Database:
		return prefix + "_DB"
	case ent.TLS:
		return prefix + "_SSLMODE"
	}
	return keys
}
