package e2e

import (
	"fmt"
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

// awaitContent waits until the note whose page has the path says what it is to: the page shows a tick before it is stored.
func (s *process) awaitContent(path, want string) {
	s.t.Helper()
	eventually(s.t, path+" says "+want, func() bool { return s.content(path) == want })
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
		b.waitFor(".notice", "Links in 1 note now use the new title")
		b.waitFor(".backlinks", "Trip")
		program.checkContent(trip, "See [[Stream]] and [[Stream|there]].")

		b.undo()
		b.waitFor(".notice", "Undone.")
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
		b.waitFor(".merge", "already exists")
		program.checkContent(coffee, "#coffee and #coffee/filter")
		b.click(".merge button")
		b.waitFor(".notice", "Renamed #coffee to #tea in 1 note.")
		b.waitFor("#tag-tree", "2 notes")
		b.waitFor("#tag-tree", "filter")
		program.checkContent(coffee, "#tea and #tea/filter")

		b.undo()
		b.waitFor(".notice", "Undone.")
		b.waitFor("#tag-tree", "coffee")
		program.checkContent(coffee, "#coffee and #coffee/filter")
		program.checkContent(tea, "#tea with nothing")
	})
}

func TestATagIsDeletedAndComesBack(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		note := program.addNote("Green", "#tea and #tea/green")
		b.open(program.link())
		b.click(`nav a[href$="/tags"]`)
		b.click(`.delete[aria-label="Delete #tea"]`)
		b.waitFor("main .chips", "#tea/green")
		b.focus("main .danger")
		b.do(enter)
		b.waitFor(".notice", "Removed #tea from 1 note.")
		program.checkContent(note, "tea and tea/green")
		b.undo()
		b.waitFor("#tag-tree", "tea")
		program.checkContent(note, "#tea and #tea/green")
	})
}

func TestAllThatASearchFindsIsChangedBeyondThePage(t *testing.T) {
	withAndWithoutScripts(t, func(t *testing.T, b *tab) {
		program := start(t)
		for i := range 24 {
			program.addNote(fmt.Sprint("River ", i), "")
		}
		b.open(program.link())
		b.open(program.base + "/search?q=river")
		b.click(".select")
		b.click(".all")
		b.waitFor(".every", "Select all 24 notes found")
		b.click(".every a")
		b.waitFor(".every", "All 24 notes found are selected.")
		b.fill("#bulk-tag", "water")
		b.click(`#bulk [value="tag"]`)
		b.waitFor(".notice", "24 notes tagged.")
		b.waitFor(".hit .chips", "#water")
		b.undo()
		b.waitFor(".notice", "Undone.")
		b.waitGone(".hit .chips")
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
			b.waitFor(".chosen", "2 selected")
		}
		b.click(`#bulk [value="archive"]`)
		b.waitFor(".notice", "2 notes archived.")
		b.waitFor(".card:only-child", "Two")
		b.undo()
		b.waitFor(".notice", "Undone.")
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
	b.waitFor(".chosen", "2 selected")
	b.fill("#bulk-tag", "later")
	b.click(`#bulk [value="tag"]`)
	b.waitFor(".notice", "2 notes tagged.")
	program.changeNote(two, draft{"Two", "changed since"})
	b.undo()
	b.waitFor(".notice", "1 note that has been changed since")
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
			b.waitFor(".notice", "Note pinned.")
			b.undo()
			b.waitFor(".notice", "Note unpinned.")
		} else {
			b.wait(`document.activeElement.matches(".card [aria-label=Unpin]")`)
			b.waitFor("#announcer", "Note pinned.")
			press("unpin")
			b.wait(`document.activeElement.matches(".card [aria-label=Pin]")`)
		}
		b.waitGone(".card .pin")

		press("archive")
		if b.plain {
			b.waitFor(".notice", "Note archived.")
			b.waitGone(".card")
			b.undo()
			b.waitFor(".notice", "moved out of the archive")
		} else {
			b.waitFor(".gone", "archived.")
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
		b.waitFor(".notice", "Note pinned.")
		b.waitFor(".note .pin", "Pinned")
		b.undo()
		b.waitFor(".notice", "Note unpinned.")
		b.waitGone(".note .pin")

		press("archive")
		b.waitFor(".notice", "Note archived.")
		b.waitFor(".note .meta", "Archived")
		press("trash") // and from the trash it comes back to where it was
		b.waitFor(".notice", "Note moved to trash.")
		b.undo()
		b.waitFor(".notice", "Note restored.")
		b.open(program.base + "/notes?view=archived")
		b.waitFor(cardLink, "Plan")
		b.click(cardLink)
		press("unarchive")
		b.waitFor(".notice", "moved out of the archive")
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
		b.waitFor(".history .now", "current")
		b.click(".history summary") // all was saved within a few minutes
		b.click(".history li li:first-child a")
		b.waitFor("h1", "Earlier version")
		b.waitFor(".diff del", "Ada")
		b.waitFor(".diff ins", "Bob")
		b.waitFor(".hint", "1 word added, 1 word removed")
		b.click(`.switch a[href$="view=text"]`)
		b.waitFor(".prose", "Call Bob on Monday.")
		b.waitFor(".revision-heading", "Plan")
		b.click(".actions form button")

		b.waitFor(".notice", "Version restored.")
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
		program.awaitContent(note, "- [ ] milk\n- [x] bread\n\n```\n- [ ] no box\n```\n\n1. [x] tea\n")
		tick("3", "false")
		tick("2", "false")
		tick("1", "true")
		program.awaitContent(note, "- [x] milk\n- [ ] bread\n\n```\n- [ ] no box\n```\n\n1. [ ] tea\n")
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
		b.waitFor("#notices", "Someone else changed that line")
		b.waitFor(".prose", "butter")
		program.checkContent(note, "- [ ] first of all\n\n- [x] milk\n- [ ] butter\n")
	})
}

func TestATickShowsBeforeTheAnswer(t *testing.T) {
	program := start(t)
	note := program.addNote("List", "- [ ] milk\n- [x] bread\n- [ ] tea\n")
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + note)
	shows := func(milk, bread, tea bool) {
		t.Helper()
		b.wait(`JSON.stringify([...document.querySelectorAll("[role=checkbox]")].map((box) => box.ariaChecked === "true")) === ` +
			js(js([]bool{milk, bread, tea})))
	}
	shows(false, true, false)

	// Boxes pressed one after the other all show it, while none of the answers is there.
	b.hold("*/tasks*")
	b.click(`[role=checkbox][value="1"]`)
	shows(true, true, false)
	b.click(`[role=checkbox][value="2"]`)
	shows(true, false, false)
	program.checkContent(note, "- [ ] milk\n- [x] bread\n- [ ] tea\n")
	b.release()
	program.awaitContent(note, "- [x] milk\n- [ ] bread\n- [ ] tea\n")
	b.waitUntilIdle()
	shows(true, false, false)

	// What couldn't be stored goes back, and it is said why.
	again := program.offline()
	b.click(`[role=checkbox][value="3"]`)
	b.waitFor("#notices", "Couldn’t reach the server")
	shows(true, false, false)
	b.takeProblems() // that it can't be reached
	program = again()
	b.click(`[role=checkbox][value="3"]`)
	shows(true, false, true)
	program.awaitContent(note, "- [x] milk\n- [ ] bread\n- [x] tea\n")
}

func TestBoxesToTickAreAsLargeAsTheirLineAllows(t *testing.T) {
	program := start(t)
	note := program.addNote("List", "- [ ] milk\n- [ ] bread\n  - [ ] white\n- [ ] tea\n")
	b := newTab(t)
	b.open(program.link())
	b.open(program.base + note)
	// From the top to the bottom of each line, and 44 px wide, a press reaches the box of that line and no other.
	wrong := eval[[]string](b, `[...document.querySelectorAll("[role=checkbox]")].flatMap((box) => {
		const { left, right, top, bottom } = box.getBoundingClientRect();
		const height = parseFloat(getComputedStyle(box.parentElement).lineHeight);
		const middle = (top + bottom) / 2;
		const end = right + 0.45 * parseFloat(getComputedStyle(box).fontSize);
		const wrong = [];
		for (const y of [middle - height / 2 + 1, middle, middle + height / 2 - 1])
			for (const x of [end - 43, left, end - 2])
				if (document.elementFromPoint(x, y) !== box) wrong.push(box.value + " at " + (x - left) + ", " + (y - top));
		return wrong;
	})`)
	if len(wrong) > 0 {
		t.Errorf("not reached: %q", wrong)
	}
}

func TestCodeIsCopied(t *testing.T) {
	program := start(t)
	note := program.addNote("Code", "- [ ] run it\n\n```sh\necho 'one'\necho \"two\"\n```\n")
	b := newTab(t)
	b.open(program.link())
	for way, before := range map[string]string{
		"as in a secure page": "", "as in a page over plain HTTP": `Object.defineProperty(navigator, "clipboard", { value: undefined })`,
	} {
		b.open(program.base + note)
		b.waitFor(".prose .copy", "Copy")
		eval[bool](b, before+`; window.copied = ""; document.addEventListener("copy", () => (copied = String(getSelection())));
			if (navigator.clipboard) navigator.clipboard.writeText = async (text) => (copied = text); true`)
		b.click("[role=checkbox]") // the note that comes has no button: it gets one
		b.waitUntilIdle()
		b.wait(`document.querySelectorAll(".prose .copy").length === 1`)
		b.focus(".prose .copy")
		b.do(enter)
		b.waitFor(".prose .copy", "Copied")
		b.wait(`document.querySelector("#announcer").textContent === "Copied"`)
		if got := strings.TrimSuffix(eval[string](b, "copied"), "\n"); got != "echo 'one'\necho \"two\"" {
			t.Errorf("%s: copied %q", way, got)
		}
		if over := eval[bool](b, `document.querySelector(".copy").getBoundingClientRect().bottom >
			document.querySelector("pre > code").getBoundingClientRect().top + 1`); over {
			t.Errorf("%s: the button covers the code", way)
		}
	}
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
