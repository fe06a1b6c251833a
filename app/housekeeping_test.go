package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/memory"
)

func TestHousekeepingForgetsWhatHasHadItsTime(t *testing.T) {
	h := newHouse(t)
	n := h.note("Trashed", "text")
	kept := h.note("Kept", "0")
	must(0, second(h.notes.Trash(t.Context(), owner, n.ID, nil)))(t)
	for i := 1; i <= 5; i++ {
		h.save(kept, i, fmt.Sprint(i))
	}
	file := must(h.Files().Upload(t.Context(), owner, "a.txt", "text/plain", strings.NewReader("content")))(t)
	used := must(h.Files().Upload(t.Context(), owner, "b.txt", "text/plain", strings.NewReader("used")))(t)
	h.note("Uses it", used.Markdown())

	run := h.tidyFor
	run(time.Hour)
	h.get(n.ID)
	run(domain.TrashLife - 2*time.Hour)
	h.get(n.ID)
	h.wantSaid(kept.ID, "5", "4", "3", "2", "1", "0")
	_, _, err := h.Files().Open(t.Context(), owner.Read(), file.Hash)
	wantKind(t, err, domain.NotFound)
	_, content, err := h.Files().Open(t.Context(), owner.Read(), used.Hash)
	must(0, err)(t)
	must(0, content.Close())(t)

	run(48 * time.Hour)
	_, err = h.notes.Get(t.Context(), owner.Read(), n.ID)
	wantKind(t, err, domain.NotFound)
	h.wantSaid(kept.ID, "5", "4")
}

func TestAFileThatNothingMentionsGoesADayLaterAndNothingElse(t *testing.T) {
	h, blobs := newHouse(t), new(memory.Blobs)
	h.App = app.New(h.store, blobs, h.clock)
	h.clock.now = time.Now()
	upload := func(content string) domain.FileHash {
		return must(h.Files().Upload(t.Context(), owner, "f", "text/plain", strings.NewReader(content)))(t).Hash
	}
	used, unused := upload("used"), upload("unused")
	h.note("n", "/files/"+string(used))
	other, _, err := blobs.Put(t.Context(), strings.NewReader("of another database"), domain.MaxFile, nil)
	if err != nil {
		t.Fatal(err)
	}
	there := func() (hashes []domain.FileHash) {
		for _, hash := range []domain.FileHash{used, other, unused} {
			if _, err := blobs.Open(t.Context(), hash); err == nil {
				hashes = append(hashes, hash)
			}
		}
		return hashes
	}
	for _, c := range []struct {
		later time.Duration
		want  int
	}{{12 * time.Hour, 3}, {13 * time.Hour, 2}} {
		h.tidyFor(c.later)
		if got := there(); len(got) != c.want || got[0] != used || got[1] != other {
			t.Errorf("after %v there are %v", c.later, got)
		}
	}
}
