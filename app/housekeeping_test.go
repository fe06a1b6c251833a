package app_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"slices"
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

func TestADraftGoesWhenNobodyHasChangedItForLongAndItsOwnerIsTold(t *testing.T) {
	h := newHouse(t)
	type draft = domain.Draft
	old := h.keep(draft{NoteDraft: domain.NoteDraft{Content: "forgotten"}})
	touched := h.keep(draft{NoteDraft: domain.NoteDraft{Content: "begun"}})
	h.tidyFor(domain.DraftLife - 2*time.Hour)
	h.wantDraft(old, "forgotten")
	h.keep(draft{Key: touched, NoteDraft: domain.NoteDraft{Content: "gone on with"}})
	h.tidyFor(4 * time.Hour)
	h.wantDraft(old, "")
	h.wantDraft(touched, "gone on with")

	// However long its owner is away, it can be brought back once they know.
	h.tidyFor(domain.DraftLife / 2)
	n, at, err := h.Drafts().TellExpired(t.Context(), owner)
	if must(0, err)(t); n != 1 {
		t.Errorf("told of %d drafts", n)
	}
	h.tidyFor(domain.UndoLife / 2)
	must(0, h.Drafts().Restore(t.Context(), owner, at))(t)
	h.wantDraft(old, "forgotten")
	h.tidyFor(domain.UndoLife)
	h.wantDraft(old, "forgotten")
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

func TestPicturesFromBeforeAreMeasuredOnce(t *testing.T) {
	h := newHouse(t)
	var b bytes.Buffer
	must(0, png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))))(t)
	upload := func(name, content string) domain.File {
		return must(h.Files().Upload(t.Context(), owner, name, "image/png", strings.NewReader(content)))(t)
	}
	cup, broken := upload("cup.png", b.String()), upload("broken.png", "broken")
	gone := broken
	gone.Hash = domain.FileHash(strings.Repeat("0", 64))
	for _, f := range []domain.File{cup, broken, gone} {
		f.Width, f.Height, f.Measured = 0, 0, false
		must(0, h.store.Files(owner).Add(t.Context(), f))(t)
	}
	h.tidyFor(time.Hour)
	for hash, width := range map[domain.FileHash]int{cup.Hash: 40, broken.Hash: 0, gone.Hash: 0} {
		f := must(h.store.ReadFiles(owner.Read()).Get(t.Context(), hash))(t)
		if !f.Measured || f.Width != width || f.Height != width*3/4 {
			t.Errorf("%s is %+v", f.Name, f)
		}
	}
}

func TestAPictureThatCannotBeReadKeepsNoOthersFromBeingMeasured(t *testing.T) {
	h := newHouse(t)
	blobs := &unreadable{Blobs: new(memory.Blobs)}
	h.App = app.New(h.store, blobs, h.clock)
	var pictures []domain.File
	for side := range 3 {
		var b bytes.Buffer
		must(0, png.Encode(&b, image.NewGray(image.Rect(0, 0, side+1, side+1))))(t)
		f := must(h.Files().Upload(t.Context(), owner, "a.png", "image/png", &b))(t)
		f.Width, f.Height, f.Measured = 0, 0, false
		must(0, h.store.Files(owner).Add(t.Context(), f))(t)
		pictures = append(pictures, f)
	}
	slices.SortFunc(pictures, func(a, b domain.File) int { return cmp.Compare(a.Hash, b.Hash) })
	blobs.hash = pictures[0].Hash
	h.clock.now = h.clock.now.Add(10 * time.Minute)
	if err := h.Housekeeping().Run(t.Context()); !errors.Is(err, errUnreadable) {
		t.Errorf("got %v", err)
	}
	for i, f := range pictures {
		if got := must(h.store.ReadFiles(owner.Read()).Get(t.Context(), f.Hash))(t); got.Measured != (i > 0) {
			t.Errorf("picture %d: %+v", i, got)
		}
	}
}

// unreadable is where one content can't be read.
type unreadable struct {
	domain.Blobs
	hash domain.FileHash
}

var errUnreadable = errors.New("unreadable")

func (b *unreadable) Open(ctx context.Context, hash domain.FileHash) (io.ReadSeekCloser, error) {
	if hash == b.hash {
		return nil, errUnreadable
	}
	return b.Blobs.Open(ctx, hash)
}
