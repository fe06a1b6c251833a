package domain

import "time"

// Draft is what somebody is typing, kept in case that they don't get to save it. It needn't make a valid note.
type Draft struct {
	Key     ID  // the note's id, or for a note that isn't there yet an id of its own
	Base    int // the note's version that it is based on, or 0 for a note that isn't there yet
	Title   string
	Content string
	Tags    string // as typed
	Saved   time.Time
}

// IsNew tells whether the draft is of a note that isn't there yet.
func (d Draft) IsNew() bool { return d.Base == 0 }

// NewDraft returns a draft that can be stored. It is Invalid when a text is too long or can't be stored.
func NewDraft(key ID, base int, title, content, tags string, now time.Time) (Draft, error) {
	d := Draft{Key: key, Base: base, Saved: now}
	var wrong, wrongContent []FieldError
	d.Title, wrong = cleanTitle(title)
	d.Content, wrongContent = cleanContent(content)
	wrong = append(wrong, wrongContent...)
	if text := unstorable(tags); text != "" {
		wrong = append(wrong, FieldError{"tags", text})
	}
	if len(tags) > maxTagsField {
		wrong = append(wrong, FieldError{"tags", "These are too many tags."})
	}
	d.Tags = tags
	return d, NewInvalid(wrong...)
}

// maxTagsField is how many bytes may be typed into the field of tags: as much as the most and longest tags take.
const maxTagsField = 32 << 10
