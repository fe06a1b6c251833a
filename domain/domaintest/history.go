package domaintest

import (
	"fmt"
	"testing"
	"time"

	"octavo/domain"
)

// revision returns a revision of a note of Alice's.
func (f *fixture) revision(note domain.ID, version int) domain.Revision {
	return domain.Revision{
		Note: note, Version: version, Title: fmt.Sprintf("v%d", version), Content: fmt.Sprintf("vérsion %d", version),
		Tags: []domain.Tag{"b", "A/c"}, Saved: f.now.Add(time.Duration(version) * time.Minute), Author: f.alice.User,
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
	u := domain.NewUndo("Moved 10,000 notes to the trash", f.now)
	for i := range 10_000 {
		u.Notes = append(u.Notes, domain.UndoNote{
			ID: domain.NewID(), Version: i + 2, Saved: i + 1, State: domain.Archived, Pinned: i%2 == 0, Leads: i == 0,
		})
	}
	small := domain.NewUndo("Nothing", f.now)
	undos := f.Undos(f.alice)
	must(t, undos.Add(f.ctx, u))
	must(t, undos.Add(f.ctx, small))
	got, err := undos.Get(f.ctx, u.ID)
	must(t, err)
	if !equalTo(got, u) {
		t.Errorf("the undo of %d notes came back as another, of %d", len(u.Notes), len(got.Notes))
	}
	must(t, undos.Remove(f.ctx, u.ID))
	_, err = undos.Get(f.ctx, u.ID)
	wantKind(t, err, domain.NotFound)
	must(t, undos.Remove(f.ctx, u.ID))
	got, err = undos.Get(f.ctx, small.ID)
	must(t, err)
	wantEqual(t, got, small)
}
