package ent_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/ent"
	"octavo/ent/enttest"
	"octavo/memory"
)

// What the parts of a note's page cost, in the program's CPU time, where a note has four links and three backlinks.
func BenchmarkNotePage(b *testing.B) {
	for name, create := range map[string]func(testing.TB) string{
		"sqlite": enttest.SQLite, "postgresql": enttest.Postgres, "mysql": enttest.MySQL,
	} {
		b.Run(name, func(b *testing.B) {
			store := enttest.Open(b, create(b))
			defer func() { _ = store.Close() }()
			list := addLinked(b, store, 1000)
			notes := app.New(store, new(memory.Blobs), domain.SystemClock{}).Notes()
			for part, read := range map[string]func(n domain.Note) error{
				"all": func(n domain.Note) error {
					shown, err := notes.Show(b.Context(), owner.Read(), n.ID, 50, true)
					if len(shown.Backlinks) != 3 || len(shown.Targets.Titles) != 4 {
						b.Fatalf("%d notes link to it, %d links lead somewhere", len(shown.Backlinks), len(shown.Targets.Titles))
					}
					return err
				},
				"get": func(n domain.Note) error {
					_, err := store.Notes(owner).Get(b.Context(), n.ID)
					return err
				},
				"titled": func(n domain.Note) error {
					_, err := store.Links(owner.Read()).Titled(b.Context(), "note 1", "note 2", "note 3", domain.TitleKey(n.Title))
					return err
				},
				"linking": func(n domain.Note) error {
					_, err := store.Links(owner.Read()).Linking(b.Context(), []string{domain.TitleKey(n.Title)}, "", 51)
					return err
				},
				"files": func(domain.Note) error {
					_, err := store.Files(owner).Named(b.Context(), "note 1", "note 2", "note 3")
					return err
				},
				"drafts": func(n domain.Note) error {
					_, err := store.Drafts(owner).List(b.Context(), n.ID, 10)
					return err
				},
			} {
				b.Run(part, func(b *testing.B) {
					began := processorTime()
					for i := range b.N {
						must(b, read(list[i%len(list)]))
					}
					b.ReportMetric(float64(processorTime()-began)/float64(b.N), "cpu-ns/op")
				})
			}
		})
	}
}

// processorTime returns how long the processors have worked for this process.
func processorTime() time.Duration {
	var used syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &used)
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// addLinked adds the owner and so many notes, of which each links to the three before it and to itself.
func addLinked(t testing.TB, store *ent.Store, count int) (list []domain.Note) {
	t.Helper()
	now := domain.SystemClock{}.Now()
	must(t, store.Users().Add(t.Context(), domain.NewOwner(now)))
	for i := range count {
		content := "some words"
		for back := range 4 {
			content += fmt.Sprintf(" and [[Note %d]]", (i-back+count)%count)
		}
		n, err := domain.NewNote(domain.NoteDraft{Title: fmt.Sprint("Note ", i), Content: content}, now)
		must(t, err)
		list = append(list, n)
	}
	must(t, store.Notes(owner).AddMany(t.Context(), list, nil))
	return list
}
