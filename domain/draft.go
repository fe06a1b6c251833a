package domain

import (
	"context"
	"strconv"
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
	Captured  bool   // it is typed into the form on top of the list
	Saved     time.Time
}

// Expires returns when the draft goes unless it is changed before.
func (d Draft) Expires() time.Time { return d.Saved.Add(DraftLife) }

// DraftEnding is how a draft has come to its end. What has ended isn't found any more, and nothing is put under its key: a
// request that was long on its way must not bring it back.
type DraftEnding string

// The ends of a draft.
const (
	DraftSaved     DraftEnding = "saved"     // it has become a note, or a part of one
	DraftDiscarded DraftEnding = "discarded" // it can be brought back for UndoLife
	DraftExpired   DraftEnding = "expired"   // it wasn't changed for DraftLife, and its owner hasn't been told yet
)

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
	// All returns at most limit drafts, whatever they are of, the last saved first.
	All(ctx context.Context, limit int) ([]Draft, error)
	// Captured returns the last saved of the drafts that are Captured, or NotFound.
	Captured(ctx context.Context) (Draft, error)
}

// DraftsVersion returns a text that says which drafts a list has, in its order, and when each was saved: it is another one
// whenever any of them says anything else.
func DraftsVersion(list []Draft) string {
	var text []byte
	for _, d := range list {
		text = append(append(text, d.Key...), '.')
		text = append(strconv.AppendInt(text, d.Saved.UnixMicro(), 10), ' ')
	}
	return string(text)
}

// Drafts keeps what one user is typing in a space.
type Drafts interface {
	DraftReader
	// Put stores a draft over the one with its key, if there is one. It returns ErrDraftEnded when that one has come to an
	// end, and NotFound when the draft is of a note that isn't there.
	Put(ctx context.Context, d Draft) error
	// Remove removes a draft, and remembers nothing of it. It does nothing when there is none, or when it
	// has ended.
	Remove(ctx context.Context, key ID) error
	// End ends the draft with a key as DraftSaved, whether or not one was put, and forgets what it says.
	End(ctx context.Context, key ID, now time.Time) error
	// Discard ends a draft as DraftDiscarded. It reports whether there was one.
	Discard(ctx context.Context, key ID, now time.Time) (bool, error)
	// DiscardAll ends all drafts as DraftDiscarded, and returns how many.
	DiscardAll(ctx context.Context, now time.Time) (int, error)
	// Restore brings the drafts back that have been discarded at a time, and returns how many. Those that would expire at
	// once count as saved now.
	Restore(ctx context.Context, discarded, now time.Time) (int, error)
	// TellExpired has those that are DraftExpired be DraftDiscarded, and returns how many.
	TellExpired(ctx context.Context, now time.Time) (int, error)
}

// What keeps a draft from being found or put.
var (
	ErrDraftNotFound = NewError(NotFound, "draft.not_found")
	ErrDraftEnded    = NewError(Conflict, "draft.ended")
)
