package domain

import (
	"errors"
	"time"

	"octavo/domain/textdiff"
)

// NoteMerge brings together a draft and a note that has been changed since the draft was begun.
type NoteMerge struct {
	Base   NoteDraft // what both began from
	Mine   NoteDraft
	Theirs NoteDraft

	TitleCollides bool
	Content       textdiff.Merged

	both NoteDraft // but for the content
}

// MergeDraft brings together draft, which was written upon base, and what the note says now.
func (n Note) MergeDraft(base Revision, draft NoteDraft) NoteMerge {
	m := NoteMerge{Base: base.Draft(), Theirs: n.Draft()}
	m.Mine = draft.Cleaned().completed(m.Base)
	var agreed bool
	m.both, agreed = merged(m.Base, m.Mine, m.Theirs)
	m.TitleCollides = !agreed
	m.Content = textdiff.Merge(m.Base.Content, m.Mine.Content, m.Theirs.Content)
	return m
}

// Collides reports whether somebody has to choose.
func (m NoteMerge) Collides() bool { return m.TitleCollides || m.Content.Collisions() > 0 }

// Idle reports whether the draft changes nothing of what it was begun from.
func (m NoteMerge) Idle() bool { return NoteFields(m.Mine).Equal(NoteFields(m.Base)) }

// MergeChoices is what somebody chose where a draft and a note collide.
type MergeChoices struct {
	Title   textdiff.Side   // where the titles collide
	Content []textdiff.Side // one for each collision, in their order
}

// Resolve returns the draft that comes of choices. A choice that is missing is Invalid.
func (m NoteMerge) Resolve(choices MergeChoices) (NoteDraft, error) {
	draft := m.both
	if m.TitleCollides {
		switch choices.Title {
		case textdiff.Mine:
			draft.Title = m.Mine.Title
		case textdiff.Theirs:
			draft.Title = m.Theirs.Title
		default:
			return NoteDraft{}, NewInvalid(NewFieldError("choice", "merge.title_missing"))
		}
	}
	content, err := m.Content.Resolve(choices.Content)
	switch {
	case errors.Is(err, textdiff.ErrMissing):
		return NoteDraft{}, NewInvalid(NewFieldError("choice", "merge.choices_missing"))
	case err != nil:
		return NoteDraft{}, NewInvalid(NewFieldError("choice", "merge.choice_unknown"))
	}
	draft.Content = content
	return draft, nil
}

// TakenBack returns the note as it was before an action, of which u remembers where it was and r what it said, and
// whether that changes anything.
func (n Note) TakenBack(u UndoNote, r Revision, now time.Time) (before Note, changed bool) {
	before = n
	before.Version++
	if n.Version == u.Version { // otherwise it has been moved or pinned since
		if u.State != n.State {
			before.State, before.Moved = u.State, now
		}
		before.Pinned = u.Pinned
	}
	if u.Saved != n.Saved {
		before.NoteFields, before.Updated = r.NoteFields, now
		before.Author, before.Share = n.Author, n.Share
		before.Saved = before.Version
		before = before.Reread()
	}
	return before, before.State != n.State || before.Pinned != n.Pinned || before.Saved != n.Saved
}
