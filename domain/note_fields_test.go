package domain_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/domaintest"
)

// Each field that a person chooses for a note is known wherever the fields are compared, copied or brought together.

// eachField runs a test with a note, and the note after one of its fields has been changed.
func eachField(t *testing.T, test func(t *testing.T, c domaintest.FieldChange, before, after domain.Note)) {
	t.Helper()
	for _, c := range domaintest.FieldChanges(t) {
		t.Run(c.Field, func(t *testing.T) {
			before, err := domain.NewNote(c.Before, now)
			if err != nil {
				t.Fatal(err)
			}
			test(t, c, before, editedTo(t, before, c.After))
		})
	}
}

func editedTo(t *testing.T, n domain.Note, draft domain.NoteDraft) domain.Note {
	t.Helper()
	edited, err := n.Edited(draft, n.Version, now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	return edited
}

func TestAChangeOfAnyFieldIsOne(t *testing.T) {
	eachField(t, func(t *testing.T, c domaintest.FieldChange, before, after domain.Note) {
		wantEqual(t, after.Saved, before.Saved+1)
		wantEqual(t, after.NoteFields, domain.NoteFields(c.After))
		wantEqual(t, before.Equal(after.NoteFields), false)
		wantEqual(t, editedTo(t, after, c.Before).NoteFields, before.NoteFields)
	})
}

func TestAContributorMayReplaceNoField(t *testing.T) {
	access, err := domain.NewMembership("space", "user", domain.RoleContributor).Write()
	if err != nil {
		t.Fatal(err)
	}
	eachField(t, func(t *testing.T, _ domaintest.FieldChange, before, after domain.Note) {
		if err := access.MayChange(before, after); !errors.Is(err, domain.Forbidden) {
			t.Errorf("got %v", err)
		}
	})
}

func TestDraftsThatDifferInAnyFieldHaveDifferentFingerprints(t *testing.T) {
	eachField(t, func(t *testing.T, c domaintest.FieldChange, _, _ domain.Note) {
		if c.Before.Fingerprint() == c.After.Fingerprint() {
			t.Error("they have the same")
		}
	})
}

func TestADraftWithAnyFieldIsNotBlank(t *testing.T) {
	for _, c := range domaintest.FieldChanges(t) {
		t.Run(c.Field, func(t *testing.T) {
			var typed domain.NoteDraft
			reflect.ValueOf(&typed).Elem().FieldByName(c.Field).Set(reflect.ValueOf(c.After).FieldByName(c.Field))
			if (domain.Draft{NoteDraft: typed}).IsBlank() {
				t.Error("it is")
			}
		})
	}
	for _, blank := range []domain.Draft{{}, {NoteDraft: domain.NoteDraft{Title: " ", Content: "\n", Tags: []domain.Tag{}}, TagsField: " "}} {
		if !blank.IsBlank() {
			t.Errorf("%+v isn't", blank)
		}
	}
}

// What was hashed by the version before is recognized when the same request comes again.
func TestAFingerprintStaysAsItIs(t *testing.T) {
	draft := domain.NoteDraft{Title: " Plan ", Content: "one\r\ntwo", Tags: []domain.Tag{"#a", "b"}}
	wantEqual(t, draft.Fingerprint(), domain.HashToken("Plan\x00one\ntwo\x00a\x00b"))
}

func TestADraftHasEachFieldOfTheNoteAndBringsItBack(t *testing.T) {
	eachField(t, func(t *testing.T, _ domaintest.FieldChange, before, after domain.Note) {
		draft := before.Draft()
		kept, err := domain.NewDraft(domain.Draft{Note: before.ID, NoteDraft: draft, TagsField: "one same"}, now)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, kept.NoteDraft, draft)
		wantEqual(t, kept.Changes(before), false)
		wantEqual(t, kept.Changes(after), true)
		wantEqual(t, editedTo(t, after, kept.NoteDraft).NoteFields, before.NoteFields)
	})
}

func TestARevisionAndAnUndoBringEachFieldBack(t *testing.T) {
	eachField(t, func(t *testing.T, _ domaintest.FieldChange, before, after domain.Note) {
		wantEqual(t, editedTo(t, after, before.Revision().Draft()).NoteFields, before.NoteFields)
		back, changed := after.TakenBack(domain.NewUndoNote(before, after), before.Revision(), now)
		wantEqual(t, back.NoteFields, before.NoteFields)
		wantEqual(t, changed, true)
	})
}

func TestAMergeHasTheFieldThatEitherSideHasChanged(t *testing.T) {
	eachField(t, func(t *testing.T, c domaintest.FieldChange, before, after domain.Note) {
		resolved := func(m domain.NoteMerge) domain.NoteFields {
			t.Helper()
			both, err := m.Resolve(domain.MergeChoices{})
			if err != nil {
				t.Fatal(err)
			}
			return editedTo(t, before, both).NoteFields
		}
		mine := before.MergeDraft(before.Revision(), c.After)
		wantEqual(t, mine.Idle(), false)
		wantEqual(t, resolved(mine), after.NoteFields)
		theirs := after.MergeDraft(before.Revision(), c.Before)
		wantEqual(t, theirs.Idle(), true)
		wantEqual(t, resolved(theirs), after.NoteFields)
	})
}
