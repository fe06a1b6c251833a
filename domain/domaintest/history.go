package domaintest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// revision returns a revision of a note of Alice's.
func (f *fixture) revision(note domain.ID, version int) domain.Revision {
	return domain.Revision{
		Note: note, Version: version, Saved: f.now.Add(time.Duration(version) * time.Minute),
		NoteFields: domain.NoteFields{
			Title: fmt.Sprintf("v%d", version), Content: fmt.Sprintf("vérsion %d", version),
			Tags: []domain.Tag{"b", "A/c"}, Author: f.alice.User(),
		},
	}
}

// addRevisions stores revisions of a note of Alice's, in the order given.
func (f *fixture) addRevisions(t *testing.T, note domain.ID, versions ...int) {
	t.Helper()
	for _, version := range versions {
		must(t, f.Revisions(f.alice).Add(f.ctx, f.revision(note, version)))
	}
}

func revisionRoundTrip(t *testing.T, f *fixture) {
	n := f.addNote(t, "n")
	plain := f.revision(n.ID, 1)
	plain.Tags, plain.Author, plain.Content = nil, "", "👩‍👩‍👧 e\u0301 ' \" \\ %\n\t"
	full := f.revision(n.ID, 2)
	largest := f.revision(n.ID, 3)
	big := f.largest(t)
	largest.Title, largest.Content, largest.Tags = big.Title, big.Content, big.Tags
	for _, r := range []domain.Revision{plain, full, largest} {
		must(t, f.Revisions(f.alice).Add(f.ctx, r))
		got, err := f.Revisions(f.alice).At(f.ctx, n.ID, r.Version)
		must(t, err)
		wantEqual(t, got, r)
	}
	list, err := f.Revisions(f.alice).List(f.ctx, n.ID, 0, 10)
	must(t, err)
	wantEqual(t, list, []domain.RevisionSummary{largest.Summary(), full.Summary(), plain.Summary()})

	n = f.edit(t, n, "another title", "another text")
	n = f.move(t, n, domain.Trashed)
	for _, r := range []domain.Revision{plain, full, largest} { // which what happens to the note doesn't touch
		got, err := f.Revisions(f.alice).At(f.ctx, n.ID, r.Version)
		must(t, err)
		wantEqual(t, got, r)
	}
}

func revisionAt(t *testing.T, f *fixture) {
	n, other := f.addNote(t, "n"), f.addNote(t, "other")
	f.addRevisions(t, n.ID, 3, 7, 5)
	f.addRevisions(t, other.ID, 4, 6)
	for at, want := range map[int]int{3: 3, 4: 3, 5: 5, 6: 5, 7: 7, 100: 7} {
		got, err := f.Revisions(f.alice).At(f.ctx, n.ID, at)
		must(t, err)
		wantEqual(t, got, f.revision(n.ID, want))
	}
	for _, at := range []int{2, 0, -1} {
		_, err := f.Revisions(f.alice).At(f.ctx, n.ID, at)
		wantKind(t, err, domain.NotFound)
	}
	_, err := f.Revisions(f.alice).At(f.ctx, f.addNote(t, "new").ID, 1)
	wantKind(t, err, domain.NotFound)
}

func revisionsByPage(t *testing.T, f *fixture) {
	n, other := f.addNote(t, "n"), f.addNote(t, "other")
	f.addRevisions(t, n.ID, 1, 2, 4, 7, 8, 9, 12)
	f.addRevisions(t, other.ID, 3, 5)
	paged := inPages(t, func(after *domain.RevisionSummary) ([]domain.RevisionSummary, error) {
		if after == nil {
			return f.Revisions(f.alice).List(f.ctx, n.ID, 0, 3)
		}
		return f.Revisions(f.alice).List(f.ctx, n.ID, after.Version, 3)
	})
	var want []domain.RevisionSummary
	for _, version := range []int{12, 9, 8, 7, 4, 2, 1} {
		want = append(want, f.revision(n.ID, version).Summary())
	}
	wantEqual(t, paged, want)
	before, err := f.Revisions(f.alice).List(f.ctx, n.ID, 6, 1) // which is no version of its
	must(t, err)
	wantEqual(t, before, want[4:5])
}

func revisionTaken(t *testing.T, f *fixture) {
	n, other := f.addNote(t, "n"), f.addNote(t, "other")
	f.addRevisions(t, n.ID, 1)
	again := f.revision(n.ID, 1)
	again.Title = "another"
	wantKind(t, f.Revisions(f.alice).Add(f.ctx, again), domain.Conflict)
	got, err := f.Revisions(f.alice).At(f.ctx, n.ID, 1)
	must(t, err)
	wantEqual(t, got, f.revision(n.ID, 1))
	f.addRevisions(t, other.ID, 1)
}

func undoRoundTrip(t *testing.T, f *fixture) {
	u := domain.NewUndo(f.now)
	u.Said = []domain.Message{domain.NewMessage("undo.trashed", "count", 10000), domain.NewMessage("undo.unfinished")}
	u.Leader = domain.UndoNote{ID: domain.NewID(), Version: 7, Saved: 3, State: domain.Archived, Pinned: true}
	small := domain.NewUndo(f.now)
	undos := f.Undos(f.alice)
	must(t, undos.Add(f.ctx, u))
	must(t, undos.Add(f.ctx, small))
	var notes []domain.UndoNote
	for i := range 10_000 {
		notes = append(notes, domain.UndoNote{
			ID: domain.NewID(), Version: i + 2, Saved: i + 1, State: domain.Archived, Pinned: i%2 == 0,
		})
	}
	for piece := range slices.Chunk(notes, 3000) {
		must(t, undos.Remember(f.ctx, u.ID, piece))
	}
	again := notes[5]
	again.Version, again.Saved, again.State, again.Pinned = 20, 10, domain.Active, !again.Pinned
	must(t, undos.Remember(f.ctx, u.ID, []domain.UndoNote{again})) // which knows how the note was before all of it
	notes[5].Version = 20
	slices.SortFunc(notes, func(a, b domain.UndoNote) int { return strings.Compare(string(a.ID), string(b.ID)) })

	got, err := undos.Get(f.ctx, u.ID)
	must(t, err)
	wantEqual(t, got, u)
	paged := inPages(t, func(after *domain.UndoNote) ([]domain.UndoNote, error) {
		if after == nil {
			return undos.Notes(f.ctx, u.ID, "", 3000)
		}
		return undos.Notes(f.ctx, u.ID, after.ID, 3000)
	})
	if !equalTo(paged, notes) {
		t.Errorf("the %d notes came back as %d others", len(notes), len(paged))
	}

	for _, foreign := range []domain.ID{u.ID, domain.NewID()} {
		others := f.Undos(f.bob)
		wantKind(t, others.Remember(f.ctx, foreign, notes[:1]), domain.NotFound)
		wantKind(t, others.Update(f.ctx, domain.Undo{ID: foreign, Said: []domain.Message{domain.NewMessage("undo.saved")}}), domain.NotFound)
		list, err := others.Notes(f.ctx, foreign, "", 10)
		must(t, err)
		wantEqual(t, len(list), 0)
	}
	must(t, undos.Remove(f.ctx, u.ID))
	_, err = undos.Get(f.ctx, u.ID)
	wantKind(t, err, domain.NotFound)
	must(t, undos.Remove(f.ctx, u.ID))
	left, err := undos.Notes(f.ctx, u.ID, "", 10)
	must(t, err)
	wantEqual(t, len(left), 0)
	got, err = undos.Get(f.ctx, small.ID)
	must(t, err)
	wantEqual(t, got, small)
}

// finishing returns the access with which what somebody has begun is gone on with.
func (f *fixture) finishing(t *testing.T, began domain.WriteAccess) domain.WriteAccess {
	t.Helper()
	access, err := domain.NewMembership(began.Space(), began.User(), domain.RoleEditor).Write()
	must(t, err)
	return access
}

func unfinishedUndos(t *testing.T, f *fixture) {
	u, theirs := domain.NewUndo(f.now), domain.NewUndo(f.now.Add(time.Second))
	u.Rest = domain.Rest{
		Steps: []domain.Step{{Kind: domain.StepLinks, Note: domain.NewID(), From: "old „é“"}, {Kind: domain.StepTag, From: "a", To: "B"}},
		After: domain.NewID(), Back: true, Said: domain.Message{Code: "undo.renamed", Args: domain.Args{"from": "old „é“", "to": "B"}}, Notes: 1, Left: 2, Followed: 3, NotFollowed: 4, Taken: true,
		Retitled: map[domain.ID]int{domain.NewID(): 2},
	}
	theirs.Rest.Steps = u.Rest.Steps[:1]
	must(t, f.Undos(f.bob).Add(f.ctx, theirs))
	must(t, f.Undos(f.alice).Add(f.ctx, u))
	must(t, f.Undos(f.alice).Add(f.ctx, domain.NewUndo(f.now)))
	wantUnfinished := func(after domain.ID, limit int, want ...domain.UnfinishedUndo) {
		t.Helper()
		list, err := f.Housekeeping().Unfinished(f.ctx, after, limit)
		must(t, err)
		wantEqual(t, list, want)
	}
	alices, bobs := domain.UnfinishedUndo{Undo: u.ID, Access: f.finishing(t, f.alice)}, domain.UnfinishedUndo{Undo: theirs.ID, Access: f.finishing(t, f.bob)}
	wantUnfinished("", 10, alices, bobs)
	wantUnfinished("", 1, alices)
	wantUnfinished(u.ID, 1, bobs)
	wantUnfinished(theirs.ID, 10)
	got, err := f.Undos(f.alice).Get(f.ctx, u.ID)
	must(t, err)
	wantEqual(t, got, u)

	n, err := f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(2*domain.UndoLife))
	must(t, err)
	wantEqual(t, n, 1)
	changed := u
	changed.Created, changed.Rest = f.now.Add(time.Hour), domain.Rest{Notes: 5}
	changed.Said = []domain.Message{domain.NewMessage("undo.pinned", "count", 5)}
	must(t, f.Undos(f.alice).Update(f.ctx, changed))
	changed.Created = u.Created
	got, err = f.Undos(f.alice).Get(f.ctx, u.ID)
	must(t, err)
	wantEqual(t, got, changed)
	wantUnfinished("", 10, bobs)
}
