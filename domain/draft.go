package domain

import (
	"context"
	"strings"
	"time"

	"octavo/domain/markup"
)

// Draft is what somebody is typing into a form, kept in case they don't get to save it. It needn't make a valid
// note. Each form writes a draft of its own, so that two of the same note don't take each other's words away.
type Draft struct {
	Key  ID  // the form's own
	Note ID  // the note that it is of, or "" for one that isn't there yet
	Base int // the note's version that it is based on, or 0
	NoteDraft
	TagsField string // what the tags were typed as
	Saved     time.Time
}

// IsNew reports whether the draft is of a note that isn't there yet.
func (d Draft) IsNew() bool { return d.Note == "" }

// NewDraft returns what was typed as a draft that can be stored. It is Invalid when a text is too long or can't be
// stored.
func NewDraft(typed Draft, now time.Time) (Draft, error) {
	d := typed
	d.Saved = now
	d.Tags = nil // they needn't be valid
	var wrong []FieldError
	d.NoteDraft, wrong = d.clean()
	d.Tags = SplitTags(d.TagsField)
	if code := unstorable(d.TagsField); code != "" {
		wrong = append(wrong, NewFieldError("tags", code))
	}
	if len(d.TagsField) > maxTagsField {
		wrong = append(wrong, NewFieldError("tags", "tag.field_too_long"))
	}
	return d, NewInvalid(wrong...)
}

// maxTagsField is how many bytes may be typed into the field of tags: as much as the most and longest tags take.
const maxTagsField = 32 << 10

// Called returns what a note that is made of the draft is called, or "" where nothing says that.
func (d Draft) Called() string {
	if d.Title != "" {
		return d.Title
	}
	return markup.TitleOf(d.Content)
}

// IsBlank reports whether nothing is typed.
func (d Draft) IsBlank() bool {
	typed := NoteFields(d.NoteDraft)
	typed.Title, typed.Content = strings.TrimSpace(typed.Title), strings.TrimSpace(typed.Content)
	return typed.Equal(NoteFields{}) && strings.TrimSpace(d.TagsField) == ""
}

// Changes reports whether saving the draft would have the note say something else.
func (d Draft) Changes(n Note) bool {
	stored := n.Draft()
	typed := d.Cleaned().completed(stored)
	if typed.Title == n.Title {
		typed.Title = stored.Title
	}
	return !NoteFields(typed).Equal(NoteFields(stored))
}

// DraftReader reads what one user is typing in a space.
type DraftReader interface {
	// Get returns a draft, or NotFound.
	Get(ctx context.Context, key ID) (Draft, error)
	// List returns at most limit drafts of a note, or of notes that aren't there yet when note is "", the last saved
	// first.
	List(ctx context.Context, note ID, limit int) ([]Draft, error)
}

// Drafts keeps what one user is typing in a space.
type Drafts interface {
	DraftReader
	// Put stores a draft over the one with its key, if there is one. It returns Conflict when the draft is of a new note
	// and its key is one of Creations: the note has been saved. It returns NotFound when it is of a note that isn't
	// there.
	Put(ctx context.Context, d Draft) error
	// Remove removes a draft. It does nothing when there is none.
	Remove(ctx context.Context, key ID) error
}

// What keeps a draft from being found or put.
var (
	ErrDraftNotFound = NewError(NotFound, "draft.not_found")
	ErrDraftSaved    = NewError(Conflict, "draft.saved")
)
