package domain

import "context"

// Index finds the notes of one user by what they say.
type Index interface {
	// Search returns at most limit notes that q finds, the last updated first, beginning after the cursor (of which
	// Rank means nothing here) or, when that is nil, at the first. Notes updated within the same second may come in any
	// order, but always in the same. It need not find what the same transaction has changed.
	Search(ctx context.Context, q Query, after *SearchCursor, limit int) ([]Note, error)
	// Count counts the notes that q finds, up to limit, and the tags of those that it has counted.
	Count(ctx context.Context, q Query, limit int) (SearchCount, error)
}

// SearchCount is how many notes a search finds.
type SearchCount struct {
	Notes int        // at most the limit that was asked for: then there may be more
	Tags  []TagCount // of those notes, at most MaxFacets, the most frequent first, then by key
}

// MaxFacets is how many tags of what a search finds are counted.
const MaxFacets = 20
