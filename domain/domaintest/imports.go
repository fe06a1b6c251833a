package domaintest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"octavo/domain"
)

// anImport returns an import of Alice's that began a minute after the one before.
func (f *fixture) anImport() domain.Import {
	f.later(time.Minute)
	return domain.NewImport(f.alice.User(), domain.FromJoplin, "Notes: é.jex", f.now)
}

func imported(i domain.Import, id, hash string) domain.Imported {
	source := domain.ImportedSource(i.Kind, "", id)
	return domain.Imported{Import: i.ID, Source: source, Hash: string(domain.HashToken(hash)), Note: domain.NewID(), Version: 1}
}

func importLifecycle(t *testing.T, f *fixture) {
	imports := f.Imports(f.alice)
	list, err := imports.List(f.ctx, 10)
	must(t, err)
	wantEqual(t, len(list), 0)

	first, second, third := f.anImport(), f.anImport(), f.anImport()
	third.Name = strings.Repeat("𝕏", domain.MaxTitle)
	for _, i := range []domain.Import{first, second, third} {
		must(t, imports.Add(f.ctx, i))
		got, err := imports.Get(f.ctx, i.ID)
		must(t, err)
		wantEqual(t, got, i)
	}
	wantKind(t, imports.Add(f.ctx, first), domain.Conflict)

	first.State, first.Changed = domain.ImportDone, f.now.Add(time.Hour)
	first.Counts = domain.ImportCounts{Added: 100_000, Revised: 2, Same: 3, Differing: 4, Left: 5, Tags: 11, Files: 6, Links: 7, Missing: 8, Lost: 9, Kept: 10}
	changed := first
	changed.Began, changed.Name = f.now, "another"
	must(t, imports.Update(f.ctx, changed))
	got, err := imports.Get(f.ctx, first.ID)
	must(t, err)
	wantEqual(t, got, first)

	list, err = imports.List(f.ctx, 2)
	must(t, err)
	wantEqual(t, list, []domain.Import{third, second})
	list, err = imports.Unfinished(f.ctx)
	must(t, err)
	wantEqual(t, list, []domain.Import{second, third})

	unknown := f.anImport()
	_, err = imports.Get(f.ctx, unknown.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, imports.Update(f.ctx, unknown), domain.NotFound)
}

func importedThings(t *testing.T, f *fixture) {
	imports := f.Imports(f.alice)
	first, second := f.anImport(), f.anImport()
	must(t, imports.Add(f.ctx, first))
	must(t, imports.Add(f.ctx, second))
	var old []domain.Imported
	var sources []domain.TokenHash
	for i := range 450 { // more than go into one statement
		one := imported(first, fmt.Sprint("note ", i), "old")
		old, sources = append(old, one), append(sources, one.Source)
	}
	again := imported(second, "note 7", "new")
	again.Note, again.Version, again.Before = old[7].Note, 5, 1
	must(t, imports.Remember(f.ctx, old))
	must(t, imports.Remember(f.ctx, []domain.Imported{again}))
	must(t, imports.Remember(f.ctx, nil))

	known, err := imports.Known(f.ctx, append(sources, domain.ImportedSource(first.Kind, "", "another")))
	must(t, err)
	wantEqual(t, len(known), 450)
	wantEqual(t, known[sources[0]], old[0])
	wantEqual(t, known[sources[7]], again)
	none, err := imports.Known(f.ctx, nil)
	must(t, err)
	wantEqual(t, len(none), 0)

	old[0].Version, old[0].Hash = 9, again.Hash // over what it remembers
	must(t, imports.Remember(f.ctx, old[:1]))
	slices.SortFunc(old, func(a, b domain.Imported) int { return strings.Compare(string(a.Source), string(b.Source)) })
	var all []domain.Imported
	for after := domain.TokenHash(""); ; after = all[len(all)-1].Source {
		page, err := imports.Of(f.ctx, first.ID, after, 200)
		must(t, err)
		if len(page) == 0 {
			break
		}
		all = append(all, page...)
	}
	wantEqual(t, all, old)

	must(t, imports.Forget(f.ctx, second.ID, sources)) // and those of the first stay
	must(t, imports.Forget(f.ctx, first.ID, []domain.TokenHash{sources[1]}))
	must(t, imports.Forget(f.ctx, first.ID, nil))
	known, err = imports.Known(f.ctx, sources)
	must(t, err)
	wantEqual(t, len(known), 449)
	wantEqual(t, known[sources[7]].Import, first.ID)
}

func importsEnd(t *testing.T, f *fixture) {
	imports := f.Imports(f.alice)
	running, done, young := f.anImport(), f.anImport(), f.anImport()
	done.State, young.State = domain.ImportDone, domain.ImportUndone
	for _, i := range []domain.Import{running, done, young} {
		must(t, imports.Add(f.ctx, i))
	}
	kept := imported(done, "note", "text")
	must(t, imports.Remember(f.ctx, []domain.Imported{kept}))

	stopped := func(since time.Time) (ids []domain.ID) {
		t.Helper()
		list, err := f.Housekeeping().StoppedImports(f.ctx, since, 10)
		must(t, err)
		for _, s := range list {
			wantEqual(t, s.Access.Space(), f.alice.Space())
			wantEqual(t, s.Access.User(), f.alice.User())
			must(t, s.Access.MayEdit())
			ids = append(ids, s.Import)
		}
		return ids
	}
	wantEqual(t, len(stopped(running.Changed.Add(-time.Microsecond))), 0)
	wantEqual(t, stopped(f.now), []domain.ID{running.ID})
	running.State = domain.ImportCancelling
	must(t, imports.Update(f.ctx, running))
	wantEqual(t, stopped(f.now), []domain.ID{running.ID})

	at := done.Began.Add(domain.ImportLife)
	inPieces(t, 0, func() (int, error) { return f.Housekeeping().RemoveEnded(f.ctx, at.Add(-time.Microsecond)) })
	inPieces(t, 1, func() (int, error) { return f.Housekeeping().RemoveEnded(f.ctx, at) })
	list, err := imports.List(f.ctx, 10)
	must(t, err)
	wantEqual(t, list, []domain.Import{young, running})
	known, err := imports.Known(f.ctx, []domain.TokenHash{kept.Source})
	must(t, err)
	wantEqual(t, known[kept.Source], kept)
}

func importsApart(t *testing.T, f *fixture) {
	bobs := f.Imports(f.bob)
	theirs := domain.NewImport(f.bob.User(), domain.FromJoplin, "theirs", f.now)
	must(t, bobs.Add(f.ctx, theirs))
	kept := imported(theirs, "note", "text")
	must(t, bobs.Remember(f.ctx, []domain.Imported{kept}))

	imports := f.Imports(f.alice)
	_, err := imports.Get(f.ctx, theirs.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, imports.Update(f.ctx, theirs), domain.NotFound)
	wantKind(t, imports.Add(f.ctx, theirs), domain.Conflict)
	for _, list := range []func() ([]domain.Import, error){
		func() ([]domain.Import, error) { return imports.List(f.ctx, 10) },
		func() ([]domain.Import, error) { return imports.Unfinished(f.ctx) },
	} {
		got, err := list()
		must(t, err)
		wantEqual(t, len(got), 0)
	}
	known, err := imports.Known(f.ctx, []domain.TokenHash{kept.Source})
	must(t, err)
	wantEqual(t, len(known), 0)
	of, err := imports.Of(f.ctx, theirs.ID, "", 10)
	must(t, err)
	wantEqual(t, len(of), 0)
	must(t, imports.Forget(f.ctx, theirs.ID, []domain.TokenHash{kept.Source}))
	of, err = bobs.Of(f.ctx, theirs.ID, "", 10)
	must(t, err)
	wantEqual(t, of, []domain.Imported{kept})

	must(t, f.Users().SetRights(f.ctx, domain.User{ID: f.bob.User(), Goes: f.now}))
	for n := 1; n > 0; {
		n, err = f.Housekeeping().PurgeSpace(f.ctx, f.bob.Space(), f.now)
		must(t, err)
	}
	list, err := bobs.List(f.ctx, 10)
	must(t, err)
	wantEqual(t, len(list), 0)
	of, err = bobs.Of(f.ctx, theirs.ID, "", 10)
	must(t, err)
	wantEqual(t, len(of), 0)
}
