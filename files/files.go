// Package files keeps the contents of uploaded files in a directory, each under its hash.
package files

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"sync"
	"syscall"
	"time"

	"octavo/domain"
)

var _ domain.Blobs = (*Blobs)(nil)

// Blobs are domain.Blobs in a directory, which several programs may share. A content lies in ab/cd/<hash>, where abcd
// is how its hash begins. It is written under a temporary name and moved there when it is whole and on the disk.
type Blobs struct {
	root *os.Root
	mu   sync.Mutex // held while a content is moved to its place, or judged too old and removed from it
}

// Temporary files are named temporary and some random characters. Those that are older than leftover have been left
// behind by a program that was ended.
const (
	temporary = "tmp-"
	leftover  = 24 * time.Hour
)

// Open returns the blobs in dir. It makes that directory, for its owner's eyes only, if it isn't there, and removes
// what has been left in it half-written a day ago.
func Open(dir string) (*Blobs, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	b := &Blobs{root: root}
	if err := b.removeLeftovers(time.Now().Add(-leftover)); err != nil {
		return nil, errors.Join(err, root.Close())
	}
	return b, nil
}

// Close ends the use of the directory. Contents that are open stay so.
func (b *Blobs) Close() error { return b.root.Close() }

func (b *Blobs) removeLeftovers(before time.Time) error {
	entries, err := fs.ReadDir(b.root.FS(), ".")
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), temporary) && entry.Type().IsRegular() {
			if err := b.removeBefore(entry.Name(), before); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeBefore removes a file that was last written before a time. It does nothing when there is none.
func (b *Blobs) removeBefore(name string, before time.Time) error {
	info, err := b.root.Stat(name)
	if err == nil && info.ModTime().Before(before) {
		err = b.root.Remove(name)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// place returns where the content with a hash lies. ok is false when that is no hash.
func place(hash domain.FileHash) (name string, ok bool) {
	text := string(hash)
	if _, ok := domain.ParseFileHash(text); !ok {
		return "", false
	}
	return path.Join(text[:2], text[2:4], text), true
}

// Put implements domain.Blobs. When it returns the content is on the disk.
func (b *Blobs) Put(ctx context.Context, r io.Reader, limit int64, admit func(domain.FileHash, int64) error) (
	domain.FileHash, int64, error,
) {
	sum := sha256.New()
	name, size, err := b.write(reader{ctx, r}, sum, limit)
	if err != nil {
		return "", 0, diagnose(err)
	}
	hash := domain.FileHash(hex.EncodeToString(sum.Sum(nil)))
	if admit != nil {
		if err := admit(hash, size); err != nil {
			return "", 0, errors.Join(err, b.root.Remove(name))
		}
	}
	if err := b.move(name, hash); err != nil {
		_ = b.root.Remove(name) // it may have been moved already
		return "", 0, diagnose(err)
	}
	return hash, size, nil
}

// write writes what it reads to a temporary file and to sum, and returns the file's name. It leaves no file when it
// fails.
func (b *Blobs) write(r io.Reader, sum hash.Hash, limit int64) (name string, size int64, err error) {
	name = temporary + domain.NewToken()
	file, err := b.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(io.MultiWriter(file, sum), io.LimitReader(r, limit+1))
	if err == nil && size > limit {
		err = domain.ErrFileTooLarge
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return "", 0, errors.Join(err, b.root.Remove(name))
	}
	return name, size, nil
}

// move moves a temporary file to its place, over the same content if that is there: so it counts as put again.
func (b *Blobs) move(name string, hash domain.FileHash) error {
	to, _ := place(hash)
	dir := path.Dir(to)
	if err := b.root.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	b.mu.Lock()
	err := b.root.Rename(name, to)
	b.mu.Unlock()
	if err != nil {
		return err
	}
	// A name is on the disk when its directory is. Another Put may have made these and not come that far yet.
	for _, d := range []string{dir, path.Dir(dir), "."} {
		if err := b.sync(d); err != nil {
			return err
		}
	}
	return nil
}

func (b *Blobs) sync(dir string) error {
	d, err := b.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Open implements domain.Blobs.
func (b *Blobs) Open(ctx context.Context, hash domain.FileHash) (io.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	name, ok := place(hash)
	if !ok {
		return nil, domain.ErrFileNotFound
	}
	info, err := b.root.Stat(name)
	if err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: %s isn't a file", domain.ErrFileNotFound, name)
	}
	var file *os.File
	if err == nil {
		file, err = b.root.Open(name)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.ENOTDIR):
		return nil, fmt.Errorf("%w: %w", domain.ErrFileNotFound, err)
	case err != nil:
		return nil, err
	}
	return file, nil
}

// Remove implements domain.Blobs. Another program that puts the same content just then may find it gone.
func (b *Blobs) Remove(ctx context.Context, hash domain.FileHash, before time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	name, ok := place(hash)
	if !ok {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.removeBefore(name, before)
}

// diagnose returns the StorageFull that a full disk, or a used up quota, amounts to, and any other error as it is.
func diagnose(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", errFull, err)
	}
	return err
}

var errFull = domain.NewError(domain.StorageFull, "file.disk_full")

// reader reads until its context ends.
type reader struct {
	ctx context.Context
	r   io.Reader
}

func (r reader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(p)
	if ended := r.ctx.Err(); ended != nil {
		return n, ended
	}
	return n, err
}
