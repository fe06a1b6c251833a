package domaintest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"octavo/domain"
)

func atomicCommit(t *testing.T, f *fixture) {
	n, r := f.note(t, "both", ""), f.record(t, "both")
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		if err := repos.Notes(f.alice).Add(f.ctx, n); err != nil {
			return err
		}
		return repos.Records(f.alice).Add(f.ctx, r)
	}))
	wantNote(t, f.notes, n)
	_, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
}

func atomicConflict(t *testing.T, f *fixture) {
	n := f.addNote(t, "kept", "kept")
	said := f.revision(n.ID, 1)
	must(t, f.Revisions(f.alice).Add(f.ctx, said))
	after := f.record(t, "after")
	for what, store := range map[string]func(domain.Repos) error{
		"a revision that is there": func(repos domain.Repos) error {
			if _, err := repos.Notes(f.alice).Get(f.ctx, n.ID); err != nil {
				return err
			}
			return repos.Revisions(f.alice).Add(f.ctx, said)
		},
		"a note that is there": func(repos domain.Repos) error { return repos.Notes(f.alice).Add(f.ctx, n) },
	} {
		err := f.Atomically(f.ctx, func(repos domain.Repos) error {
			if err := store(repos); err != nil {
				return err
			}
			return repos.Records(f.alice).Add(f.ctx, after)
		})
		if !errors.Is(err, domain.Conflict) {
			t.Errorf("%s: got error %v, want %q", what, err, domain.Conflict)
		}
	}
	_, err := f.records.Get(f.ctx, after.ID)
	wantKind(t, err, domain.NotFound)
}

var errOnPurpose = errors.New("on purpose")

func atomicRollback(t *testing.T, f *fixture) {
	kept, removed := f.addNote(t, "kept", "kept"), f.addNote(t, "removed", "removed")
	f.addRevisions(t, removed.ID, 1)
	draft := f.draft(t, kept.ID, "kept")
	must(t, f.Drafts(f.alice).Put(f.ctx, draft))
	search := f.search(t, "kept")
	must(t, f.Searches(f.alice).Add(f.ctx, search))

	n, r, user := f.note(t, "neither", "to [[kept]]", "neither", "KEPT"), f.record(t, "neither"), domain.NewOwner(f.now)
	changed := kept
	changed.Title, changed.Version, changed.Tags = "changed", 2, []domain.Tag{"changed"}
	replaced, newDraft := f.draftAgain(t, draft, "replaced"), f.draft(t, "", "neither")
	newSearch, undo, file := f.search(t, "neither"), domain.NewUndo(f.now), f.file("neither")
	creation := domain.Creation{Key: "neither", Request: domain.HashToken("r"), Note: n.ID, Created: f.now}
	session, _ := domain.NewSession(f.alice.User(), "Firefox", f.now)
	err := f.Atomically(f.ctx, func(repos domain.Repos) error {
		leased, err := repos.Housekeeping().Lease(f.ctx, "neither", f.now, f.now.Add(time.Hour))
		if err == nil && !leased {
			err = errors.New("the lease isn't given")
		}
		return errors.Join(
			err,
			repos.Users().Add(f.ctx, user),
			repos.Sessions().Add(f.ctx, session),
			repos.Notes(f.alice).Add(f.ctx, n),
			repos.Notes(f.alice).Update(f.ctx, changed, changed.Version-1),
			repos.Notes(f.alice).Remove(f.ctx, removed.ID),
			repos.Revisions(f.alice).Add(f.ctx, f.revision(kept.ID, 1)),
			repos.Drafts(f.alice).Put(f.ctx, replaced),
			repos.Drafts(f.alice).Put(f.ctx, newDraft),
			repos.Searches(f.alice).Add(f.ctx, newSearch),
			repos.Searches(f.alice).Remove(f.ctx, search.ID),
			repos.Undos(f.alice).Add(f.ctx, undo),
			repos.Files(f.alice).Add(f.ctx, file),
			repos.Creations(f.alice).Add(f.ctx, creation),
			repos.Records(f.alice).Add(f.ctx, r),
			errOnPurpose,
		)
	})
	if !errors.Is(err, errOnPurpose) || errors.Is(err, domain.Conflict) || errors.Is(err, domain.NotFound) {
		t.Errorf("got error %v, want the function's own and no other", err)
	}

	for what, get := range map[string]func() error{
		"user":     func() error { _, err := f.Users().Get(f.ctx, user.ID); return err },
		"session":  func() error { _, err := f.Sessions().Get(f.ctx, session.Token); return err },
		"note":     func() error { _, err := f.notes.Get(f.ctx, n.ID); return err },
		"revision": func() error { _, err := f.Revisions(f.alice).At(f.ctx, kept.ID, 1); return err },
		"draft":    func() error { _, err := f.Drafts(f.alice).Get(f.ctx, newDraft.Key); return err },
		"search":   func() error { _, err := f.Searches(f.alice).Get(f.ctx, newSearch.ID); return err },
		"undo":     func() error { _, err := f.Undos(f.alice).Get(f.ctx, undo.ID); return err },
		"file":     func() error { _, err := f.Files(f.alice).Get(f.ctx, file.Hash); return err },
		"creation": func() error { _, err := f.Creations(f.alice).Get(f.ctx, creation.Key); return err },
		"record":   func() error { _, err := f.records.Get(f.ctx, r.ID); return err },
	} {
		if err := get(); !errors.Is(err, domain.NotFound) {
			t.Errorf("%s: got error %v, want one of kind %q", what, err, domain.NotFound)
		}
	}
	leased, err := f.Housekeeping().Lease(f.ctx, "neither", f.now, f.now.Add(time.Hour))
	must(t, err)
	wantEqual(t, leased, true)
	wantNote(t, f.notes, kept)
	wantNote(t, f.notes, removed)
	f.wantDraft(t, draft)
	_, err = f.Searches(f.alice).Get(f.ctx, search.ID)
	must(t, err)
	_, err = f.Revisions(f.alice).At(f.ctx, removed.ID, 1)
	must(t, err)
	f.wantTags(t, "kept:1 removed:1")
	f.wantTitled(t, "kept", kept.ID)
	f.wantLinking(t, "kept", "")
}

func atomicPanic(t *testing.T, f *fixture) {
	n := f.note(t, "never", "")
	func() {
		defer func() { _ = recover() }()
		_ = f.Atomically(f.ctx, func(repos domain.Repos) error {
			must(t, repos.Notes(f.alice).Add(f.ctx, n))
			panic("on purpose")
		})
	}()
	_, err := f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
	f.addNote(t, "the store still takes writes")
}

func atomicReadsItsWrites(t *testing.T, f *fixture) {
	n := f.note(t, "mine", "to [[mine]]", "tag")
	must(t, f.Atomically(f.ctx, func(repos domain.Repos) error {
		notes := repos.Notes(f.alice)
		if err := notes.Add(f.ctx, n); err != nil {
			return err
		}
		got, err := notes.Get(f.ctx, n.ID)
		if err != nil {
			return err
		}
		wantEqual(t, got, n)
		list, err := notes.List(f.ctx, activeOnes, nil, 10)
		if err != nil {
			return err
		}
		wantEqual(t, titles(list), "mine")
		tags, err := repos.Tags(f.alice.Read()).Beginning(f.ctx, "", 10)
		if err != nil {
			return err
		}
		wantEqual(t, tags, []domain.TagCount{{Tag: "tag", Notes: 1}})
		tagged, err := repos.Tags(f.alice.Read()).Tagged(f.ctx, "tag", "", 10)
		if err != nil {
			return err
		}
		wantEqual(t, tagged, []domain.ID{n.ID})
		found, err := repos.Links(f.alice.Read()).Titled(f.ctx, domain.TitleKey("mine"))
		if err != nil {
			return err
		}
		wantEqual(t, len(found), 1)
		linking, err := repos.Links(f.alice.Read()).Linking(f.ctx, []string{domain.TitleKey("mine")}, "", 10)
		if err != nil {
			return err
		}
		wantEqual(t, titles(linking), "mine")

		if err := repos.Revisions(f.alice).Add(f.ctx, n.Revision()); err != nil {
			return err
		}
		r, err := repos.Revisions(f.alice).At(f.ctx, n.ID, 1)
		if err != nil {
			return err
		}
		wantEqual(t, r, n.Revision())
		d := f.draft(t, n.ID, "draft")
		if err := repos.Drafts(f.alice).Put(f.ctx, d); err != nil {
			return err
		}
		draft, err := repos.Drafts(f.alice).Get(f.ctx, d.Key)
		wantEqual(t, draft, d)
		return err
	}))
}

func atomicRace(t *testing.T, f *fixture) {
	const writers, rounds = 8, 10
	r := f.record(t, "counter")
	r.Content = ""
	must(t, f.records.Add(f.ctx, r))
	var wg sync.WaitGroup
	for range writers {
		wg.Go(func() {
			for range rounds {
				err := f.Atomically(f.ctx, func(repos domain.Repos) error {
					got, err := repos.Records(f.alice).Get(f.ctx, r.ID)
					if err != nil {
						return err
					}
					got.Content += "x"
					return repos.Records(f.alice).Update(f.ctx, got)
				})
				if err != nil {
					t.Errorf("Atomically: %v", err)
				}
			}
		})
	}
	wg.Wait()
	got, err := f.records.Get(f.ctx, r.ID)
	must(t, err)
	wantEqual(t, len(got.Content), writers*rounds)
}

func versionRace(t *testing.T, f *fixture) {
	n := f.addNote(t, "contested")
	const writers = 8
	results := make([]error, writers)
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			mine := n
			mine.Title, mine.Version = fmt.Sprintf("writer %d", i), 2
			results[i] = f.notes.Update(f.ctx, mine, mine.Version-1)
		})
	}
	wg.Wait()
	winner := -1
	for i, err := range results {
		switch {
		case err == nil && winner >= 0:
			t.Errorf("writers %d and %d both won", winner, i)
		case err == nil:
			winner = i
		default:
			wantKind(t, err, domain.Conflict)
		}
	}
	got, err := f.notes.Get(f.ctx, n.ID)
	must(t, err)
	wantEqual(t, got.Title, fmt.Sprintf("writer %d", winner))
}

func endedContext(t *testing.T, f *fixture) {
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	n := f.note(t, "too late", "")
	if err := f.notes.Add(ctx, n); !errors.Is(err, context.Canceled) {
		t.Errorf("Add: got error %v, want the context's", err)
	}
	err := f.Atomically(ctx, func(repos domain.Repos) error { return repos.Notes(f.alice).Add(ctx, n) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Atomically: got error %v, want the context's", err)
	}
	_, err = f.notes.Get(f.ctx, n.ID)
	wantKind(t, err, domain.NotFound)
}

func ping(t *testing.T, f *fixture) { must(t, f.Ping(f.ctx)) }
