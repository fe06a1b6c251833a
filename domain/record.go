package domain

import (
	"context"
	"time"
)

// Record is a titled text that programs keep through the /records API: the plainest entity there is, and the one to
// copy when adding another.
type Record struct {
	ID      ID
	Title   string // 1 to MaxTitle characters on one line
	Content string // at most MaxContent bytes, lines ended by \n
	Created time.Time
	Updated time.Time
}

// RecordDraft is what a caller chooses of a record.
type RecordDraft struct {
	Title   string
	Content string
}

// NewRecord returns a new record made of draft. It is Invalid when the title is blank, when title or content is too
// long, or when either can't be stored.
func NewRecord(draft RecordDraft, now time.Time) (Record, error) {
	r := Record{ID: NewID(), Created: now}
	return r.Edited(draft, now)
}

// Edited returns the record with draft in place of its title and content. The errors are those of NewRecord.
func (r Record) Edited(draft RecordDraft, now time.Time) (Record, error) {
	title, wrong := cleanTitle(draft.Title)
	if title == "" && len(wrong) == 0 {
		wrong = append(wrong, NewFieldError("title", "record.untitled"))
	}
	content, wrongContent := cleanContent(draft.Content)
	if wrong = append(wrong, wrongContent...); len(wrong) > 0 {
		return Record{}, NewInvalid(wrong...)
	}
	r.Title, r.Content, r.Updated = title, content, now
	return r, nil
}

// RecordReader reads the records of one space.
type RecordReader interface {
	// Get returns a record, or NotFound. Inside Atomically nobody else changes that record until the transaction ends.
	Get(ctx context.Context, id ID) (Record, error)
	// List returns at most limit records, ordered by id and so by the time they were made, beginning after the
	// cursor or, when that is "", at the first. It returns none when there are none.
	List(ctx context.Context, after RecordCursor, limit int) ([]Record, error)
}

// Records keeps the records of one space.
type Records interface {
	RecordReader
	// Add stores a new record. It returns Conflict when the id is taken, by whomever.
	Add(ctx context.Context, r Record) error
	// Update stores a record. It returns NotFound when there is no such record.
	Update(ctx context.Context, r Record) error
	// Remove removes a record. It returns NotFound when there is no such record.
	Remove(ctx context.Context, id ID) error
}

// What keeps a record from being found or changed.
var (
	ErrRecordNotFound = NewError(NotFound, "record.not_found")
	ErrRecordChanged  = NewError(Conflict, "record.changed")
)
