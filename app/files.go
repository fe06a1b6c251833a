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

// Open returns a file and its content, which whoever gets it closes.
func (s *Files) Open(ctx context.Context, actor domain.Actor, hash domain.FileHash) (domain.File, io.ReadSeekCloser, error) {
	f, err := s.store.Files(actor).Get(ctx, hash)
	if err != nil {
		return domain.File{}, nil, err
	}
	content, err := s.blobs.Open(ctx, hash)
	if errors.Is(err, domain.NotFound) {
		return domain.File{}, nil, fmt.Errorf("the content of file %s is missing", hash) // which is a fault, not an answer
	}
	return f, content, err
}
