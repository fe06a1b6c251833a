package domain

import "context"

// Tags tells the tags of one space's notes.
type Tags interface {
	// Beginning returns at most limit tags of notes outside of the trash whose keys begin with prefix, and the tags above
	// them, ordered by key.
	Beginning(ctx context.Context, prefix string, limit int) ([]TagCount, error)
	// Tagged returns the ids of at most limit notes, in any state, that have the tag with that key or one below it,
	// ordered, beginning after an id or, when that is "", at the first.
	Tagged(ctx context.Context, key string, after ID, limit int) ([]ID, error)
}

// TagCount is a tag and how many notes have it, or one below it.
type TagCount struct {
	Tag   Tag // as it was written last
	Notes int
}
