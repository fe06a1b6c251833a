package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// content returns what the note whose page has the path says.
func (s *process) content(path string) string {
	s.t.Helper()
	var n stored
	s.call(http.StatusOK, http.MethodGet, "/api/v1"+path, nil, &n)
	return n.Content
}

func (s *process) checkContent(path, want string) {
	s.t.Helper()
	if got := s.content(path); got != want {
		s.t.Errorf("%s says %q, want %q", path, got, want)
	}
}

// undo presses the button of the notice that is shown.
func (b *tab) undo() {
	b.t.Helper()
	b.click("#notices .notice button")
}

func TestLinksFollowATitleAndComeBackWithIt(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		river := program.addNote("River", "It flows.")
		trip := program.addNote("Trip", "See [[River]] and [[river|there]].")
		b.open(program.link())
		b.open(program.base + river)
		b.waitFor(".backlinks", "Trip")
		b.click(`.actions a[href$="/edit"]`)
		b.fill("#title", "Stream")
		b.click("#editor .primary")
		b.waitFor(".notice", "The links in one note follow the new title")
		b.waitFor(".backlinks", "Trip")
		program.checkContent(trip, "See [[Stream]] and [[Stream|there]].")

		b.undo()
		b.waitFor(".notice", "Done.")
		program.checkContent(trip, "See [[River]] and [[river|there]].")
		b.open(program.base + river)
		b.waitFor("h1", "River")
		b.waitFor(".backlinks", "Trip")
		b.checkHistory(program.base+trip, "See Stream and there.")
	})
}

func TestTagsAreMergedAndComeApartAgain(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		tea := program.addNote("Green", "#tea with nothing")
		coffee := program.addNote("Black", "#coffee and #coffee/filter")
		b.open(program.link())
		b.click(`nav a[href$="/tags"]`)
		b.click(`.rename[aria-label="Rename #coffee"]`)
		b.fill("#to", "tea")
		b.click(".rename-form button")
		b.waitFor(".merge", "exists already")
		program.checkContent(coffee, "#coffee and #coffee/filter")
		b.click(".merge button")
		b.waitFor(".notice", "Renamed #coffee to #tea: one note.")
		b.waitFor("#tag-tree", "2 notes")
		b.waitFor("#tag-tree", "filter")
		program.checkContent(coffee, "#tea and #tea/filter")

		b.undo()
		b.waitFor(".notice", "Done.")
		b.waitFor("#tag-tree", "coffee")
		program.checkContent(coffee, "#coffee and #coffee/filter")
		program.checkContent(tea, "#tea with nothing")
	})
}

func TestManyNotesAreArchivedAndBroughtBack(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		for _, title := range []string{"One", "Two", "Three"} {
			program.addNote(title, "")
		}
		b.open(program.link())
		b.click(".select")
		b.click(".card:nth-child(1) label")
		b.click(".card:nth-child(3) input")
		if !b.plain {
			b.waitFor(".chosen", "2 chosen")
		}
		b.click(`#bulk [value="archive"]`)
		b.waitFor(".notice", "Archived: 2 notes.")
		b.waitFor(".card:only-child", "Two")
		b.undo()
		b.waitFor(".notice", "Done.")
		b.wait(`document.querySelectorAll(".card").length === 3`)
	})
}

func TestNotesThatHaveChangedSinceStayAsTheyAreWhenAnActionIsUndone(t *testing.T) {
	program := start(t)
	program.addNote("One", "")
	two := program.addNote("Two", "")
	b := newTab(t)
	b.open(program.link())
	b.click(".select")
	b.click(".all")
	b.waitFor(".chosen", "2 chosen")
	b.fill("#bulk-tag", "later")
	b.click(`#bulk [value="tag"]`)
	b.waitFor(".notice", "Tagged: 2 notes.")
	program.changeNote(two, draft{"Two", "changed since"})
	b.undo()
	b.waitFor(".notice", "one note has been changed since")
	b.wait(`document.querySelectorAll(".card .chips").length === 1`)
	b.waitFor(".card:has(.chips)", "Two")
	program.checkContent(two, "changed since")
}

func TestPinsAndTheArchiveAreUndoneFromAList(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		program.addNote("Plan", "")
		b.open(program.link())
		eval[bool](b, "window.samePage = true")
		const button = `.card form[action$="/%s"] button`
		press := func(action string) { b.click(strings.Replace(button, "%s", action, 1)) }

		press("pin")
		b.waitFor(".card .pin", "Pinned")
		if b.plain {
			b.waitFor(".notice", "The note is pinned.")
			b.undo()
			b.waitFor(".notice", "The pin is off.")
		} else {
			b.wait(`document.activeElement.matches(".card [aria-label=Unpin]")`)
			b.waitFor("#announcer", "The note is pinned.")
			press("unpin")
			b.wait(`document.activeElement.matches(".card [aria-label=Pin]")`)
		}
		b.waitGone(".card .pin")

		press("archive")
		if b.plain {
			b.waitFor(".notice", "The note is in the archive.")
			b.waitGone(".card")
			b.undo()
			b.waitFor(".notice", "back from the archive")
		} else {
			b.waitFor(".gone", "is in the archive")
			b.wait(`document.activeElement.textContent === "Undo"`)
			b.do(enter)
			b.wait(`document.activeElement.closest(".card") !== null`)
			b.wait("window.samePage")
		}
		b.waitFor(cardLink, "Plan")
		b.waitGone(".gone")
	})
}

func TestWhatIsDoneWithANoteIsUndoneFromItsPage(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.base + program.addNote("Plan", "its text")
		b.open(program.link())
		press := func(action string) { b.click(`.actions form[action$="/` + action + `"] button`) }

		b.open(note)
		press("pin")
		b.waitFor(".notice", "The note is pinned.")
		b.waitFor(".note .pin", "Pinned")
		b.undo()
		b.waitFor(".notice", "The pin is off.")
		b.waitGone(".note .pin")

		press("archive")
		b.waitFor(".notice", "The note is in the archive.")
		b.waitFor(".note .meta", "Archived")
		press("trash") // and from the trash it comes back to where it was
		b.waitFor(".notice", "The note is in the trash.")
		b.undo()
		b.waitFor(".notice", "The note is back from the trash.")
		b.open(program.base + "/notes?view=archived")
		b.waitFor(cardLink, "Plan")
		b.click(cardLink)
		press("unarchive")
		b.waitFor(".notice", "back from the archive")
		b.waitGone(`.actions form[action$="/unarchive"]`)
		b.waitFor(".note .prose", "its text")
	})
}

func TestTheHistoryShowsWhatWasChangedAndBringsItBack(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.addNote("Plan", "Call Ada on Monday.\n\nThen wait.")
		program.changeNote(note, draft{"Plan", "Call Bob on Monday.\n\nThen wait."})
		program.changeNote(note, draft{"Better plan", "Call Bob on Monday.\n\nThen wait.\n\nThen go."})
		b.open(program.link())
		b.open(program.base + note)
		b.click(`.actions a[href$="/history"]`)
		b.waitFor(".history .now", "now")
		b.click(".history summary") // all was saved within a few minutes
		b.click(".history li li:first-child a")
		b.waitFor("h1", "As it was")
		b.waitFor(".diff del", "Ada")
		b.waitFor(".diff ins", "Bob")
		b.waitFor(".hint", "one word added, one word removed")
		b.click(`.switch a[href$="view=text"]`)
		b.waitFor(".prose", "Call Bob on Monday.")
		b.waitFor(".revision-heading", "Plan")
		b.click(".actions form button")

		b.waitFor(".notice", "The note says again what it said then.")
		b.waitFor("h1", "Plan")
		program.checkContent(note, "Call Bob on Monday.\n\nThen wait.")
		b.undo()
		b.waitFor("h1", "Better plan")
		program.checkContent(note, "Call Bob on Monday.\n\nThen wait.\n\nThen go.")
		if revisions := b.revisions(program.base + note); len(revisions) != 5 {
			t.Errorf("the history has %q", revisions)
		}
	})
}

func TestABoxIsTickedInTheNote(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.addNote("List", "- [ ] milk\n- [ ] bread\n\n```\n- [ ] no box\n```\n\n1. [x] tea\n")
		b.open(program.link())
		b.open(program.base + note)
		eval[bool](b, "window.samePage = true")
		b.wait(`document.querySelectorAll("[role=checkbox]").length === 3`)
		tick := func(n, state string) {
			b.click(`[role=checkbox][value="` + n + `"]`)
			b.waitFor(`[role=checkbox][value="`+n+`"][aria-checked=`+state+`]`, "")
		}
		tick("2", "true")
		program.checkContent(note, "- [ ] milk\n- [x] bread\n\n```\n- [ ] no box\n```\n\n1. [x] tea\n")
		tick("3", "false")
		tick("2", "false")
		tick("1", "true")
		program.checkContent(note, "- [x] milk\n- [ ] bread\n\n```\n- [ ] no box\n```\n\n1. [ ] tea\n")
		if !b.plain {
			b.wait("window.samePage")
			b.wait(`document.activeElement.matches('[role=checkbox][value="1"]')`)
		}

		// Somebody writes above the boxes: still the box that was meant is ticked, and what they wrote stays.
		program.changeNote(note, draft{"List", "- [ ] first of all\n\n- [x] milk\n- [ ] bread\n"})
		b.click(`[role=checkbox][value="2"]`)
		b.waitFor(".prose", "first of all")
		b.waitFor(`[role=checkbox][value="3"][aria-checked=true]`, "")
		program.checkContent(note, "- [ ] first of all\n\n- [x] milk\n- [x] bread\n")

		// Somebody changes the line of the box: it stays as it is, and it is said why.
		program.changeNote(note, draft{"List", "- [ ] first of all\n\n- [x] milk\n- [ ] butter\n"})
		b.click(`[role=checkbox][value="3"]`)
		b.waitFor("#notices", "Somebody changed the line of that box meanwhile")
		b.waitFor(".prose", "butter")
		program.checkContent(note, "- [ ] first of all\n\n- [x] milk\n- [ ] butter\n")
	})
}

func TestALinkToNoNoteMakesIt(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.base + program.addNote("Trip", "to the [[Café & the sea]]")
		b.open(program.link())
		b.open(note)
		b.click(".prose .wiki-missing")
		b.waitFor("h1", "New note")
		if title := b.value("#title"); title != "Café & the sea" {
			t.Errorf("the new note is called %q", title)
		}
		b.click("#editor .primary")
		b.waitFor(".note h1", "Café & the sea")
		b.waitFor(".backlinks", "Trip")
		b.click(".backlinks a")
		b.waitGone(".wiki-missing")
		b.click(".prose .wiki")
		b.waitFor(".note h1", "Café & the sea")
	})
}
