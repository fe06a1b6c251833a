package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"octavo/domain"
	"octavo/domain/picture"
)

// Files is what people upload for their notes.
type Files struct {
	read         func(domain.ReadAccess) domain.FileReader
	write        func(domain.WriteAccess) domain.Files
	transactions domain.Transactions
	blobs        domain.Blobs
	clock        domain.Clock
	quota        domain.UploadQuota
	storing      chan struct{} // has one in it while a content that the quota has room for is put and its file stored
}

// Files returns the use cases of files.
func (a *App) Files() *Files {
	return &Files{a.store.ReadFiles, a.store.Files, a.store, a.blobs, a.clock, a.quota, make(chan struct{}, 1)}
}

// Upload stores what it reads from r as a file that was called name and is of a media type. It is TooLarge when there is
// more than domain.MaxFile, or more than the quota has room for, and Invalid when there is nothing.
func (s *Files) Upload(ctx context.Context, access domain.WriteAccess, name, mediaType string, r io.Reader) (domain.File, error) {
	storing := false
	defer func() {
		if storing {
			<-s.storing
		}
	}()
	admit := func(hash domain.FileHash, size int64) error {
		if size == 0 {
			return domain.NewInvalid(domain.NewFieldError("file", "file.empty"))
		}
		if s.quota > 0 { // one after the other: a content that is put and then refused would lie there for ever
			select {
			case s.storing <- struct{}{}:
				storing = true
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return s.admit(ctx, s.write(access), hash, size)
	}
	hash, size, err := s.blobs.Put(ctx, r, domain.MaxFile, admit)
	if err != nil {
		return domain.File{}, err
	}
	f := domain.File{
		Hash: hash, Name: domain.FileName(name), Type: mediaType, Size: size, Created: s.clock.Now(), Measured: true,
	}
	if f.Inline() {
		if f.Width, f.Height, err = measure(ctx, s.blobs, hash); err != nil {
			return domain.File{}, err
		}
	}
	return f, s.transactions.Atomically(ctx, func(repos domain.Repos) error {
		files := repos.Files(access)
		if err := s.admit(ctx, files, hash, size); err != nil { // another instance may have stored others meanwhile
			return err
		}
		return files.Add(ctx, f)
	})
}

// measure returns how large the picture is that a content is, as picture.SizeOf does.
func measure(ctx context.Context, blobs domain.Blobs, hash domain.FileHash) (width, height int, err error) {
	content, err := blobs.Open(ctx, hash)
	if err != nil {
		return 0, 0, err
	}
	size, err := picture.SizeOf(content)
	return size.Width, size.Height, errors.Join(err, content.Close())
}

// admit returns TooLarge when the quota has no room for a content that none of the files has.
func (s *Files) admit(ctx context.Context, files domain.Files, hash domain.FileHash, size int64) error {
	if s.quota <= 0 {
		return nil
	}
	used, err := files.Used(ctx)
	if err != nil {
		return err
	}
	full := s.quota.Check(used, size)
	if full == nil {
		return nil
	}
	if _, err := files.Get(ctx, hash); !errors.Is(err, domain.NotFound) {
		return err
	}
	return full
}

// Open returns a file and its content, which whoever gets it closes. It is ErrContentMissing when only the content isn't
// there, or isn't whole.
func (s *Files) Open(ctx context.Context, access domain.ReadAccess, hash domain.FileHash) (domain.File, io.ReadSeekCloser, error) {
	f, err := s.read(access).Get(ctx, hash)
	if err != nil {
		return domain.File{}, nil, err
	}
	content, err := s.blobs.Open(ctx, hash)
	if errors.Is(err, domain.NotFound) {
		return f, nil, fmt.Errorf("%w: %w", domain.ErrContentMissing, err)
	}
	if err != nil {
		return f, nil, err
	}
	size, err := content.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = content.Seek(0, io.SeekStart)
	}
	if err == nil && size != f.Size {
		err = fmt.Errorf("%w: it has %d bytes instead of %d", domain.ErrContentMissing, size, f.Size)
	}
	if err != nil {
		return f, nil, errors.Join(err, content.Close())
	}
	return f, content, nil
}
