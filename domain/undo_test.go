package domain_test

import (
	"testing"
	"time"

	"octavo/domain"
)

func TestAnUndoRemembersHowNotesWereAndWhatVersionTheyHaveNow(t *testing.T) {
	u := domain.NewUndo(now)
	wantEqual(t, u.Created, now)
	wantEqual(t, u.Unfinished(), false)
	if _, ok := domain.ParseID(string(u.ID)); !ok {
		t.Errorf("id %q can't be read back", u.ID)
	}
	before := newNote(t, "t", "")
	before.Version, before.Saved, before.State, before.Pinned = 7, 4, domain.Archived, true
	after, _ := before.MovedTo(domain.Trashed, now)
	other := newNote(t, "other", "")
	edited, err := other.Edited(domain.NoteDraft{Title: "another"}, 1, now)
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, domain.NewUndoNote(before, after),
		domain.UndoNote{ID: before.ID, Version: 8, Saved: 4, State: domain.Archived, Pinned: true})
	wantEqual(t, domain.NewUndoNote(other, edited), domain.UndoNote{ID: other.ID, Version: 2, Saved: 1, State: domain.Active})
}

func TestAnUndoEndsAfterADay(t *testing.T) {
	u := domain.NewUndo(now)
	wantEqual(t, u.Ended(now.Add(24*time.Hour-time.Microsecond)), false)
	wantEqual(t, u.Ended(now.Add(24*time.Hour)), true)
}
