package domain

import (
	"context"
	"io"
	"time"
)

// Blobs is the port to where the contents of files lie, each under its hash. Blobs are safe for concurrent use.
type Blobs interface {
	// Put stores what it reads from r, at most limit bytes, and returns its hash and size. It returns TooLarge when there
	// is more, StorageFull when there is no room, and what admit says of a content that has been read whole, unless that or
	// admit is nil; then nothing is kept. What is there already stays as it is, and counts as put again.
	Put(ctx context.Context, r io.Reader, limit int64, admit func(FileHash, int64) error) (FileHash, int64, error)
	// Open returns a content, or NotFound when it isn't there or can't be read. Whoever gets it closes it.
	Open(ctx context.Context, hash FileHash) (io.ReadSeekCloser, error)
	// Remove removes a content that was last put before a time. It does nothing when there is none.
	Remove(ctx context.Context, hash FileHash, before time.Time) error
}
