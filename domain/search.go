package domain

import (
	"time"
)

// SearchCount is how many notes a search finds.
type SearchCount struct {
	Notes int        // at most the limit that was asked for: then there may be more
	Tags  []TagCount // of those notes, at most MaxFacets, the most frequent first, then by key
}

// MaxFacets is how many tags of what a search finds are counted.
const MaxFacets = 20

// TagCount is a tag and how many notes have it, or one below it.
type TagCount struct {
	Tag   Tag // as it was written last
	Notes int
}

// NoteTitle is a note's title, or an alias of it, and where it leads.
type NoteTitle struct {
	ID      ID
	Title   string
	Excerpt string // in Titled's answers
}

// SavedSearch is a query with a name.
type SavedSearch struct {
	ID      ID
	Name    string // 1 to MaxSearchName characters on one line
	Query   string
	Created time.Time
}

// What a saved search may hold at most.
const (
	MaxSearchName    = 60  // characters
	MaxSavedSearches = 100 // of one user
)

// NewSavedSearch returns a search to be saved, named after its query when name is blank. It is Invalid when both are,
// or when either is too long: ParseQuery has to read all of the query.
func NewSavedSearch(name, query string, now time.Time) (SavedSearch, error) {
	query, wrongQuery := cleanLine("q", query, MaxQuery)
	switch {
	case len(wrongQuery) > 0:
	case query == "":
		wrongQuery = append(wrongQuery, NewFieldError("q", "search.empty"))
	case len(query) > MaxQuery:
		wrongQuery = append(wrongQuery, NewFieldError("q", "search.too_long"))
	}
	name, wrong := cleanLine("name", name, MaxSearchName)
	if wrong = append(wrong, wrongQuery...); len(wrong) > 0 {
		return SavedSearch{}, NewInvalid(wrong...)
	}
	if name == "" {
		name = truncate(query, MaxSearchName)
	}
	return SavedSearch{ID: NewID(), Name: name, Query: query, Created: now}, nil
}
