package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// back goes back to the page before, which has the element then. kept is whether the browser shows it as it was left.
func (b *tab) back(selector, text string) (kept bool) {
	b.t.Helper()
	eval[bool](b, "history.back(), true")
	b.waitFor(selector, text)
	b.waitUntilIdle()
	return eval[bool](b, "window.asLeft === true")
}

// leave follows a link, and marks the page that it is on.
func (b *tab) leave(link, selector, text string) {
	b.t.Helper()
	eval[bool](b, "window.asLeft = true")
	b.click(link)
	b.waitFor(selector, text)
	b.waitUntilIdle()
}

func TestBackShowsAListAsItWasLeftAndItGoesOn(t *testing.T) {
	program := start(t)
	program.addNote("Garden", "Green tea")
	program.addNote("River", "A house")
	b := newTab(t)
	b.open(program.link())
	b.fill("#capture-content", "typed before")
	b.kept("#capture")
	b.leave(".card:last-child h2 a", ".note h1", "Garden")
	if !b.back(".card:last-child h2", "Garden") {
		why := eval[string](b, `JSON.stringify(performance.getEntriesByType("navigation")[0].notRestoredReasons)`)
		t.Fatalf("the list is another page after Back: %s", why)
	}
	if text := b.value("#capture-content"); text != "typed before" {
		t.Errorf("the form holds %q", text)
	}
	// What a tool finds of a page that was put aside isn't what is there now, so the page clicks by itself.
	press := func(selector string) { eval[bool](b, "document.querySelector("+js(selector)+").click(), true") }
	press(`.card:last-child form[action$="/pin"] button`)
	b.wait(`document.querySelector('.card form[action$="/unpin"]') !== null`)
	press("#capture .primary")
	b.wait(`[...document.querySelectorAll(".card h2")].some((h) => h.textContent.includes("typed before"))`)
	b.waitUntilIdle()

	eval[bool](b, "document.querySelector('.card:last-child h2 a').click(), true")
	b.waitFor(".note h1", "")
	b.waitUntilIdle()
	if !b.back(".card:last-child h2", "") { // what it has changed itself, it shows
		t.Error("the list is another page after it has changed something")
	}
}

func TestAListLoadedAgainKeepsWhatWasLoadedAndThePlace(t *testing.T) {
	program := start(t)
	for i := range 70 {
		program.addNote(fmt.Sprintf("Note %02d", i), "")
	}
	b := newTab(t)
	b.open(program.link())
	b.wait(`scrollTo(0, document.body.scrollHeight), document.querySelectorAll(".card").length >= 60`)
	b.waitUntilIdle()
	b.wait(`location.search === "?pages=3" || location.search === "?pages=4"`)
	eval[bool](b, "window.asLeft = true, location.reload(), true")
	b.wait(`!window.asLeft && document.readyState === "complete" && document.querySelectorAll(".card").length >= 60`)
	eval[bool](b, `document.querySelectorAll(".card")[45].scrollIntoView({ block: "center", behavior: "instant" }), true`)
	shown := `(() => { const { top } = document.querySelectorAll(".card")[45]?.getBoundingClientRect() ?? {}; return top > 0 && top < innerHeight; })()`
	b.wait(shown)

	eval[bool](b, `addEventListener("unload", () => {}), window.asLeft = true`) // the browser doesn't keep such a page
	eval[bool](b, `document.querySelectorAll(".card h2 a")[45].click(), true`)
	b.waitFor(".note h1", "Note 24")
	b.waitUntilIdle()
	if b.back(".card", "Note 24") {
		t.Error("the browser has kept the page, so that nothing is told of loading it again")
	}
	b.wait(shown)
}

func TestBackShowsNothingThatHasBeenChangedSince(t *testing.T) {
	program := start(t)
	url := program.base + program.addNote("Garden", "Green tea")
	program.addNote("River", "A house")
	b := newTab(t)
	b.open(program.link())

	b.leave(".card:last-child h2 a", ".note h1", "Garden")
	b.leave(`a[href$="/edit"]`, "h1", "Edit note")
	b.fill("#content", "Black tea")
	b.click("#editor .primary")
	b.waitFor(".prose", "Black tea")
	b.waitUntilIdle()
	if b.back("h1", "Edit note"); b.value("#content") != "Black tea" {
		t.Errorf("the form holds %q", b.value("#content"))
	}
	b.back(".prose", "Black tea")
	b.back(".card:first-child .excerpt", "Black tea")

	b.leave(".card:first-child h2 a", ".note h1", "Garden")
	other := b.another()
	other.open(url + "/edit")
	other.fill("#content", "Chamomile")
	other.click("#editor .primary")
	other.waitFor(".prose", "Chamomile")
	b.back(".card:first-child .excerpt", "Chamomile")
}

func TestBackKeepsWhatIsTyped(t *testing.T) {
	program := start(t)
	url := program.base + program.addNote("Garden", "Green tea")
	b := newTab(t)
	b.open(program.link())
	b.open(url + "/edit")
	b.fill("#content", "Black tea")
	b.kept("#editor")
	b.leave(".brand", ".card h2", "Garden")
	b.click(`.card form[action$="/pin"] button`)
	b.wait(`document.querySelector('.card form[action$="/unpin"]') !== null`)
	b.waitUntilIdle()
	eval[bool](b, "history.back(), true")
	b.waitFor("h1", "Edit note")
	b.waitUntilIdle()
	if typed := eval[string](b, `document.querySelector("main").textContent + (document.querySelector("#content")?.value ?? "")`); !strings.Contains(typed, "Black tea") {
		t.Errorf("the page has lost what was typed: %q", typed)
	}
}

// signOut signs out, and says so when asked.
func (b *tab) signOut() {
	b.t.Helper()
	b.click(`.colophon form[action$="/logout"] button`)
	b.waitFor("h1", "Sign out?")
	b.click(".signing-out button")
}

func TestBackShowsNothingAfterSigningOut(t *testing.T) {
	program := start(t)
	program.addNote("Garden", "Green tea")
	b := newTab(t)
	b.open(program.link())
	b.leave(".card h2 a", ".note h1", "Garden")
	b.signOut()
	b.waitFor("h1", "Sign in")
	b.waitUntilIdle()
	for range 2 {
		eval[bool](b, "window.asLeft = true; history.back(), true")
		b.wait(`!window.asLeft && document.querySelector("h1")?.textContent.includes("Sign in")`)
		b.waitUntilIdle()
	}
}
