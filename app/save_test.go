package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/textdiff"
	"octavo/lang"
	"octavo/memory"
)

// house is the use cases over an empty store, with a clock that stands.
type house struct {
	*app.App
	t     *testing.T
	store *memory.Store
	clock *clock
	notes *app.Notes
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, store: newStore(), clock: &clock{time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)}}
	h.App = app.New(h.store, new(memory.Blobs), h.clock)
	h.notes = h.Notes()
	return h
}

func (h *house) note(title, content string, tags ...domain.Tag) domain.Note {
	h.t.Helper()
	return must(h.notes.Create(h.t.Context(), owner, domain.NoteDraft{Title: title, Content: content, Tags: tags}))(h.t)
}

func (h *house) get(id domain.ID) domain.Note {
	h.t.Helper()
	return must(h.notes.Get(h.t.Context(), owner.Read(), id))(h.t)
}

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

func TestANewTitleIsFollowedByTheLinksToIt(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old name", "see [[Old name]]")
	other := h.note("Other", "to [[old name]] and [[Old name#part|there]]")
	trashed := h.note("Trashed", "[[Old name]]")
	must(0, second(h.notes.Trash(t.Context(), owner, trashed.ID, nil)))(t)

	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "New name", Content: n.Content}, Base: 1}))(t)
	if saved.Note.Content != "see [[New name]]" {
		t.Errorf("got %+v", saved)
	}
	h.wantUndo(saved.Undo, "Saved. The links in one note follow the new title.")
	if got := h.get(other.ID).Content; got != "to [[New name]] and [[New name#part|there]]" {
		t.Errorf("got %q", got)
	}
	undone := must(h.Bulk().Undo(t.Context(), owner, saved.Undo))(t)
	if undone != (app.Undone{Notes: 2, Leader: n.ID}) || h.get(other.ID).Content != other.Content || h.get(n.ID).Title != "Old name" {
		t.Errorf("got %+v, %q", undone, h.get(other.ID).Content)
	}
	_, err := h.Bulk().Undo(t.Context(), owner, saved.Undo)
	wantKind(t, err, domain.NotFound)
}

func second(_ domain.Note, _ domain.NoteState, err error) error { return err }

func TestLinksToAnotherNoteOfTheSameTitleStay(t *testing.T) {
	h := newHouse(t)
	h.note("Twin", "the first one, which links lead to")
	n := h.note("Twin", "")
	other := h.note("Other", "[[Twin]]")
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "Single"}, Base: 1}))(t)
	if saved.Undo != "" || h.get(other.ID).Content != "[[Twin]]" {
		t.Errorf("got %+v", saved)
	}
}

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

func TestATitleThatIsChosenInAMergeIsFollowedToo(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "line")
	other := h.note("Other", "[[Old]]")
	h.save(n, 1, "their line")
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: "New", Content: "my line"}, Base: 1, Resolution: &app.Resolution{
		Theirs: 2, Choices: domain.MergeChoices{Content: []textdiff.Side{textdiff.Mine}},
	}}
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, edit))(t)
	if got := h.get(other.ID).Content; got != "[[New]]" || saved.Note.Title != "New" || saved.Note.Content != "my line" {
		t.Errorf("the link is %q, the note %+v", got, saved.Note)
	}
	h.wantUndo(saved.Undo, "Saved, together with what was changed meanwhile. The links in one note follow the new title.")
}

func TestATitleWithTheMarksOfALinkIsFollowed(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "")
	other := h.note("Other", "[[Old]]")
	for i, title := range []string{"C# [draft] | notes", "Plain again"} {
		must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: title}, Base: i + 1}))(t)
		links := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 10))(t).Backlinks
		if len(links) != 1 || links[0].ID != other.ID {
			t.Errorf("%q: got %+v for %q", title, links, h.get(other.ID).Content)
		}
	}
	if got := h.get(other.ID).Content; got != "[[Plain again]]" {
		t.Errorf("got %q", got)
	}
}

func (h *house) rename(n domain.Note, title string) app.Saved {
	h.t.Helper()
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: title, Content: n.Content}, Base: n.Version}
	return must(h.Editing().Save(h.t.Context(), owner, n.ID, edit))(h.t)
}

func TestATitleTakenBackIsFollowedBackByAllThatLinkToItByThen(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "")
	same, edited := h.note("Same", "[[old]]"), h.note("Edited", "[[Old]]")
	saved := h.rename(n, "New")
	h.save(h.get(edited.ID), 2, "[[New]] and more")
	late := h.note("Late", "[[New]]")
	must(h.notes.Pin(t.Context(), owner, n.ID, true))(t)
	must(h.Bulk().Undo(t.Context(), owner, saved.Undo))(t)
	for id, want := range map[domain.ID]string{same.ID: "[[old]]", edited.ID: "[[Old]] and more", late.ID: "[[Old]]"} {
		if got := h.get(id).Content; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got := h.get(n.ID); got.Title != "Old" || !got.Pinned {
		t.Errorf("got %+v", got)
	}
}

func TestLinksStayWhereTheNewTitleWouldLeadThemToAnotherNote(t *testing.T) {
	h := newHouse(t)
	h.note("Taken", "by an older note")
	n := h.note("Old", "")
	other := h.note("Other", "[[Old]]")
	saved := h.rename(n, "Taken")
	h.wantUndo(saved.Undo, "Saved. Links to the old title stay, as another note is called like this one now.")
	h.rename(saved.Note, "Old")
	if links := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 10))(t).Backlinks; len(links) != 1 || links[0].ID != other.ID {
		t.Errorf("got %+v for %q", links, h.get(other.ID).Content)
	}
}

func TestLinksFollowATitleThatChangesWithALinkOrATagInIt(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "")
	between := h.note("", "About [[Old]]\n\nmore")
	last := h.note("Last", "[[About Old]]")
	saved := h.rename(n, "New")
	if got := h.get(between.ID).Title; got != "About New" {
		t.Errorf("got %q", got)
	}
	wantLinks := func(to domain.ID) {
		t.Helper()
		if links := must(h.notes.Show(t.Context(), owner.Read(), to, 10))(t).Backlinks; len(links) != 1 || links[0].ID != last.ID {
			t.Errorf("got %+v for %q", links, h.get(last.ID).Content)
		}
	}
	wantLinks(between.ID)
	must(h.Bulk().Undo(t.Context(), owner, saved.Undo))(t)
	wantLinks(between.ID)

	tagged := h.note("", "Plan #work")
	h.save(last, h.get(last.ID).Version, "[[Plan #work]]")
	changed := must(h.Tags().Rename(t.Context(), owner, "work", "job", true))(t)
	wantLinks(tagged.ID)
	if changed.Notes != 1 || h.get(last.ID).Content != "[[Plan #job]]" {
		t.Errorf("got %+v, %q", changed, h.get(last.ID).Content)
	}
	must(h.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
	wantLinks(tagged.ID)
}

func TestTitlesMadeOfEachOtherEnd(t *testing.T) {
	h := newHouse(t)
	a := h.note("A", "")
	b := h.note("", "b [[A]]")
	c := h.note("", "c [[b A]]")
	write := func(n domain.Note, content string) {
		must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Content: content}, Base: h.get(n.ID).Version}))(t)
	}
	write(b, "b [[A]] [[c b A]]")
	write(c, "c "+"[["+h.get(b.ID).Title+"]]")
	h.rename(a, "AA")
	if got := h.get(b.ID).Title; !strings.HasPrefix(got, "b AA") {
		t.Errorf("got %q", got)
	}
}

func TestANewTitleIsNotTakenBackWithoutItsNote(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "")
	other := h.note("Other", "[[Old]]")
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "New"}, Base: 1}))(t)
	h.save(saved.Note, 2, "more")
	_, err := h.Bulk().Undo(t.Context(), owner, saved.Undo)
	wantKind(t, err, domain.Conflict)
	if got := h.get(other.ID).Content; got != "[[New]]" {
		t.Errorf("the link leads nowhere: %q", got)
	}
}

func TestANoteWithoutRoomDoesNotKeepOthersFromChanging(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "")
	other := h.note("Other", "[[Old]]")
	full := h.note("Full", "[[Old]]"+strings.Repeat("x", domain.MaxContent-7))
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "A longer one"}, Base: 1}))(t)
	h.wantUndo(saved.Undo, "Saved. The links in one note follow the new title. No room to follow it: one note.")
	if got := h.get(other.ID).Content; got != "[[A longer one]]" || h.get(full.ID).Content != full.Content {
		t.Errorf("the link is %q", got)
	}

	var tags []domain.Tag
	for i := range domain.MaxTags {
		tags = append(tags, domain.Tag(fmt.Sprintf("t%d", i)))
	}
	tagged := h.note("Tagged", "", tags...)
	changed := must(h.Bulk().Change(t.Context(), owner, app.ManyTag, "one-more", []domain.ID{tagged.ID, n.ID}))(t)
	if changed.Notes != 1 || changed.Left != 1 {
		t.Errorf("got %+v", changed)
	}
	h.wantUndo(changed.Undo, "Tagged: one note. No room for that: one note.")
	_, err := h.Bulk().Change(t.Context(), owner, app.ManyTag, "one-more", []domain.ID{tagged.ID})
	wantKind(t, err, domain.Invalid)
}

func TestAnUndoThatHasEndedIsNotOffered(t *testing.T) {
	h := newHouse(t)
	changed := must(h.Bulk().Change(t.Context(), owner, app.ManyPin, "", []domain.ID{h.note("n", "").ID}))(t)
	h.clock.now = h.clock.now.Add(domain.UndoLife)
	_, err := h.Bulk().Undoable(t.Context(), owner.Read(), changed.Undo)
	wantKind(t, err, domain.NotFound)
}

func TestWhoTakesBackAMoveDoesNotBecomeTheAuthor(t *testing.T) {
	h := newHouse(t)
	n := h.note("n", "")
	n.Author, n.Version = domain.NewID(), 2
	must(0, h.store.Notes(owner).Update(t.Context(), n, n.Version-1))(t)
	changed := must(h.Bulk().Change(t.Context(), owner, app.ManyPin, "", []domain.ID{n.ID}))(t)
	must(h.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
	if got := h.get(n.ID); got.Author != n.Author || got.Pinned {
		t.Errorf("got %+v", got)
	}
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

func TestTwoTagsBecomeOneAndPartAgain(t *testing.T) {
	h := newHouse(t)
	field := h.note("Field", "text", "work", "job")
	text := h.note("Text", "is #work/home and `#work`")
	if _, err := h.Tags().Rename(t.Context(), owner, "work", "Job", false); !errors.Is(err, app.ErrTagExists) {
		t.Errorf("got %v for a name that another tag has", err)
	}
	changed := must(h.Tags().Rename(t.Context(), owner, "work", "job", true))(t)
	if changed.Notes != 2 {
		t.Errorf("got %+v", changed)
	}
	if got := h.get(field.ID).Tags; !slices.Equal(got, []domain.Tag{"job"}) {
		t.Errorf("got tags %v", got)
	}
	if got := h.get(text.ID).Content; got != "is #job/home and `#work`" {
		t.Errorf("got %q", got)
	}
	h.save(h.get(text.ID), 2, "changed since")
	undone := must(h.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
	if undone != (app.Undone{Notes: 1, Skipped: 1}) || !slices.Equal(h.get(field.ID).Tags, field.Tags) {
		t.Errorf("got %+v, tags %v", undone, h.get(field.ID).Tags)
	}
	_, err := h.Tags().Rename(t.Context(), owner, "nothing", "else", true)
	wantKind(t, err, domain.NotFound)
	_, err = h.Tags().Rename(t.Context(), owner, "job", "no tag!", true)
	wantKind(t, err, domain.Invalid)
}

func TestWhatIsDoneToManyNotesIsUndoneAtOnce(t *testing.T) {
	h := newHouse(t)
	var ids []domain.ID
	for i := range 5 {
		ids = append(ids, h.note(fmt.Sprint(i), "").ID)
	}
	must(h.notes.Archive(t.Context(), owner, ids[0], true))(t)
	for _, c := range []struct {
		what  app.Many
		tag   string
		notes int
	}{{app.ManyPin, "", 5}, {app.ManyArchive, "", 4}, {app.ManyTrash, "", 5}, {app.ManyTag, "x", 5}} {
		before := make([]domain.Note, len(ids))
		for i, id := range ids {
			before[i] = h.get(id)
		}
		changed := must(h.Bulk().Change(t.Context(), owner, c.what, c.tag, append(ids, domain.NewID())))(t)
		if changed.Notes != c.notes {
			t.Errorf("%s: %+v", c.what, changed)
		}
		must(h.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
		for i, id := range ids {
			if got := h.get(id); got.State != before[i].State || got.Pinned != before[i].Pinned || len(got.Tags) != 0 {
				t.Errorf("%s undone: %+v", c.what, got)
			}
		}
	}
	_, err := h.Bulk().Change(t.Context(), owner, "dance", "", ids)
	wantKind(t, err, domain.Invalid)
}

func TestANoteIsCreatedOnceForAKey(t *testing.T) {
	h := newHouse(t)
	draft := domain.NoteDraft{Title: "once", Content: "text"}
	key := domain.NewID()
	h.keep(domain.Draft{Key: key, NoteDraft: domain.NoteDraft{Title: "once", Content: "tex"}})
	first := must(h.Editing().CreateOnce(t.Context(), owner, string(key), draft))(t)
	again := must(h.Editing().CreateOnce(t.Context(), owner, string(key), draft))(t)
	if first.ID != again.ID {
		t.Errorf("two notes, %s and %s", first.ID, again.ID)
	}
	_, err := h.Drafts().Get(t.Context(), owner.Read(), key)
	wantKind(t, err, domain.NotFound)
	draft.Content = "other"
	if _, err := h.Editing().CreateOnce(t.Context(), owner, string(key), draft); !errors.Is(err, app.ErrKeyUsed) {
		t.Errorf("got %v", err)
	}
}

// unsureStore is a store that doesn't confirm its next commits, made or not.
type unsureStore struct {
	domain.Store
	commits bool
	left    int
	late    func() // called by then
}

func (s *unsureStore) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	if s.left == 0 {
		return s.Store.Atomically(ctx, fn)
	}
	s.left--
	if s.commits {
		if err := s.Store.Atomically(ctx, fn); err != nil {
			return err
		}
	}
	s.late()
	return domain.Unknown
}

func TestWhatBecameOfACreationWithAKeyIsFoundOut(t *testing.T) {
	for _, commits := range []bool{true, false} {
		store := newStore()
		ctx, cancel := context.WithCancel(t.Context()) // as when the database takes all the time that the request has
		editing := app.New(&unsureStore{store, commits, 1, cancel}, new(memory.Blobs), domain.SystemClock{}).Editing()
		n := must(editing.CreateOnce(ctx, owner, "key", domain.NoteDraft{Title: "once"}))(t)
		stored := must(store.Notes(owner).List(t.Context(), domain.NoteFilter{State: domain.Active}, nil, 10))(t)
		if len(stored) != 1 || stored[0].ID != n.ID {
			t.Errorf("committed %v: got %v, stored are %v", commits, n.ID, stored)
		}
	}
	t.Run("unless the database stays away", func(t *testing.T) {
		unsure := &unsureStore{newStore(), false, 2, func() {}}
		_, err := app.New(unsure, new(memory.Blobs), domain.SystemClock{}).Editing().
			CreateOnce(t.Context(), owner, "key", domain.NoteDraft{Title: "once"})
		wantKind(t, err, domain.Unknown)
	})
}

// keep keeps a draft, and returns the key that it is under.
func (h *house) keep(d domain.Draft) domain.ID {
	h.t.Helper()
	if d.Key == "" {
		d.Key = domain.NewID()
	}
	must(0, h.Drafts().Keep(h.t.Context(), owner, d, app.Continued{}))(h.t)
	return d.Key
}

func (h *house) wantDraft(key domain.ID, content string) {
	h.t.Helper()
	switch d, err := h.Drafts().Get(h.t.Context(), owner.Read(), key); {
	case content == "":
		wantKind(h.t, err, domain.NotFound)
	case err != nil || d.Content != content:
		h.t.Errorf("got the draft %+v, %v, want %q", d, err, content)
	}
}

func TestSavingRemovesTheDraftOfItsFormAndAConflictKeepsIt(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	h.save(n, 1, "theirs")
	mine := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "mine"}})
	edit := app.Edit{NoteDraft: domain.NoteDraft{Title: "Title", Content: "mine"}, Base: 1, Key: mine}
	_, err := h.Editing().Save(t.Context(), owner, n.ID, edit)
	wantKind(t, err, domain.Conflict)
	h.wantDraft(mine, "mine")
	edit.Base = 2
	must(h.Editing().Save(t.Context(), owner, n.ID, edit))(t)
	h.wantDraft(mine, "")
}

func TestTwoFormsOfOneNoteKeepEachItsOwnDraft(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	first := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "typed in the first tab"}})
	h.clock.now = h.clock.now.Add(time.Second)
	second := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "typed in the second tab"}})
	draft := domain.NoteDraft{Title: "Title", Content: "typed in the second tab"}
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 1, Key: second}))(t)
	h.wantDraft(second, "")
	h.wantDraft(first, "typed in the first tab")
	if drafts := must(h.Drafts().OfNote(t.Context(), owner.Read(), saved.Note))(t); len(drafts) != 1 || drafts[0].Key != first {
		t.Errorf("got %+v", drafts)
	}
}

func TestADraftThatSaysNothingNewIsNotKept(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "# Title\n\nline", "work")
	same := domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "# Title\r\n\r\nline"}, TagsField: "work"}
	h.wantDraft(h.keep(same), "")
	other := same
	other.Content, other.Key = "other", h.keep(same)
	h.wantDraft(h.keep(other), "other")
	same.Key = other.Key
	h.wantDraft(h.keep(same), "")
	blank := h.keep(domain.Draft{NoteDraft: domain.NoteDraft{Content: " \n"}})
	h.wantDraft(blank, "")
}

func TestADraftThatAFormBeganWithGoesUnlessItHasBeenSavedAgain(t *testing.T) {
	h := newHouse(t)
	key := h.keep(domain.Draft{NoteDraft: domain.NoteDraft{Content: "begun"}})
	seen := h.clock.now
	h.clock.now = h.clock.now.Add(time.Second)
	h.keep(domain.Draft{Key: key, NoteDraft: domain.NoteDraft{Content: "begun, and gone on elsewhere"}})
	goOn := func(since time.Time) {
		t.Helper()
		typed := domain.Draft{Key: domain.NewID(), NoteDraft: domain.NoteDraft{Content: "begun, and gone on"}}
		must(0, h.Drafts().Keep(t.Context(), owner, typed, app.Continued{Key: key, Saved: since}))(t)
		h.wantDraft(typed.Key, typed.Content)
	}
	goOn(seen)
	h.wantDraft(key, "begun, and gone on elsewhere")
	goOn(h.clock.now)
	h.wantDraft(key, "")
	goOn(h.clock.now) // it has gone already

	key = h.keep(domain.Draft{NoteDraft: domain.NoteDraft{Content: "begun"}})
	typed := domain.NoteDraft{Content: "begun, and done"}
	begun := app.Continued{Key: key, Saved: h.clock.now}
	n := must(h.Editing().Create(t.Context(), owner, app.Edit{NoteDraft: typed, Key: domain.NewID(), Continues: begun}))(t)
	h.wantDraft(key, "")
	key = h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Content: "changed"}})
	typed.Content, begun.Key = "changed, and done", key
	must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: typed, Base: 1, Key: domain.NewID(), Continues: begun}))(t)
	h.wantDraft(key, "")
}

func TestADraftThatTheNoteSaysByNowGoesWhenItIsEditedAgain(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	said := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "two"}})
	other := h.keep(domain.Draft{Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "three"}})
	h.save(n, 1, "two")
	now := h.keep(domain.Draft{Note: n.ID, Base: 2, NoteDraft: domain.NoteDraft{Title: "Title", Content: "four"}})
	h.wantDraft(said, "")
	h.wantDraft(other, "three")
	h.wantDraft(now, "four")
}

func TestReadingANoteLeavesItsDraftsAsTheyAre(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "line")
	needless := domain.Draft{Key: domain.NewID(), Note: n.ID, Base: 1, NoteDraft: domain.NoteDraft{Title: "Title", Content: "line"}, Saved: h.clock.now}
	must(0, h.store.Drafts(owner).Put(t.Context(), needless))(t)
	if shown := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 10))(t); shown.HasDraft {
		t.Error("a draft that says the same is offered")
	}
	h.wantDraft(needless.Key, "line")
}

func TestAFormMakesOneNoteAndAnotherWhenItHasBeenChangedSince(t *testing.T) {
	h := newHouse(t)
	edit := app.Edit{NoteDraft: domain.NoteDraft{Content: "one"}, Key: domain.NewID()}
	create := func() domain.ID { return must(h.Editing().Create(t.Context(), owner, edit))(t).ID }
	one := create()
	if again := create(); again != one {
		t.Error("sending the form again makes another note")
	}
	edit.Content = "two"
	two := create()
	if again := create(); two == one || again != two {
		t.Errorf("the changed form makes %s and %s after %s", two, again, one)
	}
}

func TestWhatIsTypedForANoteThatHasGoneIsKeptForANewOne(t *testing.T) {
	h := newHouse(t)
	h.keep(domain.Draft{Note: domain.NewID(), Base: 3, NoteDraft: domain.NoteDraft{Title: "Title", Content: "text"}})
	list := must(h.Drafts().ListNew(t.Context(), owner.Read(), 10))(t)
	if len(list) != 1 || list[0].Content != "text" || list[0].Base != 0 {
		t.Errorf("got %+v", list)
	}
}

func TestAVersionThatNobodyKnowsIsNoReasonToStoreOver(t *testing.T) {
	h := newHouse(t)
	n := h.note("Title", "as a backup brought it back\n")
	draft := domain.NoteDraft{Title: "Title", Content: "mine\n"}
	_, err := h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: draft, Base: 50})
	wantKind(t, err, domain.Conflict)
}

func TestADraftOfAFormThatHasMadeANoteIsRefusedUnlessTheNoteSaysTheSame(t *testing.T) {
	h := newHouse(t)
	key := domain.NewID()
	must(h.Editing().CreateOnce(t.Context(), owner, string(key), domain.NoteDraft{Content: "one\r\ntwo", Tags: []domain.Tag{"a"}}))(t)
	late := domain.Draft{Key: key, NoteDraft: domain.NoteDraft{Content: "one\ntwo"}, TagsField: "a"}
	h.keep(late)
	h.wantDraft(key, "")
	late.Title, late.TagsField = " ", "#a, a"
	h.keep(late)
	late.Content = "one\ntwo\nthree"
	wantKind(t, h.Drafts().Keep(t.Context(), owner, late, app.Continued{}), domain.Conflict)

	// What the database doesn't tell isn't taken for another text.
	late.Content = "one\ntwo"
	silent := app.New(silentStore{h.store}, new(memory.Blobs), h.clock).Drafts()
	wantKind(t, silent.Keep(t.Context(), owner, late, app.Continued{}), domain.Unavailable)
}

// silentStore is a store that doesn't tell what has been created.
type silentStore struct{ domain.Store }

func (s silentStore) Atomically(ctx context.Context, fn func(domain.Repos) error) error {
	return s.Store.Atomically(ctx, func(repos domain.Repos) error { return fn(silentRepos{repos}) })
}

type silentRepos struct{ domain.Repos }

func (r silentRepos) Creations(a domain.WriteAccess) domain.Creations {
	return silentCreations{r.Repos.Creations(a)}
}

type silentCreations struct{ domain.Creations }

func (silentCreations) Get(context.Context, string) (domain.Creation, error) {
	return domain.Creation{}, domain.Unavailable
}

func TestSearchShowsTitlesFirstAndEachNoteOnce(t *testing.T) {
	h := newHouse(t)
	var want []string
	for i := range 12 {
		h.clock.now = h.clock.now.Add(time.Minute)
		title := fmt.Sprintf("note %02d", i)
		if i%3 == 0 {
			title = fmt.Sprintf("apple %02d", i)
		}
		h.note(title, "an apple a day")
		want = append(want, title)
	}
	slices.Reverse(want)
	slices.SortStableFunc(want, func(a, b string) int {
		return strings.Compare(a[:1], b[:1]) // apples before notes
	})
	var got []string
	for after, pages := "", 0; ; pages++ {
		found := must(h.Search().Find(t.Context(), owner.Read(), "apple", after, 5))(t)
		if pages == 0 && found.Count.Notes != 12 {
			t.Errorf("counted %+v", found.Count)
		}
		for _, n := range found.Notes {
			got = append(got, n.Title)
		}
		if after = found.Next; after == "" {
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

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

func TestBacklinksLeaveOutTheTrashAndTheNoteItself(t *testing.T) {
	h := newHouse(t)
	n := h.note("Target", "[[Target]]")
	for i := range 4 {
		h.note(fmt.Sprintf("from %d", i), "[[target]]")
	}
	gone := h.note("gone", "[[Target]]")
	must(0, second(h.notes.Trash(t.Context(), owner, gone.ID, nil)))(t)
	shown := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 3))(t)
	if len(shown.Backlinks) != 3 || !shown.MoreBacklinks || shown.Backlinks[0].Title != "from 0" {
		t.Errorf("got %v, more %v", shown.Backlinks, shown.MoreBacklinks)
	}
	shown = must(h.notes.Show(t.Context(), owner.Read(), n.ID, 4))(t)
	if len(shown.Backlinks) != 4 || shown.MoreBacklinks {
		t.Errorf("got %d, more %v", len(shown.Backlinks), shown.MoreBacklinks)
	}
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
