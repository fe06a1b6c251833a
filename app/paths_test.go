package app_test

import (
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

func TestLinksByAPathFollowANewTitleWhereTheyLeadToIt(t *testing.T) {
	features := app.New(newStore(), new(memory.Blobs), domain.SystemClock{})
	notes := features.Notes()
	create := func(title, content string) domain.Note {
		return must(notes.Create(t.Context(), owner, domain.NoteDraft{Title: title, Content: content}))(t)
	}
	plan := create("Plan", "x")
	create("Work/Plan", "x")
	n := create("n", "[[Home/Plan]] [a](Home/Plan.md#x) [[Work/Plan]] ![[Plan]]")
	must(features.Editing().Update(t.Context(), owner, plan.ID, ifVersion(1), domain.NoteDraft{Title: "New", Content: "x"}))(t)
	content := must(notes.Get(t.Context(), owner.Read(), n.ID))(t).Content
	if content != "[[Home/New]] [a](Home/New.md#x) [[Work/Plan]] ![[New]]" {
		t.Errorf("the links say %q", content)
	}
	targets := must(features.Links().Targets(t.Context(), owner.Read(), content))(t).Titles
	if targets["Home/New"].Note.ID != plan.ID || targets["Work/Plan"].Note.Title != "Work/Plan" {
		t.Errorf("the links lead to %v", targets)
	}
}
