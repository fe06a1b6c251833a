package domaintest

import (
	"testing"
	"time"

	"octavo/domain"
)

// wantLed checks which notes of Alice's link to one of some titles.
func (f *fixture) wantLed(t *testing.T, want string, to ...string) {
	t.Helper()
	var keys []string
	for _, title := range to {
		keys = append(keys, domain.TitleKey(title))
	}
	list, err := f.Links(f.alice.Read()).Linking(f.ctx, keys, "", 100)
	must(t, err)
	if got := titles(list); got != want {
		t.Errorf("%q link to %q, want %q", got, to, want)
	}
}

func aliasesLead(t *testing.T, f *fixture) {
	n := f.addText(t, "One", "---\naliases: [First, The  Plan]\n---\n")
	f.wantTitled(t, "first", n.ID)
	f.wantTitled(t, "THE PLAN", n.ID)
	f.later(time.Second)
	other := f.addText(t, "Two", "---\nalias: first\n---\n")
	f.wantTitled(t, "first", n.ID)
	f.later(time.Second)
	called := f.addNote(t, "First")
	f.wantTitled(t, "first", called.ID)
	found, err := f.Links(f.alice.Read()).Titled(f.ctx, "first", "the plan", "nothing")
	must(t, err)
	wantEqual(t, found, map[string]domain.NoteTitle{
		"first":    {ID: called.ID, Title: "First", Excerpt: called.Excerpt, Version: 1},
		"the plan": {ID: n.ID, Title: "One", Excerpt: n.Excerpt, Version: 1},
	})

	called = f.move(t, called, domain.Trashed)
	f.wantTitled(t, "first", n.ID)
	n = f.edit(t, n, "One", "---\naliases: [FIRST]\n---\n")
	f.wantTitled(t, "first", n.ID)
	f.wantTitled(t, "the plan", "")
	n = f.move(t, n, domain.Trashed)
	f.wantTitled(t, "first", other.ID)
	must(t, f.notes.Remove(f.ctx, other.ID))
	f.wantTitled(t, "first", "")
	f.edit(t, f.move(t, n, domain.Active), "One", "none")
	f.wantTitled(t, "first", "")
	must(t, f.notes.Remove(f.ctx, called.ID))
}

func aliasesComplete(t *testing.T, f *fixture) {
	n := f.addText(t, "Garden", "---\naliases: [Yard, Garage]\n---\n")
	gate := f.addText(t, "Gate", "---\naliases: [Garden, Way in]\n---\n")
	trashed := f.move(t, f.addText(t, "Gone", "---\naliases: [Gap]\n---\n"), domain.Trashed)
	list, err := f.Links(f.alice.Read()).Titles(f.ctx, "ga", 10)
	must(t, err)
	wantEqual(t, list, []domain.NoteTitle{{ID: n.ID, Title: "Garage"}, {ID: n.ID, Title: "Garden"}, {ID: gate.ID, Title: "Gate"}})
	list, err = f.Links(f.alice.Read()).Titles(f.ctx, "ga", 2)
	must(t, err)
	wantEqual(t, len(list), 2)
	f.move(t, trashed, domain.Active)
	list, err = f.Links(f.alice.Read()).Titles(f.ctx, "gap", 10)
	must(t, err)
	wantEqual(t, list, []domain.NoteTitle{{ID: trashed.ID, Title: "Gap"}})
}

func pathsLead(t *testing.T, f *fixture) {
	one := f.addText(t, "one", "[[Folder/Plan]] [x](a/Plan.md) ![[pics/p.png]]")
	f.addText(t, "two", "[[Plan]] and [[b/Plan]]")
	f.wantLed(t, "one two", "Plan")
	f.wantLed(t, "one", "Folder/Plan")
	f.wantLed(t, "one", "p.png")
	f.wantLed(t, "one two", "p.png", "b/plan", "plan")

	whole := f.addText(t, "Folder/Plan", "---\naliases: [a/plan]\n---\n")
	f.wantLed(t, "two", "Plan")
	f.wantLed(t, "one", "Folder/Plan", "a/plan")
	whole = f.move(t, whole, domain.Trashed)
	f.wantLed(t, "one two", "Plan")
	f.move(t, whole, domain.Active)
	one = f.edit(t, one, "one", "[[c/Plan]]")
	f.wantLed(t, "one two", "Plan")
	f.wantLed(t, "", "p.png")
	must(t, f.notes.Remove(f.ctx, one.ID))
	f.wantLed(t, "two", "Plan")
	f.wantLed(t, "")
}

func pathsByPage(t *testing.T, f *fixture) {
	for range 7 {
		f.addText(t, "n", "[[a/Plan]] [[b/Plan]] [[Plan]]")
	}
	paged := inPages(t, func(after *domain.NoteSummary) ([]domain.NoteSummary, error) {
		var id domain.ID
		if after != nil {
			id = after.ID
		}
		return f.Links(f.alice.Read()).Linking(f.ctx, []string{"plan", "a/plan"}, id, 3)
	})
	wantEqual(t, len(paged), 7)
}
