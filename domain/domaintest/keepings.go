package domaintest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"octavo/domain"
	"octavo/domain/query"
)

func (f *fixture) search(t *testing.T, name string) domain.SavedSearch {
	t.Helper()
	s, err := domain.NewSavedSearch(name, `tag:work "q" é`, f.now)
	must(t, err)
	return s
}

func searchLifecycle(t *testing.T, f *fixture) {
	searches := f.Searches(f.alice)
	list, err := searches.List(f.ctx)
	must(t, err)
	wantEqual(t, len(list), 0)

	c, b, a, second := f.search(t, "garden"), f.search(t, "cellar"), f.search(t, "attic"), f.search(t, "cellar")
	long, err := domain.NewSavedSearch(strings.Repeat("𝕏", domain.MaxSearchName), strings.Repeat("x", query.MaxLength), f.now)
	must(t, err)
	for _, s := range []domain.SavedSearch{c, b, long, a, second} {
		must(t, searches.Add(f.ctx, s))
		got, err := searches.Get(f.ctx, s.ID)
		must(t, err)
		wantEqual(t, got, s)
	}
	list, err = searches.List(f.ctx)
	must(t, err)
	wantEqual(t, list, []domain.SavedSearch{a, b, second, c, long})

	must(t, searches.Remove(f.ctx, b.ID))
	_, err = searches.Get(f.ctx, b.ID)
	wantKind(t, err, domain.NotFound)
	wantKind(t, searches.Remove(f.ctx, b.ID), domain.NotFound)
	list, err = searches.List(f.ctx)
	must(t, err)
	wantEqual(t, list, []domain.SavedSearch{a, second, c, long})
}

// file returns a file with the content given, which isn't kept.
func (f *fixture) file(content string) domain.File {
	sum := sha256.Sum256([]byte(content))
	return domain.File{
		Hash: domain.FileHash(hex.EncodeToString(sum[:])), Name: content + " é.png", Type: "image/png",
		Size: int64(len(content)), Created: f.now, Width: 40, Height: 30, Measured: true,
	}
}

func fileLifecycle(t *testing.T, f *fixture) {
	files, added := f.Files(f.alice), f.file("holiday")
	_, err := files.Get(f.ctx, added.Hash)
	wantKind(t, err, domain.NotFound)
	must(t, files.Add(f.ctx, added))
	again := added
	again.Name, again.Created = "another.png", f.now.Add(time.Hour)
	must(t, files.Add(f.ctx, again))
	got, err := files.Get(f.ctx, added.Hash)
	must(t, err)
	added.Created = again.Created // or it would be removed as unused before a note can mention it
	wantEqual(t, got, added)
	unmeasured := added
	unmeasured.Width, unmeasured.Height, unmeasured.Measured = 0, 0, false
	for _, want := range []domain.File{unmeasured, added} { // as large as was found the last time
		must(t, files.Add(f.ctx, want))
		got, err = files.Get(f.ctx, added.Hash)
		must(t, err)
		wantEqual(t, got, want)
	}

	wantUsed := func(access domain.WriteAccess, want int64) {
		t.Helper()
		used, err := f.Files(access).Used(f.ctx)
		must(t, err)
		wantEqual(t, used, want)
	}
	wantUsed(f.alice, added.Size) // however often it was added
	wantUsed(f.bob, 0)

	// Both names lead to it, and each name to what was uploaded last under it.
	another := f.file("another")
	another.Name = "Another.PNG"
	must(t, files.Add(f.ctx, another))
	named, err := files.Named(f.ctx, domain.TitleKey(added.Name), "another.png", "none.png")
	must(t, err)
	wantEqual(t, named, map[string]domain.File{domain.TitleKey(added.Name): added, "another.png": another})
	again.Created = added.Created
	must(t, files.Add(f.ctx, again))
	named, err = files.Named(f.ctx, "another.png")
	must(t, err)
	wantEqual(t, named, map[string]domain.File{"another.png": again})
	none, err := f.Files(f.bob).Named(f.ctx, "another.png")
	must(t, err)
	wantEqual(t, len(none), 0)

	// Files are found together as each is alone.
	nobodys := f.file("nobody's").Hash
	found, err := files.Find(f.ctx, added.Hash, nobodys, another.Hash, added.Hash)
	must(t, err)
	wantEqual(t, found, map[domain.FileHash]domain.File{added.Hash: added, another.Hash: another})
	for _, find := range [][]domain.FileHash{{nobodys}, nil} {
		found, err = files.Find(f.ctx, find...)
		must(t, err)
		wantEqual(t, len(found), 0)
	}
	found, err = f.Files(f.bob).Find(f.ctx, added.Hash)
	must(t, err)
	wantEqual(t, len(found), 0)

	large := f.file("large")
	large.Name, large.Type, large.Size = strings.Repeat("𝕏", domain.MaxTitle), "application/octet-stream", 5<<30
	must(t, files.Add(f.ctx, large))
	wantUsed(f.alice, added.Size+another.Size+large.Size)
	got, err = files.Get(f.ctx, large.Hash)
	must(t, err)
	wantEqual(t, got, large)
	named, err = files.Named(f.ctx, domain.TitleKey(large.Name))
	must(t, err)
	wantEqual(t, named, map[string]domain.File{domain.TitleKey(large.Name): large})
}

func creationLifecycle(t *testing.T, f *fixture) {
	creations := f.Creations(f.alice)
	c := domain.Creation{Key: "a key: Ä \"1\"", Request: domain.HashToken("r"), Note: domain.NewID(), Created: f.now}
	_, err := creations.Get(f.ctx, c.Key)
	wantKind(t, err, domain.NotFound)
	must(t, creations.Add(f.ctx, c))
	again := c
	again.Note = domain.NewID()
	wantKind(t, creations.Add(f.ctx, again), domain.Conflict)
	got, err := creations.Get(f.ctx, c.Key)
	must(t, err)
	wantEqual(t, got, c)

	// Keys are compared to the byte.
	for _, key := range []string{strings.ToLower(c.Key), c.Key + " ", "a key: A \"1\""} {
		_, err = creations.Get(f.ctx, key)
		wantKind(t, err, domain.NotFound)
		other := c
		other.Key = key
		must(t, creations.Add(f.ctx, other))
	}
	got, err = creations.Get(f.ctx, c.Key)
	must(t, err)
	wantEqual(t, got, c)
}

// Whoever asks how much there is and adds as much as there is room for does so one after another.
func filesWithinQuota(t *testing.T, f *fixture) {
	const quota = 30
	var wg sync.WaitGroup
	var added atomic.Int64
	for i := range 16 {
		wg.Go(func() {
			file := f.file(fmt.Sprint("file ", i))
			file.Size = 10
			err := f.Atomically(f.ctx, func(repos domain.Repos) error {
				used, err := repos.Files(f.alice).Used(f.ctx)
				if err == nil {
					err = domain.UploadQuota(quota).Check(used, file.Size)
				}
				if err != nil {
					return err
				}
				return repos.Files(f.alice).Add(f.ctx, file)
			})
			switch {
			case err == nil:
				added.Add(1)
			case !errors.Is(err, domain.TooLarge) && !errors.Is(err, domain.Unavailable):
				t.Errorf("got error %v", err)
			}
		})
	}
	wg.Wait()
	used, err := f.Files(f.alice).Used(f.ctx)
	must(t, err)
	if used > quota || used != 10*added.Load() || used == 0 {
		t.Errorf("%d bytes are used of %d, and %d files were added", used, quota, added.Load())
	}
}
