package app_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
)

func TestANoteWithoutRoomDoesNotKeepOthersFromChanging(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "")
	other := h.note("Other", "[[Old]]")
	full := h.note("Full", "[[Old]]"+strings.Repeat("x", domain.MaxContent-7))
	saved := must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: "A longer one"}, Base: 1}))(t)
	h.wantUndo(saved.Undo, "Saved. Links in 1 note now use the new title. 1 note would have become too long and keeps the old link.")
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
	h.wantUndo(changed.Undo, "1 note tagged. 1 note would have become too long and was left unchanged.")
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

func TestATagIsRemovedFromTheNotesChosenAndPutBack(t *testing.T) {
	h := newHouse(t)
	given, text := h.note("Given", "text", "work", "job"), h.note("Text", "is #Work/home and `#work`")
	other := h.note("Other", "#work")
	ids := []domain.ID{given.ID, text.ID}
	changed := must(h.Bulk().Change(t.Context(), owner, app.ManyUntag, "work", ids))(t)
	h.wantUndo(changed.Undo, "Removed #work from 2 notes.")
	if got := h.get(given.ID).Tags; !slices.Equal(got, []domain.Tag{"job"}) {
		t.Errorf("got tags %v", got)
	}
	if got := h.get(text.ID).Content; got != "is Work/home and `#work`" || h.get(other.ID).Version != 1 {
		t.Errorf("got %q", got)
	}
	must(h.Bulk().Undo(t.Context(), owner, changed.Undo))(t)
	if !slices.Equal(h.get(given.ID).Tags, given.Tags) || h.get(text.ID).Content != text.Content {
		t.Errorf("got %+v and %+v", h.get(given.ID), h.get(text.ID))
	}
	if none := must(h.Bulk().Change(t.Context(), owner, app.ManyUntag, "else", ids))(t); none != (app.Changed{}) {
		t.Errorf("got %+v", none)
	}
	_, err := h.Bulk().Change(t.Context(), owner, app.ManyUntag, "no tag!", ids)
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
