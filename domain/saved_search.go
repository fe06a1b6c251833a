package domain

import (
	"context"
	"slices"
	"strings"
	"time"

	"octavo/domain/markup"
	"octavo/domain/query"
)

// SavedSearch is a query with a name.
type SavedSearch struct {
	ID      ID
	Name    string // 1 to MaxSearchName characters on one line
	Query   string
	Created time.Time
}

// SearchesVersion returns what tells a list of saved searches from any other, whatever its order: "" where there are none.
// Saved searches are added and removed but never changed, so their ids say it.
func SearchesVersion(list []SavedSearch) string {
	ids := make([]string, len(list))
	for i, search := range list {
		ids[i] = string(search.ID)
	}
	slices.Sort(ids)
	return strings.Join(ids, "")
}

// What a saved search may hold at most.
const (
	MaxSearchName    = 60  // characters
	MaxSavedSearches = 100 // of one space
)

// NewSavedSearch returns a search to be saved, named after its query when name is blank. It is Invalid when both are,
// or when either is too long: query.Parse has to read all of the query.
func NewSavedSearch(name, typed string, now time.Time) (SavedSearch, error) {
	typed, wrongQuery := cleanLine("q", typed, query.MaxLength)
	switch {
	case len(wrongQuery) > 0:
	case typed == "":
		wrongQuery = append(wrongQuery, NewFieldError("q", "search.empty"))
	case len(typed) > query.MaxLength:
		wrongQuery = append(wrongQuery, NewFieldError("q", "search.too_long"))
	}
	name, wrong := cleanLine("name", name, MaxSearchName)
	if wrong = append(wrong, wrongQuery...); len(wrong) > 0 {
		return SavedSearch{}, NewInvalid(wrong...)
	}
	if name == "" {
		name = markup.Truncate(typed, MaxSearchName)
	}
	return SavedSearch{ID: NewID(), Name: name, Query: typed, Created: now}, nil
}

// SearchReader reads the saved searches of one space.
type SearchReader interface {
	// List returns all searches, ordered by name, then by id.
	List(ctx context.Context) ([]SavedSearch, error)
	// Get returns a search, or NotFound.
	Get(ctx context.Context, id ID) (SavedSearch, error)
}

// Searches keeps the saved searches of one space.
type Searches interface {
	SearchReader
	// Add stores a search.
	Add(ctx context.Context, s SavedSearch) error
	// Remove removes a search. It returns NotFound when there is no such search.
	Remove(ctx context.Context, id ID) error
}

// ErrSearchNotFound is returned for a saved search that isn't there.
var ErrSearchNotFound = NewError(NotFound, "search.not_found")
