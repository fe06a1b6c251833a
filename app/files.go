package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"octavo/domain"
)

// Files is what people upload for their notes.
type Files struct {
	store domain.Store
	blobs domain.Blobs
	clock domain.Clock
}

// Files returns the use cases of files.
func (a *App) Files() *Files { return &Files{store: a.store, blobs: a.blobs, clock: a.clock} }

// Upload stores what it reads from r as a file that was called name and is of a media type. It is TooLarge when there is
// more than domain.MaxFile, and Invalid when there is nothing.
func (s *Files) Upload(ctx context.Context, actor domain.Actor, name, mediaType string, r io.Reader) (domain.File, error) {
	hash, size, err := s.blobs.Put(ctx, r, domain.MaxFile)
	if err != nil {
		return domain.File{}, err
	}
	if size == 0 {
		return domain.File{}, domain.NewInvalid(domain.FieldError{Field: "file", Text: "Choose a file that isn’t empty."})
	}
	f := domain.File{Hash: hash, Name: domain.FileName(name), Type: mediaType, Size: size, Created: s.clock.Now()}
	return f, s.store.Files(actor).Add(ctx, f)
}

// Open returns a file and its content, which whoever gets it closes. It is ErrContentMissing when only the content isn't
// there, or isn't whole.
func (s *Files) Open(ctx context.Context, actor domain.Actor, hash domain.FileHash) (domain.File, io.ReadSeekCloser, error) {
	f, err := s.store.Files(actor).Get(ctx, hash)
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
