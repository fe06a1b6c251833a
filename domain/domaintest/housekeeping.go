package domaintest

import (
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octavo/domain"
)

// many is more than a store works on at once, and most is the most that it does.
const many, most = 1100, 1000

// inPieces calls remove until there is nothing left, and checks that it has removed that many in all.
func inPieces(t *testing.T, want int, remove func() (int, error)) {
	t.Helper()
	total, calls := 0, 0
	for {
		n, err := remove()
		must(t, err)
		if n > most {
			t.Errorf("removed %d at once", n)
		}
		if n == 0 {
			break
		}
		if calls++; calls > want {
			t.Fatalf("said %d times that it had removed some", calls)
		}
		total += n
	}
	wantEqual(t, total, want)
}

func leases(t *testing.T, f *fixture) {
	keep, until := f.Housekeeping(), f.now.Add(time.Hour)
	race := func(now, until time.Time) {
		t.Helper()
		var given atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				mine, err := keep.Lease(f.ctx, "sweep", now, until)
				if err != nil {
					t.Errorf("Lease: %v", err)
				}
				if mine {
					given.Add(1)
				}
			})
		}
		wg.Wait()
		wantEqual(t, given.Load(), 1)
	}
	race(f.now, until)
	mine, err := keep.Lease(f.ctx, "sweep", until.Add(-time.Microsecond), until.Add(time.Hour))
	must(t, err)
	wantEqual(t, mine, false)
	mine, err = keep.Lease(f.ctx, "another job", f.now, until)
	must(t, err)
	wantEqual(t, mine, true)
	race(until, until.Add(time.Hour))

	// Clocks of several instances differ by a little. One that has jumped ahead must not stop all housekeeping.
	for ahead, given := range map[time.Duration]bool{
		0: false, time.Hour: false, time.Hour + time.Microsecond: true, 365 * 24 * time.Hour: true, 100 * 365 * 24 * time.Hour: true,
	} {
		job := "ahead by " + ahead.String()
		mine, err := keep.Lease(f.ctx, job, f.now.Add(ahead), until.Add(ahead))
		must(t, err)
		wantEqual(t, mine, true)
		mine, err = keep.Lease(f.ctx, job, f.now, until)
		must(t, err)
		if mine != given {
			t.Errorf("a lease taken by a clock that is ahead by %v counts as free: %v, want %v", ahead, mine, given)
		}
	}
}

func trustRoundTrip(t *testing.T, f *fixture) {
	keep := f.Housekeeping()
	got, err := keep.Trust(f.ctx)
	must(t, err)
	wantEqual(t, got, domain.Trust{})
	for _, trust := range []domain.Trust{
		{Seen: f.now, Next: f.now, Ran: time.Microsecond},
		{Seen: f.now.AddDate(80, 0, 0), Time: f.now, Next: f.now.Add(time.Hour), Ran: domain.TrustAfter},
		{Seen: time.Unix(0, 0).UTC(), Time: time.Unix(0, 0).UTC(), Next: time.Unix(0, 0).UTC()},
	} {
		must(t, keep.PutTrust(f.ctx, trust))
		got, err = keep.Trust(f.ctx)
		must(t, err)
		wantEqual(t, got, trust)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := f.Housekeeping().PutTrust(f.ctx, domain.Trust{Seen: f.now}); err != nil {
				t.Errorf("PutTrust: %v", err)
			}
		})
	}
	wg.Wait()
}

func purgeTrash(t *testing.T, f *fixture) {
	before := f.now.Add(-30 * 24 * time.Hour)
	kept := map[domain.NoteState]domain.Note{}
	for _, state := range []domain.NoteState{domain.Active, domain.Archived, domain.Trashed} {
		n := f.note(t, "kept", "", "kept")
		n.State, n.Moved, n.Updated = state, before.Add(-time.Hour), before.Add(-time.Hour)
		if state == domain.Trashed {
			n.Moved = before
		}
		must(t, f.notes.Add(f.ctx, n))
		kept[state] = n
	}
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		for i := range many {
			access := []domain.WriteAccess{f.alice, f.bob}[i%2]
			n, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprintf("old %d", i), Tags: []domain.Tag{"old"}}, f.now)
			if err != nil {
				return err
			}
			n.State, n.Moved = domain.Trashed, before.Add(-time.Duration(i+1)*time.Microsecond)
			if err := repos.Notes(access).Add(f.ctx, n); err != nil {
				return err
			}
		}
		return nil
	}))
	inPieces(t, many, func() (int, error) { return f.Housekeeping().PurgeTrash(f.ctx, before) })
	for _, n := range kept {
		wantNote(t, f.notes, n)
	}
	for _, access := range []domain.WriteAccess{f.alice, f.bob} {
		ids, err := f.Tags(access.Read()).Tagged(f.ctx, "old", "", 10)
		must(t, err)
		wantEqual(t, len(ids), 0)
	}

	// It takes along what Remove does.
	n := f.move(t, kept[domain.Active], domain.Trashed)
	f.addRevisions(t, n.ID, 1)
	draft := f.draft(t, n.ID, "draft")
	must(t, f.Drafts(f.alice).Put(f.ctx, draft))
	inPieces(t, 2, func() (int, error) { return f.Housekeeping().PurgeTrash(f.ctx, f.now.Add(time.Microsecond)) })
	_, err := f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	_, err = f.Revisions(f.alice).At(f.ctx, n.ID, 1)
	wantKind(t, err, domain.NotFound)
	_, err = f.Drafts(f.alice).Get(f.ctx, draft.Key)
	wantKind(t, err, domain.NotFound)
}

func aging(t *testing.T, f *fixture) {
	var ids []domain.ID
	for i := range 7 {
		n := f.addNote(t, fmt.Sprintf("n%d", i))
		ids = append(ids, n.ID)
		f.addRevisions(t, n.ID, i+1, i+2) // saved so many minutes from now
	}
	f.addNote(t, "without revisions")
	theirs := f.note(t, "Bob's", "")
	must(t, f.others.Add(f.ctx, theirs))
	must(t, f.Revisions(f.bob).Add(f.ctx, f.revision(theirs.ID, 3)))

	find := func(from, to time.Time) []domain.ID {
		t.Helper()
		return inPages(t, func(after *domain.ID) ([]domain.ID, error) {
			if after == nil {
				return f.Housekeeping().Aging(f.ctx, from, to, "", 2)
			}
			return f.Housekeeping().Aging(f.ctx, from, to, *after, 2)
		})
	}
	minute := func(n int) time.Time { return f.now.Add(time.Duration(n) * time.Minute) }
	wantEqual(t, find(minute(3), minute(5)), append(slices.Clone(ids[1:4]), theirs.ID))
	wantEqual(t, find(time.Time{}, minute(2)), ids[:1])
	wantEqual(t, find(minute(8), minute(9)), ids[6:])
	wantEqual(t, len(find(minute(9), minute(100))), 0)
	wantEqual(t, find(time.Time{}, minute(100)), append(slices.Clone(ids), theirs.ID))
}

func thinning(t *testing.T, f *fixture) {
	n, other, keep := f.addNote(t, "n"), f.addNote(t, "other"), f.Housekeeping()
	f.addRevisions(t, n.ID, 5, 1, 2, 9)
	f.addRevisions(t, other.ID, 1, 2)
	wantSaves := func(note domain.ID, want ...int) {
		t.Helper()
		versions, saved, err := keep.Saves(f.ctx, note)
		must(t, err)
		wantEqual(t, versions, want)
		wantEqual(t, len(saved), len(want))
		for i := range saved {
			wantEqual(t, saved[i], f.revision(note, versions[i]).Saved)
		}
	}
	wantSaves(n.ID, 1, 2, 5, 9)
	must(t, keep.RemoveRevisions(f.ctx, n.ID, []int{2, 5, 7}))
	wantSaves(n.ID, 1, 9)
	must(t, keep.RemoveRevisions(f.ctx, n.ID, nil))
	wantSaves(n.ID, 1, 9)
	wantSaves(other.ID, 1, 2)
	got, err := f.Revisions(f.alice).At(f.ctx, n.ID, 8)
	must(t, err)
	wantEqual(t, got, f.revision(n.ID, 1))
	wantNote(t, f.notes, n)

	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		for version := range many {
			if err := repos.Revisions(f.alice).Add(f.ctx, f.revision(n.ID, 10+version)); err != nil {
				return err
			}
		}
		return nil
	}))
	versions, _, err := keep.Saves(f.ctx, n.ID)
	must(t, err)
	wantEqual(t, len(versions), many+2)
	must(t, keep.RemoveRevisions(f.ctx, n.ID, versions[1:]))
	wantSaves(n.ID, 1)
	must(t, keep.RemoveRevisions(f.ctx, domain.NewID(), []int{1}))
	wantSaves(domain.NewID())
}

func removeEnded(t *testing.T, f *fixture) {
	add := func(repos domain.Repos, age func(life time.Duration) time.Time, i int) error {
		access := []domain.WriteAccess{f.alice, f.bob}[i%2]
		s, _ := domain.NewSession(access.User(), "Firefox", age(domain.SessionIdle))
		c := domain.Creation{Key: fmt.Sprintf("key %d", i), Request: domain.HashToken("r"), Note: domain.NewID()}
		c.Created = age(domain.CreationLife)
		u := domain.NewUndo(age(domain.UndoLife))
		if err := repos.Sessions().Add(f.ctx, s); err != nil {
			return err
		}
		if err := repos.Creations(access).Add(f.ctx, c); err != nil {
			return err
		}
		return repos.Undos(access).Add(f.ctx, u)
	}
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		for i := range many {
			if err := add(repos, func(life time.Duration) time.Time { return f.now.Add(-life) }, i); err != nil {
				return err
			}
		}
		return nil
	}))
	young := func(life time.Duration) time.Time { return f.now.Add(time.Microsecond - life) }
	session, _ := domain.NewSession(f.alice.User(), "Firefox", young(domain.SessionIdle))
	must(t, f.Sessions().Add(f.ctx, session))
	ended, _ := domain.NewSession(f.alice.User(), "Firefox", f.now.Add(-domain.SessionLife))
	ended.Seen = f.now
	must(t, f.Sessions().Add(f.ctx, ended))
	c := domain.Creation{Key: "live", Request: domain.HashToken("r"), Note: domain.NewID(), Created: young(domain.CreationLife)}
	must(t, f.Creations(f.alice).Add(f.ctx, c))
	u := domain.NewUndo(young(domain.UndoLife))
	must(t, f.Undos(f.alice).Add(f.ctx, u))

	inPieces(t, 3*many+1, func() (int, error) { return f.Housekeeping().RemoveEnded(f.ctx, f.now) })
	_, err := f.Sessions().Get(f.ctx, ended.Token)
	wantKind(t, err, domain.NotFound)
	_, err = f.Sessions().Get(f.ctx, session.Token)
	must(t, err)
	_, err = f.Creations(f.alice).Get(f.ctx, c.Key)
	must(t, err)
	_, err = f.Undos(f.alice).Get(f.ctx, u.ID)
	must(t, err)
	inPieces(t, 3, func() (int, error) { return f.Housekeeping().RemoveEnded(f.ctx, f.now.Add(time.Microsecond)) })
}

// filesInUseByName are kept for whatever may still be shown or brought back, however it writes their names.
func filesInUseByName(t *testing.T, f *fixture) {
	files := map[string]domain.File{}
	for _, where := range []string{"revision", "draft", "bob"} {
		file := f.file(where)
		file.Name, file.Created = where+".png", f.now.Add(-time.Microsecond)
		must(t, f.Files(f.alice).Add(f.ctx, file))
		files[where] = file
	}
	n := f.addText(t, "n", "nothing")
	old := n.Revision()
	old.Content = "a ![[pictures/REVISION.png|300]]"
	must(t, f.Revisions(f.alice).Add(f.ctx, old))
	d := f.draft(t, n.ID, "a [link](Draft.PNG)")
	must(t, f.Drafts(f.alice).Put(f.ctx, d))
	theirs, err := domain.NewNote(domain.NoteDraft{Content: "none"}, f.now)
	must(t, err)
	must(t, f.others.Add(f.ctx, theirs))
	rev := theirs.Revision()
	rev.Content, rev.Author = "![[bob.png]]", f.bob.User()
	must(t, f.Revisions(f.bob).Add(f.ctx, rev))

	f.wantGone(t, files["bob"]) // which Bob may embed, but doesn't have
	f.wantGone(t)
	must(t, f.Drafts(f.alice).Remove(f.ctx, d.Key))
	f.wantGone(t, files["draft"])
	must(t, f.Housekeeping().RemoveRevisions(f.ctx, n.ID, []int{old.Version}))
	f.wantGone(t, files["revision"])
	must(t, f.notes.Remove(f.ctx, n.ID))
	must(t, f.others.Remove(f.ctx, theirs.ID))
}

// wantGone removes what files are unused, of those added before f.now, and checks of which nobody has any then.
func (f *fixture) wantGone(t *testing.T, want ...domain.File) {
	t.Helper()
	gone, err := f.Housekeeping().RemoveUnusedFiles(f.ctx, f.now)
	must(t, err)
	slices.Sort(gone)
	var hashes []domain.FileHash
	for _, file := range want {
		hashes = append(hashes, file.Hash)
	}
	slices.Sort(hashes)
	wantEqual(t, gone, hashes)
}

func (f *fixture) wantFile(t *testing.T, access domain.WriteAccess, file domain.File, there bool) {
	t.Helper()
	_, err := f.Files(access).Get(f.ctx, file.Hash)
	if there {
		must(t, err)
	} else {
		wantKind(t, err, domain.NotFound)
	}
}

func filesInUse(t *testing.T, f *fixture) {
	files := map[string]domain.File{}
	for _, where := range []string{"note", "trash", "revision", "merged", "new draft", "draft", "nothing", "lately", "by name"} {
		file := f.file(where)
		file.Name = where + ".png"
		if where != "lately" {
			file.Created = f.now.Add(-time.Microsecond)
		}
		must(t, f.Files(f.alice).Add(f.ctx, file))
		files[where] = file
	}
	show := func(where string) string { return "see " + files[where].Markdown() + " there" }
	note := f.addText(t, "note", show("note"))
	named := f.addText(t, "named", "![[pictures/By Name.PNG]]")
	trashed := f.move(t, f.addText(t, "trash", show("trash")), domain.Trashed)
	revised := f.addText(t, "revision", show("revision"))
	must(t, f.Revisions(f.alice).Add(f.ctx, revised.Revision()))
	merged := revised.Revision() // what somebody wrote that the note itself has never said
	merged.Version, merged.Content = 2, show("merged")
	must(t, f.Revisions(f.alice).Add(f.ctx, merged))
	revised, err := revised.Edited(domain.NoteDraft{Title: "revision", Content: "not any more"}, 1, f.now)
	must(t, err)
	must(t, f.notes.Update(f.ctx, revised, 1))
	newDraft, draft := f.draft(t, "", show("new draft")), f.draft(t, note.ID, show("draft"))
	must(t, f.Drafts(f.alice).Put(f.ctx, newDraft))
	must(t, f.Drafts(f.alice).Put(f.ctx, draft))

	f.wantGone(t, files["nothing"])
	for where, file := range files {
		f.wantFile(t, f.alice, file, where != "nothing")
	}

	must(t, f.Drafts(f.alice).Put(f.ctx, f.draftAgain(t, newDraft, "not any more")))
	must(t, f.Drafts(f.alice).Remove(f.ctx, draft.Key))
	f.wantGone(t, files["new draft"], files["draft"])
	for _, n := range []domain.Note{note, trashed, revised, named} {
		must(t, f.notes.Remove(f.ctx, n.ID))
	}
	f.wantGone(t, files["note"], files["trash"], files["revision"], files["merged"], files["by name"])
	left, err := f.Files(f.alice).Named(f.ctx, "note.png", "by name.png", "lately.png")
	must(t, err)
	wantEqual(t, slices.Collect(maps.Keys(left)), []string{"lately.png"})
	f.wantFile(t, f.alice, files["lately"], true)
}

func picturesAreMeasured(t *testing.T, f *fixture) {
	pictures := []domain.File{f.file("a"), f.file("b"), f.file("shared")}
	for i := range pictures {
		pictures[i].Width, pictures[i].Height, pictures[i].Measured = 0, 0, false
		must(t, f.Files(f.alice).Add(f.ctx, pictures[i]))
	}
	must(t, f.Files(f.bob).Add(f.ctx, pictures[2]))
	text := f.file("text")
	text.Type, text.Measured = "text/plain", false
	for _, known := range []domain.File{text, f.file("measured before")} {
		must(t, f.Files(f.alice).Add(f.ctx, known))
	}
	jobs := f.Housekeeping()
	some, err := jobs.Unmeasured(f.ctx, "", 2)
	must(t, err)
	wantEqual(t, len(some), 2)
	all, err := jobs.Unmeasured(f.ctx, some[1], 10)
	must(t, err)
	all = append(some, all...)
	want := []domain.FileHash{pictures[0].Hash, pictures[1].Hash, pictures[2].Hash}
	slices.Sort(want)
	wantEqual(t, all, want)

	// What is said holds for whoever has the content, also that nobody knows.
	must(t, jobs.Measure(f.ctx, pictures[2].Hash, 40, 30))
	must(t, jobs.Measure(f.ctx, pictures[0].Hash, 0, 0))
	pictures[2].Width, pictures[2].Height, pictures[2].Measured = 40, 30, true
	pictures[0].Measured = true
	for _, want := range pictures {
		got, err := f.Files(f.alice).Get(f.ctx, want.Hash)
		must(t, err)
		wantEqual(t, got, want)
	}
	bobs, err := f.Files(f.bob).Get(f.ctx, pictures[2].Hash)
	must(t, err)
	wantEqual(t, bobs, pictures[2])
	all, err = jobs.Unmeasured(f.ctx, "", 10)
	must(t, err)
	wantEqual(t, all, []domain.FileHash{pictures[1].Hash})
}

func filesOfMany(t *testing.T, f *fixture) {
	shared, alices := f.file("shared"), f.file("alice's")
	shared.Created, alices.Created = f.now.Add(-time.Hour), f.now.Add(-time.Hour)
	for _, access := range []domain.WriteAccess{f.alice, f.bob} {
		must(t, f.Files(access).Add(f.ctx, shared))
	}
	must(t, f.Files(f.alice).Add(f.ctx, alices))
	theirs, err := domain.NewNote(domain.NoteDraft{Content: shared.Markdown() + alices.Markdown()}, f.now)
	must(t, err)
	must(t, f.others.Add(f.ctx, theirs))

	f.wantGone(t, alices) // which Bob may mention, but doesn't have
	f.wantFile(t, f.alice, shared, false)
	f.wantFile(t, f.bob, shared, true)
	must(t, f.others.Remove(f.ctx, theirs.ID))
	f.wantGone(t, shared)
	f.wantFile(t, f.bob, shared, false)

	// Two users may lose the same one at once.
	for _, access := range []domain.WriteAccess{f.alice, f.bob} {
		must(t, f.Files(access).Add(f.ctx, shared))
	}
	f.wantGone(t, shared)
}
