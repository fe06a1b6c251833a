package domain_test

import (
	"testing"
	"time"

	"octavo/domain"
)

func TestWhatOnePersonSavedWithinTenMinutesIsOneSession(t *testing.T) {
	older := domain.RevisionSummary{Version: 1, Saved: now, Author: "a"}
	for _, c := range []struct {
		pause  time.Duration
		author domain.ID
		same   bool
	}{
		{0, "a", true},
		{10 * time.Minute, "a", true},
		{10*time.Minute + time.Microsecond, "a", false},
		{0, "b", false},
		{0, "", false},
	} {
		newer := domain.RevisionSummary{Version: 2, Saved: now.Add(c.pause), Author: c.author}
		wantEqual(t, older.SameSession(newer), c.same)
	}
}

func TestARevisionBringsBackWhatANoteSaid(t *testing.T) {
	n := newNote(t, "", "First\nsecond é")
	n.Tags = []domain.Tag{"b", "a"}
	r := n.Revision()
	wantEqual(t, r.Summary(), domain.RevisionSummary{Version: 1, Title: "First", Size: len(n.Content), Saved: now})
	wantEqual(t, r.Draft(), domain.NoteDraft{Content: "First\nsecond é", Tags: []domain.Tag{"b", "a"}})

	edited, err := n.Edited(domain.NoteDraft{Title: "other", Tags: []domain.Tag{}}, 1, now.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	back, err := edited.Edited(r.Draft(), 2, now.Add(2*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	again := back.Revision()
	again.Version, again.Saved = r.Version, r.Saved
	wantEqual(t, again, r)
}
