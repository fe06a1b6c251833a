package app_test

import (
	"fmt"
	"strings"
	"testing"

	"octavo/app"
	"octavo/domain"
	"octavo/domain/textdiff"
)

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
	h.wantUndo(saved.Undo, "Saved. Links in 1 note now use the new title.")
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
	h.wantUndo(saved.Undo, "Saved and merged with changes made in the meantime. Links in 1 note now use the new title.")
}

func TestATitleWithTheMarksOfALinkIsFollowed(t *testing.T) {
	h := newHouse(t)
	n := h.note("Old", "")
	other := h.note("Other", "[[Old]]")
	for i, title := range []string{"C# [draft] | notes", "Plain again"} {
		must(h.Editing().Save(t.Context(), owner, n.ID, app.Edit{NoteDraft: domain.NoteDraft{Title: title}, Base: i + 1}))(t)
		links := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 10, true))(t).Backlinks
		if len(links) != 1 || links[0].ID != other.ID {
			t.Errorf("%q: got %+v for %q", title, links, h.get(other.ID).Content)
		}
	}
	if got := h.get(other.ID).Content; got != "[[Plain again]]" {
		t.Errorf("got %q", got)
	}
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
	h.wantUndo(saved.Undo, "Saved. Links to the old title were left unchanged because another note now has that title.")
	h.rename(saved.Note, "Old")
	if links := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 10, true))(t).Backlinks; len(links) != 1 || links[0].ID != other.ID {
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
		if links := must(h.notes.Show(t.Context(), owner.Read(), to, 10, true))(t).Backlinks; len(links) != 1 || links[0].ID != last.ID {
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

func TestBacklinksLeaveOutTheTrashAndTheNoteItself(t *testing.T) {
	h := newHouse(t)
	n := h.note("Target", "[[Target]]")
	for i := range 4 {
		h.note(fmt.Sprintf("from %d", i), "[[target]]")
	}
	gone := h.note("gone", "[[Target]]")
	must(0, second(h.notes.Trash(t.Context(), owner, gone.ID, nil)))(t)
	shown := must(h.notes.Show(t.Context(), owner.Read(), n.ID, 3, true))(t)
	if len(shown.Backlinks) != 3 || !shown.MoreBacklinks || shown.Backlinks[0].Title != "from 0" {
		t.Errorf("got %v, more %v", shown.Backlinks, shown.MoreBacklinks)
	}
	shown = must(h.notes.Show(t.Context(), owner.Read(), n.ID, 4, true))(t)
	if len(shown.Backlinks) != 4 || shown.MoreBacklinks {
		t.Errorf("got %d, more %v", len(shown.Backlinks), shown.MoreBacklinks)
	}
}

func TestAMentionShowsTheSentenceAroundTheFirstLink(t *testing.T) {
	h := newHouse(t)
	plan := h.note("Plan", "---\naliases: [The garden]\n---\nabout [[Plan]] itself")
	h.note("Work/Plan", "another")
	h.note("One", "No link. I made the **[[plan]]** today, with `[[Plan]]`. Later.\n\n- again [[Home/Plan]]\n- [[The garden]]")
	h.note("Two", "to [[Work/Plan]]. And to [the garden](The%20garden.md)!")
	h.note("Other", "to [[Work/Plan]]")
	trashed := h.note("Trashed", "[[Plan]]")
	must(0, second(h.notes.Trash(t.Context(), owner, trashed.ID, nil)))(t)

	mentions := func(limit int) string {
		t.Helper()
		_, list, more, err := h.Links().Mentions(t.Context(), owner.Read(), plan.ID, limit, 200)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, m := range list {
			b.WriteString(m.Title + ": ")
			for _, span := range m.Sentence {
				if span.Hit {
					span.Text = "<" + span.Text + ">"
				}
				b.WriteString(span.Text)
			}
			fmt.Fprintf(&b, " +%d\n", m.More)
		}
		if more {
			b.WriteString("more")
		}
		return b.String()
	}
	one, two := "One: I made the <plan> today, with [[Plan]]. +2\n", "Two: And to <the garden>! +0\n"
	if got := mentions(10); got != one+two {
		t.Errorf("got\n%s", got)
	}
	if got := mentions(1); got != one+"more" {
		t.Errorf("one of two is\n%s", got)
	}
	_, _, _, err := h.Links().Mentions(t.Context(), owner.Read(), domain.NewID(), 10, 200)
	wantKind(t, err, domain.NotFound)
}
