package memory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"sync"
	"time"

	"octavo/domain"
)

// ReadFiles implements domain.Repos.
func (r repos) ReadFiles(a domain.ReadAccess) domain.FileReader { return files{r.in(a)} }

// Files implements domain.Repos.
func (r repos) Files(a domain.WriteAccess) domain.Files { return files{r.in(a.Read())} }

type files struct{ inSpace }

func (r files) Add(ctx context.Context, f domain.File) error {
	return r.write(ctx, func(t *tables) error {
		t.fileNames[own[string]{r.space, domain.TitleKey(f.Name)}] = fileName{f.Name, f.Hash}
		key := own[domain.FileHash]{r.space, f.Hash}
		if there, ok := t.files[key]; ok {
			there.Created, there.Width, there.Height, there.Measured = f.Created, f.Width, f.Height, f.Measured
			f = there
		}
		t.files[key] = f
		return nil
	})
}

func (r files) Get(ctx context.Context, hash domain.FileHash) (f domain.File, err error) {
	err = r.read(ctx, func(t *tables) error {
		var ok bool
		if f, ok = t.files[own[domain.FileHash]{r.space, hash}]; !ok {
			return domain.ErrFileNotFound
		}
		return nil
	})
	return f, err
}

func (r files) Find(ctx context.Context, hashes ...domain.FileHash) (map[domain.FileHash]domain.File, error) {
	found := map[domain.FileHash]domain.File{}
	err := r.read(ctx, func(t *tables) error {
		for _, hash := range hashes {
			if f, ok := t.files[own[domain.FileHash]{r.space, hash}]; ok {
				found[hash] = f
			}
		}
		return nil
	})
	return found, err
}

func (r files) Used(ctx context.Context) (used int64, err error) {
	err = r.read(ctx, func(t *tables) error {
		for key, f := range t.files {
			if key.space == r.space {
				used += f.Size
			}
		}
		return nil
	})
	return used, err
}

func (r files) Named(ctx context.Context, keys ...string) (map[string]domain.File, error) {
	named := map[string]domain.File{}
	err := r.read(ctx, func(t *tables) error {
		for _, key := range keys {
			name := t.fileNames[own[string]{r.space, key}]
			if f, ok := t.files[own[domain.FileHash]{r.space, name.hash}]; ok {
				f.Name = name.name
				named[key] = f
			}
		}
		return nil
	})
	return named, err
}

// fileName is a name of a file, as it was written last, and which file that is.
type fileName struct {
	name string
	hash domain.FileHash
}

var _ domain.Blobs = (*Blobs)(nil)

// Blobs are domain.Blobs in memory. Their zero value is empty and ready to use.
type Blobs struct {
	mu       sync.Mutex
	contents map[domain.FileHash]blob
}

type blob struct {
	content []byte
	put     time.Time // the last time
}

// Put implements domain.Blobs.
func (b *Blobs) Put(ctx context.Context, r io.Reader, limit int64, admit func(domain.FileHash, int64) error) (
	domain.FileHash, int64, error,
) {
	content, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case ctx.Err() != nil:
		return "", 0, ctx.Err()
	case err != nil:
		return "", 0, err
	case int64(len(content)) > limit:
		return "", 0, domain.ErrFileTooLarge
	}
	sum := sha256.Sum256(content)
	hash := domain.FileHash(hex.EncodeToString(sum[:]))
	if admit != nil {
		if err := admit(hash, int64(len(content))); err != nil {
			return "", 0, err
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.contents == nil {
		b.contents = map[domain.FileHash]blob{}
	}
	b.contents[hash] = blob{content, time.Now()}
	return hash, int64(len(content)), nil
}

// Open implements domain.Blobs.
func (b *Blobs) Open(ctx context.Context, hash domain.FileHash) (io.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	stored, ok := b.contents[hash]
	if !ok {
		return nil, domain.ErrFileNotFound
	}
	return openBlob{bytes.NewReader(stored.content)}, nil
}

type openBlob struct{ io.ReadSeeker }

func (openBlob) Close() error { return nil }

// Remove implements domain.Blobs.
func (b *Blobs) Remove(ctx context.Context, hash domain.FileHash, before time.Time) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.contents[hash].put.Before(before) {
		delete(b.contents, hash)
	}
	return nil
}
