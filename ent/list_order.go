package ent

import (
	"context"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"octavo/domain"
	"octavo/ent/gen/note"
	"octavo/ent/gen/notetag"
)

// maxSorted is how many notes of a tag are sorted to list some of them by what note_tags doesn't repeat: when they were made,
// or their titles. An index for each of those would be written to by every change of a note, once for each of its tags.
// To sort so many takes 3 ms with SQLite and 12 ms with MariaDB. Where a tag has more of them, its list is read along
// that of all notes, which finds one soon enough: with 100,000 notes it looks at some 2,000 for a page. At worst, if
// all notes of the tag come last, it looks at every note.
const maxSorted = 1000

// listOrder is how a list is read.
type listOrder struct {
	columns   []string // by which it is sorted
	ascending bool     // or descending
	index     string   // of all notes in the order, or "" where the notes of a tag are read by themselves
	among     func(*entsql.Selector)
}

// sort has a query return the list in its order.
func (o listOrder) sort(s *entsql.Selector) {
	if o.ascending {
		ascending[func(*entsql.Selector)](o.columns...)(s)
	} else {
		descending[func(*entsql.Selector)](o.columns...)(s)
	}
}

// orderOf returns how the list that a filter has is read.
func (r notes) orderOf(ctx context.Context, filter domain.NoteFilter) (o listOrder, err error) {
	switch filter.Order {
	case domain.ByCreated:
		o.columns, o.index = []string{note.FieldPinned, note.FieldCreatedAt, note.FieldID}, "notes_created"
	case domain.ByTitle:
		o.columns, o.index, o.ascending = []string{note.FieldTitlePlace, note.FieldID}, "notes_titled", true
	default:
		o.columns, o.index = []string{note.FieldPinned, note.FieldListedAt, note.FieldID}, "notes_listed"
	}
	if filter.Tag == "" {
		o.among = r.inState(filter)
		return o, nil
	}
	t := entsql.Dialect(r.text.dialect).Table(notetag.Table).As("t")
	if filter.Order == domain.ByEdited {
		o.columns, o.index = t.Columns(notetag.FieldPinned, notetag.FieldListedAt, notetag.FieldNoteID), ""
		o.among = r.tagged(t, filter)
		return o, nil
	}
	beyond, err := r.read.NoteTag.Query().
		Where(notetag.SpaceID(r.space), notetag.TagKey(storedKey(filter.Tag)), notetag.State(string(filter.State))).
		Offset(maxSorted).
		Limit(1).
		Select(notetag.FieldNoteID).
		Strings(ctx)
	if err != nil {
		return listOrder{}, r.listFailure(ctx, err)
	}
	if len(beyond) > 0 {
		o.among = r.inStateTagged(t, filter)
	} else {
		o.among, o.index = r.fewTagged(t, filter), ""
	}
	return o, nil
}

// inState has a query find all notes in a state.
func (r notes) inState(filter domain.NoteFilter) func(*entsql.Selector) {
	return func(s *entsql.Selector) {
		s.Where(entsql.And(entsql.EQ(s.C(note.FieldSpaceID), r.space), entsql.EQ(s.C(note.FieldState), string(filter.State))))
	}
}

// tagged has a query find the notes of a tag by t, the rows that have them in order.
func (r notes) tagged(t *entsql.SelectTable, filter domain.NoteFilter) func(*entsql.Selector) {
	return func(s *entsql.Selector) {
		s.Join(t).On(t.C(notetag.FieldNoteID), s.C(note.FieldID)).Where(entsql.And(
			entsql.EQ(t.C(notetag.FieldSpaceID), r.space),
			entsql.EQ(t.C(notetag.FieldTagKey), storedKey(filter.Tag)),
			entsql.EQ(t.C(notetag.FieldState), string(filter.State)),
		))
	}
}

// fewTagged has a query find the notes of a tag that has no more than are sorted, from the tag on.
func (r notes) fewTagged(t *entsql.SelectTable, filter domain.NoteFilter) func(*entsql.Selector) {
	if r.text.dialect != dialect.MySQL {
		return r.tagged(t, filter)
	}
	return func(s *entsql.Selector) { // MariaDB begins with all notes, unless it is told that those of the tag are few
		ids := entsql.Dialect(dialect.MySQL).Select(t.C(notetag.FieldNoteID)).From(t).Where(entsql.And(
			entsql.EQ(t.C(notetag.FieldSpaceID), r.space),
			entsql.EQ(t.C(notetag.FieldTagKey), storedKey(filter.Tag)),
			entsql.EQ(t.C(notetag.FieldState), string(filter.State)),
		)).Limit(2 * maxSorted).As("few") // some may have just been added
		s.Join(ids).On(s.C(note.FieldID), ids.C(notetag.FieldNoteID))
	}
}

// inStateTagged has a query find the notes of a tag among all of those in a state. It counts the rows that give one the tag: a
// database might take the question whether there is any for a join, and begin with the tag.
func (r notes) inStateTagged(t *entsql.SelectTable, filter domain.NoteFilter) func(*entsql.Selector) {
	return func(s *entsql.Selector) {
		r.inState(filter)(s)
		taggings := entsql.Dialect(r.text.dialect).Select(entsql.Count("*")).From(t).Where(entsql.And(
			entsql.ColumnsEQ(t.C(notetag.FieldNoteID), s.C(note.FieldID)),
			entsql.EQ(t.C(notetag.FieldTagKey), storedKey(filter.Tag)),
		))
		s.Where(entsql.P(func(b *entsql.Builder) {
			b.Wrap(func(b *entsql.Builder) { b.Join(taggings) }).WriteString(" > 0")
		}))
	}
}
