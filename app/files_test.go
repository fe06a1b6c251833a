package app_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

// slowBlobs take a second to put a content in its place that has been admitted, and count those that are there.
type slowBlobs struct {
	memory.Blobs
	put []domain.FileHash
}

func (b *slowBlobs) Put(ctx context.Context, r io.Reader, limit int64, admit func(domain.FileHash, int64) error) (domain.FileHash, int64, error) {
	hash, size, err := b.Blobs.Put(ctx, r, limit, func(hash domain.FileHash, size int64) error {
		if err := admit(hash, size); err != nil {
			return err
		}
		time.Sleep(time.Second)
		b.put = append(b.put, hash)
		return nil
	})
	return hash, size, err
}

func TestAContentThatTheQuotaRefusesIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, blobs := newStore(), &slowBlobs{}
		octavo := app.New(store, blobs, domain.SystemClock{})
		octavo.LimitUploads(25)
		files := octavo.Files()
		failed := make(chan error)
		names := strings.Split("abcde", "")
		for _, name := range names {
			go func() {
				_, err := files.Upload(t.Context(), owner, name, "text/plain", strings.NewReader(strings.Repeat(name, 10)))
				failed <- err
			}()
		}
		stored := 0
		for range names {
			switch err := <-failed; {
			case err == nil:
				stored++
			case !errors.Is(err, domain.TooLarge):
				t.Error(err)
			}
		}
		if stored != 2 || len(blobs.put) != stored {
			t.Errorf("%d files of 10 bytes are stored of 25, and %d contents are there", stored, len(blobs.put))
		}
	})
}

// countedJobs count how often unused files are looked for.
type countedJobs struct {
	domain.Housekeeping
	looked *int
}

func (j countedJobs) RemoveUnusedFiles(ctx context.Context, before time.Time) ([]domain.FileHash, error) {
	*j.looked++
	return j.Housekeeping.RemoveUnusedFiles(ctx, before)
}

type countedStore struct {
	domain.Store
	looked *int
}

func (s countedStore) Housekeeping() domain.Housekeeping {
	return countedJobs{s.Store.Housekeeping(), s.looked}
}

// A file that only old saves name has the whole history read each time.
func TestUnusedFilesAreLookedForOnceADay(t *testing.T) {
	h := newHouse(t)
	looked := 0
	octavo := app.New(countedStore{h.store, &looked}, new(memory.Blobs), h.clock)
	for range 3 * 24 * 6 {
		must(0, octavo.Housekeeping().Run(t.Context()))(t)
		h.clock.now = h.clock.now.Add(10 * time.Minute)
	}
	if looked != 3 {
		t.Errorf("in three days they are looked for %d times", looked)
	}
}
