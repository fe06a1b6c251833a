package domaintest

import (
	"reflect"
	"testing"

	"octavo/domain"
)

// FieldChange is a change of one of the fields that a person chooses for a note, and of no other.
type FieldChange struct {
	Field         string
	Before, After domain.NoteDraft
}

// fieldValues are two values that each field may have, by its name.
var fieldValues = map[string][2]any{
	"Title":   {"One title", "Another title"},
	"Content": {"One text\n", "Another text\n"},
	"Tags":    {[]domain.Tag{"one", "same"}, []domain.Tag{"same", "another"}},
}

// FieldChanges returns a change of each field. A test goes through them where code treats the fields one by one and may
// forget one of them.
func FieldChanges(t testing.TB) (list []FieldChange) {
	t.Helper()
	of := reflect.TypeFor[domain.NoteDraft]()
	var before domain.NoteDraft
	for i := range of.NumField() {
		if name := of.Field(i).Name; name != "Author" && name != "Share" {
			values, known := fieldValues[name]
			if !known {
				t.Fatalf("domaintest has no values of a note's field %s", name)
			}
			reflect.ValueOf(&before).Elem().Field(i).Set(reflect.ValueOf(values[0]))
			list = append(list, FieldChange{Field: name})
		}
	}
	for i := range list {
		c := &list[i]
		c.Before, c.After = before, before
		reflect.ValueOf(&c.After).Elem().FieldByName(c.Field).Set(reflect.ValueOf(fieldValues[c.Field][1]))
	}
	return list
}

// fieldsKept stores each field in each of the places that have it.
func fieldsKept(t *testing.T, f *fixture) {
	for _, c := range FieldChanges(t) {
		t.Run(c.Field, func(t *testing.T) {
			n, err := domain.NewNote(c.Before, f.now)
			must(t, err)
			must(t, f.notes.Add(f.ctx, n))
			wantNote(t, f.notes, n)
			n.Author = f.alice.User()
			said := n.Revision()
			n, err = n.Edited(c.After, n.Version, f.now)
			must(t, err)
			must(t, f.notes.Update(f.ctx, n, n.Version-1))
			wantNote(t, f.notes, n)

			must(t, f.Revisions(f.alice).Add(f.ctx, said))
			again := n.Revision()
			must(t, f.Revisions(f.alice).AddMany(f.ctx, []domain.Revision{again, {Note: n.ID, Version: 3, NoteFields: n.NoteFields, Saved: f.now}}))
			for _, want := range []domain.Revision{said, again} {
				got, err := f.Revisions(f.alice).At(f.ctx, n.ID, want.Version)
				must(t, err)
				wantEqual(t, got, want)
			}

			d := domain.Draft{Key: domain.NewID(), Note: n.ID}
			for _, typed := range []domain.NoteDraft{c.Before, c.After} {
				d.NoteDraft, d.TagsField = typed, string(typed.Tags[0])
				kept, err := domain.NewDraft(d, f.now)
				must(t, err)
				must(t, f.Drafts(f.alice).Put(f.ctx, kept))
				f.wantDraft(t, kept)
			}
		})
	}
}
