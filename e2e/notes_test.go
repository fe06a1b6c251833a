package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// What the card of the only note in the list offers.
const (
	cardLink   = ".card h2 a"
	cardDelete = `.card form[action$="/trash"] button`
)

func TestANoteIsWrittenEditedDeletedAndBroughtBackWithoutAPageLoad(t *testing.T) {
	eachBackend(t, func(t *testing.T, settings []string) {
		installed := install(t, settings...)
		program := installed.start()
		b := newTab(t)
		b.open(program.link())
		eval[bool](b, "window.samePage = true")

		b.fill("#capture-content", "Shopping\nmilk and **bread**")
		b.do(ctrlEnter)
		b.waitFor(cardLink, "Shopping")
		b.waitFor(".card .excerpt", "milk and bread")
		b.waitFor(".card time", "just now")
		b.wait(`/20\d\d/.test(document.querySelector(".card time").title)`)
		b.wait(`document.activeElement.id === "capture-content"`)
		if typed := b.value("#capture-content"); typed != "" {
			t.Errorf("after a note is added, the box still holds %q", typed)
		}
		b.wait("window.samePage")

		b.click(cardLink)
		b.waitFor(".prose strong", "bread")
		b.click(`.note a[href$="/edit"]`)
		b.waitFor("#content", "milk and **bread**")
		b.fill("#title", "Groceries")
		b.fill("#content", "cheese and *olives*")
		b.click("#editor .primary")
		b.waitFor(".note h1", "Groceries")
		b.waitFor(".prose em", "olives")

		b.click(".brand")
		b.waitFor(cardLink, "Groceries")
		b.waitFor(".card .excerpt", "cheese and olives")
		eval[bool](b, "window.samePage = true")
		b.click(cardDelete)
		b.waitFor(".gone", "Groceries")
		b.wait(`document.activeElement.textContent === "Undo"`)
		b.waitFor("#announcer", "moved to trash")
		b.click(".gone button")
		b.waitFor(cardLink, "Groceries")
		b.waitFor(".card .excerpt", "cheese and olives")
		b.waitGone(".gone")
		b.wait("window.samePage")

		program.stop()
		program = installed.start()
		b.open(program.link())
		if slices.Contains(settings, "DB_BACKEND=memory") {
			b.waitFor(".empty", "No notes yet")
			b.waitGone(".card")
		} else {
			b.waitFor(cardLink, "Groceries")
			b.waitFor(".card .excerpt", "cheese and olives")
		}
	})
}

func TestANoteIsWrittenEditedDeletedAndBroughtBackWithScriptsOff(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.withoutScripts()
	b.open(program.link())

	b.fill("#capture-content", "Shopping\nmilk and **bread**")
	b.click("#capture .primary")
	b.waitFor(".note h1", "Shopping")
	b.waitFor(".prose strong", "bread")

	b.click(`.note a[href$="/edit"]`)
	b.waitFor("#content", "milk and **bread**")
	b.fill("#title", strings.Repeat("x", 256))
	b.click("#editor .primary")
	b.waitFor("[role=alert]", "255")
	b.fill("#title", "Groceries")
	b.click("#editor .primary")
	b.waitFor(".note h1", "Groceries")

	b.click(".brand")
	b.waitFor(cardLink, "Groceries")
	b.waitFor(".card .excerpt", "milk and bread")
	b.click(cardDelete)
	b.waitFor(".notice", "moved to trash")
	b.waitGone(".card")
	b.click(".notice button")
	b.waitFor(".notice", "restored")
	b.waitFor(cardLink, "Groceries")
	b.waitFor(".card .excerpt", "milk and bread")

	b.click(cardDelete)
	b.waitFor(".notice", "moved to trash")
	b.click(`nav a[href$="view=trash"]`)
	b.waitFor("h1", "Trash")
	b.click(".card summary")
	b.click(".card .danger")
	b.waitFor(".notice", "deleted permanently")
	b.waitGone(".card")
}

func TestTheTrashGivesBackAndDeletesForGoodWithoutAPageLoad(t *testing.T) {
	program := start(t)
	for _, title := range []string{"Unwanted", "Regretted"} {
		program.call(http.StatusNoContent, http.MethodDelete, "/api/v1"+program.addNote(title, ""), nil, nil)
	}
	b := newTab(t)
	b.open(program.link())
	b.waitGone(".card")
	b.open(program.base + "/notes?view=trash")
	eval[bool](b, "window.samePage = true")

	b.waitFor(".card:first-child h2", "Regretted")
	b.click(`.card form[action$="/restore"] button`)
	b.waitFor(".gone", "“Regretted” restored")
	b.wait(`document.activeElement.textContent === "Open it"`)
	b.click(".card summary")
	b.click(".card .danger")
	b.waitFor(".gone", "“Unwanted” deleted permanently")
	b.waitGone(".card")
	b.wait("window.samePage")

	b.open(program.base + "/notes")
	b.waitFor(cardLink, "Regretted")
	b.open(program.base + "/notes?view=trash")
	b.waitFor(".empty", "The trash is empty")
	b.waitGone(".card")
}

func TestScrollingDownShowsEachNoteOnce(t *testing.T) {
	program := start(t)
	var want []string
	for i := range 45 {
		title := fmt.Sprintf("Note %02d", i)
		program.addNote(title, "")
		want = append([]string{title}, want...)
	}
	b := newTab(t)
	b.open(program.link())
	b.wait(`scrollTo(0, document.body.scrollHeight), document.querySelectorAll(".card").length >= 45`)
	b.waitGone(".more")
	b.waitUntilIdle()
	if got := eval[[]string](b, `[...document.querySelectorAll(".card h2 a")].map((a) => a.textContent)`); !slices.Equal(got, want) {
		t.Errorf("the list shows\n%q\nwant\n%q", got, want)
	}
	b.wait(`location.search === "?pages=3"`)
}

func TestWithScriptsOffTheMoreLinkLeadsThroughAllNotes(t *testing.T) {
	program := start(t)
	for i := range 45 {
		program.addNote(fmt.Sprintf("Note %02d", i), "")
	}
	b := newTab(t)
	b.withoutScripts()
	b.open(program.link())
	seen := map[string]int{}
	for pages := 1; ; pages++ {
		titles := eval[[]string](b, `[...document.querySelectorAll(".card h2 a")].map((a) => a.textContent)`)
		for _, title := range titles {
			seen[title]++
		}
		if !eval[bool](b, `document.querySelector(".more") !== null`) {
			break
		}
		if pages == 45 {
			t.Fatal("there is always more")
		}
		b.click(".more a")
		b.wait(fmt.Sprintf(`document.readyState === "complete" && document.querySelector(".card h2 a").textContent !== %s`, js(titles[0])))
	}
	for title, times := range seen {
		if times != 1 {
			t.Errorf("%s is shown %d times", title, times)
		}
	}
	if len(seen) != 45 {
		t.Errorf("%d notes are shown, want 45", len(seen))
	}
}

func TestWhatIsWrongIsSaidInPlaceAndWhatWasTypedIsKept(t *testing.T) {
	tooLong := strings.Repeat("x", 256<<10+1)
	program := start(t)
	b := newTab(t)
	b.open(program.link())

	for _, typed := range []string{" \n ", tooLong} {
		eval[bool](b, "window.samePage = true")
		b.paste("#capture-content", typed)
		b.do(ctrlEnter)
		b.wait(`document.activeElement.matches("#capture-content[aria-invalid]")`)
		b.wait(`document.querySelector("#capture-error").textContent.trim() !== ""`)
		if b.value("#capture-content") != typed {
			t.Error("what was typed isn't in the box any more")
		}
		b.wait("window.samePage")
		b.waitGone(".card")
	}

	b = b.another()
	b.open(program.base + "/notes/new")
	eval[bool](b, "window.samePage = true")
	title := strings.Repeat("t", 256)
	b.paste("#title", title)
	b.paste("#content", "the text")
	b.click("#editor .primary")
	b.waitFor("#title-error", "255")
	b.wait(`document.activeElement.matches("[role=alert]")`)
	if b.value("#title") != title || b.value("#content") != "the text" {
		t.Error("what was typed isn't in the form any more")
	}
	b.wait("window.samePage")
	b.fill("#title", "Shorter")
	b.click("#editor .primary")
	b.waitFor(".note h1", "Shorter")
}

func TestTheKeyboardAloneIsEnough(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())

	b.do(tabKey)
	b.wait(`document.activeElement.matches(".skip")`)
	b.do(enter)
	b.wait(`document.activeElement.id === "main"`)
	b.moveTo("#capture-content", tabKey)
	b.do(chromedp.KeyEvent("By keyboard"), ctrlEnter)
	b.waitFor(cardLink, "By keyboard")
	b.wait(`document.activeElement.id === "capture-content" && document.activeElement.value === ""`)

	b.moveTo(cardDelete, tabKey)
	b.do(enter)
	b.waitFor(".gone", "By keyboard")
	b.wait(`document.activeElement.textContent === "Undo"`)
	b.do(enter)
	b.waitFor(cardLink, "By keyboard")
	b.wait(`document.activeElement.closest(".card") !== null`)

	b.moveTo(`a[href$="/notes/new"]`, shiftTab)
	b.do(enter)
	b.waitFor("h1", "New note")
	b.wait(`document.activeElement.id === "title" && !document.querySelector(".scripted").hidden`)
	b.do(chromedp.KeyEvent("From the form"), ctrlEnter)
	b.waitFor(".note h1", "From the form")
	b.moveTo(`a[href$="/edit"]`, tabKey)
	b.do(enter)
	b.waitFor("h1", "Edit note")
}

// moveTo presses key until the element that matches selector has the focus, which each stop on the way must show: by an
// outline, or by what its card or form looks like.
func (b *tab) moveTo(selector string, key chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	for range 30 {
		const looks = `(e) => ((s) => s.outline + s.boxShadow + s.borderColor)(getComputedStyle(e))`
		before := eval[[]string](b, fmt.Sprintf(`window.parts = [...document.querySelectorAll("a, button, summary, input, textarea, .card, form")], parts.map(%s)`, looks))
		b.do(key)
		after := eval[[]string](b, fmt.Sprintf("parts.map(%s)", looks))
		if slices.Equal(before, after) {
			b.t.Errorf("%s has the focus and doesn't show it", eval[string](b, "document.activeElement.outerHTML"))
		}
		if eval[bool](b, fmt.Sprintf("document.activeElement.matches(%s)", js(selector))) {
			return
		}
	}
	b.t.Fatalf("no key leads to %s", selector)
}

func TestWithoutTheServerNothingTypedIsLost(t *testing.T) {
	installed := install(t)
	program := installed.start()
	b := newTab(t)
	b.open(program.link())
	eval[bool](b, "window.samePage = true")
	b.fill("#capture-content", "Typed on a train")
	program.stop()
	b.do(ctrlEnter)
	b.waitFor("#notices [role=alert]", "couldn’t be reached")
	if typed := b.value("#capture-content"); typed != "Typed on a train" {
		t.Errorf("the box holds %q", typed)
	}
	b.takeProblems() // that it can't be reached
	installed.configure("HTTP_ADDR=" + strings.TrimPrefix(program.base, "http://"))
	installed.start()
	b.do(ctrlEnter)
	b.waitFor(cardLink, "Typed on a train")
	b.waitGone("#notices [role=alert]")
	b.wait("window.samePage")
}

func TestSentTwiceOnASlowNetworkANoteIsStoredOnce(t *testing.T) {
	program := start(t)
	b := newTab(t)
	b.open(program.link())
	b.hold("*/notes")
	b.fill("#capture-content", "Once")
	b.do(ctrlEnter, ctrlEnter)
	b.click("#capture .primary")
	b.release()
	b.waitFor(cardLink, "Once")
	b.waitUntilIdle()

	var notes []stored
	program.call(http.StatusOK, http.MethodGet, "/api/v1/notes", nil, &notes)
	if len(notes) != 1 {
		t.Errorf("%d notes are stored, want 1", len(notes))
	}
}
