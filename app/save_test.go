package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/textdiff"
	"octavo/lang"
)

// save saves a content upon a version, which succeeds.
func (h *house) save(n domain.Note, base int, content string) app.Saved {
	h.t.Helper()
	draft := domain.NoteDraft{Title: n.Title, Content: content}
	return must(h.Editing().Save(h.t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: base}))(h.t)
}

// said returns all contents of a note's history, the newest first.
func (h *house) said(id domain.ID) (contents []string) {
	h.t.Helper()
	for before := 0; ; {
		page := must(h.History().List(h.t.Context(), owner.Read(), id, before, 50))(h.t)
		for _, r := range page.Revisions {
			whole := must(h.History().Revision(h.t.Context(), owner.Read(), id, r.Version))(h.t)
			contents = append(contents, whole.Content)
		}
		if before = page.Next; before == 0 {
			return contents
		}
	}
}

func (h *house) wantSaid(id domain.ID, want ...string) {
	h.t.Helper()
	if got := h.said(id); !slices.Equal(got, want) {
		h.t.Errorf("history says %q, want %q", got, want)
	}
}

func TestEverySaveIsARevision(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "one")
	h.save(n, 1, "two")
	must(h.notes.Pin(t.Context(), owner, n.ID, true))(t)
	h.save(n, 3, "three")
	h.save(n, 4, "three") // says nothing new
	h.wantSaid(n.ID, "three", "two", "one")
}

func TestChangesToDifferentLinesAreMerged(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "one\ntwo\nthree\n")
	h.save(n, 1, "ONE\ntwo\nthree\n")
	saved := h.save(n, 1, "one\ntwo\nTHREE\n")
	if !saved.Merged || saved.Note.Content != "ONE\ntwo\nTHREE\n" {
		t.Errorf("got %+v", saved)
	}
	h.wantSaid(n.ID, "ONE\ntwo\nTHREE\n", "one\ntwo\nTHREE\n", "ONE\ntwo\nthree\n", "one\ntwo\nthree\n")
}

// Browsers send line ends as \r\n, and people leave blanks.
func TestWhatFollowsFromAMergeIsThatOfWhatComesOfIt(t *testing.T) {
	for _, content := range []string{"one #b\ntwo\nthree #c", "one #b\ntwo #d\nthree #c", "one #a\ntwo\nthree #c"} {
		h := newHouse(t)
		n := h.note("Title", "one #a\ntwo\nthree")
		h.save(n, 1, "one #b\ntwo\nthree")
		saved := h.save(n, 1, content)
		if want := saved.Note.Reread(); !saved.Merged || saved.Note.Excerpt != want.Excerpt || !slices.Equal(saved.Note.TextTags, want.TextTags) {
			t.Errorf("%q: the excerpt is %q, the tags are %q", content, saved.Note.Excerpt, saved.Note.TextTags)
		}
	}
}

func TestWhatAFormSendsIsMergedAsItIsStored(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "1\n2\n3\n4\n5\n", "work")
	h.save(n, 1, "1\n2\n3\n4\nfive\n")
	draft := domain.NoteDraft{Title: "Title  ", Content: "one\r\n2\r\n3\r\n4\r\n5\r\n", Tags: []domain.Tag{"#work", "work"}}
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 1}))(t)
	if !saved.Merged || saved.Note.Content != "one\n2\n3\n4\nfive\n" || saved.Note.Title != "Title" || !slices.Equal(saved.Note.Tags, n.Tags) {
		t.Errorf("got %+v", saved)
	}

	h.save(n, saved.Note.Version, "their one\n2\n3\n4\nfive\n")
	draft.Content = "my one\r\n2\r\n3\r\n4\r\nfive\r\n"
	got, err := h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: saved.Note.Version})
	wantKind(t, err, domain.Conflict)
	if got.Conflict.Content.Collisions() != 1 || got.Conflict.TitleCollides {
		t.Errorf("got %+v", got.Conflict)
	}
}

func TestACollisionStoresNothingUntilSomebodyChooses(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "a\nline\nz\n")
	theirs := h.save(n, 1, "a\ntheir line\nz\n").Note
	draft := domain.NoteDraft{Title: "Title", Content: "a\nmy thing\nz\n"}

	saved, err := h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 1})
	wantKind(t, err, domain.Conflict)
	if saved.Conflict == nil || saved.Conflict.Content.Collisions() != 1 || saved.Note.Version != theirs.Version {
		t.Fatalf("got %+v", saved)
	}
	h.wantSaid(n.ID, "a\ntheir line\nz\n", "a\nline\nz\n")

	choose := func(side ...textdiff.Side) *app.Resolution {
		return &app.Resolution{Theirs: theirs.Version, Choices: domain.MergeChoices{Content: side}}
	}
	_, err = h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 1, Resolution: choose()})
	wantKind(t, err, domain.Invalid)

	chosen := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 1, Resolution: choose(textdiff.Theirs)}))(t)
	if chosen.Note.Content != theirs.Content {
		t.Errorf("got %q", chosen.Note.Content)
	}
	h.wantSaid(n.ID, "a\ntheir line\nz\n", "a\nmy thing\nz\n", "a\ntheir line\nz\n", "a\nline\nz\n")
}

func TestAChoiceMadeUponWhatHasMovedOnIsAskedForAgain(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	seen := h.save(n, 1, "their line").Note
	h.save(n, seen.Version, "their other line")
	draft := domain.NoteDraft{Title: "Title", Content: "mine"}
	resolution := &app.Resolution{Theirs: seen.Version, Choices: domain.MergeChoices{Content: []textdiff.Side{textdiff.Mine}}}
	saved, err := h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 1, Resolution: resolution})
	wantKind(t, err, domain.Conflict)
	if saved.Conflict == nil || saved.Conflict.Theirs.Content != "their other line" {
		t.Errorf("got %+v", saved)
	}
}

func TestPinningIsNoReasonToMerge(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "one")
	must(h.notes.Pin(t.Context(), owner, n.ID, true))(t)
	saved := h.save(n, 1, "two")
	if saved.Merged || !saved.Note.Pinned || saved.Note.Content != "two" {
		t.Errorf("got %+v", saved)
	}
}

func TestADraftThatWasOnlyOpenedTakesNothingBack(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "one")
	h.save(n, 1, "two")
	if saved := h.save(n, 1, "one"); saved.Note.Content != "two" {
		t.Errorf("got %q", saved.Note.Content)
	}
	h.wantSaid(n.ID, "two", "one")
}

func TestATickLosesNoChangeMadeMeanwhile(t *testing.T) {
	h := newHouse(t)
	n := h.note("List", "- [ ] milk\n- [ ] bread\n")
	h.save(n, 1, "more\n\n- [ ] milk\n- [ ] bread\n- [ ] salt\n")
	saved := must(h.Editing().SetTask(t.Context(), owner, n.ID, 1, 2, true))(t)
	if want := "more\n\n- [ ] milk\n- [x] bread\n- [ ] salt\n"; saved.Note.Content != want {
		t.Errorf("got %q", saved.Note.Content)
	}
	_, err := h.Editing().SetTask(t.Context(), owner, n.ID, saved.Note.Version, 4, true)
	wantKind(t, err, domain.NotFound)
}

func TestFiftyWritersLoseNothing(t *testing.T) {
	const writers, rounds = 50, 20
	h := newHouse(t)
	n := h.note("Contested", "begin")
	var mu sync.Mutex
	accepted := map[int]string{}
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for r := range rounds {
				base := h.get(n.ID)
				text := fmt.Sprintf("writer %d round %d", w, r)
				saved, err := h.Editing().Update(t.Context(), owner, n.ID, ifVersion(base.Version), domain.NoteDraft{Title: "Contested", Content: text})
				if errors.Is(err, domain.ErrNoteChanged) {
					continue
				}
				mu.Lock()
				if other, taken := accepted[saved.Note.Version]; err != nil || taken {
					t.Errorf("version %d of %q and %q: %v", saved.Note.Version, text, other, err)
				}
				accepted[saved.Note.Version] = text
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	said := h.said(n.ID)
	for version, text := range accepted {
		if !slices.Contains(said, text) {
			t.Errorf("version %d, %q, is lost", version, text)
		}
	}
	if len(said) != len(accepted)+1 {
		t.Errorf("%d revisions of %d accepted texts", len(said), len(accepted))
	}
}

func TestARevisionComesBackAsTheNewest(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "one", "old")
	must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "Other", Content: "two", Tags: []domain.Tag{"new"}}, Base: 1}))(t)
	saved := must(h.History().Restore(t.Context(), owner, n.ID, 1))(t)
	if got := saved.Note; got.Title != "Title" || got.Content != "one" || !slices.Equal(got.Tags, []domain.Tag{"old"}) || got.Version != 3 {
		t.Errorf("got %+v", got)
	}
	h.wantSaid(n.ID, "one", "two", "one")
	_, err := h.History().Restore(t.Context(), owner, n.ID, 17)
	wantKind(t, err, domain.NotFound)
}

func TestHistoryIsReadByPages(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "0")
	for i := 1; i < 25; i++ {
		h.save(n, i, fmt.Sprint(i))
	}
	var versions []int
	for before := 0; ; {
		page := must(h.History().List(t.Context(), owner.Read(), n.ID, before, 10))(t)
		for _, r := range page.Revisions {
			versions = append(versions, r.Version)
		}
		if page.Names[domain.OwnerID] != "Owner" {
			t.Errorf("saved by %v", page.Names)
		}
		if before = page.Next; before == 0 {
			break
		}
	}
	if len(versions) != 25 || versions[0] != 25 || versions[24] != 1 {
		t.Errorf("got %v", versions)
	}
}

func second(_ domain.Note, _ domain.NoteState, err error) error { return err }

func wordsOf(said []domain.Message) string {
	var words []string
	for _, m := range said {
		words = append(words, lang.English().Say(m))
	}
	return strings.Join(words, " ")
}

// wantUndo checks what is said of something that can be undone.
func (h *house) wantUndo(id domain.ID, want string) {
	h.t.Helper()
	if got := wordsOf(must(h.Bulk().Undoable(h.t.Context(), owner.Read(), id))(h.t)); got != want {
		h.t.Errorf("got %q, want %q", got, want)
	}
}

func (h *house) rename(n domain.Note, title string) app.Saved {
	h.t.Helper()
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: title, Content: n.Content}, Base: n.Version}
	return must(h.Editing().Save(h.t.Context(), owner, n.ID, edit))(h.t)
}

func TestAChoiceThatIsNoLongerNeededIsIgnored(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "a\nline\nz\n")
	h.save(n, 1, "a\ntheir line\nz\n")
	h.save(n, 2, "a\nline\nz\nand more\n") // they took it back
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: "Title", Content: "a\nmy line\nz\n"}, Base: 1, Resolution: &app.Resolution{
		Theirs: 2, Choices: domain.MergeChoices{Content: []textdiff.Side{textdiff.Theirs}},
	}}
	if got := must(h.Editing().Save(t.Context(), owner, n.ID, edit))(t).Note.Content; got != "a\nmy line\nz\nand more\n" {
		t.Errorf("got %q", got)
	}
}

func TestAVersionThatNobodyKnowsIsNoReasonToStoreOver(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "as a backup brought it back\n")
	draft := domain.NoteDraft{Title: "Title", Content: "mine\n"}
	_, err := h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 50})
	wantKind(t, err, domain.Conflict)
}

func (silentCreations) Get(context.Context, string) (domain.Creation, error) {
	return domain.Creation{}, domain.Unavailable
}
