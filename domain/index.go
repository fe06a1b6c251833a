package domain

import (
	"context"

	"octavo/domain/query"
)

// Index finds the notes of one space by what they say.
type Index interface {
	// Search returns at most limit notes that q finds, the last updated first, beginning after the cursor (of which
	// Rank means nothing here) or, when that is nil, at the first. Notes updated within the same second may come in any
	// order, but always in the same. It need not find what the same transaction has changed.
	Search(ctx context.Context, q query.Query, after *SearchCursor, limit int) ([]Note, error)
	// Places is Search, but returns where the notes stand instead of what they say, of which it reads as little as it can.
	Places(ctx context.Context, q query.Query, after *SearchCursor, limit int) ([]SearchCursor, error)
	// SearchFirst returns at most limit notes that q finds: those first that a part of it finds, and then the others, of each
	// the last updated first, in the order that Search has.
	SearchFirst(ctx context.Context, part, q query.Query, limit int) ([]Note, error)
	// Brief returns the same index, whose Search and SearchFirst return the notes without their contents, and read those only
	// where nothing else tells what a query finds.
	Brief() Index
	// Count counts the notes that q finds, up to limit, and the tags of those that it has counted.
	Count(ctx context.Context, q query.Query, limit int) (SearchCount, error)
}

// SearchCount is how many notes a search finds.
type SearchCount struct {
	Notes int        // at most the limit that was asked for: then there may be more
	Tags  []TagCount // of those notes, at most MaxFacets, the most frequent first, then by key
}

// MaxFacets is how many tags of what a search finds are counted.
const MaxFacets = 20

// QueryMessage returns what is to be said of a part of a query that couldn't be read.
func QueryMessage(p query.Problem) Message {
	switch p.Fault {
	case query.TooManyClauses:
		return NewMessage("query.too_many_conditions", "limit", query.MaxClauses)
	case query.TooLong:
		return NewMessage("query.too_long")
	case query.OpenQuote:
		return NewMessage("query.open_quote")
	case query.NothingNegated:
		return NewMessage("query.nothing_negated")
	case query.UnknownMark:
		return NewMessage("query.has")
	case query.NoTitle:
		return NewMessage("query.title")
	case query.LongPhrase:
		return NewMessage("query.long_phrase", "limit", query.MaxPhrase)
	case query.NoTag:
		return NewMessage("query.tag")
	case query.TagWithBlank:
		return NewMessage("query.tag_with_blank")
	case query.UnknownState:
		return NewMessage("query.is")
	case query.NoDate:
		return NewMessage("query.date")
	case query.EmptyRange:
		return NewMessage("query.range")
	default: // query.NoWord
		return NewMessage("query.no_word")
	}
}
