package domain_test

import (
	"errors"
	"testing"

	"octavo/domain"
	"octavo/domain/textdiff"
)

func TestAMergeIsResolvedByAChoiceForEachCollision(t *testing.T) {
	theirs := newNote(t, "Plan", "theirs")
	base := domain.Revision{NoteFields: domain.NoteFields{Title: "Plan", Content: "base"}}
	m := theirs.MergeDraft(base, domain.NoteDraft{Title: "Plan", Content: "mine"})
	got, err := m.Resolve(domain.MergeChoices{Content: []textdiff.Side{textdiff.Mine}})
	if err != nil || got.Content != "mine" {
		t.Errorf("mine is %q, %v", got.Content, err)
	}
	for _, choices := range [][]textdiff.Side{nil, {""}, {"other"}, {textdiff.Mine, textdiff.Mine}} {
		_, err := m.Resolve(domain.MergeChoices{Content: choices})
		if fields := domain.FieldErrors(err); !errors.Is(err, domain.Invalid) || len(fields) != 1 || fields[0].Field != "choice" {
			t.Errorf("%v gives %v", choices, err)
		}
	}
	collides := newNote(t, "Theirs", "same").MergeDraft(domain.Revision{NoteFields: domain.NoteFields{Title: "Base", Content: "same"}},
		domain.NoteDraft{Title: "Mine", Content: "same"})
	if _, err := collides.Resolve(domain.MergeChoices{}); !errors.Is(err, domain.Invalid) || !collides.TitleCollides {
		t.Errorf("a title without a choice gives %v", err)
	}
}
