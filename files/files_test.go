package files_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/iotest"
	"time"

	"octavo/domain"
	"octavo/domain/domaintest"
	"octavo/files"
)

// newDir returns a directory that isn't there yet.
func newDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "files")
}

func open(t *testing.T, dir string) *files.Blobs {
	t.Helper()
	b, err := files.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return b
}

func put(t *testing.T, b *files.Blobs, content string) domain.FileHash {
	t.Helper()
	hash, _, err := b.Put(t.Context(), strings.NewReader(content), domain.MaxFile, nil)
	if err != nil {
		t.Fatal(err)
	}
	return hash
}

// names returns what files there are below dir, and checks that nobody but their owner may read anything.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		if !entry.IsDir() {
			name, _ := filepath.Rel(dir, path)
			list = append(list, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	if got := names(t, dir); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got the files %q, want %q", got, want)
	}
}

func TestBlobsKeepTheContract(t *testing.T) {
	domaintest.RunBlobs(t, func(t *testing.T) domain.Blobs { return open(t, newDir(t)) })
}

func TestContentsLieUnderTheirHashAndOutliveTheProgram(t *testing.T) {
	dir := filepath.Join(newDir(t), "files")
	put(t, open(t, dir), "hello")
	const hash = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	wantNames(t, dir, "2c/f2/"+hash)

	r, err := open(t, dir).Open(t.Context(), hash)
	if err != nil {
		t.Fatal(err)
	}
	content, err := io.ReadAll(r)
	if err := errors.Join(err, r.Close()); err != nil || string(content) != "hello" {
		t.Errorf("got %q, %v", content, err)
	}
}

func TestAPutThatFailsLeavesNothingBehind(t *testing.T) {
	dir := newDir(t)
	b := open(t, dir)
	for name, r := range map[string]io.Reader{
		"too large": strings.NewReader(strings.Repeat("x", 101)),
		"cut off":   io.MultiReader(strings.NewReader("x"), iotest.ErrReader(io.ErrUnexpectedEOF)),
	} {
		if _, _, err := b.Put(t.Context(), r, 100, nil); err == nil {
			t.Errorf("%s: it was taken", name)
		}
		wantNames(t, dir)
	}
}

func TestAFullDiskIsStorageFull(t *testing.T) {
	for _, errno := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT} {
		dir := newDir(t)
		full := &fs.PathError{Op: "write", Path: "secret", Err: errno}
		_, _, err := open(t, dir).Put(t.Context(), iotest.ErrReader(full), 100, nil)
		var shown *domain.Error
		if !errors.Is(err, domain.StorageFull) || !errors.As(err, &shown) || strings.Contains(shown.Error(), "secret") {
			t.Errorf("got error %v that says %v", err, shown)
		}
	}
}

func TestWhatWasLeftHalfWrittenIsRemovedAfterADay(t *testing.T) {
	dir := newDir(t)
	put(t, open(t, dir), "hello")
	kept := names(t, dir)
	age := func(name string, age time.Duration) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
		written := time.Now().Add(-age)
		if err := os.Chtimes(path, written, written); err != nil {
			t.Fatal(err)
		}
	}
	age("tmp-old", 25*time.Hour)
	age("tmp-new", 23*time.Hour)
	age("unknown", 25*time.Hour)
	if err := os.Mkdir(filepath.Join(dir, "tmp-directory"), 0o700); err != nil {
		t.Fatal(err)
	}
	age("tmp-directory/unknown", 25*time.Hour)
	long := time.Now().Add(-25 * time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "tmp-directory"), long, long); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
	wantNames(t, dir, append(kept, "tmp-directory/unknown", "tmp-new", "unknown")...)
}

func TestNothingIsWrittenOutsideOfTheDirectory(t *testing.T) {
	outside, dir := t.TempDir(), newDir(t)
	b := open(t, dir)
	if err := os.Symlink(outside, filepath.Join(dir, "2c")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Put(t.Context(), strings.NewReader("hello"), 100, nil); err == nil {
		t.Error("a content was put through a link that leads out")
	}
	for path, want := range map[string]int{outside: 0, dir: 1} {
		entries, err := os.ReadDir(path)
		if err != nil || len(entries) != want {
			t.Errorf("got %v, %v", entries, err)
		}
	}
}

func TestSeveralProgramsMayShareADirectory(t *testing.T) {
	dir := newDir(t)
	var wg sync.WaitGroup
	for range 4 {
		b := open(t, dir)
		wg.Go(func() {
			for range 5 {
				if _, _, err := b.Put(t.Context(), strings.NewReader("hello"), 100, nil); err != nil {
					t.Errorf("Put: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("got the files %q, want one", got)
	}
}

func TestWhatIsNoReadableFileIsNotFound(t *testing.T) {
	for name, spoil := range map[string]func(dir, place string) error{
		"the file is gone":            func(_, place string) error { return os.Remove(place) },
		"its directory is gone":       func(_, place string) error { return os.RemoveAll(filepath.Dir(place)) },
		"a file is in its way":        func(_, place string) error { return replaced(filepath.Dir(place)) },
		"the whole directory is gone": func(dir, _ string) error { return os.RemoveAll(dir) },
		"a directory is in its place": func(_, place string) error {
			return errors.Join(os.Remove(place), os.Mkdir(place, 0o700))
		},
		"a pipe is in its place": func(_, place string) error {
			return errors.Join(os.Remove(place), syscall.Mkfifo(place, 0o600))
		},
		"a link to nothing is in its place": func(_, place string) error {
			return errors.Join(os.Remove(place), os.Symlink("nothing", place))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := newDir(t)
			b := open(t, dir)
			hash := put(t, b, "content")
			if err := spoil(dir, filepath.Join(dir, string(hash[:2]), string(hash[2:4]), string(hash))); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Open(t.Context(), hash); !errors.Is(err, domain.NotFound) {
				t.Errorf("got error %v, want NotFound", err)
			}
		})
	}
}

// replaced puts a file in the place of a directory.
func replaced(dir string) error {
	return errors.Join(os.RemoveAll(dir), os.WriteFile(dir, nil, 0o600))
}
