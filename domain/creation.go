package domain

import (
	"context"
	"time"
)

// Creation remembers that a request to create a note has been carried out, so that it isn't when it is sent again.
type Creation struct {
	Key     string    // chosen by whoever sent it: an Idempotency-Key, or the key of a draft
	Request TokenHash // hash of what was sent
	Note    ID
	Created time.Time
}

// Creations keeps which requests in one space have been carried out.
type Creations interface {
	// Add stores a creation. It returns Conflict when there is one with that key.
	Add(ctx context.Context, c Creation) error
	// Get returns a creation, or NotFound.
	Get(ctx context.Context, key string) (Creation, error)
}

// ErrCreationNotFound is returned for a key with which nothing was created.
var ErrCreationNotFound = NewError(NotFound, "creation.not_found")
