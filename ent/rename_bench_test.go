package ent_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/memory"
)

// What a title that 10,000 notes link to costs when it changes, there and back, and a tag of as many: in seconds, and how
// long somebody else who writes meanwhile waits at most. FOLLOWERS sets another number.
func BenchmarkManyNotesFollow(b *testing.B) {
	count := 10_000
	if n, err := strconv.Atoi(os.Getenv("FOLLOWERS")); err == nil {
		count = n
	}
	for name, create := range map[string]func(testing.TB) string{
		"sqlite": enttest.SQLite, "postgresql": enttest.Postgres, "mysql": enttest.MySQL,
	} {
		b.Run(name, func(b *testing.B) {
			ctx := b.Context()
			store := enttest.Open(b, create(b))
			defer func() { _ = store.Close() }()
			features := app.New(store, new(memory.Blobs), domain.SystemClock{})
			notes := features.Notes()
			target := addFollowers(b, store, count)
			report := func(what string, act func() error) {
				took, waited := besideAWriter(b, notes, func() error {
					err := act()
					return errors.Join(err, features.Housekeeping().Finish(ctx)) // what took a request too long
				})
				b.ReportMetric(took.Seconds(), what+"-s")
				b.ReportMetric(waited.Seconds(), what+"-wait-s")
				b.Logf("%s: %s took %.1f s, another writer waited %.2f s", name, what, took.Seconds(), waited.Seconds())
			}
			for range b.N {
				var saved app.Saved
				report("rename", func() (err error) {
					saved, err = features.Editing().Save(ctx, owner, target, app.Edit{NoteDraft: domain.NoteDraft{Title: "New name"}, Base: 1})
					return err
				})
				report("undo", func() error {
					_, err := features.Bulk().Undo(ctx, owner, saved.Undo)
					return err
				})
				var changed app.Changed
				report("tag", func() (err error) {
					changed, err = features.Tags().Rename(ctx, owner, "this", "other", true)
					return err
				})
				report("untag", func() error {
					_, err := features.Bulk().Undo(ctx, owner, changed.Undo)
					return err
				})
			}
		})
	}
}

// addFollowers adds the owner, a note called Old name, and so many that link to it and have the tag this/and.
func addFollowers(t testing.TB, store *ent.Store, count int) (target domain.ID) {
	t.Helper()
	now := domain.SystemClock{}.Now()
	must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
	n, err := domain.NewNote(domain.NoteDraft{Title: "Old name"}, now)
	must(t, err)
	list := []domain.Note{n}
	for i := range count {
		content := fmt.Sprintf("to [[Old name]], about #this/and that: %d words like wherever%d and whenever%d", i, i%97, i%89)
		other, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprint("note ", i), Content: content}, now)
		must(t, err)
		list = append(list, other)
	}
	for len(list) > 0 {
		piece := list[:min(1000, len(list))]
		list = list[len(piece):]
		must(t, store.Notes(owner).AddMany(t.Context(), piece, nil))
	}
	return n.ID
}

// besideAWriter returns how long act takes, and how long somebody who keeps a draft and makes a note again and again
// waits for one of them at most.
func besideAWriter(t testing.TB, notes *app.Notes, act func() error) (took, waited time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() {
		for ctx.Err() == nil {
			began := time.Now()
			_, err := notes.Create(context.WithoutCancel(ctx), owner, domain.NoteDraft{Title: "Meanwhile", Content: "#this too"})
			if err != nil {
				t.Errorf("another writer: %v", err)
			}
			waited = max(waited, time.Since(began))
			time.Sleep(5 * time.Millisecond)
		}
	})
	began := time.Now()
	if err := act(); err != nil {
		t.Error(err)
	}
	took = time.Since(began)
	stop()
	group.Wait()
	return took, waited
}
